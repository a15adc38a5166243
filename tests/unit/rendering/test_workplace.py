"""Photos on their way to the paper lie where nobody else can read them, and do not stay there."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from accredit.rendering.badges import render
from accredit.rendering.facts import BadgeFacts
from accredit.rendering.fonts import FontBook
from accredit.rendering.press import Press
from accredit.rendering.templates import Template
from accredit.rendering.workplace import PREFIX, put, workplace

_KILLED = """
import os, signal, sys
from pathlib import Path
from accredit.rendering.workplace import put, workplace
with workplace(Path(sys.argv[1])) as folder:
    put(folder / "pictures.bin", b"a face")
    os.kill(os.getpid(), signal.SIGKILL)
"""


def _aged(path: Path, *, seconds: int) -> Path:
    then = path.stat().st_mtime - seconds
    os.utime(path, (then, then))
    return path


def test_the_folder_is_its_owners_alone_and_goes(tmp_path: Path) -> None:
    """Mode 0700 for the folder, 0600 for each file in it, whatever the umask says."""
    before = os.umask(0)
    try:
        with workplace(tmp_path) as folder:
            put(folder / "pictures.bin", b"a face")
            assert folder.parent == tmp_path
            assert folder.stat().st_mode & 0o777 == 0o700
            assert (folder / "pictures.bin").stat().st_mode & 0o777 == 0o600
    finally:
        os.umask(before)
    assert list(tmp_path.iterdir()) == []


def test_a_killed_printing_is_cleaned_up_by_the_next_one_after_an_hour(tmp_path: Path) -> None:
    """No process cleans up behind its own SIGKILL; a folder younger than an hour may still be at work."""
    killed = subprocess.run([sys.executable, "-c", _KILLED, str(tmp_path)], check=False)
    assert killed.returncode == -signal.SIGKILL
    [left] = tmp_path.glob(f"{PREFIX}*")
    with workplace(tmp_path):
        assert left.exists()
    _aged(left, seconds=3700)
    with workplace(tmp_path):
        assert not left.exists()


def test_what_is_not_of_a_printing_stays(tmp_path: Path) -> None:
    """Other folders, files and links of that name are not ours to remove."""
    other, file = tmp_path / "badges-of-honour", tmp_path / f"{PREFIX}notes.txt"
    other.mkdir()
    file.touch()
    link = tmp_path / f"{PREFIX}link"
    link.symlink_to(other)
    for path in (other, file):
        _aged(path, seconds=7200)
    os.utime(link, (0, 0), follow_symlinks=False)
    with workplace(tmp_path):
        pass
    assert other.is_dir()
    assert file.exists()
    assert link.is_symlink()


def test_badges_are_laid_out_in_the_room_given(
    template: Template,
    bare: FontBook,
    facts: Callable[..., BadgeFacts],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The caller says where; every file of the layout is its owner's alone, and none is left."""
    modes: list[int] = []
    real = Press.printed

    def printed(press: Press, *args: object) -> list[bytes]:
        modes.extend(path.stat().st_mode & 0o777 for path in tmp_path.glob(f"{PREFIX}*/*"))
        return real(press, *args)  # type: ignore[arg-type]

    monkeypatch.setattr(Press, "printed", printed)
    rendered = render(template, [facts()], size="a6", fonts=bare, room=tmp_path)
    assert len(rendered.references) == 1
    assert set(modes) == {0o600}
    assert list(tmp_path.iterdir()) == []
