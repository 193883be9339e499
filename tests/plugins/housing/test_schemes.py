"""Scoring schemes: edited in rows, read from files, in editions of which the past ones never change."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.refusals import Refusal
from core.resource.forms import open_form
from plugins.housing.rules.scheme import CriterionKind, read_scheme
from plugins.housing.rules.scheme_table import read_lines, slug, write_lines
from plugins.housing.scheme_forms import SchemeForm
from plugins.housing.services import calls, schemes

FILE = """gruppo;tetto;chiave;tipo;punti;limite;criterio;fasce
Famiglia;40;minors;each;5;;Minori;
Famiglia;40;;Punti se è così;10;;Genitore solo;
Abitazione;40;crowding;steps;;;Sovraffollamento;1 = 5 | 3 = 8,50
Economia;20;isee;linear_isee;20;16.000,00;ISEE;
"""
READ = [
    {"key": "Famiglia", "title": "Famiglia", "cap": "40", "criteria": [
        {"key": "minors", "kind": "each", "title": "Minori", "points": "5"},
        {"key": "genitore_solo", "kind": "yes_no", "title": "Genitore solo", "points": "10"},
    ]},
    {"key": "Abitazione", "title": "Abitazione", "cap": "40", "criteria": [
        {"key": "crowding", "kind": "steps", "title": "Sovraffollamento", "steps": [["1", "5"], ["3", "8.5"]]},
    ]},
    {"key": "Economia", "title": "Economia", "cap": "20", "criteria": [
        {"key": "isee", "kind": "linear_isee", "title": "ISEE", "points": "20", "limit": "16000"},
    ]},
]  # fmt: skip
PAGE = {
    "title": "Schema", "key": "sas", "criteria-0-title": "Famiglia", "criteria-0-cap": "40",
    "criteria-0-0-title": "Minori", "criteria-0-0-key": "minors", "criteria-0-0-kind": "each",
    "criteria-0-0-points": "5", "criteria-0-1-title": "Solo", "criteria-0-1-kind": "yes_no",
    "criteria-0-1-points": "2,50", "criteria-1-title": "Economia", "criteria-1-cap": "20",
    "criteria-1-0-title": "ISEE", "criteria-1-0-key": "isee", "criteria-1-0-kind": "linear_isee",
    "criteria-1-0-points": "20", "criteria-1-0-limit": "16000",
}  # fmt: skip


def page(**changes):
    told = {name.replace("__", "-"): text for name, text in changes.items()}
    return open_form(SchemeForm, None, None, formdata=PAGE | told)


def rows(form):
    return [(group.title, [row["title"] for row in group.rows]) for group in form.criteria.edited]


def test_a_file_with_headings_is_read_group_by_group_and_written_as_it_was_read():
    assert read_lines(FILE.replace("Punti se è così", "yes_no")) == READ
    assert read_lines(write_lines(READ)) == READ


def test_lines_without_headings_keep_their_order():
    assert read_lines("Famiglia; 40; minors; each; 5; ; Minori")[0]["criteria"] == READ[0]["criteria"][:1]


@pytest.mark.parametrize(("line", "reason"), [
    ("Famiglia;40;minors;each;;;Minori;", "the points: a number is missing"),
    ("Famiglia;quaranta;minors;each;5;;Minori;", "the cap"),
    ("Famiglia;0;minors;each;5;;Minori;", "above zero"),
    (";40;minors;each;5;;Minori;", "the group needs a name"),
    ("Famiglia;40;minors;weird;5;;Minori;", "the kind is one of"),
    ("Famiglia;40;two words;each;5;;Minori;", "the key is a short word"),
    ("Famiglia;40;rooms;steps;;;Stanze;", "1 = 5 | 3 = 8"),
    ("Famiglia;40;rooms;steps;;;Stanze;1-5", "1 = 5 | 3 = 8"),
    ("Economia;20;isee;linear_isee;20;0;ISEE;", "the ISEE limit is above zero"),
    ("Famiglia;40;minors;each;5,1255;;Minori;", "at most two decimals"),
])  # fmt: skip
def test_each_wrong_line_is_told_with_its_number_and_reason(line, reason):
    with pytest.raises(Refusal) as refused:
        read_lines(f"{write_lines([])}{line}\n")

    assert str(refused.value).startswith("Line 2: ")
    assert reason in str(refused.value)


@pytest.mark.parametrize("text", ["", write_lines([])])
def test_an_empty_table_such_as_the_regions_asks_for_its_criteria(text):
    with pytest.raises(Refusal, match="at least one criterion"):
        read_lines(text)


def test_a_key_twice_is_refused_by_name():
    with pytest.raises(Refusal, match="minors"):
        read_lines("A;40;minors;each;5;;Minori\nB;40;minors;each;5;;Altri")


points = st.decimals(0, 100, places=2).map(lambda number: format(number.normalize() + 0, "f"))
criterion = st.one_of(
    st.fixed_dictionaries({"kind": st.sampled_from(["yes_no", "each"]), "points": points}),
    st.fixed_dictionaries({"kind": st.just("awarded")}),
    st.fixed_dictionaries({
        "kind": st.just("steps"),
        "steps": st.dictionaries(st.integers(0, 9), points, min_size=1).map(
            lambda steps: [[str(start), steps[start]] for start in sorted(steps)]
        ),
    }),
)  # fmt: skip


@given(st.lists(st.lists(criterion, min_size=1, max_size=3), min_size=1, max_size=3))
def test_what_is_written_is_read_again_the_same(written):
    groups = [
        {"key": f"G{g}", "title": f"G{g}", "cap": "40", "criteria": [
            {"key": f"k{g}_{n}", "title": f"K; {n}", **one} for n, one in enumerate(criteria)
        ]}
        for g, criteria in enumerate(written)
    ]  # fmt: skip

    assert read_lines(write_lines(groups)) == groups
    assert read_scheme({"key": "x", "version": 1, "groups": groups}).groups


def test_the_rows_of_the_page_become_the_groups():
    form = page()

    assert form.validate()
    told = form.values()
    assert (told["key"], [group["cap"] for group in told["criteria"]]) == ("sas", ["40", "20"])
    assert told["criteria"][0]["criteria"][1] == {
        "key": "solo", "kind": "yes_no", "title": "Solo", "points": "2.5",
    }  # fmt: skip


@pytest.mark.parametrize(("button", "after"), [
    ("add:0", [("Famiglia", ["Minori", "Solo", ""]), ("Economia", ["ISEE"])]),
    ("drop:0:0", [("Famiglia", ["Solo"]), ("Economia", ["ISEE"])]),
    ("up:0:1", [("Famiglia", ["Solo", "Minori"]), ("Economia", ["ISEE"])]),
    ("up:0:0", [("Famiglia", ["Minori", "Solo"]), ("Economia", ["ISEE"])]),
    ("down:0:0", [("Famiglia", ["Solo", "Minori"]), ("Economia", ["ISEE"])]),
    ("add-group", [("Famiglia", ["Minori", "Solo"]), ("Economia", ["ISEE"]), ("", [""])]),
    ("drop-group:0", [("Economia", ["ISEE"])]),
    ("down-group:0", [("Economia", ["ISEE"]), ("Famiglia", ["Minori", "Solo"])]),
])  # fmt: skip
def test_the_buttons_add_remove_and_move_rows(button, after):
    form = page()

    form.criteria.search(button)

    assert rows(form) == after


@pytest.mark.parametrize("button", ["drop:9:9", "drop:0", "explode", "add"])
def test_a_button_about_a_row_that_is_gone_says_so_and_loses_nothing(button):
    form = page()

    form.criteria.search(button)

    assert form.criteria.errors
    assert rows(form) == rows(page())


def test_what_is_wrong_names_group_and_criterion_and_what_was_typed_stays():
    form = page(criteria__0__1__points="dieci")

    assert not form.validate()
    assert form.criteria.errors[0].startswith("Group Famiglia, criterion 2: the points: “dieci”")
    assert form.criteria.edited[0].rows[1]["points"] == "dieci"


def test_a_scheme_nobody_wrote_yet_is_refused():
    form = open_form(SchemeForm, None, None, formdata={"title": "Schema", "key": "sas"})

    assert not form.validate()
    assert form.criteria.errors == ["Write at least one criterion."]


def test_every_kind_can_be_chosen_in_the_page():
    assert list(page().criteria.kinds) == list(CriterionKind)


def test_a_key_is_made_of_the_title():
    assert slug("Nucleo con minori, età < 3") == "nucleo_con_minori_eta_3"


def test_a_new_edition_leaves_the_past_one_and_the_call_that_uses_it_as_they_are(desk):
    call = desk.call()
    first = call.scheme
    before = list(first.groups)
    with pytest.raises(Refusal) as refused:
        schemes.amend_scheme(desk.session, first, title="Altro", criteria=READ)
    assert refused.value.field == "criteria"

    second = schemes.new_edition(desk.session, first, title="Schema 2027", criteria=READ)

    assert (second.key, second.edition, first.groups, call.scheme) == (first.key, 2, before, first)
    with pytest.raises(Refusal):
        schemes.amend_scheme(desk.session, first, title="Altro", criteria=READ)


def test_an_edition_nobody_uses_may_still_be_corrected(desk):
    scheme = schemes.add_scheme(desk.session, key="sas", title="Schema", criteria=READ)

    schemes.amend_scheme(desk.session, scheme, title="Schema", criteria=write_lines(READ[:1]))

    assert [group["title"] for group in scheme.groups] == ["Famiglia"]
    call = calls.prepare_call(
        desk.session, number="2027/01", title="X", regime="sas", opens_on=date(2027, 1, 1),
        closes_on=date(2027, 1, 31), scheme=scheme,
    )  # fmt: skip
    assert call.scheme.rules.groups[0].cap == Decimal(40)
