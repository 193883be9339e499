"""The forms of an application: a field for each question of its call's scheme."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from flask import render_template
from markupsafe import Markup
from sqlalchemy import select
from werkzeug.datastructures import MultiDict
from wtforms.widgets import HiddenInput

from core.api import (
    Choice,
    ChoiceField,
    DateField,
    DecimalField,
    IntegerField,
    LongTextField,
    LookupField,
    RecordForm,
    TextField,
    TimeField,
    Words,
    _,
    at_most,
    optional,
    required,
    show_number,
    today,
)
from plugins.housing.models import Application, Call, CallDwelling, CallState, Dwelling
from plugins.housing.models.scheme import ScoringScheme
from plugins.housing.rules.scheme import Criterion, CriterionKind, Group
from plugins.housing.services.applications import COMPUTED, DECLARED

SAID = {"y": "yes", "true": "yes", "si": "yes", "sì": "yes", "false": "no"}


class Declaration(Choice):
    """What somebody declares of a condition; nothing is not the same as no."""

    YES = "yes", _("Yes")
    NO = "no", _("No")


class DeclarationField(ChoiceField):
    """Yes, no, or not answered."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, choices=Declaration, none=_("Not answered"), **options)

    def _read(self, text: Any) -> Any:
        return super()._read(SAID.get(str(text).strip().casefold(), text))


class QuestionsWidget(HiddenInput):
    """The button that brings the questions of the call chosen; it counts as hidden so that no label is drawn."""

    def __call__(self, field: "QuestionsField", **options: Any) -> Markup:
        return Markup(render_template("housing/questions.html", field=field))  # noqa: S704  our own template


class QuestionsField(LongTextField):
    """Where the scheme's questions stand in the form; files write their answers here, `criterion = answer` a line."""

    widget = QuestionsWidget()
    scheme: ScoringScheme | None = None
    offers_choice = False

    def search(self, text: str) -> None:
        """Nothing to look for: the page comes back with the questions of the call that is chosen now."""


class AnswersForm(RecordForm):
    """Declared conditions, and what the scheme of the call asks besides."""

    groups: Sequence[tuple[Words, Sequence[str]]] = (
        (_("Declared conditions"), (*DECLARED, "isee_certificate", "answers")),
    )

    resident = DeclarationField(_("Resident in the district"))
    works_here = DeclarationField(_("Works in the district"))
    no_property = DeclarationField(_("Owns no adequate home"))
    disability = DeclarationField(
        _("Certified disability in the household"),
        description=_("Yes or no, and nothing more: the certificate stays with the office"),
    )
    isee_certificate = LookupField(
        _("ISEE certificate"), target="isee-certificates",
        description=_("Empty takes the one in force"), validators=[optional()],
    )  # fmt: skip
    answers = QuestionsField(_("Answers to the scheme's criteria"), validators=[optional()])

    def __init__(self, formdata: Any = None, obj: Any = None, **options: Any) -> None:
        self.sent = _spread(formdata)
        super().__init__(self.sent, obj=obj, **options)
        given = dict(obj.entry.answers) if isinstance(obj, Application) else {}
        for name in DECLARED:
            self._fields[name].process(self.sent, _told(given.get(name)))
        call = obj.call if isinstance(obj, Application) else self.chosen_call()
        self.answers.data, self.answers.scheme = None, call.scheme if call else None
        if call:
            self.ask(call.scheme.rules.groups, given)

    def chosen_call(self) -> Call | None:
        """The call that a new application is for, once it is chosen."""
        return None

    def ask(self, groups: Iterable[Group], given: Mapping[str, Any]) -> None:
        """Add a field for each criterion that somebody answers, under the title of its group."""
        shown: list[tuple[Words, tuple[str, ...]]] = []
        for group in groups:
            asked = [one for one in group.criteria if one.key not in (*COMPUTED, *DECLARED)]
            for criterion in asked:
                name = f"answers.{criterion.key}"
                field = _question(criterion, group).bind(form=self, name=name)
                field.process(self.sent, _told(given.get(criterion.key)))
                self._fields[name] = field
            if asked:
                title = _("%(group)s, %(cap)s points at most", group=group.title or group.key,
                          cap=show_number(group.cap))  # fmt: skip
                shown.append((title, tuple(f"answers.{one.key}" for one in asked)))
        self.groups = (*type(self).groups, *shown)

    def validate(self, extra_validators: Any = None) -> bool:
        """Refuse answers to questions that the call does not ask, and a page that did not show those it asks."""
        good = super().validate(extra_validators)
        keys = [key for key in self.sent or () if key.startswith("answers.") and key != "answers.of"]
        for key in keys:
            if self.answers.scheme and key not in self._fields and key.removeprefix("answers.") not in DECLARED:
                sentence = _("The scheme asks nothing called “%(name)s”.", name=key.removeprefix("answers."))
                self.answers.errors = [*self.answers.errors, str(sentence)]
        scheme = self.answers.scheme
        if self.meta.loose and scheme is not None and (self.sent or {}).get("answers.of") != str(scheme.id):
            self.answers.errors = [str(_("Answer the questions of this call, which now stand below."))]
        return good and not self.answers.errors

    def values(self) -> dict[str, Any]:
        """Answers together, the rest as it is."""
        values = super().values()
        answers = {name: _meant(values.pop(name)) for name in DECLARED}
        asked = [name for name in values if name.startswith("answers.")]
        answers |= {name.removeprefix("answers."): _meant(values.pop(name)) for name in asked}
        return {**values, "answers": answers}


