"""Whether the files of an added plugin are still those of its wheel."""

import base64
import csv
import hashlib
from pathlib import Path

from core.plugins.lock import Locked


def sha256_of(file: Path) -> str:
    """The fingerprint of a file's bytes."""
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def record_of(folder: Path) -> Path:
    """The list of fingerprints that came with the wheel; `FileNotFoundError` when it is gone."""
    found = sorted(folder.glob("*.dist-info/RECORD"))
    if len(found) != 1:
        raise FileNotFoundError(f"{folder} has no RECORD")
    return found[0]


def fingerprints(record: Path) -> dict[str, str]:
    """File → its SHA-256 in hexadecimal, as a RECORD tells; the RECORD itself has none."""
    told = {}
    with record.open(encoding="utf-8", newline="") as stream:
        for name, fingerprint, _size in csv.reader(stream):
            kind, _is, value = fingerprint.partition("=")
            if kind == "sha256":
                told[name] = base64.urlsafe_b64decode(value + "=" * (-len(value) % 4)).hex()
    return told


def differences(locked: Locked, home: Path) -> list[str]:
    """What is not as it was added: changed, missing and additional files; empty when all is well."""
    folder = locked.folder(home)
    try:
        record = record_of(folder)
    except FileNotFoundError:
        return [f"{folder} is missing or incomplete: add the wheel again"]
    if sha256_of(record) != locked.record:
        return [f"{record.relative_to(folder)} is not the one that was added"]
    return list_differences(folder, record)


def list_differences(folder: Path, record: Path) -> list[str]:
    """How the files of a folder differ from the list of their fingerprints."""
    told = fingerprints(record)
    every = (file for file in folder.rglob("*") if file.is_file() or file.is_symlink())
    there = {file.relative_to(folder).as_posix(): file for file in every}
    own = record.relative_to(folder).as_posix()
    found = [f"{name} is missing" for name in sorted(told.keys() - there.keys())]
    found += [f"{name} was added" for name in sorted(there.keys() - told.keys() - {own})]
    for name in sorted(told.keys() & there.keys()):
        if there[name].is_symlink() or sha256_of(there[name]) != told[name]:
            found.append(f"{name} was changed")
    return found
