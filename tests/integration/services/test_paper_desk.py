"""The desk without server: the list that lies there, what was written on it, and the count in the evening."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pypdfium2
import pytest
from factories.contexts import HEARING_MORNING, make_context
from factories.events import loaded_event, make_event
from factories.keys import with_keys
from factories.passes import collected_pass, mrz_for, prepared_pass
from sqlalchemy import Engine, select

from accredit.credential.reasons import PassState
from accredit.db.models.audit import AuditEntry
from accredit.db.models.passes import Badge, Pass
from accredit.db.session import reading, writing
from accredit.rendering.fonts import FontBook
from accredit.rendering.templates import load_template
from accredit.services.auditing import first_broken
from accredit.services.holding import set_hold
from accredit.services.late_entry import Entry, EntryRow, TableUnusable, enter
from accredit.services.pass_life import revoke
from accredit.services.print_choice import Which
from accredit.services.print_pack import press_pack, rows_of
from accredit.services.printing import PrintReport, print_badges
from accredit.services.stock import count_stock, in_runs

EVENT = make_event()
CONTEXT = with_keys(make_context(HEARING_MORNING), EVENT)
AFTERWARDS = with_keys(make_context(HEARING_MORNING + timedelta(hours=9), actor="user:olga"), EVENT)
TEMPLATE = load_template(Path(__file__).resolve().parents[3] / "badge_templates" / "special-event-pass")
HEAD = "reference,time,officer,mrz,kind,issuing_state,number,expires_on,surname,settled"


@pytest.fixture
def people(engine: Engine) -> dict[str, str]:
    """Three prepared passes, printed ahead; references by surname."""
    with writing(engine) as session:
        event = loaded_event(session, CONTEXT)
        made = [prepared_pass(session, CONTEXT, event, surname=name) for name in ("Brandt", "Adeyemi", "Ćosić")]
        told = {held.application.surname: held.application.reference for held in made}
        printed = print_badges(session, CONTEXT, event, template=TEMPLATE, fonts=FontBook(), which=Which.AHEAD)
        assert isinstance(printed, PrintReport)
        session.commit()
    return told


def _enter(engine: Engine, *rows: str, head: str = HEAD) -> list[EntryRow]:
    return list(enter(lambda: writing(engine), AFTERWARDS, EVENT.key, "\n".join((head, *rows)) + "\n"))


def _collected(engine: Engine, reference: str) -> Pass:
    with reading(engine) as session:
        wanted = select(Pass).join(Pass.application).where(Pass.application.has(reference=reference))
        return session.scalars(wanted).one()


def test_the_list_has_everybody_in_order(engine: Engine, people: dict[str, str]) -> None:
    """By the Latin name, with reference, birth year and slot; a hold says nothing but to ask the supervisor."""
    with writing(engine) as session:
        event = loaded_event(session, CONTEXT)
        collected_pass(session, CONTEXT, event, surname="Zhou")
        set_hold(session, CONTEXT, event, people["Brandt"], True, "secret cause")
        rows = rows_of(session, CONTEXT, event)
        pdf = press_pack(CONTEXT, event.event, rows, FontBook(), room=None)
    assert [row.name.partition(",")[0] for row in rows] == ["Adeyemi", "Brandt", "Ćosić", "Zhou"]
    assert [row.slot for row in rows] == ["1", "2", "3", ""]
    assert {row.born for row in rows} == {"1980"}
    assert [row.note for row in rows[:3]] == ["", "please ask the supervisor", ""]
    assert rows[3].note.startswith("handed over on 11 October at ")
    with pypdfium2.PdfDocument(pdf) as document:
        assert len(document) == 1
        text = " ".join(document[0].get_textpage().get_text_range().split())
    for words in (
        *people.values(),
        "COSIC ADAEZE",
        "Signature",
        "4 people, as of 11 October 2017",
        "accredit desk late-entry",
    ):
        assert words in text, words
    assert "secret" not in text


def test_a_list_of_many_has_its_heads_on_every_page(engine: Engine) -> None:
    """Sixty people on several pages, in scripts that this machine may not write."""
    with writing(engine) as session:
        event = loaded_event(session, CONTEXT)
        for number in range(60):
            prepared_pass(session, CONTEXT, event, surname=f"王{number}", latin_surname="Wang", latin_given_names="Wei")
        rows = rows_of(session, CONTEXT, event)
    with pypdfium2.PdfDocument(press_pack(CONTEXT, EVENT, rows, FontBook(), room=None)) as document:
        texts = [page.get_textpage().get_text_range() for page in document]
    assert len(texts) > 1
    assert all("Signature" in text and "WANG WEI" in text for text in texts)


def test_a_pick_up_on_paper_is_entered_with_its_hour_and_officer(engine: Engine, people: dict[str, str]) -> None:
    """The pass is collected as of then, by whoever signed; the trail has the hour and the name of who typed it."""
    reference = people["Adeyemi"]
    [row] = _enter(engine, f"{reference},2017-10-11 08:45,Dana 12,,passport,KEN,AB-1234567,2024-01-31,,")
    assert (row.entry, row.told) == (Entry.ENTERED, "")
    held = _collected(engine, reference)
    assert (held.state, held.collected_by, held.document_tail) == (PassState.COLLECTED, "Dana 12", "67")
    assert held.collected_at == datetime(2017, 10, 11, 6, 45, tzinfo=UTC)
    with reading(engine) as session:
        [badge] = session.scalars(select(Badge).where(Badge.pass_id == held.id))
        assert (badge.in_hand_at, badge.in_hand_by) == (held.collected_at, "Dana 12")
        trail = {entry.action: entry for entry in session.scalars(select(AuditEntry))}
        entered = trail["pickup.entered_afterwards"]
        assert (entered.actor, entered.at, entered.subject_id) == ("user:olga", AFTERWARDS.now(), reference)
        assert trail["pass.collected"].at == AFTERWARDS.now()
        assert first_broken(session) is None


def test_a_zone_may_be_typed_from_a_copy(engine: Engine, people: dict[str, str]) -> None:
    """Its lines parted by a stroke."""
    held = _collected(engine, people["Brandt"])
    with reading(engine) as session:
        zone = mrz_for(session.get_one(Pass, held.id).application).replace("\n", "/")
    [row] = _enter(engine, f"{people['Brandt']},2017-10-11T08:50:00+02:00,7,{zone},,,,,,")
    assert row.entry is Entry.ENTERED


def test_a_file_can_be_entered_twice(engine: Engine, people: dict[str, str]) -> None:
    """What was entered before is told as such and changes nothing; blank lines are passed over."""
    line = f"{people['Adeyemi']},2017-10-11 08:45,12,,passport,KEN,AB1234567,2024-01-31,,"
    assert [row.entry for row in _enter(engine, line, ",,,,,,,,,")] == [Entry.ENTERED]
    assert [row.entry for row in _enter(engine, line)] == [Entry.KNOWN]


Row = Callable[[dict[str, str]], str]


@pytest.mark.parametrize(
    ("row", "entry", "told"),
    [
        (
            lambda _: "NOBODY,2017-10-11 08:45,12,,passport,KEN,AB1234567,,,",
            Entry.CONFLICT,
            "nobody has this reference",
        ),
        (lambda p: f"{p['Brandt']},,12,,passport,KEN,AB1234567,,,", Entry.BAD, "time is missing"),
        (lambda p: f"{p['Brandt']},quarter to nine,12,,passport,KEN,AB1234567,,,", Entry.BAD, "write it as 2017-10-11"),
        (lambda p: f"{p['Brandt']},2017-10-12 08:45,12,,passport,KEN,AB1234567,,,", Entry.BAD, "in the future"),
        (lambda p: f"{p['Brandt']},2017-10-11 08:45,12,,passport,ZZZ,AB1234567,,,", Entry.BAD, "Issuing State"),
        (
            lambda p: f"{p['Brandt']},2017-10-11 08:45,12,,driving_licence,KEN,AB1234567,,,",
            Entry.BAD,
            "Document: choose",
        ),
        (
            lambda p: f"{p['Brandt']},2017-10-11 08:45,12,,passport,KEN,AB1234567,2017-10-01,,",
            Entry.CONFLICT,
            "expired",
        ),
        (lambda p: f"{p['Brandt']},2017-10-11 08:45,12,,passport,KEN,AB1234567,2024-01-31,Smith,", Entry.CONFLICT, ""),
        (lambda p: f"{p['Brandt']},2017-10-11 05:45,12,,passport,KEN,AB1234567,2024-01-31,,", Entry.CONFLICT, ""),
    ],
)
def test_what_cannot_be_entered_is_told_by_its_row(
    engine: Engine, people: dict[str, str], row: Row, entry: Entry, told: str
) -> None:
    """With the cure, and without a word of the document; the next row is entered all the same."""
    good = f"{people['Adeyemi']},2017-10-11 08:45,12,,passport,KEN,CD7654321,2024-01-31,,"
    first, second = _enter(engine, row(people), good)
    assert (first.line, first.entry) == (2, entry)
    assert told in first.told
    assert "AB1234567" not in first.told
    assert second.entry is Entry.ENTERED


def test_two_desks_wrote_the_same_person_down(engine: Engine, people: dict[str, str]) -> None:
    """The first counts; the second is told by whom and when, and one document does not collect twice."""
    one = f"{people['Adeyemi']},2017-10-11 08:45,Dana,,passport,KEN,AB1234567,2024-01-31,,"
    two = f"{people['Adeyemi']},2017-10-11 08:55,Emil,,passport,KEN,AB1234567,2024-01-31,,"
    three = f"{people['Brandt']},2017-10-11 08:57,Emil,,passport,KEN,AB1234567,2024-01-31,,"
    rows = _enter(engine, one, two, three)
    assert [row.entry for row in rows] == [Entry.ENTERED, Entry.CONFLICT, Entry.CONFLICT]
    assert "Dana" in rows[1].told
    assert "08:45" in rows[1].told
    assert "document" in rows[2].told


@pytest.mark.parametrize(
    ("text", "told"),
    [("reference,time\n", "officer is missing"), ("reference,time,officer,colour\n", "a column that nobody reads")],
)
def test_a_table_of_something_else_is_refused(engine: Engine, text: str, told: str) -> None:
    """Before a row is read."""
    with pytest.raises(TableUnusable, match=told):
        enter(lambda: writing(engine), AFTERWARDS, EVENT.key, text)


def test_the_evening_count_names_what_lies_in_the_box(engine: Engine, people: dict[str, str]) -> None:
    """Three printed ahead: one handed over, one revoked and to be destroyed, one left; and one sheet was torn."""
    with writing(engine) as session:
        event = loaded_event(session, CONTEXT)
        again = print_badges(
            session,
            CONTEXT,
            event,
            template=TEMPLATE,
            fonts=FontBook(),
            references=[people["Ćosić"]],
            reason="sheet torn",
        )
        assert isinstance(again, PrintReport)
        revoke(session, CONTEXT, event, people["Brandt"], "a mistake")
        session.commit()
    _enter(engine, f"{people['Adeyemi']},2017-10-11 08:45,12,,passport,KEN,AB1234567,2024-01-31,,")
    with reading(engine) as session:
        counted = count_stock(session, CONTEXT, loaded_event(session, CONTEXT))
    assert (counted.printed, counted.ahead, counted.handed_over, counted.spoiled) == (3, 3, 1, 1)
    assert (counted.in_box, counted.to_destroy) == ((3,), (2,))


def test_slots_are_told_in_runs() -> None:
    """As a person reads them from the box."""
    assert in_runs([1, 2, 3, 5, 8, 9]) == "1–3, 5, 8–9"
    assert in_runs([]) == ""
