"""A year of the demo's fund closes with a statement that reconciles to the cent, with the rows and with itself."""

from datetime import timedelta
from decimal import Decimal

import pytest
from sqlalchemy import text

from core.api import today
from core.database.scope import Scope
from core.testing.demo_network import HEAD_OF_TOWN

API, PAGES = "/api/v1/guarantee-fund", "/m/guarantee-fund"
OPERATOR = Scope(operator=True, actor="tests", reason="tests")
# Of one fund, in cents, from the rows alone.
CONTRIBUTED = "select sum(amount) from guarantee_fund_contribution where fund_id = :fund"
GUARANTEES = "from guarantee_fund_guarantee g where g.fund_id = :fund"
CALLS = "from guarantee_fund_call c join guarantee_fund_guarantee g on g.id = c.guarantee_id where g.fund_id = :fund"
RECOVERIES = CALLS.replace("where", "join guarantee_fund_recovery r on r.call_id = c.id where")
COSTS = (
    "select sum(p.amount) from guarantee_fund_posting p join guarantee_fund_entry e on e.id = p.entry_id"
    " where e.fund_id = :fund and e.kind = 'cost' and p.credit = '1000'"
)


@pytest.fixture(scope="module")
def client(client_of):
    return client_of(HEAD_OF_TOWN)


@pytest.fixture(scope="module")
def fund(client):
    (found,) = client.get(f"{API}/funds").json["items"]
    return found


@pytest.fixture
def rows(app, fund):
    """Asks one number of the database itself."""
    with app.extensions["database"].session(OPERATOR, writes=False) as session:
        key = fund["id"] if session.get_bind().dialect.name == "postgresql" else fund["id"].replace("-", "")
        yield lambda statement: session.execute(text(statement), {"fund": key}).scalar() or 0


@pytest.fixture
def statement(client, fund):
    """The year's accounts by number, and the address they stand at."""
    period = f"/funds/{fund['id']}/statement?first={today() - timedelta(days=370)}&last={today()}"
    told = client.get(API + period).json
    return told, {one["account"]: Decimal(one["closing"]) for one in told["accounts"]}, period


def euro(cents):
    return Decimal(cents) / 100


def test_the_year_has_its_applications_guarantees_calls_and_recoveries(client, rows):
    assert rows("select count(*) from guarantee_fund_application where fund_id = :fund") == 60
    assert rows(f"select count(*) {GUARANTEES} and issued_on is not null or g.fund_id = :fund and advanced > 0") == 40
    assert rows(f"select count(*) {CALLS}") == 3
    assert rows(f"select count(*) {RECOVERIES}") == 2


def test_the_statement_of_the_year_reconciles_with_the_rows(rows, statement):
    told, closing, _address = statement
    paid = rows(f"select sum(c.amount) {CALLS} and c.state = 'paid'")
    back = rows(f"select sum(r.fund_share) {RECOVERIES}")
    out = rows(f"select sum(advanced) {GUARANTEES}")

    assert told["debit"] == told["credit"]
    assert sum(closing.values()) == 0
    assert closing["1000"] == euro(rows(CONTRIBUTED) - rows(COSTS) - paid + back - out)
    assert -closing["2000"] == euro(rows(CONTRIBUTED))
    assert closing["3000"] == euro(paid - back)
    assert closing["3100"] == euro(out)
    assert closing["9000"] == -closing["9001"] == euro(rows(f"select sum(exposure) {GUARANTEES}"
                                                            " and issued_on is not null"))  # fmt: skip


def test_every_account_of_the_statement_stands_on_its_page(client, statement):
    told, _closing, address = statement
    page = client.get(PAGES + address).text.replace("\u00a0", " ")

    for line in told["accounts"]:
        for amount in (line["debit"], line["credit"]):
            assert f"{Decimal(amount):,.2f}".translate(str.maketrans(",.", ".,")) in page
