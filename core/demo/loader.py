"""The demo network, loaded into a database and removed from it."""

from collections.abc import Callable, Mapping, Sequence
from uuid import UUID

from sqlalchemy import select

from core.config import Settings
from core.database.scope import Scope, ScopedSession
from core.database.session import Database
from core.demo import doubles
from core.demo.admission import PASSWORD, admit_partners, admit_users, switch_modules_on, write_letterheads
from core.demo.models import has_demo
from core.demo.network import partners
from core.demo.population import Population, crowd, population
from core.demo.recording import recording, remove_demo
from core.demo.registries import register_organisations, register_places, towns
from core.demo.residents import Residents
from core.demo.shares import share_people
from core.demo.steps import DemoStep
from core.language import _
from core.partners.models import Partner
from core.people.services import load_tags
from core.places.gazetteer import load_reference
from core.places.models import Municipality
from core.refusals import Refusal

__all__ = ["PASSWORD", "load_crowd", "load_demo", "remove_demo", "sign_ins"]

Steps = Sequence[tuple[str, DemoStep]]
Modules = Mapping[str, Sequence[str]]
ACTOR = "Demo"
STEPS_SHARE = 30


def load_demo(
    database: Database, settings: Settings, *, steps: Steps = (), progress: Callable[[int], object] | None = None
) -> None:
    """Load the network, then let each module's step run for every partner that has the module on.

    `progress` is told how many hundredths of the work were just done. The network is loaded whole or
    not at all, and so is each step for each partner; `remove_demo` takes away whatever there is.
    """
    tell = progress or (lambda _done: None)
    running = _modules(steps)
    keys = database.run(
        Scope(operator=True, actor=ACTOR, reason="demo loaded"),
        lambda session: _network(session, settings, running, tell),
    )
    share_people(database, keys)
    runs = [(key, step, code) for key, step in steps for code, modules in running.items() if key in modules]
    for place, (key, step, code) in enumerate(runs):
        _run_step(database, step, Scope(partner_id=keys[code], actor=ACTOR, modules=frozenset({key})))
        tell(STEPS_SHARE * (place + 1) // len(runs) - STEPS_SHARE * place // len(runs))
    if not runs:
        tell(STEPS_SHARE)


def _modules(steps: Steps) -> Modules:
    """Partner's code → the modules it runs: what the network says, and the steps."""
    return {
        demo.code: tuple(dict.fromkeys((*demo.modules, *(key for key, step in steps if demo.code in step.partners))))
        for demo in partners()
    }


def _network(
    session: ScopedSession, settings: Settings, running: Modules, tell: Callable[[int], object]
) -> dict[str, UUID]:
    if has_demo(session):
        raise Refusal(_("The demo network is already here: remove it first."))
    _load_reference(session)
    with recording(session):
        keys = admit_partners(session)
        admit_users(session, keys, settings)
        switch_modules_on(session, keys, running)
        write_letterheads(session, keys)
        tell(5)
        lead = next(keys[demo.code] for demo in partners() if demo.lead)
        found = towns(session)
        register_places(session, lead, register_organisations(session, lead), found)
        tell(10)
        _people(Residents(session, keys, found), tell)
        for code in doubles.OF:
            doubles.register_twice(session, keys[code])
    return keys


def load_crowd(database: Database, people: int, *, progress: Callable[[int], object]) -> None:
    """Fill the lead partner's registry with so many invented people more, a part at a time.

    `progress` is told how many were just registered. `remove_demo` takes them away with the rest.
    """
    with database.session(Scope(operator=True, actor=ACTOR, reason="demo loaded"), writes=False) as session:
        if not has_demo(session):
            raise Refusal(_("The demo network is not here: load it first."))
        lead = next(demo.code for demo in partners() if demo.lead)
        keys = {lead: session.scalars(select(Partner.id).where(Partner.code == lead)).one()}
        found = towns(session)
    scope = Scope(partner_id=keys[lead], actor=ACTOR)
    places: dict[tuple[str, int], str | None] = {}
    for part in crowd(people, registrar=lead):

        def once(session: ScopedSession, part: Population = part) -> None:
            with recording(session):
                residents = Residents(session, keys, found, places)
                residents.register_people(part)
                residents.compose_households(part)

        database.run(scope, once)
        progress(len(part.people))


def _people(residents: Residents, tell: Callable[[int], object]) -> None:
    people = population()
    residents.register_people(people)
    tell(30)
    residents.compose_households(people)
    tell(20)
    residents.certify(people)
    tell(5)


def _load_reference(session: ScopedSession) -> None:
    """Municipalities, states and tags, where nobody loaded them yet; they are no part of the demo."""
    if session.scalars(select(Municipality.id).limit(1)).first() is None:
        load_reference(session)
    load_tags(session)


def _run_step(database: Database, step: DemoStep, scope: Scope) -> None:
    def once(session: ScopedSession) -> None:
        with recording(session):
            step.load(session)

    database.run(scope, once)


def sign_ins() -> str:
    """Who may sign in to the demo, one a line, and with which password."""
    lines = [
        f"  {user.email:36} {demo.name} ({', '.join(user.roles)})"
        for demo in partners()
        for user in demo.users
        if demo.modules or user is demo.users[0]
    ]
    return "\n".join([f"Demo sign-ins, password {PASSWORD}:", *lines])
