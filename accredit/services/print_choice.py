"""Which passes a print job takes, and why it may not."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, joinedload, selectinload

from accredit.credential.keysets import KeyRole, KeyStatus
from accredit.credential.reasons import PassState
from accredit.db.models.applications import Application
from accredit.db.models.passes import Badge, Pass
from accredit.services.context import KeyRing
from accredit.services.event_loading import LoadedEvent
from accredit.services.references import plain_reference
from accredit.services.revocations import withdrawn_kids

_LONGEST_REASON = 400


class Which(StrEnum):
    """Which passes are printed: collected and not printed yet, prepared and not printed yet, or both."""

    READY = "ready"
    AHEAD = "ahead"
    ALL = "all"


class PrintObstacle(StrEnum):
    """Why nothing is printed."""

    UNKNOWN_SIZE = "unknown_size"
    UNKNOWN_REFERENCE = "unknown_reference"
    NO_REASON = "no_reason"
    LONG_REASON = "long_reason"
    KEY_GONE = "key_gone"
    KEY_WITHDRAWN = "key_withdrawn"
    CHANGED = "changed"


@dataclass(frozen=True, slots=True)
class PrintRefused:
    """The code, a sentence with the cure, and the references that it is about."""

    code: PrintObstacle
    message: str
    references: tuple[str, ...] = ()


def is_void(keyring: KeyRing, withdrawn: frozenset[int], badge: Badge) -> bool:
    """Whether gates refuse this badge for its key, by the list (`withdrawn`) or by the key set: then it gets a new code."""
    key = keyring.keyset.find(badge.kid, KeyRole.PASS)
    if badge.kid in withdrawn:
        return True
    if key is None or key.status is not KeyStatus.COMPROMISED:
        return False
    return key.compromised_at is None or badge.not_before >= key.compromised_at


def choose(
    session: Session,
    event: LoadedEvent,
    keyring: KeyRing,
    which: Which,
    references: Sequence[str],
    reason: str,
    only: Collection[UUID] | None = None,
) -> tuple[Pass, ...] | PrintRefused:
    """The passes under these references, printed before or not; without references the unprinted ones of that kind.

    `only` narrows the unprinted ones to these passes.
    """
    withdrawn = withdrawn_kids(session, event)
    if keyring.pass_key.kid in withdrawn:
        words = "The key that signs passes is withdrawn. Import the new key set first (“accredit keys import”)."
        return PrintRefused(PrintObstacle.KEY_WITHDRAWN, words)
    named = tuple(dict.fromkeys(map(plain_reference, references)))
    passes = _named(session, event, named) if named else _unprinted(session, event, which, only)
    gone = tuple(held.application.reference for held in passes if _is_gone(held, keyring, withdrawn))
    return _why_not(passes, named, gone, reason) or passes


def _is_gone(held: Pass, keyring: KeyRing, withdrawn: frozenset[int]) -> bool:
    if not held.badges or is_void(keyring, withdrawn, held.badges[-1]):
        return False
    return keyring.pass_key_of(held.badges[-1].kid) is None


def _unprinted(session: Session, event: LoadedEvent, which: Which, only: Collection[UUID] | None) -> tuple[Pass, ...]:
    states = {
        Which.READY: (PassState.COLLECTED,),
        Which.AHEAD: (PassState.PREPARED,),
        Which.ALL: (PassState.COLLECTED, PassState.PREPARED),
    }[which]
    wanted = _whole(event).where(Pass.state.in_(states), ~Pass.badges.any())
    if only is not None:
        wanted = wanted.where(Pass.id.in_(only))
    return tuple(session.scalars(wanted).unique())


def _named(session: Session, event: LoadedEvent, references: tuple[str, ...]) -> tuple[Pass, ...]:
    printable = (PassState.COLLECTED, PassState.PREPARED)
    wanted = _whole(event).where(Pass.state.in_(printable), Application.reference.in_(references))
    return tuple(session.scalars(wanted).unique())


def _whole(event: LoadedEvent) -> Select[Pass]:
    return (
        select(Pass)
        .join(Pass.application)
        .where(Pass.event_id == event.record.id)
        .options(joinedload(Pass.application).joinedload(Application.photo), selectinload(Pass.badges))
        .execution_options(populate_existing=True)
    )


def _why_not(
    passes: tuple[Pass, ...], named: tuple[str, ...], gone: tuple[str, ...], reason: str
) -> PrintRefused | None:
    found = {held.application.reference for held in passes}
    missing = tuple(reference for reference in named if reference not in found)
    again = tuple(held.application.reference for held in passes if held.badges)
    if missing:
        words = "There is no pass to print under these references: unknown, not approved, suspended or over."
        return PrintRefused(PrintObstacle.UNKNOWN_REFERENCE, words, missing)
    if again and not reason.strip():
        words = "These badges were printed already. Say why they are printed again, once the old sheet is destroyed."
        return PrintRefused(PrintObstacle.NO_REASON, words, again)
    if len(reason) > _LONGEST_REASON:
        words = f"The reason is longer than {_LONGEST_REASON} characters; shorten it."
        return PrintRefused(PrintObstacle.LONG_REASON, words)
    if gone:
        words = "The key that signed these badges is no longer here. Replace the passes instead."
        return PrintRefused(PrintObstacle.KEY_GONE, words, gone)
    return None
