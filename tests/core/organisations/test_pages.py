"""What the pages of organisations are declared from stands up."""

from core.organisations.models import Organisation, OrganisationState
from core.organisations.pages import states
from core.organisations.plugin import resources, role_presets
from core.resource.collections import Collections


def test_the_declaration_names_columns_that_exist_and_derives_its_permissions() -> None:
    book = Collections()
    [bound] = book.add("", resources())
    known = {permission.key for permission in bound.permissions()}

    given = {key for keys in role_presets().values() for key in keys if not key.endswith("*")}
    assert given <= known
    assert {"organisations.activate", "organisations.cease"} <= known


def test_who_has_ceased_may_come_back() -> None:
    ceased = Organisation(state=OrganisationState.CEASED)

    assert [move.name for move in states.open_to(ceased)] == ["activate"]
