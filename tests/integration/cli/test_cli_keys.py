"""The way of the keys between an offline root and a server, as two people with two folders walk it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from factories.commands import Commands

BEFORE = datetime(2017, 9, 20, 9, 0, tzinfo=UTC)


@pytest.fixture
def server(tmp_path: Path) -> Commands:
    """A server before the event whose root is somewhere else."""
    commands = Commands(tmp_path / "server")
    commands.folder.mkdir()
    commands.set_clock(BEFORE)
    commands.well("init", "--demo")
    # A demonstration without keys, for its clock: the keys come from a root outside.
    for path in (commands.state / "keys").iterdir():
        path.unlink()
    return commands


@pytest.fixture
def custodian(tmp_path: Path) -> Commands:
    """The root machine: a folder without a state."""
    commands = Commands(tmp_path / "root-machine")
    commands.folder.mkdir()
    commands.well("keys", "root", "-o", "root.key")
    return commands


def _carry(name: str, start: Commands, end: Commands) -> str:
    """What goes on the stick: the file, and nothing else."""
    (end.folder / name).write_bytes((start.folder / name).read_bytes())
    return name


def _signed(server: Commands, custodian: Commands, number: int, *more: str, root: str = "root.key") -> str:
    server.well("keys", "request", "-o", f"request-{number}.txt")
    request = _carry(f"request-{number}.txt", server, custodian)
    custodian.well("keys", "sign", "--root", root, *more, "-o", f"keyset-{number}.txt", request)
    return _carry(f"keyset-{number}.txt", custodian, server)


def test_a_root_vouches_for_the_keys_of_a_server(server: Commands, custodian: Commands) -> None:
    """Request, sign and import; every private file is its owner's; nothing that travels holds a secret."""
    signed = _signed(server, custodian, 1)
    assert "key set 1" in server.well("keys", "import", signed)
    assert "pass" in server.well("keys", "list")
    assert server("doctor").code == 0
    assert not custodian.state.exists()
    for path in (*custodian.folder.glob("*.key"), *(server.state / "keys").glob("*.key")):
        assert path.stat().st_mode & 0o777 == 0o600
        secret = path.read_text("ascii").partition("secret ")[2].split()[0]
        for travelling in ("request-1.txt", "keyset-1.txt"):
            assert secret not in (custodian.folder / travelling).read_text("ascii")


def test_keys_of_another_root_are_refused(server: Commands, custodian: Commands) -> None:
    """Once a server follows a root, a set that another root signed is not taken."""
    server.well("keys", "import", _signed(server, custodian, 1))
    custodian.well("keys", "root", "-o", "stranger.key")
    said = server("keys", "import", _signed(server, custodian, 2, root="stranger.key"))
    assert (said.code, "Another root" in said.err) == (1, True)
    assert "key set 1" in server.well("keys", "list")


def test_an_older_key_set_is_refused(server: Commands, custodian: Commands) -> None:
    """Key sets never go back: after the second the first is refused."""
    first = _signed(server, custodian, 1)
    server.well("keys", "import", first)
    server.set_clock(BEFORE + timedelta(days=1))
    server.well("keys", "request", "--renew", "-o", "request-2.txt")
    request = _carry("request-2.txt", server, custodian)
    custodian.well(*("keys", "sign", "--root", "root.key", "--previous", "keyset-1.txt", "-o", "keyset-2.txt", request))
    server.well("keys", "import", _carry("keyset-2.txt", custodian, server))
    said = server("keys", "import", first)
    assert (said.code, "does not follow" in said.err) == (1, True)
    assert "key set 2" in server.well("keys", "list")


def test_a_damaged_or_foreign_file_is_refused(server: Commands, custodian: Commands) -> None:
    """One changed character, the request in place of the set, or a pass key in place of the root: refused in words."""
    signed = _signed(server, custodian, 1)
    text = (server.folder / signed).read_text("ascii")
    place = text.index("signed ") + 60
    damaged = text[:place] + ("A" if text[place] != "A" else "B") + text[place + 1 :]
    (server.folder / "damaged.txt").write_text(damaged, "ascii")
    for name in ("damaged.txt", "request-1.txt"):
        said = server("keys", "import", name)
        assert (said.code, "Traceback" in said.err) == (1, False)
        assert said.err.startswith("accredit: ")
    pass_key = str(server.state / "keys" / "pass-1.key")
    wrong = custodian("keys", "sign", "--root", pass_key, "-o", "x.txt", "request-1.txt")
    assert (wrong.code, "root" in wrong.err) == (1, True)
    assert not (custodian.folder / "x.txt").exists()
    assert server("keys", "list").code == 1
