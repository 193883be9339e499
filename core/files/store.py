"""The folder of attachments: written whole or not at all, and swept when a transaction is undone."""

import hashlib
import os
import secrets
from dataclasses import dataclass
from pathlib import Path
from typing import IO
from uuid import UUID

from sqlalchemy import event
from sqlalchemy.orm import Session, SessionTransaction

from core.database.scope import ScopedSession
from core.files.contents import content_type
from core.files.images import FORMATS, draw_anew
from core.files.scanner import refuse_malware
from core.language import _
from core.refusals import Refusal

LARGEST = 20 * 1024 * 1024
PIECE = 64 * 1024


@dataclass(frozen=True)
class Stored:
    """Bytes that are safely on the disk."""

    path: Path
    content_type: str
    size: int
    sha256: str


def store(
    stream: IO[bytes], folder: Path, partner: UUID, *, extension: str, largest: int = LARGEST, scanner: str = ""
) -> Stored:
    """Write the stream beside its final place, look at what it is, and only then give it a name.

    Without the fsync a power cut could leave the row of a file that is empty.
    """
    home = folder / str(partner)
    home.mkdir(parents=True, exist_ok=True, mode=0o700)
    name = secrets.token_hex(16)
    draft = home / f".{name}.part"
    try:
        size, digest = _write(stream, draft, largest)
        kind = content_type(draft, extension)
        if scanner:
            refuse_malware(draft, scanner)
        if kind in FORMATS:
            draw_anew(draft, kind)
            size, digest = _settled(draft)
        draft.replace(home / name)
    finally:
        draft.unlink(missing_ok=True)
    _settle(home)
    return Stored(home / name, kind, size, digest)


def _write(stream: IO[bytes], draft: Path, largest: int) -> tuple[int, str]:
    size, digest = 0, hashlib.sha256()
    with draft.open("xb") as target:
        while piece := stream.read(PIECE):
            size += len(piece)
            if size > largest:
                raise Refusal(
                    _("The file is larger than %(n)s MB: send a smaller one.", n=largest // 2**20), field="file"
                )
            digest.update(piece)
            target.write(piece)
        target.flush()
        os.fsync(target.fileno())
    if not size:
        raise Refusal(_("The file is empty: choose it again."), field="file")
    return size, digest.hexdigest()


def _settled(draft: Path) -> tuple[int, str]:
    """The size and fingerprint of what was written in the file's place, once it is on the disk."""
    with draft.open("r+b") as written:
        os.fsync(written.fileno())
        return draft.stat().st_size, hashlib.file_digest(written, "sha256").hexdigest()


def _settle(home: Path) -> None:
    """Make the new name itself last: a folder is written apart from its files."""
    if os.name == "posix":
        folder = os.open(home, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)


def sweep_if_undone(session: Session, path: Path) -> None:
    """Delete the file if this transaction does not end well."""
    session.info.setdefault("files_written", []).append(path)


def sweep_when_done(session: Session, path: Path) -> None:
    """Delete the file once this transaction has ended well."""
    session.info.setdefault("files_dropped", []).append(path)


@event.listens_for(ScopedSession, "after_commit")
def _sweep_dropped(session: Session) -> None:
    if session.in_nested_transaction():
        return
    session.info.pop("files_written", None)
    for path in session.info.pop("files_dropped", ()):
        path.unlink(missing_ok=True)


@event.listens_for(ScopedSession, "after_transaction_end")
def _sweep_written(session: Session, ended: SessionTransaction) -> None:
    """What is still noted here was not committed: a session may be closed without a rollback."""
    if ended.parent is not None:
        return
    session.info.pop("files_dropped", None)
    for path in session.info.pop("files_written", ()):
        path.unlink(missing_ok=True)
