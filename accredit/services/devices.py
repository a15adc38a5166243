"""Scanners: prepared under a one-time code, enrolled once with a key of their own, switched off for good.

Of the code and of the access token only hashes are kept. The token says which device asks; what a device uploads is
believed by its signature.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from sqlalchemy import bindparam, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from accredit.credential.document_tags import grounds_key, tag_key
from accredit.credential.trust import fingerprint
from accredit.db.models.gate import Device
from accredit.domain.permissions import Permission
from accredit.services.auditing import Action, Subject, record
from accredit.services.context import Context
from accredit.services.device_secrets import (
    code_of_form,
    hash_of_code,
    hash_of_token,
    new_code,
    new_token,
    roster_key,
)
from accredit.services.event_loading import LoadedEvent, event_of_id

API_VERSION = 1
_LONGEST_NAME = 80
_LONGEST_VERSION = 40
_PUBLIC_KEY_BYTES = 32
# Made once: scanners ask all day.
_OF_TOKEN = select(Device).where(Device.token_hash == bindparam("token_hash"))
_SEEN = (
    update(Device)
    .where(Device.id == bindparam("device_id"))
    .values(last_seen_at=bindparam("now"), held_number=bindparam("number"))
    .execution_options(synchronize_session=False)
)


class DeviceObstacle(StrEnum):
    """Why a device is not prepared, not enrolled, not let in, or not switched off; the code of the API's problem."""

    NAME_MISSING = "name_missing"
    NAME_TAKEN = "name_taken"
    CHECKPOINT_UNKNOWN = "checkpoint_unknown"
    CODE_UNKNOWN = "enrolment_code_unknown"
    CODE_USED = "enrolment_code_used"
    CODE_EXPIRED = "enrolment_code_expired"
    BAD_PUBLIC_KEY = "bad_public_key"
    NO_KEYS = "keys_not_signed"
    DEVICE_UNKNOWN = "device_unknown"
    TOKEN_UNKNOWN = "token_unknown"  # noqa: S105 - a code, not a token
    SWITCHED_OFF = "device_switched_off"


KnownDevice = Device
"""A scanner as the routes pass it on, without opening the room of the rows."""


@dataclass(frozen=True, slots=True)
class DeviceRefused:
    """The code, and a sentence with the cure."""

    code: DeviceObstacle
    message: str


@dataclass(frozen=True, slots=True)
class PreparedDevice:
    """A device that waits for its enrolment; the code is shown once."""

    device: Device
    code: str


@dataclass(frozen=True, slots=True)
class Enrolment:
    """What a scanner learns when it enrols, once: its token and the keys of its event. Never shown in a log.

    `roster_key` opens the sealed names, `tag_key` and `grounds_key` make the tags of documents and grounds passes.
    """

    device: Device
    token: str
    event: int
    event_key: str
    root_public: bytes
    root_fingerprint: str
    demo: bool
    roster_key: bytes
    tag_key: bytes
    grounds_key: bytes
    checkpoints: tuple[str, ...]
    server_time: datetime
    api_version: int = API_VERSION

    def __repr__(self) -> str:
        return f"Enrolment({self.device.name!r})"


def prepare_device(
    session: Session,
    context: Context,
    event: LoadedEvent,
    name: str,
    checkpoint: str,
    *,
    hours: int = 24,
    form: str = "",
) -> PreparedDevice | DeviceRefused:
    """A device of this name for this checkpoint, and the code that enrols it within so many hours.

    `form` is the mark of one showing of a form: sent twice, it is one device, with the same code.
    """
    context.require(Permission.DEVICES_MANAGE)
    name = " ".join(name.split())
    # The name belongs to it: the same form with another name, after a step back, is another scanner.
    code = code_of_form(context, f"{form} {name}") if form else new_code(context)
    held = _device_of_code(session, context, event, code) if form else None
    if held is not None and held.name == name and held.enrolled_at is None and held.switched_off_at is None:
        return PreparedDevice(held, code)
    refused = _faults(session, event, name, checkpoint)
    if refused is not None:
        return refused
    device = Device(
        id=context.new_id(),
        event_id=event.record.id,
        name=name,
        checkpoint=checkpoint,
        code_hash=hash_of_code(context, code),
        code_expires_at=context.now() + timedelta(hours=hours),
    )
    try:
        with session.begin_nested():
            session.add(device)
    except IntegrityError:
        return _taken_name(name)  # somebody prepared one of this name in the same moment
    record(session, context, Action.DEVICE_PREPARED, Subject("device", name))
    return PreparedDevice(device, code)


