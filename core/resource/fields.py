"""Form fields that read what people type, in their formats, and answer with a sentence when they cannot."""

from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Any

from markupsafe import Markup
from wtforms import BooleanField, Field, SelectField, SelectMultipleField, StringField, TextAreaField
from wtforms.fields.choices import Choice as Option
from wtforms.validators import InputRequired, Length, Optional, ValidationError
from wtforms.widgets import CheckboxInput, ListWidget

from core.language import Words, _, reading
from core.language.formats import show_date, show_number
from core.money import iban
from core.refusals import Refusal
from core.resource import lookup


class ReadField(StringField):
    """A field whose text is read by a function that may refuse; what was typed stays in the page."""

    read: Callable[[str], Any] = staticmethod(lambda text: text)
    write: Callable[[Any], str] = staticmethod(str)
    inputmode = "text"

    def process_formdata(self, valuelist: Sequence[Any]) -> None:
        if not valuelist:
            return
        text = str(valuelist[0]).strip()
        self.data = None
        if text:
            try:
                self.data = self.read(text)
            except Refusal as refusal:
                raise ValueError(str(refusal)) from refusal

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return "" if self.data is None else self.write(self.data)


class TextField(ReadField):
    """One line of text."""

    read = staticmethod(lambda text: " ".join(text.split()))


class DateField(ReadField):
    """A day, typed as 31/12/2026."""

    read = staticmethod(reading.read_date)
    write = staticmethod(show_date)
    inputmode = "numeric"


class TimeField(ReadField):
    """An hour of the day, typed as 9:30."""

    read = staticmethod(reading.read_time)
    write = staticmethod(lambda hour: f"{hour:%H:%M}")


class IntegerField(ReadField):
    """A whole number."""

    read = staticmethod(reading.read_integer)
    inputmode = "numeric"


class MoneyField(ReadField):
    """An amount of euro with two decimals."""

    read = staticmethod(reading.read_money)
    write = staticmethod(lambda amount: show_number(amount, places=2))
    inputmode = "decimal"


