"""The pick-up: who gets a pass, who does not, and what is kept of the document."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from typing import Any

import pytest
from factories.contents import everything_in
from factories.contexts import HEARING_MORNING, acting, at, make_context
from factories.events import loaded_event
from factories.passes import collected_pass, grounds_grant, make_application, mrz_for, prepared_pass
from factories.threads import at_once
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from accredit.credential.document_tags import document_hash, document_tag
from accredit.credential.reasons import PassState
from accredit.db.models.applications import Application
from accredit.db.models.audit import AuditEntry
from accredit.db.models.passes import Pass
from accredit.db.session import writing
from accredit.domain.applications import ApplicationState
from accredit.domain.errors import NotAllowed
from accredit.domain.permissions import Role
from accredit.domain.pickup import Step
from accredit.identity.specimens import Specimen, build_td1
from accredit.services import desk_judging
from accredit.services.desk import Collected, NotCollected, collect
from accredit.services.desk_batch import collect_batch
from accredit.services.desk_search import find_people
from accredit.services.event_loading import LoadedEvent
from accredit.services.pass_life import revoke, suspend

CONTEXT = make_context(HEARING_MORNING, actor="user:dana")
_WANG = {"surname": "王", "given_names": "小明", "latin_surname": "WANG", "latin_given_names": "XIAOMING"}


def test_a_verified_document_collects_the_pass(engine: Engine) -> None:
    """State, keyed hash, tag, type, State, expiry and the last two characters are kept, with officer and time."""
    with writing(engine) as session:
        event = loaded_event(session, CONTEXT)
        held = prepared_pass(session, CONTEXT, event)
        before = held.roster_number
        outcome = collect(
            session, CONTEXT, event, held.application.reference, mrz_for(held.application, number="K1234567")
        )
        session.commit()
        assert isinstance(outcome, Collected)
        assert outcome.answer.code == "green"
        assert held.state is PassState.COLLECTED
        assert held.document_hash == document_hash(CONTEXT.secrets.pepper, 17, "KEN", "K1234567")
        assert held.document_tag == document_tag(CONTEXT.secrets.pepper, 17, "KEN", "K1234567")
        assert (held.document_type, held.document_state, held.document_tail) == ("passport", "KEN", "67")
        assert (held.document_expires_on, held.collected_by) == (date(2024, 1, 31), "user:dana")
        assert held.collected_at == HEARING_MORNING
        assert held.roster_number > before


def test_neither_zone_nor_number_is_kept_anywhere(engine: Engine) -> None:
    """No column of any table holds the number or a line of the zone, as text or as bytes."""
    with writing(engine) as session:
        event = loaded_event(session, CONTEXT)
        held = prepared_pass(session, CONTEXT, event)
        zone = mrz_for(held.application, number="X9Y8Z7W6V")
        assert isinstance(collect(session, CONTEXT, event, held.application.reference, zone), Collected)
        session.commit()
        everything = everything_in(session)
        assert held.application.reference in everything
        for secret in ("X9Y8Z7W6V", zone.splitlines()[0], zone.splitlines()[1], b"X9Y8Z7W6V".hex()):
            assert secret not in everything


@pytest.mark.parametrize(
    ("changes", "document", "told", "step", "code"),
    [
        ({"security_hold": True}, {}, {}, Step.SUPERVISOR, "hold"),
        ({"state": ApplicationState.REFUSED}, {}, {}, Step.STOP, "not_approved"),
        ({}, {"birth_date": date(1981, 5, 31)}, {}, Step.SUPERVISOR, "red"),
        ({}, {"surname": "Wholly", "given_names": "Another"}, {}, Step.SUPERVISOR, "red"),
        ({}, {"expires_on": date(2017, 10, 10)}, {}, Step.SUPERVISOR, "red"),
        ({}, {"given_names": "Adaeze Grace"}, {}, Step.LOOK, "amber"),
        ({}, {"given_names": "Adaeze Grace"}, {"settled": "x" * 401}, Step.LOOK, "long_reason"),
    ],
)
def test_a_pickup_that_does_not_end_with_a_pass(
    engine: Engine, changes: dict[str, Any], document: dict[str, Any], told: dict[str, Any], step: Step, code: str
) -> None:
    """Each obstacle has its step and code, and the pass stays prepared."""
    with writing(engine) as session:
        event = loaded_event(session, CONTEXT)
        held = prepared_pass(session, CONTEXT, event)
        zone = mrz_for(held.application, **document)
        for name, value in changes.items():
            setattr(held.application, name, value)
        outcome = collect(session, CONTEXT, event, held.application.reference, zone, **told)
        assert isinstance(outcome, NotCollected), outcome
        assert (outcome.answer.step, outcome.answer.code) == (step, code), outcome.answer
        assert outcome.answer.sentences
        assert held.state is PassState.PREPARED
        assert held.document_hash is None


def test_the_hold_says_nothing_more(engine: Engine) -> None:
    """The desk sees one sentence, whatever else might be wrong with person or document."""
    with writing(engine) as session:
        event = loaded_event(session, CONTEXT)
        held = prepared_pass(session, CONTEXT, event, security_hold=True)
        outcome = collect(session, CONTEXT, event, held.application.reference, "not even a zone")
        assert isinstance(outcome, NotCollected)
        assert outcome.answer.sentences == ("Please ask the supervisor.",)
        assert outcome.check is None


def test_an_amber_is_settled_with_a_reason_that_stays(engine: Engine) -> None:
    """A further given name is shown first; with the officer's reason the pass is handed over."""
    with writing(engine) as session:
        event = loaded_event(session, CONTEXT)
        held = prepared_pass(session, CONTEXT, event)
        zone = mrz_for(held.application, given_names="Adaeze Grace")
        first = collect(session, CONTEXT, event, held.application.reference, zone)
        assert isinstance(first, NotCollected)
        assert first.check is not None
        assert first.answer.sentences == tuple(finding.message for finding in first.check.findings)
        second = collect(session, CONTEXT, event, held.application.reference, zone, settled="second given name")
        assert isinstance(second, Collected)
        assert (second.answer.code, held.state_reason) == ("settled", "second given name")


