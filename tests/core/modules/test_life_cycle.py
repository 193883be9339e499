"""Install, upgrade and purge a module of the network: what there is afterwards, and what is refused."""

import csv
import io
import json
from contextlib import suppress
from dataclasses import replace
from datetime import date
from pathlib import Path
from types import ModuleType

import psycopg
import pytest
import python_calamine
from sqlalchemy import Uuid, bindparam, inspect, select, text
from sqlalchemy.orm import joinedload
from uuid_utils.compat import uuid7

from core.access.models import Role, RolePermission
from core.config import read_settings
from core.database import migrate
from core.database.installed import InstalledModule, ModuleAct, ModuleVerb
from core.database.scope import Scope
from core.database.session import make_engine
from core.database.trail import Change
from core.documents.models import IssuedDocument
from core.documents.services import visible
from core.files.left import left_behind
from core.files.models import Attachment, AttachmentCategory
from core.files.services import attach
from core.hooks import answers
from core.jobs.models import Job
from core.modules import services
from core.modules.findings import Action, Finding, Weight
from core.modules.plans import plan_of
from core.modules.switching import turn_off, turn_on
from core.modules.trial import try_on_copy
from core.parameters.models import PartnerParameter
from core.partners.models import ModuleSwitch
from core.plugins.health import mark
from core.plugins.installation import Health
from core.plugins.loading import load
from core.refusals import Refusal
from core.testing.two_partners import make_tables
from tests.core.modules.conftest import EVERYTHING, house_of
from tests.gardens import write_package

BY = "Anna Rossi"


def tables(settings, prefix="gardens"):
    engine = make_engine(settings.owner_database_url)
    names = {name for name in inspect(engine).get_table_names() if prefix in name}
    engine.dispose()
    return names


def read(database, statement):
    with database.session(EVERYTHING, writes=False) as session:
        return list(session.scalars(statement))


def add_plots(database, partner, *codes, area=False):
    """Rows as the module would write them."""

    def add(session):
        extra, value = (", area", ", 7") if area else ("", "")
        for code in codes:
            statement = text(
                f"insert into gardens_plot (id, partner_id, code, version, created_at{extra}) "
                f"values (:id, :partner, :code, 1, '2026-01-01 00:00'{value})"
            )
            keys = statement.bindparams(bindparam("id", type_=Uuid), bindparam("partner", type_=Uuid))
            session.execute(keys, {"id": uuid7(), "partner": partner, "code": code})

    database.run(EVERYTHING, add)


def codes(database):
    with database.session(EVERYTHING, writes=False) as session:
        return sorted(session.execute(text("select code from gardens_plot")).scalars())


def answering(**functions):
    """The code of a plugin that answers these questions."""
    module = ModuleType("gardens.plugin")
    vars(module).update({name: answers(function) for name, function in functions.items()})
    return module


def nothing():
    return []


def broken():
    raise RuntimeError("the module is out of order")


def switch(database, settings, partner, house, verb):
    return database.run(Scope(partner_id=partner, actor=BY), lambda session: verb(session, house, "gardens"))


def test_an_available_module_has_no_tables_and_cannot_be_switched_on(settings, database, partner, gardens):
    house = gardens()

    with pytest.raises(Refusal, match="It is not installed"):
        switch(database, settings, partner, house, turn_on)
    assert tables(settings) == set()


def test_installing_makes_the_tables_and_leaves_the_module_off(settings, database, gardens):
    services.install(settings, gardens(), "gardens", by=BY)

    assert tables(settings) == {"gardens_plot", "alembic_version_gardens"}
    noted = read(database, select(InstalledModule).where(InstalledModule.key == "gardens"))[0]
    assert (noted.title, noted.module_version, noted.head, noted.changed_by) == ("Orti", "1.0", "gardens_0001", BY)
    assert read(database, select(ModuleSwitch).where(ModuleSwitch.key == "gardens")) == []


def test_a_module_is_installed_once(settings, gardens):
    services.install(settings, gardens(), "gardens", by=BY)

    with pytest.raises(Refusal, match="installed already"):
        services.install(settings, gardens(), "gardens", by=BY)


def test_what_a_module_needs_is_installed_first(settings, tmp_path):
    house = house_of(
        write_package(tmp_path, key="sheds"), write_package(tmp_path, key="gardens", requires='sheds = ">=1"')
    )

    with pytest.raises(Refusal, match="These come first: Orti"):
        services.install(settings, house, "gardens", by=BY)
    services.install(settings, house, "sheds", by=BY)
    services.install(settings, house, "gardens", by=BY)

    with pytest.raises(Refusal, match="cannot do without it"):
        services.purge(settings, house, "sheds", by=BY)


