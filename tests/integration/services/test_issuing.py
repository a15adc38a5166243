"""Passes from their preparation to their end."""

from __future__ import annotations

import dataclasses
import threading

import pytest
from factories.contexts import HEARING_MORNING, acting, make_context
from factories.devices import make_scanner
from factories.events import loaded_event, make_event
from factories.keys import with_keys
from factories.passes import collected_pass, grounds_grant, make_application, mrz_for, prepared_pass
from factories.threads import at_once
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from accredit.credential.reasons import PassState
from accredit.credential.serials import short_code
from accredit.db.models.applications import Application
from accredit.db.models.audit import AuditEntry
from accredit.db.models.events import EventRecord
from accredit.db.models.gate import Presence
from accredit.db.models.passes import GroundsGrant, Pass, RevocationEntry
from accredit.db.session import writing
from accredit.domain.applications import ApplicationState
from accredit.domain.errors import NotAllowed
from accredit.domain.permissions import Role
from accredit.services.auditing import Action, Subject, record
from accredit.services.event_loading import LoadedEvent
from accredit.services.issuing import AlreadyPrepared, prepare, prepare_for_grounds_holder, replace
from accredit.services.pass_finding import application_of
from accredit.services.pass_life import NotChanged, Obstacle, reinstate, revoke, suspend, withdraw

CONTEXT = make_context(HEARING_MORNING)


def test_an_approved_person_gets_one_prepared_pass(engine: Engine) -> None:
    """The pass carries category, grants and validity of the event; a second preparation finds it there."""
    with writing(engine) as session:
        event = loaded_event(session, CONTEXT)
        application = make_application(session, event)
        held = prepare(session, CONTEXT, event, application)
        assert isinstance(held, Pass)
        assert (held.state, held.category_code, held.grants) == (PassState.PREPARED, 1, 0b111)
        assert (held.valid_from, held.valid_until) == (event.event.valid_from, event.event.valid_until)
        assert held.roster_number == 2 == event.record.roster_number
        again = prepare(session, CONTEXT, event, application)
        assert isinstance(again, AlreadyPrepared)
        assert again.held is held


def test_nobody_but_an_approved_person_gets_a_pass(engine: Engine) -> None:
    """Preparing a pass for a refused application is a broken promise of the caller."""
    with writing(engine) as session:
        event = loaded_event(session, CONTEXT)
        application = make_application(session, event, state=ApplicationState.REFUSED)
        with pytest.raises(ValueError, match="refused; only an approved one"):
            prepare(session, CONTEXT, event, application)


def test_a_grounds_pass_holder_gets_written_grants_and_no_pass(engine: Engine) -> None:
    """Approval, withdrawal and a second approval move the same grants, each under a new number."""
    with writing(engine) as session:
        event = loaded_event(session, CONTEXT)
        grant = grounds_grant(session, CONTEXT, event, b"g" * 16)
        application = session.get_one(Application, grant.application_id)
        assert isinstance(prepare(session, CONTEXT, event, application), AlreadyPrepared)
        before = grant.roster_number
        assert withdraw(session, CONTEXT, event, application, "withdrawn by the organisation") == (grant,)
        assert grant.withdrawn_at == HEARING_MORNING
        assert grant.roster_number > before
        again = prepare(session, CONTEXT, event, application)
        assert again is grant
        assert grant.withdrawn_at is None
        assert session.scalar(select(Pass)) is None


def test_a_changed_grounds_number_makes_scanners_start_anew(engine: Engine) -> None:
    """An old number must be forgotten everywhere, which a delta cannot say once the row names the new one."""
    with writing(engine) as session:
        event = loaded_event(session, CONTEXT)
        application = make_application(session, event, grounds_pass=True, grounds_hash=b"1" * 16)
        prepare(session, CONTEXT, event, application)
        withdraw(session, CONTEXT, event, application, "number mistyped")
        application.grounds_hash = b"2" * 16
        grant = prepare(session, CONTEXT, event, application)
        assert isinstance(grant, GroundsGrant)
        session.commit()
        assert event.record.settings_number == grant.roster_number


