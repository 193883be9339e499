"""A thousand labelled pairs of people, always the same: as offices write one person twice, and as relatives look."""

from datetime import date, timedelta
from random import Random
from typing import Any, NamedTuple

from core.demo.communities import COMMUNITIES
from core.people.rules.duplicates import Traits

PAIRS = 1000
# One name by the rules of the consulate, of the passport, of whoever heard it.
SPELLED: dict[str, tuple[str, ...]] = {
    "Mohamed": ("Mohammed", "Muhammad", "Mohamad", "Mouhamed"), "Youssef": ("Yusuf", "Yousef", "Youssouf"),
    "Hassan": ("Hasan", "Hassane"), "Khadija": ("Khadidja", "Hadija", "Khadijah"), "Fatima": ("Fatema", "Fatimah"),
    "Zineb": ("Zaynab", "Zeineb"), "Abdelilah": ("Abdellilah", "Abdulilah"), "Mehdi": ("Mahdi", "Mehdy"),
    "Khalid": ("Khaled", "Halid"), "Rachid": ("Rashid", "Rachide"), "Naima": ("Naiima", "Neima"),
    "Harpreet": ("Harprit", "Harpreeth"), "Gurpreet": ("Gurprit", "Gurpret"), "Jaswinder": ("Jasvinder", "Yaswinder"),
    "Manjit": ("Manjeet", "Mangit"), "Sukhdev": ("Sukdev", "Sukhdew"), "Kuldeep": ("Kuldip", "Kuldeap"),
    "Ayesha": ("Aisha", "Aysha"), "Hussain": ("Hussein", "Husain"), "Ahmed": ("Ahmad", "Ahmet"),
    "Oleksandr": ("Aleksandr", "Alexander"), "Serhii": ("Sergij", "Serhiy"), "Andrii": ("Andriy", "Andrij"),
    "Nataliia": ("Natalia", "Nataliya"), "Iryna": ("Irina", "Irena"), "Liudmyla": ("Ludmila", "Lyudmila"),
    "Svitlana": ("Svetlana", "Switlana"), "Halyna": ("Galina", "Galyna"), "Dmytro": ("Dmitro", "Dmitriy"),
    "Ousmane": ("Usman", "Osman"), "Cheikh": ("Sheikh", "Cheik"), "Aminata": ("Aminatta", "Aminatah"),
    "Ibrahima": ("Ibraima", "Ibrahime"), "Gheorghe": ("George", "Georghe"), "Mihai": ("Mihail", "Michai"),
    "Shevchenko": ("Sevcenko", "Chevtchenko"), "Kovalenko": ("Covalenco", "Kowalenko"), "Boyko": ("Boiko", "Bojko"),
    "Dervishi": ("Dervisci", "Dervisi"), "Hoxha": ("Hodja", "Hoxa"), "Gjoka": ("Gioka", "Djoka"),
    "Diouf": ("Diuf", "Dyouf"), "Gueye": ("Gueie", "Guye"), "Bouzidi": ("Buzidi", "Bouzydi"),
    "El Amrani": ("Elamrani", "El-Amrany"), "Tkachenko": ("Tkacenko", "Tkatchenko"), "Owusu": ("Ovusu", "Owussu"),
}  # fmt: skip


class Pair(NamedTuple):
    """Two sheets, whether they are of one person, and how the second came about."""

    one: Traits
    other: Traits
    same: bool
    how: str


def labelled_pairs(seed: int = 2026) -> list[Pair]:
    """Half of one person, half of two; every second pair of two is one that clerks do mix up."""
    rng = Random(seed)  # noqa: S311  made-up people
    ways = [*SAME, *TWO]
    pairs = []
    for place in range(PAIRS):
        how = ways[place % len(ways)]
        one = _person(rng)
        pairs.append(Pair(one, how(rng, one), how in SAME, how.__name__.strip("_")))
    return pairs


def _person(rng: Random) -> Traits:
    community = rng.choice(COMMUNITIES)
    sex = rng.choice("FM")
    names = community.women if sex == "F" else community.men
    surnames = (community.women_surnames or community.surnames) if sex == "F" else community.surnames
    born = date(1940, 1, 1) + timedelta(days=rng.randrange(29_000))
    phone = f"+3933{rng.randrange(10**8):08}"
    email = f"{rng.randrange(10**9)}@posta.example" if rng.random() < 0.5 else None
    return Traits(rng.choice(surnames), rng.choice(names), born, None, phone, email, sex)


def _changed(rng: Random, one: Traits, **changes: Any) -> Traits:
    """Another office's sheet: contacts are often missing or new, and sometimes the sex was not asked yet."""
    contacts = {"phone": rng.choice((one.phone, None, f"+3934{rng.randrange(10**8):08}")), "email": None}
    return one._replace(**(contacts | changes))


def typed_again(rng: Random, one: Traits) -> Traits:
    return _changed(rng, one)


def accents_and_capitals(rng: Random, one: Traits) -> Traits:
    plain = str.maketrans("ÇçëéèòàùìȘșȚțăâîñ’", "CceeeoauiSsTtaain'")
    return _changed(rng, one, surname=one.surname.translate(plain).upper(), name=one.name.translate(plain))


