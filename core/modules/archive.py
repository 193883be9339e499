"""Everything a module keeps, in files that need no program of ours: a workbook of its tables, and its attachments."""

import hashlib
import json
import os
import shutil
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Table, select

from core.config import Settings
from core.documents.models import IssuedDocument
from core.files.models import Attachment
from core.modules.sheets import Sheets
from core.modules.tables import described
from core.partners.models import Partner

AT_ONCE = 1000
PART = ".part"
LONGEST_PURGE = 3600.0  # seconds


@dataclass(frozen=True)
class Archive:
    """What was written, and where."""

    folder: Path
    rows: dict[str, int]
    files: int
    missing: list[str]
    sha256: str


def archives(settings: Settings) -> Path:
    """The folder of the exports that purges made."""
    return settings.var / "purged"


def sweep(settings: Settings, *, older_than: float = 0) -> None:
    """Remove what a stopped purge left half written, so many seconds ago or more."""
    for left in archives(settings).glob(f"*{PART}"):
        if time.time() - left.stat().st_mtime >= older_than:
            shutil.rmtree(left, ignore_errors=True)


def write_archive(connection: Connection, settings: Settings, key: str, names: Sequence[str]) -> Archive:
    """Write the module's tables of every partner and its attachments, and give the folder its name when all is in."""
    sweep(settings)
    home = archives(settings)
    home.mkdir(parents=True, exist_ok=True, mode=0o700)
    folder = home / f"{key}-{datetime.now(UTC):%Y%m%d-%H%M%S-%f}"
    draft = folder.with_name(folder.name + PART)
    draft.mkdir(mode=0o700)
    tables = described(connection, names)
    rows = _write_tables(connection, draft, tables)
    copied, missing = _copy_files(connection, settings, draft / "attachments", names)
    told = {
        "module": key, "made_at": datetime.now(UTC).isoformat(), "rows": rows, "attachments": copied,
        "missing_attachments": missing, "sha256": dict(_digests(draft)),
    }  # fmt: skip
    contents = json.dumps(told, indent=1, ensure_ascii=False).encode()
    _write(draft / "contents.json", contents)
    draft.rename(folder)
    _settle(home)
    return Archive(folder, rows, copied, missing, hashlib.sha256(contents).hexdigest())


def _write_tables(connection: Connection, folder: Path, tables: Iterable[Table]) -> dict[str, int]:
    partners = {key: str(code) for key, code in connection.execute(select(Partner.id, Partner.code))}
    with Sheets(folder, partners) as sheets:
        return {table.name: sheets.write(table, _rows(connection, table)) for table in tables}


def _rows(connection: Connection, table: Table) -> Iterator[Any]:
    wanted = select(table).order_by(*table.primary_key.columns).execution_options(yield_per=AT_ONCE)
    yield from connection.execute(wanted).mappings()


def _copy_files(
    connection: Connection, settings: Settings, folder: Path, names: Sequence[str]
) -> tuple[int, list[str]]:
    """Copy the attachments of the module's records, issued documents among them; names those that are not there."""
    files, issued = Attachment.__table__.c, IssuedDocument.__table__.c
    theirs = select(issued.attachment_id).where(issued.entity.in_(names))
    wanted = select(files.id, files.partner_id, files.name, files.stored_as).where(
        files.entity.in_(names) | files.id.in_(theirs)
    )
    copied, missing = 0, []
    for key, partner, name, stored_as in connection.execute(wanted.order_by(files.id)):
        source = settings.uploads / str(partner) / stored_as
        if not source.is_file():
            missing.append(f"{key} {name}")
            continue
        folder.mkdir(exist_ok=True, mode=0o700)
        shutil.copyfile(source, folder / f"{key}-{name.replace('/', '-')}")
        copied += 1
    return copied, missing


def _digests(folder: Path) -> Iterator[tuple[str, str]]:
    for file in sorted(folder.rglob("*")):
        if file.is_file():
            with file.open("rb") as stream:
                os.fsync(stream.fileno())
                yield file.relative_to(folder).as_posix(), hashlib.file_digest(stream, "sha256").hexdigest()


def _write(file: Path, data: bytes) -> None:
    with file.open("wb") as stream:
        stream.write(data)
        stream.flush()
        os.fsync(stream.fileno())


def _settle(folder: Path) -> None:
    """Make the new name itself last."""
    if os.name == "posix":
        opened = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(opened)
        finally:
            os.close(opened)
