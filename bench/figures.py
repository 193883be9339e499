"""What a run found: figures held to their bars, and the parts that failed, by their names."""

from dataclasses import dataclass, field


@dataclass
class Figure:
    """One line of the table: a number, the bar it is held to, and what else was seen."""

    title: str
    value: float
    unit: str
    bar: float | None = None
    at_least: bool = False
    more: dict[str, float] = field(default_factory=dict)

    @property
    def kept(self) -> bool | None:
        """Whether it is within its bar; None without one."""
        if self.bar is None:
            return None
        return self.value >= self.bar if self.at_least else self.value <= self.bar


@dataclass
class Found:
    """Part → its figure, and part → why there is none."""

    figures: dict[str, Figure] = field(default_factory=dict)
    failed: dict[str, str] = field(default_factory=dict)
