"""Whatever is merged comes back whole; what cannot be asked is not touched; of two at once one is told."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from threading import Barrier

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Uuid, bindparam, text

from core.database.session import make_engine
from core.hooks import answers
from core.people.merging.choosing import facts
from core.people.merging.planning import ModuleSilent
from core.people.merging.rules import AlreadyMerged
from core.people.models import PersonState
from core.plugins.installation import Health
from core.refusals import Refusal

NAMES = sorted(group[0] for group in facts() if group[0] not in {"surname", "name", "sex", "birth_date", "birth_place"})
FILLED = st.booleans()


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    take=st.frozensets(st.sampled_from([*NAMES, "notes:both"])),
    mine=st.dictionaries(st.sampled_from(["phone", "email", "notes", "iban", "gender"]), st.just("x"), max_size=3),
    theirs=st.dictionaries(st.sampled_from(["phone", "email", "notes", "iban", "gender"]), st.just("y"), max_size=3),
    rows=st.tuples(FILLED, FILLED),
)
def test_whatever_is_merged_and_undone_every_table_is_as_it_was(office, counter, take, mine, theirs, rows):
    winner, loser = office.person(**mine), office.person(**theirs)
    for person, filled in zip((winner, loser), rows, strict=True):
        if filled:
            office.fill(person, next(counter))
    before = office.checksums()

    try:
        merge = office.merge(winner, loser, take=take)
    except Refusal:
        assert office.checksums() == before
        return
    assert office.checksums() != before
    office.undo(merge)
    assert office.checksums() == before


@pytest.fixture
def counter():
    return iter(range(1, 1000))


def broken(office, key, health=Health.FAILED):
    """The same office, of a program in which a module does not work."""
    whole = office.installation
    plugins = {k: replace(p, health=health) if k == key else p for k, p in whole.plugins.items()}
    other = office.of(office.partner)
    other.installation = replace(whole, plugins=plugins)
    return other


@pytest.mark.parametrize("health", [Health.FAILED, Health.NEEDS_UPDATE])
def test_a_module_that_does_not_work_blocks_the_people_it_speaks_of_and_is_named(office, health):
    winner, loser, free = office.person(), office.person(), office.person()
    office.fill(loser)
    before = office.checksums()

    with pytest.raises(ModuleSilent, match=r"Housing|Abitare"):
        broken(office, "housing", health).merge(winner, loser)

    assert office.checksums() == before
    assert broken(office, "housing", health).merge(winner, free)


def test_a_module_that_stopped_working_blocks_the_undo_too(office):
    winner, loser = office.person(), office.person()
    office.fill(loser)
    merge = office.merge(winner, loser)

    with pytest.raises(ModuleSilent):
        broken(office, "housing").undo(merge)
    assert office.undo(merge)


def test_a_module_whose_code_is_gone_is_found_by_its_tables(office, settings):
    """Its models are not here: the database alone knows that it names people."""
    winner, loser, free = office.person(), office.person(), office.person()
    engine = make_engine(settings.owner_database_url)
    kind = "uuid" if engine.dialect.name == "postgresql" else "char(32)"
    with engine.begin() as connection:
        connection.execute(text("create table alembic_version_laboratori (version_num varchar(32))"))
        connection.execute(
            text(f"create table laboratori_iscritto (id {kind}, persona {kind} references people_person (id))")
        )
        put = text("insert into laboratori_iscritto (persona) values (:key)").bindparams(bindparam("key", type_=Uuid))
        connection.execute(put, {"key": loser})
        if engine.dialect.name == "postgresql":
            connection.execute(text("grant select on laboratori_iscritto to generazioni_operator"))
    engine.dispose()

    with pytest.raises(ModuleSilent, match="laboratori"):
        office.merge(winner, loser)
    assert office.merge(winner, free)


def test_a_module_that_raises_stops_the_merge_by_its_name(office, monkeypatch):
    winner, loser = office.person(), office.person()

    @answers
    def stumble():
        raise KeyError("not a sentence for anybody")

    monkeypatch.setattr(office.installation.plugins["guarantee_fund"].module, "person_merge", stumble)

    with pytest.raises(ModuleSilent, match=r"Guarantee fund|Fondo di garanzia") as refused:
        office.merge(winner, loser)
    assert "KeyError" not in str(refused.value)
    assert office.read(loser).state is PersonState.ACTIVE


def test_what_no_plugin_answers_for_is_moved_by_the_map_of_foreign_keys(office):
    winner, loser = office.person(), office.person()
    office.fill(loser)
    silent = office.of(office.partner)
    housing = office.installation.plugins["housing"]
    mute = replace(housing, declared=replace(housing.declared, person_references=[]))
    silent.installation = replace(office.installation, plugins={**office.installation.plugins, "housing": mute})

    silent.merge(winner, loser)

    assert office.naming(winner)["housing_lease_tenant", "person_id"] == 1


@pytest.mark.parametrize("crossing", [True, False])
def test_of_two_merges_at_once_one_is_told(office, crossing):
    """A into B while B goes into A, or into C: one holds both sheets, the other reads that it came late."""
    one, two, three = office.person(), office.person(), office.person()
    acts = [(one, two), (two, one) if crossing else (three, one)]
    start = Barrier(2)

    def act(pair):
        start.wait()
        try:
            return office.merge(*pair)
        except AlreadyMerged as refusal:
            return refusal

    with ThreadPoolExecutor(2) as pool:
        done = list(pool.map(act, acts))

    told = [one for one in done if isinstance(one, AlreadyMerged)]
    merged = [key for key in (one, two, three) if office.read(key).state is PersonState.MERGED]
    if crossing:
        assert len(told) == 1
        assert len(merged) == 1
    else:
        assert len(merged) == 2 - len(told)
