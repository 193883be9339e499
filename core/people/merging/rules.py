"""Who may merge which sheets, and what two codici fiscali forbid."""

from enum import StrEnum
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.database.scope import in_force
from core.database.visibility import CONTENT, PersonAccess
from core.language import Words, _
from core.people.models import Person, PersonState
from core.people.rules import codice_fiscale as code_rules
from core.people.rules.duplicates import are_namesakes
from core.refusals import Forbidden, Refusal


class Codes(StrEnum):
    """What two codici fiscali say of a merge."""

    AGREE = "agree"
    DIFFER = "differ"
    NAMESAKES = "namesakes"
    TWO_PEOPLE = "two people"


class AlreadyMerged(Refusal):
    """Somebody merged one of the two a moment ago."""


def refuse_stranger(session: Session, partner: UUID | None, winner: Person, loser: Person) -> None:
    """Whoever merges registered one of the two at least, and sees both of them whole (registry.md 1.2)."""
    if partner not in {winner.registered_by_id, loser.registered_by_id}:
        raise Forbidden(_("Only a partner that registered one of the two sheets may merge them."))
    whole = select(PersonAccess.person_id).where(
        PersonAccess.partner_id == partner, PersonAccess.person_id.in_((winner.id, loser.id)),
        PersonAccess.level >= CONTENT, in_force(PersonAccess),
    )  # fmt: skip
    if {winner.id, loser.id} - set(session.scalars(whole)):
        raise Forbidden(
            _("You see one of the two sheets only in part: ask the partner that registered it to share all of it.")
        )


def refuse_impossible(winner: Person, loser: Person) -> None:
    """Two sheets are merged when both are there, and what stays is in order."""
    if winner is loser:
        raise Refusal(_("These are one and the same sheet."))
    for one in (winner, loser):
        if one.state is PersonState.MERGED:
            raise AlreadyMerged(_("%(name)s was merged meanwhile: open that sheet again.", name=str(one)))
    if winner.draft and not loser.draft:
        raise Refusal(_("A draft cannot be the sheet that stays: keep the other one."))


def codes_of(winner: Person, loser: Person) -> Codes:
    """What the codici fiscali say: nothing against it, a warning, or that these are two people.

    A code is verified when it says exactly what stands on its sheet. Two verified codes that differ belong to
    two people, and so do two that differ in substituted digits alone (omocodia) unless one sheet is wrong.
    """
    one, other = winner.codice_fiscale, loser.codice_fiscale
    if not one or not other or one == other:
        return Codes.AGREE
    if _verified(winner) and _verified(loser):
        return Codes.TWO_PEOPLE
    return Codes.NAMESAKES if are_namesakes(one, other) else Codes.DIFFER


def _verified(person: Person) -> bool:
    code = person.codice_fiscale or ""
    told = {name: getattr(person, name) for name in ("surname", "name", "sex", "birth_date", "birth_place")}
    return len(code) == code_rules.LENGTH and all(told.values()) and not code_rules.mismatches(code, **told)


def warning_of(codes: Codes) -> Words | None:
    """What has to be confirmed before two different codes are put under one name."""
    if codes is Codes.NAMESAKES:
        return _(
            "The two codici fiscali differ only in substituted digits: the tax office gives such codes to two people. "
            "Merge them only if one of the two was written by mistake."
        )
    if codes is Codes.DIFFER:
        return _("The two codici fiscali are different: merge them only if you have seen which of them is right.")
    return None


def refuse_codes(winner: Person, loser: Person, *, confirmed: bool) -> None:
    """Refuse two people by their codes; ask for a tick where one of the codes may be wrong."""
    codes = codes_of(winner, loser)
    if codes is Codes.TWO_PEOPLE:
        raise Refusal(
            _(
                "Each of the two codici fiscali agrees with its sheet, and they are different: these are two people. "
                "If one of them is wrong, correct that sheet first."
            ),
            field="confirm_codes",
        )
    if (warning := warning_of(codes)) and not confirmed:
        raise Refusal(warning, field="confirm_codes")
