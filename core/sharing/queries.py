"""Who sees a person, on what ground, until when; what a reader sees, and who could open more."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import Session

from core.access.models import Membership, Role, User
from core.access.roles import Rights, allows, deviations
from core.database.merging import keys_of
from core.database.scope import scope_of, today
from core.language import Words, _
from core.language.formats import show_date, show_datetime
from core.partners.models import Partner
from core.people.models import Person, sight_of
from core.sharing.models import Emergency, RequestState, Share, ShareRequest, Standing

MOST = 50
# What each facet holds, in words.
FACETS: dict[str, Words] = {
    "identity": _("Who it is, contacts and address"),
    "household": _("Household, sex and citizenship"),
    "isee": _("ISEE certificates"),
    "summary": _("First contact, relationships and tags"),
    "content": _("Documents, bank account, notes and the rest"),
}


@dataclass(frozen=True)
class Seer:
    """One partner that sees a person: on what ground, how far, until when."""

    partner: Words
    ground: Words
    level: Words
    until: Words
    url: str = ""
    ends: str = ""


@dataclass(frozen=True)
class Opened:
    """What opened a person to others: shares and emergencies, over or not, the latest first."""

    shares: list[Share]
    emergencies: list[Emergency]


def opened(session: Session, person: Person) -> Opened:
    """The shares of a person and the emergencies on them, as far as the reader's partner may know them."""
    keys = keys_of(person)
    shares = select(Share).where(Share.person_id.in_(keys)).order_by(Share.id.desc())
    emergencies = select(Emergency).where(Emergency.person_id.in_(keys)).order_by(Emergency.id.desc())
    return Opened(list(session.scalars(shares)), list(session.scalars(emergencies)))


def seers(session: Session, person: Person, by: Opened) -> list[Seer]:
    """Everybody who sees the person today as far as the reader's partner may know: the registrar first."""
    registrar = session.get(Partner, person.registered_by_id)
    found = [Seer(str(registrar), _("Registered this person"), _("Everything, according to the role"), _("always"))]
    for share in by.shares:
        if share.open:
            level = _("%(level)s, for %(module)s", level=share.level.label, module=share.for_module)
            ends = f"/shares/{share.id}/revoke" if share.giver_id == scope_of(session).partner_id else ""
            ground = _("%(ground)s: %(purpose)s", ground=share.legal_ground.label, purpose=share.purpose.label)
            found.append(Seer(
                str(share.taker), ground, level, show_date(share.valid_to), f"/shares/{share.id}", ends
            ))  # fmt: skip
    for emergency in by.emergencies:
        if emergency.open:
            ends = f"/emergencies/{emergency.id}/end" if emergency.may_be_ended else ""
            until = show_datetime(emergency.expires_at)
            found.append(Seer(
                str(emergency.taker), _("Emergency access"), _("Summaries"), until, f"/emergencies/{emergency.id}", ends
            ))  # fmt: skip
    return found


@dataclass(frozen=True)
class Facet:
    """A part of what is known of a person, and whether the reader's partner sees it."""

    name: Words
    open: bool


def facets(session: Session, person: Person) -> list[Facet]:
    """What the reader's partner sees of the person, part by part."""
    sight = sight_of(session, person)
    return [Facet(name, sight.opens(key)) for key, name in FACETS.items()]


def why(session: Session, person: Person, by: Opened) -> list[Words]:
    """The grounds on which the reader's partner sees the person, in whole sentences."""
    partner = scope_of(session).partner_id
    if person.registered_by_id == partner:
        return [
            _("Your organisation registered this person: it sees everything, each member as far as their role goes.")
        ]
    grounds: list[Words] = [
        _(
            "%(giver)s shares this person with you until %(day)s (%(level)s, for %(module)s). "
            "Purpose: %(purpose)s. Ground: %(ground)s.",
            giver=share.giver, day=show_date(share.valid_to), level=share.level.label, module=share.for_module,
            purpose=share.purpose.label, ground=share.legal_ground.label,
        )
        for share in by.shares
        if share.taker_id == partner and share.standing is Standing.IN_FORCE
    ]  # fmt: skip
    grounds += [
        _("%(who)s opened this person in an emergency: it ends at %(time)s.", who=one.opened_by,
          time=show_datetime(one.expires_at))
        for one in by.emergencies
        if one.taker_id == partner and one.open
    ]  # fmt: skip
    return grounds


def roles_that_may(session: Session, roles: Iterable[str], permission: str, rights: Rights) -> list[Role]:
    """Which of the roles open something at the session's partner."""
    differing = deviations(session)
    return [Role(role) for role in roles if allows(role, permission, rights.presets, differing)]


def heads_of(session: Session, partner_id: UUID) -> list[str]:
    """The names of those who lead a partner: who is asked for more."""
    wanted = (
        select(User.name).join(Membership, Membership.user_id == User.id)
        .where(Membership.partner_id == partner_id, Membership.role == Role.ORG_MANAGER, User.active)
    )  # fmt: skip
    return list(session.scalars(wanted.order_by(User.name)))


@dataclass(frozen=True)
class Desk:
    """What sharing asks of the reader's partner today."""

    received: list[ShareRequest]
    sent: list[ShareRequest]
    given: list[Share]
    taken: list[Share]
    emergencies: list[Emergency]


def desk(session: Session, *, partner: UUID | None = None, at: datetime) -> Desk:
    """Requests that wait, shares in force on either side, emergencies still open; `partner` keeps those with one."""
    mine = scope_of(session).partner_id
    shares = list(session.scalars(_with(Share, partner, Share.revoked_at.is_(None), Share.valid_to >= today())))
    waiting = list(session.scalars(_with(ShareRequest, None, ShareRequest.state == RequestState.WAITING)))
    open_now = _with(Emergency, partner, Emergency.ended_at.is_(None), Emergency.expires_at > at)
    return Desk(
        received=[one for one in waiting if one.giver_id == mine],
        sent=[one for one in waiting if one.taker_id == mine],
        given=[share for share in shares if share.giver_id == mine],
        taken=[share for share in shares if share.taker_id == mine],
        emergencies=list(session.scalars(open_now)),
    )


def _with(model: Any, partner: UUID | None, *which: Any) -> Select[Any]:
    wanted = select(model).where(*which).order_by(model.id.desc()).limit(MOST)
    return wanted if partner is None else wanted.where(or_(model.giver_id == partner, model.taker_id == partner))
