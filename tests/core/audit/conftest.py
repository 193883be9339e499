"""A partner's trail of some lines, and hands that reach past the program to tamper with it."""

from dataclasses import dataclass

import pytest
from sqlalchemy import select, text

from core.audit.verifying import first_break
from core.database.scope import Scope
from core.database.session import make_engine
from core.database.trail import Change
from core.organisations.models import LegalType
from core.organisations.services import register_organisation
from core.testing.two_partners import database, neighbour, partner, settings  # noqa: F401

OPERATOR = Scope(operator=True, actor="tests", reason="tests")
TRIGGERS = ("append_only", "never_emptied", "never_deleted")


@dataclass
class Trail:
    """One partner's trail."""

    database: object
    settings: object
    partner: object

    @property
    def scope(self):
        return Scope(partner_id=self.partner, actor="Luca Neri", address="10.0.0.7")

    def lengthen(self, count):
        """Lines made as the program makes them, some in a transaction of their own."""
        for start in range(0, count, 5):
            with self.database.transaction(self.scope) as session:
                for n in range(start, min(start + 5, count)):
                    register_organisation(session, name=f"Group {n}", legal_type=next(iter(LegalType)))
        return self.lines()

    def lines(self):
        with self.database.session(OPERATOR, writes=False) as session:
            wanted = select(Change).where(Change.partner_id == self.partner).order_by(Change.sequence)
            return list(session.scalars(wanted))

    def broken_at(self, anchors=()):
        with self.database.session(OPERATOR, writes=False) as session:
            found = first_break(session, self.partner, anchors=anchors)
        return found and found.sequence

    def tamper(self, *statements, **values):
        """What whoever owns the machine can do: take the walls down, write, and put them up again."""
        engine = make_engine(self.settings.owner_database_url)
        with engine.begin() as connection:
            walls = [*_walls_down(connection)]
            for statement in statements:
                assert connection.execute(text(statement), values).rowcount > 0, statement
            for wall in walls:
                connection.execute(text(wall))
        engine.dispose()


def _walls_down(connection):
    """Take the triggers and the row-level security away; the statements that put them up again."""
    if connection.dialect.name == "sqlite":
        found = connection.execute(
            text("select name, sql from sqlite_master where type = 'trigger' and tbl_name like 'audit_%'")
        ).all()
        for name, made in found:
            connection.execute(text(f"drop trigger {name}"))
            yield made
        return
    for table in ("audit_change", "audit_told", "audit_head"):
        connection.execute(text(f"alter table {table} disable trigger user"))
        connection.execute(text(f"alter table {table} no force row level security"))
        yield f"alter table {table} enable trigger user"
        yield f"alter table {table} force row level security"


@pytest.fixture
def trail(database, settings, partner):  # noqa: F811
    return Trail(database, settings, partner)