def test_a_plugin_that_did_not_load_is_not_installed(settings, gardens):
    house = gardens()
    house.plugins["gardens"].health, house.plugins["gardens"].reason = Health.FAILED, "SyntaxError"

    with pytest.raises(Refusal, match="SyntaxError"):
        services.install(settings, house, "gardens", by=BY)
    assert tables(settings) == set()


def test_an_upgrade_is_tried_on_a_copy_and_keeps_every_row(settings, database, partner, gardens):
    services.install(settings, gardens(1), "gardens", by=BY)
    add_plots(database, partner, "A1", "A2")

    trial = services.upgrade(settings, gardens(2), "gardens", by=BY)

    assert (trial.revisions, trial.changed, trial.made) == (["gardens_0002"], ["gardens_plot"], [])
    assert codes(database) == ["A1", "A2"]
    noted = read(database, select(InstalledModule).where(InstalledModule.key == "gardens"))[0]
    assert (noted.module_version, noted.head) == ("2.0", "gardens_0002")
    verbs = [act.verb for act in read(database, select(ModuleAct).order_by(ModuleAct.id)) if act.key == "gardens"]
    assert verbs == [ModuleVerb.INSTALL, ModuleVerb.UPGRADE]


def test_an_upgrade_that_fails_on_the_copy_touches_nothing(settings, database, partner, gardens):
    services.install(settings, gardens(2), "gardens", by=BY)
    add_plots(database, partner, "A1", "A1", area=True)

    with pytest.raises(Refusal, match="fails on a copy"):
        services.upgrade(settings, gardens(3), "gardens", by=BY)

    assert codes(database) == ["A1", "A1"]
    noted = read(database, select(InstalledModule).where(InstalledModule.key == "gardens"))[0]
    assert noted.head == "gardens_0002"


def test_an_upgrade_that_the_module_itself_objects_to_touches_nothing(settings, database, partner, gardens):
    services.install(settings, gardens(1), "gardens", by=BY)
    house = gardens(2)
    objection = Finding("The plots are being measured.", Weight.STOPS)
    house.plugins["gardens"].module = answering(preflight=lambda action: [objection] if action == "upgrade" else [])

    with pytest.raises(Refusal, match="being measured"):
        services.upgrade(settings, house, "gardens", by=BY)
    assert read(database, select(InstalledModule.head).where(InstalledModule.key == "gardens")) == ["gardens_0001"]


def test_a_trial_leaves_nothing_behind(settings, database, partner, gardens):
    services.install(settings, gardens(1), "gardens", by=BY)
    add_plots(database, partner, "A1")

    trial = try_on_copy(settings.owner_database_url, gardens(2).plugins["gardens"].line)

    assert trial.fault == ""
    engine = make_engine(settings.owner_database_url)
    assert "generazioni_trial" not in inspect(engine).get_schema_names()
    assert "area" not in [column["name"] for column in inspect(engine).get_columns("gardens_plot")]
    engine.dispose()
    if settings.embedded:
        file = Path(settings.database_url.removeprefix("sqlite:///"))
        assert list(file.parent.glob(f"{file.name}.trial*")) == []


def test_every_module_of_the_program_can_be_tried_as_it_stands(settings):
    """The copy has whatever their migrations may name: keys, indexes, triggers, functions, policies."""
    for plugin in load(read_settings()).loaded():
        last, before = next(iter(plugin.line.heads)), plugin.line.revisions[next(iter(plugin.line.heads))]
        migrate.downgrade(settings.owner_database_url, plugin.line, before)

        trial = try_on_copy(settings.owner_database_url, plugin.line)

        assert (trial.fault, trial.revisions) == ("", [last])


def test_tables_older_than_the_code_keep_the_module_from_serving_until_the_upgrade(settings, gardens):
    services.install(settings, gardens(1), "gardens", by=BY)
    house = gardens(2)

    mark(house, {"gardens": "gardens_0001"})
    assert (house.plugins["gardens"].health, house.waiting()) == (Health.NEEDS_UPDATE, {"gardens"})

    mark(house, {"gardens": "gardens_0002"})
    assert (house.plugins["gardens"].health, house.waiting()) == (Health.OK, frozenset())


def test_a_plugin_without_tables_is_asked_nothing(gardens):
    house = gardens(1)
    house.plugins["gardens"].module = answering(person_merge=nothing)

    for heads, asked in (({"gardens": "gardens_0001"}, ["gardens"]), ({}, [])):
        mark(house, heads)
        assert [key for key, _answer in house.answers("person_merge")] == asked


def test_tables_newer_than_the_code_are_said_to_be_so(gardens):
    house = gardens(1)

    mark(house, {"gardens": "gardens_0002"})

    assert "newer than its code" in house.plugins["gardens"].reason


