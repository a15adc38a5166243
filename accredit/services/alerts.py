"""What somebody should look at: lists that nobody reads or loaded, silent scanners, failed jobs and mail, doubtful scans."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from accredit.credential.serials import short_code
from accredit.credential.split_alerts import SplitAlert
from accredit.db.models.applications import Application
from accredit.db.models.gate import Device, Scan, SetAsideScan
from accredit.db.models.jobs import Job, JobState
from accredit.db.models.lists import Edition
from accredit.db.models.outbox import Message
from accredit.domain.events import Event
from accredit.domain.messages import MessageState
from accredit.domain.permissions import Permission
from accredit.services.context import Context
from accredit.services.event_loading import LoadedEvent
from accredit.services.splits import open_alerts

SILENT_AFTER = timedelta(minutes=10)
"""A scanner asks every few seconds and is noted at least each minute; one that was not heard for so long is cut off."""

FAILED_WITHIN = timedelta(days=7)


class AlertKind(StrEnum):
    """What there is to look at."""

    LIST_MISSING = "list_missing"
    LIST_UNREAD = "list_unread"
    DEVICE_SILENT = "device_silent"
    JOBS_FAILED = "jobs_failed"
    MAIL_FAILED = "mail_failed"
    CLOCK_SUSPECT = "clock_suspect"
    SCANS_SET_ASIDE = "scans_set_aside"
    ADMITTED_APART = "admitted_apart"


@dataclass(frozen=True, slots=True)
class Alert:
    """How many, and which ones where they have names: keys of lists, names of scanners.

    A pass that was admitted apart is an alert of its own, with its short code and both scans in `split`.
    """

    kind: AlertKind
    count: int
    names: tuple[str, ...] = ()
    split: SplitAlert | None = None


def alerts(session: Session, context: Context, event: LoadedEvent) -> tuple[Alert, ...]:
    """What to look at now: passes that were admitted apart, then the others in the order of the kinds; nothing that is well."""
    context.require(Permission.FIGURES_READ)
    now = context.now()
    missing, unread = _lists(session, event.event)
    named = (
        (AlertKind.LIST_MISSING, missing),
        (AlertKind.LIST_UNREAD, unread),
        (AlertKind.DEVICE_SILENT, _silent(session, event, now)),
    )
    counted = (
        (AlertKind.JOBS_FAILED, _failed_jobs(session, now)),
        (AlertKind.MAIL_FAILED, _failed_mail(session, event)),
        (AlertKind.CLOCK_SUSPECT, _suspect(session, event)),
        (AlertKind.SCANS_SET_ASIDE, _set_aside(session, event)),
    )
    found = (*(Alert(kind, len(names), names) for kind, names in named), *(Alert(kind, one) for kind, one in counted))
    split = (
        Alert(AlertKind.ADMITTED_APART, 1, (short_code(one.serial),), one) for one in open_alerts(session, event, now)
    )
    return (*split, *(one for one in found if one.count))


def _lists(session: Session, event: Event) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Lists that a category reads and nobody loaded for the day of reference; lists that no category reads."""
    loaded: dict[str, bool] = {}
    wanted = select(Edition.list_key, func.min(Edition.as_of)).group_by(Edition.list_key)
    for key, first in session.execute(wanted):
        loaded[key] = first <= event.reference_on
    read = {key for category in event.categories for key in category.lists}
    return tuple(sorted(key for key in read if not loaded.get(key))), tuple(sorted(loaded.keys() - read))


def _silent(session: Session, event: LoadedEvent, now: datetime) -> tuple[str, ...]:
    """Enrolled scanners of a checkpoint that is open now, of which nothing was heard for a while."""
    open_now = [
        one.key
        for one in event.event.checkpoints
        if any(hours.opens_at - one.early_admission <= now < hours.closes_at for hours in one.hours)
    ]
    wanted = (
        select(Device.name)
        .where(
            Device.event_id == event.record.id,
            Device.checkpoint.in_(open_now),
            Device.enrolled_at.is_not(None),
            Device.switched_off_at.is_(None),
            Device.last_seen_at < now - SILENT_AFTER,
        )
        .order_by(Device.name)
    )
    return tuple(session.scalars(wanted))


def _failed_jobs(session: Session, now: datetime) -> int:
    failed = select(func.count()).where(Job.state == JobState.FAILED, Job.finished_at >= now - FAILED_WITHIN)
    return session.scalar(failed) or 0


def _failed_mail(session: Session, event: LoadedEvent) -> int:
    wanted = (
        select(func.count())
        .select_from(Message)
        .join(Application, Application.id == Message.application_id)
        .where(Application.event_id == event.record.id, Message.state == MessageState.FAILED)
    )
    return session.scalar(wanted) or 0


def _suspect(session: Session, event: LoadedEvent) -> int:
    return session.scalar(select(func.count()).where(Scan.event_id == event.record.id, Scan.clock_suspect)) or 0


def _set_aside(session: Session, event: LoadedEvent) -> int:
    wanted = (
        select(func.count())
        .select_from(SetAsideScan)
        .join(Device, Device.id == SetAsideScan.device_id)
        .where(Device.event_id == event.record.id)
    )
    return session.scalar(wanted) or 0
