"""Whatever is typed, a command answers with a sentence; never with a traceback."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from factories.commands import Commands, Said, every_command

# These go on until they are stopped, or replace this process.
_PROCESSES = {("serve",), ("worker",), ("demo",)}


EVERY = every_command()
SHORT = {path: command for path, command in EVERY.items() if path not in _PROCESSES}


def _is_file(parameter: click.Parameter) -> bool:
    return isinstance(parameter.type, click.Path)


def _reads(parameter: click.Parameter) -> bool:
    return isinstance(parameter.type, click.Path) and parameter.type.exists


def _filled(command: click.Command, word: str, file: str, folder: str) -> list[str]:
    """Every required parameter, and every option that takes a file to read, filled with these."""
    options: list[str] = []
    arguments: list[str] = []
    for parameter in command.params:
        value = word
        if _is_file(parameter):
            reads_folder = isinstance(parameter.type, click.Path) and not parameter.type.file_okay
            value = folder if reads_folder else file if _reads(parameter) else f"{folder}/made"
        elif isinstance(parameter.type, click.DateTime):
            value = "2017-09-04"
        if isinstance(parameter, click.Argument):
            arguments.append(value)
        elif parameter.required or (_is_file(parameter) and _reads(parameter)) or parameter.name == "list_key":
            options += [parameter.opts[-1], value]
        elif parameter.name == "edition":
            options += ["--edition", "2017-09-04"]
    return [*options, *arguments]


def _is_told(said: Said) -> None:
    assert "Traceback" not in said.all, said.all
    assert said.code in (0, 1, 2)
    if said.code:
        assert said.err.strip() or said.out.strip()


@pytest.fixture
def litter(tmp_path: Path) -> dict[str, Path]:
    """Files that nobody can use, one of each kind."""
    kinds = {
        "binary": bytes(range(256)) * 40,
        "latin": "reference,name\nx,Genève\n".encode("latin-1"),
        "empty": b"",
        "utf-16": "reference,action\nx,y\n".encode("utf-16"),
        "prose": b"This is a letter, not a table.\n\nWith regards\n",
        "zip": b"PK\x03\x04" + bytes(300),
        "deep": b"[" * 100_000,
    }
    for name, content in kinds.items():
        (tmp_path / name).write_bytes(content)
    return {name: tmp_path / name for name in kinds}


@pytest.mark.parametrize("kind", ["binary", "latin", "empty", "utf-16", "prose", "zip", "deep", "missing", "folder"])
@pytest.mark.parametrize(
    "path", [path for path, command in SHORT.items() if any(map(_reads, command.params))], ids=" ".join
)
def test_no_file_ends_in_a_traceback(
    office: Commands, litter: dict[str, Path], tmp_path: Path, path: tuple[str, ...], kind: str
) -> None:
    """Binary, wrongly encoded, empty, missing files and folders are refused by every command that reads one."""
    file = litter.get(kind, tmp_path / "nowhere" if kind == "missing" else tmp_path)
    for reading in _readings(SHORT[path], str(file), str(tmp_path)):
        said = office(*path, *reading, typed=b"\xff")
        _is_told(said)
        empty_batch = kind == "empty" and "--batch" in reading
        lines_are_told = "--batch" in reading and "handed over" in said.out
        assert said.code != 0 or empty_batch or lines_are_told or "--photos" in reading, said
        if kind in ("missing", "folder") and str(file) in reading:
            assert said.code == 2


def _readings(command: click.Command, file: str, folder: str) -> Iterator[list[str]]:
    filled = _filled(command, "ZZZZ-ZZZZ", file, folder)
    if "--batch" not in filled:
        yield filled
        return
    # A batch stands alone, and so does a single reference.
    yield ["--batch", file]
    at = filled.index("--batch")
    yield filled[:at] + filled[at + 2 :]


WORDS = ("", " ", "ZZZZ-ZZZZ", "'; drop table passes; --", "\u0000", "名前" * 2000, "-1")


@pytest.mark.parametrize("path", list(SHORT), ids=" ".join)
def test_no_word_ends_in_a_traceback(office: Commands, tmp_path: Path, path: tuple[str, ...]) -> None:
    """Empty, unknown, over-long and hostile references and names are answered."""
    file = office.table("row.csv", [{"reference": "ZZZZ-ZZZZ", "action": "approve"}])
    for word in WORDS:
        settings = {} if "\u0000" in word else {"ACCREDIT_PASSWORD": word}
        _is_told(office(*path, *_filled(SHORT[path], word, str(file), str(tmp_path)), **settings))


@pytest.mark.parametrize("path", list(EVERY), ids=" ".join)
def test_a_wrong_option_is_wrong_usage(empty: Commands, path: tuple[str, ...]) -> None:
    """An option that is not there ends with 2 and points to the help; nothing is made."""
    said = empty(*path, "--nonsense")
    assert said.code == 2
    assert "--help" in said.err
    assert list(empty.folder.iterdir()) == []


@pytest.mark.parametrize("path", [*SHORT, ("serve",), ("worker",)], ids=" ".join)
def test_without_a_state_folder_every_command_says_what_to_do(empty: Commands, path: tuple[str, ...]) -> None:
    """Before init nothing works but init, doctor and the root machine's commands; nothing is left behind."""
    command = EVERY[path]
    file = empty.folder / "row.csv"
    file.write_text("reference,action\nZZZZ-ZZZZ,approve\n", "utf-8")
    said = empty(*path, *_filled(command, "ZZZZ-ZZZZ", str(file), str(empty.folder)))
    _is_told(said)
    if path not in {("init",), ("keys", "root")}:
        assert said.code != 0
        assert not empty.state.exists()
    if path not in {("init",), ("keys", "root"), ("keys", "sign"), ("keys", "demo"), ("keys", "list")}:
        assert "init" in said.all or "row.csv" in said.all or said.code == 2


