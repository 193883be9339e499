"""The people that a partner sees, by name and by the words somebody types: walked along the partner's own accesses.

A list ordered by name, or searched, costs the same among two partners as among two hundred: it never reads
the people of others to pass over them. Who reads the people themselves still goes through the fence.
"""

import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, Text, cast, column, exists, func, not_, or_, select
from sqlalchemy.orm import Session

from core.database import policies
from core.database.policies import PARTNER
from core.database.scope import in_force, scope_of
from core.database.visibility import IDENTITY, REGISTERED, PersonAccess
from core.language.matching import one_letter_apart

READ_EVERY, MOST, SHORTEST = 300, 50, 3  # seconds, partners, letters
_vocabularies: dict[UUID | None, "Vocabulary"] = {}
# Row-level security would not let an index answer LIKE: the planner asks first whose each row is. So the index is
# asked here, for the session's partner alone, and again for each call: the words decide which way is shorter.
FUNCTION = f"""
create or replace function people_found(patterns text[]) returns setof people_access
language plpgsql stable strict security definer set search_path = public, pg_temp
as $$
begin
  return query execute 'select a.* from people_access a where a.partner_id = $2'
    || (select string_agg(format(' and a.search like %L', pattern), '') from unnest(patterns) pattern)
    using patterns, {PARTNER};
end $$
"""  # noqa: S608
INDEX = "create index ix_people_access_words on people_access using gin (search gin_trgm_ops)"


def install(op: Any) -> None:
    """Make the function and its index on PostgreSQL; without the extension pg_trgm it reads the partner's rows."""
    if op.get_bind().dialect.name != "postgresql":
        return
    policies.answer_over_the_fence(op, "people_found(text[])", FUNCTION)
    if op.get_bind().exec_driver_sql("select 1 from pg_available_extensions where name = 'pg_trgm'").first():
        op.execute("create extension if not exists pg_trgm")
        op.execute(INDEX)


def uninstall(op: Any) -> None:
    """Take the function and its index away again."""
    if op.get_bind().dialect.name == "postgresql":
        op.execute("drop index if exists ix_people_access_words")
        policies.drop_function(op, "people_found(text[])")


def people_in_sight(session: Session, words: Sequence[str] = ()) -> Any:
    """Key and `sort_name` of each person the partner sees now whose search text holds all the words, once each.

    None for the operator, who sees everybody and has no accesses to walk along.
    """
    scope = scope_of(session)
    if scope.operator:
        return None
    if words and session.get_bind().dialect.name == "postgresql":
        patterns = cast([f"%{_escaped(word)}%" for word in words], ARRAY(Text))
        columns = (column(c.name, c.type) for c in PersonAccess.__table__.c)
        return _in_sight(scope.partner_id, func.people_found(patterns).table_valued(*columns))
    return _in_sight(scope.partner_id, PersonAccess.__table__, *words) if words else _all_in_sight(scope.partner_id)


@lru_cache(maxsize=1024)
def _all_in_sight(partner: UUID | None) -> Any:
    """Everybody in a partner's sight: what its lists walk along, made once."""
    return _in_sight(partner, PersonAccess.__table__)


def _in_sight(partner: UUID | None, source: Any, *words: str) -> Any:
    """The same from a source of accesses."""
    table: Any = PersonAccess.__table__
    access, other = source.c, table.alias().c
    earlier = exists().where(
        other.partner_id == access.partner_id, other.person_id == access.person_id, in_force(other),
        or_(other.basis == REGISTERED, other.id < access.id),
    )  # fmt: skip
    return select(access.person_id.label("id"), access.sort_name).where(
        access.partner_id == partner, in_force(access), access.level >= IDENTITY,
        or_(access.basis == REGISTERED, not_(earlier)),
        *(access.search.contains(word, autoescape=True) for word in words),
    ).subquery()  # fmt: skip


@dataclass(frozen=True)
class Vocabulary:
    """The words of the names that a partner sees, by their length, as they were at a moment."""

    read_at: float
    words: Mapping[int, Sequence[str]]

    def near(self, word: str) -> Iterator[str]:
        """The words that one wrong, missing, doubled or swapped letter tells from this one."""
        for length in (len(word), len(word) + 1, len(word) - 1):
            for other in self.words.get(length, ()):
                # One slip leaves one end as it is.
                if (other[0] == word[0] or other[-1] == word[-1]) and one_letter_apart(word, other):
                    yield other


def respelled(session: Session, words: Sequence[str]) -> Iterator[list[str]]:
    """The words with one of them as somebody in sight of the partner spells it, for who found nobody with them."""
    if scope_of(session).operator:
        return
    vocabulary = _vocabulary(session)
    for place, word in enumerate(words):
        if len(word) >= SHORTEST:
            for other in vocabulary.near(word):
                yield [*words[:place], other, *words[place + 1 :]]


def _vocabulary(session: Session) -> Vocabulary:
    """Kept some minutes in memory for each partner: whoever is new meanwhile is found by their exact name."""
    partner = scope_of(session).partner_id
    kept = _vocabularies.get(partner)
    if kept is None or time.monotonic() - kept.read_at > READ_EVERY:
        words: dict[int, set[str]] = {}
        for name in session.scalars(select(people_in_sight(session).c.sort_name).distinct()):
            for word in name.split():
                words.setdefault(len(word), set()).add(word)
        kept = _vocabularies[partner] = Vocabulary(time.monotonic(), {n: sorted(some) for n, some in words.items()})
        if len(_vocabularies) > MOST:
            del _vocabularies[min(_vocabularies, key=lambda one: _vocabularies[one].read_at)]
    return kept


def _escaped(word: str) -> str:
    """What LIKE would read as a sign stands for itself."""
    return word.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
