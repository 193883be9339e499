"""What stays of two sheets, field by field: what is one fact is chosen together."""

from dataclasses import dataclass
from typing import Any

from core.language import Words
from core.people.models import Person, PersonState
from core.people.services.identity import COLUMNS
from core.resource.columns import column

BOTH = "both"
TOGETHER: tuple[tuple[str, ...], ...] = (
    ("birth_place", "birth_place_name"),
    ("codice_fiscale", "no_codice_fiscale_reason", "mismatch_reason"),
    ("residence_address", "residence_municipality", "residence_postcode"),
    ("domicile_address", "domicile_municipality", "domicile_postcode"),
    ("document_kind", "document_number", "document_expires_on"),
    # What the services knew is what they knew at that first contact.
    ("first_contact_date", "known_to_services"),
    ("deceased_on", "state"),
)


@dataclass(frozen=True)
class Choice:
    """One fact on which two sheets differ: what each says, and which of them is proposed."""

    name: str
    label: Words
    stays: str
    goes: str
    take: bool
    both: bool


def facts() -> list[tuple[str, ...]]:
    """The columns of each fact, the first naming it."""
    grouped = {name: group for group in TOGETHER for name in group}
    return list(dict.fromkeys(grouped.get(name, (name,)) for name in (*COLUMNS, "deceased_on")))


def choices(winner: Person, loser: Person) -> list[Choice]:
    """The facts on which the two differ; a gap is proposed to be filled, and the earlier first contact to be kept."""
    found = []
    for group in facts():
        mine, theirs = _value(winner, group), _value(loser, group)
        if mine == theirs or (group[0] == "deceased_on" and not _died(winner, loser)):
            continue
        label = getattr(Person, group[0]).info["label"]
        found.append(
            Choice(
                group[0],
                label,
                _words(winner, group),
                _words(loser, group),
                take=_proposed(winner, loser, group),
                both=group[0] == "notes" and bool(winner.notes and loser.notes),
            )
        )
    return found


def same(winner: Person, loser: Person) -> list[tuple[Words, str]]:
    """What both sheets say, in words."""
    asked = [group for group in facts() if group[0] != "deceased_on" or _died(winner, loser)]
    shown = [group for group in asked if _value(winner, group) == _value(loser, group)]
    told = [(getattr(Person, group[0]).info["label"], _words(winner, group)) for group in shown]
    return [(label, words) for label, words in told if words]


def _value(person: Person, group: tuple[str, ...]) -> tuple[Any, ...]:
    return tuple(getattr(person, name) for name in group)


def _died(winner: Person, loser: Person) -> bool:
    return winner.deceased_on is not None or loser.deceased_on is not None


def _words(person: Person, group: tuple[str, ...]) -> str:
    told = [str(column(Person, name).shown(person) or "") for name in group if name != "birth_place_name"]
    if group[0] == "birth_place" and person.birth_place_name:
        told = [person.birth_place_name]
    return ", ".join(text for text in told if text)


def _proposed(winner: Person, loser: Person, group: tuple[str, ...]) -> bool:
    """Whether the fact of the sheet that goes is the better one."""
    if group[0] == "first_contact_date":
        return loser.first_contact_date < winner.first_contact_date
    mine, theirs = getattr(winner, group[0]), getattr(loser, group[0])
    return theirs not in (None, "") and mine in (None, "")


def chosen(winner: Person, loser: Person, take: frozenset[str]) -> dict[str, Any]:
    """The columns that change in the sheet that stays."""
    values: dict[str, Any] = {}
    for group in facts():
        if group[0] in take:
            values |= {name: getattr(loser, name) for name in group}
    if f"notes:{BOTH}" in take and winner.notes and loser.notes:
        values["notes"] = f"{winner.notes}\n{loser.notes}"
    if values.get("state") is not None and values["deceased_on"] is None and winner.state is PersonState.DECEASED:
        values["state"] = PersonState.ACTIVE
    elif values.get("deceased_on") is None:
        values.pop("state", None)
    return {name: value for name, value in values.items() if getattr(winner, name) != value}