def _faults(session: Session, event: LoadedEvent, name: str, checkpoint: str) -> DeviceRefused | None:
    if not 0 < len(name) <= _LONGEST_NAME:
        return DeviceRefused(
            DeviceObstacle.NAME_MISSING, f"Give the scanner a name of at most {_LONGEST_NAME} letters."
        )
    if event.event.checkpoint(checkpoint) is None:
        known = ", ".join(one.key for one in event.event.checkpoints)
        words = f"The event has no checkpoint “{checkpoint}”; choose one of {known}."
        return DeviceRefused(DeviceObstacle.CHECKPOINT_UNKNOWN, words)
    if device_of_name(session, event, name) is not None:
        return _taken_name(name)
    return None


def _taken_name(name: str) -> DeviceRefused:
    return DeviceRefused(DeviceObstacle.NAME_TAKEN, f"There is a scanner “{name}” already. Choose another name.")


def enrol(
    session: Session, context: Context, event: LoadedEvent, code: str, public_key: bytes, *, version: str = ""
) -> Enrolment | DeviceRefused:
    """Enrols the device that the code was made for, with the 32 public bytes of its own key; a code works once.

    Of two enrolments at once with one code, one is refused as used.
    """
    keyring = context.keyring
    device = _device_of_code(session, context, event, code)
    refused = _NO_KEYS if keyring is None else _why_not_now(context, device, public_key)
    if refused is not None or device is None or keyring is None:
        return refused or _UNKNOWN_CODE
    token = new_token(context)
    if not _take(session, context, device, public_key, token, version):
        return _USED_CODE
    record(session, context, Action.DEVICE_ENROLLED, Subject("device", device.name))
    return Enrolment(
        device=device,
        token=token,
        event=event.event.number,
        event_key=event.event.key,
        root_public=keyring.root_public,
        root_fingerprint=fingerprint(keyring.root_public),
        demo=keyring.keyset.demo,
        roster_key=roster_key(context, event),
        tag_key=tag_key(context.secrets.pepper, event.event.number),
        grounds_key=grounds_key(context.secrets.pepper, event.event.number),
        checkpoints=tuple(one.key for one in event.event.checkpoints),
        server_time=context.now(),
    )


def enrolment_obstacle(
    session: Session, context: Context, event: LoadedEvent, code: str, public_key: bytes
) -> DeviceRefused | None:
    """Why nobody can enrol by this code now; None where it may be tried. Reads only."""
    if context.keyring is None:
        return _NO_KEYS
    return _why_not_now(context, _device_of_code(session, context, event, code), public_key)


_NO_KEYS = DeviceRefused(
    DeviceObstacle.NO_KEYS,
    "The root has not signed this server's keys yet, so that a scanner could check nothing. Ask the office.",
)
_UNKNOWN_CODE = DeviceRefused(
    DeviceObstacle.CODE_UNKNOWN, "No scanner waits for this code. Compare it letter by letter."
)
_USED_CODE = DeviceRefused(
    DeviceObstacle.CODE_USED, "This code has enrolled a scanner already. Ask the office to prepare this one anew."
)


def _device_of_code(session: Session, context: Context, event: LoadedEvent, code: str) -> Device | None:
    # A text with halves of characters is nobody's code; it could not even be hashed.
    plain = code.encode("utf-8", "replace").decode()
    wanted = select(Device).where(Device.event_id == event.record.id, Device.code_hash == hash_of_code(context, plain))
    return session.scalar(wanted.execution_options(populate_existing=True))


