"""Who is inside, by all gates together."""

from __future__ import annotations

from datetime import timedelta

from factories.contexts import HEARING_MORNING, at, make_context
from factories.devices import make_scan, make_scanner
from factories.events import loaded_event, make_event
from factories.keys import with_keys
from factories.passes import collected_pass
from sqlalchemy import Engine

from accredit.credential.reasons import Direction, Reason, Source, Verdict
from accredit.credential.scans import ScanRecord
from accredit.db.session import writing
from accredit.services.inside import SITE, PlaceInside, who_is_inside
from accredit.services.scans import BatchAnswer, take_batch

CONTEXT = with_keys(make_context(HEARING_MORNING), make_event())
LATER = HEARING_MORNING + timedelta(hours=1)
NOBODY = {"serial": None, "source": Source.SIGHT, "reason": Reason.BY_SIGHT, "digest": None, "kid": None}


def test_the_site_and_each_door_are_told_by_serials_and_numbers(engine: Engine) -> None:
    """In, out, through a door without the gate, out of a room and still here; by sight; taken back; yesterday's."""
    with writing(engine) as session:
        event = loaded_event(session, CONTEXT)
        north, south = (make_scanner(session, CONTEXT, event, name) for name in ("north", "south"))
        stays, leaves, unseen, left_room = (collected_pass(session, CONTEXT, event).serial for _ in range(4))

        def scan(minute: int, serial: bytes | None, **changes: object) -> ScanRecord:
            return make_scan(HEARING_MORNING + timedelta(minutes=minute), **{"serial": serial, **changes})  # type: ignore[arg-type]

        wrong = scan(9, **NOBODY)
        undo = scan(10, **{**NOBODY, "verdict": Verdict.REFUSE, "reason": Reason.UNDONE}, supersedes=wrong.id)
        exits = {"direction": Direction.EXIT}
        batches = {
            north: [scan(1, stays), scan(2, leaves), scan(3, **NOBODY), scan(4, **NOBODY), wrong, undo],
            south: [
                scan(5, leaves, **exits),
                scan(6, unseen, checkpoint="door-xix"),
                scan(7, left_room, checkpoint="door-xix"),
                scan(8, left_room, checkpoint="door-xix", **exits),
                scan(8, **NOBODY, **exits),
            ],
        }
        for scanner, records in batches.items():
            answer = take_batch(session, at(CONTEXT, LATER), event, scanner.device, scanner.batch(records, LATER))
            assert isinstance(answer, BatchAnswer)
        session.commit()
        told = {one.place: one for one in who_is_inside(session, event, LATER)}
        assert told[SITE] == PlaceInside(SITE, tuple(sorted((stays, unseen, left_room))), (leaves,), 1)
        assert told["door-xix"] == PlaceInside("door-xix", (unseen,), (left_room,), 0)
        tomorrow = who_is_inside(session, event, LATER + timedelta(days=1))
        assert {(one.inside, one.out, one.unnamed) for one in tomorrow} == {((), (), 0)}
