"""Passwords: what is accepted as one, and how it is kept and compared.

What is refused is a rule and a list (reference/common_passwords.txt, about 250 words that we gathered:
the world's commonest, Italian names, teams and months, our territory). A password that is one or more of
those words with digits or signs around them, a run of neighbouring keys, a few characters repeated, or
the user's own name, is refused. Public lists of leaked passwords are mostly shorter than our minimum.
"""

import re
import unicodedata
from functools import cache
from pathlib import Path
from threading import BoundedSemaphore

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from core.access.secret import new_token
from core.language import _
from core.refusals import Refusal

SHORTEST = 12
SHORTEST_OF_ADMINISTRATORS = 14
# A longer text would only make the hash's first step slow; nobody types more.
LONGEST = 200
FEWEST_DIFFERENT = 5
# A letter or two beside common words make them no harder to guess.
STRAY_LETTERS = 2

HASHER = PasswordHasher(time_cost=3, memory_cost=64 * 1024, parallelism=4)
# Each hash takes 64 MiB: four at once in a process, the others wait.
TURNS = BoundedSemaphore(4)

RUNS = (
    "abcdefghijklmnopqrstuvwxyz",
    "01234567890123456789",
    "qwertyuiopasdfghjklzxcvbnm",
    "1qaz2wsx3edc4rfv5tgb6yhn7ujm",
)
LOOKALIKES = str.maketrans("013457@$!", "oieastasi")


def hashed(password: str) -> str:
    """The argon2id hash to keep, parameters and salt inside."""
    with TURNS:
        return HASHER.hash(_same_letters(password))


def matches(kept: str, password: str) -> bool:
    """Whether the password is the one that was hashed; without a hash it takes as long, and is not."""
    with TURNS:
        try:
            return HASHER.verify(kept or _nobodys(), _same_letters(password[:LONGEST])) and bool(kept)
        except (VerificationError, InvalidHashError):
            return False


def is_outdated(kept: str) -> bool:
    """Whether the hash was made with other parameters than today's."""
    return HASHER.check_needs_rehash(kept)


@cache
def _nobodys() -> str:
    """The hash of a password that nobody knows, compared when there is no user: the time says nothing."""
    return HASHER.hash(new_token()[0])


def _same_letters(password: str) -> str:
    """One spelling for what looks alike: è typed on a Mac is another sequence than è typed on Windows."""
    return unicodedata.normalize("NFKC", password)


def check_password(password: str, *, administrator: bool = False, about: tuple[str, ...] = ()) -> None:
    """Refuse a password too short or too easy to guess; `about` are the user's name and e-mail address."""
    shortest = SHORTEST_OF_ADMINISTRATORS if administrator else SHORTEST
    if len(password) < shortest:
        raise Refusal(_("Use at least %(n)s characters: a few words together work well.", n=shortest), field="password")
    if len(password) > LONGEST:
        raise Refusal(_("Use at most %(n)s characters.", n=LONGEST), field="password")
    if is_easy(password, about=about):
        raise Refusal(_("This password is easy to guess: take a few words that do not go together."), field="password")


def is_easy(password: str, *, about: tuple[str, ...] = ()) -> bool:
    """Whether somebody who knows the user and the commonest passwords would find it soon."""
    plain = _folded(password)
    if len(set(plain)) < FEWEST_DIFFERENT:
        return True
    own = {word for text in about for word in re.findall(r"[a-z]{3,}", _folded(text))}
    words = _common() | own
    core = plain.strip("0123456789!?.,;:-_*+#()= ")
    return any(_made_of(text, words) for text in (plain, core.translate(LOOKALIKES)))


def _made_of(text: str, words: frozenset[str]) -> bool:
    """Whether nothing remains once common words, runs of keys, digits and signs are taken away."""
    letters = re.sub(r"[^a-z0-9]", "", text)
    for run in RUNS:
        for size in range(len(run), 3, -1):
            for start in range(len(run) - size + 1):
                letters = letters.replace(run[start : start + size], " ").replace(run[start : start + size][::-1], " ")
    parts = re.sub(r"[0-9 ]+", " ", letters).split()
    return sum(_left_over(part, words) for part in parts) <= STRAY_LETTERS


def _left_over(part: str, words: frozenset[str]) -> int:
    """How many letters remain at its end when common words are cut off its beginning."""
    reachable = {0}
    for end in range(1, len(part) + 1):
        if any(part[start:end] in words for start in reachable):
            reachable.add(end)
    return len(part) - max(reachable)


def _folded(text: str) -> str:
    """In small letters without accents."""
    return "".join(c for c in unicodedata.normalize("NFKD", text.lower()) if not unicodedata.combining(c))


@cache
def _common() -> frozenset[str]:
    listed = Path(__file__).parent / "reference" / "common_passwords.txt"
    return frozenset(listed.read_text("utf-8").split())
