"""A line between the program and PostgreSQL that can be cut and mended: a socket that passes bytes on."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Lock, Thread

SOCKET = ".s.PGSQL.5432"


class Line:
    """Clients reach PostgreSQL through a folder of its own, as long as the line is not cut."""

    def __init__(self, folder: Path, server: Path) -> None:
        self.folder, self.server = folder, server
        self._lock, self._open = Lock(), set[socket.socket]()
        self._listener: socket.socket | None = None
        self.mend()

    def mend(self) -> None:
        """Let connections through again."""
        place = self.folder / SOCKET
        place.unlink(missing_ok=True)
        self._listener = socket.socket(socket.AF_UNIX)
        self._listener.bind(str(place))
        self._listener.listen(64)
        Thread(target=self._welcome, args=[self._listener], daemon=True).start()

    def cut(self) -> None:
        """Refuse new connections and break those there are, wherever they have come."""
        assert self._listener is not None
        (self.folder / SOCKET).unlink(missing_ok=True)
        _close(self._listener)
        with self._lock:
            broken, self._open = self._open, set()
        for end in broken:
            _close(end)

    def _welcome(self, listener: socket.socket) -> None:
        with suppress(OSError):
            while True:
                client, _address = listener.accept()
                server = socket.socket(socket.AF_UNIX)
                server.connect(str(self.server / SOCKET))
                with self._lock:
                    self._open |= {client, server}
                for ends in ((client, server), (server, client)):
                    Thread(target=self._pass_on, args=ends, daemon=True).start()

    def _pass_on(self, source: socket.socket, target: socket.socket) -> None:
        with suppress(OSError):
            while received := source.recv(65536):
                target.sendall(received)
        with self._lock:
            self._open -= {source, target}
        _close(source)
        _close(target)


def _close(end: socket.socket) -> None:
    with suppress(OSError):
        end.shutdown(socket.SHUT_RDWR)
    end.close()


@contextmanager
def line_to(server: Path, folder: Path) -> Iterator[Line]:
    """A line in a short-named folder; the socket's path may not be long."""
    line = Line(folder, server)
    try:
        yield line
    finally:
        line.cut()
