"""Are documents read and people told apart? `python -m benchmarks.identity --mrz FILE --names FILE --json`.

Zones: each is judged as its file says (check digits hold, do not hold, no ICAO layout, or not a zone at all). A zone
whose digits hold and which is refused all the same is named with the cause. Names: whether the native spelling agrees
with the zone's after normalising, counted for Latin letters; other scripts apart. Strangers: made-up pairs of different
people, each judged as the desk judges, with a passport, a card and a larger card; none may be green.
"""

from __future__ import annotations

import argparse
import csv
import json
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from accredit.identity.documents import AppliedPerson, Colour, check_document
from accredit.identity.french_card import is_french_card
from accredit.identity.mrz import Mrz, MrzFault, parse_mrz
from accredit.identity.mrz_checks import bad_check_digits
from accredit.identity.mrz_layout import Layout
from accredit.identity.mrz_lines import find_layout, read_lines
from accredit.identity.names import NameAgreementKind, PersonalName, compare_names
from accredit.identity.specimens import Specimen, build_td1, build_td2, build_td3
from benchmarks.made_pairs import Person, StrangePair, strange_pairs

_DAY = date(2017, 10, 11)
_ALPHABET = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789<")
_BUILDERS = (build_td3, build_td1, build_td2)


def main(arguments: Sequence[str] | None = None) -> int:
    """Judge and print."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.identity", description=__doc__)
    parser.add_argument("--mrz", type=Path, action="append", default=[], help="JSON of zones; may be given twice")
    parser.add_argument("--names", type=Path, help="CSV with native_name, mrz_name and script")
    parser.add_argument("--pairs", type=int, default=500, help="pairs of different people to make up")
    parser.add_argument("--json", action="store_true", help="print JSON instead of lines of text")
    asked = parser.parse_args(arguments)
    told = _zones(asked.mrz) if asked.mrz else {}
    told |= _names(asked.names) if asked.names else {}
    told |= _strangers(strange_pairs(asked.pairs))
    print(json.dumps(told, ensure_ascii=False) if asked.json else _as_text(told))
    return 0


def _zones(files: Iterable[Path]) -> dict[str, object]:
    zones = [zone for file in files for zone in json.loads(file.read_text("utf-8"))]
    wrong, refused = [], {}
    for number, zone in enumerate(zones, start=1):
        name = str(zone.get("id", f"entry {number}"))
        text = "\n".join(zone["lines"]) if "lines" in zone else str(zone["text"])
        expected, found = str(zone.get("verdict", "refused")), _verdict(text)
        if not (expected == found or (expected == "refused" and not isinstance(parse_mrz(text, today=_DAY), Mrz))):
            wrong.append({"id": name, "expected": expected, "found": found})
        causes = _other_causes(text)
        if found == "check_digits_ok" and causes:
            refused[name] = causes
    return {
        "mrz_of": len(zones),
        "mrz_right": len(zones) - len(wrong),
        "mrz_wrong": wrong,
        "mrz_refused_though_digits_hold": refused,
    }


def _verdict(text: str) -> str:
    """What the check digits say, whatever else is wrong with the zone."""
    lines = read_lines(text)
    layout = find_layout(lines)
    if not isinstance(layout, Layout) or not _ALPHABET.issuperset("".join(lines)):
        return "refused"
    if layout.line_count == 2 and layout.width == 36 and is_french_card(lines):
        return "non_icao_layout"
    return "check_digit_wrong" if bad_check_digits(layout, lines) else "check_digits_ok"


def _other_causes(text: str) -> list[str]:
    outcome = parse_mrz(text, today=_DAY)
    if isinstance(outcome, Mrz):
        return []
    return [f"{problem.field}: {problem.code}" for problem in outcome.problems if problem.code != MrzFault.CHECK_DIGIT]


def _names(file: Path) -> dict[str, object]:
    with file.open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    agreeing: Counter[str] = Counter()
    differing = []
    for number, row in enumerate(rows, start=2):
        kind = compare_names(PersonalName(row["native_name"]), PersonalName(row["mrz_name"].replace("<", " "))).kind
        agreeing[row["script"]] += kind is NameAgreementKind.EXACT
        if kind is not NameAgreementKind.EXACT and row["script"] == "LATIN":
            differing.append({"row": number, "native": row["native_name"], "mrz": row["mrz_name"], "kind": kind.value})
    counted = Counter(row["script"] for row in rows)
    return {
        "names_of": counted["LATIN"],
        "names_agree": agreeing["LATIN"],
        "names_differ": differing,
        "names_other_scripts": {one: f"{agreeing[one]} of {counted[one]}" for one in counted if one != "LATIN"},
    }


def _strangers(pairs: Iterable[StrangePair]) -> dict[str, object]:
    """Each pair counts by the mildest answer that one of three documents gets for it."""
    colours: Counter[Colour] = Counter()
    greens: Counter[str] = Counter()
    for pair in pairs:
        colour = min((_judged(pair, build) for build in _BUILDERS), key=list(Colour).index)
        colours[colour] += 1
        greens[pair.kind] += colour is Colour.GREEN
    told: dict[str, object] = {colour.value: colours[colour] for colour in Colour}
    return {
        "pairs_of": colours.total(),
        **told,
        "green_kinds": {kind: count for kind, count in greens.items() if count},
    }


def _judged(pair: StrangePair, build: Callable[[Specimen], str]) -> Colour:
    mrz = parse_mrz(build(_document(pair.holder)), today=_DAY)
    assert isinstance(mrz, Mrz), "the builder makes zones that can be read"
    return check_document(_application(pair.applied), mrz, on=_DAY).colour


def _document(holder: Person) -> Specimen:
    return Specimen(holder.surname, holder.given_names, holder.born, holder.state, "L898902C3", date(2022, 4, 15), "F")


def _application(person: Person) -> AppliedPerson:
    return AppliedPerson(person.surname, person.given_names, person.born, person.state)


def _as_text(told: dict[str, Any]) -> str:
    return "\n".join(f"{name:32}{value}" for name, value in told.items())


if __name__ == "__main__":
    sys.exit(main())