def test_a_clashing_serial_is_drawn_again(engine: Engine) -> None:
    """Two passes of an event never share a serial, whatever the dice say."""
    drawn = iter([b"\x07" * 16, b"\x01" * 5, b"\x08" * 16, b"\x01" * 5, b"\x02" * 5])
    with writing(engine) as session:
        event = loaded_event(session, CONTEXT)
        first, second = make_application(session, event), make_application(session, event)
        context = dataclasses.replace(CONTEXT, entropy=lambda _size: next(drawn))
        held = prepare(session, context, event, first)
        other = prepare(session, context, event, second)
        assert isinstance(held, Pass)
        assert isinstance(other, Pass)
        assert (held.serial, other.serial) == (b"\x01" * 5, b"\x02" * 5)


def test_a_revoked_pass_stands_on_the_list_and_never_comes_back(engine: Engine) -> None:
    """Its row carries the roster number of the change; revoking again, or reinstating, finds nothing to change."""
    with writing(engine) as session:
        event = loaded_event(session, CONTEXT)
        held = collected_pass(session, CONTEXT, event)
        reference = held.application.reference
        assert revoke(session, CONTEXT, event, reference, "the organisation withdrew him") == (held,)
        session.commit()
        assert (held.state, held.state_reason) == (PassState.REVOKED, "the organisation withdrew him")
        entry = session.scalars(select(RevocationEntry)).one()
        assert (entry.serial, entry.restored, entry.number) == (held.serial, False, held.roster_number)
        assert event.record.revocation_number == entry.number
        for change in (revoke, reinstate, replace, suspend):
            outcome = change(session, CONTEXT, event, reference, "once more")
            assert isinstance(outcome, NotChanged)
            assert outcome.code is Obstacle.NO_PASS


def test_suspension_is_the_one_end_that_comes_back(engine: Engine) -> None:
    """A suspended pass goes back to what it was, and the list says restored."""
    with writing(engine) as session:
        event = loaded_event(session, CONTEXT)
        ready, taken = prepared_pass(session, CONTEXT, event), collected_pass(session, CONTEXT, event)
        for held, state in ((ready, PassState.PREPARED), (taken, PassState.COLLECTED)):
            named = held.application.reference
            assert suspend(session, CONTEXT, event, named, "asked by security") is held
            assert (held.state, held.suspended_from) == (PassState.SUSPENDED, state)
            assert reinstate(session, CONTEXT, event, named, "cleared") is held
            assert (held.state, held.suspended_from) == (state, None)
        session.commit()
        rows = session.execute(
            select(RevocationEntry.serial, RevocationEntry.restored).order_by(RevocationEntry.number)
        ).all()
        assert [tuple(row) for row in rows] == [
            (ready.serial, False),
            (ready.serial, True),
            (taken.serial, False),
            (taken.serial, True),
        ]


def test_a_replacement_has_a_new_serial_and_waits_for_the_document(engine: Engine) -> None:
    """The old pass is replaced, the new one prepared; where the person was last seen follows."""
    context = with_keys(CONTEXT, make_event())
    with writing(engine) as session:
        event = loaded_event(session, context)
        scanner = make_scanner(session, context, event)
        old = collected_pass(session, context, event)
        session.add(
            Presence(
                pass_id=old.id,
                checkpoint="pregny",
                inside=True,
                lane="1",
                device_id=scanner.device.id,
                scanned_at=HEARING_MORNING,
            )
        )
        new = replace(session, context, event, old.application.reference, "lost on the tram")
        assert isinstance(new, Pass)
        session.commit()
        assert (old.state, new.state, new.replaces_id) == (PassState.REPLACED, PassState.PREPARED, old.id)
        assert new.serial != old.serial
        assert new.document_hash is None
        assert session.scalars(select(Presence.pass_id)).one() == new.id


def test_the_code_of_an_old_pass_never_ends_the_new_one(engine: Engine) -> None:
    """Whoever finds the lost pass and has it revoked by its code does not lock its owner out."""
    with writing(engine) as session:
        event = loaded_event(session, CONTEXT)
        old = collected_pass(session, CONTEXT, event)
        new = replace(session, CONTEXT, event, short_code(old.serial), "lost")
        assert isinstance(new, Pass)
        for named in (old.serial, short_code(old.serial).lower()):
            outcome = revoke(session, CONTEXT, event, named, "found in the garden")
            assert isinstance(outcome, NotChanged)
            assert outcome.code is Obstacle.WRONG_STATE
        assert new.state is PassState.PREPARED
        assert revoke(session, CONTEXT, event, short_code(new.serial), "no longer coming") == (new,)


