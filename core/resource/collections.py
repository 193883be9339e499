"""Resources bound to who declared them: addresses, permissions and columns resolved and checked at start."""

from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any
from urllib.parse import quote

from sqlalchemy import inspect
from wtforms import FileField

from core.access.permissions import Permission
from core.language import _
from core.resource.columns import Column, UnknownColumn, column
from core.resource.declaration import Action, Facts, Move, Related, Resource
from core.special.reading import special_fields

VERBS = {
    "see": _("See"), "add": _("Add"), "change": _("Change"), "remove": _("Remove"),
    "import": _("Import"), "export": _("Export"),
}  # fmt: skip


class WrongDeclaration(Exception):  # noqa: N818
    """A resource that cannot work, naming plugin, resource and what is wrong."""


@dataclass(frozen=True)
class Collection:
    """A resource of one plugin (`plugin` is empty for the core), ready to serve."""

    resource: Resource
    plugin: str = ""
    book: "Collections | None" = field(default=None, compare=False, repr=False)

    @property
    def key(self) -> str:
        """`people`, `housing.dwellings`: the prefix of its permissions and its name in imports."""
        return f"{self.plugin}.{self.resource.name}" if self.plugin else self.resource.name

    @property
    def url(self) -> str:
        """Where its list stands."""
        return f"/m/{self.plugin.replace('_', '-')}/{self.resource.name}" if self.plugin else f"/{self.resource.name}"

    @property
    def api_url(self) -> str:
        """Where its endpoints stand."""
        owner = f"/{self.plugin.replace('_', '-')}" if self.plugin else ""
        return f"/api/v1{owner}/{self.resource.name}"

    @property
    def table(self) -> str:
        """The table of its model."""
        return str(self.resource.model.__table__.name)

    @cached_property
    def columns(self) -> list[Column]:
        """What its list shows."""
        return [column(self.resource.model, name) for name in self.resource.columns]

    @cached_property
    def special(self) -> frozenset[str]:
        """The fields of its model that are read only with a purpose."""
        return special_fields(self.resource.model)

    @cached_property
    def told(self) -> list[Column]:
        """What the API says of a record: the columns of its list, and those of its form that are columns."""
        names = dict.fromkeys((*self.resource.columns, *self.form_names))
        found = []
        for name in names:
            with suppress(UnknownColumn):
                found.append(self.column(name))
        return found

    @cached_property
    def along(self) -> list[str]:
        """The many-to-one relationships that its page and its form show: they come with the record."""
        shown = [name for panel in self.resource.panels if isinstance(panel, Facts) for name in panel.names]
        relationships = inspect(self.resource.model).relationships
        steps = dict.fromkeys(name.partition(".")[0] for name in (*shown, *self.form_names))
        return [step for step in steps if step in relationships and not relationships[step].uselist]

    @cached_property
    def filters(self) -> list[Column]:
        """What its list can be narrowed by."""
        return [column(self.resource.model, name) for name in self.resource.filters]

    @cached_property
    def searched(self) -> list[Column]:
        """Where the search box looks."""
        return [column(self.resource.model, name) for name in self.resource.search]

    @cached_property
    def match(self) -> list[Column]:
        """By what people and files name one of its records."""
        return [column(self.resource.model, name) for name in self.resource.match]

    @cached_property
    def form_names(self) -> list[str]:
        """The names of its form's fields, in their order."""
        return list(self.form().field_names())

    def form(self) -> Any:
        """Its form's class: the declared one, or one made from the named columns."""
        if self.book is None:
            raise WrongDeclaration(f"{self.key}: not bound to a book of collections")
        return self.book.form_of(self)

    def column(self, name: str) -> Column:
        """One column of the model by name."""
        return column(self.resource.model, name)

    def may(self, verb: str) -> str:
        """The key of the permission for a verb, move or action."""
        return f"{self.key}.{verb}"

    def permission_of(self, act: Action | Move) -> str:
        """The permission that a move or an action asks."""
        return act.permission or self.may(act.name)

    def address(self, record: Any, *rest: str) -> str:
        """The page of a record, or something under it."""
        return "/".join((self.url, str(record.id), *rest))

    def purpose_url(self, record: Any, back: str = "") -> str:
        """Where it is asked what a record's special data are read for; the way back is its page, or another."""
        asked = f"/purpose/{self.key}/{record.id}"
        return f"{asked}?next={quote(back, safe='/')}" if back else asked

    @property
    def takes_file(self) -> bool:
        """Whether its form asks for a file: then rows of a table cannot fill it in."""
        declared = self.resource.form
        unbound = vars(declared).values() if isinstance(declared, type) else ()
        return any(isinstance(getattr(one, "field_class", None), type) and issubclass(one.field_class, FileField)
                   for one in unbound)  # fmt: skip

    @property
    def verbs(self) -> list[str]:
        """Which of the plain verbs it answers: a service that was not given takes its verb away."""
        resource = self.resource
        verbs = ["see", "export"]
        verbs += ["add"] if resource.create else []
        verbs += ["import"] if resource.create and not self.takes_file else []
        verbs += ["change"] if resource.amend else []
        verbs += ["remove"] if resource.remove else []
        return verbs

    def acts(self) -> list[Action | Move]:
        """Its actions and the moves of its workflow."""
        return [*self.resource.actions, *(self.resource.workflow.moves if self.resource.workflow else ())]

    def acts_of_programs(self) -> list[Action | Move]:
        """Those that a program may do too: it cannot give a password again."""
        return [act for act in self.acts() if not act.fresh]

    def permissions(self) -> list[Permission]:
        """Every permission that the declaration derives."""
        title = self.resource.title
        derived = [
            Permission(self.may(verb), _("%(title)s: %(verb)s", title=title, verb=VERBS[verb])) for verb in self.verbs
        ]
        own = [act for act in self.acts() if not act.permission]
        return derived + [
            Permission(self.may(a.name), _("%(title)s: %(verb)s", title=title, verb=a.label)) for a in own
        ]

    def check(self) -> None:
        """Raise `WrongDeclaration` naming what the model does not have; done once, at start."""
        resource = self.resource
        try:
            named = [*self.columns, *self.filters, *self.searched, *self.match]
            if resource.order:
                named.append(self.column(resource.order.lstrip("-")))
            if resource.workflow:
                named.append(self.column(resource.workflow.state))
            for panel in resource.panels:
                self._check_panel(panel)
            self.form_names  # noqa: B018  making the form is the check
        except (UnknownColumn, AttributeError, TypeError) as error:
            raise WrongDeclaration(f"{self.key}: {error}") from error
        unsortable = [c.name for c in [*self.filters, *self.searched, *self.match] if not c.mapped]
        if unsortable:
            raise WrongDeclaration(f"{self.key}: {', '.join(unsortable)} cannot be filtered or searched")
        self._check_special()
        names = [act.name for act in self.acts()]
        if len(names) != len(set(names)):
            raise WrongDeclaration(f"{self.key}: two moves or actions have the same name")

    def _check_special(self) -> None:
        """What is special finds nothing and orders nothing; what says that it shows it, does."""
        resource = self.resource
        searched = [*self.filters, *self.searched, *self.match]
        ordered = [self.column(resource.order.lstrip("-"))] if resource.order else []
        if told := [c.name for c in [*searched, *ordered] if c.special]:
            raise WrongDeclaration(f"{self.key}: {', '.join(told)} is special: a list that finds by it would tell it")
        named = {name for part in (*resource.panels, *self.acts()) for name in getattr(part, "special", ())}
        if plain := sorted(name for name in named if not self.column(name).special):
            raise WrongDeclaration(f"{self.key}: {', '.join(plain)} is not special in the model")

    def _check_panel(self, panel: Any) -> None:
        if isinstance(panel, Facts):
            for name in panel.names:
                self.column(name)
        elif isinstance(panel, Related):
            relationships = inspect(self.resource.model).relationships
            if panel.relationship not in relationships or not relationships[panel.relationship].uselist:
                raise UnknownColumn(f"{self.resource.model.__name__} has no one-to-many {panel.relationship!r}")


