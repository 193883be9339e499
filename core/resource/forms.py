"""Forms made from columns, and the base of those written by hand."""

from collections.abc import Iterable, Sequence
from typing import Any, ClassVar

from markupsafe import Markup
from werkzeug.datastructures import MultiDict
from wtforms import Form

from core.language import Words, current_language
from core.refusals import Refusal, Refusals
from core.resource import fields
from core.resource.columns import Column, column, tell
from core.special.reading import is_withheld, special_fields

MAKERS: dict[str, type[Any]] = {
    "money": fields.MoneyField,
    "date": fields.DateField,
    "integer": fields.IntegerField,
    "boolean": fields.YesNoField,
    "long": fields.LongTextField,
    "phone": fields.PhoneField,
    "email": fields.EmailField,
    "iban": fields.IbanField,
}


class RecordForm(Form):
    """A form about one record: `groups` are its fieldsets, `more` stands folded under "other fields".

    `withheld` are the labels of special fields that are not in it, because nobody said what they read them for.
    """

    groups: Sequence[tuple[Words, Sequence[str]]] = ()
    more: ClassVar[Sequence[str]] = ()
    withheld: Sequence[Words] = ()

    class Meta:
        """What fields need to know of the request: filled by `open_form`."""

        session: Any = None
        collections: Any = None
        loose = True
        remembered: Any = None

    @classmethod
    def field_names(cls) -> list[str]:
        """The names of its fields, in their order, without making a form."""
        unbound = [
            (name, getattr(cls, name)) for name in dir(cls) if hasattr(getattr(cls, name, None), "creation_counter")
        ]
        return [name for name, _field in sorted(unbound, key=lambda pair: pair[1].creation_counter)]

    @classmethod
    def field_labels(cls) -> dict[str, Words]:
        """The labels of its fields, in their order, without making a form."""
        made = {name: getattr(cls, name) for name in cls.field_names()}
        return {name: one.kwargs.get("label") or one.args[0] for name, one in made.items()}

    def values(self) -> dict[str, Any]:
        """What was read, by field, as services take it."""
        return {name: field.data for name, field in self._fields.items()}

    def withhold(self, record: Any) -> None:
        """Leave out what may not be read of the record; what is sent without being shown is still taken."""
        here = special_fields(type(record)) & set(self._fields)
        hidden = [name for name in self._fields if name in here and is_withheld(record, name)]
        self.withheld = [self._fields[name].label.text for name in hidden if not self._fields[name].raw_data]
        for name in hidden:
            if not self._fields[name].raw_data:
                del self._fields[name]

    def begin(self) -> None:
        """Let what the record does not say yet begin as in a new form: the day of an act is today."""
        for field in self._fields.values():
            if field.data is None and field.default is not None:
                field.process(None)

    def refuse(self, refusal: Refusal) -> None:
        """Put a rule's no beside the field it speaks of, or on top of the form."""
        for one in refusal.refusals if isinstance(refusal, Refusals) else [refusal]:
            if one.field and one.field in self._fields:
                self._fields[one.field].errors = [*self._fields[one.field].errors, str(one)]
            else:
                self.form_errors.append(str(one))

    def shown_groups(self) -> list[tuple[Words, list[Any]]]:
        """Its fieldsets with their fields; without groups, one that holds them all."""
        named = {name for _title, names in self.groups for name in names} | set(self.more)
        rest = [field for name, field in self._fields.items() if name not in named]
        groups = [
            (title, [self._fields[name] for name in names if name in self._fields]) for title, names in self.groups
        ]
        return [*groups, *([("", rest)] if rest else [])]

    def more_fields(self) -> list[Any]:
        """The fields that stand folded."""
        return [self._fields[name] for name in self.more if name in self._fields]

    def hidden_tag(self) -> Markup:
        """Nothing of its own: the page adds the forgery token and the one-time key."""
        return Markup("")


def model_form(model: type[Any], names: Iterable[str]) -> type[RecordForm]:
    """A form with a field for each named column or many-to-one relationship of the model."""
    made = {name: make_field(column(model, name)) for name in names}
    return type(f"{model.__name__}Form", (RecordForm,), made)


def make_field(source: Column) -> Any:
    """The field that reads a column: its kind decides, label and help come from the column."""
    checks: list[Any] = [fields.required() if source.required else fields.optional()]
    options: dict[str, Any] = {"label": source.label, "description": source.help, "validators": checks}
    if source.kind == "choice":
        return fields.ChoiceField(choices=source.choices, **options)
    if source.kind == "relation":
        return fields.LookupField(target=source.target or "", **options)
    if source.begins is not None:
        options["default"] = source.begins
    if source.kind == "decimal":
        return fields.DecimalField(places=source.places, **options)
    if source.kind not in MAKERS and source.length:
        checks.append(fields.at_most(source.length))
    return MAKERS.get(source.kind, fields.TextField)(**options)


def written(value: Any) -> str:
    """A value as somebody would type it, or as a file or a program sends it."""
    if value is None or value is False:
        return ""
    if hasattr(value, "__table__"):
        return str(value.id)
    if isinstance(value, list | tuple):
        return ", ".join(map(written, value))
    said = tell(value)
    return "y" if said is True else str(said)


def present_texts(kind: type[RecordForm], session: Any, collections: Any, record: Any) -> dict[str, str]:
    """What the form of a record, or of a new one, holds now, as texts: what is sent goes over them."""
    return texts_of(open_form(kind, session, collections, record=record, loose=False))


def texts_of(form: RecordForm) -> dict[str, str]:
    """What a form holds, as texts; what is empty is left out."""
    return {name: text for name, field in form._fields.items() if (text := written(field.data))}


def form_class(collection: Any) -> type[RecordForm]:
    """The class of a collection's form: declared whole, or made from the named columns."""
    declared = collection.resource.form
    return declared if isinstance(declared, type) else model_form(collection.resource.model, declared)


def open_form(
    kind: type[RecordForm],
    session: Any,
    collections: Any,
    *,
    formdata: Any = None,
    record: Any = None,
    loose: bool = True,
    remembered: dict[Any, Any] | None = None,
    **given: Any,
) -> RecordForm:
    """A form ready to be shown or read; `loose` lets lookups search by name, files and the API may not.

    Forms that read one file after another share what lookups found in `remembered`.
    """
    meta = {"session": session, "collections": collections, "loose": loose, "locales": [current_language()],
            "remembered": remembered}  # fmt: skip
    if isinstance(formdata, dict) and not isinstance(formdata, MultiDict):
        formdata = MultiDict(formdata)
    form = kind(formdata, obj=record, meta=meta, **given)
    if record is not None:
        form.withhold(record)
    return form
