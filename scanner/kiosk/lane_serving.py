"""Serving the other lanes of a gate: TLS before the same application, and beside it the page for new tablets."""

from __future__ import annotations

import os
import platform
import re
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from cheroot.wsgi import Server
from cryptography import x509
from flask import Flask

from scanner.clock import system_clock
from scanner.gate_ca import (
    GateCa,
    as_address,
    ca_problem,
    ca_warning,
    is_host_name,
    known_certificate,
    load_gate_ca,
    machine_names,
)
from scanner.kiosk.app import create_app
from scanner.kiosk.ca_pages import CaPlace, ca_blueprint, create_install_app
from scanner.kiosk.camera import Camera, camera_blueprint
from scanner.kiosk.lane_pages import add_lanes, lane_front
from scanner.kiosk.lane_tls import LaneTls
from scanner.kiosk.lanes import Lanes
from scanner.kiosk.parts import Kiosk, OpenFolder
from scanner.kiosk.stations import Post
from scanner.opening import CannotRun

_THREADS = 24
_QUIET_S = 15


class _QuietServer(Server):
    """Broken handshakes are the network's weather: whoever knocks at a port would fill the screen."""

    def error_log(self, msg: str = "", level: int = 20, traceback: bool = False) -> None:
        """Say nothing."""


@dataclass(frozen=True, slots=True)
class LaneAddress:
    """Where the lanes are served: the address that tablets call, its port, and the port of the page for new tablets."""

    host: str
    port: int
    install_port: int

    def url(self, scheme: str, port: int) -> str:
        """The address as a browser takes it."""
        return f"{scheme}://{_in_url(self.host)}:{port}/"


def lane_address(text: str) -> LaneAddress:
    """The ADDRESS:PORT of the command. Raises CannotRun with what is wrong with it."""
    found = re.fullmatch(r"\[([0-9a-f:.]+)\]:(\d{1,5})|([^:\[\]]+):(\d{1,5})", text.strip().lower())
    host, port = ("", "") if found is None else (found[1] or found[3], found[2] or found[4])
    address = as_address(host)
    if not host or int(port) > 65_534 or (address is None and not is_host_name(host)):
        raise CannotRun(f"--lanes: {text!r} is no ADDRESS:PORT, such as 192.168.7.20:8443.")
    if address is not None and address.is_unspecified:
        raise CannotRun(f"--lanes: {host} stands for every address. Name the one that the tablets call.")
    return LaneAddress(host, int(port), int(port) + 1 if int(port) else 0)


@dataclass(frozen=True, slots=True)
class BehindLanes:
    """What stands behind the lanes: the gate with its camera's decoder, its folder, and this machine's own post and page.

    `seconds` is a clock that never goes back, for the pauses after a wrong PIN.
    """

    kiosk: Kiosk
    camera: Camera
    folder: OpenFolder
    state: Path
    here: Post
    here_url: str
    say: Callable[[str], None]
    seconds: Callable[[], float] = time.monotonic


@contextmanager
def serving_lanes(gate: BehindLanes, asked: LaneAddress) -> Iterator[LaneAddress]:
    """Serve the lanes while the body runs; the address says which ports were bound. Raises CannotRun."""
    authority, hosts = _authority(gate.folder, asked.host, system_clock())
    with _bound(asked.host, asked.port) as tls, _bound(asked.host, asked.install_port) as install:
        at = LaneAddress(asked.host, tls.bind_addr[1], install.bind_addr[1])
        place = CaPlace(is_here=False, is_tls=False, lanes_url=at.url("https", at.port), here_url=gate.here_url)
        tls.ssl_adapter = LaneTls(authority, hosts, gate.state, os.urandom, system_clock)
        tls.wsgi_app = _lanes_app(gate, hosts, at, replace(place, is_tls=True))
        install.wsgi_app = create_install_app(certificate_of(gate.folder), place, gate.here.language)
        with _running(tls), _running(install):
            gate.say(f"New tablets begin at {at.url('http', at.install_port)}")
            gate.say(f"Lanes are at {at.url('https', at.port)} Fingerprint of the CA: {authority.fingerprint}")
            warning = ca_warning(authority.certificate, system_clock())
            if warning is not None:
                gate.say(warning)
            yield at


def certificate_of(folder: OpenFolder) -> Callable[[], x509.Certificate | None]:
    """Looks up the certificate of the gate's authority."""

    def look_up() -> x509.Certificate | None:
        with folder() as scanner:
            return known_certificate(scanner.trust)

    return look_up


def _authority(folder: OpenFolder, host: str, now: datetime) -> tuple[GateCa, tuple[str, ...]]:
    with folder() as scanner:
        found = load_gate_ca(scanner.trust, scanner.device_secret)
    if found is None:
        raise CannotRun("This scanner has no CA for its lanes. Make one with: accredit-scanner gate-ca --new")
    problem = ca_problem(found.certificate, [host], now)
    if problem is not None:
        raise CannotRun(problem)
    names = (name for name in machine_names(platform.node()) if ca_problem(found.certificate, [name], now) is None)
    return found, tuple(dict.fromkeys([host, *names]))


def _lanes_app(gate: BehindLanes, hosts: tuple[str, ...], at: LaneAddress, place: CaPlace) -> Flask:
    named = {f"{_in_url(host)}:{at.port}" for host in hosts}
    if at.port == 443:
        named |= {_in_url(host) for host in hosts}
    app = create_app(gate.kiosk, lane_front(frozenset(named), gate.here.language))
    add_lanes(app, Lanes(gate.kiosk, gate.folder, gate.here, gate.seconds, gate.say))
    app.register_blueprint(camera_blueprint(gate.camera))
    app.register_blueprint(ca_blueprint(certificate_of(gate.folder), place, gate.here.language))
    return app


@contextmanager
def _bound(host: str, port: int) -> Iterator[Server]:
    server = _QuietServer(
        (host, port), lambda _environ, _start: [], numthreads=_THREADS, server_name=host, timeout=_QUIET_S
    )
    try:
        server.prepare()
    except OSError as fault:
        raise CannotRun(
            f"--lanes: {host}, port {port} cannot be used ({fault}). Is it a free port of this machine?"
        ) from None
    try:
        yield server
    finally:
        server.stop()


@contextmanager
def _running(server: Server) -> Iterator[None]:
    thread = threading.Thread(target=server.serve, name="lanes", daemon=True)
    thread.start()
    try:
        yield
    finally:
        server.stop()
        thread.join()


def _in_url(host: str) -> str:
    return f"[{host}]" if ":" in host else host
