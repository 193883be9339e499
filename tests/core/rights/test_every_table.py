"""Whoever adds a table that speaks of people says what is told of it and what becomes of it."""

import pytest

from core.config import read_settings
from core.data_requests.subject import ABOUT as OF_REQUESTS
from core.database.model import mapped
from core.people.subject import ABOUT as OF_PEOPLE
from core.plugins.loading import load
from core.sharing.subject import ABOUT as OF_SHARING
from plugins.guarantee_fund.subject import ABOUT as OF_FUND
from plugins.housing.subject import ABOUT as OF_HOUSING

load(read_settings())
# Answered for by the rights themselves, or rows that name no person but a member of staff.
OURS = {"rights_restriction"}
TOLD = {one.model.__tablename__ for one in (*OF_PEOPLE, *OF_SHARING, *OF_REQUESTS, *OF_HOUSING, *OF_FUND)}


def tables_of_people():
    """Every table that names a person, and those that hang on one that does."""
    tables = {model.__tablename__: model.__table__ for model in mapped()}
    found, more = {"people_person"}, True
    while more:
        more = {
            name for name, table in tables.items()
            if name not in found and any(key.column.table.name in found for key in table.foreign_keys)
        }  # fmt: skip
        found |= more
    return sorted(found - OURS)


@pytest.mark.parametrize("table", tables_of_people())
def test_the_table_is_answered_for(table):
    assert table in TOLD


@pytest.mark.parametrize(
    "one", [*OF_PEOPLE, *OF_SHARING, *OF_REQUESTS, *OF_HOUSING, *OF_FUND], ids=lambda one: one.model.__tablename__
)
def test_what_is_emptied_are_columns_of_the_table(one):
    assert set(one.blank) <= {column.name for column in one.model.__table__.columns}