class DecimalField(ReadField):
    """A number with a fixed count of decimals; more are refused, not rounded."""

    inputmode = "decimal"

    def __init__(self, *arguments: Any, places: int = 2, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.places = places
        self.read = self._read

    def _read(self, text: str) -> Decimal:
        value = reading.read_decimal(text)
        if value != round(value, self.places):
            raise Refusal(_("Write at most %(places)s decimals.", places=self.places))
        return value.quantize(Decimal(1).scaleb(-self.places))

    write = staticmethod(show_number)


class PhoneField(ReadField):
    """A telephone number, kept as E.164."""

    read = staticmethod(reading.read_phone)
    inputmode = "tel"


class EmailField(ReadField):
    """An e-mail address."""

    read = staticmethod(reading.read_email)
    inputmode = "email"


class IbanField(ReadField):
    """A bank account, kept without spaces."""

    read = staticmethod(iban.read_iban)


class LongTextField(TextAreaField):
    """Several lines of text."""

    def process_formdata(self, valuelist: Sequence[Any]) -> None:
        if valuelist:
            self.data = str(valuelist[0]).strip().replace("\r\n", "\n") or None


class YesNoField(BooleanField):
    """A box to tick; files and the API say yes, no, true, false, 1, 0, x."""

    def process_formdata(self, valuelist: Sequence[Any]) -> None:
        text = str(valuelist[-1]).strip() if valuelist else ""
        try:
            self.data = bool(text) and (text == "y" or reading.read_boolean(text))
        except Refusal as refusal:
            raise ValueError(str(refusal)) from refusal


class ChoiceField(SelectField):
    """One member of a closed list; files may write its word in Italian or English instead of its code."""

    def __init__(self, *arguments: Any, choices: Any = None, none: Words | None = None, **options: Any) -> None:
        self._listed = list(choices or ())
        self.none = none
        super().__init__(*arguments, choices=self._pairs, coerce=self._read, **options)

    @property
    def members(self) -> list[Any]:
        """What may be chosen, in order."""
        return self._listed

    def _pairs(self) -> list[tuple[str, str]]:
        empty = [("", str(self.none or _("Choose…")))]
        return empty + [(member.value, str(member.label)) for member in self.members]

    def _read(self, text: Any) -> Any:
        if text in {None, ""}:
            return None
        wanted = str(getattr(text, "value", text)).strip()
        for member in self.members:
            if wanted.casefold() in {member.value.casefold(), *lookup.names_of(member)}:
                return member
        raise ValueError(str(_("Choose one of: %(choices)s.", choices=", ".join(str(m.label) for m in self.members))))

    def process_formdata(self, valuelist: Sequence[Any]) -> None:
        if valuelist:
            self.data = self._read(valuelist[0])

    def iter_choices(self) -> Any:
        now = getattr(self.data, "value", self.data) or ""
        return (Option(value, label, value == now, {}) for value, label in self._pairs())

    def pre_validate(self, form: Any) -> None:
        """Nothing more: reading already refused what is not in the list."""


class ChoicesField(SelectMultipleField):
    """Several members of a closed list, as boxes to tick."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()


class LookupWidget:
    """Draws a lookup: a plain list when short, else a search box with what it found.

    The box offers while one types, to who may see the collection; what `narrow` keeps out is known
    to the form alone, so there only the button searches.
    """

    def __call__(self, field: "LookupField", **options: Any) -> Markup:
        from flask import g, render_template  # noqa: PLC0415  only pages draw fields

        offers = field.narrow is None and g.scope.may(field.collection.may("see"))
        return Markup(render_template("resource/lookup.html", field=field, options=options, offers=offers))  # noqa: S704  our own template


class LookupField(Field):
    """A record of another collection, found by what people write: its code, its name, its codice fiscale.

    The value is the record itself. Without JavaScript the button beside it searches and the page
    comes back with what was found and everything that was typed. `narrow(statement)` keeps out of the
    offers what makes no sense to choose, such as homes that are let.
    """

    widget = LookupWidget()
    FEW = 50

    def __init__(self, *arguments: Any, target: type[Any] | str, narrow: lookup.Narrow = None, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.target = target
        self.narrow = narrow
        self.typed = ""
        self.found: list[Any] = []

    @property
    def collection(self) -> Any:
        """The collection it looks into."""
        book = self.meta.collections
        return book[self.target] if isinstance(self.target, str) else book.of_model(self.target)

    def process(self, formdata: Any, data: Any = None, extra_filters: Any = None, **options: Any) -> None:
        self.typed, self.found = "", []  # a form may read one row of a file after another
        if formdata is not None and f"{self.name}.q" in formdata:
            self.typed = str(formdata[f"{self.name}.q"]).strip()
        super().process(formdata, data, extra_filters, **options) if extra_filters else super().process(formdata, data)

    def process_formdata(self, valuelist: Sequence[Any]) -> None:
        chosen = str(valuelist[0]).strip() if valuelist else ""
        self.data = None
        if not (chosen or self.typed):
            return
        if chosen:
            self.data = lookup.by_key(self.meta.session, self.collection, chosen)
        if self.data is None:
            self._resolve(self.typed or chosen)
        # What was typed and found counts as given: whoever requires a value looks at the raw one.
        self.raw_data = [str(self.data.id)] if self.data is not None else []

    def _resolve(self, text: str) -> None:
        self.typed = text
        self.found = self._find(text)
        if len(self.found) == 1:
            self.data = self.found[0]
        elif self.found:
            raise ValueError(str(_("Several match “%(text)s”: choose one of them.", text=text)))
        else:
            raise ValueError(str(self._not_found(text)))

    def _not_found(self, text: str) -> Words:
        # Files and programs name the record in one go: a page shows what it found instead.
        exact = not getattr(self.meta, "loose", True)
        if exact and (near := lookup.nearest(self.meta.session, self.collection, text)):
            names = ", ".join(near)
            return _("Nothing here is called “%(text)s”: perhaps %(names)s?", text=text, names=names)
        return _("Nothing here is called “%(text)s”: check it, or register it first.", text=text)

    def _find(self, text: str) -> list[Any]:
        """What the text names; what was found for a row of a file is found for the others too."""
        collection, exact = self.collection, not getattr(self.meta, "loose", True)
        remembered = getattr(self.meta, "remembered", None)
        if remembered is None:
            return lookup.find(self.meta.session, collection, text, exact=exact, narrow=self.narrow)
        if found := remembered.get((self.name, text)):
            return found
        found = lookup.find(self.meta.session, collection, text, exact=exact, narrow=self.narrow)
        return remembered.setdefault((self.name, text), found) if found else found

    def choices(self) -> list[Any] | None:
        """All the records when they are few, so that a plain list serves; None when they are many."""
        offered = lookup.few(self.meta.session, self.collection, self.FEW, narrow=self.narrow)
        strange = offered is not None and self.data is not None and self.data not in offered
        return [self.data, *(offered or ())] if strange else offered

    def search(self, text: str) -> None:
        """Look for the text and offer what is found, keeping the present value among the offers."""
        self.errors: list[str] = []
        self.typed = text
        self.found = lookup.find(self.meta.session, self.collection, text, narrow=self.narrow)


def required() -> InputRequired:
    """Ask for a value, in words."""
    return InputRequired(_("Write a value here: it is required."))


def optional() -> Optional:
    """Let it be empty."""
    return Optional()


class AtMost(Length):
    """WTForms fills its own numbers into a sentence, which ours already holds."""

    def __call__(self, form: Any, field: Any) -> None:
        if field.data and len(field.data) > self.max:
            raise ValidationError(self.message)


def at_most(length: int) -> Length:
    """Refuse a text longer than its column."""
    return AtMost(max=length, message=_("Write at most %(n)s characters.", n=length))
