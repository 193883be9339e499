"""Whether ten times the rows, or a hundred times the partners, cost the same."""

from collections.abc import Callable, Mapping

from bench import installation as places
from bench import machine
from bench.figures import Found
from bench.installation import Installation, Postgresql
from bench.measure import Bench

TIMES, FACTOR = 10, 1.5
GROWING = frozenset({"list", "page-1000", "search-common", "search-rare", "search-absent", "record"})
PARTNERS = 200


def measured(
    results: Mapping[str, Found], people: int, only: frozenset[str], say: Callable[[str], None]
) -> dict[str, Found]:
    """The pages with ten times the people, and with two hundred partners, held to 1.5 times their usual cost."""
    wanted = only & GROWING or GROWING
    usual = results.get("postgresql", Found())
    more = {}
    if not wanted <= usual.figures.keys():
        usual = more["as usual"] = Bench(Postgresql(), people, wanted, say).run()
    for name, bench in (
        (f"{TIMES * people} people", Bench(Postgresql(), TIMES * people, wanted, say)),
        (f"{PARTNERS} partners", Bench(ManyPartners(people // PARTNERS), people, wanted, say)),
    ):
        found = more[name] = bench.run()
        for key, figure in found.figures.items():
            figure.bar = FACTOR * usual.figures[key].value if key in wanted and key in usual.figures else None
    return more


class ManyPartners(Postgresql):
    """The same registry among two hundred partners, each with so many people of its own."""

    def __init__(self, each: int) -> None:
        super().__init__()
        self.each = each

    def create(self, name: str, template: str = "template1") -> None:
        super().create(name, template)
        if template.startswith("people_"):
            crowd_in(self.at(name), self.each)
            self.tidy(name)


def crowd_in(here: Installation, each: int) -> None:
    """Let the partners in, each with its registry."""
    code = f"from bench.neighbours import settle; settle({PARTNERS}, {each})"
    told = {**places.quiet(), **here.environment, "PYTHONPATH": str(places.ROOT)}
    machine.run([places.BIN / "python", "-c", code], told)
