"""What an entity's pages are made from. These are values: a plugin writes them, the core reads them."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import Any

from core.language import Words
from core.web.links import MenuItem

Service = Callable[..., Any]


@dataclass(frozen=True)
class Facts:
    """A card with some of the record's fields, read only."""

    names: tuple[str, ...]
    title: Words = ""

    def __init__(self, *names: str, title: Words = "") -> None:
        object.__setattr__(self, "names", names)
        object.__setattr__(self, "title", title)


@dataclass(frozen=True)
class Related:
    """A card with the rows of another entity that hang on this one, newest last.

    `relationship` is the name of a one-to-many on the model; its rows show the columns named here,
    or else those of their own list.
    """

    relationship: str
    columns: tuple[str, ...] = ()
    title: Words = ""


@dataclass(frozen=True)
class Panel:
    """A card with a template of its own: `load(session, record)` gives its variables.

    A `wide` one stands above the others over the whole width: figures, long tables. Without a title
    it is drawn as it is, without the card around it. `special` are the special fields that it shows, or
    what follows from them: it is drawn once a purpose is told.
    """

    title: Words
    template: str
    load: Callable[..., dict[str, Any]] = lambda session, record: {}
    permission: str = ""
    wide: bool = False
    special: tuple[str, ...] = ()


@dataclass(frozen=True)
class Action:
    """Something that can be done to a record beside editing it: `service(session, record, **form)`.

    `permission` defaults to `<collection>.<name>`; `when(record)` says whether it makes sense now.
    A `fresh` one asks for the password again, and programs cannot do it. `special` are the special fields
    that its form shows: a purpose is asked first.
    """

    name: str
    service: Service
    label: Words
    form: Any = None
    permission: str = ""
    when: Callable[[Any], bool] = lambda record: True
    danger: bool = False
    fresh: bool = False
    special: tuple[str, ...] = ()


@dataclass(frozen=True)
class Move:
    """A step from some states to another: `service(session, record, **form)` makes it and may refuse.

    `source` is one state or several; `permission` defaults to `<collection>.<name>`; `fresh` and `special` are as
    in `Action`.
    """

    name: str
    source: Any
    target: Any
    service: Service
    label: Words
    form: Any = None
    permission: str = ""
    danger: bool = False
    fresh: bool = False
    special: tuple[str, ...] = ()

    @property
    def sources(self) -> tuple[Any, ...]:
        """The states it starts from."""
        return tuple(self.source) if isinstance(self.source, (list, tuple, set, frozenset)) else (self.source,)


@dataclass(frozen=True)
class Workflow:
    """The states of an entity and the moves between them; `state` is the mapped column, by name."""

    state: str
    moves: Sequence[Move]

    def open_to(self, record: Any) -> list[Move]:
        """The moves that start from the record's state."""
        now = getattr(record, self.state)
        return [move for move in self.moves if now in move.sources]


@dataclass(frozen=True)
class Import:
    """How the rows of a file are read, where they say more than the page's form asks.

    `headings` are what offices call a field, beside its name and its label in every language. `form`
    reads a row instead of the page's form, and `create` takes its values instead of the page's
    service; `more` are headings of fields that hang on what is registered, asked when a file arrives.
    `find` looks for the record of a row that names none, from the form's values: nothing is made twice.
    `together(session, values)` is a context that some hundred new rows are created in, told their forms' values
    beforehand: it looks up at once what each would ask, and writes at once what each would write.
    A record found by the resource's `match` is compared with the row: it is shown in `form` too.
    """

    headings: Mapping[str, Sequence[str]] = field(default_factory=dict)
    form: type[Any] | None = None
    create: Service | None = None
    more: Callable[[Any], Mapping[str, Sequence[str]]] | None = None
    find: Service | None = None
    together: Callable[[Any, Sequence[Mapping[str, Any]]], AbstractContextManager[None]] | None = None


@dataclass(frozen=True)
class Resource:
    """An entity that people list, open, write, import and export.

    `name` is the collection in addresses and permissions (`dwellings`); columns, filters, search
    and form are names of the model's columns, many-to-one relationships, facts, or dotted paths
    (`place.name`); `form` may be a WTForms class instead. `match` are the columns by which people
    and files name a record (its code, its codice fiscale): lookups and repeated imports use them.
    A service given as None takes that verb away; `amend_when(record)` says whether the record may still
    be changed. `links(record)` are the other pages where work on it goes on, the likeliest first.
    """

    model: type[Any]
    name: str
    title: Words
    singular: Words
    columns: Sequence[str]
    filters: Sequence[str] = ()
    search: Sequence[str] = ()
    form: Sequence[str] | type[Any] = ()
    match: Sequence[str] = ()
    order: str = ""
    create: Service | None = None
    amend: Service | None = None
    amend_when: Callable[[Any], bool] = lambda record: True
    remove: Service | None = None
    panels: Sequence[Facts | Related | Panel] = ()
    workflow: Workflow | None = None
    actions: Sequence[Action] = ()
    links: Callable[[Any], Sequence[MenuItem]] = lambda record: ()
    select: Callable[[Any], Any] | None = None
    icon: str = "list"
    in_menu: bool = True
    sentence: Words = ""
    imports: Import = field(default_factory=Import)
