"""What `make check` says of translations."""

import pytest
from babel.messages.catalog import Catalog

from core.language.catalogues import faults_of


def catalogue(words: str | tuple[str, str], said: str | tuple[str, str], *, fuzzy: bool = False) -> Catalog:
    made = Catalog("it")
    made.add(words, said, flags={"fuzzy"} if fuzzy else set())
    return made


@pytest.mark.parametrize(
    ("words", "said", "fault"),
    [
        ("Save", "Salva", None),
        ("Save", "", "not translated: 'Save'"),
        ("%(home)s is let.", "%(home)s è affittata.", None),
        ("%(home)s is let.", "%(casa)s è affittata.", "placeholders differ: '%(home)s is let.'"),
        (("%(n)s row", "%(n)s rows"), ("una riga", "%(n)s righe"), None),
        (("%(n)s row", "%(n)s rows"), ("%(n)s riga", ""), "not translated: '%(n)s row'"),
        (("%(n)s row", "%(n)s rows"), ("%(m)s riga", "%(n)s righe"), "placeholders differ: '%(n)s row'"),
    ],
)
def test_a_translation_is_whole_and_keeps_its_placeholders(
    words: str | tuple[str, str], said: str | tuple[str, str], fault: str | None
) -> None:
    found = list(faults_of(catalogue(words, said), catalogue(words, said)))

    assert found == ([fault] if fault else [])


def test_a_sentence_without_an_entry_is_not_translated() -> None:
    assert list(faults_of(catalogue("Save", ""), Catalog("it"))) == ["not translated: 'Save'"]


def test_a_guess_of_the_tools_is_no_translation() -> None:
    guessed = catalogue("Save", "Salva", fuzzy=True)

    assert list(faults_of(guessed, guessed)) == ["marked fuzzy: 'Save'"]
