"""The codes of organisations: partita IVA and codice fiscale of eleven digits (R-PIVA)."""

from stdnum import luhn
from stdnum.it import codicefiscale

from core.language import _
from core.refusals import Refusal

DIGITS, LETTERS = 11, 16


def check_partita_iva(code: str) -> str:
    """The number without prefix and spaces; `Refusal` on length, characters, zeros or check digit."""
    return _eleven_digits(code, "partita_iva")


def check_codice_fiscale(code: str) -> str:
    """Eleven digits, or the sixteen characters of a sole trader."""
    plain = code.replace(" ", "").upper()
    if len(plain) == LETTERS:
        if not codicefiscale.is_valid(plain):
            raise Refusal(_("Wrong check character: compare the codice fiscale with the card."), field="codice_fiscale")
        return plain
    return _eleven_digits(plain, "codice_fiscale")


def _eleven_digits(code: str, field: str) -> str:
    plain = code.replace(" ", "").upper().removeprefix("IT")
    if len(plain) != DIGITS or not (plain.isascii() and plain.isdecimal()):
        raise Refusal(_("Write 11 digits: this has %(n)s characters.", n=len(plain)), field=field)
    if plain == "0" * DIGITS:
        raise Refusal(_("A number of zeros alone belongs to nobody."), field=field)
    # The office code in digits 8-10 is not enforced (R-PIVA): only the check digit is.
    if luhn.calc_check_digit(plain[:-1]) != plain[-1]:
        raise Refusal(
            _("The last digit does not agree with the others: compare the number with the document."), field=field
        )
    return plain
