"""The camera of a lane's page, before which real badges are held: the verdict stands in the page."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pytest
from badge_video import badges_of, held, nobody, write_y4m
from gate_simulator import GateSimulator
from kiosk_site import KioskSite, MovingClock, folder_of, serving
from playwright.sync_api import Browser, Page, expect

from accredit.credential.reasons import PassState
from scanner import journal
from scanner.kiosk.camera import Camera, camera_blueprint
from scanner.kiosk.stations import Post

pytestmark = pytest.mark.soak  # a video takes as long as it takes

_FRAMES_A_SECOND = 2
# Nobody for a second and a half, one badge for two seconds, nobody, the other badge, and again.
_EMPTY, _HELD = 3, 4


@pytest.fixture
def camera() -> Iterator[Camera]:
    """The decoder of the kiosk; whatever it has to say is wrong."""
    said: list[str] = []
    with closing(Camera(said.append)) as camera:
        yield camera
    assert said == []


@pytest.fixture
def site(simulator: GateSimulator, clock: MovingClock, camera: Camera, tmp_path: Path) -> Iterator[KioskSite]:
    """The page of lane 1 with a camera."""
    rooms = (camera_blueprint(camera),)
    with serving(tmp_path / "state", simulator, clock, Post("1", "pregny"), rooms=rooms) as site:
        yield site


@contextmanager
def filmed(browser: Browser, video: Path, **settings: Any) -> Iterator[Page]:
    """A page in a browser whose camera shows this video, over and over."""
    program = browser.browser_type.launch(
        executable_path=_program(),
        args=[
            "--no-sandbox",
            "--disable-dev-shm-usage",
            "--use-fake-ui-for-media-stream",
            "--use-fake-device-for-media-stream",
            f"--use-file-for-fake-video-capture={video}",
        ],
        timeout=180_000,
    )
    try:
        page = program.new_page(locale="en-GB", **settings)
        page.set_default_timeout(60_000)
        yield page
    finally:
        program.close()


def _program() -> str:
    import shutil

    found = shutil.which("chromium")
    assert found is not None  # the fixture `browser` skips where there is none
    return found


def test_badges_before_the_camera_are_scanned_once_each_time(
    site: KioskSite,
    camera: Camera,
    simulator: GateSimulator,
    browser: Browser,
    tmp_path: Path,
    no_axe_violations: Callable[[Page], None],
) -> None:
    """One is admitted, the withdrawn one refused; held for seconds, each is one scan; in dark and silence there is none."""
    good, bad = simulator.issue("DOE JANE"), simulator.issue("ROE RICHARD")
    simulator.change(bad, PassState.REVOKED)
    site.sync()
    first, second = badges_of([good, bad])
    shown = [(first, 3.0), (first, -8.0), (second, 5.0), (second, -4.0)]
    one, one_turned, other, other_turned = (held(badge, degrees) for badge, degrees in shown)
    empty = [nobody()] * _EMPTY
    frames = [*empty, *[one, one_turned] * (_HELD // 2), *empty, *[other, other_turned] * (_HELD // 2)]
    write_y4m(tmp_path / "badges.y4m", frames, a_second=_FRAMES_A_SECOND)
    loop_s = len(frames) / _FRAMES_A_SECOND

    with filmed(browser, tmp_path / "badges.y4m", viewport={"width": 1280, "height": 800}) as page:
        site.begin(page)
        page.keyboard.press("Insert")
        began = time.monotonic()
        expect(page.locator("#camera-view")).to_be_visible()
        admitted, refused = page.locator("#last li.admit"), page.locator("#last li.refuse")
        expect(admitted.first).to_contain_text("Doe Jane")
        expect(refused.first).to_contain_text("Roe Richard")
        expect(page.locator("#camera")).to_have_attribute("data-seen", "held")
        no_axe_violations(page)
        page.locator("#camera-button").click()
        expect(page.locator("#camera-view")).to_be_hidden()
        loops = (time.monotonic() - began) / loop_s + 1

    assert 2 <= camera.views.answers <= 2 * (loops + 1)
    with folder_of(site.state, site.clock) as scanner:
        scans = Counter(entry.serial for entry in journal.waiting(scanner.journal, 1000))
    assert set(scans) == {good.serial, bad.serial}


def test_a_browser_without_a_camera_says_so(site: KioskSite, laptop: Page) -> None:
    """The lane works on with reader and keyboard."""
    site.begin(laptop)
    laptop.locator("#camera-button").click()
    expect(laptop.locator("#camera-hint")).to_contain_text("Use the reader, or type the code")
    laptop.keyboard.press("Insert")
    expect(laptop.locator("#camera")).to_be_hidden()
