"""The files that commands read and write: what cannot be used is said before the work begins, not after it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click

from accredit.cli.house import refuse

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
FILE_OR_DASH = click.Path(exists=True, dir_okay=False, allow_dash=True, path_type=Path)


class NewFile(click.Path):
    """A file to write: not a folder, in a folder that is there and may be written to."""

    def __init__(self) -> None:
        super().__init__(dir_okay=False, writable=True, path_type=Path)

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """The path, or wrong usage."""
        path = Path(os.fsdecode(super().convert(value, param, ctx)))
        if not path.name:
            self.fail("give the name of a file", param, ctx)
        if not path.parent.is_dir():
            self.fail(f"there is no folder {path.parent}; make it first", param, ctx)
        if not os.access(path.parent, os.W_OK | os.X_OK):
            self.fail(f"nothing may be written into the folder {path.parent}", param, ctx)
        return path


NEW_FILE = NewFile()


def read_text(path: Path, what: str) -> str:
    """The text of a small file, or the end of the command with a sentence that says which file should be what."""
    return decoded(path.read_bytes(), f"{path}: this is not {what}")


def decoded(content: bytes, fault: str) -> str:
    """The bytes as UTF-8, or the end of the command."""
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        refuse(f"{fault}; the file is no text in UTF-8")


def read_text_or_dash(path: Path, what: str) -> str:
    """The same, also of the standard input."""
    with click.open_file(str(path), "rb") as file:
        return decoded(file.read(), f"{path}: this is not {what}")


def lines_of(path: Path) -> Iterator[str]:
    """The lines of a batch. One that is not UTF-8 comes as a character that no batch accepts, so that it fails alone."""
    with click.open_file(str(path), "rb") as file:
        for line in file:
            try:
                yield line.decode("utf-8")
            except UnicodeDecodeError:
                yield "\ufffd"


def write_private(path: Path, content: bytes) -> None:
    """Whole or not at all, and readable by its owner alone."""
    fresh = path.with_name(f"{path.name}.new")
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        file.write(content)
    fresh.replace(path)
