"""Two orders of the same call side by side: who entered, left, moved, and by which addends."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from core.api import Choice, _


class Movement(Choice):
    """What became of a place."""

    ENTERED = "entered", _("Entered"), "ok"
    LEFT = "left", _("Left"), "bad"
    UP = "up", _("Up"), "ok"
    DOWN = "down", _("Down"), "warn"
    SAME = "same", _("Same place")


@dataclass(frozen=True)
class Addend:
    """One criterion of a score: what was answered and what it counted."""

    criterion: str
    datum: str
    counted: Decimal


@dataclass(frozen=True)
class Standing:
    """An application in one order; no position means that it was left out, by `rule` if any."""

    application: str
    position: int | None
    total: Decimal | None
    rule: str = ""
    addends: tuple[Addend, ...] = ()


@dataclass(frozen=True)
class Difference:
    """One criterion that counts otherwise, or on another datum; a side is None where it was not asked."""

    criterion: str
    before: Addend | None
    after: Addend | None


@dataclass(frozen=True)
class Move:
    """One application in both orders, and the criteria that differ."""

    application: str
    before: Standing | None
    after: Standing | None
    differences: tuple[Difference, ...]

    @property
    def movement(self) -> Movement:
        """Entered, left, up, down, or the same place."""
        was = self.before.position if self.before else None
        now = self.after.position if self.after else None
        if was is None or now is None:
            return Movement.SAME if was is now else Movement.ENTERED if was is None else Movement.LEFT
        return Movement.SAME if now == was else Movement.UP if now < was else Movement.DOWN

    @property
    def is_changed(self) -> bool:
        """Whether anything of it is not as it was: place, points, rule, or a datum."""
        if self.before is None or self.after is None:
            return True
        was, now = self.before, self.after
        moved = (was.position, was.total, was.rule) != (now.position, now.total, now.rule)
        return moved or bool(self.differences)


def compare(before: Iterable[Standing], after: Iterable[Standing]) -> list[Move]:
    """Every application of either order: those placed now in their order, then those left out, by number."""
    was = {one.application: one for one in before}
    now = {one.application: one for one in after}
    placed = sorted((one for one in now.values() if one.position is not None), key=lambda one: one.position or 0)
    first = [one.application for one in placed]
    rest = sorted((was.keys() | now.keys()) - set(first))
    return [_move(application, was.get(application), now.get(application)) for application in [*first, *rest]]


def _move(application: str, before: Standing | None, after: Standing | None) -> Move:
    return Move(application, before, after, _differences(before, after) if before and after else ())


def _differences(before: Standing, after: Standing) -> tuple[Difference, ...]:
    was = {one.criterion: one for one in before.addends}
    now = {one.criterion: one for one in after.addends}
    criteria = dict.fromkeys([*was, *now])
    return tuple(Difference(one, was.get(one), now.get(one)) for one in criteria if was.get(one) != now.get(one))
