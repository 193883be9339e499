"""The hand-made pages of housing's money, in the hands of the town's accountant, from the file to the ledger."""

import csv
import io
import re
from base64 import b64encode
from datetime import timedelta

import pytest
from click.testing import CliRunner

from core.api import today
from core.cli import main_group
from core.testing.demo_network import AUDITOR, HEAD_OF_TOWN, hidden

PAGES = ("reconcile", "indexation", "pagopa", "deposit-interest")
STATEMENT = "Data;Importo;Descrizione\n{day};{amount};Canone LEASE/{year}/00003\n"


def statement(amount):
    day = today() - timedelta(days=1)
    return STATEMENT.format(day=f"{day:%d/%m/%Y}", amount=amount, year=day.year).encode()


@pytest.fixture
def client(client_of):
    return client_of(HEAD_OF_TOWN)


@pytest.mark.parametrize("page", PAGES)
def test_the_page_opens_to_who_may_and_refuses_who_may_not(client_of, client, page):
    assert client.get(f"/m/housing/{page}").status_code == 200
    assert client_of(AUDITOR).get(f"/m/housing/{page}").status_code == 403


def test_a_statement_sent_by_page_is_matched_and_becomes_a_payment(client):
    page = client.get("/m/housing/bank-statements/new")
    sent = {**hidden(page.text), "file": (io.BytesIO(statement("41,00")), "novembre.csv")}
    made = client.post("/m/housing/bank-statements/new", data=sent)
    waiting = client.get("/m/housing/reconcile").text
    sure = re.findall(r'name="line" value="([^"]+)" checked', waiting)

    done = client.post("/m/housing/reconcile", data={**hidden(waiting), "line": sure})

    assert (made.status_code, done.status_code) == (303, 303)
    assert sure
    assert "41,00" not in client.get("/m/housing/reconcile").text


def test_nothing_ticked_is_said_and_records_nothing(client):
    page = client.get("/m/housing/reconcile").text

    assert client.post("/m/housing/reconcile", data=hidden(page)).status_code == 422
    assert client.post("/m/housing/reconcile", data={**hidden(page), "line": "rossi"}).status_code == 422


def test_a_program_sends_a_statement_in_base64(client):
    page = client.get("/m/housing/bank-statements/new").text
    headers = {"X-CSRFToken": hidden(page)["csrf_token"]}
    sent = {"file": b64encode(statement("42,00")).decode()}

    first = client.post("/api/v1/housing/bank-statements", json=sent, headers=headers)
    again = client.post("/api/v1/housing/bank-statements", json=sent, headers=headers)
    wrong = client.post("/api/v1/housing/bank-statements", json={"file": "%"}, headers=headers)

    assert (first.status_code, again.status_code, wrong.status_code) == (201, 201, 422), first.text
    assert (first.json["lines_known"], again.json["lines_known"]) == (0, 1)


def test_updates_are_proposed_with_the_reason_of_each(client):
    page = client.get("/m/housing/indexation").text
    sent = {**hidden(page), "month": f"{today():%m/%Y}", "do": "propose"}

    answer = client.post("/m/housing/indexation", data=sent)
    shown = client.get(answer.location).text

    assert answer.status_code == 303
    assert "LEASE/" in shown


def test_a_month_that_cannot_be_read_is_said(client):
    page = client.get("/m/housing/indexation").text

    answer = client.post("/m/housing/indexation", data={**hidden(page), "month": "13/2026", "do": "propose"})

    assert answer.status_code == 422
    assert "13/2026" in answer.text


def test_without_a_segregation_code_no_position_is_made(client):
    page = client.get("/m/housing/pagopa").text

    answer = client.post("/m/housing/pagopa", data={**hidden(page), "month": f"{today():%m/%Y}"})

    assert answer.status_code in {200, 422}
    if answer.status_code == 200:
        rows = list(csv.reader(io.StringIO(answer.data.decode("utf-8-sig")), delimiter=";"))
        assert len(rows) == 1


def test_the_command_line_imports_a_statement_and_says_what_was_new(app, tmp_path, monkeypatch):
    settings = app.config["SETTINGS"]
    monkeypatch.setenv("GENERAZIONI_DATABASE_URL", settings.database_url)
    monkeypatch.setenv("GENERAZIONI_OPERATOR_DATABASE_URL", settings.operator_database_url)
    monkeypatch.setenv("GENERAZIONI_SECRET_KEY", "k" * 40)
    monkeypatch.setenv("GENERAZIONI_VAR", str(tmp_path))
    file = tmp_path / "estratto.csv"
    file.write_bytes(statement("43,00"))

    told = CliRunner().invoke(main_group, ["housing", "statement", str(file), "--partner", "MONTICHIARI"])

    assert told.exit_code == 0, told.output
    assert "1 read, 0 known, 1 recognised" in told.output
