"""The trail tells what was kept, and nothing of what a savepoint undid."""

import pytest
from sqlalchemy import select

from core.database.scope import Scope
from core.database.trail import Act, Change
from core.organisations.models import LegalType, Organisation
from core.organisations.services import register_organisation
from core.partners.models import ModuleSwitch
from core.refusals import Refusal


def test_what_a_savepoint_undid_leaves_no_line_and_the_rest_does(database, partner):
    with database.transaction(Scope(partner_id=partner, actor="Luca Neri")) as session:
        kind = next(iter(LegalType))
        register_organisation(session, name="First", legal_type=kind)
        for name, kept in (("Second", False), ("Third", True), ("Fourth", False)):
            savepoint = session.begin_nested()
            made = register_organisation(session, name=name, legal_type=kind)
            made.name = f"{name} again"
            session.flush()
            savepoint.commit() if kept else savepoint.rollback()

    with database.session(Scope(partner_id=partner, actor="Luca Neri"), writes=False) as session:
        lines = session.scalars(
            select(Change).where(Change.entity == Organisation.__tablename__).order_by(Change.sequence)
        )
        told = [(line.act, line.fields["name"]) for line in lines]

    assert told == [
        (Act.CREATED, [None, "First"]),
        (Act.CREATED, [None, "Third"]),
        (Act.CHANGED, ["Third", "Third again"]),
    ]


def test_what_a_constraint_refused_leaves_the_lines_of_what_came_before(database, partner):
    with database.transaction(Scope(partner_id=partner, actor="Luca Neri")) as session:
        session.add(ModuleSwitch(key="housing", enabled=True))
        session.flush()
        savepoint = session.begin_nested()
        session.add(ModuleSwitch(key="housing", enabled=True))
        with pytest.raises(Refusal, match="just switched this module"):
            session.flush()
        savepoint.rollback()

    with database.session(Scope(partner_id=partner), writes=False) as session:
        lines = session.scalars(select(Change).where(Change.entity == ModuleSwitch.__tablename__))
        assert [line.act for line in lines] == [Act.CREATED]
