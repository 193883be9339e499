"""Files are what their bytes say, and only a few kinds are accepted."""

import io
import zipfile
from pathlib import Path

import pytest

from core.files.contents import content_type
from core.refusals import Refusal

PDF = b"%PDF-1.7\n1 0 obj\n"
PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 20
JPEG = b"\xff\xd8\xff\xe0" + b"\0" * 20


def archive(**members: bytes) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in members.items():
            made.writestr(name, content)
    return packed.getvalue()


def document(folder: str, **more: bytes) -> bytes:
    return archive(**{"[Content_Types].xml": b"<Types/>", f"{folder}/document.xml": b"<w/>", **more})


def kept(tmp_path: Path, content: bytes) -> Path:
    path = tmp_path / "sent"
    path.write_bytes(content)
    return path


@pytest.mark.parametrize(
    ("extension", "content", "expected"),
    [
        ("pdf", PDF, "application/pdf"),
        ("png", PNG, "image/png"),
        ("jpg", JPEG, "image/jpeg"),
        ("jpeg", JPEG, "image/jpeg"),
        ("txt", "Perché no".encode(), "text/plain"),
        ("csv", "Comune;Città\nCantù;più".encode("cp1252"), "text/csv"),
        ("docx", document("word"), "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
        ("xlsx", document("xl"), "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        (
            "odt",
            archive(mimetype=b"application/vnd.oasis.opendocument.text"),
            "application/vnd.oasis.opendocument.text",
        ),
    ],
)
def test_accepted_kinds_are_told_by_their_bytes(tmp_path: Path, extension: str, content: bytes, expected: str) -> None:
    assert content_type(kept(tmp_path, content), extension) == expected


@pytest.mark.parametrize(
    ("extension", "content"),
    [
        # kinds that are never accepted
        ("svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>"),
        ("html", b"<html><script>alert(1)</script>"),
        ("exe", b"MZ\x90"),
        ("zip", archive(a=b"a")),
        ("php", b"<?php system($_GET[1]);"),
        ("", PDF),
        # one kind under another's name
        ("pdf", PNG),
        ("pdf", b"junk before %PDF-1.7"),
        ("png", b"<svg onload=alert(1)>"),
        ("jpg", b"GIF89a"),
        ("txt", b"<!DOCTYPE html><title>x</title>"),
        ("csv", b"a;b\n<SCRIPT>alert(1)</SCRIPT>"),
        ("txt", b"MZ\x90\0\3"),
        ("txt", b"X5O!P%@AP\x1b[4"),
        # office documents that are not
        ("docx", archive(a=b"a")),
        ("docx", document("xl")),
        ("docx", b"PK\x03\x04 not a zip"),
        ("odt", archive(mimetype=b"application/vnd.oasis.opendocument.spreadsheet")),
        ("docx", document("word", **{"word/vbaProject.bin": b"\0"})),
        ("docx", document("word", **{"../../etc/passwd": b"x"})),
        ("xlsx", document("xl", **{"/etc/passwd": b"x"})),
        ("xlsx", document("xl", **{f"xl/{n}.xml": b"" for n in range(1000)})),
        ("xlsx", document("xl", **{"xl/bomb.xml": b"\0" * 50_000_000})),
    ],
)
def test_everything_else_is_refused(tmp_path: Path, extension: str, content: bytes) -> None:
    with pytest.raises(Refusal) as refused:
        content_type(kept(tmp_path, content), extension)

    assert refused.value.field == "file"
