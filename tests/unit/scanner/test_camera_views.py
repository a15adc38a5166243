"""What stands before a camera: one code held there is one scan."""

from __future__ import annotations

import pytest

from scanner.frames import Seen, SeenKind
from scanner.kiosk.camera_texts import all_camera_texts, camera_text, hint
from scanner.kiosk.camera_views import GONE_FRAMES, GONE_S, UNWATCHED_S, Fresh, Held, Views
from scanner.kiosk.lane_texts import all_lane_texts

MINE, YOURS = Seen(SeenKind.READ, "SEP1:MINE"), Seen(SeenKind.READ, "SEP1:YOURS")
POSTER = Seen(SeenKind.READ, "https://example.org/")
EMPTY = Seen(SeenKind.NOTHING)


class Camera:
    """A camera with ten frames a second."""

    def __init__(self) -> None:
        self.at = 100.0
        self.views = Views(lambda: self.at)

    def sees(self, seen: Seen, page: str = "page") -> Fresh | Held | None:
        self.at += 0.1
        return self.views.take(page, seen)


@pytest.fixture
def camera() -> Camera:
    return Camera()


def test_a_code_that_is_held_is_one_scan(camera: Camera) -> None:
    """However long, and with frames between that show nothing of it."""
    assert camera.sees(MINE) == Fresh("SEP1:MINE")
    for number in range(300):
        assert camera.sees(EMPTY if number % 3 else MINE) in (Held(None), None)


def test_a_code_that_left_and_came_back_is_another_scan(camera: Camera) -> None:
    """Some frames without it, over a second."""
    assert camera.sees(MINE) == Fresh("SEP1:MINE")
    for _ in range(GONE_FRAMES):
        camera.sees(EMPTY)
    assert camera.sees(MINE) == Held(None)
    for _ in range(round(GONE_S * 10) + 1):
        camera.sees(Seen(SeenKind.UNCLEAR))
    assert camera.sees(MINE) == Fresh("SEP1:MINE")


def test_a_slow_camera_does_not_scan_a_held_code_again(camera: Camera) -> None:
    """Seconds between frames say nothing about what left the view."""
    assert camera.sees(MINE) == Fresh("SEP1:MINE")
    camera.at += 20
    assert camera.sees(MINE) == Held(None)
    camera.sees(EMPTY)
    camera.at += 20
    assert camera.sees(MINE) == Held(None)
    camera.at += UNWATCHED_S
    assert camera.sees(MINE) == Fresh("SEP1:MINE")


def test_frames_that_nobody_looked_at_do_not_count(camera: Camera) -> None:
    """Superseded, refused or lost frames neither show nor miss a code."""
    assert camera.sees(MINE) == Fresh("SEP1:MINE")
    for kind in (SeenKind.SUPERSEDED, SeenKind.NO_DECODER, SeenKind.REFUSED) * 10:
        assert camera.sees(Seen(kind)) is None
    assert camera.sees(MINE) == Held(None)


def test_the_next_code_is_the_next_scan(camera: Camera) -> None:
    """Passes follow each other without a pause, and one may come back."""
    assert [camera.sees(seen) for seen in (MINE, YOURS, YOURS, MINE)] == [
        Fresh("SEP1:MINE"), Fresh("SEP1:YOURS"), Held(None), Fresh("SEP1:MINE")]  # fmt: skip


def test_a_foreign_code_has_to_be_there_twice(camera: Camera) -> None:
    """Noise that reads like a code is not there in the next frame."""
    assert camera.sees(POSTER) is None
    assert camera.sees(EMPTY) is None
    assert camera.sees(POSTER) is None
    assert camera.sees(POSTER) == Fresh(POSTER.text)
    assert camera.sees(POSTER) == Held(None)


def test_each_page_has_its_own_view(camera: Camera) -> None:
    """Two lanes may see one pass; the gate tells them apart."""
    assert camera.sees(MINE, "one") == Fresh("SEP1:MINE")
    assert camera.sees(MINE, "two") == Fresh("SEP1:MINE")


def test_an_answer_is_kept_while_the_code_is_held(camera: Camera) -> None:
    """Should it have been lost on its way; never for another code."""
    camera.sees(MINE)
    answer = camera.views.answered("page", MINE.text, {"id": "1"})
    assert camera.sees(MINE) == Held(answer)
    marks = {camera.views.answered(page, text, {}).mark for page, text in (("page", YOURS.text), ("nobody", MINE.text))}
    assert answer.mark not in marks
    assert camera.sees(MINE) == Held(answer)
    camera.sees(YOURS)
    assert camera.sees(YOURS) == Held(None)


def test_pages_that_went_away_are_forgotten(camera: Camera) -> None:
    """The memory stays small."""
    for number in range(500):
        camera.sees(MINE, f"page {number}")
    assert camera.sees(MINE, "page 0") == Fresh("SEP1:MINE")
    assert camera.sees(MINE, "page 499") == Held(None)


def test_every_sentence_is_in_both_languages() -> None:
    """And the two differ, but for words that are the same."""
    for key, (english, french) in (all_camera_texts() | all_lane_texts()).items():
        assert english, key
        assert french, key
        assert english != french, key
    assert camera_text("torch", "fr") == "Lampe"
    assert "nearer" in hint(SeenKind.TOO_SMALL, "en")
    assert hint(SeenKind.NOTHING, "en") == ""
