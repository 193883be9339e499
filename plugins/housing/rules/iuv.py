"""The IUV of a pagoPA payment with auxiliary digit 3: segregation code, number, and two check digits.

The check digits are the remainder by 93 of auxiliary digit, segregation code and number, one after the other
(pagoPA, «Specifiche attuative dei codici identificativi di versamento»). The agreement with the pagoPA partner
decides the segregation code, and whether it assigns the IUV itself.
"""

from core.api import Refusal, _

AUXILIARY = "3"
NUMBER_DIGITS = 13
MODULUS = 93


def make_iuv(segregation: str, number: int) -> str:
    """The 17 digits of an IUV; `Refusal` when the code or the number is not what they take."""
    if len(segregation) != 2 or not segregation.isdecimal():  # noqa: PLR2004  two digits, by agreement
        raise Refusal(_("The segregation code has two digits: it comes with the agreement with pagoPA."))
    if not 0 < number < 10**NUMBER_DIGITS:
        raise Refusal(_("The number of an IUV has at most 13 digits."))
    body = f"{segregation}{number:013}"
    return f"{body}{int(AUXILIARY + body) % MODULUS:02}"


def notice_number(iuv: str) -> str:
    """The 18 digits on the payment notice."""
    return AUXILIARY + iuv


def checks(iuv: str) -> bool:
    """Whether the check digits of a 17-digit IUV agree."""
    return len(iuv) == 17 and iuv.isdecimal() and int(AUXILIARY + iuv[:15]) % MODULUS == int(iuv[15:])  # noqa: PLR2004
