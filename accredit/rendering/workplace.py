"""The folder in which badges are laid out, photos and names among them: private, and gone afterwards.

A process that is killed cannot clean up behind itself; the next printing does. What is older than an hour by the file
system's own clock is no printing any more, which takes minutes.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory, gettempdir

PREFIX = "accredit-badges-"
"""How the names of these folders begin, so that a person knows them too."""

_AN_HOUR_S = 3600


@contextmanager
def workplace(room: Path | None = None) -> Iterator[Path]:
    """A new folder that nobody else may enter (0700), in `room` or in the system's folder for temporary files.

    Removes leftovers there first: folders of the same name and user that are older than an hour. Raises OSError where
    the folder cannot be made.
    """
    place = Path(gettempdir()) if room is None else room
    with TemporaryDirectory(prefix=PREFIX, dir=place, ignore_cleanup_errors=True) as made:
        folder = Path(made)
        _remove_leftovers(place, older_than=folder.stat().st_mtime - _AN_HOUR_S)
        yield folder


def put(path: Path, content: bytes) -> None:
    """Writes a file that its owner alone may read (0600)."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)


def _remove_leftovers(place: Path, *, older_than: float) -> None:
    for left in place.glob(f"{PREFIX}*"):
        if _is_leftover(left, older_than):
            shutil.rmtree(left, ignore_errors=True)


def _is_leftover(path: Path, older_than: float) -> bool:
    try:
        found = path.lstat()
    except OSError:
        return False  # another printing removed it
    is_folder = path.is_dir() and not path.is_symlink()
    return is_folder and found.st_uid == os.getuid() and found.st_mtime < older_than
