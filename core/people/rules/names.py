"""Whether two names may be one: typed with a slip, written by another alphabet's rules, or only in part."""

import re

from core.language.matching import normalise, one_letter_apart

# What other alphabets and other languages write for one sound; longer spellings first.
SPELLINGS = (
    ("sch", "s"), ("tch", "c"), ("dzh", "g"), ("ksh", "s"), ("kh", "h"), ("gh", "g"), ("ch", "k"), ("sh", "s"),
    ("zh", "z"), ("ph", "f"), ("th", "t"), ("dh", "d"), ("bh", "b"), ("dj", "g"), ("ck", "k"), ("qu", "k"),
    ("ts", "z"), ("cz", "k"), ("cs", "k"), ("x", "ks"), ("q", "k"), ("w", "u"), ("y", "i"), ("j", "i"), ("c", "k"),
)  # fmt: skip
VOWELS = "aeiou"
SHORTEST = 2


def sound(name: str) -> str:
    """What is left of a name once spelling is taken away: its consonants, and the last vowel that tells -a from -o.

    `Mohammed`, `Muhamad` and `Mohamed` are one; `Maria` and `Mario` are not.
    """
    spoken = normalise(name).replace(" ", "")
    for written, said in SPELLINGS:
        spoken = spoken.replace(written, said)
    spoken = re.sub(r"(.)\1+", r"\1", spoken.replace("v", "u").replace("h", "") or spoken)
    consonants = re.sub(f"[{VOWELS}]", "", spoken[1:])
    first = "" if spoken[:1] in VOWELS else spoken[:1]
    last = {"a": "a", "o": "o", "u": "o"}.get(spoken[-1:], "")
    return re.sub(r"(.)\1+", r"\1", first + consonants) + last


def sounds_like(one: str, other: str) -> bool:
    """Whether two names may be one in two spellings; too short ones only when they are equal."""
    left, right = sound(one), sound(other)
    return normalise(one) == normalise(other) or (left == right and len(left) >= SHORTEST)


def part_of(one: str, other: str) -> bool:
    """Whether one name is the other without some of its words: `Maria` of `Maria Grazia`."""
    left, right = set(normalise(one).split()), set(normalise(other).split())
    return bool(left and right) and (left <= right or right <= left)


def initial_of(one: str, other: str) -> bool:
    """Whether one is nothing but the other's first letter."""
    left, right = sorted((normalise(one), normalise(other)), key=len)
    return len(left) == 1 and right.startswith(left)


def nearly(one: str, other: str) -> bool:
    """Whether two names are the same but for one slip or the spelling."""
    left, right = normalise(one), normalise(other)
    slip = min(len(left), len(right)) > SHORTEST and one_letter_apart(left, right)
    return left == right or slip or sounds_like(one, other)


def alike(one: str, other: str) -> bool:
    """Whether two names may be one: nearly the same, or one of them in part."""
    return nearly(one, other) or part_of(one, other) or initial_of(one, other)
