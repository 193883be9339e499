"""What a file is, told by its bytes and not by its name; both must agree."""

import stat
import zipfile
from pathlib import Path

from core.language import _
from core.refusals import Refusal

OFFICE = "application/vnd.openxmlformats-officedocument."
ODF = "application/vnd.oasis.opendocument."

TYPES = {
    "pdf": "application/pdf",
    "png": "image/png",
    "jpg": "image/jpeg",
    "jpeg": "image/jpeg",
    "txt": "text/plain",
    "csv": "text/csv",
    "docx": f"{OFFICE}wordprocessingml.document",
    "xlsx": f"{OFFICE}spreadsheetml.sheet",
    "pptx": f"{OFFICE}presentationml.presentation",
    "odt": f"{ODF}text",
    "ods": f"{ODF}spreadsheet",
    "odp": f"{ODF}presentation",
}

MAGIC = {"application/pdf": b"%PDF-", "image/png": b"\x89PNG\r\n\x1a\n", "image/jpeg": b"\xff\xd8\xff"}
FOLDERS = {"docx": "word/", "xlsx": "xl/", "pptx": "ppt/"}
MARKUP = (b"<html", b"<svg", b"<script", b"<!doctype", b"<?xml", b"<body", b"<iframe")

MOST_ENTRIES, MOST_RATIO, MOST_UNPACKED = 1000, 100, 500 * 1024 * 1024
SMALL = 64 * 1024
CONTROLS = bytes(set(range(0x20)) - set(b"\t\r\n\f\x1a"))


def content_type(path: Path, extension: str) -> str:
    """The type of the file's contents, refused when it is not allowed or not what its name says."""
    expected = TYPES.get(extension)
    if expected is None:
        raise Refusal(
            _("Files of this kind are not accepted: send a PDF, a JPEG or PNG image, an office document, TXT or CSV."),
            field="file",
        )
    if not _agrees(path, extension, expected):
        raise Refusal(
            _(
                "What the file contains is not what its name says (.%(ending)s): save it again and send it.",
                ending=extension,
            ),
            field="file",
        )
    return expected


def _agrees(path: Path, extension: str, expected: str) -> bool:
    if expected in MAGIC:
        return _head(path).startswith(MAGIC[expected])
    return _is_text(path) if expected.startswith("text/") else _is_office(path, extension, expected)


def _head(path: Path) -> bytes:
    with path.open("rb") as stream:
        return stream.read(SMALL)


def _is_text(path: Path) -> bool:
    """Letters only, in UTF-8 or in many offices' Windows-1252, and nothing that a browser could take for a page."""
    if any(mark in _head(path).lower() for mark in MARKUP):
        return False
    content = path.read_bytes()
    if len(content.translate(None, CONTROLS)) != len(content):
        return False
    return any(_decodes(content, encoding) for encoding in ("utf-8", "cp1252"))


def _decodes(content: bytes, encoding: str) -> bool:
    try:
        content.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True


def _is_office(path: Path, extension: str, expected: str) -> bool:
    if not _head(path).startswith(b"PK\x03\x04"):  # an archive may stand behind something else: then it is that
        return False
    try:
        with zipfile.ZipFile(path) as archive:
            members = archive.infolist()
            _refuse_bomb(members)
            names = {member.filename for member in members}
            if extension in FOLDERS:
                inside = any(name.startswith(FOLDERS[extension]) for name in names)
                return inside and "[Content_Types].xml" in names
            if "mimetype" not in names:
                return False
            with archive.open("mimetype") as told:
                return told.read(len(expected) + 2).strip() == expected.encode()
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, OSError, EOFError):
        return False


def _refuse_bomb(members: list[zipfile.ZipInfo]) -> None:
    """Refuse what would unpack beyond reason, leads out of its folder or carries macros."""
    unpacked = sum(member.file_size for member in members)
    packed = sum(member.compress_size for member in members) or 1
    if len(members) > MOST_ENTRIES or unpacked > MOST_UNPACKED or (unpacked > SMALL and unpacked / packed > MOST_RATIO):
        raise Refusal(_("This document unpacks to more than it may: save it again and send it."), field="file")
    names = [member.filename for member in members]
    if any(name.startswith(("/", "\\")) or ".." in name.replace("\\", "/").split("/") for name in names):
        raise Refusal(_("This document leads out of its own folder: save it again and send it."), field="file")
    if any(stat.S_ISLNK(member.external_attr >> 16) for member in members):
        raise Refusal(_("This document leads out of its own folder: save it again and send it."), field="file")
    if any(name.lower().endswith("vbaproject.bin") for name in names):
        raise Refusal(_("Documents with macros are not accepted: save it without them and send it."), field="file")
