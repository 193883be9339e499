"""What a resource may say of special fields."""

from dataclasses import replace

import pytest

from core.people.pages import people
from core.resource.collections import Collections, WrongDeclaration
from core.resource.declaration import Panel


@pytest.mark.parametrize(
    "changes",
    [
        {"filters": ["known_to_services"]},
        {"search": ["known_to_services"]},
        {"match": ["known_to_services"]},
        {"order": "-known_to_services"},
    ],
)
def test_a_list_that_finds_by_a_special_field_does_not_load(changes):
    with pytest.raises(WrongDeclaration, match="known_to_services is special"):
        Collections().add("", [replace(people, **changes)])


def test_a_panel_names_special_fields_and_no_others():
    with pytest.raises(WrongDeclaration, match="surname is not special"):
        Collections().add("", [replace(people, panels=[Panel("", "people/tags.html", special=("surname",))])])
