"""The demo's partners in the system: their rows, their users, the modules they run."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.access import passwords
from core.access.models import Membership, Role, User
from core.config import Settings
from core.demo.network import MAIL, DemoPartner, municipalities, partners
from core.demo.recording import note_rows
from core.documents.models import Letterhead
from core.language import _
from core.partners.models import ModuleSwitch, Partner, PartnerKind
from core.partners.services import register_partner
from core.refusals import Refusal

PASSWORD = "generazioni-demo"  # noqa: S105  meant to be known: it opens invented records only


def admit_partners(session: Session) -> dict[str, UUID]:
    """Register the demo's partners, or wake those that an earlier demo left; code → key."""
    return {demo.code: _partner(session, demo).id for demo in partners()}


def _partner(session: Session, demo: DemoPartner) -> Partner:
    left = session.scalars(select(Partner).where(Partner.code == demo.code)).one_or_none()
    if left is None:
        return register_partner(session, code=demo.code, name=demo.name, kind=PartnerKind(demo.kind))
    if left.active or left.name != demo.name:
        raise Refusal(_("A partner already has the code %(code)s: the demo needs it.", code=demo.code))
    left.active = True
    note_rows(session, [(Partner.__tablename__, left.id)])
    return left


def admit_users(session: Session, keys: Mapping[str, UUID], settings: Settings) -> None:
    """Give the demo's users an account and their roles.

    All have the one password that everybody may know; where people come by https they have none, and
    sign in by a link sent to them, as guests from outside could reach those pages.
    """
    kept = "" if settings.secure else passwords.hashed(PASSWORD)
    for demo in partners():
        for one in demo.users:
            roles = [Role(role) for role in one.roles]
            user = User(
                email=one.email, name=one.name, password_hash=kept, network_admin=Role.SYSADMIN in roles,
                memberships=[Membership(partner_id=keys[demo.code], role=role) for role in roles],
            )  # fmt: skip
            session.add(user)
    session.flush()


def switch_modules_on(session: Session, keys: Mapping[str, UUID], running: Mapping[str, Sequence[str]]) -> None:
    """Let each partner run its modules."""
    session.add_all(
        ModuleSwitch(partner_id=keys[code], key=key, enabled=True)
        for code, modules in running.items()
        for key in modules
    )
    session.flush()


def write_letterheads(session: Session, keys: Mapping[str, UUID]) -> None:
    """What stands at the head of each partner's documents; a head that is there stays."""
    towns = {town.istat_code: town for town in municipalities()}
    there = set(session.scalars(select(Letterhead.partner_id)))
    for demo in partners():
        town, first = towns[demo.municipality], demo.users[0]
        if keys[demo.code] in there:
            continue
        session.add(
            Letterhead(
                partner_id=keys[demo.code], address=f"Piazza Garibaldi 1\n{town.postcode} {town.name} (BS)",
                contacts=f"Tel. 030 5550100 · protocollo@{demo.code.lower()}.{MAIL}", place=town.name,
                signed_by=first.name,
                signed_as="La responsabile del servizio" if demo.kind == "municipality" else "La presidente",
            )
        )  # fmt: skip
    session.flush()
