"""What a PDF holds: tags, language, title, and every text exactly as it was given."""

import io
import re
import subprocess
from datetime import date

import pypdf
import pytest

from core.documents import printing
from core.documents.printing import CannotPrint, make_pdf, shortcomings
from core.language import _

TABLE = """#import "@generazioni/letter:1.0.0": *
#show: letter
#let columns = ((label: "Scadenza"), (label: "Causale", width: 1), (label: "Importo", number: true))
#lines(columns, values.rows, total: ("Totale", "", "621.600,00 €"))
"""


def read(made):
    return pypdf.PdfReader(io.BytesIO(made))


def text_of(made):
    return "\n".join(page.extract_text() for page in read(made).pages)


def printed(kind, *texts, **rest):
    one = kind()
    return make_pdf(one.kind.key, {"texts": list(texts)}, language="it", author="Comune di Prova", **rest)


def test_a_document_is_tagged_and_says_its_language_title_and_author(kind):
    reader = read(printed(kind, "Testo", title="Avviso di selezione", on=date(2026, 11, 25)))
    root = reader.trailer["/Root"]
    metadata = root["/Metadata"].get_object().get_data().decode()

    assert bool(root["/MarkInfo"]["/Marked"])
    assert root["/StructTreeRoot"]["/K"]
    assert root["/Lang"] == "it"
    assert bool(root["/ViewerPreferences"]["/DisplayDocTitle"])
    assert "<pdfuaid:part>1</pdfuaid:part>" in metadata
    assert "Avviso di selezione" in metadata
    assert reader.metadata.title == "Avviso di selezione"
    assert reader.metadata.author == "Comune di Prova"
    assert reader.metadata.creation_date.date() == date(2026, 11, 25)


def test_every_page_says_which_it_is_and_out_of_how_many(kind):
    pages = read(printed(kind, *(f"Paragrafo {n}" for n in range(120)))).pages

    assert len(pages) > 2
    for number, page in enumerate(pages, 1):
        assert f"Page {number} of {len(pages)}" in page.extract_text()


def test_number_date_sender_and_what_it_replaces_stand_on_the_first_page(kind):
    made = printed(
        kind, "Testo", number="DOCUMENTS/2026/00007", on=date(2026, 3, 9), replaces="Replaces DOCUMENTS/2026/00002",
        sender={"name": "Comune di Prova", "address": ["Piazza Municipio 1", "25018 Montichiari (BS)"]},
    )  # fmt: skip
    first = read(made).pages[0].extract_text()

    for text in ("DOCUMENTS/2026/00007", "09/03/2026", "Piazza Municipio 1", "Replaces DOCUMENTS/2026/00002"):
        assert text in first


def test_only_a_draft_says_so(kind):
    assert "DRAFT" in text_of(printed(kind, "Testo", draft=True))
    assert "DRAFT" not in text_of(printed(kind, "Testo"))


@pytest.mark.parametrize("text", [
    "#panic()", '#import "x.typ"', "*bold* _slanted_ `code`", "$ x^2 $", "@ref <label>", r"back \ slash \n \u{1F600}",
    "quotes \" and ' and «»", "// comment /* more */", "= heading", "- item", "[content] {code}", "a -- b --- c ... d",
    "perché più città là € ß ø ğ ș ž", "Ж Ω", "😀 🏠", "日本", "שלום", "fi ffi fl", "https://example.org/?a=b#c",
])  # fmt: skip
def test_a_text_is_never_markup_and_is_found_again_as_it_was(kind, text):
    assert text in text_of(printed(kind, text))


def test_letters_of_a_right_to_left_word_are_all_there(kind):
    read_back = text_of(printed(kind, "مرحبا"))

    assert "مرحبا" in read_back


def test_a_name_of_five_thousand_letters_stays_on_the_page(kind):
    name = "".join(chr(97 + n % 26) for n in range(5000))
    made = printed(kind, name)

    assert "".join(re.findall(r"^[a-z]+$", text_of(made), re.MULTILINE)) == name
    assert len(read(made).pages) == 2, "it goes on, line after line"


def test_control_characters_and_lone_surrogates_are_left_out(kind):
    assert "one two three" in text_of(printed(kind, "one\ttwo\x07 three\ud800\x00"))


def test_a_value_that_json_has_no_word_for_is_named(kind):
    with pytest.raises(TypeError, match="date"):
        printed(kind, date(2026, 1, 1))


def test_sentences_are_said_in_the_documents_language(kind, monkeypatch):
    said = []
    speaking = printing.speaking
    monkeypatch.setattr(printing, "speaking", lambda language: said.append(language) or speaking(language))

    assert "Total" in text_of(printed(kind, _("Total")))
    assert said == ["it"]


@pytest.mark.parametrize("source", [
    '#read("/etc/passwd")', '#read("../../../../../../etc/passwd")', '#read("../secret.txt")',
    '#import "@preview/cetz:0.3.1": *', '#import "@pre" + "view/cetz:0.3.1": *', "#panic()", "#values.nothing",
    "plain text without a title",
])  # fmt: skip
def test_what_a_template_may_not_do_fails_in_one_sentence(kind, tmp_path, source):
    (tmp_path / "secret.txt").write_text("secret")
    one = kind(source)

    with pytest.raises(CannotPrint, match="could not be made"):
        make_pdf(one.kind.key, {"texts": []})


def test_a_template_that_never_ends_is_stopped(kind, monkeypatch):
    monkeypatch.setattr(printing, "LONGEST", 1)
    one = kind("#let f(n) = { let s = 0; for x in range(1000000000) { s += x }; s }\n#f(1)")

    with pytest.raises(CannotPrint, match=r"takes too long|could not be made"):
        make_pdf(one.kind.key, {"texts": []})


def test_a_compiler_that_dies_is_told_and_the_log_names_nobody(kind, monkeypatch, caplog):
    one = kind()
    died = subprocess.CompletedProcess([], -9, b"", b"killed")
    monkeypatch.setattr(printing.subprocess, "run", lambda *rest, **named: died)

    with pytest.raises(CannotPrint):
        make_pdf(one.kind.key, {"texts": ["Rossi"]})
    assert "killed" in caplog.text
    assert "Rossi" not in caplog.text


def test_a_long_table_repeats_its_head_on_each_page(kind):
    one = kind(TABLE)
    rows = [["05/01/2026", f"Canone {n}", "1.480,00 €"] for n in range(420)]
    made = make_pdf(one.kind.key, {"rows": rows}, language="it", author="Comune di Prova")

    pages = read(made).pages
    assert len(pages) >= 10
    assert all("Scadenza" in page.extract_text() for page in pages)


def test_what_is_missing_is_named(kind, monkeypatch):
    one = kind()
    assert shortcomings() == []

    one.template.unlink()
    assert shortcomings() == [f"trial.letter has no template {one.template}"]

    monkeypatch.setattr(printing.importlib.util, "find_spec", lambda name: None)
    assert "typst is missing" in shortcomings()[0]
