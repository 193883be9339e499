"""Whatever is done to a trail behind the program's back is found, at the first line that does not hold."""

import random

import pytest
from sqlalchemy import text

from core.audit.anchors import Anchor
from core.database.session import make_engine
from core.database.trail import Change

LINES = 20


@pytest.fixture
def lines(trail):
    return trail.lengthen(LINES)


@pytest.fixture
def chance(request):
    """The same tampering each time, another for each test."""
    return random.Random(request.node.name)  # noqa: S311


def test_a_trail_that_nobody_touched_is_whole(trail, lines):
    assert trail.broken_at() is None


@pytest.mark.parametrize("column", sorted({c.name for c in Change.__table__.columns} - {"partner_id", "user_id"}))
def test_a_changed_value_is_found_in_every_column(trail, lines, chance, column):
    line = chance.choice(lines[:-1])
    new = {
        "id": "'0190a000000070008000000000000001'", "entity_id": "'0190a000000070008000000000000002'",
        "sequence": str(1000), "version": "7", "at": "'2020-01-01 00:00:00.000000'", "act": "'removed'",
        "created_at": "'2020-01-01 00:00:00.000000'",
    }.get(column, "'other'")  # fmt: skip
    fixed = [f"delete from audit_told where id = '{key(trail, line.id)}'"] if column == "id" else []

    trail.tamper(*fixed, f"update audit_change set {column} = {new} where id = '{key(trail, line.id)}'")

    found = trail.broken_at()
    assert found in {line.sequence, line.sequence + 1} if column == "hash" else found == line.sequence


def test_a_line_that_cannot_even_be_read_is_named(trail, lines):
    trail.tamper(f"update audit_change set act = 'invented' where id = '{key(trail, lines[6].id)}'")

    assert trail.broken_at() == 7


@pytest.mark.parametrize("column", ["salt", "text"])
def test_changed_values_are_found(trail, lines, chance, column):
    line = chance.choice(lines)

    trail.tamper(f"update audit_told set {column} = 'x' where id = '{key(trail, line.id)}'")

    assert trail.broken_at() == line.sequence


def test_a_single_letter_of_what_is_told_is_enough(trail, lines):
    for line in lines[::4]:
        trail.tamper(f"update audit_told set text = replace(text, 'Group', 'Graup') where id = '{key(trail, line.id)}'")
        assert trail.broken_at() == line.sequence
        trail.tamper(f"update audit_told set text = replace(text, 'Graup', 'Group') where id = '{key(trail, line.id)}'")
    assert trail.broken_at() is None


def test_a_line_given_to_somebody_else_is_found(trail, lines, neighbour, chance):
    line = chance.choice(lines[:-1])

    trail.tamper(f"update audit_change set user_id = '{key(trail, neighbour)}' where id = '{key(trail, line.id)}'")
    assert trail.broken_at() == line.sequence


def test_deleted_lines_are_found(trail, lines, chance):
    first = chance.randrange(2, LINES - 3)
    gone = ", ".join(f"'{key(trail, line.id)}'" for line in lines[first - 1 : first + 1])

    trail.tamper(f"delete from audit_told where id in ({gone})", f"delete from audit_change where id in ({gone})")

    assert trail.broken_at() == first


def test_two_lines_that_changed_places_are_found(trail, lines, chance):
    one, other = sorted(chance.sample(range(1, LINES), 2))

    trail.tamper(
        f"update audit_change set sequence = -1 where id = '{key(trail, lines[one].id)}'",
        f"update audit_change set sequence = {one + 1} where id = '{key(trail, lines[other].id)}'",
        f"update audit_change set sequence = {other + 1} where id = '{key(trail, lines[one].id)}'",
    )

    assert trail.broken_at() == one + 1


