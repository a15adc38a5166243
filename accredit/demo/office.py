"""Before the day: lists, applications, screening, review, keys and devices."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from accredit.demo.applications import PANEL_BODIES, ZONE, Applicant, Applicants, Kind, Lists, write_import
from accredit.demo.people import Cast, Person
from accredit.demo.stage import Stage
from accredit.rendering.photos import stand_in_portrait

OFFICE_DAY = datetime(2017, 10, 5, 9, 0, tzinfo=ZONE)
_SEED = 20171011

# What the reviewer of the demonstration says to each kind of case that the rules left to a person.
_APPROVES = {
    Kind.NEAR_MISS: "a slip of the pen in the name; letter head and listed name agree",
    Kind.ACRONYM: "the letter head shows the full name",
    Kind.NHRI_B: "status B: admitted as partly compliant, after asking the organiser",
}


@dataclass
class Office:
    """The cast, their references, and what was decided."""

    stage: Stage
    applicants: list[Applicant]
    invited: list[tuple[Person, str, str]]
    cast: Cast
    references: dict[int, str] = field(default_factory=dict)
    login: str = ""
    taken: str = ""

    @classmethod
    def open(cls, stage: Stage, lists_folder: Path) -> Office:
        """The cast of this demonstration, and the files that they hand in."""
        cast = Cast(_SEED)
        made = Applicants(Lists.of(lists_folder), cast)
        return cls(stage, made.all(), made.invited, cast)

    def reference(self, applicant: Applicant) -> str:
        """The reference that the applicant was given."""
        return self.references[applicant.row]

    def of_kind(self, *kinds: Kind) -> list[Applicant]:
        """The applicants of these kinds whose application was taken."""
        return [one for one in self.applicants if one.kind in kinds and one.row in self.references]

    def draw_photos(self) -> Path:
        """The folder with a photo of everybody; drawn once."""
        photos = self.stage.folder / "photos"
        if not photos.exists():
            photos.mkdir()
            for one in self.applicants:
                (photos / one.fields["photo"]).write_bytes(stand_in_portrait(one.row))
        return photos

    def prepare(self) -> None:
        """Makes the state folder with event, DEMO keys and a staff account."""
        self.stage.set_clock(OFFICE_DAY)
        said = self.stage.accredit("init", "--demo")
        self.login = next(line for line in said.splitlines() if line.startswith("staff account"))

    def load_lists(self) -> None:
        """The lists that come along, and the organiser's invitations."""
        invitations = self._file(
            "invitations.csv", ("external_id", "name", "organisation", "country", "status"), self._invitations()
        )
        told = self.stage.accredit(
            *("lists", "import", "--shipped", "--list", "invitations", "--edition", "2017-10-02", str(invitations))
        )
        for line in told.splitlines():
            if " entries" in line:
                self.stage.say(f"  {line}")

    def _invitations(self) -> Iterable[Mapping[str, str]]:
        for number, (person, body, country) in enumerate(self.invited, 1):
            latin = " ".join((person.given_names, person.surname)).strip()
            yield {
                "external_id": f"INV-{number:02}",
                "name": latin,
                "organisation": body,
                "country": country,
                "status": "panellist" if number <= len(PANEL_BODIES) else "side event",
            }

    def take_in(self) -> None:
        """Imports the applications with their photos."""
        photos = self.draw_photos()
        file, references = self.stage.folder / "applications.csv", self.stage.folder / "references.csv"
        write_import(file, self.applicants)
        arguments = ("applications", "import", str(file), "--photos", str(photos), "--references", str(references))
        self.taken = self.stage.accredit(*arguments).strip()
        with references.open(encoding="utf-8", newline="") as lines:
            self.references = {int(row["row"]): row["reference"] for row in csv.DictReader(lines)}

    def screen(self) -> None:
        """The rules first."""
        _progress, *told = self.stage.accredit("screen", "--approve-clear").splitlines()
        for line in told:
            self.stage.say(f"  {line}")

    def review(self) -> None:
        """A person decides what the rules left open."""
        columns = ("reference", "action", "reason_staff", "reason_applicant", "waive")
        decisions = self._file("decisions.csv", columns, self._decisions())
        said = self.stage.accredit("review", "approve", "--batch", str(decisions))
        self.stage.say("  by a reviewer: " + said.strip().splitlines()[-1])

    def _decisions(self) -> Iterable[Mapping[str, str]]:
        for kind, reason in _APPROVES.items():
            for one in self.of_kind(kind):
                yield {"reference": self.reference(one), "action": "approve", "reason_staff": reason}
        late = self.of_kind(Kind.LATE_BY_A_DAY)
        for one in late[1:]:
            told = "Your application arrived after the last day to apply."
            yield {
                "reference": self.reference(one),
                "action": "refuse",
                "reason_staff": "late",
                "reason_applicant": told,
            }
        for one in late[:1]:
            reason = "the post of the mission was on strike: waived by the head of accreditation"
            yield {"reference": self.reference(one), "action": "approve", "reason_staff": reason, "waive": "deadline"}
        for one in self.of_kind(Kind.UNLISTED)[:9]:
            told = "Your organisation is on none of the lists of organisations in status or specially accredited."
            yield {
                "reference": self.reference(one),
                "action": "refuse",
                "reason_staff": "on no list, asked twice, no answer",
                "reason_applicant": told,
            }
        second = self.of_kind(Kind.TWICE)[1]
        told = "You applied twice; your other application goes on."
        yield {
            "reference": self.reference(second),
            "action": "refuse",
            "reason_staff": "the same person for two bodies; the first one counts",
            "reason_applicant": told,
        }

    def _file(self, name: str, columns: tuple[str, ...], rows: Iterable[Mapping[str, str]]) -> Path:
        path = self.stage.folder / name
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, columns, restval="")
            writer.writeheader()
            writer.writerows(rows)
        return path

    def write_lines(self, name: str, lines: Iterable[Mapping[str, object]]) -> Path:
        """A file of JSON lines in the folder."""
        path = self.stage.folder / name
        path.write_text("".join(json.dumps(line) + "\n" for line in lines), "utf-8")
        return path

    def write_rows(self, name: str, rows: Sequence[Mapping[str, str]]) -> Path:
        """A table in the folder; the first row names the columns of all."""
        return self._file(name, tuple(rows[0]), rows)
