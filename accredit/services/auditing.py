"""The trail of staff actions, written in the transaction of the change and chained by hash.

Each row's digest covers the row and the digest before it, so that a row that was altered, removed or slipped in afterwards
breaks the chain at its number. Rows hold field names, never values.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from accredit.db.models.audit import AuditEntry, AuditHead
from accredit.services.context import Context

_HEAD = 1
_START = bytes(32)
_LOCKED = "accredit audit head"


class Action(StrEnum):
    """What was done: subject, then deed."""

    EVENT_LOADED = "event.loaded"
    ROSTER_OUTRUN = "roster.outrun"
    DATABASE_RESTORED = "database.restored"
    LIST_IMPORTED = "list.imported"
    ALIAS_ADDED = "alias.added"
    ALIAS_WITHDRAWN = "alias.withdrawn"
    ALIASES_IMPORTED = "aliases.imported"
    APPLICATION_SUBMITTED = "application.submitted"
    APPLICATION_AMENDED = "application.amended"
    APPLICATION_ASSESSED = "application.assessed"
    APPLICATION_ADVANCED = "application.advanced"
    FOCAL_POINTS_ASKED = "focal_points.asked"
    APPLICATION_APPROVED = "application.approved"
    APPLICATION_REFUSED = "application.refused"
    APPLICATION_WITHDRAWN = "application.withdrawn"
    APPLICATION_REOPENED = "application.reopened"
    APPLICATION_SUBSTITUTED = "application.substituted"
    APPLICATION_HELD = "application.held"
    APPLICATION_RELEASED = "application.released"
    APPLICATION_ASKED = "application.asked"
    APPLICATION_ANSWERED = "application.answered"
    BODY_CONFIRMED = "application.body_confirmed"
    OVERRIDE_PROPOSED = "application.override_proposed"
    OVERRIDE_CONFIRMED = "application.override_confirmed"
    OVERRIDE_DECLINED = "application.override_declined"
    EXPORT_MADE = "export.made"
    REQUEST_MADE = "request.made"
    REQUEST_SETTLED = "request.settled"
    DATA_HANDED_OUT = "data.handed_out"
    DATA_ERASED = "data.erased"
    PASS_PREPARED = "pass.prepared"  # noqa: S105 - a pass is no password
    PASS_COLLECTED = "pass.collected"  # noqa: S105
    PASS_REVOKED = "pass.revoked"  # noqa: S105
    PASS_REPLACED = "pass.replaced"  # noqa: S105
    PASS_SUSPENDED = "pass.suspended"  # noqa: S105
    PASS_REINSTATED = "pass.reinstated"  # noqa: S105
    BADGE_PRINTED = "badge.printed"
    BADGE_REPRINTED = "badge.reprinted"
    BADGE_IN_HAND = "badge.in_hand"
    PRINTER_CHANGED = "printer.changed"
    PRINT_SETTLED = "print.settled"
    PHOTO_TAKEN = "photo.taken"
    PICKUP_STOPPED = "pickup.stopped"
    PICKUP_OVERRIDDEN = "pickup.overridden"
    PICKUP_UNDONE = "pickup.undone"
    PICKUP_WIDENED = "pickup.widened"
    PICKUP_ENTERED = "pickup.entered_afterwards"
    SLIP_OPENED = "slip.opened"
    SLIP_SETTLED = "slip.settled"
    GROUNDS_GRANTED = "grounds.granted"
    GROUNDS_WITHDRAWN = "grounds.withdrawn"
    DEVICE_PREPARED = "device.prepared"
    DEVICE_ENROLLED = "device.enrolled"
    DEVICE_SWITCHED_OFF = "device.switched_off"
    SCANS_IMPORTED = "scans.imported"
    ALERT_SETTLED = "alert.settled"
    SCAN_ENTERED = "scan.entered_afterwards"
    KEYS_REQUESTED = "keys.requested"
    KEYS_IMPORTED = "keys.imported"
    ACCOUNT_ADDED = "account.added"
    ACCOUNT_CHANGED = "account.changed"
    LOGGED_IN = "account.logged_in"
    LOGGED_OUT = "account.logged_out"
    LOG_IN_FAILED = "account.log_in_failed"
    PASSWORD_CHANGED = "account.password_changed"  # noqa: S105
    SECOND_STEP_SET = "account.second_step_set"
    SECOND_STEP_RESET = "account.second_step_reset"
    RECOVERY_CODES_MADE = "account.recovery_codes_made"
    RECOVERY_CODE_USED = "account.recovery_code_used"
    TOKEN_ADDED = "token.added"  # noqa: S105
    TOKEN_ENDED = "token.ended"  # noqa: S105
    JOB_STARTED = "job.started"
    JOB_CANCELLED = "job.cancelled"
    JOB_RETRIED = "job.retried"


@dataclass(frozen=True, slots=True)
class Subject:
    """On what it was done: the kind, and the id or reference that staff know it by."""

    kind: str
    id: str


def take_turn(session: Session) -> None:
    """Locks the end of the chain now: of those who are about to write the same thing, one does and the others then see it."""
    _locked_head(session)


def record(
    session: Session, context: Context, action: Action, subject: Subject, fields: Iterable[str] = ()
) -> AuditEntry:
    """Appends one action. Locks the end of the chain until the caller's commit."""
    head = _locked_head(session)
    entry = AuditEntry(
        number=head.number + 1,
        at=(context.trail_clock or context.clock)(),
        actor=context.actor.name,
        action=action.value,
        subject_kind=subject.kind,
        subject_id=subject.id,
        fields=sorted(fields),
        previous=head.digest,
        digest=_START,
    )
    entry.digest = digest_of(entry)
    head.number, head.digest = entry.number, entry.digest
    session.add(entry)
    return entry


def _locked_head(session: Session) -> AuditHead:
    """The end of the chain, locked by this transaction; it is asked for once, because nobody else can move it then."""
    transaction = session.get_transaction()
    held: tuple[object, AuditHead] | None = session.info.get(_LOCKED)
    if transaction is not None and held is not None and held[0] is transaction:
        return held[1]
    head = session.get_one(AuditHead, _HEAD, with_for_update=True)  # the first migration put the row there
    session.info[_LOCKED] = (session.get_transaction(), head)
    return head


def digest_of(entry: AuditEntry) -> bytes:
    """SHA-256 over the row and the digest before it; times in milliseconds, as both databases keep at least those."""
    told = [
        entry.number,
        int(entry.at.timestamp() * 1000),
        entry.actor,
        entry.action,
        entry.subject_kind,
        entry.subject_id,
        entry.fields,
    ]
    return hashlib.sha256(entry.previous + json.dumps(told, ensure_ascii=True).encode()).digest()


def first_broken(session: Session) -> int | None:
    """The number of the first row that does not fit its chain; None when all do."""
    previous = _START
    expected = 1
    for entry in session.scalars(select(AuditEntry).order_by(AuditEntry.number)).yield_per(1000):
        if entry.number != expected or entry.previous != previous or entry.digest != digest_of(entry):
            return expected
        previous, expected = entry.digest, expected + 1
    head = session.get(AuditHead, _HEAD)
    return expected if head is not None and head.number != expected - 1 else None


def length(session: Session) -> int:
    """How many actions the trail holds."""
    return session.scalar(select(func.count()).select_from(AuditEntry)) or 0
