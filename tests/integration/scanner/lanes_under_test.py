"""The lanes of a gate over real TLS, and tablets that trust its authority."""

from __future__ import annotations

import ssl
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, field
from typing import Any

import httpx
from kiosk_under_test import folder_of, kiosk_of
from scanner_under_test import PIN, ScannerUnderTest

from scanner.clock import system_clock
from scanner.gate_ca import GateCa, make_gate_ca
from scanner.kiosk.camera import Camera
from scanner.kiosk.lane_serving import BehindLanes, LaneAddress, lane_address, serving_lanes
from scanner.kiosk.parts import Kiosk
from scanner.kiosk.stations import Post

HOST = "127.0.0.1"
HERE = Post("1", "pregny")


class Seconds:
    """A clock that stands still until a test moves it."""

    def __init__(self) -> None:
        self.at = 1000.0

    def __call__(self) -> float:
        return self.at


@dataclass
class Tablet:
    """One tablet: its browser's cookies, and whether it trusts the gate."""

    url: str
    client: httpx.Client

    def come_in(self, lane: str, pin: str = PIN, **more: Any) -> httpx.Response:
        """The door's form, sent."""
        return self.post("lanes", lane=lane, pin=pin, **more)

    def begin(self, lane: str, **more: Any) -> Tablet:
        """In, and the shift begun."""
        assert self.come_in(lane, **more).status_code == 200
        assert self.post("shift", officer="417").status_code == 200
        return self

    def post(self, path: str, **told: Any) -> httpx.Response:
        """What the page's script posts."""
        return self.client.post(f"/api/{path}", json=told, headers={"Origin": self.url})

    def offer(self, code: str) -> dict[str, Any]:
        """The answer to a code."""
        answer = self.post("offers", kind="code", readings=[code])
        assert answer.status_code == 200, answer.text
        told: dict[str, Any] = answer.json()
        return told

    def sees_the_door(self) -> bool:
        """Whether its page is the door, not the lane."""
        return 'id="lane-form"' in self.client.get("/").text


@dataclass
class LanesUnderTest:
    """A gate that serves lanes."""

    kiosk: Kiosk
    at: LaneAddress
    authority: GateCa
    said: list[str]
    seconds: Seconds
    _stack: ExitStack = field(repr=False)

    @property
    def url(self) -> str:
        return f"https://{HOST}:{self.at.port}"

    def trusting(self) -> ssl.SSLContext:
        """A tablet's trust once the authority is installed."""
        return ssl.create_default_context(cadata=self.authority.pem.decode())

    def tablet(self, verify: ssl.SSLContext | bool | None = None) -> Tablet:
        """A tablet that trusts this gate, unless told."""
        client = httpx.Client(base_url=self.url, verify=self.trusting() if verify is None else verify, timeout=60)
        return Tablet(self.url, self._stack.enter_context(client))


@contextmanager
def lanes_of(scanner: ScannerUnderTest) -> Iterator[LanesUnderTest]:
    """Serve the lanes of this scanner at ports that the system chooses."""
    device = scanner.reopened()
    authority = make_gate_ca(
        device.trust,
        device.device_secret,
        title="Gate 1",
        hosts=[],
        entropy=scanner.simulator.entropy,
        now=system_clock(),
    )
    with ExitStack() as stack:
        kiosk = kiosk_of(scanner, None)
        stack.callback(kiosk.close)
        said: list[str] = []
        camera = stack.enter_context(closing(Camera(said.append)))
        seconds = Seconds()
        here = (scanner.state, HERE, "http://127.0.0.1:8765/", said.append, seconds)
        gate = BehindLanes(kiosk, camera, lambda: folder_of(scanner), *here)
        serving = serving_lanes(gate, lane_address(f"{HOST}:0"))
        at = stack.enter_context(serving)
        yield LanesUnderTest(kiosk, at, authority, said, seconds, stack)
