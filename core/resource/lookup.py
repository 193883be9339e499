"""Finding a record by what people write of it, within what the session may see."""

import logging
import time
from collections.abc import Callable, Iterable, Sequence
from difflib import get_close_matches
from functools import lru_cache
from itertools import islice
from typing import Any
from uuid import UUID

from sqlalchemy import false, func, inspect, literal, or_, select, union_all
from sqlalchemy.orm import Session, joinedload

from core.database.faults import watching
from core.database.ownership import Common
from core.database.scope import scope_of
from core.database.session import is_away
from core.language import LANGUAGES, speaking
from core.language.matching import normalise

log = logging.getLogger("generazioni.pages")
ENOUGH, LATEST, MANY, NEAREST, TRIES = 20, 10, 20_000, 5, 12
LONG_FOR = 60  # seconds
_long: dict[tuple[UUID | None, str, int], float] = {}
Narrow = Callable[[Any], Any] | None


def by_key(session: Session, collection: Any, text: str, *, along: Sequence[str] = ()) -> Any:
    """The record with that key, if it is a key at all and the session may see it; `along` come in the same question."""
    try:
        key = UUID(text)
    except ValueError:
        return None
    model = collection.resource.model
    wanted = base(session, collection).where(model.id == key)
    return session.scalars(wanted.options(*(joinedload(getattr(model, name)) for name in along))).first()


def successor(session: Session, collection: Any, text: str, *, along: Sequence[str] = ()) -> Any:
    """The record that one was merged into, for models that keep their `merges`, if the session may see it."""
    merges = inspect(collection.resource.model).relationships.get("merges")
    try:
        key = UUID(text)
    except ValueError:
        return None
    if merges is None:
        return None
    merge = merges.mapper.class_
    stays = session.scalars(select(merge.person_id).where(merge.merged_id == key, merge.undone_at.is_(None))).first()
    return None if stays is None else by_key(session, collection, str(stays), along=along)


def present(session: Session, collection: Any, text: str) -> Any:
    """The record with that key, or the one that it was merged into."""
    return by_key(session, collection, text) or successor(session, collection, text)


def base(session: Session, collection: Any) -> Any:
    """The rows of a collection: all that the scope shows, or what its own select narrows them to.

    A model may say which of its rows are `shown` at all: what was merged into another row is in no list.
    A select that raises shows nothing: who cannot say which rows are open opens none.
    """
    resource = collection.resource
    if not resource.select:
        shown = getattr(resource.model, "shown", None)
        return select(resource.model) if shown is None else select(resource.model).where(shown())
    try:
        with watching(collection.plugin, f"rule {collection.key}"):
            return resource.select(session)
    except Exception as error:  # whatever a module's rule stumbles over, it may not open what it guards
        if is_away(error):
            raise
        log.exception("the rule of %s failed, none of its rows is shown", collection.key)
        return select(resource.model).where(false())


def _narrowed(statement: Any, narrow: Narrow) -> Any:
    return statement if narrow is None else narrow(statement)


def find(session: Session, collection: Any, text: str, *, exact: bool = False, narrow: Narrow = None) -> list[Any]:
    """Records named by the text: those that match exactly, else (unless `exact`) those it is found in.

    `narrow` keeps out of a search what makes no sense to choose; who names a record exactly gets it,
    so that the rule that refuses it can say why.
    """
    model, wanted = collection.resource.model, text.strip()
    if not wanted:
        return []
    same = [
        func.lower(found) == wanted.lower() for found in (_textual(c) for c in collection.match) if found is not None
    ]
    if same:
        found = session.scalars(base(session, collection).where(or_(*same)).limit(ENOUGH)).unique().all()
        if found or exact:
            return list(found)
    if exact:
        return []
    rows = _narrowed(base(session, collection), narrow)
    found = (
        session.scalars(searching(session, rows, collection, wanted).order_by(model.id).limit(ENOUGH)).unique().all()
    )
    return list(found or _mistyped(session, collection, rows, wanted))


def _mistyped(session: Session, collection: Any, rows: Any, text: str) -> Iterable[Any]:
    """Who may have been meant by words that nobody has, where the model knows how its names are spelled."""
    model = collection.resource.model
    if not hasattr(model, "respelled") or collection.resource.select is not None:
        return []
    found: dict[UUID, Any] = {}
    for words in islice(model.respelled(session, normalise(text).split()), TRIES):
        seen = _along(session, model, words)
        near = rows.where(model.id.in_(select(seen.c.id))).order_by(model.id).limit(ENOUGH)
        found |= {record.id: record for record in session.scalars(near).unique()}
        if len(found) >= ENOUGH:
            break
    return found.values()


