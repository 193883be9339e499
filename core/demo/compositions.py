"""Who lives together: how many, of what sex and age, and what they are to the reference person."""

from dataclasses import dataclass
from random import Random

ADULT, OLD = 18, 65
REFERENCE, PARTNER, CHILD, PARENT, NOT_RELATED = "reference", "partner", "child", "parent", "not_related"


@dataclass(frozen=True)
class Place:
    """One member not yet named; `age` in whole years."""

    role: str
    sex: str
    age: int


def composition(rng: Random, *, young: bool) -> list[Place]:
    """A household as the plain has them; `young` where grandparents stayed in another country."""
    kinds, weights = zip(*(YOUNG if young else ALL), strict=True)
    return rng.choices(kinds, weights)[0](rng)


def _old_alone(rng: Random) -> list[Place]:
    return [Place(REFERENCE, rng.choices("FM", (7, 3))[0], rng.randint(OLD, 93))]


def _alone(rng: Random) -> list[Place]:
    return [Place(REFERENCE, rng.choice("FM"), rng.randint(22, OLD))]


def _old_couple(rng: Random) -> list[Place]:
    return _pair(rng, rng.randint(OLD, 88))


def _couple(rng: Random) -> list[Place]:
    return _pair(rng, rng.randint(25, OLD))


def _family(rng: Random) -> list[Place]:
    pair = _pair(rng, rng.randint(28, 53))
    return pair + _children(rng, pair, rng.choices((1, 2, 3, 4), (45, 40, 12, 3))[0])


def _one_parent(rng: Random) -> list[Place]:
    parent = [Place(REFERENCE, rng.choices("FM", (8, 2))[0], rng.randint(27, 52))]
    return parent + _children(rng, parent, rng.choices((1, 2, 3), (60, 33, 7))[0])


def _three_generations(rng: Random) -> list[Place]:
    members = _family(rng)
    oldest = max(member.age for member in members)
    return [*members, Place(PARENT, rng.choices("FM", (7, 3))[0], oldest + rng.randint(20, 32))]


def _flatmates(rng: Random) -> list[Place]:
    sex, others = rng.choice("FM"), rng.randint(1, 3)
    return [Place(REFERENCE if n == 0 else NOT_RELATED, sex, rng.randint(20, 45)) for n in range(others + 1)]


def _pair(rng: Random, age: int) -> list[Place]:
    sex = rng.choice("FM")
    other = sex if rng.random() < 0.015 else "MF"[sex == "M"]  # noqa: PLR2004  civil unions
    return [Place(REFERENCE, sex, age), Place(PARTNER, other, max(ADULT + 4, age + rng.randint(-6, 6)))]


def _children(rng: Random, parents: list[Place], count: int) -> list[Place]:
    oldest = min(24, min(parent.age for parent in parents) - 21)
    ages = sorted(rng.sample(range(oldest + 1), min(count, oldest + 1)), reverse=True)
    return [Place(CHILD, rng.choice("FM"), age) for age in ages]


YOUNG = (
    (_alone, 26), (_couple, 14), (_family, 40), (_one_parent, 8), (_three_generations, 2), (_flatmates, 10),
)  # fmt: skip
ALL = (
    (_old_alone, 20), (_alone, 17), (_old_couple, 15), (_couple, 12), (_family, 26), (_one_parent, 8),
    (_three_generations, 2),
)  # fmt: skip
