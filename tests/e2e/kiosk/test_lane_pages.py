"""A phone becomes a lane: the page for new tablets, the door with the PIN, the lane, and out again."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import closing

import pytest
from kiosk_site import PIN, KioskSite, folder_of
from playwright.sync_api import Browser, Error, Page, expect

from scanner.clock import system_clock
from scanner.gate_ca import make_gate_ca
from scanner.kiosk.camera import Camera
from scanner.kiosk.lane_serving import BehindLanes, LaneAddress, lane_address, serving_lanes
from scanner.kiosk.stations import Post


@pytest.fixture
def lanes(site: KioskSite) -> Iterator[LaneAddress]:
    """The lanes of this gate, at ports that the system chooses."""
    folder = lambda: folder_of(site.state, site.clock)  # noqa: E731
    with folder() as scanner:
        secret, entropy = scanner.device_secret, os.urandom
        make_gate_ca(scanner.trust, secret, title="Gate 1", hosts=[], entropy=entropy, now=system_clock())
    said: list[str] = []
    with closing(Camera(said.append)) as camera:
        here = (site.state, Post("1", "pregny"), site.address, said.append)
        with serving_lanes(BehindLanes(site.kiosk, camera, folder, *here), lane_address("127.0.0.1:0")) as at:
            yield at


@pytest.fixture
def tablet(browser: Browser) -> Iterator[Page]:
    """A phone that trusts the gate. Which certificates are trusted, and which not, the tests of the TLS itself say."""
    size = {"width": 390, "height": 844}
    context = browser.new_context(
        locale="en-GB", viewport=size, has_touch=True, is_mobile=True, ignore_https_errors=True
    )
    context.set_default_timeout(60_000)
    yield context.new_page()
    context.close()


def test_a_phone_becomes_a_lane(
    lanes: LaneAddress, site: KioskSite, tablet: Page, no_axe_violations: Callable[[Page], None]
) -> None:
    """Each mistake is said beside its field; a lane that another tablet is can be taken over; leaving shuts the door."""
    site.kiosk.stations.open(Post("2", "pregny", came_by="an earlier PIN"))
    tablet.goto(lanes.url("http", lanes.install_port))
    expect(tablet.get_by_text("This page came without protection")).to_be_visible()
    no_axe_violations(tablet)
    tablet.get_by_role("link", name="https://").click()
    no_axe_violations(tablet)

    tablet.get_by_label("Name of this lane").fill("1")
    tablet.get_by_label("Supervisor's PIN").fill("00000000")
    tablet.get_by_role("button", name="Come in").click()
    expect(tablet.get_by_role("alert")).to_have_text("The PIN is wrong.")
    expect(tablet.get_by_label("Supervisor's PIN")).to_be_focused()
    tablet.get_by_label("Supervisor's PIN").fill(PIN)
    tablet.get_by_role("button", name="Come in").click()
    expect(tablet.get_by_role("alert")).to_contain_text("the gate's own machine")
    tablet.get_by_label("Name of this lane").fill("2")
    tablet.get_by_label("Supervisor's PIN").fill(PIN)
    tablet.get_by_role("button", name="Come in").click()
    tablet.locator("#officer-number").fill("417")
    tablet.locator("#shift-dialog button[type=submit]").click()
    expect(tablet.locator("#officer")).to_have_text("417")
    expect(tablet.locator("#shift-dialog")).to_be_hidden()

    tablet.locator("#menu").click()
    tablet.on("dialog", lambda dialog: dialog.accept())
    tablet.get_by_role("button", name="Leave").click()
    expect(tablet.get_by_label("Name of this lane")).to_be_visible()


def test_a_browser_without_the_certificate_stops_before_the_door(lanes: LaneAddress, phone: Page) -> None:
    """Nobody types a PIN there."""
    with pytest.raises(Error, match="ERR_CERT_AUTHORITY_INVALID"):
        phone.goto(lanes.url("https", lanes.port))
