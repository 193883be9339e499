"""Names of files are shown and never used as paths."""

import pytest

from core.files.names import clean_name, extension_of
from core.refusals import Refusal


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ("../../etc/passwd", "passwd"),
        ("..\\..\\windows\\system.ini", "system.ini"),
        ("C:\\Users\\Ada\\carta.pdf", "carta.pdf"),
        ("/etc/shadow", "shadow"),
        ("carta\0.pdf", "carta.pdf"),
        ("carta\r\nX-Header: 1.pdf", "cartaX-Header: 1.pdf"),
        ("fdp.\u202egpj", "fdp.gpj"),
        ("\u2066carta\u2069.pdf", "carta.pdf"),
        ("identita\u0300.pdf", "identit\u00e0.pdf"),
        ("  carta   di  identità.pdf ", "carta di identità.pdf"),
        ("carta.pdf...", "carta.pdf"),
    ],
)
def test_a_name_keeps_only_what_people_see(given: str, shown: str) -> None:
    assert clean_name(given) == shown


@pytest.mark.parametrize("given", ["", "..", "/", "\0\0", "\u202e", "   "])
def test_a_file_has_a_name(given: str) -> None:
    with pytest.raises(Refusal):
        clean_name(given)


def test_a_long_name_keeps_its_extension() -> None:
    shown = clean_name("a" * 300 + ".pdf")

    assert (len(shown), extension_of(shown)) == (150, "pdf")
