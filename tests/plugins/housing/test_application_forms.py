"""The application's form: a field for each question of the call, whoever sends the answers."""

from datetime import date
from decimal import Decimal

import pytest
from werkzeug.datastructures import MultiDict

from core.config import read_settings
from core.plugins.loading import load
from core.resource.forms import open_form
from plugins.housing.application_forms import AnswersForm, ApplicationForm, Declaration
from plugins.housing.models import Regime
from plugins.housing.services import calls, schemes

SCHEME = """\
famiglia; 40; family; awarded; ; ; Condizione familiare
famiglia; 40; alone; yes_no; 5; ; Genitore solo
famiglia; 40; evictions; each; 3; ; Sfratti
economia; 20; isee; linear_isee; 20; 16000; ISEE
"""


@pytest.fixture(scope="module")
def collections():
    return load(read_settings()).collections


@pytest.fixture
def call(desk):
    scheme = schemes.add_scheme(desk.session, key="prova", title="Prova", criteria=SCHEME)
    home = desk.home()
    made = calls.prepare_call(
        desk.session, number="2026/09", title="Prova", regime=Regime.SAS, opens_on=date(2026, 3, 1),
        closes_on=date(2026, 3, 31), homes=[home], scheme=scheme,
    )  # fmt: skip
    return calls.publish_call(desk.session, made)


def sent(desk, collections, call, **told):
    person, _household, _certificate = desk.family()
    data = MultiDict({"call": str(call.id), "person": str(person.id), "received_on": "12/03/2026", **told})
    return open_form(ApplicationForm, desk.session, collections, formdata=data, loose="answers.of" in told)


def test_the_form_asks_what_the_scheme_asks_and_not_what_is_counted(desk, collections, call):
    form = sent(desk, collections, call)

    asked = [name for name in form._fields if name.startswith("answers.")]
    assert asked == ["answers.family", "answers.alone", "answers.evictions"]
    assert [str(title) for title, _fields in form.shown_groups()][-1] == "famiglia, 40 points at most"


def test_answers_are_read_as_their_kind_says(desk, collections, call):
    told = {"answers.family": "25,50", "answers.alone": "yes", "answers.evictions": "2", "disability": "no"}
    form = sent(desk, collections, call, **told, **{"answers.of": str(call.scheme.id)})

    assert form.validate()
    answers = form.values()["answers"]
    assert answers["family"] == Decimal("25.50")
    assert (answers["alone"], answers["evictions"], answers["disability"]) == (True, 2, False)
    assert answers["resident"] is None


def test_a_line_of_a_file_says_its_answers_in_one_cell(desk, collections, call):
    form = sent(desk, collections, call, answers="family = 25; alone = sì; disability = no")

    assert form.validate()
    answers = form.values()["answers"]
    assert (answers["family"], answers["alone"], answers["disability"]) == (Decimal(25), True, False)


@pytest.mark.parametrize(("told", "field"), [
    ({"answers.familly": "3"}, "answers"),
    ({"answers.family": "molti"}, "answers.family"),
    ({"answers.alone": "forse"}, "answers.alone"),
])  # fmt: skip
def test_an_answer_that_nobody_asked_for_or_cannot_be_read_is_refused_beside_its_question(
    desk, collections, call, told, field
):
    form = sent(desk, collections, call, **told)

    assert not form.validate()
    assert list(form.errors) == [field]


def test_a_page_that_showed_the_questions_of_another_call_comes_back_with_the_right_ones(desk, collections, call):
    form = sent(desk, collections, call, **{"answers.of": "another", "answers.family": "25"})

    assert not form.validate()
    assert list(form.errors) == ["answers"]
    assert form["answers.family"].data == Decimal(25)


def test_completing_keeps_what_is_not_sent(desk, collections):
    application = desk.apply(desk.call(), family=25, housing=30, disability=True)
    sent_now = MultiDict({"answers.housing": "10"})
    form = open_form(AnswersForm, desk.session, collections, formdata=sent_now, record=application, loose=False)

    assert form.validate()
    assert form["disability"].data is Declaration.YES
    assert form.values()["answers"] | {"resident": None} == {
        "resident": None, "works_here": None, "no_property": None, "disability": True, "family": 25, "housing": 10,
    }  # fmt: skip
