"""The form of an application as a line of an office's list tells it: person, household and ISEE along with it."""

import re
from typing import Any

from werkzeug.datastructures import MultiDict

from core.api import (
    ROME,
    ChoiceField,
    DateField,
    HouseholdRole,
    IntegerField,
    IseeKind,
    LookupField,
    MoneyField,
    PhoneField,
    Refusal,
    TextField,
    YesNoField,
    _,
    at_most,
    names_of,
    optional,
    required,
)
from plugins.housing.application_forms import ApplicationForm
from plugins.housing.models import Application
from plugins.housing.services.receiving import APPLICANT, minors_among

MEMBER = re.compile(r"\s*([A-Za-z0-9]{11,16})\s*(?:\(\s*([^()]+?)\s*\))?\s*")
MOST_HOMES = 2
CHOICES = ("first_choice", "second_choice")


def read_members(text: str) -> list[tuple[str, HouseholdRole]]:
    """Codici fiscali with what each is to the applicant, as in “RSSLRA12A41B157X (figlia)”."""
    return [_member(part) for part in re.split("[,;\n]", text) if part.strip()]


def _member(part: str) -> tuple[str, HouseholdRole]:
    found = MEMBER.fullmatch(part)
    if not found or not found[2]:
        raise Refusal(
            _("“%(text)s”: write a codice fiscale and, in brackets, what that person is to the applicant.",
              text=part.strip()),
        )  # fmt: skip
    role = next((one for one in HouseholdRole if found[2].casefold() in role_words(one)), None)
    if role is None or role is HouseholdRole.REFERENCE:
        choices = ", ".join(str(one.label) for one in HouseholdRole if one is not HouseholdRole.REFERENCE)
        raise Refusal(_("“%(text)s” is none of: %(choices)s.", text=found[2], choices=choices))
    return found[1].upper(), role


def role_words(role: HouseholdRole) -> set[str]:
    """How a role is written: its code, its label in each language, and the words of a label that offers two."""
    labels = names_of(role) | {role.value}
    return labels | {word for label in labels for word in re.split(" o | or ", label)} | set(CALLED.get(role, ()))


CALLED = {
    HouseholdRole.PARTNER: ("coniuge", "moglie", "marito", "convivente"),
    HouseholdRole.CHILD: ("figlio", "figlia", "son", "daughter"),
    HouseholdRole.PARENT: ("padre", "madre"),
    HouseholdRole.OTHER_RELATIVE: ("altro parente", "parente", "fratello", "sorella", "nonno", "nonna"),
    HouseholdRole.NOT_RELATED: ("non parente", "altro"),
}


class MembersField(TextField):
    """The others of the household: kept as text, handed on as pairs of code and role."""

    read = staticmethod(lambda text: told_members(read_members(text)))


def told_members(members: list[tuple[str, HouseholdRole]]) -> str:
    """Members as the field keeps them, always in the same order."""
    return ", ".join(f"{code} ({role.value})" for code, role in sorted(members))


class ApplicationRowForm(ApplicationForm):
    """An application with whatever the line says of its applicant; what is empty is as the registry has it."""

    isee_certificate = None  # type: ignore[assignment]

    external_protocol = TextField(_("Protocol of your office"), validators=[required(), at_most(40)])
    person = TextField(_("Applicant's codice fiscale"), validators=[required()])
    surname = TextField(_("Surname"), validators=[optional(), at_most(100)])
    name = TextField(_("Name"), validators=[optional(), at_most(100)])
    phone = PhoneField(_("Phone"), validators=[optional()])
    residence_address = TextField(_("Residence"), validators=[optional(), at_most(200)])
    residence_municipality = LookupField(
        _("Municipality of residence"), target="municipalities", validators=[optional()]
    )
    residence_postcode = TextField(_("Postcode"), validators=[optional()])
    confirm_similar = YesNoField(_("It is another person: register it anyway"))
    members = MembersField(_("Other members of the household"), validators=[optional()])
    minors = IntegerField(_("Minors"), validators=[optional()])
    isee = MoneyField(_("ISEE"), validators=[optional()])
    dsu_protocol = TextField(_("INPS protocol"), validators=[optional(), at_most(40)])
    dsu_on = DateField(_("DSU submitted on"), validators=[optional()])
    dsu_kind = ChoiceField(_("Kind of ISEE"), choices=IseeKind, none=_("Ordinary"), validators=[optional()])
    homes = TextField(_("Homes asked for"), validators=[optional()])

    def __init__(self, formdata: Any = None, obj: Any = None, **options: Any) -> None:
        sent = MultiDict(formdata) if formdata is not None else None
        asked = str(sent.get("homes", "")) if sent is not None else ""
        codes = [code.strip() for code in asked.replace(";", ",").split(",") if code.strip()]
        if sent is not None:
            sent.update(dict(zip(CHOICES, codes, strict=False)))
        super().__init__(sent, obj=obj, **options)
        self.too_many = len(codes) > MOST_HOMES
        self.households = "members" in (formdata or {})
        if isinstance(obj, Application) and formdata is None:
            self.show(obj)

    def show(self, application: Application) -> None:
        """Fill in what an application already says, as a line would say it."""
        person, certificate = application.person, application.isee_certificate
        came = application.submitted_at.astimezone(ROME)
        homes = [one.code for one in (application.first_choice, application.second_choice) if one]
        told: dict[str, Any] = {name: getattr(person, name, None) for name in APPLICANT}
        told |= {
            "person": person and person.codice_fiscale, "received_on": came.date(),
            "received_at": came.time().replace(second=0, microsecond=0), "homes": ", ".join(homes),
            "minors": minors_among(application.snapshot), "isee": application.isee,
            "members": told_members([
                (one["codice_fiscale"], HouseholdRole(one["role"])) for one in application.snapshot["members"]
                if one["codice_fiscale"] and one["codice_fiscale"] != (person and person.codice_fiscale)
            ]),
        }  # fmt: skip
        if certificate is not None:
            told |= {"dsu_protocol": certificate.protocol, "dsu_on": certificate.submitted_on,
                     "dsu_kind": certificate.kind}  # fmt: skip
        for name, value in told.items():
            self._fields[name].data = value

    def validate(self, extra_validators: Any = None) -> bool:
        """What is wrong with a home stands beside the homes, where the line names it."""
        super().validate(extra_validators)
        for name in CHOICES:
            self.homes.errors = [*self.homes.errors, *self._fields[name].errors]
            self._fields[name].errors = []
        if self.too_many:
            self.homes.errors = [*self.homes.errors, str(_("Ask for two homes at most."))]
        return not self.errors

    def values(self) -> dict[str, Any]:
        """The homes are the first and second choice; nobody named beside the applicant is a household of one."""
        values = super().values()
        values.pop("homes")
        values["members"] = read_members(values["members"] or "") if self.households else None
        return values
