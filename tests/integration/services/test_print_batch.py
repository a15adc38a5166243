"""Badges in the background: laid out once, pressed file by file, sent, killed, stopped and taken up again."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pypdfium2
import pytest
from factories.contexts import HEARING_MORNING, make_context
from factories.events import loaded_event, make_event
from factories.keys import with_keys
from factories.passes import collected_pass, prepared_pass
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from accredit.db.models.passes import Badge
from accredit.db.models.printing import PrintRun, PrintState
from accredit.db.session import reading, writing
from accredit.rendering.fonts import FontBook
from accredit.rendering.templates import load_template
from accredit.services import print_batch as print_batch_module
from accredit.services import print_server
from accredit.services.event_loading import LoadedEvent, find_event
from accredit.services.pass_life import revoke
from accredit.services.print_batch import BatchReport, FileNotWritten, Outlet, Workshop, print_batch, send_one
from accredit.services.print_choice import PrintRefused, Which
from accredit.services.print_queue import QueueRefused, came_out, prints, put_printer, remove_printer, send_again
from accredit.services.print_runs import Order, runs_of
from accredit.services.print_server import NotTaken, Taken
from accredit.services.printing import PrintReport, print_badges

EVENT = make_event()
CONTEXT = with_keys(make_context(HEARING_MORNING), EVENT)
TEMPLATE = load_template(Path(__file__).resolve().parents[3] / "badge_templates" / "special-event-pass")
FONTS = FontBook()
AHEAD = Order("special-event-pass", size="cr80", which=Which.AHEAD, badges_a_file=3)


class Killed(BaseException):
    """The worker died here."""


def _nothing(_done: int, _total: int) -> None:
    """Progress that nobody looks at."""


@pytest.fixture
def shop(engine: Engine, tmp_path: Path) -> Workshop:
    """A workshop whose print server takes everything."""
    outlet = Outlet(
        reading=lambda: reading(engine),
        writing=lambda: writing(engine),
        clock=CONTEXT.clock,
        folder=tmp_path / "made",
        send=lambda queue, _file, _title: Taken(f"{queue}-1"),
    )
    return Workshop(outlet, CONTEXT, EVENT.key, TEMPLATE, FONTS, tmp_path)


@pytest.fixture
def people(engine: Engine) -> Callable[[int], list[str]]:
    """Prepared passes of so many people; answers their references in the order of the Latin names."""

    def make(count: int) -> list[str]:
        with writing(engine) as session:
            event = find_event(session, EVENT.key) or loaded_event(session, CONTEXT)
            made = [
                prepared_pass(session, CONTEXT, event, surname=f"{chr(65 + number % 26)}o{chr(97 + number // 26)}")
                for number in range(count)
            ]
            named = sorted((held.application.surname.upper(), held.application.reference) for held in made)
            session.commit()
        return [reference for _, reference in named]

    return make


def _done(shop: Workshop, order: Order, batch: UUID, progress: Callable[[int, int], None] = _nothing) -> BatchReport:
    report = print_batch(shop, batch, order, progress)
    assert isinstance(report, BatchReport), report
    return report


def _texts(files: Sequence[Path]) -> list[str]:
    found = []
    for file in files:
        with pypdfium2.PdfDocument(file) as pdf:
            found += [page.get_textpage().get_text_range() for page in pdf]
    return found


def _on_paper(shop: Workshop, references: Sequence[str]) -> list[int]:
    """On how many pages of finished files each person stands."""
    pages = _texts(sorted(shop.outlet.folder.glob("*.pdf")))
    return [sum(reference in page for page in pages) for reference in references]


def _runs(engine: Engine, batch: UUID) -> list[tuple[PrintState, int]]:
    with reading(engine) as session:
        return [(run.state, run.badges) for run in runs_of(session, batch)]


@contextmanager
def _session(engine: Engine) -> Iterator[tuple[Session, LoadedEvent]]:
    with writing(engine) as session:
        event = find_event(session, EVENT.key)
        assert event is not None
        yield session, event
        session.commit()


def test_a_batch_comes_in_files_sorted_with_slots(
    shop: Workshop, people: Callable[[int], list[str]], engine: Engine
) -> None:
    """Seven people in files of three; slot 1 is the first by name, and the file says so, in private."""
    references = people(7)
    report = _done(shop, AHEAD, uuid4())
    assert (len(report.files), report.badges) == (3, 7)
    pages = _texts(report.files)
    assert [reference in page for reference, page in zip(references, pages, strict=True)] == [True] * 7
    assert all(f"Slot {number}" in " ".join(page.split()) for number, page in enumerate(pages, start=1))
    assert {stat.S_IMODE(file.stat().st_mode) for file in report.files} == {0o600}
    more = people(1)
    _done(shop, AHEAD, uuid4())
    with reading(engine) as session:
        assert sorted(session.scalars(select(Badge.slot))) == list(range(1, 9))
    assert _on_paper(shop, references + more) == [1] * 8


def test_a_reprint_keeps_its_slot(shop: Workshop, people: Callable[[int], list[str]], engine: Engine) -> None:
    """The hand that looks for number 2 finds it at number 2."""
    references = people(2)
    _done(shop, AHEAD, uuid4())
    with _session(engine) as (session, event):
        again = print_badges(
            session, CONTEXT, event, template=TEMPLATE, fonts=FONTS, references=references[1:], reason="sheet torn"
        )
        assert isinstance(again, PrintReport)
        with pypdfium2.PdfDocument(again.pdf) as pdf:
            text = " ".join(pdf[0].get_textpage().get_text_range().split())
    assert "Slot" in text
    assert " 2 " in f" {text} "


@pytest.mark.parametrize("moment", ["press", "write_down", "replace", "send"])
def test_a_killed_batch_goes_on_without_a_double(
    shop: Workshop, people: Callable[[int], list[str]], engine: Engine, monkeypatch: pytest.MonkeyPatch, moment: str
) -> None:
    """Wherever the second file's worker dies: afterwards each pass stands in exactly one finished file.

    Before it presses, before it writes down, before the file has its name, and while the printer is asked.
    """
    references, batch = people(8), uuid4()
    order = Order("special-event-pass", "cr80", which=Which.AHEAD, badges_a_file=3, desks=("1",), to_printers=True)
    if moment == "send":
        with _session(engine) as (session, _event):
            put_printer(session, CONTEXT, "hall", "hall", "1")
    dead = _with_send(shop, _dying(shop.outlet.send)) if moment == "send" else shop
    with monkeypatch.context() as patch:
        if moment == "replace":
            patch.setattr(Path, "replace", _dying(Path.replace))
        elif moment != "send":
            patch.setattr(print_batch_module, moment, _dying(getattr(print_batch_module, moment)))
        with pytest.raises(Killed):
            print_batch(dead, batch, order, _nothing)
    report = _done(shop, order, batch)
    assert report.badges == 8
    assert _on_paper(shop, references) == [1] * 8
    assert not list(shop.outlet.folder.glob("*.new"))
    expected = [PrintState.DONE] * 3
    if moment == "send":
        expected = [PrintState.SENT, PrintState.UNSURE, PrintState.SENT]
        assert any("look at the printer" in note for note in report.notes)
    assert [state for state, _ in _runs(engine, batch)] == expected


def _dying(real: Callable[..., Any]) -> Callable[..., Any]:
    """The same, but the second call is the worker's last."""
    calls = iter((False, True))

    def counted(*arguments: Any, **named: Any) -> Any:
        if next(calls, False):
            raise Killed
        return real(*arguments, **named)

    return counted


