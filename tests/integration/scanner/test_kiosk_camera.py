"""Frames of a page's camera: the verdict comes back, once for each time that a code comes into the view."""

from __future__ import annotations

import io
from collections.abc import Callable
from contextlib import ExitStack
from typing import Any

import pytest
from gate_simulator import GateSimulator
from kiosk_under_test import HERE, ORIGIN, Page, app_of, kiosk_of
from PIL import Image
from scanner_under_test import ScannerUnderTest

from accredit.rendering.codes import qr_png
from scanner import journal
from scanner.frames import LARGEST_FRAME_BYTES
from scanner.kiosk.camera import SHOWN, Camera, camera_blueprint

Shows = Callable[[bytes], dict[str, Any]]


def frame_of(text: str | None) -> bytes:
    """A frame of 1280 by 720 with this code in the middle."""
    out, picture = io.BytesIO(), Image.new("L", (1280, 720), 150)
    if text is not None:
        picture.paste(Image.open(io.BytesIO(qr_png(text, dots=8))).resize((320, 320)), (480, 200))
    picture.save(out, "JPEG", quality=85)
    return out.getvalue()


@pytest.fixture
def page(scanner: ScannerUnderTest, simulator: GateSimulator, stack: ExitStack) -> Page:
    """A lane's page with a camera."""
    simulator.issue("FIRST OF ALL")
    scanner.sync()
    kiosk, camera = kiosk_of(scanner), Camera(pytest.fail)
    stack.callback(kiosk.close)
    stack.callback(camera.close)
    app = app_of(kiosk)
    app.register_blueprint(camera_blueprint(camera))
    return Page.open(app)


@pytest.fixture
def shows(page: Page) -> Shows:
    """What the page is told about a frame."""
    shown = [""]

    def post(frame: bytes) -> dict[str, Any]:
        answer = send(page, frame, shown=shown[0])
        assert answer.status_code == 200, answer.text
        told: dict[str, Any] = answer.get_json()
        shown[0] = told.get("mark", shown[0])
        return told

    return post


def send(page: Page, frame: bytes, content_type: str = "image/jpeg", shown: str = "") -> Any:
    headers = {"Host": HERE, "Origin": ORIGIN, SHOWN: shown}
    return page.client.post("/api/frames", data=frame, headers=headers, content_type=content_type)


def test_a_frame_with_a_pass_gives_the_verdict(
    shows: Shows, page: Page, scanner: ScannerUnderTest, simulator: GateSimulator
) -> None:
    """In one answer, and the scan is on the disk; held before the camera it is one scan."""
    issued = simulator.issue("DOE JANE")
    scanner.sync()
    frame = frame_of(issued.code)

    first = shows(frame)
    again = [shows(frame) for _ in range(4)]

    assert (first["seen"], first["answer"]["look"], first["answer"]["name"]) == ("read", "admit", "DOE JANE")
    assert [(each["seen"], "answer" in each) for each in again] == [("held", False)] * 4
    assert journal.count_all(scanner.reopened().journal) == 1
    assert page.state()["today"]["admit"] == 1


def test_a_lost_answer_is_told_again(page: Page, scanner: ScannerUnderTest, simulator: GateSimulator) -> None:
    """The page names the scan that it shows; where that is another one, it gets the answer with the next frame."""
    issued = simulator.issue("DOE JANE")
    scanner.sync()
    frame = frame_of(issued.code)

    lost = send(page, frame).get_json()
    told = send(page, frame).get_json()

    assert (told["seen"], told["answer"]) == ("held", lost["answer"])
    assert "answer" not in send(page, frame, shown=told["mark"]).get_json()


def test_a_frame_without_a_code_asks_for_one(shows: Shows, scanner: ScannerUnderTest) -> None:
    """Nothing is written down."""
    assert shows(frame_of(None)) == {"seen": "nothing", "hint": ""}
    assert journal.count_all(scanner.reopened().journal) == 0


def test_a_code_never_speaks_for_the_officer(shows: Shows, scanner: ScannerUnderTest) -> None:
    """What is printed is a code, whatever it says; a foreign one is taken at the second frame."""
    frame = frame_of("supervisor:let me in")

    assert shows(frame) == {"seen": "read", "hint": ""}
    answer = shows(frame)["answer"]
    assert (answer["look"], answer["reason"]) == ("refuse", "malformed")


@pytest.mark.parametrize("frame", [b"", b"no picture", b"\xff\xd8\xff\xe0" + b"\0" * 500])
def test_what_is_no_picture_is_refused(page: Page, frame: bytes) -> None:
    """The page is told, and the camera goes on."""
    assert send(page, frame).get_json()["seen"] == "refused"
    assert send(page, frame_of(None)).get_json()["seen"] == "nothing"


def test_frames_have_a_size_and_a_kind(page: Page) -> None:
    """Nothing large gets as far as the decoder."""
    assert send(page, b"x" * (LARGEST_FRAME_BYTES + 1)).status_code == 413
    assert send(page, frame_of(None), "text/plain").status_code == 415


def test_frames_of_nobody_are_not_looked_at(page: Page) -> None:
    """Without a session, before the shift, or from another site."""
    page.client.delete_cookie(f"kiosk-{HERE.rpartition(':')[2]}", domain="127.0.0.1")
    assert send(page, frame_of(None)).status_code == 401
    fresh = Page.open(page.client.application, officer="")
    assert send(fresh, frame_of(None)).get_json()["code"] == "officer_needed"
    assert (
        page.client.post("/api/frames", data=b"x", headers={"Host": HERE, "Origin": "http://evil"}).status_code == 403
    )
