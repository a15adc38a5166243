"""Who stands where: sessions of the kiosk's pages, kept for the next start."""

from __future__ import annotations

import random
from pathlib import Path

from scanner.kiosk.stations import MOST_POSTS, Post, Stations


def _stations(path: Path) -> Stations:
    return Stations(path, random.Random(1).randbytes)


def test_a_post_is_known_by_its_token_alone(tmp_path: Path) -> None:
    """And after a restart as well; a closed one is not."""
    stations = _stations(tmp_path / "kiosk.json")
    token = stations.open(Post("1", "pregny"))
    stations.change(token, officer="417")

    again = Stations(tmp_path / "kiosk.json", random.Random(2).randbytes)

    assert again.find(token) == Post("1", "pregny", "417")
    assert again.find("0" * 48) is None
    again.close(token)
    assert again.find(token) is None
    assert _stations(tmp_path / "kiosk.json").posts() == ()


def test_pages_that_were_never_used_make_room(tmp_path: Path) -> None:
    """However many are opened: the officer who began a shift first keeps the post."""
    stations = _stations(tmp_path / "kiosk.json")
    token = stations.open(Post("1", "pregny"))
    stations.change(token, officer="417")

    for number in range(MOST_POSTS + 20):
        stations.open(Post(f"{number}"))

    assert stations.find(token) == Post("1", "pregny", "417")
    assert len(stations.posts()) == MOST_POSTS


def test_a_spoiled_file_only_means_that_the_officers_are_asked_again(tmp_path: Path) -> None:
    """Whatever stands in it."""
    path = tmp_path / "kiosk.json"
    for spoiled in (
        "",
        "[]",
        "{",
        '{"a": 1}',
        '{"a": {"lane": "1", "direction": "up"}}',
        '{"a": {"direction": "entry"}}',
    ):
        path.write_text(spoiled)
        assert _stations(path).posts() == ()


def test_a_full_disk_does_not_stop_the_shift(tmp_path: Path) -> None:
    """The post holds until the next start."""
    stations = _stations(tmp_path / "gone" / "kiosk.json")
    token = stations.open(Post("1"))
    assert stations.find(token) == Post("1")
