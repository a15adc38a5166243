"""What the desk's screen knows of a person: found by anything at hand, compared line by line, with one next step."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from factories.contexts import HEARING_MORNING, acting, at, make_context
from factories.events import loaded_event, make_event
from factories.passes import collected_pass, make_application, mrz_for, prepared_pass
from factories.statements import statements
from sqlalchemy import Engine

from accredit.credential.reasons import PassState
from accredit.db.models.applications import Application
from accredit.db.session import writing
from accredit.domain.applications import ApplicationState
from accredit.domain.permissions import Role
from accredit.domain.submissions import FieldProblem
from accredit.services.desk import Collected, NotCollected, collect
from accredit.services.desk_card import Card, Next, card_of
from accredit.services.desk_documents import TypedDocument, read_typed
from accredit.services.desk_hours import widen
from accredit.services.desk_search import find, is_zone
from accredit.services.desk_words import words_of
from accredit.services.queue_clock import Bustle, queue_clock

CONTEXT = make_context(HEARING_MORNING, actor="user:dana")
OFFICER = acting(CONTEXT, "user:dana", Role.DESK)
SUPERVISOR = acting(CONTEXT, "user:sam", Role.SUPERVISOR)
TYPED = {
    "kind": "identity_card",
    "issuing_state": "ken",
    "number": "ab 12-34",
    "surname": "Okonjo",
    "given_names": "Adaeze",
    "birth_date": "1980-05-31",
    "nationality": "KEN",
    "expires_on": "2020-01-01",
    "reason": "the card has no zone",
}


@pytest.mark.parametrize(
    ("typed", "is_one"),
    [
        ("P<KENOKONJO<<ADAEZE<<<<<<<<<<<<<<<<<<<<<<<<", True),
        ("i<cheA1234567<0<<<<<<<<<<<<<<<\n8005317F2401310KEN<<<<<<<<<<<2\nOKONJO<<ADAEZE<<<<<<<<<<<<<<", True),
        ("SEC1:K7QF-3M9P", False),
        ("Okonjo Adaeze", False),
        ("a very long name of one person who has many", False),
    ],
)
def test_a_zone_is_told_by_its_shape(typed: str, is_one: bool) -> None:
    """One field takes everything, and nobody says beforehand what it is."""
    assert is_zone(typed) is is_one


def test_words_are_folded_the_same_way_on_both_sides() -> None:
    """Case, accents and hyphens are of no account, in any script; a vowel sign does not end a word."""
    assert words_of("  Jean-Pierre  ÉMILE") == ("jean", "pierre", "emile")
    assert words_of("Straße О'Нил") == ("strasse", "о", "нил")
    assert words_of("राजेश") == ("राजेश",)


def test_a_person_is_found_by_the_beginning_of_each_word(engine: Engine) -> None:
    """In any order and script, as written, in Latin letters, and as the zone spells it; both parts in one run, too."""
    with writing(engine) as session:
        event = loaded_event(session, CONTEXT)
        olga = make_application(session, event, surname="Чайка", given_names="Ольга")
        anna = make_application(session, event, surname="Müller-Brandt", given_names="Anna")
        wang = make_application(
            session, event, surname="王", given_names="小明", latin_surname="WANG", latin_given_names="XIAOMING"
        )
        for typed, wanted in (
            ("чай оль", olga),
            ("chaika", olga),
            ("muell", anna),
            ("mull ann", anna),
            ("bra an", anna),
            ("王小明", wang),
            ("xiao wa", wang),
        ):
            assert find(session, CONTEXT, event, typed).people == (wanted,), typed
        for nobody in ("ller", "anna wang", "%", "'"):
            assert find(session, CONTEXT, event, nobody).people == ()


def test_a_long_list_is_cut_and_says_so(engine: Engine) -> None:
    """Twenty are shown, the first by surname; a name that is typed further finds the rest."""
    with writing(engine) as session:
        event = loaded_event(session, CONTEXT)
        for number in range(25):
            make_application(session, event, surname=f"Same{chr(97 + number)}", given_names="Name")
        found = find(session, CONTEXT, event, "name same")
        assert (len(found.people), found.more) == (20, True)
        assert [one.surname for one in found.people] == sorted(one.surname for one in found.people)
        alone = find(session, CONTEXT, event, "samey")
        assert ([one.surname for one in alone.people], alone.more) == (["Samey"], False)


def test_father_and_son_and_twins_have_a_card_each(engine: Engine) -> None:
    """A document opens the card of its own bearer; by the name both stand in a list."""
    with writing(engine) as session:
        event = loaded_event(session, CONTEXT)
        father, son = (
            make_application(session, event, surname="Abara", given_names="Chidi", birth_date=born)
            for born in (date(1960, 1, 2), date(1990, 3, 4))
        )
        twins = [make_application(session, event, surname="Twin", given_names=one) for one in ("Taiwo", "Kehinde")]
        for one in (father, son, *twins):
            assert find(session, CONTEXT, event, mrz_for(one)).people == (one,)
        further = mrz_for(twins[0], given_names="Taiwo Grace")
        assert find(session, CONTEXT, event, further).people == (twins[0],)
        assert set(find(session, CONTEXT, event, "chidi abara").people) == {father, son}


def test_of_two_applications_of_a_person_the_approved_one_opens(engine: Engine) -> None:
    """It is about passes; where both are approved it is a list, never a guess."""
    with writing(engine) as session:
        event = loaded_event(session, CONTEXT)
        first, second = (make_application(session, event, surname="Twice") for _ in range(2))
        assert set(find(session, CONTEXT, event, mrz_for(first)).people) == {first, second}
        first.state = ApplicationState.REFUSED
        assert find(session, CONTEXT, event, mrz_for(first)).people == (second,)


def test_a_zone_that_cannot_be_true_finds_nobody_and_says_why(engine: Engine) -> None:
    """The officer reads it again; the suggestion is his to compare, never taken by itself."""
    with writing(engine) as session:
        event = loaded_event(session, CONTEXT)
        zone = mrz_for(make_application(session, event), number="K0123456")
        found = find(session, CONTEXT, event, zone.replace("K0123456", "KO123456"))
        assert found.people == ()
        assert found.rejected is not None
        assert found.rejected.suggestion == zone


def _card(engine: Engine, document: dict[str, Any] | None = None, **changes: Any) -> Card:
    with writing(engine) as session:
        event = loaded_event(session, CONTEXT)
        held = prepared_pass(session, CONTEXT, event, **changes)
        zone = None if document is None else mrz_for(held.application, **document)
        return card_of(session, OFFICER, event, held.application, zone)


@pytest.mark.parametrize(
    ("document", "changes", "step", "colour"),
    [
        (None, {}, Next.READ_DOCUMENT, ""),
        ({}, {}, Next.COLLECT, "green"),
        ({"given_names": "Adaeze Grace"}, {}, Next.SETTLE, "amber"),
        ({"surname": "Maiden"}, {}, Next.SETTLE, "amber"),
        ({"birth_date": date(1981, 5, 31)}, {}, Next.SUPERVISOR, "red"),
        ({}, {"security_hold": True}, Next.SUPERVISOR, "red"),
        ({"surname": "", "given_names": "Sukarno"}, {"surname": "", "given_names": "Sukarno"}, Next.COLLECT, "green"),
    ],
)
def test_each_card_has_one_next_step(
    engine: Engine, document: dict[str, Any] | None, changes: dict[str, Any], step: Next, colour: str
) -> None:
    """And one colour; without a document there is none yet."""
    card = _card(engine, document, **changes)
    assert (card.next, card.colour) == (step, colour), card.answer


def test_what_differs_is_marked_word_by_word(engine: Engine) -> None:
    """The extra given name on the document's side alone, the rest unmarked."""
    card = _card(engine, {"given_names": "Adaeze Grace", "nationality": "CHE"}, surname="Abara-Obi")
    lines = {line.name: line for line in card.lines}
    assert [(word.text, word.differs) for word in lines["given_names"].document] == [("ADAEZE", False), ("GRACE", True)]
    assert not lines["surname"].differs
    assert lines["nationality"].differs
    assert not lines["birth_date"].differs


