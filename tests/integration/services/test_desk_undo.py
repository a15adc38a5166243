"""A pick-up that was a mistake: taken back within the minute, and what the gates know then."""

from __future__ import annotations

from datetime import timedelta

import pytest
from factories.contexts import HEARING_MORNING, acting, at, make_context
from factories.events import loaded_event, make_event
from factories.keys import with_keys
from factories.passes import collected_pass, make_application, make_photo, mrz_for, prepared_pass
from factories.threads import at_once
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from accredit.credential.reasons import PassState
from accredit.db.models.audit import AuditEntry
from accredit.db.models.passes import Badge, Pass, RevocationEntry
from accredit.db.session import writing
from accredit.domain.permissions import Role
from accredit.rendering.photos import PhotoRefused, stand_in_portrait
from accredit.services.context import Context
from accredit.services.desk import Collected, NotCollected, collect
from accredit.services.desk_badges import NotInHand, in_hand
from accredit.services.desk_photos import take_photo
from accredit.services.desk_undo import NotUndone, Undone, undo
from accredit.services.event_loading import LoadedEvent

CONTEXT = make_context(HEARING_MORNING, actor="user:dana")
_DOCUMENT = ("document_hash", "document_tag", "document_type", "document_state", "document_tail", "collected_at")


def _badge(session: Session, held: Pass, *, ahead: bool) -> Badge:
    """A printed badge, past the press."""
    made = Badge(
        id=CONTEXT.new_id(),
        pass_id=held.id,
        kid=1,
        printed_ahead=ahead,
        name="OKONJO ADAEZE",
        not_before=held.valid_from,
        expires=held.valid_until,
        template="special-event-pass",
        printed_at=CONTEXT.now(),
        printed_by="user:dana",
    )
    session.add(made)
    session.flush()
    session.refresh(held)
    return made


@pytest.mark.parametrize("ahead", [None, True])
def test_without_a_code_that_is_out_the_pass_is_prepared_again(engine: Engine, ahead: bool | None) -> None:
    """Nothing of the document stays, the roster grows, and the same pass can be handed out to its own document."""
    with writing(engine) as session:
        event = loaded_event(session, CONTEXT)
        held = collected_pass(session, CONTEXT, event)
        if ahead is not None:
            _badge(session, held, ahead=ahead)
        before = held.roster_number
        done = undo(session, CONTEXT, event, held.application.reference)
        session.commit()
        assert done == Undone(held, replaced=False)
        assert (held.state, {getattr(held, name) for name in _DOCUMENT}) == (PassState.PREPARED, {None})
        assert held.roster_number > before
        again = collect(session, CONTEXT, event, held.application.reference, mrz_for(held.application))
        assert isinstance(again, Collected)


def test_a_badge_that_opens_by_itself_ends_with_the_undo(engine: Engine) -> None:
    """The serial on the sheet is refused as replaced; the person gets a new one."""
    with writing(engine) as session:
        event = loaded_event(session, CONTEXT)
        held = collected_pass(session, CONTEXT, event)
        _badge(session, held, ahead=False)
        done = undo(session, CONTEXT, event, held.application.reference)
        session.commit()
        assert isinstance(done, Undone)
        assert done.replaced
        assert (held.state, done.prepared.state) == (PassState.REPLACED, PassState.PREPARED)
        assert held.serial != done.prepared.serial
        assert session.scalars(select(RevocationEntry.serial)).all() == [held.serial]
        assert held.collected_at is None
        assert isinstance(
            collect(session, CONTEXT, event, held.application.reference, mrz_for(held.application)), Collected
        )


def test_spouses_whose_passports_were_swapped(engine: Engine) -> None:
    """His pass went out on her document by a typed name and was undone: both documents then collect their own."""
    with writing(engine) as session:
        event = loaded_event(session, CONTEXT)
        his, hers = (
            prepared_pass(session, CONTEXT, event, surname="Spouse", given_names=one) for one in ("Ade", "Bisi")
        )
        zones = [mrz_for(one.application) for one in (his, hers)]
        crossed = collect(session, CONTEXT, event, his.application.reference, zones[1])
        assert isinstance(crossed, NotCollected)
        assert crossed.answer.code == "red"
        assert isinstance(collect(session, CONTEXT, event, hers.application.reference, zones[1]), Collected)
        assert isinstance(undo(session, CONTEXT, event, hers.application.reference), Undone)
        for held, zone in ((his, zones[0]), (hers, zones[1])):
            assert isinstance(collect(session, CONTEXT, event, held.application.reference, zone), Collected)


