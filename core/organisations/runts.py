"""Which sections of the third-sector register an organisation may stand in (art. 46 CTS)."""

from core.language import _
from core.organisations.models import LegalType, RuntsSection
from core.refusals import Refusal

OWN_SECTION = {
    LegalType.ODV: RuntsSection.A,
    LegalType.APS: RuntsSection.B,
    LegalType.PHILANTHROPIC: RuntsSection.C,
    LegalType.SOCIAL_COOPERATIVE_A: RuntsSection.D,
    LegalType.SOCIAL_COOPERATIVE_B: RuntsSection.D,
    LegalType.SOCIAL_COOPERATIVE_AB: RuntsSection.D,
    LegalType.SOCIAL_ENTERPRISE: RuntsSection.D,
    LegalType.ASSOCIATIVE_NETWORK: RuntsSection.E,
    LegalType.MUTUAL_AID_SOCIETY: RuntsSection.F,
    LegalType.OTHER_ETS: RuntsSection.G,
}

# Of the bodies outside the list above, only a religious one has a third-sector branch (art. 4 c. 3 CTS).
WITH_A_BRANCH = {LegalType.PARISH}


def check_sections(legal_type: LegalType, section: RuntsSection | None, second: RuntsSection | None) -> None:
    """Refuse sections that the type cannot have: one, or two when one of them is that of the networks."""
    if section is None:
        if second is not None:
            raise Refusal(_("Write the first RUNTS section before the second."), field="runts_second_section")
        return
    if legal_type not in OWN_SECTION and legal_type not in WITH_A_BRANCH:
        raise Refusal(
            _("An organisation of type “%(type)s” does not stand in the RUNTS.", type=legal_type.label),
            field="runts_section",
        )
    _check_second(section, second)
    own = OWN_SECTION.get(legal_type)
    if own is not None and own not in {section, second}:
        raise Refusal(
            _("“%(type)s” stands in section %(section)s.", type=legal_type.label, section=own.value),
            field="runts_section",
        )


def _check_second(section: RuntsSection, second: RuntsSection | None) -> None:
    if second is None:
        return
    if second is section:
        raise Refusal(_("The two RUNTS sections are the same."), field="runts_second_section")
    if RuntsSection.E not in {section, second}:
        raise Refusal(
            _("An organisation stands in one RUNTS section; only a network (section e) has a second one."),
            field="runts_second_section",
        )