def test_a_hold_shows_one_sentence_and_nothing_more(engine: Engine) -> None:
    """No comparison, no finding; the supervisor sees what it is about and can give his word."""
    with writing(engine) as session:
        event = loaded_event(session, CONTEXT)
        held = prepared_pass(session, CONTEXT, event, security_hold=True)
        zone = mrz_for(held.application)
        card = card_of(session, OFFICER, event, held.application, zone)
        assert (card.is_bare, card.answer.sentences) == (True, ("Please ask the supervisor.",))
        assert (card.findings, card.shown, card.fits) == ((), None, ())
        his = card_of(session, SUPERVISOR, event, held.application, zone)
        assert (his.is_bare, his.next, his.officer.code) == (False, Next.AT_MY_WORD, "hold")


def test_another_persons_document_names_its_own_card(engine: Engine) -> None:
    """Spouses' passports on one counter: red, and the officer sees whose it is."""
    with writing(engine) as session:
        event = loaded_event(session, CONTEXT)
        his, hers = (
            prepared_pass(session, CONTEXT, event, given_names=one, surname="Spouse") for one in ("Ade", "Bisi")
        )
        card = card_of(session, OFFICER, event, his.application, mrz_for(hers.application))
        assert card.next is Next.SUPERVISOR
        assert card.fits == (hers.application,)


