"""What roles may do: the presets that the code declares, and where a partner differs."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import product

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.access.models import Role, RolePermission
from core.access.permissions import Permission, covers
from core.language import Words, _
from core.refusals import Refusal

Presets = Mapping[str, Collection[str]]
Declared = Mapping[str, str]
Deviations = Mapping[tuple[str, str], bool]

# Without these nobody could undo a mistake in the matrix.
KEPT_BY_HEADS = frozenset({"core.members", "core.roles"})


@dataclass(frozen=True, eq=False)
class Rights:
    """What the installed code declares: presets, permissions by key, whose they are, modules' titles.

    `declared` is permission key → module key, empty for the core. The app keeps it as `extensions["rights"]`.
    """

    presets: Presets
    permissions: tuple[Permission, ...]
    declared: Declared
    titles: Mapping[str, Words]

    def allowed(self, roles: Iterable[str], modules: Iterable[str], differing: Deviations) -> frozenset[str]:
        """What `effective_permissions` says of these roles; every request asks, and the answer is worked out once."""
        return _allowed(self, frozenset(roles), frozenset(modules), frozenset(differing.items()))


def effective_permissions(
    roles: Iterable[str], presets: Presets, declared: Declared, modules: Collection[str], differing: Deviations
) -> frozenset[str]:
    """What somebody with these roles may do now: presets, corrected by the partner, of the core and modules on."""
    roles = list(roles)
    offered = [key for key, module in declared.items() if not module or module in modules]
    return frozenset(key for key in offered if any(allows(role, key, presets, differing) for role in roles))


@lru_cache(maxsize=1000)
def _allowed(
    rights: Rights, roles: frozenset[str], modules: frozenset[str], differing: frozenset[tuple[tuple[str, str], bool]]
) -> frozenset[str]:
    return effective_permissions(roles, rights.presets, rights.declared, modules, dict(differing))


def allows(role: str, permission: str, presets: Presets, differing: Deviations) -> bool:
    """Whether one role may do this at the partner whose deviations these are."""
    preset = has_preset(role, permission, presets)
    return preset if is_fixed(role, permission, presets) else differing.get((role, permission), preset)


def has_preset(role: str, permission: str, presets: Presets) -> bool:
    """Whether the role may do this from the start."""
    return any(covers(pattern, permission) for pattern in presets.get(role, ()))


def is_fixed(role: str, permission: str, presets: Presets) -> bool:
    """Whether a partner cannot change this: it would lock somebody out or reach beyond the partner.

    Fixed are the system administrator's rights, what presets give to that role alone (it concerns the
    network), and what heads need to mend a mistake.
    """
    if role == Role.SYSADMIN or (role == Role.ORG_MANAGER and permission in KEPT_BY_HEADS):
        return True
    others = (one for one in presets if one != Role.SYSADMIN)
    return has_preset(Role.SYSADMIN, permission, presets) and not any(
        has_preset(one, permission, presets) for one in others
    )


def deviations(session: Session) -> dict[tuple[str, str], bool]:
    """Where the session's partner differs from the presets."""
    wanted = select(RolePermission.role, RolePermission.permission, RolePermission.allowed)
    return {(str(role), permission): allowed for role, permission, allowed in session.execute(wanted)}


def save_matrix(
    session: Session, ticked: Collection[tuple[str, str]], *, shown: Collection[str], rights: Rights
) -> int:
    """Keep what differs from the presets among the permissions shown; returns how many boxes changed.

    What was not on the page stays as it was: permissions of modules that are off, and fixed ones.
    """
    if unknown := sorted(set(shown) - set(rights.declared)):
        raise Refusal(_("There is no permission %(key)s.", key=unknown[0]))
    rows = {(str(row.role), row.permission): row for row in session.scalars(select(RolePermission))}
    differing = {key: row.allowed for key, row in rows.items()}
    changed = 0
    for role, permission in product(Role, shown):
        box = (str(role), permission)
        wanted = box in ticked
        if is_fixed(*box, rights.presets) or wanted == allows(*box, rights.presets, differing):
            continue
        changed += 1
        if box in rows:
            session.delete(rows[box])
        else:
            session.add(RolePermission(role=role, permission=permission, allowed=wanted))
    session.flush()
    return changed
