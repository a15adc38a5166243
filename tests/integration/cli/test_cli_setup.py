"""Setting up: init makes everything once, and doctor names what is missing with its cure."""

from __future__ import annotations

import hashlib
import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest
from factories.commands import Commands

AFTER_THE_EVENT = datetime(2018, 3, 1, tzinfo=UTC)
CUSTODIANS_DAY = datetime(2017, 9, 20, 9, 0, tzinfo=UTC)


def _everything_in(folder: Path) -> dict[str, tuple[int, str]]:
    """Every file by its place: mode, and a digest of its content; of a database its content as SQL."""
    found = {}
    for path in sorted(folder.rglob("*")):
        content = b"" if path.is_dir() or path.name.startswith("accredit.db") else path.read_bytes()
        found[str(path.relative_to(folder))] = (path.stat().st_mode & 0o777, hashlib.sha256(content).hexdigest())
    return found


def test_init_makes_private_secrets_and_a_database_once(empty: Commands) -> None:
    """Folders for their owner alone, four secrets of mode 0600 in the open under no umask; a second run changes nothing."""
    told = empty.well("init")
    assert empty.state.stat().st_mode & 0o777 == 0o700
    secrets = sorted(path.name for path in (empty.state / "secrets").iterdir())
    assert secrets == ["data.key", "pepper.key", "roster.key", "session.key"]
    for name in secrets:
        path = empty.state / "secrets" / name
        assert path.stat().st_mode & 0o777 == 0o600
        assert path.read_text("ascii").strip() not in told
        assert str(Path("secrets") / name) in told
    before = _everything_in(empty.state)
    assert "left as they are" in empty.well("init")
    assert _everything_in(empty.state) == before


def test_init_makes_what_was_lost_and_nothing_else(empty: Commands) -> None:
    """One missing secret is made anew; the others keep their bytes."""
    empty.well("init")
    before = _everything_in(empty.state)
    (empty.state / "secrets" / "roster.key").unlink()
    empty.well("init")
    after = _everything_in(empty.state)
    assert {name for name in before if before[name] != after[name]} == {"secrets/roster.key"}


def test_a_demonstration_is_furnished_at_once_and_once(empty: Commands) -> None:
    """On a day before the end of the event: event, account and keys; the second run leaves all of it as it is."""
    empty.set_clock(CUSTODIANS_DAY)
    told = empty.well("init", "--demo")
    assert "key set 1 of the DEMO root" in told
    assert "password " in told
    before = _everything_in(empty.state)
    again = empty.well("init", "--demo")
    assert "password " not in again.replace("its password stays", "")
    assert _everything_in(empty.state) == before
    assert empty("doctor").code == 0


def test_a_demonstration_after_the_event_has_no_keys_and_says_why(empty: Commands) -> None:
    """Without a clock of the event's days nothing is half made: the folder works, and the missing keys are explained."""
    empty.set_clock(AFTER_THE_EVENT)
    told = empty.well("init", "--demo")
    assert "is over" in told
    assert "accredit demo" in told
    assert not (empty.state / "keys").exists()
    assert "gcm-hearing-2017" in empty.well("events", "list")
    assert "is over" in empty("keys", "demo").err
    assert not (empty.state / "keys").exists()
    empty.set_clock(CUSTODIANS_DAY)
    assert "key set 1" in empty.well("init", "--demo")


def test_a_real_folder_never_becomes_a_demonstration(empty: Commands) -> None:
    """The mark would let anybody turn its clock."""
    empty.well("init")
    assert "no demonstration" in empty("init", "--demo").err
    assert not (empty.state / "demo").exists()
    assert empty("keys", "demo").code == 1


def test_an_event_that_is_over_gets_no_keys(empty: Commands) -> None:
    """The request is refused before a key is made."""
    empty.well("init")
    empty.well("events", "load")
    said = empty("keys", "request", "-o", "request.txt")
    assert (said.code, "is over" in said.err) == (1, True)
    assert not (empty.folder / "request.txt").exists()
    assert not (empty.state / "keys").exists()


def test_doctor_is_content_with_a_furnished_folder(office: Commands) -> None:
    """Nothing grave is missing, and the answer says what was looked at."""
    said = office("doctor")
    assert said.code == 0
    for name in ("state folder", "secrets", "database", "event", "signing keys", "template", "fonts"):
        assert f"ok      {name}" in said.out
    assert "MISSING" not in said.out


def _lose_a_secret(office: Commands) -> None:
    (office.state / "secrets" / "pepper.key").unlink()


def _open_a_secret(office: Commands) -> None:
    (office.state / "secrets" / "data.key").chmod(0o644)


