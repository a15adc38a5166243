"""What the demonstration leaves lying about: nothing of a person in logs and scanners, and the state for its owner alone."""

from __future__ import annotations

import json
from pathlib import Path

from demo_runs import SCANNERS, DemoRun

from accredit.identity.transliteration import latin_name

# Shorter ones occur in any large file by chance.
_TELLING_BYTES = 5


def _names(demo_run: DemoRun) -> set[str]:
    """Every name as applied and as the passport spells it, in small letters."""
    rows = demo_run.applicants()
    columns = ("surname", "given_names", "latin_surname", "latin_given_names")
    told = {row[column] for row in rows for column in columns}
    words = {word for name in told for word in (name, *name.split())} | _latin(demo_run)
    return {word.casefold() for word in words if len(word.encode()) >= _TELLING_BYTES}


def _latin(demo_run: DemoRun) -> set[str]:
    """Surnames as the machine-readable zone spells them."""
    rows = demo_run.applicants()
    return {latin_name(row["latin_surname"] or row["surname"], "", width=27).casefold() for row in rows}


def test_logs_hold_nothing_of_a_person(demo_run: DemoRun) -> None:
    """No name, no address, no line of a document, no text of a code."""
    names = _names(demo_run)
    assert len(names) > 150
    assert names <= _found(names, (demo_run.folder / "applications.csv").read_bytes()) | _latin(demo_run)
    numbers = {json.loads(line)["mrz"].split("\n")[1][:9] for line in _lines(demo_run.folder / "pickups.jsonl")}
    for log in (demo_run.folder / "logs").glob("*.log"):
        said = log.read_bytes()
        assert b"SEP1:" not in said, log.name
        assert b"@example.org" not in said, log.name
        assert not [number for number in numbers if number.encode() in said], log.name
        assert not _found(names, said), log.name


def test_scanners_hold_no_name_in_the_clear(demo_run: DemoRun) -> None:
    """Names travel sealed: none stands in a file of a scanner, nor does a code that opens a door."""
    names = _names(demo_run)
    for scanner in SCANNERS:
        files = [file for file in (demo_run.folder / "scanners" / scanner).iterdir() if file.is_file()]
        assert {"journal.db", "trust.db"} <= {file.name for file in files}
        for file in files:
            held = file.read_bytes()
            assert not _found(names, held), f"{scanner}/{file.name}"
            assert b"SEP1:" not in held, f"{scanner}/{file.name}"


def test_the_state_is_for_its_owner_alone(demo_run: DemoRun) -> None:
    """Nobody else enters the folders of state and scanners; secrets and private keys are of mode 0600."""
    folder = demo_run.folder
    for private in (folder / "state", folder / "state" / "secrets", folder / "state" / "keys"):
        assert _mode(private) == 0o700
    secrets = [*(folder / "state" / "secrets").iterdir(), *(folder / "state" / "keys").glob("*.key")]
    assert len(secrets) >= 6
    for secret in (*secrets, demo_run.badges, folder / "badge-of-the-replacement.pdf"):
        assert _mode(secret) == 0o600, secret.name
    for scanner in SCANNERS:
        assert _mode(folder / "scanners" / scanner) == 0o700
        assert _mode(folder / "scanners" / scanner / "device.secret") == 0o600


def test_the_codes_are_on_the_badges_alone(demo_run: DemoRun) -> None:
    """The file of codes that the play reads from is gone after it."""
    assert not list(demo_run.folder.glob("codes*"))


def _found(names: set[str], held: bytes) -> set[str]:
    text = held.decode("utf-8", errors="ignore").casefold()
    return {name for name in names if name in text}


def _lines(path: Path) -> list[str]:
    return path.read_text("utf-8").splitlines()


def _mode(path: Path) -> int:
    return path.stat().st_mode & 0o777
