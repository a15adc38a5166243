"""From the command to a page that answers: the scanner's folder opened twice, the application, and cheroot before it."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable, Iterable
from contextlib import ExitStack, closing
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path

from cheroot.wsgi import Server
from flask import Blueprint

from scanner.kiosk.app import create_app
from scanner.kiosk.ca_pages import CaPlace, ca_blueprint
from scanner.kiosk.camera import Camera, camera_blueprint
from scanner.kiosk.channel import Channel
from scanner.kiosk.deciding import deciding
from scanner.kiosk.front import Front
from scanner.kiosk.lane_serving import BehindLanes, LaneAddress, certificate_of, serving_lanes
from scanner.kiosk.parts import Kiosk, Names, OpenFolder
from scanner.kiosk.pins import PinDoor, PinHolds
from scanner.kiosk.serial_readers import SerialReader
from scanner.kiosk.stations import Post, Stations
from scanner.kiosk.threads import OwnThread
from scanner.kiosk.watching import watching
from scanner.opening import CannotRun, opened
from scanner.sealing import PinSealed

HERE = "127.0.0.1"
_THREADS = 12


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the command was told: the post of this machine's own page, and the port."""

    state: Path
    post: Post
    port: int = 8765
    pin: str | None = field(default=None, repr=False)
    readers: tuple[Path, ...] = ()
    lanes: LaneAddress | None = None


def open_kiosk(
    folder: OpenFolder,
    state: Path,
    pin: str | None,
    channel: Channel | None = None,
    entropy: Callable[[int], bytes] = os.urandom,
) -> Kiosk:
    """The scanner behind the page, with the names open where the PIN was given. Raises CannotRun."""
    with folder() as scanner:
        scanner.refuse_if_switched_off()
        pins = PinDoor(partial(_seal_of, folder), scanner.device_secret, time.monotonic)
    names = Names(_roster_key(pins, pin))
    gate = OwnThread("gate", deciding(folder(), names.roster_key, entropy))
    try:
        watch = OwnThread("watch", watching(folder()))
    except BaseException:
        gate.close()
        raise
    return Kiosk(
        gate,
        watch,
        Stations(state / "kiosk.json", entropy),
        pins,
        names,
        channel or Channel("", is_open=False, seconds=time.monotonic),
    )


def first_checkpoint(folder: OpenFolder, named: str) -> str:
    """The checkpoint named, or the only one of this scanner; none where the supervisor has to choose. Raises CannotRun."""
    with folder() as scanner:
        own = scanner.enrolled.facts.checkpoints
        gate = scanner.gate(None)
        if not named and len(own) != 1:
            return ""
        return scanner.choose_checkpoint(named, gate)


def local_front(post: Post, port: int) -> Front:
    """The page of this machine: whoever sits at it stands at the post of the command."""
    hosts = frozenset({f"{HERE}:{port}", f"localhost:{port}"})
    return Front(hosts, newcomer=lambda: post, cookie=f"kiosk-{port}")


def make_server(kiosk: Kiosk, front: Callable[[int], Front], port: int, blueprints: Iterable[Blueprint] = ()) -> Server:
    """A server on 127.0.0.1, bound; `front` is told the port, which the system chooses for 0. Raises CannotRun."""
    server = Server((HERE, port), lambda _environ, _start: [], numthreads=_THREADS, server_name=HERE)
    try:
        server.prepare()
    except OSError as fault:
        raise CannotRun(
            f"--port: {port} cannot be used ({fault}). Is another kiosk running? Name a free one."
        ) from None
    bound = server.bind_addr[1]
    app = create_app(kiosk, front(bound))
    for blueprint in blueprints:
        app.register_blueprint(blueprint)
    server.wsgi_app = app
    return server


def folder_of(state: Path) -> OpenFolder:
    """Opens the state folder anew each time, as each thread has to."""
    return lambda: opened(state, os.environ)


def _seal_of(folder: OpenFolder) -> PinSealed | None:
    with folder() as scanner:
        return scanner.enrolled.roster


def _roster_key(pins: PinDoor, pin: str | None) -> bytes | None:
    if pin is None:
        return None
    checked = pins.check(pin)
    if not isinstance(checked, PinHolds):
        raise CannotRun("The PIN is wrong. Without any, this scanner works as well, and shows no organisation.")
    return checked.roster_key


def run(wanted: Wanted, say: Callable[[str], None]) -> None:
    """Serve the page until the process is told to end. Raises CannotRun before the first page, with the sentence."""
    folder = folder_of(wanted.state)
    post = replace(wanted.post, checkpoint=first_checkpoint(folder, wanted.post.checkpoint))
    channel = Channel(post.lane, is_open=bool(wanted.readers), seconds=time.monotonic)
    with closing(open_kiosk(folder, wanted.state, wanted.pin, channel)) as kiosk, ExitStack() as beside:
        camera = beside.enter_context(closing(Camera(say)))
        rooms = (
            camera_blueprint(camera),
            ca_blueprint(certificate_of(folder), _own_place(wanted.lanes), post.language),
        )
        server = make_server(kiosk, partial(local_front, post), wanted.port, rooms)
        beside.callback(server.stop)
        for device in wanted.readers:
            start_reader(device, kiosk, beside)
        signal.signal(signal.SIGTERM, signal.default_int_handler)
        here_url = f"http://{HERE}:{server.bind_addr[1]}/"
        say(f"The page of this lane: {here_url}")
        if wanted.lanes is not None:
            gate = BehindLanes(kiosk, camera, folder, wanted.state, post, here_url, say)
            beside.enter_context(serving_lanes(gate, wanted.lanes))
        try:
            server.serve()
        except KeyboardInterrupt:
            return
        finally:
            channel.close()
            server.stop()


def _own_place(lanes: LaneAddress | None) -> CaPlace:
    url = "" if lanes is None or not lanes.port else lanes.url("https", lanes.port)
    return CaPlace(is_here=True, is_tls=False, lanes_url=url, here_url="")


def start_reader(device: Path, kiosk: Kiosk, readers: ExitStack) -> None:
    """Read a serial device until `readers` is closed."""
    reader = SerialReader(device, kiosk.read_by_line, kiosk.reader_lost)
    readers.callback(reader.close)
    reader.start()