def test_a_suspended_pass_is_not_replaced(engine: Engine) -> None:
    """A replacement would end the suspension behind the supervisor's back."""
    with writing(engine) as session:
        event = loaded_event(session, CONTEXT)
        held = collected_pass(session, CONTEXT, event)
        suspend(session, CONTEXT, event, held.serial, "asked by security")
        outcome = replace(session, CONTEXT, event, held.serial, "lost")
        assert isinstance(outcome, NotChanged)
        assert outcome.code is Obstacle.SUSPENDED
        assert held.state is PassState.SUSPENDED


@pytest.mark.parametrize(
    ("named", "reason", "code"),
    [
        ("NO-SUCH", "why", Obstacle.UNKNOWN),
        ("", "why", Obstacle.UNKNOWN),
        ("T000-001A", "  ", Obstacle.NO_REASON),
        ("T000-001A", "x" * 2001, Obstacle.LONG_REASON),
    ],
)
def test_a_change_needs_somebody_and_a_reason(engine: Engine, named: str, reason: str, code: Obstacle) -> None:
    """Each refusal is a value with its code, and nothing is numbered."""
    with writing(engine) as session:
        event = loaded_event(session, CONTEXT)
        outcome = revoke(session, CONTEXT, event, named, reason)
        assert isinstance(outcome, NotChanged)
        assert outcome.code is code
        assert event.record.roster_number == 1


def test_a_reviewer_does_not_revoke_by_himself(engine: Engine) -> None:
    """Ending a pass needs the permission, unless a decision ends it."""
    reviewer = acting(CONTEXT, "user:rita", Role.REVIEWER)
    with writing(engine) as session:
        event = loaded_event(session, CONTEXT)
        held = prepared_pass(session, CONTEXT, event)
        for change in (revoke, suspend, reinstate, replace):
            with pytest.raises(NotAllowed):
                change(session, reviewer, event, held.application.reference, "why")
        assert withdraw(session, reviewer, event, held.application, "refused on second thoughts") == (held,)


def test_a_suspension_cannot_be_walked_around_with_a_second_application(engine: Engine) -> None:
    """What the document collected meanwhile stands in the way of a reinstatement."""
    with writing(engine) as session:
        event = loaded_event(session, CONTEXT)
        held = collected_pass(session, CONTEXT, event)
        suspend(session, CONTEXT, event, held.serial, "asked by security")
        other = prepared_pass(session, CONTEXT, event)
        other.state, other.document_hash, other.collected_at = PassState.COLLECTED, held.document_hash, HEARING_MORNING
        session.flush()
        outcome = reinstate(session, CONTEXT, event, held.serial, "cleared")
        assert isinstance(outcome, NotChanged)
        assert outcome.code is Obstacle.DOCUMENT_IN_USE


def test_two_approvals_at_once_give_one_live_pass(engine: Engine) -> None:
    """Of two preparations in the same moment one prepares, the other is told what is there."""
    with writing(engine) as session:
        event = loaded_event(session, CONTEXT)
        reference = make_application(session, event).reference
        session.commit()

    def approve(session: Session, event: LoadedEvent) -> object:
        application = application_of(session, event, reference)
        assert application is not None
        return type(prepare(session, CONTEXT, event, application))

    assert sorted(kind.__name__ for kind in at_once(engine, approve, 4)) == ["AlreadyPrepared"] * 3 + ["Pass"]
    with writing(engine) as session:
        assert len(session.scalars(select(Pass)).all()) == 1


