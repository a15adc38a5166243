"""Scanners: prepared, enrolled once, known by their token, switched off."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import replace as changed
from datetime import timedelta

import pytest
from factories.contents import everything_in
from factories.contexts import HEARING_MORNING, acting, at, make_context
from factories.devices import make_scanner
from factories.events import loaded_event, make_event
from factories.keys import make_keyring, with_keys
from factories.threads import at_once
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from accredit.credential.device_keys import DeviceKey
from accredit.credential.document_tags import grounds_key, tag_key
from accredit.credential.trust import fingerprint
from accredit.db.models.audit import AuditEntry
from accredit.db.models.gate import Device
from accredit.db.session import writing
from accredit.domain.errors import NotAllowed
from accredit.domain.permissions import Role
from accredit.services.devices import (
    DeviceObstacle,
    DeviceRefused,
    Enrolment,
    PreparedDevice,
    device_of_token,
    devices_of,
    enrol,
    event_of,
    prepare_device,
    switch_off,
)
from accredit.services.event_loading import LoadedEvent

CONTEXT = with_keys(make_context(HEARING_MORNING), make_event())
PUBLIC = DeviceKey(bytes(range(32))).public_bytes


@pytest.fixture
def session(engine: Engine) -> Iterator[Session]:
    """A writing session on this test's database."""
    with writing(engine) as session:
        yield session


def _prepared(session: Session, event: LoadedEvent, name: str = "gate 1") -> PreparedDevice:
    ready = prepare_device(session, CONTEXT, event, name, "pregny")
    assert isinstance(ready, PreparedDevice)
    return ready


def _code_of(outcome: object) -> DeviceObstacle:
    assert isinstance(outcome, DeviceRefused), outcome
    assert outcome.message.endswith(".")
    return outcome.code


def test_an_enrolled_scanner_gets_its_keys_once(session: Session) -> None:
    """Token, root with fingerprint, and the keys derived for this event; never the pepper or the roster secret."""
    event = loaded_event(session, CONTEXT)
    ready = _prepared(session, event)
    given = enrol(session, CONTEXT, event, ready.code, PUBLIC, version="1.2")
    assert isinstance(given, Enrolment)
    root = make_keyring(event.event).root_public
    assert (given.event, given.event_key, given.demo, given.api_version) == (17, "gcm-hearing-2017", False, 1)
    assert (given.root_public, given.root_fingerprint) == (root, fingerprint(root))
    assert given.tag_key == tag_key(CONTEXT.secrets.pepper, 17)
    assert given.grounds_key == grounds_key(CONTEXT.secrets.pepper, 17)
    assert given.roster_key not in (CONTEXT.secrets.roster_key, CONTEXT.secrets.pepper)
    assert given.checkpoints == ("pregny", "door-xix", "door-xx")
    assert given.server_time == HEARING_MORNING
    assert given.token not in repr(given)
    assert (given.device.public_key, given.device.version) == (PUBLIC, "1.2")
    assert given.device.enrolled_at == HEARING_MORNING
    assert device_of_token(session, given.token) is given.device
    assert event_of(session, given.device).event == event.event


def test_code_and_token_are_kept_as_hashes_alone(session: Session) -> None:
    """Whoever reads the database enrols nothing and asks for no bundle."""
    event = loaded_event(session, CONTEXT)
    ready = _prepared(session, event)
    given = enrol(session, CONTEXT, event, ready.code, PUBLIC)
    assert isinstance(given, Enrolment)
    everything = everything_in(session)
    assert "gate 1" in everything
    assert ready.code not in everything
    assert given.token not in everything


def test_a_code_is_forgiving_to_read_and_works_once(session: Session) -> None:
    """Small letters, spaces and O for 0 are the same code; used again it says so."""
    event = loaded_event(session, CONTEXT)
    code = _prepared(session, event).code.lower().replace("-", " ").replace("0", "o").replace("1", "l")
    assert isinstance(enrol(session, CONTEXT, event, code, PUBLIC), Enrolment)
    assert _code_of(enrol(session, CONTEXT, event, code, PUBLIC)) is DeviceObstacle.CODE_USED


def test_one_code_at_two_gates_at_once_enrols_one(engine: Engine) -> None:
    """Exactly one scanner gets the token, the other is told that the code is used."""
    with writing(engine) as session:
        event = loaded_event(session, CONTEXT)
        code = _prepared(session, event).code
        session.commit()

    def enter(session: Session, event: LoadedEvent) -> str:
        public = DeviceKey.generate(os.urandom).public_bytes
        outcome = enrol(session, CONTEXT, event, code, public)
        return outcome.code.value if isinstance(outcome, DeviceRefused) else "enrolled"

    assert sorted(at_once(engine, enter, 4)) == ["enrolled", *["enrolment_code_used"] * 3]


