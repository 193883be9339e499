"""Applications: submitted with a copy of the household, examined, admitted or excluded, scored."""

from collections.abc import Mapping
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from core.api import (
    ROME,
    Household,
    IseeCertificate,
    Person,
    Refusal,
    Words,
    _,
    certificate_on,
    household_of,
    next_number,
    now,
    show_date,
    today,
)
from plugins.housing.models import Application, ApplicationState, Call, Dwelling, Regime, ScoreLine
from plugins.housing.rules.requirements import Answer, Verdict, examine, exclusions
from plugins.housing.rules.scoring import score
from plugins.housing.wording import answer_text, requirement_text

SERIES = "HOUSING"
ADULT = 18
COMPUTED = ("isee", "minors", "members")
DECLARED = ("resident", "works_here", "no_property", "disability")
EXAMINED = (ApplicationState.SUBMITTED, ApplicationState.UNDER_REVIEW, ApplicationState.INTEGRATION)
RANKABLE = (ApplicationState.ADMITTED, ApplicationState.RANKED, ApplicationState.DECLINED_WITH_CAUSE)
SCORED = (*EXAMINED, *RANKABLE)


def submit_application(
    session: Session,
    *,
    call: Call,
    person: Person,
    answers: Mapping[str, Answer],
    household: Household | None = None,
    isee_certificate: IseeCertificate | None = None,
    first_choice: Dwelling | None = None,
    second_choice: Dwelling | None = None,
    submitted_at: datetime | None = None,
    external_protocol: str | None = None,
    on: date | None = None,
) -> Application:
    """Take an application in: it gets its protocol and a copy of the household as it is that day.

    Without a household the applicant's registry one is taken, without a certificate the one in force.
    A missing or incomplete ISEE does not bar the application: it is flagged, to be completed.
    """
    day = on or today()
    _refuse_out_of_call(call, day)
    household = household or household_of(session, person, on=day)
    if household is None:
        raise Refusal(
            _("On %(day)s this person stood in no household: put one together first.", day=show_date(day)),
            field="household",
        )
    _refuse_second(session, call, person)
    _refuse_twin(session, external_protocol)
    _check_choices(call, first_choice, second_choice)
    certificate = isee_certificate or certificate_on(session, household, on=day)
    _check_certificate(certificate, household, day)
    snapshot = take_snapshot(household, certificate, day)
    declared = {key: value for key, value in answers.items() if key not in COMPUTED and value is not None}
    application = Application(
        protocol=next_number(session, SERIES, on=day), external_protocol=external_protocol,
        submitted_at=submitted_at or now(), call=call, person=person,
        household=household, isee_certificate=certificate, isee=certificate.isee if certificate else None,
        isee_flagged=is_flagged(certificate), first_choice=first_choice, second_choice=second_choice,
        snapshot=snapshot, answers=_plain({**declared, **_counted(snapshot, certificate)}),
    )  # fmt: skip
    session.add(application)
    session.flush()
    return application


def _refuse_out_of_call(call: Call, day: date) -> None:
    if call.regime is Regime.SAP:
        raise Refusal(
            _("Applications for public housing are filed on the region's platform: import its ranking."), field="call"
        )
    if not call.takes_on(day):
        raise Refusal(
            _("This call takes applications from %(first)s to %(last)s, once published.",
              first=show_date(call.opens_on), last=show_date(call.closes_on)), field="call",
        )  # fmt: skip


def keep_household(
    session: Session,
    application: Application,
    *,
    person: Person,
    household: Household,
    certificate: IseeCertificate | None,
    on: date,
) -> Application:
    """Give an application without applicant its person and a copy of the household as it is on a day."""
    _refuse_second(session, application.call, person)
    _check_certificate(certificate, household, on)
    snapshot = take_snapshot(household, certificate, on)
    application.person, application.household, application.snapshot = person, household, snapshot
    application.isee_certificate, application.isee_flagged = certificate, is_flagged(certificate)
    application.isee = certificate.isee if certificate else None
    application.answers = {**application.answers, **_plain(_counted(snapshot, certificate))}
    session.flush()
    return application


def take_in_application(
    session: Session, *, received_on: date | None = None, received_at: time | None = None, **told: Any
) -> Application:
    """Take an application in as a form says it: handed over now, or come on paper or by post on an earlier day.

    The day it came decides whether it is in time, its hour decides ties: neither is when it is typed in.
    """
    day = received_on or today()
    if day > today():
        raise Refusal(_("An application cannot have come in the future."), field="received_on")
    if received_at is None and day < today():
        raise Refusal(_("Write the hour stamped on it: between equal points the earlier one goes first."),
                      field="received_at")  # fmt: skip
    at = datetime.combine(day, received_at, ROME) if received_at else now()
    if at > now():
        raise Refusal(_("An application cannot have come in the future."), field="received_at")
    return submit_application(session, on=day, submitted_at=at, **told)


