"""Withdrawn passes as a code to show: whole while that fits, else what changed since the scanner's list."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from factories.contexts import HEARING_MORNING, acting, at, make_context
from factories.events import loaded_event, make_event
from factories.keys import make_keyring, with_keys
from factories.passes import collected_pass
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from accredit.credential.revocation import RevocationList, apply_delta
from accredit.credential.revocation_codes import open_list_text
from accredit.db.models.passes import RevocationEntry
from accredit.db.session import writing
from accredit.domain.errors import NotAllowed
from accredit.domain.permissions import Role
from accredit.rendering.codes import qr_version
from accredit.services.event_loading import LoadedEvent
from accredit.services.pass_life import reinstate, revoke, suspend
from accredit.services.revocations import NoRevocationCode, RevocationCode, revocations_as_code

EVENT = make_event()
CONTEXT = with_keys(make_context(HEARING_MORNING), EVENT)
KEYSET = make_keyring(EVENT).keyset


@pytest.fixture
def session(engine: Engine) -> Iterator[Session]:
    """A writing session on this test's database."""
    with writing(engine) as session:
        yield session


def _code(session: Session, event: LoadedEvent, since: int | None = None) -> tuple[RevocationCode, RevocationList]:
    later = at(CONTEXT, HEARING_MORNING + timedelta(minutes=1))
    code = revocations_as_code(session, later, event, since)
    assert isinstance(code, RevocationCode), code
    listed = open_list_text(code.text, KEYSET)
    assert isinstance(listed, RevocationList), listed
    return code, listed


def test_the_delta_leads_from_the_scanners_list_to_the_newest(session: Session) -> None:
    """Revoked, suspended and reinstated since come over exactly; applied, it equals the whole list."""
    event = loaded_event(session, CONTEXT)
    lost, late, back = (collected_pass(session, CONTEXT, event) for _ in range(3))
    suspend(session, CONTEXT, event, back.application.reference, "asked about")
    revoke(session, CONTEXT, event, lost.application.reference, "lost")
    _, held = _code(session, event)
    assert held.revoked == {lost.serial, back.serial}

    revoke(session, CONTEXT, event, late.application.reference, "lost")
    reinstate(session, CONTEXT, event, back.application.reference, "answered")
    code, delta = _code(session, event, held.number)
    assert (code.base, code.revoked, code.restored) == (held.number, 1, 1)
    assert (delta.revoked, delta.restored) == ({late.serial}, {back.serial})
    assert apply_delta(held, delta) == _code(session, event)[1]
    assert (qr_version(code.text, smallest=1) or 99) <= 8


def test_what_cannot_be_shown_is_said_with_the_cure(session: Session) -> None:
    """Nothing new, a number from nowhere, and a list beyond what a camera reads."""
    event = loaded_event(session, CONTEXT)
    revoke(session, CONTEXT, event, collected_pass(session, CONTEXT, event).application.reference, "lost")
    number = _code(session, event)[1].number
    for since, words in ((number, "up to date"), (number + 5, f"the newest is {number}")):
        refused = revocations_as_code(session, CONTEXT, event, since)
        assert isinstance(refused, NoRevocationCode)
        assert words in refused.message

    for change in range(1000, 1400):
        row = {"event_id": event.record.id, "number": change, "restored": False, "at": HEARING_MORNING}
        session.add(RevocationEntry(serial=change.to_bytes(5), **row))
    event.record.roster_number = 1400
    session.flush()
    for since, words in ((None, "--since"), (number, "let it sync")):
        refused = revocations_as_code(session, CONTEXT, event, since)
        assert isinstance(refused, NoRevocationCode)
        assert words in refused.message


def test_only_who_may_revoke_may_show_the_list(session: Session) -> None:
    """A reader of figures cannot hand out lists."""
    event = loaded_event(session, CONTEXT)
    with pytest.raises(NotAllowed):
        revocations_as_code(session, acting(CONTEXT, "test:auditor", Role.AUDITOR), event)
