"""Which data the modules need, so that a share for one of them opens those and no others.

The registry shows households and what the register says of sex and citizenship from summaries on; ISEE never.
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass

from core.database.visibility import IDENTITY, SUMMARY
from core.language import Words, _

REGISTRY = "registry"
HOUSEHOLD, ECONOMIC = "household", "economic situation"


@dataclass(frozen=True)
class ForModule:
    """A module that people are shared for, as forms offer it: `value` is its key."""

    value: str
    name: Callable[[], Words]
    personal_data: frozenset[str]

    @property
    def label(self) -> Words:
        """Its title in the reader's language."""
        return self.name()

    def opens_household(self, level: int) -> bool:
        """Whether a share for it at this level opens the household, sex and citizenship."""
        return HOUSEHOLD in self.personal_data and level >= (SUMMARY if self.value == REGISTRY else IDENTITY)

    def opens_isee(self, level: int) -> bool:
        """Whether a share for it at this level opens the ISEE certificates."""
        return ECONOMIC in self.personal_data and level >= IDENTITY


_declared: dict[str, ForModule] = {
    REGISTRY: ForModule(REGISTRY, lambda: _("Registry"), frozenset({"identity", "contacts", HOUSEHOLD}))
}


def declare(key: str, name: Callable[[], Words], personal_data: Collection[str]) -> None:
    """Remember at start what a module's manifest says it needs; one without personal data is not shared for."""
    if personal_data:
        _declared[key] = ForModule(key, name, frozenset(personal_data))


def modules() -> list[ForModule]:
    """What people can be shared for, the registry first."""
    return list(_declared.values())


def module(key: str) -> ForModule:
    """The module with this key; one whose code is gone needs nothing more."""
    return _declared.get(key) or ForModule(key, lambda: key, frozenset())
