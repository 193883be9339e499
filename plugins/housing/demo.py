"""What housing adds to the demo network: homes, a call ranked and published, leases with their ledger."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.api import (
    IseeCertificate,
    Municipality,
    Person,
    add_months,
    certificate_on,
    household_of,
    scope_of,
    today,
)
from plugins.housing.models import (
    Application,
    Call,
    CheckOutcome,
    Dwelling,
    EnergyClass,
    Lease,
    LeaseKind,
    Ranking,
    Regime,
)
from plugins.housing.parameters import load_reference
from plugins.housing.services import (
    appeals,
    applications,
    assignments,
    calls,
    checks,
    deposits,
    dwellings,
    leases,
    ledger,
    rankings,
    regional,
)
from plugins.housing.services.schemes import load_demo_scheme

HOMES, LET, OFFERED, APPLICANTS, MONTHS = 40, 20, 7, 25, 7
STREETS = (
    "Via Roma", "Via Garibaldi", "Via Mazzini", "Via Verdi", "Via Trieste", "Via Brescia", "Via Manzoni", "Via Dante",
)  # fmt: skip
LIMIT, INDIGENT_LIMIT = Decimal(16000), Decimal(3000)
# How many of the months charged each tenant pays: most all, some late, a few hardly.
PAID = (7, 7, 7, 7, 6, 7, 7, 4, 7, 7, 7, 2, 7, 7, 6, 7, 7, 7, 3, 7)


def load(session: Session) -> None:
    """Load the demo of one partner, through the same services as everybody."""
    load_reference(session)
    homes = _homes(session)
    day = today() - timedelta(days=120)
    certificates = _certificates(session, day)
    _call(session, homes[LET : LET + OFFERED], certificates, day)
    _public_call(session, homes[LET + OFFERED : LET + OFFERED + 3], day)
    _leases(session, homes[:LET], _tenants(session, {one.person_id for one in certificates}))


def _homes(session: Session) -> list[Dwelling]:
    town = (
        session.scalars(select(Municipality).where(Municipality.name == "Montichiari", Municipality.current)).first()
        or session.scalars(select(Municipality).where(Municipality.current)).first()
    )
    regimes, classes = (Regime.SAS, Regime.SAS, Regime.PROJECT, Regime.MEDIATED), tuple(EnergyClass)
    return [
        dwellings.register_dwelling(
            session, code=f"MON-{n:03}", regime=regimes[n % 4], address=f"{STREETS[n % 8]} {2 + n}",
            municipality=town, floor=str(n % 4), unit=str(1 + n % 6), rooms=2 + n % 4,
            net_area=Decimal(45 + n * 7 % 60),
            max_occupants=2 + n % 5, lift=n % 3 == 0, accessible=n % 5 == 0, energy_class=classes[n % len(classes)],
            monthly_rent=Decimal(280 + n * 20 % 300), cadastral_category="A/3",
            available_from=today() - timedelta(days=60 + n * 9),
        )
        for n in range(1, HOMES + 1)
    ]  # fmt: skip


def _certificates(session: Session, day: date) -> list[IseeCertificate]:
    """Certificates in force on the day, of different people, a few above the limit."""
    wanted = (
        select(IseeCertificate)
        .where(
            IseeCertificate.submitted_on <= day,
            IseeCertificate.expires_on >= day,
            IseeCertificate.omissions.is_(False),
        )
        .order_by(IseeCertificate.id)
        .limit(APPLICANTS * 6)
    )  # fmt: skip
    found: dict[object, IseeCertificate] = {}
    for one in session.scalars(wanted).unique():
        household = household_of(session, one.person, on=day)
        if household is None or household.id != one.household_id:
            continue
        if certificate_on(session, household, on=day) is one:
            found.setdefault(one.person_id, one)
    return sorted(found.values(), key=lambda one: one.isee > LIMIT)[:APPLICANTS]


def _call(session: Session, homes: list[Dwelling], certificates: list[IseeCertificate], day: date) -> None:
    scheme = load_demo_scheme(session)
    call = calls.prepare_call(
        session, number=f"{day.year}/01", title="Alloggi sociali in cogestione", regime=Regime.SAS,
        opens_on=day - timedelta(days=20), closes_on=day + timedelta(days=10), homes=homes, scheme=scheme,
    )  # fmt: skip
    calls.publish_call(session, call)
    for n, certificate in enumerate(certificates):
        _apply(session, call, certificate, n, day)
    calls.close_call(session, call, on=day + timedelta(days=11))
    ranking = rankings.draw_up_ranking(session, call)
    published = day + timedelta(days=30)
    _with_a_colleague(
        session, lambda: rankings.publish_ranking(session, ranking, on=published, act=f"Determina 112/{day.year}")
    )
    _requests(session, ranking, published)
    _with_a_colleague(
        session,
        lambda: rankings.make_final(session, ranking, on=day + timedelta(days=60), act=f"Determina 148/{day.year}"),
    )
    ranked = [row.application for row in ranking.rows if row.position is not None]
    if len(ranked) > 1:
        offer = assignments.offer_dwelling(session, ranked[0], dwelling=homes[0], offered_on=day + timedelta(days=62))
        assignments.accept_offer(session, offer, on=day + timedelta(days=65))
        assignments.offer_dwelling(session, ranked[1], dwelling=homes[1], offered_on=day + timedelta(days=62))


def _public_call(session: Session, homes: list[Dwelling], day: date) -> None:
    """A call of public housing with the ranking that the region computed, its applicants not identified yet."""
    call = calls.prepare_call(
        session, number=f"SAP {day.year}/01", title="Servizi abitativi pubblici", regime=Regime.SAP, homes=homes,
        opens_on=day - timedelta(days=20), closes_on=day + timedelta(days=10),
    )  # fmt: skip
    calls.publish_call(session, call)
    calls.close_call(session, call, on=day + timedelta(days=11))
    lines = [
        f"LOM-{5200 + n};{65 - n * 4},{n}0;{'sì' if n % 5 == 0 else 'no'};{homes[n % len(homes)].code}"
        for n in range(9)
    ]
    content = "\n".join(["ID domanda;ISBAR;Indigente;Alloggi", *lines])
    ranking = regional.import_regional(session, call, content=content.encode()).version
    _with_a_colleague(
        session,
        lambda: rankings.publish_ranking(
            session, ranking, on=today() - timedelta(days=5), act=f"Determina 151/{day.year}"
        ),
    )


def _requests(session: Session, ranking: Ranking, published: date) -> None:
    """Two requests about the ranking: one in time and rejected, one out of time."""
    told = ((1, 10, "Chiede il riconoscimento dei punti per lo sfratto."), (3, 20, "Chiede di rivedere l'ISEE."))
    for row, days, grounds in told:
        if row < len(ranking.rows):
            request = appeals.register_appeal(
                session, application=ranking.rows[row].application, received_on=published + timedelta(days=days),
                grounds=grounds,
            )  # fmt: skip
            if not request.late:
                appeals.reject_appeal(session, request, reason="Lo sfratto non risulta convalidato.")


def _apply(session: Session, call: Call, certificate: IseeCertificate, n: int, day: date) -> None:
    application = applications.submit_application(
        session, call=call, person=certificate.person, household=certificate.household, isee_certificate=certificate,
        on=day, submitted_at=datetime.combine(day, time(8 + n // 6, n * 7 % 60), UTC),
        answers={
            "family": Decimal(10 + n * 5 % 40), "housing": Decimal(10 + n * 10 % 35), "resident": True,
            "no_property": True, "disability": n % 6 == 0,
        },
    )  # fmt: skip
    applications.start_review(session, application)
    if certificate.isee > LIMIT:
        applications.exclude(session, application)
    else:
        _verify(session, application, n)
        applications.admit(session, application)


def _verify(session: Session, application: Application, n: int) -> None:
    """What the office verified: the ISEE of all, the family of most, indigence where the social services attest it."""
    papers = {"R-H1": "Attestazione ISEE INPS", "isee": "Attestazione ISEE INPS", "R-H1.residence": "Anagrafe comunale",
              "R-H1.property": "Visura catastale nazionale"}  # fmt: skip
    if n % 4:
        papers["family"] = "Stato di famiglia"
    if application.isee is not None and application.isee <= INDIGENT_LIMIT:
        papers["indigent"] = f"Relazione del servizio sociale {10 + n}"
    for subject, document in papers.items():
        checks.record_check(
            session, application, subject=subject, outcome=CheckOutcome.CONFIRMED, document=document
        )  # fmt: skip


def _with_a_colleague(session: Session, work: object) -> None:
    """Let a second person do it: who drew a ranking up may not publish it."""
    scope = scope_of(session)
    session.info["scope"] = replace(scope, actor="Paola Ferrari")
    work()  # type: ignore[operator]
    session.info["scope"] = scope


def _tenants(session: Session, taken: set[object]) -> list[Person]:
    wanted = (
        select(Person)
        .where(Person.birth_date < today() - timedelta(days=365 * 25), Person.state == "active")
        .order_by(Person.id.desc())
        .limit(LET + APPLICANTS)
    )
    return [one for one in session.scalars(wanted) if one.id not in taken][:LET]


def _leases(session: Session, homes: list[Dwelling], tenants: list[Person]) -> None:
    first = add_months(today().replace(day=1), -MONTHS)
    signed = []
    for n, (home, tenant) in enumerate(zip(homes, tenants, strict=False)):
        rent = home.monthly_rent or Decimal(400)
        lease = leases.sign_lease(
            session, dwelling=home, tenant=tenant, kind=LeaseKind.AGREED if n % 3 else LeaseKind.SAS, starts_on=first,
            ends_on=add_months(first, 36 if n % 7 else 37) - timedelta(days=1), monthly_rent=rent,
            charges_advance=Decimal(40 + n % 3 * 10), deposit=rent * 2,
        )  # fmt: skip
        leases.activate_lease(session, lease)
        deposits.take_deposit(session, lease, amount=rent * 2, on=first)
        signed.append(lease)
    for month in range(MONTHS):
        ledger.charge_month(session, month=add_months(first, month))
    for n, lease in enumerate(signed):
        _pay(session, lease, PAID[n % len(PAID)], first)


def _pay(session: Session, lease: Lease, months: int, first: date) -> None:
    amount = lease.monthly_rent + lease.charges_advance
    days = [add_months(first, month) + timedelta(days=5 + month) for month in range(months)]
    ledger.record_past_payments(session, lease, [(day, amount, f"Canone {day:%m/%Y}") for day in days])
