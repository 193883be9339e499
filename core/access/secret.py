"""Random tokens that are shown once and kept only as their hash."""

import hashlib
import secrets

BYTES = 32


def new_token() -> tuple[str, str]:
    """A token of 256 random bits, and the hash to keep of it.

    A plain SHA-256 is enough here: nobody can guess 256 bits, however fast they hash.
    """
    token = secrets.token_urlsafe(BYTES)
    return token, hash_of(token)


def hash_of(token: str) -> str:
    """What is kept of a token."""
    return hashlib.sha256(token.encode()).hexdigest()
