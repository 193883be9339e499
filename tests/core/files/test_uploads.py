"""What somebody malicious sends: names that climb, files that are two things at once, bombs, and malware."""

import hashlib
import io
import socket
import zipfile
from collections.abc import Iterator
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from PIL import Image

from core.config import Settings, WrongSetting, read_settings
from core.database.scope import ScopedSession
from core.files.images import draw_anew
from core.files.models import Attachment
from core.files.scanner import ScannerAway, refuse_malware
from core.files.services import path_of, taken_by_partner
from core.refusals import Refusal
from core.resource.tables import read_table

from .test_contents import archive, document
from .test_services import an_organisation, attach_pdf, on_the_disk

EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"


def picture(kind: str = "PNG", size: tuple[int, int] = (8, 6), mode: str = "RGB", **more: Any) -> bytes:
    drawn = io.BytesIO()
    Image.new(mode, size, "red" if mode == "RGB" else 0).save(drawn, kind, **more)
    return drawn.getvalue()


def sent(session: ScopedSession, settings: Settings, name: str, content: bytes, **more: Any) -> Attachment:
    return attach_pdf(session, an_organisation(session), settings, name=name, stream=io.BytesIO(content), **more)


@pytest.mark.parametrize("name", [
    "../../etc/passwd.pdf", "..\\..\\windows\\win.pdf", "/etc/passwd.pdf", "C:\\boot.pdf", "....//....//x.pdf",
    "..%2f..%2fx.pdf", "%2e%2e%2fx.pdf", "..%c0%afx.pdf", "x/../../y.pdf", "./.././x.pdf", "~root/x.pdf", "$HOME/x.pdf",
    "`id`.pdf", "x;rm -rf .pdf", "\\\\server\\share\\x.pdf", "file:///etc/x.pdf", "con.pdf", "x\x00.pdf",
    "x\r\nSet-Cookie: a.pdf",
    "\u202efdp.exe.pdf", "\u2044etc\u2044x.pdf", "\uff0e\uff0e\uff0fx.pdf",
])  # fmt: skip
def test_a_name_that_climbs_is_a_name_and_no_path(session: ScopedSession, settings: Settings, name: str) -> None:
    attachment = sent(session, settings, name, b"%PDF-1.7\n1 0 obj\n")

    kept = path_of(attachment, settings.uploads)
    assert on_the_disk(settings) == [kept]
    assert kept.parent == settings.uploads / str(attachment.partner_id)
    assert kept.name.isalnum()
    assert not {"/", "\\", "\0", "\r", "\n", "\u202e"} & set(attachment.name)


