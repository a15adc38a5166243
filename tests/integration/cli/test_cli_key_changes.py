"""Keys that end, and withdrawn passes as a picture: the commands, and what they leave behind."""

from __future__ import annotations

import io
from datetime import UTC, datetime
from pathlib import Path

import pytest
import zxingcpp
from factories.commands import Commands
from PIL import Image

BEFORE = datetime(2017, 9, 20, 9, 0, tzinfo=UTC)


@pytest.fixture
def server(tmp_path: Path) -> Commands:
    """A server with the keys of a demonstration, whose root lies in the same state."""
    commands = Commands(tmp_path / "server")
    commands.folder.mkdir()
    commands.set_clock(BEFORE)
    commands.well("init", "--demo")
    return commands


def _import(server: Commands, name: str) -> str:
    """The root's part, and the import: the key set in use is the previous one."""
    keys = server.state / "keys"
    root = (keys / "root.pub").read_text("ascii").strip()
    signed = (keys / "keyset.b64").read_text("ascii").strip()
    (server.folder / "last.txt").write_text(f"accredit key set\nroot {root}\nsigned {signed}\n", "ascii")
    sign = ("keys", "sign", "--root", str(keys / "root-0.key"), "--previous", "last.txt", "-o", f"set-{name}", name)
    server.well(*sign)
    return server.well("keys", "import", f"set-{name}")


def test_a_rotation_and_a_withdrawal_go_their_way(server: Commands) -> None:
    """Each command writes a request and names the next steps; afterwards the list shows who signs and who does not."""
    said = server("keys", "rotate", "-o", "rotate.txt")
    assert (said.code, "keys sign" in said.err, "keys import" in said.err) == (0, True, True)
    assert "key set 2" in _import(server, "rotate.txt")
    lines = server.well("keys", "list").splitlines()
    assert [line.split()[3] for line in lines[1:]] == ["retired", "retired", "active", "active"]

    said = server("keys", "compromise", "3", "-o", "stolen.txt")
    assert (said.code, "from now on" in said.err, "0 passes" in said.err) == (0, True, True)
    _import(server, "stolen.txt")
    assert "compromised" in server.well("keys", "list")


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("retire", "1"), "keys rotate"),
        (("retire", "77"), "no active key 77"),
        (("compromise", "77"), "no key 77"),
        (("compromise", "1", "--since", "yesterday"), "write a time such as"),
        (("compromise", "1", "--since", "2017-10-11T14:05"), "say the zone"),
    ],
)
def test_what_cannot_be_done_is_said(server: Commands, words: tuple[str, ...], told: str) -> None:
    """A sentence with the cure, and no file."""
    said = server("keys", *words, "-o", "x.txt")
    assert said.code in (1, 2)
    assert told in said.err
    assert not (server.folder / "x.txt").exists()


def test_withdrawn_passes_are_shown_as_a_picture(server: Commands) -> None:
    """A PNG that a camera reads; without anything new there is none."""
    said = server.well("passes", "revocations", "--qr", "list.png")
    assert "0 withdrawn" in said
    picture = Image.open(io.BytesIO((server.folder / "list.png").read_bytes()))
    (code,) = zxingcpp.read_barcodes(picture)
    assert code.text.startswith("SER1:")
    refused = server("passes", "revocations", "--qr", "none.png", "--since", "9999")
    assert (refused.code, "newest is" in refused.err) == (1, True)
    assert not (server.folder / "none.png").exists()


def test_the_desk_asks_what_a_gate_says(server: Commands) -> None:
    """Codes come from standard input; a checkpoint that does not exist is named with those that do."""
    told = server.well("passes", "inspect", "pregny", typed=b"SEC1:K7QF22XM\n\nhttps://example.org\n")
    assert [line.split("\t")[:2] for line in told.splitlines()] == [
        ["refuse", "confirmation_not_pass"],
        ["refuse", "malformed"],
    ]
    refused = server("passes", "inspect", "nowhere", typed=b"x\n")
    assert (refused.code, "pregny" in refused.err) == (1, True)