def test_numbers_are_given_in_the_order_of_commit(engine: Engine) -> None:
    """Eight changes at once have eight numbers in a row, and none is seen before a smaller one."""
    with writing(engine) as session:
        event = loaded_event(session, CONTEXT)
        references = [make_application(session, event).reference for _ in range(8)]
        session.commit()
    left = iter(references)
    pick = threading.Lock()

    def approve(session: Session, event: LoadedEvent) -> object:
        with pick:
            reference = next(left)
        application = application_of(session, event, reference)
        assert application is not None
        held = prepare(session, CONTEXT, event, application)
        assert isinstance(held, Pass)
        return held.roster_number

    assert sorted(at_once(engine, approve, 8)) == list(range(2, 10))
    with writing(engine) as session:
        assert session.scalars(select(EventRecord.roster_number)).one() == 9


def test_a_decision_and_a_pickup_at_once_do_not_wait_for_each_other(engine: Engine) -> None:
    """Whoever wrote to the audit trail first and whoever changes the roster first take their locks in one order."""
    with writing(engine) as session:
        event = loaded_event(session, CONTEXT)
        references = [make_application(session, event).reference for _ in range(10)]
        session.commit()
    turns = iter(enumerate(references))
    pick = threading.Lock()

    def act(session: Session, event: LoadedEvent) -> object:
        with pick:
            turn, reference = next(turns)
        application = application_of(session, event, reference)
        assert application is not None
        if turn % 2:
            record(session, CONTEXT, Action.APPLICATION_APPROVED, Subject("application", reference))
        prepare(session, CONTEXT, event, application)
        return reference

    assert sorted(at_once(engine, act, 10)) == sorted(references)


def test_every_change_is_in_the_trail(engine: Engine) -> None:
    """Actor and action stand there, and the reference instead of a name."""
    with writing(engine) as session:
        event = loaded_event(session, CONTEXT)
        held = collected_pass(session, CONTEXT, event)
        reference = held.application.reference
        suspend(session, CONTEXT, event, reference, "asked")
        reinstate(session, CONTEXT, event, reference, "cleared")
        replace(session, CONTEXT, event, reference, "lost")
        revoke(session, CONTEXT, event, reference, "gone")
        session.commit()
        rows = session.scalars(
            select(AuditEntry).where(AuditEntry.subject_id == reference).order_by(AuditEntry.number)
        ).all()
        assert [row.action for row in rows] == [
            "pass.prepared",
            "pass.collected",
            "pass.suspended",
            "pass.reinstated",
            "pass.replaced",
            "pass.prepared",
            "pass.revoked",
        ]
        assert {row.actor for row in rows} == {"test:reviewer"}
        assert mrz_for(held.application)[50:59] not in str([row.fields for row in rows])


def test_a_grounds_pass_holder_without_the_pass_gets_a_special_event_pass(engine: Engine) -> None:
    """The written grants end with the step that prepares the pass; asked again, nothing more happens."""
    with writing(engine) as session:
        event = loaded_event(session, CONTEXT)
        application = make_application(session, event, grounds_pass=True, grounds_hash=b"g" * 32)
        grant = prepare(session, CONTEXT, event, application)
        assert isinstance(grant, GroundsGrant)
        held = prepare_for_grounds_holder(session, CONTEXT, event, application.reference, "left it in New York")
        assert isinstance(held, Pass)
        assert held.state is PassState.PREPARED
        assert grant.withdrawn_at is not None
        assert grant.roster_number < held.roster_number
        again = prepare_for_grounds_holder(session, CONTEXT, event, application.reference, "left it in New York")
        assert isinstance(again, NotChanged)
        assert again.code is Obstacle.WRONG_STATE


def test_only_a_supervisor_gives_a_special_event_pass_to_a_grounds_pass_holder(engine: Engine) -> None:
    """The desk alone cannot, and without a reason nobody can."""
    with writing(engine) as session:
        event = loaded_event(session, CONTEXT)
        application = make_application(session, event, grounds_pass=True)
        prepare(session, CONTEXT, event, application)
        with pytest.raises(NotAllowed):
            prepare_for_grounds_holder(
                session, acting(CONTEXT, "user:desk", Role.DESK), event, application.reference, "lost"
            )
        refused = prepare_for_grounds_holder(session, CONTEXT, event, application.reference, " ")
        assert isinstance(refused, NotChanged)
        assert refused.code is Obstacle.NO_REASON