def take_snapshot(household: Household, certificate: IseeCertificate | None, day: date) -> dict[str, Any]:
    """The household and its ISEE as they are on a day, to stay so whatever becomes of them."""
    members = [(one, one.person) for one in household.members_on(day) if one.person is not None]
    if not any(one.person_id == household.person_id for one, _person in members):
        raise Refusal(_("The household has no reference person that day."), field="household")
    return {
        "taken_on": day.isoformat(),
        "household": household.code,
        "members": [
            {
                "name": str(person), "codice_fiscale": person.codice_fiscale, "role": one.role.value,
                "birth_date": person.birth_date.isoformat() if person.birth_date else None,
                "age": person.age_on(day),
            }
            for one, person in members
        ],
        "isee": certificate and {
            "protocol": certificate.protocol, "isee": str(certificate.isee), "kind": certificate.kind.value,
            "submitted_on": certificate.submitted_on.isoformat(), "expires_on": certificate.expires_on.isoformat(),
        },
    }  # fmt: skip


def is_flagged(certificate: IseeCertificate | None) -> bool:
    """Whether something is still missing before a decision may stand on the ISEE."""
    return certificate is None or certificate.needs_resolution


def start_review(session: Session, application: Application) -> Application:
    """Take an application into the hands of the office."""
    application.state = ApplicationState.UNDER_REVIEW
    session.flush()
    return application


def ask_integration(session: Session, application: Application, *, note: str, answer_by: date) -> Application:
    """Ask the applicant for what is missing, within a day."""
    application.state, application.note, application.answer_by = ApplicationState.INTEGRATION, note, answer_by
    session.flush()
    return application


def complete_answers(
    session: Session,
    application: Application,
    *,
    answers: Mapping[str, Answer],
    isee_certificate: IseeCertificate | None = None,
) -> Application:
    """Add what the office checked or the applicant completed; what was declared stays in the history."""
    _refuse_decided(application)
    return _write_answers(session, application, answers, isee_certificate)


def correct_answers(
    session: Session,
    application: Application,
    *,
    answers: Mapping[str, Answer],
    isee_certificate: IseeCertificate | None = None,
) -> Application:
    """Correct a decided application as a request granted asks, and decide again whether it stands in the ranking."""
    _write_answers(session, application, answers, isee_certificate)
    unmet = exclusions(application.call.requirements, application.entry.answers)
    if application.state is ApplicationState.EXCLUDED:
        if unmet:
            raise Refusal(_("With these answers it still does not meet %(rule)s.", rule=unmet[0].rule), field="answers")
        application.state, application.rule, application.note = ApplicationState.ADMITTED, None, None
    elif unmet and application.state in RANKABLE:
        application.state, application.rule = ApplicationState.EXCLUDED, unmet[0].rule
    session.flush()
    return application


def _write_answers(
    session: Session, application: Application, answers: Mapping[str, Answer], isee_certificate: IseeCertificate | None
) -> Application:
    declared = {key: value for key, value in answers.items() if key not in COMPUTED}
    certificate = isee_certificate or application.isee_certificate
    if certificate is not None:
        _check_certificate(certificate, application.household, date.fromisoformat(application.snapshot["taken_on"]))
        application.isee_certificate, application.isee = certificate, certificate.isee
        declared["isee"] = certificate.isee
    kept = {**application.answers, **_plain(declared)}
    application.answers = {key: value for key, value in kept.items() if value is not None}
    application.isee_flagged = is_flagged(certificate)
    session.flush()
    return application


def admit(session: Session, application: Application) -> Application:
    """Let an application into the ranking, once it meets every requirement of the call."""
    _refuse_decided(application)
    application.isee_flagged = is_flagged(application.isee_certificate)
    if application.isee_flagged and application.call.isee_limit is not None:
        raise Refusal(_("The ISEE is missing or has open omissions: complete it, or exclude the application."))
    for verdict in examine(application.call.requirements, application.entry.answers):
        if not verdict.met:
            raise Refusal(_unmet(verdict))
    application.state, application.rule, application.note = ApplicationState.ADMITTED, None, None
    session.flush()
    return application


