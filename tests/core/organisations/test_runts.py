"""Sections of the third-sector register: one each, two for networks (R-RUNTS)."""

import pytest

from core.organisations.models import LegalType, RuntsSection
from core.organisations.runts import check_sections
from core.refusals import Refusal

A, B, D, E, G = RuntsSection.A, RuntsSection.B, RuntsSection.D, RuntsSection.E, RuntsSection.G


@pytest.mark.parametrize(
    ("legal_type", "section", "second"),
    [
        (LegalType.ODV, A, None),
        (LegalType.APS, B, E),
        (LegalType.ASSOCIATIVE_NETWORK, E, None),
        (LegalType.ASSOCIATIVE_NETWORK, B, E),
        (LegalType.SOCIAL_COOPERATIVE_B, D, None),
        (LegalType.PARISH, G, None),
        (LegalType.BANK, None, None),
    ],
)
def test_sections_that_the_law_allows(
    legal_type: LegalType, section: RuntsSection | None, second: RuntsSection | None
) -> None:
    check_sections(legal_type, section, second)


@pytest.mark.parametrize(
    ("legal_type", "section", "second", "field"),
    [
        (LegalType.ODV, A, B, "runts_second_section"),
        (LegalType.ODV, B, None, "runts_section"),
        (LegalType.ASSOCIATIVE_NETWORK, E, E, "runts_second_section"),
        (LegalType.APS, None, B, "runts_second_section"),
        (LegalType.MUNICIPALITY, G, None, "runts_section"),
        (LegalType.INFORMAL_GROUP, G, None, "runts_section"),
    ],
)
def test_sections_that_it_does_not(
    legal_type: LegalType, section: RuntsSection | None, second: RuntsSection | None, field: str
) -> None:
    with pytest.raises(Refusal) as refused:
        check_sections(legal_type, section, second)

    assert refused.value.field == field