def _with_send(shop: Workshop, send: Callable[[str, Path, str], Taken | NotTaken]) -> Workshop:
    return replace(shop, outlet=replace(shop.outlet, send=send))


def test_a_stopped_batch_keeps_what_is_done(shop: Workshop, people: Callable[[int], list[str]], engine: Engine) -> None:
    """Two of three files stay away until the batch is begun again; the first stays finished."""
    references, batch = people(9), uuid4()

    class Stopped(Exception):
        """As the worker is told."""

    def stopping(done: int, _total: int) -> None:
        if done:
            raise Stopped

    with pytest.raises(Stopped):
        print_batch(shop, batch, AHEAD, stopping)
    assert _runs(engine, batch) == [(PrintState.DONE, 3), (PrintState.CANCELLED, 0), (PrintState.CANCELLED, 0)]
    told: list[tuple[int, int]] = []
    _done(shop, AHEAD, batch, lambda done, total: told.append((done, total)))
    assert told == [(0, 9), (3, 9), (6, 9), (9, 9)]
    assert _on_paper(shop, references) == [1] * 9


def test_what_changed_meanwhile_is_left_out(shop: Workshop, people: Callable[[int], list[str]], engine: Engine) -> None:
    """Revoked, or printed at the desk, between layout and press: in no file of the batch."""
    references, batch = people(6), uuid4()

    def meddling(done: int, _total: int) -> None:
        if done == 3:
            with _session(engine) as (session, event):
                revoke(session, CONTEXT, event, references[3], "a mistake")
                printed = print_badges(
                    session, CONTEXT, event, template=TEMPLATE, fonts=FONTS, references=references[4:5]
                )
                assert isinstance(printed, PrintReport)

    report = _done(shop, AHEAD, batch, meddling)
    assert report.badges == 4
    assert _on_paper(shop, references) == [1, 1, 1, 0, 0, 1]


