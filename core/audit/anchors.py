"""Anchors: where each partner's trail ended, hour by hour, written outside the database.

A chain that lost its last lines is still a chain; against an anchor the loss shows.
"""

import json
import os
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Self
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core.database.field import now
from core.database.scope import scope_of
from core.database.trail import ChainHead, Change


class BrokenAnchors(Exception):  # noqa: N818
    """A line of the file of anchors that is none: somebody wrote on it."""


@dataclass(frozen=True)
class Anchor:
    """The end of a trail at a moment: the last line's number and hash, and how many lines there were."""

    at: str
    partner: str
    sequence: int
    hash: str
    count: int

    @classmethod
    def of(cls, session: Session) -> Self | None:
        """The end of the trail of the session's partner; None while it has no line."""
        head = session.scalars(select(ChainHead)).one_or_none()
        if head is None or head.sequence == 0:
            return None
        count = session.scalar(select(func.count()).select_from(Change).where(Change.sequence <= head.sequence))
        partner = str(scope_of(session).partner_id)
        return cls(now().isoformat(timespec="seconds"), partner, head.sequence, head.hash, count or 0)


def write_anchor(file: Path, anchor: Anchor) -> None:
    """Add an anchor to the file, and be sure that it is on the disk."""
    file.parent.mkdir(parents=True, exist_ok=True)
    grown = os.open(file, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    with os.fdopen(grown, "a", encoding="utf-8") as stream:
        stream.write(f"{json.dumps(asdict(anchor))}\n")
        stream.flush()
        os.fsync(stream.fileno())


def read_anchors(file: Path) -> dict[UUID, list[Anchor]]:
    """The anchors of each partner; none while the file does not exist."""
    found: dict[UUID, list[Anchor]] = {}
    if not file.exists():
        return found
    with file.open(encoding="utf-8") as stream:
        for number, line in enumerate(stream, start=1):
            try:
                anchor = Anchor(**json.loads(line))
                found.setdefault(UUID(anchor.partner), []).append(anchor)
            except (ValueError, TypeError) as error:
                raise BrokenAnchors(f"line {number} of {file} is no anchor") from error
    return found
