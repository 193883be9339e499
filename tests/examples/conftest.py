"""The example files imported by command, on both databases, beside the demo network or without it."""

from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from uuid import UUID

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import select

from core.cli import main_group
from core.database.scope import Scope, ScopedSession
from core.database.session import Database
from core.demo import loader
from core.parameters import reference_values
from core.partners.models import Partner, PartnerKind
from core.partners.services import register_partner
from core.places.gazetteer import load_reference
from core.plugins.loading import load
from core.testing.databases import DatabaseUrls, Server
from core.testing.two_partners import make_tables
from examples.make import sheets
from examples.making import applications as paper
from plugins.housing.models import Dwelling, Regime
from plugins.housing.services.calls import prepare_call, publish_call
from plugins.housing.services.schemes import load_demo_scheme
from tests.examples.settings import environment, settings_of

TOWN = "MONTICHIARI"
OPERATOR = Scope(operator=True, actor="tests", reason="tests")


def with_one_partner(urls: DatabaseUrls) -> None:
    make_tables(urls)
    opened = Database(settings_of(urls))
    opened.run(OPERATOR, load_reference)
    opened.run(OPERATOR, reference_values.load_reference)
    opened.run(OPERATOR, lambda s: register_partner(s, code=TOWN, name="Montichiari", kind=PartnerKind.MUNICIPALITY).id)
    opened.close()


def with_the_demo(urls: DatabaseUrls) -> None:
    make_tables(urls)
    found = settings_of(urls)
    opened = Database(found)
    opened.run(OPERATOR, load_reference)
    opened.run(OPERATOR, reference_values.load_reference)
    steps = [(plugin.key, step) for plugin in load(found).working() for step in plugin.declared.demo_steps]
    loader.load_demo(opened, found, steps=steps)
    opened.close()


@pytest.fixture
def network() -> str:
    """What stands in the database before: a partner alone."""
    return "alone"


@pytest.fixture
def urls(server: Server, network: str) -> Iterator[DatabaseUrls]:
    prepare = {"alone": with_one_partner, "demo": with_the_demo}[network]
    made = server.fresh(server.template(f"examples_{network}", prepare))
    yield made
    server.drop(made)


@pytest.fixture
def office(urls: DatabaseUrls, tmp_path: Path) -> Callable[..., Result]:
    """The command line, as somebody at the municipality types it."""

    def run(*words: str) -> Result:
        return CliRunner().invoke(main_group, list(words), env=environment(urls, tmp_path))

    return run


@pytest.fixture
def town(urls: DatabaseUrls) -> Iterator[Callable[[], ScopedSession]]:
    """Sessions of the municipality, to look at what is in the database or prepare it."""
    opened = Database(settings_of(urls))
    with opened.session(OPERATOR, writes=False) as looking:
        key: UUID = looking.scalars(select(Partner.id).where(Partner.code == TOWN)).one()
    yield lambda: opened.transaction(Scope(partner_id=key, actor="Giulia Ferrari"))  # type: ignore[return-value]
    opened.close()


@pytest.fixture
def open_call(town: Callable[[], ScopedSession]) -> Callable[[], None]:
    """Publishes the call that the applications answer, with the homes of the first file."""

    def publish() -> None:
        with town() as writing:
            offered = paper.offered_homes(sheets()[0])
            homes = list(writing.scalars(select(Dwelling).where(Dwelling.code.in_(offered))))
            call = prepare_call(
                writing, number=paper.CALL, title="Alloggi sociali", regime=Regime.SAS, opens_on=paper.OPENS,
                closes_on=date(2026, 3, 31), scheme=load_demo_scheme(writing), homes=homes,
            )  # fmt: skip
            publish_call(writing, call)

    return publish