def test_a_full_disk_ends_in_a_clear_state(
    shop: Workshop, people: Callable[[int], list[str]], engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The cause stands in the row, nothing half remains, no badge counts as printed; begun again, it goes on."""
    references, batch = people(3), uuid4()

    def full(_descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", full)
        with pytest.raises(FileNotWritten, match="no space left on device; free space, then try"):
            print_batch(shop, batch, AHEAD, _nothing)
    assert list(shop.outlet.folder.iterdir()) == []
    with reading(engine) as session:
        [run] = runs_of(session, batch)
        assert (run.state, run.file) == (PrintState.FAILED, "")
        assert "no space left" in run.cause
        assert session.scalars(select(Badge)).all() == []
    _done(shop, AHEAD, batch)
    assert _on_paper(shop, references) == [1, 1, 1]


def test_desks_get_their_share_by_surname(shop: Workshop, people: Callable[[int], list[str]], engine: Engine) -> None:
    """Three desks, cut between letters; a desk's files name what its sign says."""
    people(26)
    batch = uuid4()
    order = Order("special-event-pass", which=Which.AHEAD, sheet="a4", desks=("1", "2", "3"))
    assert _done(shop, order, batch).badges == 26
    with reading(engine) as session:
        told = [(run.desk, run.first, run.last, run.badges) for run in runs_of(session, batch)]
    assert told == [("1", "A", "I", 9), ("2", "J", "Q", 8), ("3", "R", "Z", 9)]


def test_paper_that_nobody_has_is_refused_before_anything_is_laid_out(
    shop: Workshop, people: Callable[[int], list[str]], engine: Engine
) -> None:
    """An unknown size or sheet."""
    people(1)
    for order in (Order("special-event-pass", size="a99"), Order("special-event-pass", sheet="a99")):
        assert isinstance(print_batch(shop, uuid4(), order, _nothing), PrintRefused)
    with reading(engine) as session:
        assert session.scalars(select(PrintRun)).all() == []


def test_a_desk_prints_one_person_at_its_printer(shop: Workshop, engine: Engine) -> None:
    """Named, sent, and done only by the word of a person who looked."""
    with writing(engine) as session:
        event = loaded_event(session, CONTEXT)
        reference = collected_pass(session, CONTEXT, event).application.reference
        put_printer(session, CONTEXT, "hall left", "hall_left", "Desk 1")
        session.commit()
    batch = uuid4()
    order = Order("special-event-pass", references=(reference,), desks=("Desk 1",), to_printers=True)
    _done(shop, order, batch)
    with _session(engine) as (session, event):
        [run] = prints(session, CONTEXT, event, desk="Desk 1")
        assert (run.state, run.request, run.printer) == (PrintState.SENT, "hall_left-1", "hall left")
        assert prints(session, CONTEXT, event, desk="Desk 2") == ()
        done = came_out(session, CONTEXT, event, run.id)
        assert isinstance(done, PrintRun)
        assert done.state is PrintState.DONE
        assert isinstance(came_out(session, CONTEXT, event, run.id), QueueRefused)


@pytest.mark.parametrize(
    ("answer", "state"),
    [
        (NotTaken("the print server refused: no paper"), PrintState.FAILED),
        (NotTaken("the print server did not answer within 30 seconds", unsure=True), PrintState.UNSURE),
    ],
)
def test_another_printer_takes_over(
    shop: Workshop, people: Callable[[int], list[str]], engine: Engine, answer: NotTaken, state: PrintState
) -> None:
    """What failed, or may have failed, goes to the other one: the same file, so the same codes."""
    people(2)
    with _session(engine) as (session, _event):
        put_printer(session, CONTEXT, "left", "left", "1")
        put_printer(session, CONTEXT, "right", "right", "2")
    order = Order("special-event-pass", which=Which.AHEAD, desks=("1",), to_printers=True)
    report = _done(_with_send(shop, lambda *_: answer), order, uuid4())
    assert any(answer.cause in note for note in report.notes)
    with _session(engine) as (session, event):
        [run] = prints(session, CONTEXT, event)
        assert (run.state, run.cause) == (state, answer.cause)
        assert isinstance(send_again(session, CONTEXT, event, run.id, "middle"), QueueRefused)
        assert isinstance(send_again(session, CONTEXT, event, run.id, "right"), PrintRun)
    sent = send_one(shop.outlet, run.id)
    assert sent is not None
    assert (sent.state, sent.printer, sent.request) == (PrintState.SENT, "right", "right-1")
    assert send_one(shop.outlet, run.id) is None


def test_a_printer_that_was_removed_fails_what_waits_for_it(
    shop: Workshop, people: Callable[[int], list[str]], engine: Engine
) -> None:
    """Clearly, and the file is kept for another one."""
    people(1)
    batch = uuid4()
    order = Order("special-event-pass", which=Which.AHEAD, desks=("1",), to_printers=True)
    with _session(engine) as (session, _event):
        put_printer(session, CONTEXT, "left", "left", "1")

    def removing(done: int, total: int) -> None:
        if not done and total:
            with _session(engine) as (session, _event):
                assert remove_printer(session, CONTEXT, "left") is None

    report = _done(shop, order, batch, removing)
    assert [state for state, _ in _runs(engine, batch)] == [PrintState.FAILED]
    assert any("this printer was removed" in note for note in report.notes)
    assert report.files[0].is_file()


LP = {
    "takes it": ('echo "request id is hall-17 (1 file(s))"', Taken("hall-17")),
    "says nothing": ("exit 0", Taken("")),
    "refuses": (
        'echo "lp: The printer or class does not exist." >&2; exit 1',
        NotTaken("the print server refused: lp: The printer or class does not exist."),
    ),
    "fails silently": ("exit 3", NotTaken("the print server refused: lp ended with 3 and no word")),
    "dies": ("kill -9 $$", NotTaken("lp was ended by the signal 9", unsure=True)),
    "hangs": ("sleep 600 & wait", NotTaken("the print server did not answer within 0.3 seconds", unsure=True)),
}


@pytest.mark.parametrize("kind", LP)
def test_the_print_server_is_asked_by_its_command(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str) -> None:
    """A real command on the path, in all its moods; it gets the queue, a title without a name, and the file."""
    script, expected = LP[kind]
    command = tmp_path / "lp"
    command.write_text(f'#!/bin/sh\nprintf "%s\\n" "$@" > "{tmp_path}/asked"\n{script}\n', "utf-8")
    command.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    (tmp_path / "-x.pdf").write_bytes(b"%PDF")
    wait = 0.3 if kind == "hangs" else 30.0
    assert print_server.send("hall", tmp_path / "-x.pdf", "badges 1", wait_s=wait) == expected
    asked = (tmp_path / "asked").read_text("utf-8").split("\n")
    assert asked[:4] == ["-d", "hall", "-t", "badges 1"]
    assert asked[-3:-1] == ["--", str(tmp_path / "-x.pdf")]


def test_a_machine_without_print_server_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No lp on the path; and no queue is asked that cannot be one."""
    monkeypatch.setenv("PATH", str(tmp_path))
    answer = print_server.send("hall", tmp_path / "x.pdf", "badges 1")
    assert answer == NotTaken("the command lp is not installed; install the package cups-client")
    odd = print_server.send("-o raw; rm", tmp_path / "x.pdf", "badges 1")
    assert isinstance(odd, NotTaken)
    assert "cannot be the name of a queue" in odd.cause
