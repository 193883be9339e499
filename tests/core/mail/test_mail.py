"""Mail goes to a folder, to the log, or to a server that proves who it is."""

import logging
import smtplib
import socketserver
import threading
from collections.abc import Iterator
from dataclasses import replace
from email import message_from_bytes, policy
from pathlib import Path

import pytest

from core.config import Settings, WrongSetting, read_settings
from core.mail import send


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return read_settings({"GENERAZIONI_VAR": str(tmp_path), "GENERAZIONI_MAIL_FROM": "no-reply@rete.example"})


class Inbox(socketserver.StreamRequestHandler):
    """A server that speaks just enough SMTP, without TLS, and remembers what it was told."""

    told: list[str]

    def handle(self) -> None:
        self.wfile.write(b"220 here\r\n")
        for line in self.rfile:
            words = line.decode().strip()
            self.told.append(words)
            verb = words[:4].upper()
            if verb == "QUIT":
                self.wfile.write(b"221 bye\r\n")
                return
            self.wfile.write(b"354 go on\r\n" if verb == "DATA" else b"250 fine\r\n")
            while verb == "DATA" and (body := self.rfile.readline()) != b".\r\n":
                self.told.append(body.decode().rstrip("\r\n"))
            if verb == "DATA":
                self.wfile.write(b"250 kept\r\n")


@pytest.fixture
def inbox() -> Iterator[tuple[int, list[str]]]:
    told: list[str] = []
    handler = type("OwnInbox", (Inbox,), {"told": told})
    with socketserver.TCPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server.server_address[1], told
        server.shutdown()


def test_a_folder_keeps_each_message_as_a_file(settings: Settings, tmp_path: Path) -> None:
    for subject in ("Perché no", "Second"):
        send(
            replace(settings, mail_url=f"file://{tmp_path}/out box"), to="a@b.example", subject=subject, text="Città\n"
        )

    kept = [message_from_bytes(f.read_bytes(), policy=policy.default) for f in sorted((tmp_path / "out box").iterdir())]

    assert [message["Subject"] for message in kept] == ["Perché no", "Second"]
    assert kept[0]["From"] == "no-reply@rete.example"
    assert kept[0].get_content() == "Città\n"


def test_the_console_shows_the_link(settings: Settings, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING, "generazioni.mail"):
        send(replace(settings, mail_url="console:"), to="a@b.example", subject="Link", text="http://x.example/1")

    assert "a@b.example" in caplog.text
    assert "http://x.example/1" in caplog.text


def test_a_server_is_handed_the_message(settings: Settings, inbox: tuple[int, list[str]]) -> None:
    port, told = inbox

    send(replace(settings, mail_url=f"smtp://127.0.0.1:{port}"), to="a@b.example", subject="Hello", text="Text")

    assert "rcpt TO:<a@b.example>" in told
    assert "Subject: Hello" in told


def test_a_password_is_not_sent_in_clear(settings: Settings, inbox: tuple[int, list[str]]) -> None:
    port, told = inbox

    with pytest.raises(smtplib.SMTPNotSupportedError):
        send(replace(settings, mail_url=f"smtp://me:secret@127.0.0.1:{port}"), to="a@b.example", subject="x", text="x")

    assert not [line for line in told if line.upper().startswith(("AUTH", "MAIL"))]


def test_a_line_break_adds_no_header(settings: Settings, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="linefeed"):
        send(
            replace(settings, mail_url=f"file://{tmp_path}/out"),
            to="a@b.example\nBcc: all@b.example", subject="x", text="x",
        )  # fmt: skip


def test_an_address_of_another_kind_is_a_wrong_setting(settings: Settings) -> None:
    with pytest.raises(WrongSetting, match="MAIL_URL"):
        send(replace(settings, mail_url="pigeon://x"), to="a@b.example", subject="x", text="x")