def test_a_zone_with_a_wrong_check_digit_is_read_again(engine: Engine) -> None:
    """The officer is told field and line, never the number; the stop is in the trail."""
    with writing(engine) as session:
        event = loaded_event(session, CONTEXT)
        held = prepared_pass(session, CONTEXT, event)
        zone = mrz_for(held.application, number="K1234567")
        upper, lower = zone.splitlines()
        spoiled = f"{upper}\n{lower[:9]}{(int(lower[9]) + 1) % 10}{lower[10:]}"
        outcome = collect(session, CONTEXT, event, held.application.reference, spoiled)
        assert isinstance(outcome, NotCollected)
        assert (outcome.answer.step, outcome.answer.code) == (Step.LOOK, "mrz_unreadable")
        assert outcome.rejected is not None
        assert "K1234567" not in " ".join(outcome.answer.sentences)
        assert _stops(session, held.application.reference) == [["mrz_unreadable"]]


def test_a_residence_permit_needs_the_supervisor(engine: Engine) -> None:
    """What the event's policy lists so is handed over only at his word, which needs his permission."""
    with writing(engine) as session:
        event = loaded_event(session, CONTEXT)
        held = prepared_pass(session, CONTEXT, event)
        person = held.application
        permit = build_td1(
            Specimen(
                person.surname,
                person.given_names,
                person.birth_date,
                "KEN",
                "R7654321",
                date(2020, 1, 1),
                issuing_state="CHE",
                document_code="IR",
            )
        )
        outcome = collect(session, CONTEXT, event, person.reference, permit)
        assert isinstance(outcome, NotCollected)
        assert outcome.answer.code == "document_needs_supervisor"
        officer = acting(CONTEXT, "user:dana", Role.DESK)
        with pytest.raises(NotAllowed):
            collect(session, officer, event, person.reference, permit, supervisor=True)
        supervisor = acting(CONTEXT, "user:sam", Role.SUPERVISOR)
        assert isinstance(collect(session, supervisor, event, person.reference, permit, supervisor=True), Collected)
        assert held.document_type == "residence_permit"


def test_the_desk_keeps_its_hours(engine: Engine) -> None:
    """Outside the windows only a supervisor opens; the answer says when the desk does."""
    early = at(CONTEXT, datetime(2017, 10, 11, 5, 59, 59, tzinfo=UTC))
    with writing(engine) as session:
        event = loaded_event(session, CONTEXT)
        held = prepared_pass(session, CONTEXT, event)
        zone = mrz_for(held.application)
        outcome = collect(session, early, event, held.application.reference, zone)
        assert isinstance(outcome, NotCollected)
        assert outcome.answer.code == "desk_closed"
        assert "11 October 08:00" in outcome.answer.sentences[0]
        assert isinstance(collect(session, early, event, held.application.reference, zone, supervisor=True), Collected)


