"""Which parameters somebody sees: the core's, and those of modules that their partner runs."""

from typing import Any

from sqlalchemy import Select, exists, select
from sqlalchemy.orm import Session

from core.database.installed import InstalledModule
from core.database.scope import Scope, scope_of
from core.parameters.models import NetworkParameter, PartnerParameter

NETWORK = "core.network"
CORE = frozenset({"jobs"})  # what of the core itself has a dot


def network_values(session: Session) -> Select[Any]:
    """The network's values."""
    return _of_modules_on(NetworkParameter, scope_of(session))


def own_values(session: Session) -> Select[Any]:
    """The partner's own values."""
    return _of_modules_on(PartnerParameter, scope_of(session))


def _of_modules_on(model: Any, scope: Scope) -> Select[Any]:
    """Who looks after the network sees all; a partner nothing of what it does not run."""
    if scope.may(NETWORK):
        return select(model)
    off = exists().where(
        InstalledModule.key.not_in(sorted(scope.modules)), model.key.startswith(InstalledModule.key.concat("."))
    )
    return select(model).where(~off)


def is_offered(session: Session, key: str) -> bool:
    """Whether a value of this parameter may be written here: a module's key begins with the module's."""
    scope, (module, dot, _name) = scope_of(session), key.partition(".")
    return not dot or module in CORE or module in scope.modules or scope.may(NETWORK)
