"""What the program says when it will not do something."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from core.language import Words


class Refusal(Exception):  # noqa: N818  it is an answer to the user, not a fault of the program
    """A rule says no; the message tells the user which field, what is wrong and how to mend it."""

    def __init__(self, message: "Words", *, field: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.field = field

    def __str__(self) -> str:
        return str(self.message)


class NotFound(Refusal):
    """There is no such thing, or it belongs to somebody else: the answer is the same."""


class Moved(NotFound):
    """It was merged into another record of its kind: `old` is the key that was asked for, `new` where to look."""

    def __init__(self, message: "Words", *, old: object, new: object) -> None:
        super().__init__(message)
        self.old, self.new = str(old), str(new)


class Forbidden(Refusal):
    """The user may see that it exists, and may not do this to it."""


class Later(Refusal):
    """It cannot be answered just now, and will be in a while without anybody doing anything here."""


class Stale(Refusal):
    """Somebody changed the record after this user opened it."""

    def __init__(self, message: "Words", *, record: object) -> None:
        super().__init__(message)
        self.record = record


class Unversioned(Refusal):
    """A program must say which version it changes."""


class TooOften(Refusal):
    """Too many tries; `seconds` is how long to wait."""

    def __init__(self, message: "Words", *, seconds: int) -> None:
        super().__init__(message)
        self.seconds = seconds


class Refusals(Refusal):
    """Several rules say no at once, each about its own field."""

    def __init__(self, refusals: list[Refusal]) -> None:
        super().__init__(refusals[0].message, field=refusals[0].field)
        self.refusals = refusals