def test_the_steps_after_the_pickup(engine: Engine) -> None:
    """Collected: print; whoever comes again is told by whom and when."""
    with writing(engine) as session:
        event = loaded_event(session, CONTEXT)
        held = collected_pass(session, CONTEXT, event)
        card = card_of(session, OFFICER, event, held.application)
        assert card.next is Next.PRINT
        assert "dana" in card.answer.sentences[-1]
        assert card.undo_until == HEARING_MORNING + timedelta(minutes=1)
        assert find(session, CONTEXT, event, mrz_for(held.application)).people == (held.application,)


def test_a_card_costs_few_statements(engine: Engine) -> None:
    """However many people there are."""
    with writing(engine) as session:
        event = loaded_event(session, CONTEXT)
        held = [prepared_pass(session, CONTEXT, event) for _ in range(5)][2]
        session.commit()
        with statements(engine) as seen:
            found = find(session, OFFICER, event, mrz_for(held.application))
            card_of(session, OFFICER, event, found.people[0], mrz_for(held.application))
        assert len(seen) <= 16, seen


def test_a_document_without_a_zone_is_typed_with_a_reason(engine: Engine) -> None:
    """Never green by itself: the reason stays with the pass; a scanned copy of it is known as the same document."""
    event_file = make_event()
    typed = read_typed(TYPED, event_file, date(2017, 10, 11))
    assert isinstance(typed, TypedDocument)
    assert typed.number == "AB1234"
    with writing(engine) as session:
        event = loaded_event(session, CONTEXT)
        held = prepared_pass(session, CONTEXT, event, surname="Okonjo")
        twin = prepared_pass(session, CONTEXT, event, surname="Okonjo")
        card = card_of(session, OFFICER, event, held.application, typed)
        assert card.next is Next.COLLECT
        outcome = collect(session, OFFICER, event, held.application.reference, typed)
        assert isinstance(outcome, Collected)
        assert (held.document_type, held.document_tail, held.state_reason) == (
            "identity_card",
            "34",
            "the card has no zone",
        )
        again = collect(session, OFFICER, event, twin.application.reference, mrz_for(twin.application, number="AB1234"))
        assert isinstance(again, NotCollected)
        assert again.answer.code == "document_in_use"


def test_a_typed_document_that_differs_is_settled_like_any_other(engine: Engine) -> None:
    """The reason for typing is no reason for another name; both stay."""
    typed = read_typed({**TYPED, "given_names": "Adaeze Grace"}, make_event(), date(2017, 10, 11))
    assert isinstance(typed, TypedDocument)
    with writing(engine) as session:
        event = loaded_event(session, CONTEXT)
        held = prepared_pass(session, CONTEXT, event, surname="Okonjo")
        reference = held.application.reference
        first = collect(session, OFFICER, event, reference, typed)
        assert isinstance(first, NotCollected)
        assert first.answer.code == "amber"
        assert isinstance(collect(session, OFFICER, event, reference, typed, settled="second name"), Collected)
        assert held.state_reason == "second name; the card has no zone"


