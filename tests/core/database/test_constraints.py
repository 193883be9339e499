"""A constraint that has the last word says its sentence; one without a sentence is a fault of ours."""

import pytest
from sqlalchemy import update
from sqlalchemy.exc import IntegrityError

from core.access.users import register_user
from core.partners.models import ModuleSwitch
from core.refusals import Refusal


def test_a_broken_constraint_refuses_with_its_sentence_beside_the_field(session):
    session.add(ModuleSwitch(key="housing", enabled=True))
    session.flush()
    session.add(ModuleSwitch(key="housing", enabled=True))

    with pytest.raises(Refusal, match="just switched this module") as refused:
        session.flush()

    assert refused.value.field == "key"


def test_nothing_of_the_refused_flush_stays_and_the_session_goes_on(session):
    register_user(session, email="ada@example.org", name="Ada Blu")
    luca = register_user(session, email="luca@example.org", name="Luca Neri")

    inner = session.begin_nested()
    luca.email = "ada@example.org"
    with pytest.raises(Refusal, match="e-mail"):
        session.flush()
    inner.rollback()

    session.refresh(luca)
    assert luca.email == "luca@example.org"


def test_a_constraint_without_a_sentence_is_a_fault(session):
    session.add(ModuleSwitch(key=None, enabled=True))

    with pytest.raises(IntegrityError):
        session.flush()


def test_statements_of_ones_own_are_not_translated(session):
    for key in ("housing", "care"):
        session.add(ModuleSwitch(key=key, enabled=True))
    session.flush()

    with pytest.raises(IntegrityError):
        session.execute(update(ModuleSwitch).values(key="housing"))
