"""Yearly values that the law publishes, shipped with their sources."""

import csv
from collections.abc import Iterator
from datetime import date
from pathlib import Path

from sqlalchemy.orm import Session

from core.parameters.services import Seed, seed

HERE = Path(__file__).parent / "reference"


def legal_interest() -> Iterator[Seed]:
    """The rate of art. 1284 c.c. since 1990, in percent a year; two rates in 1990."""
    with (HERE / "legal_interest.csv").open(encoding="utf-8", newline="") as stream:
        for row in csv.DictReader(stream):
            source = f"{row['act']}, G.U. {row['gazzetta']}" if row["gazzetta"] else row["act"]
            first, last = date.fromisoformat(row["valid_from"]), date.fromisoformat(row["valid_to"])
            yield "legal_interest", row["rate_percent"], first, last, source


def load_reference(session: Session) -> int:
    """Seed the network's shipped values and say how many were missing."""
    return seed(session, legal_interest())
