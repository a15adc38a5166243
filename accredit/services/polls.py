"""What most questions of scanners come to: who asks, and is there anything newer? One statement, outside of any transaction."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import Connection, Table, bindparam, select

from accredit.db.models.events import EventRecord
from accredit.db.models.gate import Device
from accredit.services.device_secrets import hash_of_token
from accredit.services.devices import SWITCHED_OFF, UNKNOWN_TOKEN, DeviceRefused

SEEN_EVERY = timedelta(minutes=1)
"""A scanner asks every two to three seconds; that it does is written down once a minute."""


class Poll(NamedTuple):
    """The scanner that asks, when it was noted last and with which list, and the number that its event's list has now."""

    id: UUID
    event_id: UUID
    last_seen_at: datetime | None
    held_number: int | None
    roster_number: int


def _table(model: Any) -> Table:
    table: Table = model.__table__
    return table


_DEVICES, _EVENTS = _table(Device), _table(EventRecord)
_OF_TOKEN = (
    select(
        _DEVICES.c.switched_off_at,
        _DEVICES.c.id,
        _DEVICES.c.event_id,
        _DEVICES.c.last_seen_at,
        _DEVICES.c.held_number,
        _EVENTS.c.roster_number,
    )
    .join_from(_DEVICES, _EVENTS, _EVENTS.c.id == _DEVICES.c.event_id)
    .where(_DEVICES.c.token_hash == bindparam("token_hash"))
)


def who_polls(connection: Connection, token: str) -> Poll | DeviceRefused:
    """The poll of the scanner that this access token belongs to."""
    found = connection.execute(_OF_TOKEN, {"token_hash": hash_of_token(token)}).one_or_none()
    if found is None:
        return UNKNOWN_TOKEN
    return SWITCHED_OFF if found[0] is not None else Poll._make(found[1:])


def is_news(poll: Poll, claimed: int, now: datetime) -> bool:
    """Whether this question tells more than the scanner's row says: that it holds another list, or that it still asks."""
    seen = poll.last_seen_at
    return poll.held_number != claimed or seen is None or not timedelta(0) <= now - seen < SEEN_EVERY