def filled(settings, database, partner, gardens):
    """Gardens with rows, an attachment, a job, a parameter and a permission of its own."""
    house = gardens(2)
    services.install(settings, house, "gardens", by=BY)
    switch(database, settings, partner, house, turn_on)
    add_plots(database, partner, "A1", "A2", area=True)

    def fill(session):
        switch_row = session.scalars(select(ModuleSwitch).where(ModuleSwitch.key == "gardens")).one()
        plot = type("Plot", (), {"__tablename__": "gardens_plot", "id": switch_row.id})()
        attach(session, plot, name="piantina.txt", stream=io.BytesIO(b"aiuole"), category=AttachmentCategory.OTHER,
               folder=settings.uploads)  # fmt: skip
        session.add(Job(kind="gardens.water", module="gardens", title="Water", actor=BY))
        session.add(PartnerParameter(key="gardens.days", value="3", valid_from=date(2026, 1, 1),
                                     source="Noi"))  # fmt: skip
        session.add(RolePermission(role=Role.OPERATOR, permission="gardens.water", allowed=True))
        session.flush()

    database.run(Scope(partner_id=partner, actor=BY), fill)
    return house


def test_every_module_of_the_program_is_purged_whole_and_comes_again(settings):
    """With the triggers and functions by which its own tables refuse to lose a row."""
    house = load(read_settings())
    for plugin in reversed(house.loaded()):
        services.purge(settings, house, plugin.key, by=BY)

        assert tables(settings, plugin.key) == set()
        services.install(settings, house, plugin.key, by=BY)


def test_a_module_that_is_on_is_not_purged(settings, database, partner, gardens):
    house = filled(settings, database, partner, gardens)

    with pytest.raises(Refusal, match="Switch it off first"):
        services.purge(settings, house, "gardens", by=BY)
    assert codes(database) == ["A1", "A2"]


def test_a_purge_exports_everything_and_leaves_no_trace_but_audit_and_files(settings, database, partner, gardens):
    house = filled(settings, database, partner, gardens)
    switch(database, settings, partner, house, turn_off)

    purged = services.purge(settings, house, "gardens", by=BY)

    assert tables(settings) == set()
    for model, column in ((ModuleSwitch, "key"), (InstalledModule, "key"), (Job, "module"),
                          (PartnerParameter, "key"), (RolePermission, "permission")):  # fmt: skip
        assert read(database, select(model).where(getattr(model, column).startswith("gardens"))) == [], model
    kept = read(database, select(Attachment).where(Attachment.entity == "gardens_plot"))
    assert [one.name for one in kept] == ["piantina.txt"]
    lines = read(database, select(Change).options(joinedload(Change.told)))
    entities = {line.entity for line in lines if line.reason == "module purged"}
    assert entities == {"partners_module", "access_role_permission", "parameters_partner"}
    act = read(database, select(ModuleAct).where(ModuleAct.verb == ModuleVerb.PURGE))[0]
    assert (act.actor, purged.archive.sha256 in act.note) == (BY, True)


def test_files_of_a_purged_module_stay_readable_and_only_those(settings, database, partner, neighbour, gardens):
    house = filled(settings, database, partner, gardens)
    mine = Scope(partner_id=partner, actor=BY)

    def left(scope):
        with database.session(scope, writes=False) as session:
            return [one.name for one in session.scalars(left_behind(session))]

    assert left(mine) == []
    switch(database, settings, partner, house, turn_off)
    services.purge(settings, house, "gardens", by=BY)

    assert left(mine) == ["piantina.txt"]
    assert left(Scope(partner_id=neighbour, actor=BY)) == []


def test_what_was_issued_stays_in_the_register_when_its_module_is_purged(settings, database, partner, gardens):
    house = filled(settings, database, partner, gardens)
    mine = Scope(partner_id=partner, actor=BY)

    def issue(session):
        file = session.scalars(select(Attachment)).one()
        session.add(IssuedDocument(
            number="DOCUMENTS/2026/00001", kind="gardens.permit", label="Permit", module="gardens",
            entity="gardens_plot", entity_id=file.entity_id, issued_on=date(2026, 1, 1), issued_by=BY, language="it",
            sha256=file.sha256, attachment_id=file.id,
        ))  # fmt: skip

    def register():
        with database.session(mine, writes=False) as session:
            return [one.number for one in session.scalars(visible(session))]

    database.run(mine, issue)
    assert register() == [], "the module is on, and this visitor may not see it"
    switch(database, settings, partner, house, turn_off)
    services.purge(settings, house, "gardens", by=BY)

    assert register() == ["DOCUMENTS/2026/00001"]