def test_a_code_that_cannot_be_used_says_why(session: Session) -> None:
    """Unknown, too old, switched off, a key of the wrong length, no signed keys: each has its code."""
    event = loaded_event(session, CONTEXT)
    ready = _prepared(session, event)
    assert _code_of(enrol(session, CONTEXT, event, "AAAA-BBBB-CCCC", PUBLIC)) is DeviceObstacle.CODE_UNKNOWN
    assert _code_of(enrol(session, CONTEXT, event, ready.code, b"short")) is DeviceObstacle.BAD_PUBLIC_KEY
    late = at(CONTEXT, HEARING_MORNING + timedelta(hours=24))
    assert _code_of(enrol(session, late, event, ready.code, PUBLIC)) is DeviceObstacle.CODE_EXPIRED
    keyless = changed(CONTEXT, keyring=None)
    assert _code_of(enrol(session, keyless, event, ready.code, PUBLIC)) is DeviceObstacle.NO_KEYS
    switch_off(session, CONTEXT, event, "gate 1")
    assert _code_of(enrol(session, CONTEXT, event, ready.code, PUBLIC)) is DeviceObstacle.SWITCHED_OFF


def test_a_switched_off_scanner_is_told_so(session: Session) -> None:
    """Its token is known and refused; an unknown token is another thing."""
    event = loaded_event(session, CONTEXT)
    scanner = make_scanner(session, CONTEXT, event)
    assert switch_off(session, CONTEXT, event, "gate 1") is scanner.device
    assert switch_off(session, CONTEXT, event, "gate 1") is scanner.device
    assert _code_of(device_of_token(session, scanner.token)) is DeviceObstacle.SWITCHED_OFF
    assert _code_of(device_of_token(session, "guessed")) is DeviceObstacle.TOKEN_UNKNOWN
    assert _code_of(switch_off(session, CONTEXT, event, "gate 9")) is DeviceObstacle.DEVICE_UNKNOWN
    actions = session.scalars(select(AuditEntry.action).where(AuditEntry.subject_id == "gate 1")).all()
    assert list(actions) == ["device.prepared", "device.enrolled", "device.switched_off"]


def test_a_scanner_needs_a_name_and_a_checkpoint_of_its_own(session: Session) -> None:
    """Empty, too long or taken names and unknown checkpoints are refused with the cure."""
    event = loaded_event(session, CONTEXT)
    _prepared(session, event)
    for name, checkpoint, code in (
        ("  ", "pregny", DeviceObstacle.NAME_MISSING),
        ("x" * 81, "pregny", DeviceObstacle.NAME_MISSING),
        ("gate  1", "pregny", DeviceObstacle.NAME_TAKEN),
        ("gate 2", "back-door", DeviceObstacle.CHECKPOINT_UNKNOWN),
    ):
        assert _code_of(prepare_device(session, CONTEXT, event, name, checkpoint)) is code
    assert [device.name for device in devices_of(session, event)] == ["gate 1"]


def test_two_of_one_name_at_once_leave_one(engine: Engine) -> None:
    """The second learns that the name is taken, and its transaction goes on."""
    with writing(engine) as session:
        loaded_event(session, CONTEXT)
        session.commit()

    def add(session: Session, event: LoadedEvent) -> str:
        outcome = prepare_device(session, CONTEXT, event, "gate 1", "pregny")
        return outcome.code.value if isinstance(outcome, DeviceRefused) else "prepared"

    assert sorted(at_once(engine, add, 2)) == ["name_taken", "prepared"]
    with writing(engine) as session:
        assert len(session.scalars(select(Device)).all()) == 1


def test_gate_staff_do_not_manage_scanners(session: Session) -> None:
    """Preparing and switching off need the permission."""
    event = loaded_event(session, CONTEXT)
    officer = acting(CONTEXT, "user:gus", Role.GATE)
    with pytest.raises(NotAllowed):
        prepare_device(session, officer, event, "gate 1", "pregny")
    with pytest.raises(NotAllowed):
        switch_off(session, officer, event, "gate 1")


def test_the_same_form_twice_is_one_scanner(engine: Engine) -> None:
    """A double click prepares one, and shows the same code; another form with the same name is refused."""
    with writing(engine) as session:
        event = loaded_event(session, CONTEXT)
        first, again = (
            prepare_device(session, CONTEXT, event, "gate 9", "pregny", form="one showing") for _ in range(2)
        )
        assert isinstance(first, PreparedDevice)
        assert isinstance(again, PreparedDevice)
        assert (first.code, first.device.id) == (again.code, again.device.id)
        other = prepare_device(session, CONTEXT, event, "gate 9", "pregny", form="another")
        assert isinstance(other, DeviceRefused)
        assert other.code is DeviceObstacle.NAME_TAKEN
