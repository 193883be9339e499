"""By when a lease is registered with the Revenue Agency."""

from datetime import date

from core.api import deadline

DAYS = 30


def register_by(signed_on: date, starts_on: date) -> date:
    """The last day to register: thirty days from the signing, or from the first day when that comes earlier.

    DPR 131/1986 art. 13 c. 1, with the term of DL 73/2022 art. 14; a term that ends on a holiday moves on.
    """
    return deadline(min(signed_on, starts_on), DAYS)
