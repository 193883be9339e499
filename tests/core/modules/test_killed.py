"""Killed at any point of what it does to a module, a process leaves the state before or the state after."""

import os
import signal
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing import get_context

import pytest
from sqlalchemy import Uuid, bindparam, inspect, select, text
from uuid_utils.compat import uuid7

from core.app import archive
from core.database import points
from core.database.installed import INSTALLED
from core.database.scope import Scope
from core.database.session import Database, make_engine
from core.modules import services
from core.modules.switching import turn_off, turn_on
from core.partners.models import ModuleSwitch
from core.refusals import Refusal

BY = "Anna Rossi"
FORK = get_context("fork")


@dataclass(frozen=True)
class Verb:
    """What is done, from which version with how much prepared, and what is there when it is done."""

    name: str
    version: int
    prepare: tuple[str, ...]
    after: tuple[str, ...]


INSTALLED_1, INSTALLED_2 = "gardens_0001", "gardens_0002"
VERBS = (
    Verb("install", 1, (), ("", INSTALLED_1)),
    Verb("enable", 1, ("install",), ("off", "on")),
    Verb("disable", 1, ("install", "enable"), ("on", "off")),
    Verb("upgrade", 2, ("install", "rows"), (INSTALLED_1, INSTALLED_2)),
    Verb("purge", 1, ("install", "rows"), (INSTALLED_1, "")),
)


def do(verb, settings, partner, house):
    """One act as pages and commands do it, with a connection of its own."""
    database = Database(settings)
    scope = Scope(partner_id=partner, actor=BY)
    acts: dict[str, Callable[[], object]] = {
        "install": lambda: services.install(settings, house, "gardens", by=BY),
        "upgrade": lambda: services.upgrade(settings, house, "gardens", by=BY),
        "purge": lambda: services.purge(settings, house, "gardens", by=BY),
        "enable": lambda: database.run(scope, lambda session: turn_on(session, house, "gardens")),
        "disable": lambda: database.run(scope, lambda session: turn_off(session, house, "gardens")),
        "rows": lambda: database.run(Scope(operator=True, reason="tests"), lambda session: add_rows(session, partner)),
    }
    try:
        return acts[verb]()
    finally:
        database.close()


def add_rows(session, partner):
    for code in ("A1", "A2"):
        insert = text(
            "insert into gardens_plot (id, partner_id, code, version, created_at) values (:id, :p, :c, 1, :at)"
        )
        keys = insert.bindparams(bindparam("id", type_=Uuid), bindparam("p", type_=Uuid))
        session.execute(keys, {"id": uuid7(), "p": partner, "c": code, "at": "2026-01-01 00:00"})


def passed_by(verb, settings, partner, house, *, kill_at=None):
    """The points that an act passes in a process of its own; killed when it has passed so many."""
    told, tells = FORK.Pipe(duplex=False)

    def run():
        def note(point):
            tells.send(point)
            if kill_at is not None and len(passed) == kill_at:
                os.kill(os.getpid(), signal.SIGKILL)
            passed.append(point)

        passed = []
        points.watchers.append(note)
        do(verb, settings, partner, house)

    process = FORK.Process(target=run)
    process.start()
    tells.close()
    process.join()
    seen = []
    with suppress(EOFError):
        while told.poll():
            seen.append(told.recv())
    assert process.exitcode == (0 if kill_at is None else -signal.SIGKILL)
    return seen


