"""A file as somebody sent it, before anything is known of it."""

from typing import NamedTuple


class SentFile(NamedTuple):
    """Its name and its bytes."""

    name: str
    content: bytes