def _why_not_now(context: Context, device: Device | None, public_key: bytes) -> DeviceRefused | None:
    if device is None:
        return _UNKNOWN_CODE
    if device.switched_off_at is not None:
        return SWITCHED_OFF
    if device.enrolled_at is not None:
        return _USED_CODE
    if context.now() >= device.code_expires_at:
        words = "This code is too old. Ask the office to prepare the scanner anew, under another name."
        return DeviceRefused(DeviceObstacle.CODE_EXPIRED, words)
    if len(public_key) != _PUBLIC_KEY_BYTES:
        return DeviceRefused(DeviceObstacle.BAD_PUBLIC_KEY, "The scanner's public key is not 32 bytes. Start it anew.")
    return None


def _take(session: Session, context: Context, device: Device, public_key: bytes, token: str, version: str) -> bool:
    """Marks the code as used, unless somebody was faster."""
    taken = session.execute(
        update(Device)
        .where(Device.id == device.id, Device.enrolled_at.is_(None))
        .values(
            enrolled_at=context.now(),
            last_seen_at=context.now(),
            public_key=public_key,
            token_hash=hash_of_token(token),
            version=version[:_LONGEST_VERSION],
        )
        .returning(Device.id)
        .execution_options(synchronize_session=False)
    ).scalar_one_or_none()
    session.refresh(device)
    return taken is not None


SWITCHED_OFF = DeviceRefused(
    DeviceObstacle.SWITCHED_OFF, "The office has switched this scanner off. It forgets its list now."
)
UNKNOWN_TOKEN = DeviceRefused(
    DeviceObstacle.TOKEN_UNKNOWN, "This scanner is not enrolled here. Enrol it with a new code."
)


def device_of_token(session: Session, token: str) -> Device | DeviceRefused:
    """The device that this access token belongs to. Reads only."""
    device = session.scalar(_OF_TOKEN, {"token_hash": hash_of_token(token)})
    if device is None:
        return UNKNOWN_TOKEN
    return SWITCHED_OFF if device.switched_off_at is not None else device


def root_fingerprint(context: Context) -> str:
    """By which people at the scanner see that it trusts this service's root; empty before there are keys."""
    return fingerprint(context.keyring.root_public) if context.keyring is not None else ""


def note_seen(session: Session, device_id: UUID, held_number: int, now: datetime) -> None:
    """Notes when a scanner asked, and which list it has."""
    session.execute(_SEEN, {"device_id": device_id, "now": now, "number": held_number})


def event_of(session: Session, device: Device) -> LoadedEvent:
    """The event that this device works for."""
    return event_of_id(session, device.event_id)


def switch_off(session: Session, context: Context, event: LoadedEvent, name: str) -> Device | DeviceRefused:
    """Ends what a device may do, for good; one that is off already stays so."""
    context.require(Permission.DEVICES_MANAGE)
    device = device_of_name(session, event, name)
    if device is None:
        return DeviceRefused(
            DeviceObstacle.DEVICE_UNKNOWN, f"There is no scanner “{name}”. Compare the list of scanners."
        )
    if device.switched_off_at is None:
        device.switched_off_at = context.now()
        record(session, context, Action.DEVICE_SWITCHED_OFF, Subject("device", device.name), ("switched_off_at",))
    return device


def devices_of(session: Session, event: LoadedEvent) -> tuple[Device, ...]:
    """All scanners of the event by name, those that wait and those that are off among them."""
    return tuple(session.scalars(select(Device).where(Device.event_id == event.record.id).order_by(Device.name)))


def device_of_name(session: Session, event: LoadedEvent, name: str) -> Device | None:
    """The scanner of this name."""
    return session.scalar(select(Device).where(Device.event_id == event.record.id, Device.name == name))
