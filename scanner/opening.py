"""Opening a state folder for a command: the enrolled scanner in it, its keys and its clock, or a sentence why not."""

from __future__ import annotations

import fcntl
import os
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from scanner.cases import Keys
from scanner.clock import Clock, ClockRefused, choose_clock
from scanner.enrolment import DeviceSecrets, Enrolled, load_enrolment, open_secrets
from scanner.gate import Gate
from scanner.outcomes import NotReady
from scanner.roster import Roster
from scanner.sealing import load_device_secret, unseal_with_pin
from scanner.store import StoreUnusable, device_secret_path, has_database, open_journal, open_trust

PIN_VARIABLE = "ACCREDIT_SCANNER_PIN"


class CannotRun(Exception):
    """A command cannot do its work; the text is for the officer."""

    def __init__(self, sentence: str, *, is_switched_off: bool = False) -> None:
        super().__init__(sentence)
        self.is_switched_off = is_switched_off


@dataclass(frozen=True, slots=True)
class OpenScanner:
    """An enrolled scanner: its databases, what it is, its opened secrets, and its clock."""

    state: Path
    trust: sqlite3.Connection
    journal: sqlite3.Connection
    enrolled: Enrolled
    secrets: DeviceSecrets
    device_secret: bytes = field(repr=False)
    clock: Clock = field(repr=False)

    def refuse_if_switched_off(self) -> None:
        """Raises CannotRun where the server has switched this scanner off."""
        if self.enrolled.facts.switched_off_at is not None:
            raise CannotRun(
                "The server has switched this scanner off. Take another one, or enrol in a new folder.",
                is_switched_off=True,
            )

    def gate(self, pin: str | None) -> Gate:
        """The gate; with the PIN it reads names as well. Raises CannotRun for a wrong PIN."""
        keys = Keys(self.secrets.tag_key, self.secrets.grounds_key, self._roster_key(pin))
        return Gate(Roster(self.trust), self.journal, keys, self.clock, os.urandom)

    def pin_holds(self, pin: str) -> bool:
        """Whether this is the supervisor's PIN; each guess takes a while."""
        return self.enrolled.roster is not None and (
            unseal_with_pin(self.enrolled.roster, pin, self.device_secret) is not None
        )

    def names_key(self, pin: str | None) -> bytes:
        """The key to names, for who has the PIN. Raises CannotRun."""
        key = self._roster_key(pin)
        if key is None:
            raise CannotRun(f"Names are told with the supervisor's PIN alone: give --pin-file, or set {PIN_VARIABLE}.")
        return key

    def _roster_key(self, pin: str | None) -> bytes | None:
        if pin is None or self.enrolled.roster is None:
            return None
        key = unseal_with_pin(self.enrolled.roster, pin, self.device_secret)
        if key is None:
            raise CannotRun("The PIN is wrong. Without any, this scanner works as well, and shows no organisation.")
        return key

    def choose_checkpoint(self, named: str, gate: Gate) -> str:
        """The checkpoint named, or the only one of this scanner. Raises CannotRun with those that there are."""
        known = gate.checkpoints()
        if isinstance(known, NotReady):
            raise CannotRun(known.sentence, is_switched_off=known.is_switched_off)
        keys = [entry.key for entry in known]
        own = [key for key in self.enrolled.facts.checkpoints if key in keys] or keys
        if not named and len(own) == 1:
            return own[0]
        if named not in keys:
            asked = f"There is no checkpoint {named!r}" if named else "Say where this lane is with --checkpoint"
            raise CannotRun(f"{asked}. The event has: {', '.join(keys)}.")
        return named


@contextmanager
def opened(state: Path, environment: Mapping[str, str]) -> Iterator[OpenScanner]:
    """The enrolled scanner in this folder. Raises CannotRun where there is none, or a part of it is missing."""
    if not has_database(state):
        raise CannotRun(f"{state} is not the folder of an enrolled scanner. Enrol first: accredit-scanner enrol --help")
    connections: list[sqlite3.Connection] = []
    try:
        connections.append(open_trust(state))
        connections.append(open_journal(state))
        yield _with_secrets(state, connections[0], connections[1], environment)
    except StoreUnusable as fault:
        raise CannotRun(str(fault)) from None
    except sqlite3.Error as fault:
        raise CannotRun(
            f"A database in {state} cannot be used ({fault}). Keep the folder; ask the supervisor."
        ) from None
    finally:
        for connection in connections:
            connection.close()


def _with_secrets(
    state: Path, trust: sqlite3.Connection, scans: sqlite3.Connection, environment: Mapping[str, str]
) -> OpenScanner:
    enrolled, path = load_enrolment(trust), device_secret_path(state)
    if enrolled is None:
        raise CannotRun(f"{state} is not enrolled yet. Enrol first: accredit-scanner enrol --help")
    try:
        secret = load_device_secret(path)
    except OSError:
        raise CannotRun(f"The file {path} is missing or unreadable. Put it back, or enrol in a new folder.") from None
    secrets = open_secrets(enrolled.secrets, secret)
    if secrets is None:
        raise CannotRun(f"{path} is not the secret of this scanner. Put the right file back, or enrol in a new folder.")
    clock = choose_clock(environment, state)
    if isinstance(clock, ClockRefused):
        raise CannotRun(clock.sentence)
    return OpenScanner(state, trust, scans, enrolled, secrets, secret, clock)


@contextmanager
def only_sync(state: Path) -> Iterator[None]:
    """Held by the one sync of a folder. Raises CannotRun where another runs: two would do everything twice."""
    with os.fdopen(os.open(state / "sync.lock", os.O_CREAT | os.O_RDWR, 0o600)) as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise CannotRun(f"Another sync of {state} is running. One is enough.") from None
        yield


def given_pin(pin_file: Path | None, environment: Mapping[str, str]) -> str | None:
    """The PIN in a file or in the environment. Raises CannotRun where the file holds none."""
    if pin_file is None:
        return environment.get(PIN_VARIABLE) or None
    try:
        return pin_file.read_text("ascii").strip()
    except (OSError, UnicodeDecodeError):
        raise CannotRun(f"--pin-file: {pin_file} cannot be read as a PIN. Put the digits alone into it.") from None
