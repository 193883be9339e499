"""What people type, read: each reader answers with a sentence that says how to mend what it cannot read."""

import re
from datetime import date, time
from decimal import Decimal

from core.language import _
from core.refusals import Refusal

ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:T.*)?")
TYPED = re.compile(r"(\d{1,2})[/.\- ](\d{1,2})[/.\- ](\d{2}|\d{4})")
MONTHS = 12
YES = {"sì", "si", "s", "yes", "y", "true", "vero", "1", "x", "on"}
NO = {"no", "n", "false", "falso", "0", "off", ""}


def read_date(text: str) -> date:
    """A day typed as 31/12/1984 or 1984-12-31; years of two digits are refused, they could be two centuries."""
    text = text.strip()
    if found := ISO.fullmatch(text):
        year, month, day = found.groups()
    elif found := TYPED.fullmatch(text):
        day, month, year = found.groups()
    else:
        raise Refusal(_("“%(text)s” is not a date: write day, month and year, as 31/12/1984.", text=text))
    if len(year) == 2:  # noqa: PLR2004
        raise Refusal(_("Write the year with four digits, as 31/12/1984."))
    if not 1 <= int(month) <= MONTHS:
        raise Refusal(_("The month %(month)s does not exist: write day, month and year, as 31/12/1984.", month=month))
    try:
        return date(int(year), int(month), int(day))
    except ValueError as error:
        raise Refusal(
            _("The day %(day)s does not exist in that month: write day, month and year, as 31/12/1984.", day=day)
        ) from error


def read_time(text: str) -> time:
    """An hour typed as 9:30, 09.30 or 9."""
    found = re.fullmatch(r"(\d{1,2})(?:[:.](\d{2})(?::00)?)?", text.strip())
    try:
        return time(int(found[1]), int(found[2] or 0))  # type: ignore[index]
    except (TypeError, ValueError) as error:
        raise Refusal(_("“%(text)s” is not an hour: write hours and minutes, as 09:30.", text=text)) from error


def read_integer(text: str) -> int:
    """A whole number; a dot may part the thousands."""
    plain = text.replace("\u00a0", "").replace(" ", "")
    if re.fullmatch(r"[+-]?[1-9]\d{0,2}(\.\d{3})+", plain):
        plain = plain.replace(".", "")
    if not re.fullmatch(r"[+-]?\d{1,15}", plain):
        raise Refusal(_("“%(text)s” is not a whole number: write digits only, as 12.", text=text))
    return int(plain)


def read_decimal(text: str) -> Decimal:
    """A number written 1234.56, 1234,56, 1.234,56 or 1,234.56; `1.234` could be two numbers and is refused."""
    plain = text.replace("\u00a0", "").replace(" ", "").replace("€", "").replace("'", "")
    if re.fullmatch(r"[+-]?[1-9]\d{0,2}[.,]\d{3}", plain):
        whole, after = re.split("[.,]", plain)
        raise Refusal(
            _("“%(text)s” can be read in two ways: write %(whole)s if it is thousands, %(part)s if they are decimals.",
              text=text, whole=whole + after, part=f"{whole},{after}0")
        )  # fmt: skip
    if re.fullmatch(r"[+-]?[1-9]\d{0,2}(\.\d{3})+(,\d+)?", plain):
        plain = plain.replace(".", "").replace(",", ".")
    elif re.fullmatch(r"[+-]?[1-9]\d{0,2}(,\d{3})+(\.\d+)?", plain):
        plain = plain.replace(",", "")
    elif re.fullmatch(r"[+-]?\d+,\d+", plain):
        plain = plain.replace(",", ".")
    # Decimal alone would also take exponents, underscores and infinity.
    if not re.fullmatch(r"[+-]?(\d{1,30}(\.\d{0,30})?|\.\d{1,30})", plain, re.ASCII):
        raise Refusal(_("“%(text)s” is not a number: write it as 1234,56.", text=text))
    return Decimal(plain)


def read_money(text: str) -> Decimal:
    """An amount of euro with at most two decimals; more are refused, never rounded."""
    amount = read_decimal(text)
    cents = amount.quantize(Decimal("0.01")) if abs(amount) < Decimal(10) ** 13 else None
    if cents is None:
        raise Refusal(_("“%(text)s” is too large an amount.", text=text))
    if cents != amount:
        raise Refusal(_("“%(text)s” has fractions of a cent: write two decimals at most, as 480,00.", text=text))
    return cents


def read_boolean(text: str) -> bool:
    """Yes or no, in Italian or English, or 1, 0, x."""
    word = text.strip().casefold()
    if word in YES or word in NO:
        return word in YES
    raise Refusal(_("Write yes or no, not “%(text)s”.", text=text))


def read_phone(text: str) -> str:
    """A telephone number as E.164; without a prefix it is Italian."""
    import phonenumbers  # noqa: PLC0415  large tables, needed only when somebody types a number

    try:
        number = phonenumbers.parse(text, "IT")
    except phonenumbers.NumberParseException as error:
        raise Refusal(_("“%(text)s” is not a telephone number: write it as 030 5550142.", text=text)) from error
    if not phonenumbers.is_possible_number(number):
        raise Refusal(_("“%(text)s” has too many or too few digits for a telephone number.", text=text))
    return str(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164))


def read_email(text: str) -> str:
    """An e-mail address that is well made; nobody is asked whether it exists."""
    from email_validator import EmailNotValidError, validate_email  # noqa: PLC0415  slow to import

    try:
        checked = validate_email(text.strip(), check_deliverability=False, test_environment=True)
    except EmailNotValidError as error:
        raise Refusal(_("“%(text)s” is not an e-mail address: write it as maria@esempio.it.", text=text)) from error
    return checked.normalized
