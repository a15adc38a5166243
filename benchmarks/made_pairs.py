"""Pairs of different people, made up, for `benchmarks/identity.py`: one has applied, the other one holds out a document.

The dangerous ones outweigh the rest: twins, father and son of one name, names a letter apart, people whose names agree
as far as a zone has room. Seeds are fixed, so that two runs judge the same pairs.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from random import Random

_SURNAMES = (
    "Müller", "Nguyễn", "García Márquez", "O'Neill", "Öztürk", "Kuznetsova", "Abdul Rahman", "van der Berg", "Kim",
    "Okonkwo", "Silva Santos", "Kierkegård", "Haddad", "Novák", "Dupont-Leroy", "Yılmaz", "Łukasiewicz", "Tan",
    "Papadopoulou", "Þórsdóttir", "Mbeki", "Castañeda", "Ionescu", "Kaya", "D'Angelo", "Szabó", "Rakotomalala", "Li",
)  # fmt: skip
_GIVEN = (
    "Anna", "Jean-Pierre", "Maria", "Mohammed", "Élodie", "John", "Thi Minh", "José Luis", "Fatou", "Ian", "Søren",
    "Aïcha", "Björn", "Carlos Eduardo", "Wei", "Priya", "Oluwaseun", "Žofia", "Ali", "Zoë", "Grace", "Ngozi", "Ana",
)  # fmt: skip
# Names that a hurried eye, or a score, takes for one.
_NEAR_GIVEN = (
    ("Maria", "Marta"), ("John", "Jane"), ("Ali", "Alia"), ("Anna", "Anne"), ("Jean", "Joan"), ("Carlos", "Carla"),
    ("Mohamed", "Mohamad"), ("Ivan", "Ivana"), ("Eric", "Erica"), ("Li", "Lin"), ("Daniel", "Daniela"), ("Wei", "Wen"),
)  # fmt: skip
_NEAR_SURNAMES = (
    ("Kuznetsov", "Kuznetsova"), ("Meier", "Maier"), ("Nowak", "Novak"), ("Hansen", "Hanson"), ("Lee", "Li"),
    ("Johnson", "Johnston"), ("Rodrigues", "Rodríguez"), ("Smith", "Smyth"), ("Schmid", "Schmidt"), ("Diallo", "Dialo"),
)  # fmt: skip
# As long as the names of a card or of a passport, and longer.
_LONG_SURNAMES = (
    "Papandropoulos-Konstantinidou", "Mendes Esteves Nogueira Carvalho", "Wolfeschlegelsteinhausenberger",
    "Andriamanantenasoa Rakotonirina Ravelomanantsoa", "Sirisena Wickramasinghe Mudiyanselage",
)  # fmt: skip
_STATES = ("CHE", "FRA", "D", "KEN", "VNM", "BRA", "TUR", "SWE", "PHL", "MEX", "IND", "GBR")


@dataclass(frozen=True, slots=True)
class Person:
    """What tells a person apart at the desk."""

    surname: str
    given_names: str
    born: date
    state: str


@dataclass(frozen=True, slots=True)
class StrangePair:
    """Who applied, and who stands there; `kind` says what makes them look alike."""

    kind: str
    applied: Person
    holder: Person


def strange_pairs(count: int, *, seed: int = 71280) -> Iterator[StrangePair]:
    """So many pairs of different people, every kind equally often."""
    random = Random(seed)
    kinds = tuple(_KINDS)
    for number in range(count):
        kind = kinds[number % len(kinds)]
        yield StrangePair(kind, *_KINDS[kind](random))


Pair = tuple[Person, Person]


def _person(random: Random) -> Person:
    born = date(random.randint(1940, 1999), random.randint(1, 12), random.randint(1, 28))
    return Person(random.choice(_SURNAMES), random.choice(_GIVEN), born, random.choice(_STATES))


def _strangers(random: Random) -> Pair:
    return _person(random), _person(random)


def _twins(random: Random) -> Pair:
    one = _person(random)
    other = random.choice([name for name in _GIVEN if name != one.given_names])
    return one, replace(one, given_names=other)


def _twins_with_names_in_common(random: Random) -> Pair:
    one = _person(random)
    first, second = random.sample([name for name in _GIVEN if name != one.given_names], 2)
    return replace(one, given_names=f"{one.given_names} {first}"), replace(
        one, given_names=f"{one.given_names} {second}"
    )


def _twins_of_near_names(random: Random) -> Pair:
    one, (given, other) = _person(random), random.choice(_NEAR_GIVEN)
    return replace(one, given_names=given), replace(one, given_names=other)


def _twins_cut_alike(random: Random) -> Pair:
    one, surname = _person(random), random.choice(_LONG_SURNAMES)
    given, other = random.choice(_NEAR_GIVEN)
    return replace(one, surname=surname, given_names=given), replace(one, surname=surname, given_names=other)


def _father_and_son(random: Random) -> Pair:
    one = _person(random)
    return one, replace(one, born=one.born.replace(year=one.born.year - random.randint(20, 40)))


def _of_one_birthday(random: Random) -> Pair:
    one, other = _person(random), _person(random)
    surname = random.choice([name for name in _SURNAMES if name != one.surname])
    return one, replace(other, surname=surname, born=one.born, state=one.state)


def _near_surnames(random: Random) -> Pair:
    one, (surname, other) = _person(random), random.choice(_NEAR_SURNAMES)
    return replace(one, surname=surname), replace(one, surname=other)


def _a_day_apart(random: Random) -> Pair:
    one = _person(random)
    return one, replace(one, born=one.born.replace(day=one.born.day % 28 + 1))


def _spouses(random: Random) -> Pair:
    one, other = _person(random), _person(random)
    given = random.choice([name for name in _GIVEN if name != one.given_names])
    return one, replace(other, surname=one.surname, given_names=given, state=one.state)


_KINDS: dict[str, Callable[[Random], Pair]] = {
    "strangers": _strangers,
    "twins": _twins,
    "twins with names in common": _twins_with_names_in_common,
    "twins of near names": _twins_of_near_names,
    "twins cut alike": _twins_cut_alike,
    "father and son": _father_and_son,
    "one birthday": _of_one_birthday,
    "near surnames": _near_surnames,
    "a day apart": _a_day_apart,
    "spouses": _spouses,
}
