"""The line that each request leaves in the log."""

import json

from flask import abort

from core.requests import Application, prepare


def make_program():
    app = Application("tried")
    app.config["SECRET_KEY"] = "k" * 32
    prepare(app)
    app.before_request_funcs[None].remove(app.open_door)

    @app.get("/people/<name>")
    def people(name):
        if name == "nobody":
            abort(404)
        return ""

    return app


def test_a_request_is_one_line_of_json_that_names_the_page_and_nobody(capsys):
    make_program().test_client().get("/people/rossi?q=Bianchi", headers={"User-Agent": "Verdi"})

    [line] = capsys.readouterr().out.splitlines()
    told = json.loads(line)
    assert {told["level"], told["event"], told["method"]} == {"info", "request", "GET"}
    assert (told["endpoint"], told["status"]) == ("people", 200)
    assert not any(name in line.lower() for name in ("rossi", "bianchi", "verdi"))


def test_programs_made_one_after_the_other_log_a_request_once(capsys):
    make_program()
    make_program().test_client().get("/people/nobody")

    [line] = capsys.readouterr().out.splitlines()
    assert json.loads(line)["status"] == 404
