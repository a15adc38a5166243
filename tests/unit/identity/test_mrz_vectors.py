"""The room against zones and words that others collected; skipped where the folder of real data is missing."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

from identity_specimens import HEARING, read, refuse

from accredit.identity import states
from accredit.identity.mrz import Mrz, MrzFault, check_digit, parse_mrz
from accredit.identity.names import NameAgreementKind, PersonalName, compare_names
from accredit.identity.transliteration import alternatives, to_mrz_spelling
from accredit.identity.two_spellings import spellings_disagree

# Right check digits over what ICAO does not allow: nationalities that are no code, digits in a name.
NOT_ICAO = {
    "MRZ041": {MrzFault.UNKNOWN_STATE},
    "MRZ086": {MrzFault.UNKNOWN_STATE},
    "MRZ074": {MrzFault.BAD_CHARACTER},
}

# Rows of the table that are not ICAO's: it puts the Macedonian KJ beside the plain K, and Arabic by another system.
NOT_IN_9303 = {"К", "к"}


def _vectors(shared_data: Path) -> list[dict[str, Any]]:
    vectors: list[dict[str, Any]] = json.loads((shared_data / "mrz" / "vectors.json").read_text("utf-8"))
    return vectors


def _rows(file: Path) -> list[dict[str, str]]:
    with file.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def test_zones_with_right_check_digits_are_taken(shared_data: Path) -> None:
    """Every ICAO zone of the collection reads, but for three that no State printed so."""
    for vector in _vectors(shared_data):
        if vector["verdict"] != "check_digits_ok":
            continue
        result = parse_mrz("\n".join(vector["lines"]), today=HEARING)
        faults = set() if isinstance(result, Mrz) else {problem.code for problem in result.problems}
        assert faults == NOT_ICAO.get(vector["id"], set()), vector["id"]


def test_zones_with_wrong_check_digits_are_refused_for_them(shared_data: Path) -> None:
    """Each fails on a field that the collection says is wrong."""
    named = {
        "document_number": "document number",
        "birth_date": "birth date",
        "expiry_date": "expiry date",
        "composite": "overall check digit",
    }
    for vector in _vectors(shared_data):
        if vector["verdict"] != "check_digit_wrong":
            continue
        wrong = {named[field] for field, holds in vector["check_digits"].items() if not holds}
        found = {problem.field for problem in refuse("\n".join(vector["lines"])).problems}
        assert found
        assert found <= wrong | {"birth date", "expiry date"}, vector["id"]


def test_french_cards_are_read_in_their_own_layout(shared_data: Path) -> None:
    """The collection calls them no ICAO layout, which they are not; their own check digits hold."""
    cards = [vector for vector in _vectors(shared_data) if vector["verdict"] == "non_icao_layout"]
    assert [read("\n".join(card["lines"])).surname for card in cards] == ["BERTHIER", "PETE"]


def test_the_long_numbers_are_those_of_another_reader(shared_data: Path) -> None:
    """Where the collection says that a number is longer than nine, it comes out longer than nine."""
    for vector in _vectors(shared_data):
        result = parse_mrz("\n".join(vector["lines"]), today=HEARING)
        if vector["document_number_longer_than_9"] and isinstance(result, Mrz):
            assert len(result.document_number) > 9, vector["id"]


def test_malformed_texts_are_refused(shared_data: Path) -> None:
    """Half zones, driving licences and lone lines: all refused, none raises."""
    for entry in json.loads((shared_data / "mrz" / "malformed.json").read_text("utf-8")):
        assert refuse(entry["text"]).problems


def test_check_digits_of_the_icao_examples(shared_data: Path) -> None:
    """The quoted examples of Doc 9303-3 Appendix A."""
    for example in json.loads((shared_data / "mrz" / "icao_check_digit_examples.json").read_text("utf-8")):
        assert check_digit(example["input"]) == example["check_digit"]


def test_every_listed_state_code_is_known(shared_data: Path) -> None:
    """The list of codes that a zone may carry holds none that we refuse."""
    unknown = [
        row["code"]
        for row in _rows(shared_data / "states" / "icao_mrz_state_codes.csv")
        if not states.is_known(row["code"])
    ]
    assert unknown == []


def test_latin_and_cyrillic_letters_are_spelled_as_the_table_has_them(shared_data: Path) -> None:
    """Every row of the two tables is the recommended spelling or one that section 6 allows."""
    wrong = [
        (row["table"], row["character"])
        for row in _rows(shared_data / "names" / "icao_character_table.csv")
        if row["table"].startswith(("latin", "cyrillic")) and row["character"] not in NOT_IN_9303
        if not _is_spelled(row["character"], row["transliteration"])
    ]
    assert wrong == []


def test_real_names_agree_with_their_zone(shared_data: Path) -> None:
    """At least 95 of 100 Latin pairs, and every Cyrillic one, agree exactly."""
    pairs = _rows(shared_data / "names" / "native_vs_mrz.csv")
    shares = {}
    for script in ("LATIN", "CYRILLIC"):
        ours = [pair for pair in pairs if pair["script"] == script]
        shares[script] = sum(_agrees(pair["native_name"], pair["mrz_name"]) for pair in ours) / len(ours)
    assert shares["LATIN"] >= 0.95
    assert shares["CYRILLIC"] == 1.0


def test_no_real_name_disagrees_with_its_own_zone(shared_data: Path) -> None:
    """Nobody is asked why native and Latin spelling are two names where they are one."""
    pairs = _rows(shared_data / "names" / "native_vs_mrz.csv")
    asked = [pair for pair in pairs if spellings_disagree(pair["native_name"], "", pair["mrz_name"], "")]
    assert asked == []


def test_scripts_without_a_table_are_never_called_equal(shared_data: Path) -> None:
    """Greek and Georgian names wait for the Latin spelling; an Arabic one by ear cannot be compared either."""
    for pair in _rows(shared_data / "names" / "native_vs_mrz.csv"):
        if pair["script"] in {"GREEK", "GEORGIAN", "ARABIC"}:
            agreement = compare_names(PersonalName(pair["native_name"]), PersonalName(pair["mrz_name"]))
            assert agreement.kind != NameAgreementKind.EXACT


def _is_spelled(letter: str, spelling: str) -> bool:
    return spelling.upper() in ({to_mrz_spelling(letter)} | alternatives(letter))


def _agrees(native: str, zone: str) -> bool:
    document = PersonalName(zone.replace("<", " "))
    return compare_names(PersonalName(native), document).kind is NameAgreementKind.EXACT
