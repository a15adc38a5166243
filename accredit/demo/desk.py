"""The registration desk at Pregny: documents first, then badges."""

from __future__ import annotations

import csv
import random
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from accredit.demo.applications import ZONE, Applicant, Kind
from accredit.demo.documents import Flaw, document_of
from accredit.demo.office import Office
from accredit.demo.people import Person
from accredit.demo.stage import Stage

DESK_DAY = datetime(2017, 10, 10, 14, 0, tzinfo=ZONE)
_NO_SHOWS = 45
_OFFICER = "4711"
_STOPPED = re.compile(r"^ *line \d+, (\S+): (\w+):", re.MULTILINE)
# Who comes with a flawed document: which of the people in the queue, and the officer's word where one key settles it.
_FLAWED: Mapping[int, tuple[Flaw, str]] = {
    12: (Flaw.CARD, ""),
    19: (Flaw.CARD, ""),
    14: (Flaw.EXTRA_NAME, "second given name of the passport, same person"),
    21: (Flaw.EXTRA_NAME, ""),
    33: (Flaw.EXPIRED, ""),
    40: (Flaw.MISREAD, ""),
    57: (Flaw.OTHER_BIRTH_DATE, ""),
}


@dataclass(frozen=True, slots=True)
class Code:
    """What a badge carries: the signed text, and the short code below the bars."""

    reference: str
    short_code: str
    text: str


@dataclass
class Desk:
    """What the desk did: who came, what came out of the printer."""

    office: Office
    lot: random.Random = field(default_factory=lambda: random.Random(1108))
    codes: dict[str, Code] = field(default_factory=dict)
    came: list[Applicant] = field(default_factory=list)
    absent: list[Applicant] = field(default_factory=list)
    files: list[Path] = field(default_factory=list)
    stopped: dict[str, str] = field(default_factory=dict)
    replaced: int = 0
    paper: Path = Path()

    @property
    def collected(self) -> set[str]:
        """References of those to whom a pass was handed over."""
        return {self.office.reference(one) for one in self.came} - set(self.stopped)

    def open(self) -> None:
        """The afternoon before (`DESK_DAY`): most people come; some do not, some with a document that stops them."""
        batch = self.office.write_lines("pickups.jsonl", self._pickups())
        said = self.stage.accredit("desk", "collect", "--batch", str(batch)).strip()
        self.stopped = {match.group(1): match.group(2) for match in _STOPPED.finditer(said)}
        why = ", ".join(f"{count} {code}" for code, count in sorted(Counter(self.stopped.values()).items()))
        self.stage.say(f"  {said.splitlines()[-1]}: {why}")

    def _pickups(self) -> Iterator[dict[str, object]]:
        for place, one in enumerate(self._queue()):
            flaw, settled = _FLAWED.get(place, (Flaw.NONE, ""))
            self.came.append(one)
            yield {
                "reference": self.office.reference(one),
                "mrz": document_of(one.person, self.lot, flaw),
                "settled": settled,
            }

    def _queue(self) -> list[Applicant]:
        """Those who may hope for a pass, in the lot's order, without the last few, who do not come."""
        hopeful = self.office.of_kind(
            *(
                Kind.CLEAR,
                Kind.ALIAS,
                Kind.NEAR_MISS,
                Kind.SPECIAL,
                Kind.STATE,
                Kind.OBSERVER,
                Kind.PARLIAMENT,
                Kind.NHRI,
            ),
            *(Kind.HOLD, Kind.TWICE, Kind.LATE_BY_A_DAY),
        )
        self.lot.shuffle(hopeful)
        self.absent = hopeful[-_NO_SHOWS:]
        # Speakers and guests all come: the play needs them.
        return [*self.office.of_kind(Kind.INVITED), *hopeful[:-_NO_SHOWS]]

    def print_all(self) -> None:
        """Prints the badges of those who came, and of those who may still come: worth nothing until they do.

        With them the print pack, by which the desk works on when the server is gone.
        """
        output, codes, pack = (self.stage.folder / name for name in ("badges.pdf", "codes.csv", "print-pack.pdf"))
        printing = ("-o", str(output), "--codes", str(codes), "--pack", str(pack))
        said = self.stage.accredit("passes", "print", "--all", *printing)
        # A note on a single badge is indented; the audience wants the counts.
        counts = [line for line in said.splitlines() if line and not line.startswith(" ")]
        for line in counts:
            self.stage.say(f"  {line.replace(f'{self.stage.folder}/', '')}")
        self._keep(output, codes)
        self.files.append(pack)

    def hand_out_on_paper(self, clocks: Sequence[str]) -> list[Code]:
        """Without server: at each of these hours of 11 October one of those who had not come yet signs in the print pack."""
        waiting = [one for one in self.absent if self.office.reference(one) in self.codes]
        handed_out = list(zip(waiting, clocks, strict=False))
        rows = [
            {
                "reference": self.office.reference(one),
                "time": f"2017-10-11 {clock}",
                "officer": _OFFICER,
                "mrz": document_of(one.person, self.lot).replace("\n", "/"),
            }
            for one, clock in handed_out
        ]
        self.paper = self.office.write_rows("paper.csv", rows)
        return [self.codes[self.office.reference(one)] for one, _ in handed_out]

    def enter_paper(self) -> None:
        """What was written on paper is entered, now that the server is back."""
        self.stage.say("  " + self.stage.accredit("desk", "late-entry", str(self.paper)).strip())

    @property
    def stage(self) -> Stage:
        """Where the demonstration plays."""
        return self.office.stage

    def _keep(self, output: Path, codes: Path) -> None:
        self.files.append(output)
        with codes.open(encoding="utf-8", newline="") as file:
            self.codes |= {
                row["reference"]: Code(row["reference"], row["short_code"], row["code"]) for row in csv.DictReader(file)
            }
        codes.unlink()  # only the badges of the demonstration may carry them from here on

    def substitute(self, reference: str, person: Person, body: str) -> str:
        """Puts somebody else in a panellist's place, verifies the document, and prints the badge: the new reference."""
        row = {
            "surname": person.surname,
            "given_names": person.given_names,
            "birth_date": person.birth_date.isoformat(),
            "nationality": person.nationality,
            "email": "replacement@example.org",
            "organisation": body,
            "category": "invited",
        }
        table = self.office.write_rows("replacement.csv", [row])
        said = self.stage.accredit(
            "review", "substitute", reference, "--by", str(table), "--reason", "fell ill; the organiser wrote"
        )
        fresh = said.split()[0]
        output, codes = self.stage.folder / "badge-of-the-replacement.pdf", self.stage.folder / "codes.csv"
        printing = ("--print", str(output), "--codes", str(codes))
        self.stage.accredit("desk", "collect", fresh, "--mrz", "-", *printing, typed=document_of(person, self.lot))
        self._keep(output, codes)
        self.replaced += 1
        return fresh
