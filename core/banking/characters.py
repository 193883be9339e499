"""What may be written in a SEPA message: the Latin letters and few signs that every bank takes (EPC217-08)."""

import re
import unicodedata

from core.language import _
from core.refusals import Refusal

ALLOWED = re.compile(r"[A-Za-z0-9/\-?:().,'+ ]*")
# Letters that carry no separable accent, and signs that have a plain neighbour.
SPELLED = str.maketrans(
    {"Æ": "AE", "æ": "ae", "Œ": "OE", "œ": "oe", "Ø": "O", "ø": "o", "Đ": "D", "đ": "d", "Ð": "D", "ð": "d",
     "Ł": "L", "ł": "l", "Þ": "TH", "þ": "th", "ß": "ss", "\u0131": "i", "Ħ": "H", "ħ": "h", "€": "EUR", "&": "+",
     "°": ".", "º": ".", "ª": ".", "_": "-", "–": "-", "—": "-", "·": "-", ";": ",", "!": ".", "’": "'", "\u2018": "'",
     "`": "'", "\u00b4": "'", '"': "'", "“": "'", "”": "'", "«": "'", "»": "'", "[": "(", "]": ")", "{": "(", "}": ")",
     "*": ".", "#": ".", "%": ".", "=": "-", "@": "(at)", "\\": "/", "|": "/", "<": "(", ">": ")", "~": "-"}
)  # fmt: skip


def sepa_text(text: str, *, most: int, field: str | None = None) -> str:
    """The text in the letters that banks take, cut to `most`; `Refusal` names the letters that have none."""
    spelled = unicodedata.normalize("NFKD", text.translate(SPELLED))
    plain = " ".join("".join(c for c in spelled if not unicodedata.combining(c)).split())
    if not ALLOWED.fullmatch(plain):
        strange = "".join(dict.fromkeys(c for c in plain if not ALLOWED.fullmatch(c)))
        raise Refusal(
            _("“%(text)s” has signs that a bank does not take (%(signs)s): write it in Latin letters.",
              text=text, signs=strange),
            field=field,
        )  # fmt: skip
    return plain[:most].strip()


def sepa_identifier(text: str, *, field: str | None = None) -> str:
    """An identifier as it is: at most 35 plain characters, no slash at its ends and never two together."""
    if not text or len(text) > 35 or not ALLOWED.fullmatch(text):  # noqa: PLR2004  Max35Text
        raise Refusal(
            _("“%(text)s” cannot be an identifier: write at most 35 plain letters, digits and - . / ( ).", text=text),
            field=field,
        )
    if text.startswith("/") or text.endswith("/") or "//" in text:
        raise Refusal(
            _("“%(text)s” cannot be an identifier: no slash at its ends, and never two together.", text=text),
            field=field,
        )
    return text
