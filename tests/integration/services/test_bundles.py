"""What scanners download: whole, in deltas, sealed, and never behind what was committed."""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from dataclasses import replace as changed
from datetime import timedelta

import pytest
from factories.contexts import HEARING_MORNING, at, make_context
from factories.events import event_table, loaded_event, make_event
from factories.keys import make_keyring, with_keys
from factories.passes import (
    collected_pass,
    grounds_grant,
    make_application,
    make_photo,
    prepared_pass,
)
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from accredit.credential.bundle import Bundle, decode_bundle, keyset_in
from accredit.credential.keysets import KeySet
from accredit.credential.reasons import PassState
from accredit.credential.revocation import RevocationList, newer, open_revocations
from accredit.credential.sealing import open_photo, open_row
from accredit.credential.trust import open_with_own_keyset
from accredit.db.models.applications import Application
from accredit.db.session import reading, writing
from accredit.services.bundles import build, photo
from accredit.services.device_secrets import roster_key
from accredit.services.event_loading import LoadedEvent, find_event, load_event
from accredit.services.issuing import prepare, replace
from accredit.services.keys import KeysNotSigned
from accredit.services.pass_life import reinstate, revoke, suspend, withdraw

CONTEXT = with_keys(make_context(HEARING_MORNING), make_event())
ROOT = make_keyring(make_event()).root_public


@pytest.fixture
def session(engine: Engine) -> Iterator[Session]:
    """A writing session on this test's database."""
    with writing(engine) as session:
        yield session


def _open(data: bytes | None) -> tuple[Bundle, RevocationList]:
    """As a scanner opens it: key set by the root, bundle and list by the list key."""
    assert data is not None
    opened = open_with_own_keyset(data, ROOT, None, content_type="bundle", keyset_in=keyset_in)
    assert isinstance(opened, tuple), opened
    keyset, payload = opened
    assert isinstance(keyset, KeySet)
    bundle = decode_bundle(payload)
    listed = open_revocations(bundle.revocations, keyset)
    assert isinstance(listed, RevocationList)
    return bundle, listed


def _get(session: Session, event: LoadedEvent, since: int = 0) -> tuple[Bundle, RevocationList]:
    return _open(build(session, CONTEXT, event, since))


def test_a_full_bundle_tells_everything_a_gate_needs(session: Session) -> None:
    """Passes with sealed names, checkpoints with their hours, policy, categories, keys; numbered as the roster."""
    event = loaded_event(session, CONTEXT)
    taken = collected_pass(
        session,
        CONTEXT,
        event,
        surname="Кузнецова",
        given_names="Анна",
        latin_surname="Kuznetsova",
        latin_given_names="Anna",
    )
    make_photo(session, taken.application)
    ready = prepared_pass(session, CONTEXT, event)
    bundle, listed = _get(session, event)
    assert (bundle.event, bundle.event_key, bundle.number, bundle.base) == (
        17,
        "gcm-hearing-2017",
        event.record.roster_number,
        0,
    )
    assert (bundle.issued_at, bundle.next_update) == (HEARING_MORNING, HEARING_MORNING + timedelta(hours=4))
    entries = {entry.serial: entry for entry in bundle.passes}
    entry = entries[taken.serial]
    assert (entry.state, entry.category, entry.grants, entry.tags) == (
        PassState.COLLECTED,
        1,
        0b111,
        (taken.document_tag,),
    )
    assert entry.photo == b"\x01" * 4
    line = open_row(roster_key(CONTEXT, event), 17, taken.serial, entry.sealed or b"")
    assert line is not None
    assert (line.name, line.organisation) == ("Кузнецова Анна", "Alpine Migrants Foru")
    assert entries[ready.serial].state is PassState.PREPARED
    assert entries[ready.serial].tags == ()
    gate = next(one for one in bundle.checkpoints if one.key == "pregny")
    assert gate.grant_mask == 0b001
    assert gate.opens[1] == (HEARING_MORNING - timedelta(minutes=30), HEARING_MORNING + timedelta(hours=9, minutes=30))
    assert bundle.policy.elsewhere_s == 180
    assert (bundle.policy.old_s, bundle.policy.old_at_doors_s) == (14_400, 43_200)
    assert bundle.categories[11] == "Invited speaker"
    assert (listed.number, listed.base, listed.revoked) == (bundle.number, 0, frozenset())