@pytest.mark.parametrize("path", [*SHORT, ("serve",), ("worker",)], ids=" ".join)
def test_a_database_that_is_not_there_is_told(office: Commands, litter: dict[str, Path], path: tuple[str, ...]) -> None:
    """A server that does not answer, and a file that is no database: one sentence, from every command that needs one."""
    file = office.table("row.csv", [{"reference": "ZZZZ-ZZZZ", "action": "approve"}])
    filled = _filled(EVERY[path], "ZZZZ-ZZZZ", str(file), str(office.folder))
    for address in ("postgresql://nobody@127.0.0.1:1/nothing", f"sqlite:///{litter['prose']}"):
        said = office(*path, *filled, ACCREDIT_DATABASE_URL=address, ACCREDIT_PASSWORD="a long enough sentence")
        _is_told(said)
        if path not in {("keys", "root"), ("keys", "list")}:
            assert said.code != 0


@pytest.mark.parametrize("address", ["sqlite:////nowhere/at/all.db", "postgresql://:::/x", "oracle://x", "nonsense"])
def test_an_address_that_is_none_is_told(office: Commands, address: str) -> None:
    """An address of no database that we know names the setting, or says that the file cannot be opened."""
    said = office("events", "list", ACCREDIT_DATABASE_URL=address)
    _is_told(said)
    assert said.code == 1


def test_a_password_in_an_address_is_not_repeated(office: Commands) -> None:
    """Whatever is wrong with the address of the database, the answer does not hold it."""
    for address in ("postgresql://eva:verysecret@127.0.0.1:1/x", "postgresql://eva:verysecret@:::/x"):
        assert "verysecret" not in office("events", "list", ACCREDIT_DATABASE_URL=address).all


def test_an_empty_database_is_told_to_be_brought_up_to_date(office: Commands) -> None:
    """A database without tables names the command that makes them."""
    for file in office.state.glob("accredit.db*"):
        file.unlink()
    said = office("review", "list")
    assert (said.code, "accredit db upgrade" in said.err) == (1, True)
    assert office("serve").code == 1


