"""Names as people write them, where the source capitalises every word and types accents as apostrophes."""

import re

SMALL = (
    "A|Ad|Al|All|Alla|Alle|Allo|Ai|Con|D|Da|Dal|Dall|Dalla|De|Dei|Degli|Del|Dell|Della|Delle|Di|E|Ed|In|Nei|Nel|Nell|Nella|Per|Su"
    "|Sul|Sulla|Sull"
)
INNER = re.compile(rf"(?<= )(?:{SMALL})(?=[ '])")
ACCENTED = re.compile(r"[aeiou]'(?= |$)")
WITH_ACCENT = {"a'": "à", "e'": "é", "i'": "ì", "o'": "ò", "u'": "ù"}


def spelled(name: str) -> str:
    """`Desenzano Del Garda` as Desenzano del Garda, `Peru'` as Perù."""
    small = INNER.sub(lambda found: found[0].lower(), name)
    return ACCENTED.sub(lambda found: small_word(found, small), small)


def small_word(found: re.Match[str], name: str) -> str:
    """The accented vowel, unless the apostrophe closes a shortened word: `de' Goti`."""
    shortened = name[: found.end()].rsplit(" ", 1)[-1] in {"de'", "De'", "di'"}
    return found[0] if shortened else WITH_ACCENT[found[0]]
