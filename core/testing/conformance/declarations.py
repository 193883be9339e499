"""What every table, plugin and route must say of itself, whoever wrote it."""

from typing import Any

import pytest
from flask import Flask
from sqlalchemy import UniqueConstraint

from core.access.gate import unmarked
from core.database.model import mapped
from core.database.ownership import Between, Common, ConsentBound, PartnerOwned
from core.plugins.installation import Health
from core.plugins.manifest import Manifest
from core.testing.conformance.installed import INSTALLATION, PLUGINS
from core.testing.subjects import is_tested

PREFIXES = tuple(plugin.manifest.tables for plugin in PLUGINS if isinstance(plugin.manifest, Manifest))


def models() -> list[Any]:
    """The tables that are tested, by name."""
    return sorted(
        (one for one in mapped() if is_tested("") or one.__tablename__.startswith(PREFIXES)),
        key=lambda model: model.__tablename__,
    )


MODELS = models()


@pytest.mark.parametrize("plugin", PLUGINS, ids=lambda plugin: plugin.key)
def test_every_plugin_loads(plugin):
    assert plugin.health is Health.OK, plugin.traceback or plugin.reason


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__tablename__)
def test_every_table_says_whose_its_rows_are(model):
    assert sum(issubclass(model, kind) for kind in (PartnerOwned, ConsentBound, Between, Common)) == 1


@pytest.mark.parametrize("model", [m for m in MODELS if issubclass(m, PartnerOwned)], ids=lambda m: m.__tablename__)
def test_no_unique_key_tells_one_partner_what_another_has(model):
    table = model.__table__
    uniques = [list(c.columns) for c in table.constraints if isinstance(c, UniqueConstraint)]
    uniques += [list(index.columns) for index in table.indexes if index.unique]

    assert all(columns[0].name == "partner_id" for columns in uniques)


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__tablename__)
def test_every_column_a_person_reads_has_a_label(model):
    silent = {"id", "version", "created_at", "partner_id", "registered_by_id", "search", "sort_name"}
    unlabelled = [c.name for c in model.__table__.columns if c.name not in silent and "label" not in c.info]
    keys = [name for name in unlabelled if not name.endswith("_id")]

    assert keys == []


def test_every_column_that_names_a_person_is_answered_for():
    told = {(one.table, one.column) for _key, made in INSTALLATION.declarations() for one in made.person_references}
    named = {
        (model.__tablename__, column.name)
        for model in MODELS if model.__tablename__ != "people_person"
        for column in model.__table__.columns
        for key in column.foreign_keys if key.target_fullname == "people_person.id"
    }  # fmt: skip

    assert named - told == set()


def test_every_route_names_its_permission(app: Flask):
    assert unmarked(app) == []
