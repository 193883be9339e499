"""Bank accounts: ISO 13616, and the CIN that Italian ones carry inside (R-IBAN)."""

from stdnum import iban
from stdnum.exceptions import ValidationError

from core.language import _
from core.refusals import Refusal

ITALIAN_LENGTH = 27
ODD = dict(zip("ABCDEFGHIJKLMNOPQRSTUVWXYZ", (1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18, 20, 11, 3, 6, 8, 12, 14,
                                              16, 10, 22, 25, 24, 23), strict=True))  # fmt: skip
ODD |= {str(digit): ODD["ABCDEFGHIJ"[digit]] for digit in range(10)}


def read_iban(text: str) -> str:
    """The IBAN without spaces; `Refusal` when a check fails, naming which."""
    code = iban.compact(text).upper()
    if code.startswith("IT") and len(code) != ITALIAN_LENGTH:
        raise Refusal(_("An Italian IBAN has 27 characters, this one has %(n)s.", n=len(code)))
    wrong = _("The IBAN is wrong: its check digits do not agree. Compare it with the document.")
    if not code.isascii():
        raise Refusal(wrong)
    try:
        iban.validate(code, check_country=False)
    except ValidationError as error:
        raise Refusal(wrong) from error
    if code.startswith("IT") and code[4] != cin(code[5:]):
        raise Refusal(_("The IBAN is wrong: its letter CIN does not agree. Compare it with the document."))
    return code


def cin(account: str) -> str:
    """The letter that checks the 22 characters of ABI, CAB and account."""
    even = {char: position for position, char in enumerate("ABCDEFGHIJKLMNOPQRSTUVWXYZ")}
    even |= {str(digit): digit for digit in range(10)}
    total = sum(ODD[char] if place % 2 == 0 else even[char] for place, char in enumerate(account))
    return chr(ord("A") + total % 26)
