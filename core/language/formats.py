"""Dates, amounts and numbers as the reader's language writes them; Europe/Rome for hours."""

from datetime import date, datetime, time
from decimal import ROUND_HALF_UP, Decimal
from typing import Any
from zoneinfo import ZoneInfo

from core.language import _, current_language

ROME = ZoneInfo("Europe/Rome")
# Thousands and decimals: two signs in which the languages of the interface differ.
SIGNS = {"it": (".", ","), "en": (",", ".")}


def show_date(day: date) -> str:
    """31/12/2026, in every language: the day first, as the offices here write it."""
    return f"{day.day:02}/{day.month:02}/{day.year:04}"


def show_time(moment: datetime | time) -> str:
    """10:41; an instant is shown as it was in Italy."""
    local = moment.astimezone(ROME) if isinstance(moment, datetime) else moment
    return f"{local.hour:02}:{local.minute:02}"


def show_clock(moment: datetime) -> str:
    """10:41:07, as it was in Italy: for logs, where seconds tell the order."""
    return f"{moment.astimezone(ROME):%H:%M:%S}"


def show_datetime(moment: datetime) -> str:
    """31/12/2026 10:41, Italian time."""
    local = moment.astimezone(ROME)
    return f"{show_date(local)} {local.hour:02}:{local.minute:02}"


def show_month(day: date) -> str:
    """December 2026, in words."""
    from babel.dates import format_date  # noqa: PLC0415  slow to import and seldom needed

    return str(format_date(day, "LLLL y", locale=current_language()))


def show_weekday(day: date) -> str:
    """Monday, in words."""
    from babel.dates import format_date  # noqa: PLC0415  slow to import and seldom needed

    return str(format_date(day, "EEEE", locale=current_language()))


def show_number(value: Decimal | float, *, places: int | None = None) -> str:
    """1.234,5 in Italian, 1,234.5 in English; as many decimals as it has, or as many as asked, half up."""
    thousands, point = SIGNS.get(current_language(), SIGNS["it"])
    number = Decimal(str(value))
    if places is not None:
        # Adding zero takes the sign from an amount that rounds to nothing.
        number = number.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP) + 0
    text = f"{number:,f}"
    return text.translate({ord(","): thousands, ord("."): point})


def show_money(amount: Decimal) -> str:
    """1.234,56 €."""
    return f"{show_number(amount, places=2)}\u00a0€"


def show_percent(percent: Decimal | float, *, places: int = 0) -> str:
    """A percentage that is already one: 66 is 66%."""
    return f"{show_number(percent, places=places)}%"


def show_value(value: Any, *, money: bool = False) -> str:  # noqa: PLR0911  one line a kind of value
    """Whatever a record holds, in words; `money` says that a decimal is an amount in euro."""
    if type(value) is str:
        return value
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(_("Yes") if value else _("No"))
    if hasattr(value, "label"):
        return str(value.label)
    if isinstance(value, datetime):
        return show_datetime(value)
    if isinstance(value, date):
        return show_date(value)
    if isinstance(value, Decimal):
        return show_money(value) if money else show_number(value)
    return str(value)