@pytest.mark.parametrize(("name", "content"), [
    # one kind at its beginning, another behind it
    ("a.txt", b"harmless\n<script>alert(1)</script>"),
    ("a.csv", b"a;b\n<?php system($_GET[1]);\n<html>"),
    ("a.pdf", b"GIF89a/*%PDF-1.7*/"),
    ("a.pdf", b"\xff\xd8\xff\xe0%PDF-1.7"),
    ("a.pdf", b"<html>%PDF-1.7"),
    ("a.docx", b"%PDF-1.7\n" + document("word")),
    ("a.png", b"\x89PNG\r\n\x1a\n<script>alert(1)</script>"),
    ("a.jpg", b"\xff\xd8\xff\xe0<?php system($_GET[1]); ?>"),
    ("a.jpg", picture("GIF", mode="L")),
    ("a.png", picture("BMP")),
    # endings of two kinds
    ("shell.jpg.php", picture("JPEG")),
    ("a.pdf.html", b"%PDF-1.7"),
    ("a.pdf.svg", b"%PDF-1.7"),
    ("a.pdf\x00.svg", b"%PDF-1.7"),
    ("a.svg", b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>"),
    ("a.html", b"<p>x"),
    ("a.xhtml", b"<html xmlns='http://www.w3.org/1999/xhtml'/>"),
])  # fmt: skip
def test_a_file_that_is_two_things_at_once_is_neither(
    session: ScopedSession, settings: Settings, name: str, content: bytes
) -> None:
    with pytest.raises(Refusal):
        sent(session, settings, name, content)

    assert on_the_disk(settings) == []


def test_a_picture_loses_whatever_was_hidden_in_it(session: ScopedSession, settings: Settings) -> None:
    hidden = b"<?php system($_GET[1]); ?>"
    exif = Image.Exif()
    exif[0x010E] = "via Roma 1"  # what a camera writes: description, place, hour
    for name, content in (
        ("a.jpg", picture("JPEG", exif=exif, comment=hidden) + hidden + archive(a=hidden)),
        ("foto.php.jpg", picture("JPEG", comment=hidden)),
        ("a.png", picture("PNG") + hidden),
    ):
        kept = path_of(sent(session, settings, name, content), settings.uploads)
        with Image.open(kept) as drawn:
            assert drawn.size == (8, 6)
            assert dict(drawn.getexif()) == {}
        assert hidden not in kept.read_bytes()
        assert b"via Roma" not in kept.read_bytes()


def test_its_size_and_fingerprint_are_those_of_what_is_kept(session: ScopedSession, settings: Settings) -> None:
    attachment = sent(session, settings, "a.jpg", picture("JPEG", (400, 300)) + b"x" * 9000)
    kept = path_of(attachment, settings.uploads).read_bytes()

    assert (attachment.size, attachment.sha256) == (len(kept), hashlib.sha256(kept).hexdigest())


@pytest.mark.parametrize("mode", ["RGB", "RGBA", "L", "LA", "P", "1", "I;16"])
def test_every_kind_of_png_comes_out_as_it_was_seen(tmp_path: Path, mode: str) -> None:
    path = tmp_path / "a.png"
    path.write_bytes(picture("PNG", mode=mode))

    draw_anew(path, "image/png")

    with Image.open(path) as drawn:
        assert (drawn.format, drawn.size) == ("PNG", (8, 6))


def test_a_picture_on_its_side_is_stood_up(tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    path = tmp_path / "a.jpg"
    path.write_bytes(picture("JPEG", (8, 6), exif=exif))

    draw_anew(path, "image/jpeg")

    with Image.open(path) as drawn:
        assert drawn.size == (6, 8)


def test_a_small_file_of_very_many_pixels_is_refused_before_it_is_unpacked(
    session: ScopedSession, settings: Settings
) -> None:
    bomb = picture("PNG", (10_000, 10_000), mode="1")

    assert len(bomb) < 100_000
    with pytest.raises(Refusal, match="40 million pixels"):
        sent(session, settings, "a.png", bomb)
    assert on_the_disk(settings) == []


def test_a_picture_cut_short_is_refused(session: ScopedSession, settings: Settings) -> None:
    with pytest.raises(Refusal, match="damaged"):
        sent(session, settings, "a.jpg", picture("JPEG", (200, 200))[:-200])


def nested(depth: int) -> bytes:
    """An archive of archives, each of ten: 42.zip in little."""
    inner = b"\0" * 100_000
    for _level in range(depth):
        inner = archive(**{f"{n}.zip": inner for n in range(10)})
    return inner


def linked() -> bytes:
    """A workbook with a symbolic link inside."""
    made = io.BytesIO(document("xl"))
    with zipfile.ZipFile(made, "a") as packed:
        link = zipfile.ZipInfo("xl/link")
        link.external_attr = 0o120777 << 16
        packed.writestr(link, "/etc/passwd")
    return made.getvalue()


@pytest.mark.parametrize(("name", "content"), [
    ("a.zip", nested(3)), ("a.xlsx", nested(3)), ("a.xlsx", linked()),
    ("a.docx", document("word", **{"word/media/x.bin": b"\0" * 30_000_000})),
    ("a.odt", archive(mimetype=b"\0" * 30_000_000)),
])  # fmt: skip
def test_archives_that_burst_or_lead_elsewhere_are_refused(
    session: ScopedSession, settings: Settings, name: str, content: bytes
) -> None:
    with pytest.raises(Refusal):
        sent(session, settings, name, content)


LAUGHS = (
    b'<?xml version="1.0"?><!DOCTYPE l [<!ENTITY a "ha">'
    + b"".join(b'<!ENTITY %c "%s">' % (98 + n, b"&%c;" % (97 + n) * 10) for n in range(12))
    + b'<!ENTITY f SYSTEM "file:///etc/passwd">]>'
)


def test_a_workbook_of_a_billion_laughs_is_not_read_aloud() -> None:
    cell = b"<row><c t='inlineStr'><is><t>&m;&f;</t></is></c></row>"
    sheet = LAUGHS + b"<worksheet><sheetData>" + cell + b"</sheetData></worksheet>"
    relation = b"<Relationships><Relationship Id='r1' Target='worksheets/s.xml'/></Relationships>"
    workbook = archive(**{
        "[Content_Types].xml": b"<Types/>",
        "xl/workbook.xml": b"<workbook><sheets><sheet name='a' sheetId='1' r:id='r1' xmlns:r='x'/></sheets></workbook>",
        "xl/_rels/workbook.xml.rels": relation,
        "xl/worksheets/s.xml": sheet,
    })  # fmt: skip
    try:
        table = read_table(workbook)
    except Refusal:
        return
    assert not [heading for heading in table.headings if "haha" in heading or "root:" in heading]


def test_a_partner_keeps_so_much_and_no_more(session: ScopedSession, settings: Settings) -> None:
    record = an_organisation(session)
    first = attach_pdf(session, record, settings)

    assert taken_by_partner(session) == first.size
    with pytest.raises(Refusal, match="your organisation would pass"):
        attach_pdf(session, an_organisation(session, "Il Ponte"), settings, quota=first.size * 2 - 1)


@pytest.fixture
def clamd(tmp_path: Path) -> Iterator[str]:
    """A daemon that answers as ClamAV's does and knows one virus."""
    where = tmp_path / "clamd.ctl"
    listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    listener.bind(str(where))
    listener.listen()

    def exactly(stream: Any, size: int) -> bytes:
        return stream.read(size)

    def answer() -> None:
        while True:
            try:
                line, _peer = listener.accept()
            except OSError:
                return
            with line, line.makefile("rb") as stream:
                assert exactly(stream, 10) == b"zINSTREAM\0"
                content = b""
                while size := int.from_bytes(exactly(stream, 4), "big"):
                    content += exactly(stream, size)
                found = b"Eicar-Test-Signature FOUND" if EICAR in content else b"OK"
                line.sendall(b"stream: " + found + b"\0")

    thread = Thread(target=answer)
    thread.start()
    yield f"unix:{where}"
    listener.shutdown(socket.SHUT_RDWR)
    listener.close()
    thread.join()


def test_the_antivirus_lets_the_harmless_pass_and_stops_the_rest(
    session: ScopedSession, settings: Settings, clamd: str
) -> None:
    sent(session, settings, "a.txt", b"harmless " * 20_000, scanner=clamd)
    before = on_the_disk(settings)

    with pytest.raises(Refusal, match="something harmful"):
        sent(session, settings, "a.txt", b"x" * 70_000 + EICAR, scanner=clamd)
    assert on_the_disk(settings) == before


@pytest.mark.parametrize("scanner", ["unix:/nowhere/clamd.ctl", "tcp:127.0.0.1:1"])
def test_while_the_antivirus_is_away_nothing_is_kept(session: ScopedSession, settings: Settings, scanner: str) -> None:
    with pytest.raises(ScannerAway, match="does not answer"):
        sent(session, settings, "a.txt", b"harmless", scanner=scanner)
    assert on_the_disk(settings) == []


def test_an_antivirus_that_answers_nonsense_is_away(tmp_path: Path) -> None:
    listener = socket.create_server(("127.0.0.1", 0))
    file = tmp_path / "a"
    file.write_bytes(b"x")

    def answer() -> None:
        line, _peer = listener.accept()
        with line:
            line.recv(1000)
            line.sendall(b"INSTREAM size limit exceeded. ERROR\0")

    thread = Thread(target=answer)
    thread.start()
    with pytest.raises(ScannerAway):
        refuse_malware(file, f"tcp:127.0.0.1:{listener.getsockname()[1]}")
    thread.join()
    listener.close()


def test_where_the_antivirus_listens_is_read_at_start(tmp_path: Path) -> None:
    given = {"GENERAZIONI_VAR": str(tmp_path)}

    assert read_settings({**given, "GENERAZIONI_SCANNER": "tcp:av:3310"}).scanner == "tcp:av:3310"
    with pytest.raises(WrongSetting, match="GENERAZIONI_SCANNER must be like"):
        read_settings({**given, "GENERAZIONI_SCANNER": "clamdscan"})