def keys_found(session: Session, asked: Sequence[Any], text: str, *, most: int) -> list[tuple[Any, list[UUID]]]:
    """Each collection where the text is found, in their order, with at most `most` keys: all in one question."""
    parts = []
    for place, collection in enumerate(asked):
        model = collection.resource.model
        found_in = searching(session, base(session, collection), collection, text)
        keys = found_in.with_only_columns(model.id).order_by(model.id)
        few = keys.distinct().limit(most).subquery()
        parts.append(select(literal(place).label("place"), few.c.id))
    found: dict[int, list[UUID]] = {}
    for place, key in session.execute(union_all(*parts)) if parts else ():
        found.setdefault(place, []).append(key)
    return [(asked[place], found[place]) for place in sorted(found)]


def by_keys(session: Session, collection: Any, keys: Sequence[UUID]) -> list[Any]:
    """The records with these keys that the session may see, in the order of their keys."""
    model = collection.resource.model
    wanted = base(session, collection).where(model.id.in_(keys)).order_by(model.id)
    return list(session.scalars(wanted).unique())


def searching(session: Session, statement: Any, collection: Any, text: str) -> Any:
    """Narrow a statement to the rows where every word is found, whatever accents or case it is typed in."""
    model, words = collection.resource.model, text.split()
    if (seen := in_sight(session, collection, text)) is not None:
        return statement.where(model.id.in_(select(seen.c.id)))
    if hasattr(model, "search"):
        return statement.where(*(model.search.contains(word, autoescape=True) for word in normalise(text).split()))
    places = [found for found in map(_textual, collection.searched) if found is not None]
    for column in collection.searched:
        for step in column.path[:1]:
            statement = statement.outerjoin(getattr(model, step))
    for word in words:
        statement = statement.where(
            or_(false(), *(func.lower(place).contains(word.lower(), autoescape=True) for place in places))
        )
    return statement


def in_sight(session: Session, collection: Any, text: str) -> Any:
    """The keys of what the text is found in, beside copies of what lists are ordered by, along which rows are read.

    A model that many partners share says along what it is listed; None for the others, which are read themselves.
    """
    if collection.resource.select is not None:
        return None
    return _along(session, collection.resource.model, normalise(text).split())


def _along(session: Session, model: Any, words: Sequence[str]) -> Any:
    """What the model is listed along, without those of its rows that are in no list."""
    seen = model.listed_along(session, words) if hasattr(model, "listed_along") else None
    if seen is None or not hasattr(model, "hidden"):
        return seen
    return _shown(model, seen) if words else _all_shown(model, seen)


def _shown(model: Any, seen: Any) -> Any:
    return select(seen).where(seen.c.id.not_in(model.hidden())).subquery()


# A partner's whole list is walked again and again; words looked for are of one question.
_all_shown = lru_cache(maxsize=1024)(_shown)


def _textual(column: Any) -> Any:
    return None if column.kind in {"relation", "boolean", "date", "moment", "money"} else column.expression


def few(session: Session, collection: Any, limit: int, *, narrow: Narrow = None) -> list[Any] | None:
    """All the records of a collection when they are at most `limit`, else None.

    One that was longer a minute ago is not asked again.
    """
    wanted = _narrowed(base(session, collection), narrow)
    asked = (scope_of(session).partner_id, collection.key, limit)
    if narrow is None and time.monotonic() - _long.get(asked, -LONG_FOR) < LONG_FOR:
        return None
    one_more = wanted.with_only_columns(collection.resource.model.id).order_by(None).offset(limit).limit(1)
    if session.scalar(one_more) is not None:  # most lists are longer: their records are not fetched to learn it
        if narrow is None:
            _long[asked] = time.monotonic()
        return None
    return sorted(session.scalars(wanted).unique(), key=str)


def latest(session: Session, collection: Any) -> list[Any]:
    """The records that came last, as keys grow with time (UUIDv7); none of a reference list, which came all at once."""
    if issubclass(collection.resource.model, Common):
        return []
    wanted = base(session, collection).order_by(collection.resource.model.id.desc()).limit(LATEST)
    return list(session.scalars(wanted).unique())


def nearest(session: Session, collection: Any, text: str) -> list[str]:
    """The names most like the text, among those of a reference list; of people and partners' records none is told."""
    if not issubclass(collection.resource.model, Common):
        return []
    names: dict[str, str] = {}
    for column in collection.match:
        if column.kind == "text":
            known = base(session, collection).with_only_columns(column.expression).limit(MANY)
            names |= {normalise(name): name for name in session.scalars(known) if name}
    return [names[one] for one in get_close_matches(normalise(text), names, n=NEAREST, cutoff=0.75)]


def names_of(member: Any) -> set[str]:
    """A choice's word in every language, lower-case, so that files may be in any of them."""
    names = set()
    for language in LANGUAGES:
        with speaking(language):
            names.add(str(member.label).casefold())
    return names