def test_a_busy_database_is_told(office: Commands, monkeypatch: pytest.MonkeyPatch) -> None:
    """Who waits in vain for another writer is told to try again."""
    monkeypatch.setattr("accredit.db.session._BUSY_TIMEOUT_MS", 50)
    other = sqlite3.connect(office.state / "accredit.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    try:
        said = office("lists", "import", "--shipped")
    finally:
        other.close()
    assert (said.code, "try again" in said.err) == (1, True)


def test_damaged_secrets_and_keys_are_named(office: Commands) -> None:
    """A secret or key file that holds something else is named, and nothing of it repeated."""
    for place in ("secrets/data.key", "secrets/pepper.key", "keys/pass-1.key", "keys/keyset.b64"):
        file = office.state / place
        kept = file.read_bytes()
        for content in (b"", b"\xff\xfe\x00", b"not a key at all"):
            file.write_bytes(content)
            for command in (("review", "show", "ZZZZ-ZZZZ"), ("passes", "print", "-o", "x.pdf")):
                said = office(*command)
                _is_told(said)
                assert "not a key at all" not in said.all
        assert file.name in office("doctor").out
        file.write_bytes(kept)


def test_another_data_key_is_told(office: Commands, empty: Commands, references: list[str]) -> None:
    """A database beside the secrets of another installation cannot be read, and the file that is wrong is named."""
    empty.well("init", ACCREDIT_STATE="other")
    (office.state / "secrets" / "data.key").write_bytes((empty.folder / "other/secrets/data.key").read_bytes())
    said = office("passes", "print", "--ahead", "-o", "x.pdf")
    _is_told(said)
    assert "data.key" in said.err


@pytest.mark.parametrize("clock", ["missing", "{}", "[]", '{"shows": "x", "set_at": 1}', "\x00"])
def test_a_clock_that_is_none_is_told(office: Commands, clock: str) -> None:
    """A clock file that is missing or holds something else ends the command with its name."""
    file = office.folder / "other-clock.json"
    if clock != "missing":
        file.write_text(clock, "utf-8")
    said = office("figures", ACCREDIT_DEMO_CLOCK=str(file))
    assert (said.code, "other-clock.json" in said.err, "Traceback" in said.err) == (1, True, False)


def test_no_real_folder_lets_the_clock_be_moved(empty: Commands) -> None:
    """The demonstration's clock is refused where the mark is missing."""
    empty.well("init")
    said = empty("figures", ACCREDIT_DEMO_CLOCK=str(empty.folder / "clock.json"))
    assert (said.code, "ACCREDIT_DEMO_CLOCK" in said.err) == (1, True)


@pytest.mark.parametrize(
    ("path", "option"),
    [
        (("passes", "print"), "-o"),
        (("keys", "root"), "-o"),
        (("keys", "request"), "-o"),
        (("applications", "import", "applications.csv"), "--references"),
        (("desk", "collect", "ZZZZ-ZZZZ", "--mrz", "applications.csv"), "--print"),
    ],
    ids=str,
)
def test_where_nothing_can_be_written_is_said_before_the_work(
    office: Commands, path: tuple[str, ...], option: str
) -> None:
    """An output in a missing folder, in a file, onto a folder, or without a name is wrong usage."""
    for output in ("nowhere/x", "clock.json/x", "accredit-state", "/proc/x/y", ""):
        said = office(*path, option, output)
        assert (said.code, "Traceback" in said.err) == (2, False), said


def test_a_root_key_is_never_overwritten(office: Commands) -> None:
    """The only copy of a root would be lost by a slip of the hand."""
    office.well("keys", "root", "-o", "root.key")
    before = (office.folder / "root.key").read_bytes()
    assert office("keys", "root", "-o", "root.key").code == 1
    assert (office.folder / "root.key").read_bytes() == before


def test_two_writers_wait_for_each_other(office: Commands) -> None:
    """A command that meets a short writer waits and then does its work."""
    other = sqlite3.connect(office.state / "accredit.db", isolation_level=None, check_same_thread=False)
    other.execute("BEGIN IMMEDIATE")
    release = threading.Timer(0.5, other.close)
    release.start()
    try:
        assert office("devices", "enrol", "gate-1=pregny").code == 0
    finally:
        release.join()
