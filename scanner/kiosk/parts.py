"""What the kiosk's requests work with, made once by `serving` and handed to every front."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field, replace
from typing import Any
from uuid import UUID

from flask import Flask

from scanner.kiosk.answers import spoken, told
from scanner.kiosk.channel import Channel
from scanner.kiosk.deciding import Decider
from scanner.kiosk.fields import Decidable
from scanner.kiosk.front import Front
from scanner.kiosk.pins import PinDoor
from scanner.kiosk.stations import Post, Stations
from scanner.kiosk.threads import OwnThread
from scanner.kiosk.watching import Watcher
from scanner.offers import read_code
from scanner.opening import OpenScanner
from scanner.outcomes import NotReady

OpenFolder = Callable[[], AbstractContextManager[OpenScanner]]
_KEY = "accredit-kiosk"


@dataclass(slots=True)
class Names:
    """The key to names and photos, once the PIN was given; for all lanes of this machine."""

    roster_key: bytes | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Kiosk:
    """The scanner behind all fronts: the deciding thread, the watching one, the posts, the PIN and the names.

    `on_paper` counts, for each lane, the scans that the disk refused since the program was started.
    """

    gate: OwnThread[Decider]
    watch: OwnThread[Watcher]
    stations: Stations
    pins: PinDoor
    names: Names
    channel: Channel
    on_paper: Counter[tuple[str, str]] = field(default_factory=Counter)
    _counting: threading.Lock = field(default_factory=threading.Lock, repr=False)

    def decide(self, offers: Sequence[Decidable], post: Post, scan_id: UUID | None = None) -> dict[str, Any]:
        """What the page shows for an offer made at this post, read in one way or another; the scan is on the disk."""
        found = self.gate.do(lambda decider: decider.answer_first(offers, post, scan_id))
        answer = found.said
        if isinstance(answer, NotReady) and answer.is_unwritten:
            answer = replace(answer, on_paper=self._count_on_paper(post))
        has_names = self.names.roster_key is not None
        return told(answer, found.offer, post.language, found.zone, has_names=has_names, hours=found.hours)

    def _count_on_paper(self, post: Post) -> int:
        """The number under which a scan goes on this lane's own sheet."""
        here = post.checkpoint, post.lane
        with self._counting:
            self.on_paper[here] += 1
            return self.on_paper[here]

    def state(self, post: Post) -> dict[str, Any]:
        """The strip, the counters and the last scans, as this post sees them."""
        on_paper, key = self.on_paper[post.checkpoint, post.lane], self.names.roster_key
        seen = self.watch.do(lambda watcher: watcher.seen(post, on_paper, key))
        if seen.get("off") and key is not None:
            self._open_names(None)  # what was forgotten on the disk is forgotten here, too
        here = {"lane": post.lane, "checkpoint": post.checkpoint, "officer": post.officer}
        return seen | here | {"direction": post.direction.value, "names": self.names.roster_key is not None}

    def unlock(self, roster_key: bytes) -> None:
        """Show names and photos from now on, at every lane."""
        self._open_names(roster_key)

    def _open_names(self, roster_key: bytes | None) -> None:
        self.names.roster_key = roster_key
        self.gate.do(lambda decider: decider.gate.open_names(roster_key))

    def read_by_line(self, text: str) -> None:
        """What a serial reader of this machine read, decided at the post of the page that listens to it."""
        post = self.stations.find(self.channel.token) if self.channel.has_listener else None
        if post is None:
            return
        missing = post.missing
        if missing is not None:
            self.channel.put(spoken(missing, post.language))
            return
        self.channel.put(self.decide((read_code(text),), post))

    def reader_lost(self, device: str) -> None:
        """Say on the page that a serial reader cannot be read."""
        post = self.stations.find(self.channel.token)
        self.channel.put(spoken("reader_lost", post.language if post else "en", device=device))

    def close(self) -> None:
        """End both threads and close their databases."""
        self.channel.close()
        self.gate.close()
        self.watch.close()


@dataclass(frozen=True, slots=True)
class Parts:
    """The scanner as one front sees it."""

    kiosk: Kiosk
    front: Front

    @property
    def stations(self) -> Stations:
        """The posts of all pages."""
        return self.kiosk.stations


def keep_parts(app: Flask, parts: Parts) -> None:
    """Give the parts to an application."""
    app.extensions[_KEY] = parts


def parts_of(app: Flask) -> Parts:
    """The parts of an application."""
    found: Parts = app.extensions[_KEY]
    return found
