"""What people bring to the desk: the lines of their passport, right or with a flaw."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import date, timedelta
from enum import StrEnum

from accredit.demo.people import Person
from accredit.identity.specimens import Specimen, build_td1, build_td3


class Flaw(StrEnum):
    """What is wrong, or merely different, with a document."""

    NONE = "none"
    CARD = "identity card"
    EXTRA_NAME = "one more given name"
    EXPIRED = "expired"
    MISREAD = "one character misread"
    OTHER_BIRTH_DATE = "another birth date"


def document_of(person: Person, lot: random.Random, flaw: Flaw = Flaw.NONE) -> str:
    """The machine-readable lines of this person's document."""
    specimen = Specimen(
        surname=person.latin_surname or person.surname,
        given_names=person.latin_given_names or person.given_names,
        birth_date=person.birth_date,
        nationality=person.nationality,
        document_number=f"X{lot.randrange(10**7, 10**8)}",
        expires_on=date(2019, 1, 1) + timedelta(days=lot.randrange(2000)),
    )
    match flaw:
        case Flaw.CARD:
            return build_td1(specimen)
        case Flaw.EXTRA_NAME:
            return build_td3(replace(specimen, given_names=f"{specimen.given_names} Alexis"))
        case Flaw.EXPIRED:
            return build_td3(replace(specimen, expires_on=date(2017, 9, 30)))
        case Flaw.OTHER_BIRTH_DATE:
            return build_td3(replace(specimen, birth_date=person.birth_date + timedelta(days=400)))
        case Flaw.MISREAD:
            lines = build_td3(specimen).splitlines()
            wrong = "1" if lines[1][3] != "1" else "2"
            return "\n".join((lines[0], lines[1][:3] + wrong + lines[1][4:]))
        case _:
            return build_td3(specimen)
