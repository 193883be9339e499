"""A scoring scheme: groups with caps, criteria, and how each answer becomes points (R-H3)."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from core.api import Choice, Refusal, _

NOTHING = Decimal("0.00")


class InvalidScheme(Refusal):
    """A scheme that cannot be computed; the message names the criterion."""


class CriterionKind(Choice):
    """How an answer becomes points."""

    AWARDED = "awarded", _("Points awarded by the office")
    YES_NO = "yes_no", _("Points if it is so")
    EACH = "each", _("Points for each one")
    STEPS = "steps", _("Points of the highest step reached")
    LINEAR_ISEE = "linear_isee", _("More points the lower the ISEE")


@dataclass(frozen=True)
class Criterion:
    """One line of a scheme; `key` is also the name of the answer it reads.

    `points` is the worth of a yes, of each one, or the most a linear formula gives;
    `limit` is where the linear formula reaches zero; `steps` are (from, points) pairs.
    """

    key: str
    kind: CriterionKind
    points: Decimal = NOTHING
    limit: Decimal | None = None
    steps: tuple[tuple[Decimal, Decimal], ...] = ()
    title: str = ""

    def __post_init__(self) -> None:
        if self.kind is CriterionKind.LINEAR_ISEE and (self.limit is None or self.limit <= 0 or self.points < 0):
            raise InvalidScheme(
                _("The criterion %(key)s needs an ISEE limit above zero and points of zero or more.", key=self.key)
            )
        if self.kind is CriterionKind.STEPS and not self.steps:
            raise InvalidScheme(_("The criterion %(key)s needs at least one step.", key=self.key))


@dataclass(frozen=True)
class Group:
    """Criteria that together give no more than the cap."""

    key: str
    cap: Decimal
    criteria: tuple[Criterion, ...]
    title: str = ""


@dataclass(frozen=True)
class Scheme:
    """A version of a scoring scheme, as a table row keeps it."""

    key: str
    version: int
    groups: tuple[Group, ...]

    def __post_init__(self) -> None:
        keys = [criterion.key for group in self.groups for criterion in group.criteria]
        repeated = {key for key in keys if keys.count(key) > 1}
        if repeated:
            raise InvalidScheme(_("The criterion %(key)s stands twice in the scheme.", key=min(repeated)))


def read_scheme(record: Mapping[str, Any]) -> Scheme:
    """The scheme a table row or an imported file describes, its numbers written as decimal strings."""
    try:
        groups = tuple(_read_group(group) for group in record["groups"])
        return Scheme(record["key"], int(record["version"]), groups)
    except KeyError as error:
        raise InvalidScheme(_("The scheme lacks %(what)s.", what=error.args[0])) from error
    except (TypeError, ValueError, InvalidOperation) as error:
        raise InvalidScheme(_("The scheme is not written as groups, criteria and decimal numbers.")) from error


def _read_group(record: Mapping[str, Any]) -> Group:
    criteria = tuple(_read_criterion(criterion) for criterion in record["criteria"])
    return Group(record["key"], Decimal(record["cap"]), criteria, record.get("title", ""))


def _read_criterion(record: Mapping[str, Any]) -> Criterion:
    return Criterion(
        record["key"],
        CriterionKind(record["kind"]),
        points=Decimal(record.get("points", "0")),
        limit=Decimal(record["limit"]) if record.get("limit") is not None else None,
        steps=tuple((Decimal(start), Decimal(points)) for start, points in record.get("steps", ())),
        title=record.get("title", ""),
    )
