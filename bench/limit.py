"""The limit: the same list of 50 written by hand, Flask over psycopg, with no scope, rights, total or menu.

`gunicorn bench.limit:app` on a database where `prepare` made its table.
"""

import os
import threading
from pathlib import Path
from typing import Any

import psycopg
from flask import Flask
from psycopg.rows import namedtuple_row

COPY = """
create schema if not exists bare;
create table if not exists bare.person as
  select p.id::text, p.sort_name, p.surname || ' ' || p.name as full_name, p.birth_date, m.name as town, p.phone,
         p.codice_fiscale, p.state
  from people_person p left join places_municipality m on m.id = p.residence_municipality_id;
create index if not exists person_list on bare.person (sort_name, id);
analyze bare.person;
"""
LIST = """
select id, full_name, birth_date, town, phone, codice_fiscale, state
from bare.person order by sort_name, id limit 50
"""

app = Flask(__name__)
page = app.jinja_env.from_string(Path(__file__).with_name("limit.html").read_text(encoding="utf-8"))
of_thread = threading.local()


def connection() -> psycopg.Connection[Any]:
    """Each thread keeps one."""
    if not hasattr(of_thread, "connection"):
        of_thread.connection = psycopg.connect(
            os.environ["LIMIT"], autocommit=True, row_factory=namedtuple_row, prepare_threshold=0
        )
    found: psycopg.Connection[Any] = of_thread.connection
    return found


@app.get("/people")
def people() -> str:
    """Fifty people by name."""
    return page.render(rows=connection().execute(LIST).fetchall())
