"""The measurements themselves: pages, files, what a start and a module take."""

import re
import statistics
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, ExitStack
from typing import Any

from bench import installation as places
from bench import limit, machine, registry
from bench.figures import Figure, Found
from bench.installation import PARTNER, Installation, Postgresql, Server, free_port
from bench.load import Answers, load
from bench.registry import Registry
from bench.rows import ROWS, SQLITE_FACTOR, Row
from bench.serving import Served, program, served, workers
from core.config import ROOT

ROUNDS, ALONE, TOGETHER = 3, 2.0, 3.0
EIGHT = 8
PAGES = (*(row.key for row in ROWS), "rate", "create", "switch-on", "start", "memory", "weight")
PARTS = ("plain-demo", "install", "demo", *PAGES, "import", "export")


class Bench:
    """One run on one kind of database; `only` names the figures that are wanted, all when empty."""

    def __init__(self, server: Server, people: int, only: frozenset[str], say: Callable[[str], None]) -> None:
        self.server, self.people, self.only, self.say = server, people, only, say
        self.found = Found()

    def wanted(self, *keys: str) -> bool:
        """Whether one of the figures was asked for."""
        return not self.only or bool(self.only.intersection(keys))

    def note(self, key: str, title: str, value: float, unit: str, bar: float | None = None, **more: Any) -> None:
        """Keep a figure and say it."""
        at_least = more.pop("at_least", False)
        figure = self.found.figures[key] = Figure(title, round(value, 3), unit, bar, at_least, more)
        extra = " ".join(f"{name} {number:.2f}" for name, number in more.items())
        self.say(f"{self.server.kind:10} {title:44} {value:9.2f} {unit:6} {_verdict(figure):8} {extra}")

    def part(self, key: str, measure: Callable[[], None], *keys: str) -> bool:
        """Measure when it is wanted; one part that fails is named, and the others go on."""
        if not self.wanted(key, *keys):
            return True
        try:
            measure()
        except Exception as error:  # noqa: BLE001  whatever went wrong, the rest is still worth knowing
            told = f"{type(error).__name__}: {error}"
            self.found.failed[key] = told
            self.say(f"{self.server.kind:10} {key} FAILED: {told}")
            return False
        return True

    def run(self) -> Found:
        """All that is wanted."""
        with self.server.running():
            self.part("plain-demo", self.plain_demo)
            self.part("install", self.installs)
            if self.wanted("demo", "import", "export", *PAGES) and self.part("demo", self.registry, *self.only):
                self.part("pages", self.pages, *PAGES)
                self.part("import", self.imports, "import-memory")
                self.part("export", self.exports, "export-memory")
        return self.found

    def registry(self) -> None:
        """The kept registry, made when it is not there yet."""
        if took := places.made(self.server, self.people):
            self.note("demo", f"The demo with {self.people} people more", took.seconds, "s",
                      120 if self.server.kind == "sqlite" else 90, cpu=took.cpu)  # fmt: skip

    def pages(self) -> None:
        """Start the program, look at it idle, ask its pages, look at it again."""
        with ExitStack() as stack:
            here = stack.enter_context(places.copy(self.server, self.people))
            known = registry.look(here)
            bares: list[Served] = []
            if isinstance(self.server, Postgresql):
                self.part("limit", lambda: bares.append(stack.enter_context(self._limit(here))), "list", "rate")
            bare = bares[0] if bares else None
            site = stack.enter_context(program(here))
            self.part("start", lambda: self._started(site))
            self.part("weight", lambda: self._weight(site))
            self.part("memory", lambda: self._memory(site, "memory", "idle", 110))
            self.part("rows", lambda: self._alone(site, known, bare), *(row.key for row in ROWS))
            self.part("rate", lambda: self._together(site, bare), "memory")
            self.part("typo-found", lambda: self._typos(site, known), "search-typo")
            self.part("create", lambda: self._create(site))
            self.part("switch-on", lambda: self._switch(site))
            self.part("memory-loaded", lambda: self._memory(site, "memory-loaded", "after load", 140), "memory")

    def _limit(self, here: Installation) -> AbstractContextManager[Served]:
        """The list written by hand, on the same server."""
        name = here.urls[0].partition("?")[0].rpartition("/")[2]
        self.server.execute(limit.COPY, name)
        port = free_port()
        told = {"LIMIT": f"host={self.server.folder} user=postgres dbname={name}", "PYTHONPATH": str(ROOT)}
        return served(workers("bench.limit:app", port), told, port, "/people")

    def _started(self, site: Served) -> None:
        self.note("start", "Start to the first answer, all plugins", site.started, "s", 0.8, cpu=site.cpu)

    def _memory(self, site: Served, key: str, when: str, bar: float) -> None:
        self.note(key, f"Memory, {when} (PSS)", machine.memory_of(site.pids), "MiB", bar)

    def _weight(self, site: Served) -> None:
        first, again = site.weight("/people")
        self.note("weight", "First load of the list, as sent", first / 1000, "kB", 150)
        self.note("weight-again", "The same once its files are there", again / 1000, "kB", 30)

    def _alone(self, site: Served, known: Registry, bare: Served | None) -> None:
        """One visitor after another, the limit in turn with ours: crowded machines slow both."""
        asked = {row: row.requests(known) for row in ROWS if self.wanted(row.key)}
        answers: dict[Row, list[Answers]] = {row: [] for row in asked}
        used: dict[Row, list[tuple[float, float]]] = {row: [] for row in asked}
        bares: list[Answers] = []
        for requests in asked.values():
            load(site.port, requests, connections=2, seconds=1, headers=site.headers)
        for _round in range(ROUNDS):
            for row, requests in asked.items():
                if bare and row.key == "list":
                    bares.append(load(bare.port, requests, connections=1, seconds=ALONE, headers={}))
                before = machine.cpu_of(site.pids), self.server.cpu()
                answer = load(site.port, requests, connections=1, seconds=ALONE, headers=site.headers)
                after = machine.cpu_of(site.pids), self.server.cpu()
                answers[row].append(answer)
                used[row].append(tuple(1000 * (b - a) / answer.requests for a, b in zip(before, after, strict=True)))  # type: ignore[arg-type]
        if bares:
            self.note("limit", "The limit: that list written by hand", _middle(bares, "p50"), "ms", None)
        for row in asked:
            self._note_row(row, answers[row], used[row])

    def _note_row(self, row: Row, answers: Sequence[Answers], used: Sequence[tuple[float, float]]) -> None:
        bar, figures = row.bar, self.found.figures
        if row.key == "list" and "limit" in figures:
            bar = 4 * figures["limit"].value
        if row.key == "page-1000" and "list" in figures:
            bar = 1.3 * figures["list"].value
        if bar is not None and self.server.kind == "sqlite" and row.bar is not None:
            bar *= SQLITE_FACTOR
        self.note(row.key, row.title, _middle(answers, "p50"), "ms", bar, p95=_middle(answers, "p95"),
                  cpu=statistics.median(ours for ours, _theirs in used),
                  database=statistics.median(theirs for _ours, theirs in used),
                  wrong=sum(one.wrong for one in answers))  # fmt: skip

    def _together(self, site: Served, bare: Served | None) -> None:
        requests = registry.get("/people")
        ours, bares = [], []
        for _round in range(ROUNDS):
            ours.append(load(site.port, requests, connections=EIGHT, seconds=TOGETHER, headers=site.headers))
            if bare:
                bares.append(load(bare.port, requests, connections=EIGHT, seconds=TOGETHER, headers={}))
        best = max(one.rate for one in ours)
        more = {"limit": max(one.rate for one in bares)} if bares else {}
        self.note("rate", "The list with 8 clients, best of 3", best, "req/s", 400, at_least=True, **more)

    def _typos(self, site: Served, known: Registry) -> None:
        """Whether who was meant is among the first three offers."""
        found = 0
        for key, text in registry.mistyped(known.names):
            page = site.ask(f"/people/lookup?field=person&person.q={text}").text
            found += key in re.findall(r'<option value="([^"]+)"', page)[:3]
        share = 100 * found / len(known.names)
        self.note("typo-found", "Mistyped names found among the first three", share, "%", 95, at_least=True)

    def _create(self, site: Served) -> None:
        _imported, coming = registry.newcomers(self.people)
        requests = registry.registrations(coming, site.token("/people/new"))
        answers, sent, used = [], 0, []
        load(site.port, requests, connections=1, seconds=1, headers=site.headers, start=len(requests) // 2)
        for _round in range(ROUNDS):
            before = machine.cpu_of(site.pids)
            answers.append(load(site.port, requests, connections=1, seconds=ALONE, headers=site.headers, start=sent))
            used.append(1000 * (machine.cpu_of(site.pids) - before) / answers[-1].requests)
            sent += answers[-1].requests + 1
        wrong = sum(one.wrong for one in answers)
        self.note("create", "Register one person", _middle(answers, "p50"), "ms", 6.5, p95=_middle(answers, "p95"),
                  cpu=statistics.median(used), wrong=wrong, requests=sent)  # fmt: skip

    def _switch(self, site: Served) -> None:
        """Switch a module off and on again, from the page's own forms."""
        taken = []
        for _round in range(ROUNDS + 2):
            for act in ("off", "on"):
                form = {"csrf_token": site.token("/modules/guarantee_fund")}
                answer = site.ask(f"/modules/guarantee_fund/{act}", form)
                if answer.status != 303:  # noqa: PLR2004
                    raise RuntimeError(f"switching {act} was answered with {answer.status}")
            taken.append(1000 * answer.seconds)
        self.note("switch-on", "Switch a module on for a partner", statistics.median(taken), "ms", 100)

    def imports(self) -> None:
        """Ten thousand people from a file, every row checked."""
        file = registry.file_of(self.people, registry.newcomers(self.people)[0])
        with places.copy(self.server, self.people) as here:
            took = here.command("import", "people", file, "--partner", PARTNER, "--only-valid")
        self.say(took.said.strip().splitlines()[-1])
        self.note("import", f"Import of {registry.IMPORTED} people", took.seconds, "s", 3, cpu=took.cpu)
        self.note("import-memory", "Memory of the import", took.memory, "MB", 300)

    def exports(self) -> None:
        """Half of the registry as a spreadsheet, from the page."""
        with places.copy(self.server, self.people) as here, program(here) as site:
            answer = site.ask("/people/export.xlsx?f.sex=F")
            peak = machine.peak_of(site.pids)
        if answer.status != 200:  # noqa: PLR2004
            raise RuntimeError(f"the export was answered with {answer.status}")
        self.note("export", "Export of half of them, XLSX", answer.seconds, "s", 10, megabytes=len(answer.body) / 1e6)
        self.note("export-memory", "Memory of the worker that exports", peak, "MB", 200)

    def installs(self) -> None:
        """Each module's migrations by the command that installs it, on a database that has the core alone."""
        self.server.create("bench_core")
        here = self.server.at("bench_core")
        try:
            here.command("upgrade", SAFE_MODE="1")
            listed = here.command("plugins", "list", SAFE_MODE="1").said.splitlines()
            keys = [line.split()[0] for line in listed if not line.startswith(" ") and "available" in line.split()]
            took = [here.command("plugins", "install", key) for key in keys]
        finally:
            self.server.drop("bench_core")
        if not keys:
            raise RuntimeError(f"there was no module to install: {listed}")
        slowest = max(took, key=lambda run: run.seconds)
        self.note("install", "Install a module: the command with its migrations, the slowest", slowest.seconds, "s",
                  1.5, cpu=slowest.cpu, modules=len(keys))  # fmt: skip

    def plain_demo(self) -> None:
        """The demo network alone, as the first `make run` loads it."""
        self.server.create("bench_demo")
        try:
            here = self.server.at("bench_demo")
            here.prepare()
            took = here.command("demo")
        finally:
            self.server.drop("bench_demo")
        self.note("plain-demo", "The plain demo of 2,000 people", took.seconds, "s", 10, cpu=took.cpu)


def _middle(answers: Sequence[Answers], name: str) -> float:
    return statistics.median(getattr(one, name) for one in answers)


def _verdict(figure: Figure) -> str:
    return {None: "", True: "ok", False: "over"}[figure.kept]
