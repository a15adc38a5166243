"""What happens on 11, 12 and 13 October, scene by scene."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from subprocess import Popen

from accredit.demo.applications import Applicant, Kind
from accredit.demo.desk import Code, Desk
from accredit.demo.gate import Gate
from accredit.demo.office import Office
from accredit.demo.stage import SceneFailed, Stage


@dataclass
class Days:
    """The run of the three days."""

    stage: Stage
    office: Office
    desk: Desk
    gate: Gate
    service: Popen[str]
    inside: list[Code] = field(default_factory=list)
    ahead: list[Code] = field(default_factory=list)
    speakers: list[Applicant] = field(default_factory=list)

    def hearing_morning(self) -> None:
        """11 October, 08:30: the queue at Pregny, on two lanes; then the door of Room XIX."""
        gate = self.gate
        gate.at(11, "08:30")
        gate.settle()
        self._sort_codes()
        half = len(self.inside) // 2
        first, rest = self.inside[0], self.inside[1:]
        self._two_lanes_at_once(first)
        gate.pass_in_together({"gate 1": rest[:half], "gate 2": rest[half:]})
        self._impostors()
        gate.at(11, "09:45")
        gate.settle()
        gate.pass_in("xix", self.inside[: half + 20])
        self._at_the_doors()

    def _sort_codes(self) -> None:
        """Whose pass is active, as the desk says it; the others were printed ahead and wait."""
        collected = self.desk.collected
        # In the order of the applications: references are drawn by lot, and the play is the same at every run.
        codes = [self.desk.codes[one] for one in self.office.references.values() if one in self.desk.codes]
        self.inside = [code for code in codes if code.reference in collected]
        self.ahead = [code for code in codes if code.reference not in collected]

    def _two_lanes_at_once(self, code: Code) -> None:
        """One pass at two lanes in the same moment: one is let in, the other is told where it was just read."""
        answers = self.gate.both(code)
        told = sorted(f"{one['verdict']}/{one['reason']}" for one in answers)
        if told != ["admit/ok", "ask/read_elsewhere"]:
            raise SceneFailed(f"one pass at two lanes at once was answered with {' and '.join(told)}")
        for lane, answer in enumerate(answers, 1):
            self.gate.scenes.append((f"One pass at two lanes at once: lane {lane}", answer))

    def _impostors(self) -> None:
        gate, genuine = self.gate, self.inside[1]
        body = genuine.text
        changed = body[:60] + ("A" if body[60] != "A" else "B") + body[61:]
        gate.show("A forged code: one character changed", "gate 1", changed, "refuse/bad_signature")
        gate.show("A code of something else", "gate 1", "https://example.org/ticket/81723", "refuse/malformed")
        confirmation = f"SEC1:{genuine.reference}"
        gate.show("The confirmation instead of the pass", "gate 2", confirmation, "refuse/confirmation_not_pass")
        gate.show("A pass printed ahead and never collected", "gate 2", self.ahead[0].text, "refuse/not_collected")
        gate.show("The short code, typed", "gate 1", self.inside[2].short_code, "ask/unsigned_code")
        gate.show("A delegate with a grounds pass, by sight", "gate 2", "sight:delegate", "admit/by_sight")

    def _at_the_doors(self) -> None:
        gate, genuine = self.gate, self.inside[1]
        guest = next(code for code in self.inside if code.reference in self._side_events())
        gate.show("A guest of a side event at the hearing", "xix", guest.text, "refuse/no_grant")
        gate.show("Room XX, which opens tomorrow", "xx", genuine.text, "ask/closed_now")
        number = self.office.of_kind(Kind.GROUNDS_PASS)[0].fields["grounds_pass_number"]
        gate.show("A grounds pass known at the door", "xix", f"grounds:{number}", "admit/ok")

    def _side_events(self) -> set[str]:
        return {
            self.office.reference(one)
            for one in self.office.of_kind(Kind.INVITED)
            if one.fields["category"] == "side-event"
        }

    def replacement(self) -> None:
        """09:50: a panellist fell ill and another takes the place; meanwhile somebody reports a pass as stolen.

        Neither of the old passes opens anything any more; the gate knows within seconds.
        """
        gate = self.gate
        gate.at(11, "09:50")
        speakers = [one for one in self.office.of_kind(Kind.INVITED) if one.fields["category"] == "invited"]
        collected = {code.reference: code for code in self.inside}
        ill = next(one for one in speakers if self.office.reference(one) in collected)
        old = collected[self.office.reference(ill)]
        self.inside.remove(old)
        stolen = self.inside.pop(3)
        with ThreadPoolExecutor(1) as cloakroom:
            revoking = cloakroom.submit(self._revoke, stolen)
            fresh = self.desk.substitute(old.reference, self.office.cast.draw(), ill.fields["organisation"])
            revoking.result()
        gate.at(11, "10:05")  # a list of before the revocation is of before this minute
        gate.settle()
        new = self.desk.codes[fresh]
        gate.show("The replacement of a panellist, 15 minutes after the call", "gate 1", new.text, "admit/ok")
        gate.show("The same at the door", "xix", new.text, "admit/ok")
        gate.show("The pass of the panellist who was replaced", "gate 2", old.text, "refuse/revoked")
        gate.show("A pass that was reported stolen", "gate 1", stolen.text, "refuse/revoked")
        self.inside.append(new)

    def _revoke(self, code: Code) -> None:
        self.stage.accredit("passes", "revoke", code.reference, "--reason", "reported stolen at the cloakroom")

    def afternoon_without_service(self) -> None:
        """14:30: twenty minutes without the service. The gate goes on deciding, the desk hands out passes on paper."""
        gate = self.gate
        gate.at(11, "14:30")
        gate.settle()
        self.stage.stop(self.service)
        before = len(gate.seen)
        gate.show("Back from lunch, the service is down", "gate 1", self.inside[4].text, "admit/ok")
        gate.pass_in("gate 1", self.inside[5:45])
        gate.pass_in("xix", self.inside[:60])
        made, waiting = len(gate.seen) - before, gate.held_back()
        if waiting != made:
            raise SceneFailed(f"{made} scans were made without the service, and {waiting} wait on the scanners")
        on_paper = self.desk.hand_out_on_paper(("14:33", "14:38", "14:46"))
        gate.show(
            "Handed out on paper, which the gate cannot know yet", "gate 2", on_paper[0].text, "refuse/not_collected"
        )
        gate.at(11, "14:50")
        self.service = self.stage.serve()
        self.desk.enter_paper()
        gate.settle()
        self.stage.say(f"  the service was away; {waiting} scans waited on the scanners and were handed in afterwards")
        for code in on_paper:
            gate.show("Handed out on paper, entered when the server was back", "gate 2", code.text, "admit/ok")

    def thematic_session(self) -> None:
        """12 and 13 October: the same pass opens Room XX."""
        gate = self.gate
        for day in (12, 13):
            gate.at(day, "09:20")
            gate.settle()
            gate.pass_in_together({"gate 1": self.inside[:50], "gate 2": self.inside[50:80]})
            gate.pass_in("xx", self.inside[:70])  # nobody is at the door before he is through the gate
        gate.show("Room XIX on the third day", "xix", self.inside[0].text, "ask/closed_now")
