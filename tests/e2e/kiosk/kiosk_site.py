"""A kiosk for browsers: an enrolled scanner beside a simulated service, and its page on a real port."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

from flask import Blueprint
from gate_simulator import GateSimulator
from playwright.sync_api import Page, expect

from scanner.enrol import EnrolRequest, enrol
from scanner.enrolment import Enrolment
from scanner.kiosk.channel import Channel
from scanner.kiosk.front import Front
from scanner.kiosk.parts import Kiosk
from scanner.kiosk.serving import local_front, make_server, open_kiosk
from scanner.kiosk.stations import Post
from scanner.opening import OpenScanner, opened
from scanner.sealing import PinCost
from scanner.server import Server
from scanner.sync import Round, Sync

PIN = "20171011"
_CHEAP = PinCost(passes=1, memory_kib=8)
# A verdict stays until the test has seen it, however busy the machine.
_STAYS_S = (100_000, 100_000)


class MovingClock:
    """A clock that stands still until a test moves it."""

    def __init__(self, at: datetime) -> None:
        self.at = at

    def __call__(self) -> datetime:
        return self.at

    def passes(self, **span: float) -> None:
        """Let time pass."""
        self.at += timedelta(**span)


@dataclass
class KioskSite:
    """One scanner, its service, and its page at `address`."""

    state: Path
    simulator: GateSimulator
    clock: MovingClock
    kiosk: Kiosk
    address: str
    folder: Callable[[], object]

    def sync(self) -> Round:
        """One round with the service."""
        with folder_of(self.state, self.clock) as scanner:
            server = Server("http://127.0.0.1", scanner.secrets.token, self.simulator.transport())
            try:
                return Sync(scanner, server, entropy=os.urandom, say=lambda _: None).round()
            finally:
                server.close()

    def begin(self, page: Page, officer: str = "417") -> Page:
        """The page loaded and the shift begun."""
        page.goto(self.address)
        page.locator("#officer-number").fill(officer)
        page.locator("#shift-dialog button[type=submit]").click()
        expect(page.locator("#officer")).to_have_text(officer)
        expect(page.locator("#shift-dialog")).to_be_hidden()
        return page


@contextmanager
def folder_of(state: Path, clock: MovingClock) -> Iterator[OpenScanner]:
    """The folder as one thread opens it, by the test's clock."""
    with opened(state, {}) as found:
        yield replace(found, clock=clock)


@contextmanager
def serving(
    state: Path,
    simulator: GateSimulator,
    clock: MovingClock,
    post: Post,
    pin: str | None = PIN,
    *,
    listens: bool = False,
    rooms: Sequence[Blueprint] = (),
) -> Iterator[KioskSite]:
    """The page of a scanner that was enrolled and synced, until the test ends."""
    _enrol(state, simulator, clock)
    folder = lambda: folder_of(state, clock)  # noqa: E731
    site = KioskSite(state, simulator, clock, None, "", folder)  # type: ignore[arg-type]
    assert site.sync() is Round.DONE
    channel = Channel(post.lane, is_open=listens, seconds=time.monotonic)
    site.kiosk = open_kiosk(folder, state, pin, channel, os.urandom)
    server = make_server(site.kiosk, lambda port: _front(post, port), 0, rooms)
    site.address = f"http://127.0.0.1:{server.bind_addr[1]}/"
    thread = threading.Thread(target=server.serve, daemon=True)
    thread.start()
    try:
        yield site
    finally:
        channel.close()
        server.stop()
        thread.join(30)
        site.kiosk.close()


def _front(post: Post, port: int) -> Front:
    return replace(local_front(post, port), linger_s=_STAYS_S)


def _enrol(state: Path, simulator: GateSimulator, clock: MovingClock) -> None:
    server = Server("http://127.0.0.1", transport=simulator.transport())
    request = EnrolRequest("http://127.0.0.1", simulator.new_code(), "Gate 1", PIN, allow_demo=True)
    try:
        enrolled = enrol(state, request, server, os.urandom, clock=clock, cost=_CHEAP)
    finally:
        server.close()
    assert isinstance(enrolled, Enrolment), enrolled
