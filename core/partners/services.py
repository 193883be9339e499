"""Registering partners, and switching their modules on and off."""

import re
from collections.abc import Callable, Collection, Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.database.field import now
from core.database.trail import ChainHead
from core.language import FIRST_LANGUAGE, Words, _
from core.language.reading import read_email, read_phone
from core.partners.models import ModuleSwitch, Partner, PartnerKind
from core.refusals import NotFound, Refusal

ADDRESS = re.compile(r"https?://[^\s/@]+\.[^\s/@]+(/[^\s]*)?")
CODE = re.compile(r"[A-Z][A-Z0-9_-]{1,19}")
NONE: Mapping[str, Collection[str]] = {}


def register_partner(
    session: Session,
    *,
    code: str,
    name: str,
    kind: PartnerKind,
    language: str = FIRST_LANGUAGE,
    accessibility_url: str = "",
    privacy_url: str = "",
) -> Partner:
    """Let an organisation work in the system; only the operator's session may, for it writes across partners.

    The head of its audit trail is made with it, so that its first two changes at once do not both make one.
    """
    code = code.strip().upper()
    if not CODE.fullmatch(code):
        raise Refusal(_("A code has 2 to 20 letters, digits or hyphens and begins with a letter."), field="code")
    if session.scalar(select(Partner.id).where(Partner.code == code)) is not None:
        raise Refusal(_("Another partner has the code %(code)s.", code=code), field="code")
    partner = Partner(
        code=code, name=name.strip(), kind=kind, language=language,
        accessibility_url=accessibility_url, privacy_url=privacy_url,
    )  # fmt: skip
    session.add(partner)
    session.flush()
    session.add(ChainHead(partner_id=partner.id))
    session.flush()
    return partner


def amend_partner(session: Session, partner: Partner, **changes: Any) -> Partner:
    """Change what is written of a partner; its code stays, because files and commands name it so."""
    for name in ("accessibility_url", "privacy_url"):
        if name in changes:
            changes[name] = _read_address(changes[name], name)
    for name, read in (("email", read_email), ("phone", read_phone)):
        if name in changes:
            changes[name] = _read(read, changes[name], name)
    if not changes.get("name", partner.name).strip():
        raise Refusal(_("Write a name."), field="name")
    for name, value in changes.items():
        setattr(partner, name, value.strip() if name == "name" else value)
    session.flush()
    return partner


def _read_address(text: str | None, field: str) -> str:
    address = (text or "").strip()
    if address and not ADDRESS.fullmatch(address):
        raise Refusal(_("Write a whole address that begins with https://."), field=field)
    return address


def _read(read: Callable[[str], str], text: str | None, field: str) -> str | None:
    try:
        return read(text.strip()) if text and text.strip() else None
    except Refusal as refusal:
        raise Refusal(refusal.message, field=field) from refusal


def all_partners(session: Session) -> list[Partner]:
    """Every partner of the network by name."""
    return list(session.scalars(select(Partner).order_by(Partner.name, Partner.id)))


def missing_addresses(partner: Partner) -> list[Words]:
    """The declarations that a partner owes the public and has not linked yet."""
    owed = ((partner.accessibility_url, _("Accessibility statement")), (partner.privacy_url, _("Privacy notice")))
    return [name for address, name in owed if not address]


def partner_by_code(session: Session, code: str) -> Partner:
    """The partner that people call so; `NotFound` when there is none."""
    partner = session.scalar(select(Partner).where(Partner.code == code.strip().upper()))
    if partner is None:
        raise NotFound(_("No partner has the code %(code)s.", code=code), field="partner")
    return partner


def modules_of(session: Session) -> frozenset[str]:
    """The keys of the modules that the session's partner runs."""
    return frozenset(session.scalars(select(ModuleSwitch.key).where(ModuleSwitch.enabled)))


def switch_on(
    session: Session, key: str, *, known: Collection[str], requirements: Mapping[str, Collection[str]] = NONE
) -> bool:
    """Run a module from now on; False when it was on already.

    `known` are the installed modules and `requirements` what each cannot do without: those must be on first.
    """
    if key not in known:
        raise NotFound(_("The module %(key)s is not installed.", key=key))
    missing = sorted(set(requirements.get(key, ())) - modules_of(session))
    if missing:
        raise Refusal(_("Switch these modules on first: %(modules)s.", modules=", ".join(missing)))
    return _set(session, key, enabled=True)


def switch_off(session: Session, key: str, *, requirements: Mapping[str, Collection[str]] = NONE) -> frozenset[str]:
    """Stop running a module and those that cannot do without it; always possible, every row stays.

    Returns what went off: nothing when it was off already.
    """
    leaving = dependants(key, requirements) & modules_of(session)
    # Somebody else may have switched one off since they were read.
    return frozenset(one for one in sorted(leaving) if _set(session, one, enabled=False))


def dependants(key: str, requirements: Mapping[str, Collection[str]]) -> frozenset[str]:
    """The module and all that need it, however far."""
    found = {key}
    while more := {one for one, needs in requirements.items() if found & set(needs)} - found:
        found |= more
    return frozenset(found)


def _set(session: Session, key: str, *, enabled: bool) -> bool:
    switch = session.scalar(select(ModuleSwitch).where(ModuleSwitch.key == key))
    if switch is None:
        session.add(ModuleSwitch(key=key, enabled=enabled))
    elif switch.enabled == enabled:
        return False
    else:
        switch.enabled, switch.changed_at = enabled, now()
    session.flush()
    return True