def test_who_has_a_grounds_pass_gets_no_other(engine: Engine) -> None:
    """The officer says so and knows what to do where there is no valid grounds pass."""
    with writing(engine) as session:
        event = loaded_event(session, CONTEXT)
        application = session.get_one(Application, grounds_grant(session, CONTEXT, event, b"g" * 16).application_id)
        outcome = collect(session, CONTEXT, event, application.reference, mrz_for(application))
        assert isinstance(outcome, NotCollected)
        assert outcome.answer.code == "has_grounds_pass"


def test_a_second_pickup_is_told_by_whom_and_when(engine: Engine) -> None:
    """The second desk learns who handed the pass over, at the event's hour."""
    with writing(engine) as session:
        event = loaded_event(session, CONTEXT)
        held = collected_pass(session, CONTEXT, event)
        outcome = collect(session, CONTEXT, event, held.application.reference, mrz_for(held.application))
        assert isinstance(outcome, NotCollected)
        assert outcome.answer.code == "pass_collected"
        assert "dana on 11 October at 08:30" in outcome.answer.sentences[-1]
        assert _stops(session, held.application.reference) == [["pass_collected"]]


def test_one_document_collects_one_pass(engine: Engine) -> None:
    """The same person with two approved applications leaves with one pass, also while that one is suspended."""
    with writing(engine) as session:
        event = loaded_event(session, CONTEXT)
        held = collected_pass(session, CONTEXT, event, surname="Twice")
        other = prepared_pass(session, CONTEXT, event, surname="Twice")
        zone = mrz_for(held.application)
        for _ in range(2):
            outcome = collect(session, CONTEXT, event, other.application.reference, zone)
            assert isinstance(outcome, NotCollected)
            assert (outcome.answer.step, outcome.answer.code) == (Step.STOP, "document_in_use")
            assert outcome.answer.sentences[0].startswith("This document already collected a pass")
            suspend(session, CONTEXT, event, held.serial, "asked by security")
        revoke(session, CONTEXT, event, held.serial, "the second application is the right one")
        supervised = collect(session, CONTEXT, event, other.application.reference, zone, supervisor=True)
        assert isinstance(supervised, Collected)


