"""Addresses are built as ever, only later."""

import pytest
from flask import Flask, url_for
from werkzeug.routing import BuildError

from core.web.routes import LateRule


@pytest.fixture
def app():
    made = Flask("late")
    made.url_rule_class = LateRule
    made.add_url_rule("/homes/<uuid:key>/rooms/<int:room>", "room", lambda key, room: f"{key} {room}")
    return made


def test_an_address_is_built_and_leads_back_to_its_view(app):
    key = "01a214d5-2703-70f3-8924-6fb15b220f6d"
    with app.test_request_context():
        address = url_for("room", key=key, room=3, sort="-name", _anchor="beds")
        again = url_for("room", key=key, room=4)

    assert address == f"/homes/{key}/rooms/3?sort=-name#beds"
    assert again == f"/homes/{key}/rooms/4"
    assert app.test_client().get(address).text == f"{key} 3"


def test_a_missing_value_is_still_an_error(app):
    with app.test_request_context(), pytest.raises(BuildError):
        url_for("room", room=3)
