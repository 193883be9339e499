"""Switching housing on prepares what it needs; a second switch changes nothing."""

import pytest
from sqlalchemy import func, select

from core.config import read_settings
from core.database.field import now
from core.modules.switching import turn_on
from core.parameters.models import NetworkParameter
from core.parameters.services import integer_of
from core.partners.services import switch_off
from core.plugins.loading import load
from core.refusals import NotFound
from plugins.housing.parameters import SHIPPED


@pytest.fixture(scope="module")
def installation():
    return load(read_settings())


def test_the_laws_values_are_there_once_housing_is_on(session, installation):
    assert turn_on(session, installation, "housing")

    assert integer_of(session, "housing.answer_days", on=now().date()) == 10


def test_off_and_on_again_keeps_each_value_once(session, installation):
    turn_on(session, installation, "housing")
    assert not turn_on(session, installation, "housing")
    switch_off(session, "housing")
    turn_on(session, installation, "housing")

    assert session.scalar(select(func.count(NetworkParameter.id))) == len(SHIPPED)


def test_a_module_that_is_not_installed_is_not_switched(session, installation):
    with pytest.raises(NotFound):
        turn_on(session, installation, "games")