def test_names_are_readable_to_nobody_without_the_roster_key(session: Session) -> None:
    """Neither surname nor organisation stands in the bytes, and another event's key opens nothing."""
    event = loaded_event(session, CONTEXT)
    held = collected_pass(session, CONTEXT, event, surname="Unmistakable", organisation="Very Particular Body")
    data = build(session, CONTEXT, event, 0)
    assert data is not None
    assert b"Unmistakable" not in data
    assert b"Particular" not in data
    sealed = _open(data)[0].passes[0].sealed
    assert open_row(CONTEXT.secrets.roster_key, 17, held.serial, sealed or b"") is None


def test_who_is_up_to_date_gets_nothing(session: Session) -> None:
    """The number of the roster is the whole answer to a poll."""
    event = loaded_event(session, CONTEXT)
    assert build(session, CONTEXT, event, event.record.roster_number) is None


def test_a_delta_holds_what_changed_and_nothing_else(session: Session) -> None:
    """A collection, a revocation, a suspension and a replacement since the number, with the list's delta onto it."""
    event = loaded_event(session, CONTEXT)
    quiet, gone, stopped, lost = (collected_pass(session, CONTEXT, event) for _ in range(4))
    full, held = _get(session, event)
    revoke(session, CONTEXT, event, gone.serial, "withdrawn")
    suspend(session, CONTEXT, event, stopped.serial, "asked")
    new = replace(session, CONTEXT, event, lost.serial, "lost")
    delta, listed = _get(session, event, full.number)
    assert delta.base == full.number == held.number
    assert {entry.serial: entry.state for entry in delta.passes} == {
        gone.serial: PassState.REVOKED,
        stopped.serial: PassState.SUSPENDED,
        lost.serial: PassState.REPLACED,
        new.serial: PassState.PREPARED,  # type: ignore[union-attr]
    }
    assert quiet.serial not in {entry.serial for entry in delta.passes}
    assert listed.revoked == {gone.serial, stopped.serial, lost.serial}
    after = newer(held, listed)
    assert isinstance(after, RevocationList)
    reinstate(session, CONTEXT, event, stopped.serial, "cleared")
    last = newer(after, _get(session, event, delta.number)[1])
    assert isinstance(last, RevocationList)
    assert last.revoked == {gone.serial, lost.serial} == _get(session, event)[1].revoked


def test_who_was_restored_within_one_delta_is_not_on_it_as_revoked(session: Session) -> None:
    """Suspended and reinstated between two polls: the last word counts."""
    event = loaded_event(session, CONTEXT)
    held = collected_pass(session, CONTEXT, event)
    number = event.record.roster_number
    suspend(session, CONTEXT, event, held.serial, "asked")
    reinstate(session, CONTEXT, event, held.serial, "cleared")
    delta, listed = _get(session, event, number)
    assert (listed.revoked, listed.restored) == (frozenset(), {held.serial})
    assert delta.passes[0].state is PassState.COLLECTED


def test_ended_passes_carry_neither_name_nor_tag(session: Session) -> None:
    """A scanner learns why it refuses, and nothing about the person."""
    event = loaded_event(session, CONTEXT)
    held = collected_pass(session, CONTEXT, event)
    make_photo(session, held.application)
    assert photo(session, CONTEXT, event, held.serial) is not None
    revoke(session, CONTEXT, event, held.serial, "withdrawn")
    entry = _get(session, event)[0].passes[0]
    assert (entry.state, entry.sealed, entry.tags, entry.photo) == (PassState.REVOKED, None, (), None)
    assert photo(session, CONTEXT, event, held.serial) is None


def test_a_collected_pass_expires_with_the_event(session: Session) -> None:
    """After its last day the list calls it expired, whoever looked last."""
    event = loaded_event(session, CONTEXT)
    collected_pass(session, CONTEXT, event)
    later = at(CONTEXT, event.event.valid_until)
    assert _open(build(session, later, event, 0))[0].passes[0].state is PassState.EXPIRED


def test_a_number_from_nowhere_gets_the_whole_list(session: Session) -> None:
    """A scanner that claims to know more than the server has ever said starts anew."""
    event = loaded_event(session, CONTEXT)
    collected_pass(session, CONTEXT, event)
    for since in (event.record.roster_number + 5, -1):
        assert _get(session, event, since)[0].base == 0