def _unmet(verdict: Verdict) -> Words:
    rule, asked = verdict.requirement.rule, requirement_text(verdict.requirement)
    if verdict.met is None:
        return _("Nobody answered whether %(rule)s is met (%(asked)s): ask for it first.", rule=rule, asked=asked)
    return _(
        "The application does not meet %(rule)s (%(asked)s; declared: %(datum)s): exclude it.",
        rule=rule, asked=asked, datum=answer_text(verdict.datum, getattr(verdict.requirement, "criterion", "")),
    )  # fmt: skip


def exclude(
    session: Session, application: Application, *, rule: str | None = None, reason: str | None = None
) -> Application:
    """Leave an application out, naming the rule: it is all that will be published."""
    _refuse_decided(application)
    unmet = exclusions(application.call.requirements, application.entry.answers)
    if rule is None and not unmet:
        raise Refusal(_("It meets every requirement: write the rule that excludes it."), field="rule")
    application.state, application.rule = ApplicationState.EXCLUDED, rule or unmet[0].rule
    application.note = reason
    session.flush()
    return application


def score_applications(session: Session, call: Call) -> list[Application]:
    """Compute the points of every application that may still be ranked, and keep each addend."""
    scheme = call.scheme.rules
    titles = _titles(call)
    wanted = select(Application).where(Application.call_id == call.id, Application.state.in_(SCORED))
    scored = list(session.scalars(wanted.options(selectinload(Application.lines))))
    for application in scored:
        application.lines.clear()
    session.flush()
    for application in scored:
        points = score(scheme, application.entry.answers)
        application.lines.extend(
            ScoreLine(
                position=position, key=line.criterion, group=titles[line.group], criterion=titles[line.criterion],
                datum=answer_text(line.datum), points=line.points, counted=line.counted,
            )
            for position, line in enumerate(points.lines, start=1)
        )  # fmt: skip
        application.total = points.total
    session.flush()
    return scored


def _titles(call: Call) -> dict[str, str]:
    scheme = call.scheme.rules
    titles = {group.key: group.title or group.key for group in scheme.groups}
    return titles | {one.key: one.title or one.key for group in scheme.groups for one in group.criteria}


def _counted(snapshot: dict[str, Any], certificate: IseeCertificate | None) -> dict[str, Answer]:
    ages = [member["age"] for member in snapshot["members"] if member["age"] is not None]
    counted: dict[str, Answer] = {"minors": sum(age < ADULT for age in ages), "members": len(snapshot["members"])}
    return counted | ({"isee": certificate.isee} if certificate else {})


def _plain(answers: Mapping[str, Answer]) -> dict[str, Any]:
    """Answers as JSON keeps them: amounts as exact text."""
    return {key: str(value) if isinstance(value, Decimal) else value for key, value in answers.items()}


def _refuse_decided(application: Application) -> None:
    if application.state not in EXAMINED:
        raise Refusal(_("This application is already decided: it is %(state)s.", state=application.state.label))


def _refuse_second(session: Session, call: Call, person: Person) -> None:
    same = select(Application).where(Application.call_id == call.id, Application.person_id == person.id)
    if earlier := session.scalars(same).first():
        raise Refusal(
            _("%(name)s already applied to this call: %(protocol)s.", name=person, protocol=earlier), field="person"
        )


def _refuse_twin(session: Session, external_protocol: str | None) -> None:
    same = select(Application).where(Application.external_protocol == external_protocol)
    if external_protocol and (earlier := session.scalars(same).first()):
        raise Refusal(
            _("The application %(protocol)s already has this protocol of yours.", protocol=earlier),
            field="external_protocol",
        )


def _check_choices(call: Call, first: Dwelling | None, second: Dwelling | None) -> None:
    offered = {one.dwelling_id for one in call.homes}
    for name, choice in (("first_choice", first), ("second_choice", second)):
        if choice is not None and choice.id not in offered:
            raise Refusal(_("The call does not offer %(home)s.", home=choice), field=name)
    if first is not None and first is second:
        raise Refusal(_("Choose two different homes, or one alone."), field="second_choice")


def _check_certificate(certificate: IseeCertificate | None, household: Household | None, day: date) -> None:
    if certificate is None:
        return
    if household is None or certificate.household_id != household.id:
        raise Refusal(_("This certificate is of another household."), field="isee_certificate")
    if not certificate.is_valid_on(day):
        raise Refusal(
            _("The certificate is valid from %(first)s to %(last)s: ask for a new one.",
              first=show_date(certificate.submitted_on), last=show_date(certificate.expires_on)),
            field="isee_certificate",
        )  # fmt: skip
