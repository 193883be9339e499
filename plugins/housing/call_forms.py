"""Forms of calls after they close: rankings, requests about them, verifications, reserves."""

from typing import Any

from wtforms import SelectField

from core.api import (
    ChoiceField,
    DateField,
    DecimalField,
    LongTextField,
    LookupField,
    RecordForm,
    TextField,
    YesNoField,
    _,
    at_most,
    model_form,
    optional,
    required,
    today,
)
from plugins.housing.application_forms import AnswersForm
from plugins.housing.models import AppealKind, Application, Call, CheckOutcome, ScoringScheme
from plugins.housing.services.applications import DECLARED
from plugins.housing.services.checks import subjects_of


class DrawUpForm(RecordForm):
    """Why a ranking is drawn up again."""

    reason = TextField(
        _("Why this version"), description=_("Where there is an earlier one"), validators=[optional(), at_most(500)]
    )


class PublishForm(RecordForm):
    """The act that publishes a ranking, and the day it stands on the notice board."""

    act = TextField(_("Act of publication"), description=_("Its number and date"), validators=[required(), at_most(60)])
    on = DateField(_("Published on"), default=today, validators=[required()])


class FinalForm(RecordForm):
    """The act that makes a ranking final."""

    act = TextField(
        _("Act that makes it final"), description=_("Its number and date"), validators=[required(), at_most(60)]
    )
    despite = LongTextField(
        _("Why it does not wait for the requests still undecided"),
        description=_("Only when some request in time is not decided"), validators=[optional(), at_most(500)],
    )  # fmt: skip


class AppealForm(RecordForm):
    """A request for correction or an appeal, as it was received."""

    application = LookupField(
        _("Application"), target=Application, description=_("By its protocol"), validators=[required()]
    )
    kind = ChoiceField(_("What is asked"), choices=AppealKind, none=_("Correction request"))
    received_on = DateField(_("Received on"), default=today, validators=[required()])
    grounds = LongTextField(
        _("Grounds"), description=_("What is contested, and why"), validators=[required(), at_most(4000)]
    )


class DecisionForm(RecordForm):
    """Why a request is decided so."""

    reason = LongTextField(_("Reason of the decision"), validators=[required(), at_most(500)])


class GrantForm(AnswersForm):
    """The decision that grants a request, with the answers as they are to be."""

    groups = (
        (_("Decision"), ("reason",)),
        (_("Answers, as they are to be"), (*DECLARED, "answers", "isee_certificate")),
    )

    reason = LongTextField(_("Reason of the decision"), validators=[required(), at_most(500)])

    def __init__(self, formdata: Any = None, obj: Any = None, **options: Any) -> None:
        super().__init__(formdata, obj=obj.application if obj is not None else None, **options)


class CheckForm(RecordForm):
    """One datum or requirement verified on a document."""

    subject = SelectField(_("What is verified"), choices=(), validate_choice=False, validators=[required()])
    outcome = ChoiceField(_("Outcome"), choices=CheckOutcome, validators=[required()])
    document = TextField(
        _("Document"), description=_("Which one, of whom and of when: never what it says of health"),
        validators=[required(), at_most(200)],
    )  # fmt: skip
    note = TextField(_("Note"), validators=[optional(), at_most(300)])

    def __init__(self, formdata: Any = None, obj: Any = None, **options: Any) -> None:
        super().__init__(formdata, obj=None, **options)
        if obj is not None:
            subjects = subjects_of(obj.call)
            self.subject.choices = [(key, f"{words} ({key})") for key, words in subjects.items()]


class ReserveForm(RecordForm):
    """A share of a call's homes kept for a group."""

    title = TextField(
        _("Reserved for"), description=_("Such as: couples under 35"), validators=[required(), at_most(120)]
    )
    criterion = TextField(
        _("Answer that counts"), description=_("The key of a yes or no answer"), validators=[required(), at_most(40)]
    )
    percent = DecimalField(
        _("Percent of the homes"), description=_("A half makes a whole home"), validators=[required()]
    )


CallFields: Any = model_form(
    Call,
    [
        "number", "title", "regime", "opens_on", "closes_on", "officer", "isee_limit", "reserve_percent",
        "free_homes", "residence_required", "no_property_required",
    ],
)  # fmt: skip


class CallForm(CallFields):
    """A call as it is drafted; the points of public housing are the region's."""

    groups = (
        (_("Call"), ("number", "title", "regime", "opens_on", "closes_on", "officer")),
        (_("Rules"), ("scheme", "isee_limit", "residence_required", "no_property_required")),
        (_("Homes kept"), ("reserve_percent", "free_homes")),
    )

    scheme = LookupField(
        _("Scoring scheme"), target=ScoringScheme,
        description=_("Empty for public housing (SAP): the region computes the points"), validators=[optional()],
    )  # fmt: skip


class IdentifyForm(RecordForm):
    """Who stands behind the number that the region gave."""

    person = LookupField(
        _("Applicant"), target="people", description=_("By codice fiscale or by name"), validators=[required()]
    )
    household = LookupField(
        _("Household"), target="households", description=_("Empty takes the registry household"),
        validators=[optional()],
    )  # fmt: skip
    isee_certificate = LookupField(
        _("ISEE certificate"), target="isee-certificates", description=_("Empty takes the one in force"),
        validators=[optional()],
    )  # fmt: skip


class RegionalForm(RecordForm):
    """The region's file as a program sends it: its text, to be tried or written."""

    content = LongTextField(_("Rows of the file, with its headings"), validators=[required()])
    dry_run = YesNoField(_("Try, without writing anything"))
