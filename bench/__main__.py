"""`make bench`: the whole table, or ONLY=list,import of it; GROWTH=1 and PEERS=1 go further."""

import os
import sys

from bench import growth, machine, peers, report
from bench.installation import Postgresql, Sqlite, alone
from bench.measure import Bench, Figures

PEOPLE = 100_000


def main() -> None:
    """Measure, print, keep."""
    only = frozenset(filter(None, os.environ.get("ONLY", "").split(",")))
    people = int(os.environ.get("PEOPLE", PEOPLE))
    results: dict[str, Figures] = {}
    with alone():
        told = machine.described()
        for server in (Postgresql(), Sqlite()):
            if os.environ.get("DATABASE", server.kind) == server.kind:
                results[server.kind] = Bench(server, people, only, say).run()
        if os.environ.get("GROWTH") == "1":
            results |= growth.measured(results, people, only, say)
        if os.environ.get("PEERS") == "1":
            results |= peers.measured(say)
    print(report.table(results))
    print(report.save(results, told))
    if not only and people == PEOPLE and "DATABASE" not in os.environ:
        report.record(results, told)


def say(line: str) -> None:
    """Progress goes to the other stream, so that the table can be kept."""
    print(line, file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
