"""Looking through everybody a partner sees for sheets that may be of one person."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from itertools import combinations, product
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.jobs.sentences import kept
from core.jobs.work import Work
from core.language import Words, plural
from core.language.matching import normalise
from core.people.models import Duplicate, DuplicateState, Merge, Person, PersonState
from core.people.rules.duplicates import LIKELY, Likeness, Traits, are_namesakes, likeness
from core.people.rules.names import sound

Pair = tuple[UUID, UUID]
Sheet = tuple[UUID, Traits]
AT_ONCE = 200
BREATH = 50_000
CROWD = 30  # people of one name, or said to be born on one day: January the first of many papers


def find_duplicates(work: Work) -> Words:
    """Put new likely pairs on the partner's list, and take off what waits there without being likely any more."""
    with work.step() as session:
        sheets = _sheets(session)
    likely = likely_pairs(sheets, breathe=lambda: _go_on(work))
    with work.step() as session:
        settled = said_of(session)
        _forget(session, likely)
    new = [pair for pair in likely if pair not in settled]
    work.out_of(work.done + len(new))
    for first in range(0, len(new), AT_ONCE):
        chunk = new[first : first + AT_ONCE]
        with work.step(len(chunk)) as session:
            session.add_all(waiting(pair, likely[pair]) for pair in chunk)
    return plural("%(n)s new likely duplicate", "%(n)s new likely duplicates", work.done)


def _go_on(work: Work) -> None:
    """Keep the job, or stop when somebody asked for it."""
    with work.step():
        pass


def waiting(pair: Pair, alike: Likeness) -> Duplicate:
    """A pair on the list, with the reasons."""
    one, other = sorted(pair)
    signs = [[sign.weight, kept(sign.words)] for sign in alike.signs]
    return Duplicate(person_id=one, other_id=other, score=alike.score, signs=signs, state=DuplicateState.WAITING)


def likely_pairs(people: Iterable[Sheet], *, breathe: Callable[[], object] = lambda: None) -> dict[Pair, Likeness]:
    """The pairs worth comparing, among people who share a name, a day of birth, a telephone or an e-mail.

    `breathe` is called every so many comparisons, so that whoever waits knows that it goes on.
    """
    found: dict[Pair, Likeness] = {}
    for place, ((key, one), (other_key, other)) in enumerate(_candidates(people), start=1):
        if place % BREATH == 0:
            breathe()
        pair = (min(key, other_key), max(key, other_key))
        if pair in found or are_namesakes(one.codice_fiscale, other.codice_fiscale):
            continue
        alike = likeness(one, other)
        if alike.score >= LIKELY:
            found[pair] = alike
    return found


def _candidates(people: Iterable[Sheet]) -> Iterator[tuple[Sheet, Sheet]]:
    blocks: dict[tuple[str, object], list[Sheet]] = defaultdict(list)
    for key, traits in people:
        names = " ".join(sorted(normalise(f"{traits.surname} {traits.name}").split()))
        shared = (("name", names), ("born", traits.birth_date), ("phone", traits.phone), ("email", traits.email))
        for what, value in shared:
            if value:
                blocks[what, value].append((key, traits))
    for (what, _value), block in blocks.items():
        if len(block) <= CROWD:
            yield from combinations(block, 2)
        elif what == "name":
            yield from _of_one_name(block)
        else:
            yield from _in_parts(block, _beginnings)


def _of_one_name(block: list[Sheet]) -> Iterator[tuple[Sheet, Sheet]]:
    """A crowd of one name: who has no date of birth with everybody, the others when their dates are a slip apart."""
    undated = [sheet for sheet in block if sheet[1].birth_date is None]
    dated = [sheet for sheet in block if sheet[1].birth_date is not None]
    yield from combinations(undated, 2)
    yield from product(undated, dated)
    yield from _in_parts(dated, _slips)


def _in_parts(block: list[Sheet], parts_of: Callable[[Traits], set[str]]) -> Iterator[tuple[Sheet, Sheet]]:
    """The pairs of a crowd that have a part in common."""
    parts: dict[str, list[Sheet]] = defaultdict(list)
    for sheet in block:
        for part in parts_of(sheet[1]):
            parts[part].append(sheet)
    for sheets in parts.values():
        yield from combinations(sheets, 2)


def _beginnings(traits: Traits) -> set[str]:
    """How the beginning of each name sounds."""
    return {sound(word)[:2] for word in f"{traits.surname} {traits.name}".split()}


def _slips(traits: Traits) -> set[str]:
    """The date of birth with each of its digits left out, and whichever of day and month comes first."""
    born = traits.birth_date
    if born is None:
        return set()
    text = f"{born:%Y%m%d}"
    swapped = f"{born.year} {min(born.day, born.month)} {max(born.day, born.month)}"
    return {swapped, *(f"{text[:place]}-{text[place + 1 :]}" for place in range(len(text)))}


def _sheets(session: Session) -> list[Sheet]:
    columns = ("surname", "name", "birth_date", "codice_fiscale", "phone", "email", "sex")
    wanted = select(Person.id, *(getattr(Person, name) for name in columns)).where(Person.state != PersonState.MERGED)
    return [(key, Traits(*row)) for key, *row in session.execute(wanted)]


def said_of(session: Session) -> set[Pair]:
    """The pairs that stand on the list already, each sheet taken for the one it was merged into."""
    merged = session.execute(select(Merge.merged_id, Merge.person_id).where(Merge.undone_at.is_(None)))
    leads = {goes: stays for goes, stays in merged}  # noqa: C416  a result is no mapping, whatever dict() thinks
    pairs = session.execute(select(Duplicate.person_id, Duplicate.other_id))
    found: set[Pair] = set()
    for one, other in pairs:
        left, right = leads.get(one, one), leads.get(other, other)
        found |= {(one, other), (min(left, right), max(left, right))}
    return found


def _forget(session: Session, likely: dict[Pair, Likeness]) -> None:
    """Take off what nobody spoke of yet and corrections made unlikely; what was reported by hand stays."""
    waits = select(Duplicate).where(Duplicate.state == DuplicateState.WAITING, Duplicate.reported.is_(False))
    for row in session.scalars(waits).unique():
        if (row.person_id, row.other_id) not in likely:
            session.delete(row)
    session.flush()
