"""`make bench`: the whole table, or ONLY=list,import of it; GROWTH=1 and PEERS=folder go further."""

import os
import sys
from pathlib import Path

from bench import growth, machine, peers, report
from bench.figures import Found
from bench.installation import Postgresql, Sqlite, alone
from bench.measure import PARTS, Bench

PEOPLE = 100_000


def main() -> None:
    """Measure, print, keep."""
    only = frozenset(filter(None, os.environ.get("ONLY", "").split(",")))
    people = int(os.environ.get("PEOPLE", PEOPLE))
    if unknown := only.difference(PARTS):
        sys.exit(f"ONLY knows nothing of {', '.join(sorted(unknown))}; the parts are {', '.join(PARTS)}.")
    results: dict[str, Found] = {}
    with alone():
        told = machine.described()
        for server in (Postgresql(), Sqlite()):
            if os.environ.get("DATABASE", server.kind) == server.kind:
                results[server.kind] = Bench(server, people, only, say).run()
        if os.environ.get("GROWTH") == "1":
            results |= growth.measured(results, people, only, say)
        if place := os.environ.get("PEERS"):
            results |= peers.measured(Path(place), say)
    print(report.table(results))
    print(report.save(results, told))
    if not only and people == PEOPLE and "DATABASE" not in os.environ:
        report.record(results, told)
    if any(found.failed for found in results.values()):
        sys.exit(1)


def say(line: str) -> None:
    """Progress goes to the other stream, so that the table can be kept."""
    print(line, file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