def state(settings, partner):
    """What the database says of the module: how far its tables have come, its rows, whether it is on."""
    engine = make_engine(settings.operator_database_url)
    with engine.connect() as connection:
        looked = inspect(connection)
        head = (
            connection.execute(select(INSTALLED.c.head).where(INSTALLED.c.key == "gardens")).scalar_one_or_none() or ""
        )
        there = looked.has_table("gardens_plot")
        columns = {column["name"] for column in looked.get_columns("gardens_plot")} if there else set()
        rows = connection.execute(text("select count(*) from gardens_plot")).scalar_one() if there else 0
        noted = (
            connection.execute(text("select version_num from alembic_version_gardens")).scalar_one_or_none() or ""
            if looked.has_table("alembic_version_gardens") else ""
        )  # fmt: skip
        switch = select(ModuleSwitch.enabled).where(ModuleSwitch.key == "gardens", ModuleSwitch.partner_id == partner)
        on = connection.execute(switch).scalar_one_or_none() is True
    engine.dispose()
    assert there is bool(head)
    assert noted == head
    assert ("area" in columns) is (head == INSTALLED_2)
    return head, rows, "on" if on else "off"


# How many points each act passes before it is committed; one that comes to be must be counted here.
POINTS = {"install": 3, "enable": 2, "disable": 1, "upgrade": 8, "purge": 5}


@pytest.mark.parametrize("verb", VERBS, ids=lambda verb: verb.name)
def test_killed_at_any_point_a_verb_is_done_or_not_begun(settings, database, partner, gardens, verb):
    house = gardens(verb.version)
    database.close()
    for act in verb.prepare:
        do(act, settings, partner, gardens(1))
    before = state(settings, partner)
    old, new = verb.after
    assert old in before

    for place in range(POINTS[verb.name]):
        seen = passed_by(verb.name, settings, partner, house, kill_at=place)
        assert state(settings, partner) == before, f"killed at {seen[-1]}"
    seen = passed_by(verb.name, settings, partner, house)

    after = state(settings, partner)
    assert new in after
    assert after[1] == (0 if verb.name == "purge" else before[1])
    assert len(seen) - seen[-1].endswith("kept") == POINTS[verb.name], seen


@pytest.mark.parametrize("verb", [one for one in VERBS if one.name in {"install", "purge"}], ids=lambda verb: verb.name)
def test_killed_once_it_is_committed_a_verb_is_done(settings, database, partner, gardens, verb):
    house = gardens(verb.version)
    database.close()
    for act in verb.prepare:
        do(act, settings, partner, gardens(1))

    seen = passed_by(verb.name, settings, partner, house, kill_at=POINTS[verb.name])

    assert seen[-1] == "verb.kept"
    assert verb.after[1] in state(settings, partner)


def test_what_a_killed_purge_had_begun_to_export_is_swept(settings, partner, database, gardens):
    house = gardens(1)
    for act in ("install", "rows"):
        do(act, settings, partner, house)
    database.close()
    left = archive.archives(settings) / f"gardens-20260101-000000{archive.PART}"
    left.mkdir(parents=True)

    archive.sweep(settings, older_than=archive.LONGEST_PURGE)
    assert left.exists(), "somebody may still be writing it"
    do("purge", settings, partner, house)

    assert not left.exists()
    assert state(settings, partner) == ("", 0, "off")


AT_ONCE = 8


def together(settings, partner, house, verb):
    """The same act in eight processes at the same moment; what each was told."""
    start = FORK.Barrier(AT_ONCE)
    told, tells = FORK.Pipe(duplex=False)
    lock = FORK.Lock()

    def run():
        start.wait()
        try:
            answer = do(verb, settings, partner, house)
            said = "did nothing" if answer in (False, frozenset()) else "done"
        except Refusal as refusal:
            said = f"refused: {refusal}"
        with lock:
            tells.send(said)

    processes = [FORK.Process(target=run) for _one in range(AT_ONCE)]
    for process in processes:
        process.start()
    answers = [told.recv() for _one in processes]
    for process in processes:
        process.join()
    return answers


def test_of_eight_at_once_one_acts_and_the_others_are_told(settings, database, partner, gardens):
    house = gardens(1)
    database.close()
    for verb in ("install", "enable", "disable", "enable", "disable", "purge"):
        answers = together(settings, partner, house, verb)

        assert answers.count("done") == 1, (verb, answers)
        assert all(one in {"done", "did nothing"} or one.startswith("refused: ") for one in answers), answers
    assert state(settings, partner) == ("", 0, "off")
