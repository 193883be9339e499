"""Whether ten times the rows, or a hundred times the partners, cost the same."""

from collections.abc import Callable, Mapping

from bench import installation as places
from bench import machine
from bench.installation import Installation, Postgresql
from bench.measure import Bench, Figures

MANY, FACTOR = 1_000_000, 1.5
GROWING = frozenset({"list", "page-1000", "search-common", "search-rare", "search-absent", "record"})
PARTNERS, EACH = 200, 500


def measured(
    results: Mapping[str, Figures], people: int, only: frozenset[str], say: Callable[[str], None]
) -> dict[str, Figures]:
    """The pages with a million people, and with two hundred partners, held to 1.5 times their usual cost."""
    usual = results.get("postgresql") or Bench(Postgresql(), people, only & GROWING or GROWING, say).run()
    found = {}
    for name, bench in (
        ("a million people", Bench(Postgresql(), MANY, GROWING, say)),
        ("200 partners", Bench(ManyPartners(), people, GROWING, say)),
    ):
        figures = bench.run()
        for key, figure in figures.items():
            figure.bar = FACTOR * usual[key].value if key in usual and key in GROWING else None
        found[name] = figures
    return found


class ManyPartners(Postgresql):
    """The same registry among two hundred partners, each with some people of its own."""

    def create(self, name: str, template: str = "template1") -> None:
        super().create(name, template)
        if template.startswith("people_"):
            crowd_in(self.at(name))
            self.tidy(name)


def crowd_in(here: Installation) -> None:
    """Let the partners in, each with its registry."""
    code = f"from bench.neighbours import settle; settle({PARTNERS}, {EACH})"
    machine.run([places.BIN / "python", "-c", code], {**here.environment, "PYTHONPATH": str(places.ROOT)})
