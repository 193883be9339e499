"""What the demo's partners share of people: shares in force and revoked, a request that waits, the notices behind."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select

from core.database.scope import Scope, ScopedSession, scope_of, today
from core.database.session import Database
from core.demo.network import partners
from core.demo.recording import recording
from core.partners.models import Partner
from core.people.models import Person
from core.sharing import services
from core.sharing.models import LegalGround, Level, Purpose, ShareRequest
from core.sharing.needs import REGISTRY, modules
from core.sharing.services.requests import ANSWERED_WITHIN

ADULTS_BORN_BEFORE = date(2000, 1, 1)
TOWN, COOPERATIVE, ASSOCIATION = "MONTICHIARI", "ILPONTE", "CASAAPERTA"
NOTICE = (
    "I dati servono a seguire insieme la persona e il suo nucleo. Li trattano l'ente che li ha raccolti e gli enti "
    "con cui la persona accetta di condividerli, per il tempo indicato. Il consenso si può ritirare in ogni momento: "
    "da allora l'altro ente non vede più nulla."
)
Told = dict[str, Any]


def share_people(database: Database, keys: Mapping[str, UUID]) -> None:
    """Let three partners share, each in its own name; people from the end of the alphabet, who play no other part."""
    asked = _run(database, keys, TOWN, lambda session: _of_the_town(session, keys))
    _run(database, keys, COOPERATIVE, lambda session: _of_the_cooperative(session, keys, asked))


def _run(database: Database, keys: Mapping[str, UUID], code: str, work: Any) -> Any:
    head = next(demo.users[0] for demo in partners() if demo.code == code)

    def once(session: ScopedSession) -> Any:
        with recording(session):
            return work(session)

    return database.run(Scope(partner_id=keys[code], actor=head.name), once)


def _of_the_town(session: ScopedSession, keys: Mapping[str, UUID]) -> ShareRequest:
    """Three shares with the cooperative, and the person that the cooperative will ask for."""
    _notice(session)
    task: Told = {"legal_ground": LegalGround.PUBLIC_TASK}
    told: tuple[Told, ...] = (
        task,
        task | {"level": Level.L2, "module": _housing(), "purpose": Purpose.HOUSING},
        {"legal_ground": LegalGround.JOINT_CONTROLLERS, "document": "Accordo di contitolarità della rete, prot. 1042",
         "level": Level.L3},
    )  # fmt: skip
    *shared, asked = _last_people(session, len(told) + 1)
    for person, one in zip(shared, told, strict=True):
        services.give(session, person=person, taker=session.get_one(Partner, keys[COOPERATIVE]), **one)
    return ShareRequest(giver_id=keys[TOWN], person_id=asked.id, codice_fiscale=asked.codice_fiscale)


def _of_the_cooperative(session: ScopedSession, keys: Mapping[str, UUID], asked: ShareRequest) -> None:
    """Two consents towards the town, one share revoked, and a request to the town."""
    _notice(session)
    consent: Told = {"legal_ground": LegalGround.CONSENT, "level": Level.L2, "module": _housing()}
    first, second, third = _last_people(session, 3)
    for person in (first, second):
        services.give(session, person=person, taker=session.get_one(Partner, keys[TOWN]), **consent)
    over = services.give(session, person=third, taker=session.get_one(Partner, keys[ASSOCIATION]),
                         legal_ground=LegalGround.CONSENT, purpose=Purpose.ACTIVITIES)  # fmt: skip
    services.revoke(session, over, reason="Il laboratorio è finito")
    asked.taker_id, asked.asked_by, asked.asked_on = keys[COOPERATIVE], "Mehdi El Amrani", today()
    asked.level, asked.purpose, asked.module = Level.L1, Purpose.SHARED_CARE, REGISTRY
    asked.expires_on = today() + ANSWERED_WITHIN
    session.add(asked)
    session.flush()


def _housing() -> str:
    """People are shared for housing where that module is installed."""
    return "housing" if "housing" in {one.value for one in modules()} else REGISTRY


def _notice(session: ScopedSession) -> None:
    services.write_notice(session, title="Informativa sulla condivisione", text=NOTICE,
                          valid_from=today() - timedelta(days=30))  # fmt: skip


def _last_people(session: ScopedSession, n: int) -> list[Person]:
    """Adults, who consent for themselves."""
    mine = select(Person).where(
        Person.registered_by_id == scope_of(session).partner_id, Person.codice_fiscale.is_not(None),
        Person.birth_date < ADULTS_BORN_BEFORE,
    )  # fmt: skip
    return list(session.scalars(mine.order_by(Person.sort_name.desc()).limit(n)))
