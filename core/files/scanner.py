"""An antivirus that looks at each file before it is kept, where the installation has one (ClamAV's clamd)."""

import socket
from pathlib import Path
from typing import IO

from core.language import _
from core.refusals import Refusal

PIECE = 64 * 1024
SECONDS = 30
LONGEST_ANSWER = 4096


class ScannerAway(Refusal):
    """The antivirus does not answer: nothing is kept unseen."""


def refuse_malware(path: Path, scanner: str) -> None:
    """Let clamd read the file; what it finds is refused, and so is everything while it does not answer.

    `scanner` is `unix:/run/clamav/clamd.ctl` or `tcp:host:3310`.
    """
    try:
        with _connect(scanner) as line, path.open("rb") as content:
            answer = _ask(line, content)
    except OSError as error:
        raise _away() from error
    if answer.endswith("FOUND"):
        raise Refusal(_("The antivirus found something harmful in this file: it was not kept."), field="file")
    if not answer.endswith("OK"):
        raise _away()


def _connect(scanner: str) -> socket.socket:
    kind, _colon, where = scanner.partition(":")
    if kind == "unix":
        line = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        line.settimeout(SECONDS)
        line.connect(where)
        return line
    host, _colon, port = where.rpartition(":")
    return socket.create_connection((host, int(port)), timeout=SECONDS)


def _ask(line: socket.socket, content: IO[bytes]) -> str:
    """Send the file in pieces, each after its length, and read the verdict."""
    line.sendall(b"zINSTREAM\0")
    while piece := content.read(PIECE):
        line.sendall(len(piece).to_bytes(4, "big") + piece)
    line.sendall(bytes(4))
    answer = b""
    while not answer.endswith(b"\0") and len(answer) < LONGEST_ANSWER and (more := line.recv(LONGEST_ANSWER)):
        answer += more
    return answer.rstrip(b"\0").decode(errors="replace").strip()


def _away() -> ScannerAway:
    return ScannerAway(
        _("The antivirus does not answer, so no file can be kept now: try again in a while."), field="file"
    )
