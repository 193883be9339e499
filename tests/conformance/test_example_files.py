"""The example files go in through the pages too, beside the demo network: tried, looked at, written."""

import csv
import io
import re
from datetime import date

from sqlalchemy import select

from core.database.scope import Scope
from core.testing.demo_network import HEAD_OF_TOWN, hidden
from examples.make import HERE, sheets
from examples.making import applications as paper
from plugins.housing.models import Dwelling, Regime, ScoringScheme
from plugins.housing.services.calls import prepare_call, publish_call

ROW = re.compile(r'<tr><th scope="row">(\d+)</th><td[^>]*>([^<]*)</td>')
STATS = re.compile(r"<li><b>(\d+)</b>")


def open_the_call(app, partner_id):
    def publish(session):
        homes = list(session.scalars(select(Dwelling).where(Dwelling.code.in_(paper.offered_homes(sheets()[0])))))
        scheme = session.scalars(select(ScoringScheme).where(ScoringScheme.key == "demo")).first()
        call = prepare_call(
            session, number=paper.CALL, title="Alloggi sociali", regime=Regime.SAS, opens_on=paper.OPENS,
            closes_on=date(2026, 3, 31), scheme=scheme, homes=homes,
        )  # fmt: skip
        publish_call(session, call)

    app.extensions["database"].run(Scope(partner_id=partner_id("MONTICHIARI"), actor="tests"), publish)


def test_the_example_files_are_tried_and_written_from_the_page(app, client_of, partner_id):
    client = client_of(HEAD_OF_TOWN)
    places = {"dwellings": "/m/housing/dwellings", "people": "/people", "applications": "/m/housing/applications"}
    for sheet, kind in zip(sheets(), ("csv", "xlsx", "csv"), strict=True):
        if sheet.name == "applications":
            open_the_call(app, partner_id)
        address, good, bad = f"{places[sheet.name]}/import", len(sheet.good()), len(sheet.faults)
        file = (HERE / f"{sheet.name}.{kind}").read_bytes()
        start = hidden(client.get(address).text)

        tried = client.post(address, data={**start, "file": (io.BytesIO(file), f"{sheet.name}.{kind}")})
        told = {int(line): column for line, column in ROW.findall(tried.text)}
        report = client.post(address, data={**hidden(tried.text), "do": "report"})
        written = client.post(address, data={**hidden(tried.text), "do": "write", "which": "valid"})

        assert [int(n) for n in STATS.findall(tried.text)] == [good + bad, good, 0, 0, bad], tried.text
        assert told == {place + 2: fault.column for place, fault in sheet.faults.items()}
        rows = list(csv.DictReader(io.StringIO(report.data.decode("utf-8-sig")), delimiter=";"))
        assert [*rows[0]] == [*sheet.headers, "Esito", "Errore"]
        assert sum(row["Esito"] == "scartata" for row in rows) == bad
        assert [int(n) for n in STATS.findall(written.text)] == [good + bad, good, 0, 0, bad]


def test_a_possible_duplicate_is_let_in_with_a_tick(client_of):
    client = client_of(HEAD_OF_TOWN)
    lines = (
        "Cognome;Nome;Sesso;Data di nascita;Motivo assenza CF;Noto ai servizi\n"
        "Zanardelli;Ivo;M;01/02/1980;Straniero senza codice fiscale;no\n"
        "Zanardelli;Iva;F;01/02/1980;Straniero senza codice fiscale;no\n"
    )
    start = hidden(client.get("/people/import").text)

    tried = client.post("/people/import", data={**start, "file": (io.BytesIO(lines.encode()), "persone.csv")})
    held = client.post("/people/import", data={**hidden(tried.text), "do": "write", "which": "all"})
    done = client.post(
        "/people/import", data={**hidden(held.text), "do": "write", "which": "all", "confirm.3": "confirm_similar"}
    )

    assert 'name="confirm.3"' in tried.text
    assert held.status_code == 422
    assert done.status_code == 200
    assert client.get("/api/v1/people?q=zanardelli+iv").json["total"] == 2
