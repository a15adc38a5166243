"""Who stands where: each page has a session, and each session a post with checkpoint, lane, officer and direction.

Posts are kept in a file of the state folder, so that after a restart every lane goes on where it stood. Of the session's
token only a hash is kept.
"""

from __future__ import annotations

import hashlib
import json
import os
import threading
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from accredit.credential.reasons import Direction
from scanner.gate import Station

_TOKEN_BYTES = 24
MOST_POSTS = 200


@dataclass(frozen=True, slots=True)
class Post:
    """Where one page stands. No checkpoint: the supervisor has to choose one. No officer: the shift has not begun.

    `came_by` marks the PIN by which a lane came in over the network; it is empty for a page of this machine.
    """

    lane: str
    checkpoint: str = ""
    officer: str = ""
    direction: Direction = Direction.ENTRY
    language: str = "en"
    came_by: str = ""

    @property
    def station(self) -> Station:
        """The post as the gate knows it."""
        return Station(self.checkpoint, self.lane, self.officer, self.direction)

    @property
    def missing(self) -> str | None:
        """What has to be chosen before anything is decided here: the key of the sentence that asks for it."""
        if not self.checkpoint:
            return "checkpoint_needed"
        return None if self.officer else "officer_needed"


class Stations:
    """The posts of all pages, by session. Safe to be used by many threads."""

    def __init__(self, path: Path, entropy: Callable[[int], bytes]) -> None:
        self._path = path
        self._entropy = entropy
        self._lock = threading.Lock()
        self._posts = _load(path)

    def open(self, post: Post) -> str:
        """A new session at this post; its token goes into the page's cookie and nowhere else."""
        token = self._entropy(_TOKEN_BYTES).hex()
        self._keep(token, post)
        return token

    def find(self, token: str | None) -> Post | None:
        """The post of a session, or None for one that is unknown or was closed."""
        return None if token is None else self._posts.get(_hashed(token))

    def change(self, token: str, **changes: Any) -> Post:
        """The post with something new, from the next scan on. Raises KeyError for an unknown session."""
        with self._lock:
            post = replace(self._posts[_hashed(token)], **changes)
            self._save({**self._posts, _hashed(token): post})
        return post

    def close(self, token: str) -> None:
        """End a session; its page has to come in anew."""
        with self._lock:
            self._save({key: post for key, post in self._posts.items() if key != _hashed(token)})

    def close_lane(self, lane: str) -> None:
        """End the sessions that bear this name and came in over the network."""
        with self._lock:
            self._save({key: post for key, post in self._posts.items() if post.lane != lane or not post.came_by})

    def posts(self) -> tuple[Post, ...]:
        """All posts, to see which lanes there are."""
        return tuple(self._posts.values())

    def _keep(self, token: str, post: Post) -> None:
        with self._lock:
            self._save({**self._posts, _hashed(token): post})

    def _save(self, posts: dict[str, Post]) -> None:
        posts = self._posts = _newest(posts)
        fresh = self._path.with_suffix(".new")
        text = json.dumps({key: asdict(post) for key, post in posts.items()})
        try:
            with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
                file.write(text)
            fresh.replace(self._path)
        except OSError:
            return  # a full disk: the posts hold until the next start, and the scans say what is wrong


def _newest(posts: dict[str, Post]) -> dict[str, Post]:
    """At most as many posts as are ever needed: pages that were opened and never used go first, the oldest before."""
    idle = [key for key, post in posts.items() if not post.officer]
    used = [key for key, post in posts.items() if post.officer]
    gone = set([*idle, *used][: max(0, len(posts) - MOST_POSTS)])
    return {key: post for key, post in posts.items() if key not in gone}


def _load(path: Path) -> dict[str, Post]:
    """The posts of the last run; a file that is spoiled only means that the officers are asked once more."""
    try:
        kept = json.loads(path.read_text("utf-8"))
        return {key: Post(**{**told, "direction": Direction(told["direction"])}) for key, told in kept.items()}
    except (OSError, ValueError, TypeError, KeyError, AttributeError):
        return {}


def _hashed(token: str) -> str:
    return hashlib.sha256(token.encode(errors="replace")).hexdigest()