def names_swapped(rng: Random, one: Traits) -> Traits:
    return _changed(rng, one, surname=one.name, name=one.surname)


def a_slip_of_the_pen(rng: Random, one: Traits) -> Traits:
    name, other = rng.sample(("surname", "name"), 2)
    name = name if len(getattr(one, name)) > 3 else other
    text = getattr(one, name)
    place = rng.randrange(1, max(2, len(text) - 1))
    slips = (
        text[:place] + text[place + 1 :],
        text[:place] + text[place] + text[place:],
        text[: place - 1] + text[place : place - 2 if place > 1 else None : -1] + text[place + 1 :],
        text[:place] + rng.choice("aeilnorst") + text[place + 1 :],
    )
    return _changed(rng, one, **{name: rng.choice(slips)})


def two_slips(rng: Random, one: Traits) -> Traits:
    """One letter left out of each name."""
    surname, name = (text[:2] + text[3:] if len(text) > 4 else text for text in (one.surname, one.name))
    return _changed(rng, one, surname=surname, name=name)


def swapped_and_spelled(rng: Random, one: Traits) -> Traits:
    return names_swapped(rng, other_spelling(rng, one))


def other_spelling(rng: Random, one: Traits) -> Traits:
    changes = {what: rng.choice(SPELLED[getattr(one, what)]) for what in ("surname", "name")
               if getattr(one, what) in SPELLED}  # fmt: skip
    if changes:
        return _changed(rng, one, **changes)
    return _changed(rng, one, name=one.name.replace("y", "i").replace("w", "v").replace("k", "c"))


def second_name_left_out(rng: Random, one: Traits) -> Traits:
    return _changed(rng, one, name=f"{one.name} {rng.choice(('Maria', 'Pia', 'Giovanni', 'Grazia'))}")


def date_not_asked(rng: Random, one: Traits) -> Traits:
    return _changed(rng, one, birth_date=None)


def date_slipped(rng: Random, one: Traits) -> Traits:
    assert one.birth_date is not None
    born = one.birth_date
    if born.day <= 12 and born.day != born.month:
        return _changed(rng, one, birth_date=born.replace(month=born.day, day=born.month))
    year = born.year // 10 * 10 + (born.year + 3) % 10
    return _changed(rng, one, birth_date=born.replace(year=year, day=min(born.day, 28)))


def same_telephone(rng: Random, one: Traits) -> Traits:
    return one._replace(name=one.name[0] + ".", birth_date=None, email=None)


def _somebody(rng: Random, one: Traits) -> Traits:
    return _person(rng)


def _sibling(rng: Random, one: Traits) -> Traits:
    other = _person(rng)
    return other._replace(surname=one.surname, phone=rng.choice((one.phone, other.phone)))


def _twin(rng: Random, one: Traits) -> Traits:
    other = _sibling(rng, one)
    while other.name == one.name:
        other = _sibling(rng, one)
    return other._replace(birth_date=one.birth_date, surname=one.surname)


def _parent_with_the_same_telephone(rng: Random, one: Traits) -> Traits:
    other = _sibling(rng, one)
    assert one.birth_date is not None
    born = date(one.birth_date.year - rng.randrange(20, 40), rng.randrange(1, 13), rng.randrange(1, 29))
    return other._replace(birth_date=max(born, date(1900, 1, 1)), phone=one.phone)


def _same_name_of_another(rng: Random, one: Traits) -> Traits:
    return _person(rng)._replace(surname=one.surname, name=one.name, sex=one.sex)


def _same_day(rng: Random, one: Traits) -> Traits:
    return _person(rng)._replace(birth_date=one.birth_date)


def _same_given_name_and_day(rng: Random, one: Traits) -> Traits:
    return _person(rng)._replace(birth_date=one.birth_date, name=one.name, sex=one.sex)


def _grandchild_named_after(rng: Random, one: Traits) -> Traits:
    assert one.birth_date is not None
    born = date(min(2025, one.birth_date.year + rng.randrange(45, 70)), rng.randrange(1, 13), rng.randrange(1, 29))
    return _person(rng)._replace(surname=one.surname, name=one.name, sex=one.sex, birth_date=born)


def _namesake_with_a_code_of_their_own(rng: Random, one: Traits) -> Traits:
    return _person(rng)._replace(surname=one.surname, name=one.name, sex=one.sex, codice_fiscale="RSSMRA79B11C566R")


SAME = (
    typed_again, accents_and_capitals, names_swapped, a_slip_of_the_pen, a_slip_of_the_pen, other_spelling,
    other_spelling, second_name_left_out, date_not_asked, date_slipped, same_telephone, two_slips, swapped_and_spelled,
)  # fmt: skip
TWO = (
    _somebody, _somebody, _sibling, _twin, _parent_with_the_same_telephone, _same_name_of_another, _same_day,
    _same_given_name_and_day, _grandchild_named_after, _namesake_with_a_code_of_their_own, _somebody, _sibling, _twin,
)  # fmt: skip
