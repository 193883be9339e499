"""How long it takes to prove a long audit trail: `python -m bench.verify_trail [--lines 1000000] [--sqlite]`.

The bar is 60 s for a million lines.
"""

import argparse
import time
from uuid import UUID

from sqlalchemy import update
from uuid_utils.compat import uuid7

from core.audit.verifying import first_break
from core.config import read_settings
from core.database.field import now
from core.database.scope import Scope, ScopedSession
from core.database.session import Database
from core.database.trail import BEGINNING, Act, ChainHead, Change, Told, chained, new_told, seal
from core.partners.models import PartnerKind
from core.partners.services import register_partner
from core.plugins.loading import load
from core.testing import databases
from core.testing.two_partners import make_tables

AT_ONCE = 20_000
OPERATOR = Scope(operator=True, actor="bench", reason="bench")


def main() -> None:
    """Write the lines, walk them, say what it took."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--lines", type=int, default=1_000_000)
    parser.add_argument("--sqlite", action="store_true")
    told = parser.parse_args()
    folder = databases.new_folder()
    try:
        server = databases.shared_sqlite_folder(folder) if told.sqlite else databases.shared_cluster(folder)
        urls = server.fresh(server.template("bench", make_tables))
        settings = read_settings({"GENERAZIONI_VAR": str(folder), "GENERAZIONI_DATABASE_URL": urls.operator,
                                  "GENERAZIONI_SECRET_KEY": "x" * 32})  # fmt: skip
        load(settings)
        measure(Database(settings), told.lines)
    finally:
        databases.throw_away(folder)


def measure(database: Database, lines: int) -> None:
    """A trail of so many lines, and the time it takes to walk it."""
    partner = database.run(
        OPERATOR, lambda s: register_partner(s, code="BENCH", name="Bench", kind=PartnerKind.OTHER).id
    )
    last = BEGINNING
    for start in range(1, lines + 1, AT_ONCE):
        last = database.run(OPERATOR, lambda s, start=start, last=last: write(s, partner, start, last))  # type: ignore[misc]
    database.run(OPERATOR, lambda s: s.execute(update(ChainHead).values(sequence=lines, hash=last)))
    began, busy = time.perf_counter(), time.process_time()
    with database.session(OPERATOR, writes=False) as session:
        wrong = first_break(session, partner)
    took, worked = time.perf_counter() - began, time.process_time() - busy
    print(f"{lines} lines on {database.engine.dialect.name}: {took:.1f} s ({worked:.1f} s of work), {wrong or 'whole'}")
    database.close()


def write(session: ScopedSession, partner: UUID, start: int, last: str) -> str:
    """Lines as a busy partner's trail holds them: some fields each, values apart; the last one's hash."""
    moment, made, told = now(), [], []
    for sequence in range(start, start + AT_ONCE):
        salt, text = new_told({
            "fields": {"surname": [None, f"Bianchi {sequence}"], "birth_date": [None, "1984-07-09"],
                       "rent": ["480.00", "490.00"], "state": ["draft", "active"]},
            "reason": "",
        })  # fmt: skip
        shared = {"id": uuid7(), "partner_id": partner, "version": 1, "created_at": moment}
        told.append({**shared, "salt": salt, "text": text})
        made.append({
            **shared, "sequence": sequence, "at": moment, "actor": "Luca Neri", "user_id": partner,
            "address": "10.0.0.7", "entity": "people_person", "entity_id": uuid7(), "act": Act.CHANGED,
            "digest": seal(salt, text),
        })  # fmt: skip
    last = chained(last, made)
    session.execute(Change.__table__.insert(), made)  # type: ignore[attr-defined]
    session.execute(Told.__table__.insert(), told)  # type: ignore[attr-defined]
    return last


if __name__ == "__main__":
    main()
