"""A line of JSON for each request: what was asked and how it was answered, and nobody's data."""

import json
import logging
import sys
from datetime import UTC, datetime

log = logging.getLogger("generazioni.requests")


class Line(logging.Formatter):
    """A record as JSON; `told` holds the facts that were logged beside its words."""

    def format(self, record: logging.LogRecord) -> str:
        moment = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
        told = getattr(record, "told", {})
        return json.dumps(
            {"timestamp": moment, "level": record.levelname.lower(), "event": record.getMessage(), **told}
        )


class Output(logging.Handler):
    """Prints on the standard output of the moment, which tests and servers change."""

    def emit(self, record: logging.LogRecord) -> None:
        print(self.format(record), file=sys.stdout, flush=True)  # noqa: T201  the log is what is printed


def prepare() -> None:
    """Let requests be logged, once a process."""
    if not log.handlers:
        output = Output()
        output.setFormatter(Line())
        log.addHandler(output)
        log.setLevel(logging.INFO)
        log.propagate = False


def request_answered(*, method: str, endpoint: str | None, status: int) -> None:
    """Log a request by the name of its page: addresses hold keys of people and words looked for."""
    log.info("request", extra={"told": {"method": method, "endpoint": endpoint, "status": status}})