def test_a_line_put_in_between_is_found(trail, lines, chance):
    at = chance.randrange(3, LINES)
    columns = [column.name for column in Change.__table__.columns]
    new = key(trail, trail.partner)  # any key that no line has
    told = ", ".join({"id": f"'{new}'", "sequence": str(at)}.get(name, name) for name in columns)

    trail.tamper(
        f"update audit_change set sequence = -sequence where sequence >= {at}",
        f"update audit_change set sequence = 1 - sequence where sequence <= -{at}",
        f"insert into audit_change ({', '.join(columns)}) select {told} from audit_change where sequence = {at - 1}",
    )

    assert trail.broken_at() == at


def test_lines_cut_off_at_the_end_are_missed_by_the_head(trail, lines):
    cut(trail, lines, 5, head=False)

    assert trail.broken_at() == LINES - 4


def test_lines_cut_off_together_with_the_head_are_missed_by_the_anchor(trail, lines):
    with trail.database.session(trail.scope, writes=False) as session:
        anchor = Anchor.of(session)

    cut(trail, lines, 5, head=True)

    assert trail.broken_at() is None  # a shorter chain is still a chain …
    assert trail.broken_at([anchor]) == LINES - 4  # … and the anchor knows


def test_a_history_written_anew_is_not_the_one_that_was_anchored(trail, lines):
    with trail.database.session(trail.scope, writes=False) as session:
        anchor = Anchor.of(session)
    cut(trail, lines, 3, head=True)
    trail.lengthen(3)

    assert trail.broken_at() is None
    assert trail.broken_at([anchor]) == LINES


def test_a_line_added_behind_the_head_is_found(trail, lines):
    trail.tamper(f"update audit_head set sequence = {LINES - 2}, hash = '{lines[LINES - 3].hash}'")

    assert trail.broken_at() == LINES + 1


def test_values_taken_away_are_found(trail, lines, chance):
    line = chance.choice(lines)

    trail.tamper(f"delete from audit_told where id = '{key(trail, line.id)}'")

    assert trail.broken_at() == line.sequence


def test_another_partners_trail_is_another_chain(trail, lines, neighbour):
    other = type(trail)(trail.database, trail.settings, neighbour)
    other.lengthen(5)
    trail.tamper(f"update audit_change set actor = 'x' where id = '{key(trail, lines[2].id)}'")

    assert (trail.broken_at(), other.broken_at()) == (3, None)


TAMPERINGS = (
    "update audit_change set actor = 'x'", "delete from audit_change", "update audit_told set text = 'x'",
    "delete from audit_told",
)  # fmt: skip
ONLY_OF = {
    "postgresql": ("truncate audit_change cascade", "truncate audit_told"),
    "sqlite": tuple(
        f"insert or replace into {table} select * from {table}" for table in ("audit_change", "audit_told")
    ),
}


@pytest.mark.parametrize("role", ["database_url", "operator_database_url", "owner_database_url"])
def test_the_database_refuses_to_change_the_trail_to_every_role(trail, lines, role):
    before = [(line.hash, line.told.text) for line in lines]
    engine = make_engine(getattr(trail.settings, role))
    for statement in (*TAMPERINGS, *ONLY_OF[engine.dialect.name]):
        with engine.connect() as connection:
            if engine.dialect.name == "postgresql":
                connection.execute(text(f"set app.partner = '{trail.partner}'"))
            with pytest.raises(Exception, match=r"append-only|permission denied"):
                connection.execute(text(statement))
    engine.dispose()

    assert [(line.hash, line.told.text) for line in trail.lines()] == before


def cut(trail, lines, count, *, head):
    """Take the last lines away, and let the head say so or not."""
    gone = ", ".join(f"'{key(trail, line.id)}'" for line in lines[-count:])
    last = lines[-count - 1]
    back = f"update audit_head set sequence = {last.sequence}, hash = '{last.hash}' where partner_id = '{{}}'"
    trail.tamper(
        f"delete from audit_told where id in ({gone})",
        f"delete from audit_change where id in ({gone})",
        *([back.format(key(trail, trail.partner))] if head else []),
    )


def key(trail, value):
    """A key as the database keeps it."""
    return value.hex if trail.settings.database_url.startswith("sqlite") else str(value)