def test_after_the_minute_the_pickup_stands(engine: Engine) -> None:
    """The minute counts from the last step: the document, or the badge in the hand."""
    with writing(engine) as session:
        event = loaded_event(session, CONTEXT)
        held = collected_pass(session, CONTEXT, event)
        reference = held.application.reference
        late = at(CONTEXT, HEARING_MORNING + timedelta(seconds=61))
        assert _code(undo(session, late, event, reference)) == "too_late"
        _badge(session, held, ahead=True)
        assert not isinstance(in_hand(session, late, event, reference), NotInHand)
        assert isinstance(undo(session, late, event, reference), Undone)


def test_another_officer_asks_the_one_who_did_it(engine: Engine) -> None:
    """The supervisor may; the officer at the next desk is told whom to ask."""
    with writing(engine) as session:
        event = loaded_event(session, CONTEXT)
        reference = collected_pass(session, CONTEXT, event).application.reference
        refused = undo(session, acting(CONTEXT, "user:erin", Role.DESK), event, reference)
        assert isinstance(refused, NotUndone)
        assert "dana" in refused.message
        assert isinstance(undo(session, acting(CONTEXT, "user:sam", Role.SUPERVISOR), event, reference), Undone)
        assert _code(undo(session, CONTEXT, event, reference)) == "not_collected"
        assert _code(undo(session, CONTEXT, event, "nobody")) == "unknown"
        assert session.scalars(select(AuditEntry.action).where(AuditEntry.action == "pickup.undone")).all() == [
            "pickup.undone"
        ]


def test_two_who_undo_at_once_undo_once(engine: Engine) -> None:
    """One takes it back, the other is told that there is nothing to undo."""
    with writing(engine) as session:
        event = loaded_event(session, CONTEXT)
        reference = collected_pass(session, CONTEXT, event).application.reference
        session.commit()

    def take_back(session: Session, event: LoadedEvent) -> str:
        return _code(undo(session, CONTEXT, event, reference))

    assert sorted(at_once(engine, take_back, 3)) == ["", "not_collected", "not_collected"]


def test_the_badge_is_in_the_hand_when_the_officer_says_so(engine: Engine) -> None:
    """Not before it was printed, not before the pick-up; the first word counts."""
    with writing(engine) as session:
        event = loaded_event(session, CONTEXT)
        held = prepared_pass(session, CONTEXT, event)
        reference = held.application.reference
        assert _code(in_hand(session, CONTEXT, event, "nobody")) == "unknown"
        assert _code(in_hand(session, CONTEXT, event, reference)) == "not_collected"
        collect(session, CONTEXT, event, reference, mrz_for(held.application))
        assert _code(in_hand(session, CONTEXT, event, reference)) == "not_printed"
        badge = _badge(session, held, ahead=False)
        assert in_hand(session, CONTEXT, event, reference) == badge
        in_hand(session, acting(CONTEXT, "user:erin", Role.DESK), event, reference)
        assert (badge.in_hand_at, badge.in_hand_by) == (HEARING_MORNING, "user:dana")


def test_a_photo_of_the_desk_takes_the_place_of_the_first(engine: Engine) -> None:
    """Encoded anew, told to the scanners, and refused with a sentence where it is none."""
    keyed: Context = with_keys(CONTEXT, make_event())
    with writing(engine) as session:
        event = loaded_event(session, keyed)
        held = prepared_pass(session, keyed, event)
        make_photo(session, held.application)
        before = held.roster_number
        taken = take_photo(session, keyed, event, held.application.reference, stand_in_portrait(3))
        session.commit()
        assert taken is held.application
        assert held.application.photo is not None
        assert held.application.photo.data.startswith(b"\xff\xd8\xff")
        assert held.roster_number > before
        without = make_application(session, event)
        assert take_photo(session, keyed, event, without.reference, stand_in_portrait(4)) is without
        assert isinstance(take_photo(session, keyed, event, without.reference, b"no picture"), PhotoRefused)
        assert take_photo(session, keyed, event, "nobody", b"") is None


def _code(answer: object) -> str:
    return str(getattr(answer, "code", ""))
