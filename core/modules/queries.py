"""What the administrator of the network reads of each module: its state, its tables, who runs it, what failed."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.database.faults import ModuleFault
from core.database.installed import InstalledModule, ModuleAct
from core.jobs.models import Job, JobState
from core.language import Words
from core.modules.tables import counted, names_of
from core.partners.models import ModuleSwitch, Partner

if TYPE_CHECKING:
    from core.plugins.installation import Installation, Plugin

SHOWN_ERRORS, SHOWN_ACTS = 5, 20
CODE_MISSING = "code missing"


@dataclass(frozen=True)
class Error:
    """A job of the module that was given up, in words and with nobody's data."""

    at: datetime | None
    title: Words
    reason: Words | None
    partner: str


@dataclass(frozen=True)
class Entry:
    """One module as things stand: its code, its tables, or both."""

    key: str
    plugin: "Plugin | None"
    installed: InstalledModule | None
    tables: dict[str, int]
    on: dict[UUID, datetime]
    needed_by: list[Words] = field(default_factory=list)
    errors: list[Error] = field(default_factory=list)
    faults: list[ModuleFault] = field(default_factory=list)
    permissions: int = 0

    @property
    def title(self) -> str:
        """Its name for people, also when its code is gone."""
        if self.plugin is not None:
            return self.plugin.title
        return str(self.installed) if self.installed else self.key

    @property
    def version(self) -> str:
        """The version of its code, or else of its tables."""
        if self.plugin and self.plugin.manifest:
            return self.plugin.manifest.version
        return self.installed.module_version if self.installed else ""

    @property
    def rows(self) -> int:
        """How many rows it keeps, of every partner."""
        return sum(self.tables.values())

    @property
    def health(self) -> str:
        """How it does, in the words of `core/plugins/installation.py`, or that there is no code to ask."""
        return self.plugin.health.value if self.plugin else CODE_MISSING

    @property
    def pending(self) -> list[str]:
        """The migrations that its code has and its tables have not."""
        if self.plugin is None or self.plugin.manifest is None:
            return []
        return self.plugin.line.after(self.installed.head if self.installed else "")

    @property
    def may_upgrade(self) -> bool:
        """Whether there is something to upgrade."""
        return self.installed is not None and self.plugin is not None and self.plugin.is_loaded and bool(self.pending)


def entries(session: Session, house: "Installation", *, only: str = "") -> list[Entry]:
    """Every module there is code or tables of, or one of them; the session sees every partner."""
    installed = {one.key: one for one in session.scalars(select(InstalledModule))}
    every = {*house.plugins, *installed}
    keys = sorted(every & {only} if only else every)
    connection = session.connection()
    names = {key: names_of(connection, key, every) for key in keys if key in installed}
    counts = counted(connection, [name for of_module in names.values() for name in of_module])
    errors, faults = _errors(session), _faults(session)
    on: dict[str, dict[UUID, datetime]] = {}
    for switch in session.scalars(select(ModuleSwitch).where(ModuleSwitch.enabled)):
        on.setdefault(switch.key, {})[switch.partner_id] = switch.changed_at
    needs, titles = house.requirements(), house.titles()
    return [
        Entry(
            key, house.plugins.get(key), installed.get(key),
            {name: sum(counts[name].values()) for name in names.get(key, ())}, on.get(key, {}),
            [titles.get(one, one) for one in sorted(needs) if key in needs[one]], errors.get(key, [])[:SHOWN_ERRORS],
            faults.get(key, [])[:SHOWN_ERRORS],
            sum(1 for module in house.rights.declared.values() if module == key),
        )
        for key in keys
    ]  # fmt: skip


def entry(session: Session, house: "Installation", key: str) -> Entry | None:
    """One of them."""
    return next(iter(entries(session, house, only=key)), None)


def _errors(session: Session) -> Mapping[str, list[Error]]:
    """Module → its jobs that were given up, the last first."""
    wanted = select(Job, Partner.code).join(Partner, Partner.id == Job.partner_id)
    wanted = wanted.where(Job.state == JobState.DEAD, Job.module != "").order_by(Job.finished_at.desc())
    found: dict[str, list[Error]] = {}
    for job, code in session.execute(wanted.limit(200)):
        found.setdefault(job.module, []).append(Error(job.finished_at, job.title, job.reason, code))
    return found


def _faults(session: Session) -> Mapping[str, list[ModuleFault]]:
    """Module → what failed or took long in requests, the last first."""
    found: dict[str, list[ModuleFault]] = {}
    for fault in session.scalars(select(ModuleFault).order_by(ModuleFault.last_at.desc()).limit(200)):
        found.setdefault(fault.key, []).append(fault)
    return found


def acts(session: Session, key: str = "") -> list[ModuleAct]:
    """What was done to the network's modules, or to one, the last first."""
    wanted = select(ModuleAct).order_by(ModuleAct.id.desc()).limit(SHOWN_ACTS)
    return list(session.scalars(wanted.where(ModuleAct.key == key) if key else wanted))
