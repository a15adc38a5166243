"""What a gate would say to a code now: for the desk, to which the gate sends people, and with the same two functions.

`verify` judges the code and `admit` the pass, as in the scanner, on the database's own word: no list is old here. Where
the person was seen before is the gates' to know, and left out.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from accredit.credential.admission import admit
from accredit.credential.admission_facts import Answer, Checkpoint, History, PassRecord, Presentation
from accredit.credential.reasons import Direction, Judgement, Source, judge
from accredit.credential.trust import TrustBundle
from accredit.credential.verifying import Verified, verify
from accredit.db.models.passes import Pass
from accredit.domain.events import Event
from accredit.domain.passes import standing
from accredit.domain.permissions import Permission
from accredit.services.context import Context
from accredit.services.event_loading import LoadedEvent
from accredit.services.gate_facts import checkpoint_entries, policy_of
from accredit.services.keys import keyring_of
from accredit.services.revocations import revocation_list
from accredit.services.roster import number_of


@dataclass(frozen=True, slots=True)
class Inspection:
    """The gate's answer with its sentence, and whose pass it is where the signature held and the pass is known."""

    answer: Answer
    judgement: Judgement
    reference: str | None


@dataclass(frozen=True, slots=True)
class UnknownCheckpoint:
    """There is no such checkpoint: a sentence with those that there are."""

    message: str


def inspect_code(
    session: Session, context: Context, event: LoadedEvent, text: str, checkpoint: str
) -> Inspection | UnknownCheckpoint:
    """What the checkpoint of this key would answer to an entry with this code. Raises `KeysNotSigned` without keys."""
    context.require(Permission.APPLICATIONS_READ)
    here = _checkpoint(event.event, checkpoint)
    if here is None:
        known = ", ".join(one.key for one in event.event.checkpoints)
        return UnknownCheckpoint(f"There is no checkpoint “{checkpoint}”; the event has {known}.")
    now = context.now()
    found = verify(text, _trust(session, context, event, now), now)
    presented = Presentation(Source.CODE, Direction.ENTRY, "inspection", now, claims=found.claims)
    if not isinstance(found, Verified):
        presented = replace(presented, rejection=found.reason)
    held = None
    if found.claims is not None and found.claims.event == event.event.number:
        held = _pass(session, event, found.claims.serial)
    record = None if held is None else _record(held, now)
    answer = admit(presented, record, History(), here, policy_of(event.event), list_age_s=0, clock_ok=True)
    reference = None if held is None else held.application.reference
    return Inspection(answer, judge(answer.reason, here.kind, list_is_fresh=True), reference)


def _trust(session: Session, context: Context, event: LoadedEvent, now: datetime) -> TrustBundle:
    number = number_of(session, event.record)
    listed = revocation_list(session, event, number, 0, now, now) if number else None
    return TrustBundle(event.event.number, keyring_of(context, event).keyset, listed)


def _pass(session: Session, event: LoadedEvent, serial: bytes) -> Pass | None:
    wanted = select(Pass).where(Pass.event_id == event.record.id, Pass.serial == serial)
    return session.scalar(wanted.execution_options(populate_existing=True))


def _record(held: Pass, now: datetime) -> PassRecord:
    tags = (held.document_tag,) if held.document_tag else ()
    return PassRecord(standing(held.state, held.valid_until, now), held.grants, held.category_code, tags)


def _checkpoint(event: Event, key: str) -> Checkpoint | None:
    return next((one.as_checkpoint() for one in checkpoint_entries(event) if one.key == key), None)
