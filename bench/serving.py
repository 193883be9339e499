"""The program as it is served, and a browser that signed in to it."""

import gzip
import http.client
import re
import signal
import subprocess
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlencode

from bench import machine
from bench.installation import BIN, KEPT, PASSWORD, USER, Installation, free_port, quiet

PATIENCE = 180
STATIC = re.compile(r'(?:href|src)="(/static/[^"#]+)')
IN_STYLES = re.compile(r"url\([\"']?(?:/static/)?([\w.-]+\.woff2)")


@dataclass(frozen=True)
class Answer:
    """What came back."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    seconds: float
    cookies: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        """The page."""
        return (gzip.decompress(self.body) if self.headers.get("Content-Encoding") == "gzip" else self.body).decode()


@dataclass
class Served:
    """A server that answers; its first answer took `started` since its command, and `cpu` of processor."""

    port: int
    pid: int
    started: float
    cpu: float
    cookies: dict[str, str] = field(default_factory=dict)

    @property
    def pids(self) -> list[int]:
        """Its processes."""
        return list(machine.family(self.pid))

    @property
    def headers(self) -> dict[str, str]:
        """What a browser that signed in sends."""
        return {
            "Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items()),
            "Content-Type": "application/x-www-form-urlencoded", "Accept-Language": "it", "Accept-Encoding": "gzip",
        }  # fmt: skip

    def ask(self, path: str, form: Mapping[str, str] | None = None, **headers: str) -> Answer:
        """One request, as the browser that signed in."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        body = urlencode(form) if form is not None else None
        started = time.perf_counter()
        connection.request("GET" if form is None else "POST", path, body, {**self.headers, **headers})
        answer = connection.getresponse()
        content = answer.read()
        seconds = time.perf_counter() - started
        connection.close()
        for name, value in answer.getheaders():
            if name.lower() == "set-cookie":
                key, _equals, told = value.partition(";")[0].partition("=")
                self.cookies[key] = told
        return Answer(answer.status, dict(answer.getheaders()), content, seconds)

    def sign_in(self) -> None:
        """As the head of the municipality with the large registry."""
        token = self.token("/sign-in")
        answer = self.ask("/sign-in", {"email": USER, "password": PASSWORD, "csrf_token": token})
        if answer.status != 303:  # noqa: PLR2004
            raise RuntimeError(f"signing in was answered with {answer.status}")

    def token(self, path: str) -> str:
        """The sign against forgery that the form of a page carries."""
        return re.findall(r'name="csrf_token"[^>]*value="([^"]+)"', self.ask(path).text)[0]

    def weight(self, path: str) -> tuple[int, int]:
        """Bytes of a page with all that it loads the first time, and of the page alone."""
        page = self.ask(path)
        names = dict.fromkeys(STATIC.findall(page.text))
        for name in [name for name in names if name.endswith(".css")]:
            names |= dict.fromkeys(f"/static/{font}" for font in IN_STYLES.findall(self.ask(name).text))
        return len(page.body) + sum(len(self.ask(name).body) for name in names), len(page.body)


@contextmanager
def served(command: Sequence[str | Path], environment: Mapping[str, str], port: int, first: str) -> Iterator[Served]:
    """Start a server, wait for its first answer, stop it at the end of the block."""
    with (KEPT / "served.log").open("a") as log:
        started = time.perf_counter()
        process = subprocess.Popen(command, env={**quiet(), **environment}, stdout=log, stderr=log)
        try:
            seconds = _first_answer(process, port, first, started)
            yield Served(port, process.pid, seconds, machine.cpu_of(list(machine.family(process.pid))))
        finally:
            process.send_signal(signal.SIGTERM)
            try:
                process.wait(15)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def _first_answer(process: subprocess.Popen[bytes], port: int, path: str, started: float) -> float:
    while time.perf_counter() - started < PATIENCE:
        try:
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
            connection.request("GET", path)
            connection.getresponse().read()
            return time.perf_counter() - started
        except OSError:
            if process.poll() is not None:
                raise RuntimeError(f"the server ended: see {KEPT / 'served.log'}") from None
            time.sleep(0.005)
    raise RuntimeError(f"no answer within {PATIENCE} s")


def workers(app: str, port: int) -> list[str | Path]:
    """Gunicorn as docs/operate.md runs it; connections are kept as a proxy in front would keep them."""
    return [BIN / "gunicorn", app, "--preload", "--workers", "2", "--threads", "4", "--keep-alive", "60",
            "--bind", f"127.0.0.1:{port}", "--log-level", "warning"]  # fmt: skip


@contextmanager
def program(installation: Installation) -> Iterator[Served]:
    """The program on an installation: gunicorn on PostgreSQL, on SQLite what `generazioni run` serves with."""
    port = free_port()
    command = [BIN / "generazioni", "run", "--port", str(port)]
    if installation.kind == "postgresql":
        command = workers("core.app:create_app()", port)
    with served(command, installation.environment, port, "/sign-in") as server:
        server.sign_in()
        yield server