class Collections:
    """Every collection of the installation, found by key, by model and by table."""

    def __init__(self) -> None:
        self._by_key: dict[str, Collection] = {}
        self._forms: dict[str, Any] = {}

    def add(self, plugin: str, resources: Iterable[Resource]) -> list[Collection]:
        """Bind and check the resources of one plugin; two of the same key are an error, never last-wins."""
        bound = [Collection(resource, plugin, self) for resource in resources]
        for collection in bound:
            if collection.key in self._by_key:
                raise WrongDeclaration(f"{collection.key} is declared twice")
            collection.check()
        self._by_key.update({collection.key: collection for collection in bound})
        return bound

    def form_of(self, collection: Collection) -> Any:
        """The form class of a collection, made once."""
        from core.resource.forms import form_class  # noqa: PLC0415  forms look up collections in turn

        if collection.key not in self._forms:
            self._forms[collection.key] = form_class(collection)
        return self._forms[collection.key]

    def __iter__(self) -> Any:
        return iter(self._by_key.values())

    def __contains__(self, key: str) -> bool:
        return key in self._by_key

    def __getitem__(self, key: str) -> Collection:
        return self._by_key[key]

    def of_model(self, model: type[Any]) -> Collection | None:
        """The collection that shows a model, when one does."""
        return next((c for c in self if c.resource.model is model), None)

    def by_table(self, table: str) -> Collection | None:
        """The collection whose records stand in a table."""
        return next((c for c in self if c.table == table), None)

    def of_plugin(self, plugin: str) -> list[Collection]:
        """The collections of one plugin, in the order it declared them."""
        return [c for c in self if c.plugin == plugin]