def test_the_export_of_a_purge_holds_every_row_and_file(settings, database, partner, gardens):
    house = filled(settings, database, partner, gardens)
    switch(database, settings, partner, house, turn_off)

    folder = services.purge(settings, house, "gardens", by=BY).archive.folder

    rows = python_calamine.CalamineWorkbook.from_path(str(folder / "tables.xlsx")).get_sheet_by_name("gardens_plot")
    head, *lines = rows.to_python()
    assert sorted(line[head.index("code")] for line in lines) == ["A1", "A2"]
    assert {line[head.index("partner")] for line in lines} == {"QUERCIA"}
    with (folder / "gardens_plot.csv").open() as stream:
        assert sorted(row["area"] for row in csv.DictReader(stream)) == ["7", "7"]
    assert [file.read_bytes() for file in (folder / "attachments").iterdir()] == [b"aiuole"]
    told = json.loads((folder / "contents.json").read_text())
    assert told["rows"] == {"gardens_plot": 2}
    assert folder.stat().st_mode & 0o077 == 0


@pytest.mark.postgresql
def test_who_does_not_see_every_partners_rows_purges_nothing(postgresql_cluster, tmp_path, gardens):
    """An export of what the walls hide would be empty, and the tables would go all the same."""
    urls = postgresql_cluster.fresh(postgresql_cluster.template("migrated", make_tables))
    told = read_settings({"GENERAZIONI_VAR": str(tmp_path)})
    settings = replace(told, database_url=urls.app, owner_database_url=urls.owner, operator_database_url=urls.operator)
    services.install(settings, gardens(), "gardens", by=BY)
    with psycopg.connect(host=str(postgresql_cluster.folder), user="postgres", dbname="postgres") as connection:
        connection.execute("drop role if exists generazioni_stranger")
        connection.execute("create role generazioni_stranger login")
    blind = replace(settings, owner_database_url=settings.owner_database_url.replace("_owner@", "_stranger@"))

    with pytest.raises(Refusal, match="does not see the partners' rows"):
        services.purge(blind, gardens(), "gardens", by=BY)

    assert "gardens_plot" in tables(settings)
    postgresql_cluster.drop(urls)


def test_a_module_without_its_code_is_purged_all_the_same(settings, database, partner, gardens):
    services.install(settings, gardens(), "gardens", by=BY)
    add_plots(database, partner, "A1")

    with database.session(EVERYTHING, writes=False) as session:
        plan = plan_of(session, house_of(), Action.PURGE, "gardens")
    assert ["Its code is not here" in str(one.text) for one in plan.findings] == [True]
    assert (plan.title, plan.stopped) == ("Orti", False)
    purged = services.purge(settings, house_of(), "gardens", by=BY)

    assert (purged.rows, tables(settings)) == (1, set())


def test_a_purge_leaves_the_tables_of_a_longer_key(settings, tmp_path):
    house = house_of(write_package(tmp_path), write_package(tmp_path, key="gardens_extra"))
    services.install(settings, house, "gardens", by=BY)
    services.install(settings, house, "gardens_extra", by=BY)

    services.purge(settings, house_of(tmp_path / "gardens"), "gardens", by=BY)

    assert tables(settings) == {"gardens_extra_plot", "alembic_version_gardens_extra"}


def test_a_purged_module_is_available_again_and_comes_back_empty(settings, database, partner, gardens):
    house = filled(settings, database, partner, gardens)
    switch(database, settings, partner, house, turn_off)
    services.purge(settings, house, "gardens", by=BY)

    services.install(settings, house, "gardens", by=BY)

    assert codes(database) == []


def test_the_plan_of_a_purge_counts_rows_by_partner_and_says_what_is_in_the_way(
    settings, database, partner, neighbour, gardens
):
    house = filled(settings, database, partner, gardens)

    with database.session(EVERYTHING, writes=False) as session:
        plan = plan_of(session, house, Action.PURGE, "gardens")

    assert plan.tables == {"gardens_plot": 2}
    assert {one.key: (one.on, one.rows) for one in plan.partners} == {partner: (True, 2), neighbour: (False, 0)}
    assert plan.stopped
    assert plan.waiting_jobs == 1


def test_the_plan_of_switching_off_is_never_stopped(settings, database, partner, gardens):
    house = filled(settings, database, partner, gardens)

    house.plugins["gardens"].module = answering(preflight=broken)
    with database.session(EVERYTHING, writes=False) as session:
        plans = {
            action: plan_of(session, house, action, "gardens", partner) for action in (Action.DISABLE, Action.PURGE)
        }

    assert not plans[Action.DISABLE].stopped
    assert [one.weight for one in plans[Action.DISABLE].findings] == [Weight.WARNS]
    assert plans[Action.PURGE].stopped


def test_switching_off_works_for_a_module_whose_code_is_gone(settings, database, partner, gardens):
    filled(settings, database, partner, gardens)

    assert switch(database, settings, partner, house_of(), turn_off) == {"gardens"}
    with suppress(Refusal):
        services.purge(settings, house_of(), "gardens", by=BY)
    assert tables(settings) == set()