def test_a_loss_report_needs_the_supervisor(engine: Engine) -> None:
    """The police's report of a lost passport counts at his word."""
    typed = read_typed({**TYPED, "kind": "loss_report", "issuing_state": "CHE"}, make_event(), date(2017, 10, 11))
    assert isinstance(typed, TypedDocument)
    with writing(engine) as session:
        event = loaded_event(session, CONTEXT)
        held = prepared_pass(session, CONTEXT, event, surname="Okonjo")
        assert card_of(session, OFFICER, event, held.application, typed).answer.code == "document_needs_supervisor"
        done = collect(session, SUPERVISOR, event, held.application.reference, typed, supervisor=True)
        assert isinstance(done, Collected)
        assert held.document_type == "loss_report"


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"kind": "driving_licence"}, "kind"),
        ({"kind": "?"}, "kind"),
        ({"issuing_state": "XYZ"}, "issuing_state"),
        ({"nationality": ""}, "nationality"),
        ({"number": " - "}, "number"),
        ({"number": "Ж123"}, "number"),
        ({"surname": "", "given_names": ""}, "surname"),
        ({"surname": "王"}, "surname"),
        ({"given_names": "x" * 121}, "given_names"),
        ({"birth_date": "31.5.1980"}, "birth_date"),
        ({"birth_date": "2017-10-12"}, "birth_date"),
        ({"expires_on": "soon"}, "expires_on"),
        ({"reason": " "}, "reason"),
    ],
)
def test_what_is_typed_is_checked_field_by_field(changes: dict[str, str], field: str) -> None:
    """Each fault names its field and the cure, and repeats nothing of the document."""
    problems = read_typed({**TYPED, **changes}, make_event(), date(2017, 10, 11))
    assert isinstance(problems, tuple)
    assert [one.field for one in problems] == [field]
    assert all(isinstance(one, FieldProblem) and "1234" not in one.message for one in problems)


def test_the_clock_of_the_queue(engine: Engine) -> None:
    """Passes of the last ten minutes, who is still to come, and when that is done; three statements, whatever the size."""
    with writing(engine) as session:
        event = loaded_event(session, CONTEXT)
        for minute in (0, 20, 24, 26, 28):
            collected_pass(session, at(CONTEXT, HEARING_MORNING - timedelta(minutes=28 - minute)), event)
        for _ in range(6):
            prepared_pass(session, CONTEXT, event)
        session.flush()
        now = HEARING_MORNING + timedelta(minutes=1)
        with statements(engine) as seen:
            clock = queue_clock(session, event, now)
        assert len(seen) == 3
        assert (clock.is_open, clock.handed_out, clock.lately, clock.expected, clock.to_come) == (True, 5, 4, 11, 6)
        assert clock.pace == pytest.approx(0.4)
        assert clock.done_at == now + timedelta(minutes=15)
        assert clock.meeting is not None
        assert (clock.meeting.key, clock.is_in_time) == ("hearing-morning", True)
        assert (clock.rounded.bustle, clock.rounded.served_lately) == (Bustle.QUIET, 5)


def test_the_clock_of_a_closed_desk(engine: Engine) -> None:
    """It says so, until a supervisor opens it; without a pace nobody can tell when it is done."""
    night = datetime(2017, 10, 10, 20, 0, tzinfo=UTC)
    with writing(engine) as session:
        event = loaded_event(session, CONTEXT)
        clock = queue_clock(session, event, night)
        assert (clock.is_open, clock.rounded.bustle, clock.done_at, clock.is_in_time) == (
            False,
            Bustle.CLOSED,
            None,
            None,
        )
        widen(session, at(SUPERVISOR, night), event, night, night + timedelta(hours=1), "a late train")
        assert queue_clock(session, event, night).rounded.bustle is Bustle.QUIET


def test_a_renewed_passport_is_green(engine: Engine) -> None:
    """Another number than the one a scanner may know says nothing against the person."""
    with writing(engine) as session:
        event = loaded_event(session, CONTEXT)
        held = prepared_pass(session, CONTEXT, event)
        old, new = (mrz_for(held.application, number=one) for one in ("OLD11111", "NEW22222"))
        assert isinstance(collect(session, OFFICER, event, held.application.reference, new), Collected)
        person: Application = held.application
        assert find(session, CONTEXT, event, old).people == (person,)
        assert card_of(session, OFFICER, event, person, old).answer.code == f"pass_{PassState.COLLECTED.value}"
