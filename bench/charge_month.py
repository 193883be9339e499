"""How long a worker takes to charge a month on many leases: `python -m bench.charge_month [--leases 10000] [--sqlite]`.

The bar is 60 s for 10,000 leases on PostgreSQL. One lease in ten has credit that the new charges use up.
"""

import argparse
import resource
import tempfile
import threading
import time
from dataclasses import replace
from datetime import date
from pathlib import Path

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core.config import read_settings
from core.database.model import metadata
from core.database.scope import Scope
from core.database.session import Database
from core.database.trail import Change
from core.events.services import deliver_events
from core.jobs.models import Job
from core.jobs.worker import Lent, Worker
from core.partners.models import PartnerKind
from core.partners.services import register_partner, switch_on
from core.plugins.loading import load
from core.testing import databases
from core.testing.two_partners import make_tables
from plugins.housing.jobs import start_charging
from plugins.housing.models import Allocation, Charge
from tests.plugins.housing.many_leases import add_leases, add_town

MONTH = date(2026, 12, 1)


def main() -> None:
    """Make the leases, charge them, say what it took."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--leases", type=int, default=10_000)
    parser.add_argument("--sqlite", action="store_true")
    told = parser.parse_args()
    folder = databases.new_folder()
    try:
        server = databases.shared_sqlite_folder(folder) if told.sqlite else databases.shared_cluster(folder)
        urls = server.fresh(server.template("bench", make_tables))
        with tempfile.TemporaryDirectory() as var:
            measure(urls, Path(var), told.leases)
    finally:
        databases.throw_away(folder)


def measure(urls: databases.DatabaseUrls, var: Path, leases: int) -> None:
    """Charge the month on so many leases and print the figures."""
    settings = replace(
        read_settings({"GENERAZIONI_VAR": str(var)}), database_url=urls.app, operator_database_url=urls.operator,
        owner_database_url=urls.owner,
    )  # fmt: skip
    rights = load(settings).rights
    database = Database(settings)
    scope = prepare(database, leases)
    started, cpu = time.perf_counter(), time.process_time()
    key = database.run(scope, lambda session: start_charging(session, month=MONTH).id)
    worker = Worker(Lent(database, settings, rights), chores=[lambda: deliver_events(database)])
    thread = threading.Thread(target=worker.run)
    thread.start()
    stale = watch(database, scope, key)
    took, cpu = time.perf_counter() - started, time.process_time() - cpu
    worker.stop()
    thread.join()
    with database.session(scope, writes=False) as session:
        figures = {model.__tablename__: count(session, model) for model in (Charge, Allocation, Change)}
        job = session.get_one(Job, key)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    progress = f"{job.done} of {job.total}, oldest progress {stale:.1f} s"
    print(f"{leases} leases: {took:.1f} s ({cpu:.1f} s of this process), {progress}, {peak} MB")
    print(f"rows: {figures}; {job.result or job.reason}")
    database.close()


def watch(database: Database, scope: Scope, key: object) -> float:
    """Wait for the job's end; the longest time between two signs of progress."""
    last, moment, stale = -1, time.perf_counter(), 0.0
    while True:
        with database.session(scope, writes=False) as session:
            job = session.get_one(Job, key)
        stale = max(stale, time.perf_counter() - moment)
        if job.done != last:
            last, moment = job.done, time.perf_counter()
        if job.is_over:
            return stale
        time.sleep(0.1)


def prepare(database: Database, leases: int) -> Scope:
    """A partner with housing on, and so many running leases."""
    operator = Scope(operator=True, actor="bench", reason="bench")
    partner = database.run(
        operator, lambda s: register_partner(s, code="BENCH", name="Bench", kind=PartnerKind.MUNICIPALITY).id
    )
    scope = Scope(partner_id=partner, actor="bench")
    town = database.run(operator, add_town)
    database.run(scope, lambda session: switch_on(session, "housing", known=["housing"]))
    for start in range(0, leases, 1000):
        numbers = range(start, min(leases, start + 1000))
        database.run(scope, lambda session, numbers=numbers: add_leases(session, numbers, town))
    return scope


def count(session: Session, model: type) -> int:
    """How many rows the partner has in a table."""
    return session.scalar(select(func.count()).select_from(metadata.tables[model.__tablename__])) or 0


if __name__ == "__main__":
    main()
