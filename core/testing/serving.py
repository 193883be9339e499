"""The real server on this machine, in processes of its own, and a browser of few words to ask it with."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from html import unescape
from http.client import HTTPConnection, HTTPException
from http.cookies import SimpleCookie
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from core.config import ROOT, Settings

STARTS_WITHIN = 120  # seconds, while other tests use the machine too
ANSWERS_WITHIN = 60
Fields = Mapping[str, str] | Sequence[tuple[str, str]]


@dataclass(frozen=True)
class Answer:
    """What came back, and in how many seconds."""

    status: int
    headers: Mapping[str, str]
    text: str
    seconds: float

    @property
    def location(self) -> str:
        """Where a redirect leads."""
        return self.headers.get("Location", "")

    @property
    def hidden(self) -> dict[str, str]:
        """The hidden inputs of the page, as a browser sends them back."""
        inputs = [tag for tag in re.findall(r"<input[^>]*>", self.text) if 'type="hidden"' in tag]
        named = ((re.search(r'name="([^"]+)"', tag), re.search(r'value="([^"]*)"', tag)) for tag in inputs)
        return {name[1]: unescape(value[1]) for name, value in named if name and value}


@dataclass(eq=False)
class Browser:
    """Keeps its cookies, follows no redirect; each request has a connection of its own."""

    address: tuple[str, int]
    cookies: dict[str, str] = field(default_factory=dict)

    def get(self, path: str) -> Answer:
        """Open a page."""
        return self._ask("GET", path, None)

    def post(self, path: str, fields: Fields = ()) -> Answer:
        """Send a form."""
        return self._ask("POST", path, urlencode(fields))

    def sign_in(self, email: str, password: str) -> "Browser":
        """Come in; this very browser, so that the call may stand where it is made."""
        token = self.get("/sign-in").hidden["csrf_token"]
        answer = self.post("/sign-in", {"email": email, "password": password, "csrf_token": token})
        assert answer.status == 303, f"{email} cannot sign in: {answer.status}"
        return self

    def send(self, path: str, fields: Fields) -> Answer:
        """Open a form and send it with what it carries hidden."""
        return self.post(path, {**self.get(path).hidden, **dict(fields)})

    def _ask(self, method: str, path: str, body: str | None) -> Answer:
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        start = time.monotonic()
        connection = HTTPConnection(*self.address, timeout=ANSWERS_WITHIN)
        try:
            connection.request(method, path, body, headers)
            answer = connection.getresponse()
            text = answer.read().decode("utf-8", "replace")
        finally:
            connection.close()
        for line in answer.headers.get_all("Set-Cookie") or ():
            self.cookies.update({name: morsel.value for name, morsel in SimpleCookie(line).items()})
        return Answer(answer.status, answer.headers, text, time.monotonic() - start)  # type: ignore[arg-type]


@dataclass(frozen=True)
class Served:
    """A running program: where it answers, which processes it is and what it wrote in its log."""

    address: tuple[str, int]
    process: "subprocess.Popen[bytes]"
    log: Path

    def browser(self) -> Browser:
        """A new browser, that nobody signed in with."""
        return Browser(self.address)

    def written(self) -> str:
        """The log so far."""
        return self.log.read_text(encoding="utf-8", errors="replace")


@contextmanager
def serving(settings: Settings, *, workers: int = 2, threads: int = 4, strict: bool = True) -> Iterator[Served]:
    """The program under gunicorn as docs/operate.md runs it, until the block ends."""
    port = free_port()
    command = ["gunicorn", "core.app:create_app()", "--bind", f"127.0.0.1:{port}", "--workers", str(workers),
               "--threads", str(threads), "--graceful-timeout", "1", "--preload", "--no-control-socket"]  # fmt: skip
    log = settings.var / f"server-{port}.log"
    environment = {**environment_of(settings), "GENERAZIONI_STRICT": str(int(strict))}
    with log.open("wb") as output:
        process = subprocess.Popen(  # noqa: S603
            [str(Path(sys.executable).parent / command[0]), *command[1:]], cwd=ROOT, env=environment,
            stdout=output, stderr=output, start_new_session=True,
        )  # fmt: skip
        served = Served(("127.0.0.1", port), process, log)
        try:
            wait_for(served)
            yield served
        finally:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGTERM)
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()


def environment_of(settings: Settings) -> dict[str, str]:
    """The settings as another process reads them."""
    given: dict[str, Any] = {
        "VAR": settings.var, "DATABASE_URL": settings.database_url, "OWNER_DATABASE_URL": settings.owner_database_url,
        "OPERATOR_DATABASE_URL": settings.operator_database_url, "SECRET_KEY": settings.secret_key,
        "MAIL_URL": settings.mail_url, "STRICT": "1" if settings.strict else "",
        "SKIP": ",".join(sorted(settings.skip_plugins)),
        "PLUGIN_FOLDERS": os.pathsep.join(str(one) for one in settings.plugin_folders if one != ROOT / "plugins"),
    }  # fmt: skip
    return {**os.environ, **{f"GENERAZIONI_{name}": str(value) for name, value in given.items()}}


def free_port() -> int:
    """A port that nobody listens on just now."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port


def wait_for(served: Served) -> None:
    """Wait until every part answers; a server that does not start fails with what it wrote."""
    until = time.monotonic() + STARTS_WITHIN
    while time.monotonic() < until and served.process.poll() is None:
        with suppress(OSError, HTTPException):
            if served.browser().get("/readyz").status == 200:
                return
        time.sleep(0.1)
    raise AssertionError(f"The server does not start:\n{served.written()}")
