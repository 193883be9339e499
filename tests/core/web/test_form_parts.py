"""What the form macros are told of a field."""

import pytest
from werkzeug.datastructures import MultiDict
from wtforms import FieldList, Form, FormField, StringField
from wtforms.validators import InputRequired

from core.web.form_parts import error_lines, field_attributes, field_kind
from tests.browser.gallery.app import SampleForm


class Address(Form):
    street = StringField("Street", [InputRequired("Write the street.")])


class Household(Form):
    name = StringField("Name", [InputRequired("Write a name.")])
    address = FormField(Address, "Address")
    members = FieldList(StringField("Member", [InputRequired("Write who.")]), "Members", min_entries=1)


@pytest.fixture
def form(client):
    with client.application.test_request_context(method="POST"):
        sample = SampleForm()
        sample.validate()
        yield sample


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("surname", "control"),
        ("gender", "control"),
        ("known", "group"),
        ("ways", "group"),
        ("agreed", "check"),
        ("phones", "fields"),
        ("step", "hidden"),
    ],
)
def test_each_field_is_drawn_by_its_kind(form, name, kind):
    assert field_kind(form[name]) == kind


def test_a_control_names_its_help_and_its_error(form):
    attributes = field_attributes(form.born_on, {"autocomplete": "bday"})

    assert attributes["aria-describedby"] == "born_on-help born_on-error"
    assert attributes["aria-invalid"] == "true"
    assert attributes["autocomplete"] == "bday"
    assert attributes["type"] == "text"


def test_a_right_control_without_help_names_nothing(form):
    assert field_attributes(form.notes, {}) == {"class": "form-control"}


def test_the_summary_leads_to_the_first_box_of_a_group(form):
    anchors = [line.anchor for line in error_lines(form)]

    assert [name for name in anchors if name] == ["surname", "born_on", "gender", "known-0", "agreed"]


def test_the_summary_follows_the_page_into_fields_within_fields():
    household = Household(MultiDict({"name": "", "address-street": "", "members-0": ""}))
    household.validate()
    household.form_errors.append("Nobody lives there.")

    lines = [(line.anchor, line.message) for line in error_lines(household)]

    assert lines == [
        ("", "Nobody lives there."),
        ("name", "Write a name."),
        ("address-street", "Write the street."),
        ("members-0", "Write who."),
    ]
