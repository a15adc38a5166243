"""A backup came back: no scanner may be left with a list whose number hides what was revoked since."""

from __future__ import annotations

import pytest
from factories.contexts import HEARING_MORNING, acting, make_context
from factories.events import loaded_event, make_event
from factories.keys import with_keys
from factories.passes import collected_pass, prepared_pass
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from accredit.credential import cose
from accredit.credential.bundle import Bundle, Fit, decode_bundle, fit
from accredit.credential.reasons import PassState
from accredit.db.models.audit import AuditEntry
from accredit.db.session import writing
from accredit.domain.errors import NotAllowed
from accredit.domain.permissions import Role
from accredit.services.bundles import build
from accredit.services.event_loading import LoadedEvent
from accredit.services.pass_life import revoke
from accredit.services.roster_jumps import AFTER_A_RESTORE, LARGEST_CLAIM, is_ahead, leap_after_restore, outrun

CONTEXT = with_keys(make_context(HEARING_MORNING), make_event())


def _bundle(session: Session, event: LoadedEvent, since: int) -> Bundle:
    data = build(session, CONTEXT, event, since)
    assert data is not None
    return decode_bundle(cose.parse1(data, content_type="bundle").payload)


def _actions(session: Session) -> list[str]:
    return list(session.scalars(select(AuditEntry.action).order_by(AuditEntry.number)))


def test_a_claim_beyond_our_number_brings_a_whole_newer_list(engine: Engine) -> None:
    """The scanner that saw more than the backup holds gets everything under a number above its own; the trail says so."""
    with writing(engine) as session:
        event = loaded_event(session, CONTEXT)
        held = collected_pass(session, CONTEXT, event)
        prepared_pass(session, CONTEXT, event)
        revoke(session, CONTEXT, event, held.application.reference, "security")
        claimed = event.record.roster_number + 3_000_000_000
        assert is_ahead(session, event.record.id, claimed)
        assert outrun(session, CONTEXT, event.record.id, claimed)
        bundle = _bundle(session, event, claimed)
        assert (bundle.number, bundle.base) == (claimed + 1, 0)
        assert fit(bundle, event=bundle.event, held=claimed) is Fit.APPLY
        assert {one.serial: one.state for one in bundle.passes}[held.serial] is PassState.REVOKED
        assert _actions(session)[-1] == "roster.outrun"


@pytest.mark.parametrize("ahead", [0, -1, LARGEST_CLAIM])
def test_no_other_claim_moves_the_number(engine: Engine, ahead: int) -> None:
    """Our own number, an older one, and one above all reason leave everything as it is."""
    with writing(engine) as session:
        event = loaded_event(session, CONTEXT)
        prepared_pass(session, CONTEXT, event)
        before = event.record.roster_number
        assert not outrun(session, CONTEXT, event.record.id, before + ahead)
        session.refresh(event.record)
        assert event.record.roster_number == before
        assert "roster.outrun" not in _actions(session)


def test_a_restore_that_was_told_leaps_for_every_event(engine: Engine) -> None:
    """Whatever number a scanner holds, its next list is whole and newer, even where ours had grown to its number again."""
    with writing(engine) as session:
        event = loaded_event(session, CONTEXT)
        held = collected_pass(session, CONTEXT, event)
        revoke(session, CONTEXT, event, held.application.reference, "security")
        equal = event.record.roster_number
        assert build(session, CONTEXT, event, equal) is None
        assert leap_after_restore(session, CONTEXT) == ("gcm-hearing-2017",)
        bundle = _bundle(session, event, equal)
        assert (bundle.number, bundle.base) == (equal + AFTER_A_RESTORE, 0)
        assert {one.serial: one.state for one in bundle.passes}[held.serial] is PassState.REVOKED
        assert _actions(session)[-1] == "database.restored"


def test_only_who_manages_the_event_says_that_a_backup_came_back(engine: Engine) -> None:
    """A supervisor at the desk may not."""
    with writing(engine) as session:
        loaded_event(session, CONTEXT)
        with pytest.raises(NotAllowed):
            leap_after_restore(session, acting(CONTEXT, "user:sam", Role.SUPERVISOR))
