"""Which modules have their tables here: written with the tables themselves, in the same transaction."""

from datetime import datetime
from typing import cast

from sqlalchemy import Connection, String, Table, Text, UniqueConstraint, inspect, select
from sqlalchemy.orm import Mapped
from uuid_utils.compat import uuid7

from core.database.field import Choice, field, now
from core.database.model import Model
from core.database.ownership import Common
from core.language import _


class InstalledModule(Common, Model):
    """A module that has its tables: which version made them last, and how far its migrations have come."""

    __tablename__ = "modules_installed"
    __audited__ = False
    __table_args__ = (UniqueConstraint("key", info={"message": _("This module is installed already.")}),)

    key: Mapped[str] = field(_("Module"), String(60))
    title: Mapped[str] = field(_("Title"), String(120), default="")
    module_version: Mapped[str] = field(_("Version"), String(40), default="")
    head: Mapped[str] = field(_("Last migration"), String(80))
    installed_at: Mapped[datetime] = field(_("Installed"), default=now)
    changed_at: Mapped[datetime] = field(_("Upgraded"), default=now)
    changed_by: Mapped[str] = field(_("By"), String(120), default="")

    def __str__(self) -> str:
        return self.title or self.key


class ModuleVerb(Choice):
    """What is done to a module for the whole network."""

    INSTALL = "install", _("Installed"), "ok"
    UPGRADE = "upgrade", _("Upgraded"), "info"
    PURGE = "purge", _("Purged"), "bad"


class ModuleAct(Common, Model):
    """A line of what was done to the network's modules; it outlives the module."""

    __tablename__ = "modules_act"
    __audited__ = False

    key: Mapped[str] = field(_("Module"), String(60))
    verb: Mapped[ModuleVerb] = field(_("What was done"), ModuleVerb)
    at: Mapped[datetime] = field(_("When"), default=now)
    actor: Mapped[str] = field(_("Who"), String(120))
    module_version: Mapped[str] = field(_("Version"), String(40), default="")
    note: Mapped[str] = field(_("Note"), Text, default="")


INSTALLED = cast("Table", InstalledModule.__table__)
ACTS = cast("Table", ModuleAct.__table__)


def is_kept(connection: Connection) -> bool:
    """Whether the table is there; before the revision that makes it nothing is noted."""
    return inspect(connection).has_table(INSTALLED.name)


def head_of(connection: Connection, key: str) -> str | None:
    """How far the module's tables have come; None when it has none."""
    head: str | None = connection.execute(select(INSTALLED.c.head).where(INSTALLED.c.key == key)).scalar_one_or_none()
    return head


def heads(connection: Connection) -> dict[str, str]:
    """Module key → how far its tables have come, of all that are installed."""
    found = connection.execute(select(INSTALLED.c.key, INSTALLED.c.head))
    return {row.key: row.head for row in found}


def standing(connection: Connection) -> dict[str, tuple[str, str]]:
    """Module key → how far its tables have come, and the version that made them last."""
    columns = INSTALLED.c
    found = connection.execute(select(columns.key, columns.head, columns.module_version))
    return {row.key: (row.head, row.module_version) for row in found}


def keys(connection: Connection) -> set[str]:
    """Every module that has its tables."""
    return set(connection.execute(select(INSTALLED.c.key)).scalars())


def version_of(connection: Connection, key: str) -> str | None:
    """Which version made the module's tables last; None when it has none."""
    wanted = select(INSTALLED.c.module_version).where(INSTALLED.c.key == key)
    version: str | None = connection.execute(wanted).scalar_one_or_none()
    return version


def note(connection: Connection, key: str, *, title: str, version: str, head: str, by: str) -> None:
    """Write down that the module's tables are now those of this version."""
    known = connection.execute(INSTALLED.select().where(INSTALLED.c.key == key)).mappings().one_or_none()
    told = {"title": title, "module_version": version, "head": head, "changed_at": now(), "changed_by": by}
    if known is None:
        row = {"id": uuid7(), "version": 1, "created_at": now(), "key": key, "installed_at": now(), **told}
        connection.execute(INSTALLED.insert().values(**row))
    else:
        connection.execute(INSTALLED.update().where(INSTALLED.c.key == key).values(**told))
    act = ModuleVerb.INSTALL if known is None else ModuleVerb.UPGRADE
    say(connection, key, act, by=by, version=version, text=head)


def forget(connection: Connection, key: str) -> None:
    """Take the module from those that have tables."""
    connection.execute(INSTALLED.delete().where(INSTALLED.c.key == key))


def say(connection: Connection, key: str, verb: ModuleVerb, *, by: str, version: str, text: str) -> None:
    """Add a line to what was done to the network's modules."""
    row = {"id": uuid7(), "version": 1, "created_at": now(), "key": key, "verb": verb, "at": now()}
    connection.execute(ACTS.insert().values(**row, actor=by, module_version=version, note=text))
