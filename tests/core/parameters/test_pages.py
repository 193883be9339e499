"""A parameter's value is read and shown as people write it, and kept as exact text."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from core.parameters import declaration
from core.parameters.declaration import ParameterKind, declare
from core.parameters.forms import ParameterForm
from core.parameters.models import PartnerParameter
from core.parameters.plugin import resources, role_presets
from core.resource.collections import Collections
from core.resource.forms import open_form

KINDS = [
    ParameterKind("test.share", "Share", "percent"),
    ParameterKind("test.patron", "Patron saint", "date"),
    ParameterKind("test.months", "Months", "integer"),
]


@pytest.fixture(autouse=True)
def declared_kinds(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(declaration, "_declared", {})
    declare(KINDS)


def sent(**given: str) -> Any:
    written = {"key": "test.share", "value": "2,5", "valid_from": "01/01/2026", "source": "DGC 12/2026"} | given
    return open_form(ParameterForm, None, None, formdata=written)


@pytest.mark.parametrize(
    ("key", "value", "exact"),
    [("test.share", "2,5", "2.5"), ("test.patron", "24/04/2026", "2026-04-24"), ("test.months", "3", "3")],
)
def test_values_are_read_as_their_parameter_is_written(key: str, value: str, exact: str) -> None:
    form = sent(key=key, value=value)

    assert form.validate(), form.errors
    assert form.values()["value"] == exact
    assert form.values()["valid_from"] == date(2026, 1, 1)


@pytest.mark.parametrize(
    ("wrong", "field"),
    [({"key": ""}, "key"), ({"key": "test.other"}, "key"), ({"value": "molto"}, "value"), ({"source": ""}, "source")],
)
def test_what_cannot_be_read_is_said_beside_its_field(wrong: dict[str, str], field: str) -> None:
    form = sent(**wrong)

    assert not form.validate()
    assert field in form.errors


def test_a_kept_value_is_shown_as_people_write_it() -> None:
    kept = PartnerParameter(key="test.share", value="2.5", valid_from=date(2026, 1, 1), source="DGC 12/2026")

    form = open_form(ParameterForm, None, None, record=kept)

    assert form.value.data == kept.stated == "2,5"
    assert Decimal(kept.value) == Decimal("2.5")


def test_a_parameter_that_nobody_declares_shows_its_key() -> None:
    orphan = PartnerParameter(key="gone.rate", value="7")

    assert (orphan.label, orphan.stated) == ("gone.rate", "7")


def test_the_declarations_name_columns_that_exist() -> None:
    book = Collections()
    book.add("", resources())
    known = {permission.key for collection in book for permission in collection.permissions()}

    given = {key for keys in role_presets().values() for key in keys if not key.endswith("*")}
    assert given <= known