class ApplicationForm(AnswersForm):
    """An application as the office takes it in."""

    groups = (
        (_("Who applies, and to what"), ("call", "answers", "person", "household", "isee_certificate")),
        (_("When it came"), ("received_on", "received_at", "external_protocol")),
        (_("Homes asked for"), ("first_choice", "second_choice")),
        (_("Declared conditions"), DECLARED),
    )

    call = LookupField(
        _("Call"), target=Call, validators=[required()],
        narrow=lambda statement: statement.where(Call.state == CallState.OPEN),
    )  # fmt: skip
    person = LookupField(
        _("Applicant"), target="people", description=_("By codice fiscale or by name"), validators=[required()]
    )
    household = LookupField(
        _("Household"), target="households", description=_("Empty takes the registry household"),
        validators=[optional()],
    )  # fmt: skip
    received_on = DateField(
        _("Received on"), default=today, validators=[required()],
        description=_("Earlier when it came on paper or by certified mail: it must be within the days of the call"),
    )  # fmt: skip
    received_at = TimeField(
        _("At"), description=_("The hour stamped on it, such as 09:30; empty takes this moment"),
        validators=[optional()],
    )  # fmt: skip
    external_protocol = TextField(
        _("Protocol of your office"), description=_("The number that your protocol gave to the paper"),
        validators=[optional(), at_most(40)],
    )  # fmt: skip
    first_choice = LookupField(_("First home asked for"), target=Dwelling, validators=[optional()])
    second_choice = LookupField(_("Second home asked for"), target=Dwelling, validators=[optional()])

    def __init__(self, formdata: Any = None, obj: Any = None, **options: Any) -> None:
        super().__init__(formdata, obj=obj, **options)
        self.answers.offers_choice = True
        for field in (self.first_choice, self.second_choice):
            field.narrow = _offered_by(self.call.data)

    def chosen_call(self) -> Call | None:
        """The one chosen; while nothing was sent, the only one that is open."""
        if self.call.data is None and not self.sent and self.meta.loose and self.meta.session is not None:
            offered = self.call.choices() or []
            self.call.data = offered[0] if len(offered) == 1 else None
        call: Call | None = self.call.data
        return call


def _offered_by(call: Call | None) -> Any:
    def narrow(statement: Any) -> Any:
        offered = select(CallDwelling.dwelling_id).where(CallDwelling.call_id == (call.id if call else None))
        return statement.where(Dwelling.id.in_(offered))

    return narrow


def _question(criterion: Criterion, group: Group) -> Any:
    """The field of one criterion: its kind says what is answered, its help what that is worth."""
    title, points = criterion.title or criterion.key, show_number(criterion.points)
    told: dict[str, Any] = {"validators": [optional()]}
    if criterion.kind is CriterionKind.YES_NO:
        return DeclarationField(title, description=_("Yes is worth %(points)s points", points=points))
    if criterion.kind is CriterionKind.EACH:
        return IntegerField(title, description=_("How many: %(points)s points each", points=points), **told)
    if criterion.kind is CriterionKind.STEPS:
        steps = "; ".join(_step(start, worth) for start, worth in criterion.steps)
        return DecimalField(title, description=_("A number. %(steps)s", steps=steps), **told)
    return DecimalField(title, description=_("Points that the office gives, with two decimals at most"), **told)


def _step(start: Any, points: Any) -> str:
    return str(_("from %(start)s: %(points)s points", start=show_number(start), points=show_number(points)))


def _spread(formdata: Any) -> Any:
    """What was sent with a key for each answer, whether a page, a program or a line of a file's cell says it."""
    if formdata is None:
        return None
    sent: MultiDict[str, str] = MultiDict(formdata)
    sent.update({f"answers.{key}": told for key, told in _lines(sent.pop("answers", ""))})
    for name in DECLARED:
        if name not in sent and f"answers.{name}" in sent:
            sent[name] = sent[f"answers.{name}"]
    return sent


def _lines(text: str) -> Iterator[tuple[str, str]]:
    for line in text.replace(";", "\n").splitlines():
        key, _sign, told = (part.strip() for part in line.partition("="))
        if key:
            yield key, told


def _told(answer: Any) -> Any:
    """An answer as its field holds it."""
    if isinstance(answer, bool):
        return Declaration.YES if answer else Declaration.NO
    return answer


def _meant(told: Any) -> Any:
    """What a field holds as the answer it stands for."""
    return told is Declaration.YES if isinstance(told, Declaration) else told
