"""Where the bars of a chart stand; the template only draws them."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from core.language import Words

WIDTH, HEIGHT = 560, 190
LEFT, RIGHT, TOP, FLOOR = 44, 556, 24, 155
STEPS = (1, 2, 5)
LINES = 4
WIDEST = 48
CLASSES = ("bar", "bar2", "late")

Number = int | float | Decimal
Row = tuple[Words, Sequence[Number]]


@dataclass(frozen=True)
class Bar:
    """A bar in the units of the drawing; `kind` is its class."""

    x: float
    y: float
    width: float
    height: float
    value: Number
    kind: str

    @property
    def middle(self) -> float:
        """Where its value is written."""
        return round(self.x + self.width / 2, 1)


@dataclass(frozen=True)
class Chart:
    """Bars, their groups' names and the lines behind them."""

    bars: list[Bar]
    names: list[tuple[float, Words]]
    lines: list[tuple[float, Number]]
    width: int = WIDTH
    height: int = HEIGHT
    left: int = LEFT
    right: int = RIGHT


def bar_chart(rows: Sequence[Row]) -> Chart:
    """Upright bars side by side: a row is a name and one number for each series, none negative."""
    step = _step(max((float(number) for _name, numbers in rows for number in numbers), default=0))
    top = step * LINES
    room = (RIGHT - LEFT) / max(len(rows), 1)
    bars, names = [], []
    for place, (name, numbers) in enumerate(rows):
        middle = LEFT + room * (place + 0.5)
        names.append((round(middle, 1), name))
        bars += _group(numbers, middle, room, top)
    lines: list[tuple[float, Number]] = [(_height_at(step * line, top), step * line) for line in range(LINES + 1)]
    return Chart(bars, names, lines)


def _group(numbers: Sequence[Number], middle: float, room: float, top: Number) -> list[Bar]:
    width = min(WIDEST, room * 0.8 / max(len(numbers), 1))
    left = middle - width * len(numbers) / 2
    return [
        Bar(
            x=round(left + width * place + 1, 1),
            y=_height_at(number, top),
            width=round(width - 2, 1),
            height=round(FLOOR - _height_at(number, top), 1),
            value=number,
            kind=CLASSES[place % len(CLASSES)],
        )
        for place, number in enumerate(numbers)
    ]


def _height_at(number: Number, top: Number) -> float:
    return round(FLOOR - (FLOOR - TOP) * float(number) / float(top), 1)


def _step(largest: float) -> int:
    """The smallest of 1, 2, 5, 10, 20, 50 … of which four reach the largest value."""
    scale = 1
    while True:
        for step in STEPS:
            if step * scale * LINES >= largest:
                return step * scale
        scale *= 10