def test_the_database_itself_refuses_a_second_pass_for_a_document(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where the look before finds nothing, the unique index answers, and the session goes on."""
    with writing(engine) as session:
        event = loaded_event(session, CONTEXT)
        held = collected_pass(session, CONTEXT, event, surname="Twice")
        other = prepared_pass(session, CONTEXT, event, surname="Twice")
        monkeypatch.setattr(desk_judging, "other_pass", lambda *_: None)
        outcome = collect(session, CONTEXT, event, other.application.reference, mrz_for(held.application))
        session.commit()
        assert isinstance(outcome, NotCollected)
        assert outcome.answer.code == "document_in_use"
        session.refresh(other)
        assert (other.state, other.document_hash, other.collected_at) == (PassState.PREPARED, None, None)


def test_an_unknown_reference_is_not_written_down(engine: Engine) -> None:
    """What was typed may be a name; the trail says that something was stopped and no more."""
    with writing(engine) as session:
        event = loaded_event(session, CONTEXT)
        outcome = collect(session, CONTEXT, event, "Adaeze Okonjo", "")
        assert isinstance(outcome, NotCollected)
        assert outcome.answer.code == "unknown_reference"
        assert _stops(session, "unknown") == [["unknown_reference"]]


def test_two_desks_collect_the_same_person_at_once(engine: Engine) -> None:
    """Exactly one hands the pass over; the others are told by whom, and nobody waits for ever."""
    with writing(engine) as session:
        event = loaded_event(session, CONTEXT)
        held = prepared_pass(session, CONTEXT, event)
        reference, zone = held.application.reference, mrz_for(held.application)
        session.commit()

    def pick_up(session: Session, event: LoadedEvent) -> str:
        return collect(session, CONTEXT, event, reference, zone).answer.code

    assert sorted(at_once(engine, pick_up, 4)) == ["green", "pass_collected", "pass_collected", "pass_collected"]


def test_one_document_at_two_desks_at_once(engine: Engine) -> None:
    """Two applications of one person, two desks, one passport: one pass."""
    with writing(engine) as session:
        event = loaded_event(session, CONTEXT)
        passes = [prepared_pass(session, CONTEXT, event, surname="Twice") for _ in range(2)]
        zone = mrz_for(passes[0].application)
        left = iter([held.application.reference for held in passes])
        session.commit()

    def pick_up(session: Session, event: LoadedEvent) -> str:
        return collect(session, CONTEXT, event, next(left), zone).answer.code

    assert sorted(at_once(engine, pick_up, 2)) == ["document_in_use", "green"]
    with writing(engine) as session:
        assert len(session.scalars(select(Pass).where(Pass.state == PassState.COLLECTED)).all()) == 1


def test_a_batch_commits_line_by_line(engine: Engine) -> None:
    """Good lines are collected, bad ones reported with their number and cure; a second run changes nothing."""
    with writing(engine) as session:
        event = loaded_event(session, CONTEXT)
        first, amber = (prepared_pass(session, CONTEXT, event) for _ in range(2))
        second = prepared_pass(session, CONTEXT, event, birth_date=date(1999, 1, 1))
        session.commit()
    settled = mrz_for(amber.application, given_names="Adaeze Grace")
    lines = [
        json.dumps({"reference": first.application.reference, "mrz": mrz_for(first.application)}),
        "",
        "{not json",
        json.dumps({"reference": first.application.reference}),
        json.dumps({"reference": 7, "mrz": "x"}),
        json.dumps({"reference": "a", "mrz": "b", "colour": "red"}),
        json.dumps({"reference": "a", "mrz": "b", "supervisor": "yes"}),
        json.dumps(["a"]),
        json.dumps({"reference": second.application.reference, "mrz": mrz_for(first.application)}),
        json.dumps({"reference": amber.application.reference, "mrz": settled, "settled": "second given name"}),
    ]
    report = collect_batch(lambda: writing(engine), CONTEXT, "", lines)
    assert [(row.line, row.code) for row in report.rows] == [
        (1, "green"),
        (3, "bad_line"),
        (4, "bad_line"),
        (5, "bad_line"),
        (6, "bad_line"),
        (7, "bad_line"),
        (8, "bad_line"),
        (9, "red"),
        (10, "settled"),
    ]
    assert report.collected == 2
    assert [row.line for row in report.stopped] == [3, 4, 5, 6, 7, 8, 9]
    assert report.rows[2].sentences == ("Line 4: mrz is missing; add it",)
    again = collect_batch(lambda: writing(engine), CONTEXT, "", lines)
    assert (again.collected, again.rows[0].code) == (0, "pass_collected")


def test_a_person_is_found_by_what_is_at_hand(engine: Engine) -> None:
    """Reference, confirmation code, document, or words of the name in any order and script."""
    with writing(engine) as session:
        event = loaded_event(session, CONTEXT)
        anna = make_application(session, event, surname="Müller", given_names="Anna Lea")
        wang = make_application(
            session, event, surname="王", given_names="小明", latin_surname="WANG", latin_given_names="XIAOMING"
        )
        make_application(session, event, surname="Mueller-Brandt", given_names="Anna")

        def found(typed: str) -> set[str]:
            return {one.reference for one in find_people(session, CONTEXT, event, typed)}

        assert found(anna.reference.lower()) == {anna.reference}
        assert found(f"SEC1:{anna.reference}") == {anna.reference}
        assert found("lea müller") == {anna.reference}
        assert found("小明") == found("xiaoming wang") == {wang.reference}
        assert found(mrz_for(anna, given_names="Anna Lea")) == {anna.reference}
        assert found(mrz_for(wang)) == {wang.reference}
        assert anna.reference in found(mrz_for(anna, given_names="Anna Lea Sofie"))
        assert anna.reference in found(mrz_for(anna, birth_date="8005<<"))
        assert found("100%") == found("  ") == set()


def test_case_and_accents_are_forgiven_the_same_everywhere(engine: Engine) -> None:
    """What is typed without accents or in capitals finds the name in any script, on each database; surnames in order."""
    with writing(engine) as session:
        event = loaded_event(session, CONTEXT)
        anna = make_application(session, event, surname="Müller", given_names="Zoë")
        olga = make_application(session, event, surname="Чайка", given_names="Ольга")
        emile = make_application(session, event, surname="Muller", given_names="Émile")

        def found(typed: str) -> list[str]:
            return [one.reference for one in find_people(session, CONTEXT, event, typed)]

        assert found("MÜLLER") == found("muller") == [emile.reference, anna.reference]
        assert found("ZOE") == found("zoË") == [anna.reference]
        assert found("ЧАЙКА ольга") == [olga.reference]
        assert found("é") == found("E")


def _stops(session: Session, reference: str) -> list[list[str]]:
    rows = select(AuditEntry).where(AuditEntry.action == "pickup.stopped", AuditEntry.subject_id == reference)
    return [row.fields for row in session.scalars(rows.order_by(AuditEntry.number))]
