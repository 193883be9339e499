"""One thing that `generazioni check` looked at."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Finding:
    """What was looked at, whether it is well, and in a sentence how it is or how to mend it."""

    what: str
    good: bool
    text: str
