"""What a kind of job is: declared by whoever does the work, found again by whoever runs it."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import time, timedelta

from core.language import Words

Run = Callable[..., Words | None]


@dataclass(frozen=True)
class JobKind:
    """A kind of job: `run(work, **arguments)` does it and answers with the sentence that says what came of it.

    The key begins with the module's (`housing.charge-month`). `permission` is what starting, stopping and
    trying again ask; without one only who manages jobs may. With `daily_at` ("06:00", Italian time) or
    `every` it runs by itself for each partner that has the module on. `tries` are the times in a row
    that it may be begun without getting further.
    """

    key: str
    label: Words
    run: Run
    permission: str = ""
    daily_at: str = ""
    every: timedelta | None = None
    tries: int = 5

    @property
    def scheduled(self) -> bool:
        """Whether it runs by itself."""
        return bool(self.daily_at or self.every)

    @property
    def hour(self) -> time | None:
        """The hour of `daily_at`; `ValueError` when it is none."""
        return time.fromisoformat(self.daily_at) if self.daily_at else None


@dataclass(frozen=True)
class Declared:
    """A kind and the module it is of; the core's is empty."""

    kind: JobKind
    module: str


_declared: dict[str, Declared] = {}


def declare(module: str, kinds: Iterable[JobKind]) -> None:
    """Remember what a module declares, at start; declaring the same again changes nothing."""
    for kind in kinds:
        if kind.daily_at and kind.every:
            raise ValueError(f"the job {kind.key} has both an hour and an interval")
        kind.hour  # noqa: B018  reading it is the check
        one = Declared(kind, module)
        if _declared.setdefault(kind.key, one) != one:
            raise ValueError(f"the job {kind.key} is declared twice")


def kind_of(key: str) -> JobKind | None:
    """The kind with this key, or None when the code that ran it is not here."""
    found = _declared.get(key)
    return found.kind if found else None


def module_of(key: str) -> str:
    """Whose the kind is; `KeyError` when nobody declares it."""
    return _declared[key].module


def declared() -> dict[str, Declared]:
    """Every kind that this process can run, by key."""
    return dict(_declared)


def forget(module: str) -> None:
    """Take back what a module declared, when it turns out to be broken."""
    for key in [key for key, one in _declared.items() if one.module == module]:
        del _declared[key]
