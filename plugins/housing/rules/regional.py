"""The region's ranking as its platform gives it out: each row read, each problem named."""

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from hashlib import sha256

from core.api import Problem, Refusal, Table, _, normalise, read_boolean, read_decimal

APPLICATION, ISBAR, INDIGENT, HOMES = "application", "isbar", "indigent", "homes"
HEADINGS: Mapping[str, tuple[str, ...]] = {
    APPLICATION: (
        "id domanda", "id_domanda", "domanda", "numero domanda", "n. domanda", "codice domanda", "protocollo",
        "application id", "application",
    ),
    ISBAR: ("isbar", "isbar/r", "punteggio isbar", "punteggio", "punti", "points"),
    INDIGENT: ("indigente", "indigenza", "nucleo indigente", "indigente s/n", "indigent"),
    HOMES: (
        "alloggi", "alloggio", "codici alloggio", "codice alloggio", "id alloggi", "id alloggio", "unità abitative",
        "alloggio 1", "alloggio 2", "prima scelta", "seconda scelta", "dwelling ids", "dwellings",
    ),
}  # fmt: skip
MOST_HOMES, LONGEST, PLACES = 2, 40, 2
BETWEEN = re.compile(r"[,;|/\n]+")


@dataclass(frozen=True)
class RegionalRow:
    """One application as the region ranks it; `line` is its place in the file and breaks equal points."""

    line: int
    application: str
    isbar: Decimal
    indigent: bool
    homes: tuple[str, ...]


@dataclass(frozen=True)
class RegionalFile:
    """What a file says, in the region's order; with problems, nothing of it may be kept."""

    rows: tuple[RegionalRow, ...]
    problems: tuple[Problem, ...]
    unread: tuple[str, ...]

    @property
    def digest(self) -> str:
        """The fingerprint of what the file says, whatever its separators, encoding or further columns."""
        told = [[one.application, format(one.isbar, "f"), one.indigent, *one.homes] for one in self.rows]
        return sha256(json.dumps(told, separators=(",", ":")).encode()).hexdigest()


def read_regional(table: Table, offered: Mapping[str, bool]) -> RegionalFile:
    """Read the region's rows; `offered` tells of each known home, by its code in lower case, whether the call has it.

    The order is by points; rows with equal points stay in the file's order, since the region broke their tie.
    """
    columns = _columns(table.headings)
    problems = _missing(columns)
    if problems:
        return RegionalFile((), tuple(problems), ())
    rows, first = [], dict[str, int]()
    for row in table.rows:
        found = _Reading(row.line, row.values, problems)
        told = found.row(columns, offered, first)
        rows += [told] if told else []
    rows.sort(key=lambda one: (-one.isbar, one.line))
    used = {heading for headings in columns.values() for heading in headings}
    unread = [one for one in table.headings if one and one not in used]
    return RegionalFile(tuple(rows), tuple(sorted(problems, key=lambda one: one.line)), tuple(unread))


def _columns(headings: Iterable[str]) -> dict[str, list[str]]:
    """What is read → the headings of the file that say it; the homes may stand in two columns."""
    names = {normalise(synonym): name for name, synonyms in HEADINGS.items() for synonym in synonyms}
    found: dict[str, list[str]] = {name: [] for name in HEADINGS}
    for heading in headings:
        name = names.get(normalise(heading.replace("_", " ")))
        if name == HOMES or (name and not found[name]):
            found[name].append(heading)
    return found


def _missing(columns: Mapping[str, list[str]]) -> list[Problem]:
    return [
        Problem(1, HEADINGS[name][0], "", str(_("This column is missing: it may be called %(names)s.",
                                               names=", ".join(HEADINGS[name]))))
        for name, headings in columns.items() if not headings
    ]  # fmt: skip


class _Reading:
    """One row being read; what is wrong in it goes to the problems, all of it and not the first alone."""

    def __init__(self, line: int, values: Mapping[str, str], problems: list[Problem]) -> None:
        self.line, self.values, self.problems = line, values, problems
        self.good = True

    def row(
        self, columns: Mapping[str, list[str]], offered: Mapping[str, bool], first: dict[str, int]
    ) -> RegionalRow | None:
        application = self._application(columns[APPLICATION][0], first)
        isbar = self._isbar(columns[ISBAR][0])
        indigent = self._indigent(columns[INDIGENT][0])
        homes = self._homes(columns[HOMES], offered)
        return RegionalRow(self.line, application, isbar, indigent, homes) if self.good else None

    def _wrong(self, column: str, value: str, reason: object) -> None:
        self.good = False
        self.problems.append(Problem(self.line, column, value, str(reason)))

    def _application(self, column: str, first: dict[str, int]) -> str:
        text = self.values.get(column, "").strip()
        if not text:
            self._wrong(column, text, _("The application's number is missing."))
        elif len(text) > LONGEST:
            self._wrong(column, text, _("Write at most %(n)s characters.", n=LONGEST))
        elif (line := first.setdefault(text.casefold(), self.line)) != self.line:
            self._wrong(column, text, _("The same application stands in row %(line)s.", line=line))
        return text

    def _isbar(self, column: str) -> Decimal:
        text = self.values.get(column, "").strip()
        if not text:
            self._wrong(column, text, _("The ISBAR is missing."))
            return Decimal(0)
        try:
            points = read_decimal(text)
        except Refusal as refusal:
            self._wrong(column, text, refusal)
            return Decimal(0)
        if points < 0:
            self._wrong(column, text, _("Points are not negative."))
        elif points != round(points, PLACES):
            self._wrong(column, text, _("Points have at most two decimals: they are never rounded here."))
        return points.quantize(Decimal("0.01"))

    def _indigent(self, column: str) -> bool:
        text = self.values.get(column, "").strip()
        if not text:
            self._wrong(column, text, _("Write yes or no: whether the household is indigent is missing."))
            return False
        try:
            return read_boolean(text)
        except Refusal as refusal:
            self._wrong(column, text, refusal)
            return False

    def _homes(self, columns: list[str], offered: Mapping[str, bool]) -> tuple[str, ...]:
        codes: list[str] = []
        for column in columns:
            for code in filter(None, (part.strip() for part in BETWEEN.split(self.values.get(column, "")))):
                self._check_home(column, code, codes, offered)
                codes.append(code.casefold())
        if not codes:
            self._wrong(columns[0], "", _("The homes asked for are missing: one or two."))
        elif len(codes) > MOST_HOMES:
            text = ", ".join(self.values.get(column, "") for column in columns)
            self._wrong(columns[0], text, _("At most two homes are asked for: these are %(n)s.", n=len(codes)))
        return tuple(codes)

    def _check_home(self, column: str, code: str, before: list[str], offered: Mapping[str, bool]) -> None:
        key = code.casefold()
        if key not in offered:
            self._wrong(column, code, _("No home has this code: register it, or correct the code."))
        elif not offered[key]:
            self._wrong(column, code, _("This call does not offer this home."))
        elif key in before:
            self._wrong(column, code, _("The same home stands twice in the row."))