def test_a_changed_event_file_comes_whole(engine: Engine) -> None:
    """Also to a request that loaded the event just before: never old hours under a new number."""
    with writing(engine) as session:
        loaded_event(session, CONTEXT)
        session.commit()
    with reading(engine) as slow:
        before = find_event(slow, "")
        assert before is not None
        slow.rollback()
        with writing(engine) as session:
            table = event_table()
            table["checkpoints"][1]["capacity"] = 12
            load_event(session, CONTEXT, table)
            session.commit()
        bundle, _ = _get(slow, before, 1)
        assert (bundle.base, bundle.number) == (0, 2)
        assert {one.key: one.capacity for one in bundle.checkpoints}["door-xix"] == 12


def test_grounds_passes_come_as_tags_with_their_grants(session: Session) -> None:
    """A withdrawn one comes once more with no grants; two people who named one pass share its entry."""
    event = loaded_event(session, CONTEXT)
    first = grounds_grant(session, CONTEXT, event, b"a" * 16)
    grounds_grant(session, CONTEXT, event, b"a" * 16)
    second = grounds_grant(session, CONTEXT, event, b"b" * 16)
    grounds_grant(session, CONTEXT, event, None)
    full, _ = _get(session, event)
    assert {entry.tag: entry.grants for entry in full.grounds} == {b"a" * 16: 0b111, b"b" * 16: 0b111}
    for grant in (first, second):
        withdraw(session, CONTEXT, event, session.get_one(Application, grant.application_id), "withdrawn")
    delta, _ = _get(session, event, full.number)
    assert {entry.tag: entry.grants for entry in delta.grounds} == {b"a" * 16: 0b111, b"b" * 16: 0}
    assert {entry.tag for entry in _get(session, event)[0].grounds} == {b"a" * 16}


def test_a_corrected_grounds_number_forgets_the_old_one(session: Session) -> None:
    """The scanner that was away in between gets the whole list, in which the old number opens nothing."""
    event = loaded_event(session, CONTEXT)
    application = make_application(session, event, grounds_pass=True, grounds_hash=b"1" * 16)
    prepare(session, CONTEXT, event, application)
    number = event.record.roster_number
    withdraw(session, CONTEXT, event, application, "mistyped")
    application.grounds_hash = b"2" * 16
    prepare(session, CONTEXT, event, application)
    bundle, _ = _get(session, event, number)
    assert bundle.base == 0
    assert {entry.tag for entry in bundle.grounds} == {b"2" * 16}


def test_a_photo_is_sealed_for_one_pass(session: Session) -> None:
    """It opens under the roster key and its own serial; where there is none, or no such pass, there is nothing."""
    event = loaded_event(session, CONTEXT)
    held, other = collected_pass(session, CONTEXT, event), prepared_pass(session, CONTEXT, event)
    make_photo(session, held.application, b"picture of a face")
    sealed = photo(session, CONTEXT, event, held.serial)
    assert sealed is not None
    assert b"face" not in sealed
    key = roster_key(CONTEXT, event)
    assert open_photo(key, 17, held.serial, sealed) == b"picture of a face"
    assert open_photo(key, 17, other.serial, sealed) is None
    assert photo(session, CONTEXT, event, other.serial) is None
    assert photo(session, CONTEXT, event, b"12345") is None


def test_without_signed_keys_there_is_no_bundle(session: Session) -> None:
    """No key, or the keys of another event: a named error, never an unsigned list."""
    event = loaded_event(session, CONTEXT)
    other = with_keys(CONTEXT, changed(event.event, number=18))
    for context in (changed(CONTEXT, keyring=None), other):
        with pytest.raises(KeysNotSigned):
            build(session, context, event, 0)


def test_a_bundle_of_many_stays_small(session: Session) -> None:
    """Three hundred passes take well under 100 bytes each, compressed; a delta of ten changes under 2 kB."""
    event = loaded_event(session, CONTEXT)
    passes = [prepared_pass(session, CONTEXT, event) for _ in range(300)]
    data = build(session, CONTEXT, event, 0)
    assert data is not None
    assert len(zlib.compress(data)) < 300 * 100 + 2000
    number = event.record.roster_number
    for held in passes[:10]:
        suspend(session, CONTEXT, event, held.serial, "asked")
    delta = build(session, CONTEXT, event, number)
    assert delta is not None
    assert len(zlib.compress(delta)) <= 2048 + 600