def _open_a_key(office: Commands) -> None:
    (office.state / "keys" / "pass-1.key").chmod(0o640)


def _open_the_folder(office: Commands) -> None:
    office.state.chmod(0o755)


def _lose_the_database(office: Commands) -> None:
    for path in office.state.glob("accredit.db*"):
        path.unlink()


def _lose_the_keyset(office: Commands) -> None:
    (office.state / "keys" / "keyset.b64").unlink()


def _lose_a_key(office: Commands) -> None:
    (office.state / "keys" / "list-2.key").unlink()


def _swap_the_root(office: Commands) -> None:
    shutil.copy(office.state / "secrets" / "pepper.key", office.state / "keys" / "root.pub")


def _outlive_the_keys(office: Commands) -> None:
    office.set_clock(AFTER_THE_EVENT)


def _forget_the_mark(office: Commands) -> None:
    (office.state / "demo").unlink()
    office.settings.clear()


@pytest.mark.parametrize(
    ("harm", "name", "words"),
    [
        (_lose_a_secret, "secrets", "pepper.key"),
        (_open_a_secret, "secrets", "chmod 600"),
        (_open_a_key, "secrets", "pass-1.key"),
        (_open_the_folder, "state folder", "chmod 700"),
        (_lose_the_database, "database", "accredit db upgrade"),
        (_lose_the_keyset, "signing keys", "no key set"),
        (_lose_a_key, "signing keys", "vouches for no"),
        (_swap_the_root, "signing keys", "signature does not hold"),
        (_outlive_the_keys, "signing keys", "until 2017-11-12"),
        (_forget_the_mark, "signing keys", ""),
    ],
)
def test_doctor_names_each_harm_and_its_cure(office: Commands, harm: object, name: str, words: str) -> None:
    """What is missing, open, behind, or out of time is named with what cures it, and the command ends with 1."""
    assert callable(harm)
    harm(office)
    said = office("doctor")
    assert said.code == 1
    lines = said.out.splitlines()
    at = [number for number, line in enumerate(lines) if line.startswith(f"MISSING {name}")]
    assert at
    assert any(words in lines[number] + lines[number + 1] for number in at)
    assert all(lines[number + 1].strip().startswith("→ ") for number in at)


def test_doctor_names_the_scripts_that_no_font_here_writes(
    office: Commands, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without fonts the built-in ones write Latin, Greek and Cyrillic; the rest is a note with the package to install."""
    bare = tmp_path / "no-fonts"
    bare.mkdir()
    monkeypatch.setattr("accredit.rendering.fonts.system_font_folders", lambda: (bare,))
    said = office("doctor")
    assert said.code == 0
    assert "note    fonts          cannot write Chinese" in said.out
    assert "fonts-noto-cjk" in said.out
    assert "Latin" in next(line for line in said.out.splitlines() if "can write" in line)


def test_doctor_without_anything_makes_nothing(empty: Commands) -> None:
    """Looking is not touching."""
    said = empty("doctor")
    assert said.code == 1
    assert "run “accredit init”" in said.out
    assert list(empty.folder.iterdir()) == []


def test_settings_in_the_state_folder_are_used(office: Commands) -> None:
    """accredit.toml beside the database names the event that commands work on."""
    (office.state / "accredit.toml").write_text('event = "another"\n', "utf-8")
    assert "another" in office("review", "list").err
    assert office("review", "list", ACCREDIT_EVENT="gcm-hearing-2017").code == 0


def test_an_event_file_is_loaded_once_and_its_faults_are_named(empty: Commands, tmp_path: Path) -> None:
    """The shipped event twice; then a file with two faults, both named with their keys."""
    empty.well("init")
    assert ": loaded" in empty.well("events", "load")
    assert "nothing changed" in empty.well("events", "load")
    file = tmp_path / "event.toml"
    file.write_text('key = "x"\nnumber = "seventeen"\n', "utf-8")
    said = empty("events", "load", str(file))
    assert said.code == 1
    assert "number: write a whole number" in said.err
    assert "meetings: this key is missing; add it" in said.err
    assert empty.well("events", "list").count("\n") == 1


def test_the_database_is_brought_up_to_date_and_checked(empty: Commands) -> None:
    """Empty, then the newest, then equal to the models; a table that is gone is found."""
    import sqlite3

    empty.well("init")
    (empty.state / "accredit.db").unlink()
    assert empty("db", "check").code == 1
    assert "empty → " in empty.well("db", "upgrade")
    assert "up to date" in empty.well("db", "upgrade")
    assert "equal to the models" in empty.well("db", "check")
    with sqlite3.connect(empty.state / "accredit.db") as database:
        database.execute("DROP TABLE badges")
    database.close()
    assert "differs" in empty("db", "check").err
