"""Different people at the desk, and what the benchmark of this room reports."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from benchmarks.identity import main
from benchmarks.made_pairs import strange_pairs


def _told(capsys: pytest.CaptureFixture[str], *arguments: str) -> dict[str, object]:
    assert main([*arguments, "--json"]) == 0
    told: dict[str, object] = json.loads(capsys.readouterr().out)
    return told


def test_nobody_is_green_with_the_document_of_another(capsys: pytest.CaptureFixture[str]) -> None:
    """Of 500 pairs, twins and father and son among them, every one is shown to an officer or stopped."""
    told = _told(capsys)
    assert (told["pairs_of"], told["green"]) == (500, 0)
    assert {pair.kind for pair in strange_pairs(500)} > {"twins", "twins cut alike", "father and son"}


def test_the_benchmark_judges_every_zone_right(capsys: pytest.CaptureFixture[str], shared_data: Path) -> None:
    """All 65, and says of three why they are refused although their digits hold."""
    told = _told(capsys, "--mrz", str(shared_data / "mrz" / "vectors.json"), "--pairs", "10")
    assert (told["mrz_right"], told["mrz_of"], told["mrz_wrong"]) == (65, 65, [])
    assert told["mrz_refused_though_digits_hold"].keys() == {"MRZ041", "MRZ074", "MRZ086"}  # type: ignore[attr-defined]


def test_the_benchmark_refuses_what_is_no_zone(capsys: pytest.CaptureFixture[str], shared_data: Path) -> None:
    """Entries without a verdict are expected to be refused."""
    told = _told(capsys, "--mrz", str(shared_data / "mrz" / "malformed.json"), "--pairs", "10")
    assert told["mrz_right"] == told["mrz_of"] == 27


def test_the_benchmark_counts_the_names(capsys: pytest.CaptureFixture[str], shared_data: Path) -> None:
    """One Latin pair of 98 does not agree: its zone holds the given names twice."""
    told = _told(capsys, "--names", str(shared_data / "names" / "native_vs_mrz.csv"), "--pairs", "10")
    assert (told["names_of"], told["names_agree"]) == (98, 97)
    assert told["names_differ"] == [{"row": 94, "native": "TAN", "mrz": "TAN<CHEN<CHEN", "kind": "spelling_variant"}]
