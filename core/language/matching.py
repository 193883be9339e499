"""Text made comparable: the same name however it was typed."""

import unicodedata

# Letters that carry no separable accent, and signs that people leave out.
SPELLED = str.maketrans(
    {"æ": "ae", "œ": "oe", "ø": "o", "đ": "d", "ð": "d", "ł": "l", "þ": "th", "\u0131": "i", "ħ": "h"}
    | dict.fromkeys("'`\u2018\u2019\u02bc")
    | dict.fromkeys("-.,\u2010\u2013", " ")
)


def normalise(text: str) -> str:
    """Lower-case, without accents or apostrophes, hyphens as spaces, single spaces."""
    if text.isascii() and text.isalnum():
        return text.casefold()
    spelled = text.casefold().translate(SPELLED)
    bare = "".join(c for c in unicodedata.normalize("NFKD", spelled) if not unicodedata.combining(c))
    return " ".join(bare.split())


def one_letter_apart(one: str, other: str) -> bool:
    """Whether one letter typed wrongly, left out, added or swapped with its neighbour tells them apart."""
    if one == other or abs(len(one) - len(other)) > 1:
        return False
    start = next((n for n, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))
    rest, theirs = one[start:], other[start:]
    swapped = len(rest) > 1 and rest[:2] == theirs[1::-1] and rest[2:] == theirs[2:]
    return rest[1:] == theirs[1:] or rest[1:] == theirs or rest == theirs[1:] or swapped
