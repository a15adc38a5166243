"""Other names of listed bodies: learnt from a list of renames or from a reviewer's confirmation, and withdrawn again.

A name that was withdrawn finds nobody any more; the decisions that used it are listed, and nobody's decision changes by itself.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from accredit.db.models.aliases import AliasRecord
from accredit.db.models.applications import Application
from accredit.db.models.decisions import AssessmentRecord, Decision, DecisionVerdict
from accredit.domain.aliases import AliasKind
from accredit.domain.applications import ApplicationState
from accredit.domain.permissions import Permission
from accredit.identity.states import canonical
from accredit.matching.normalise import key_of, says_nothing
from accredit.services.auditing import Action, Subject, record
from accredit.services.context import Context
from accredit.services.known_names import last_change
from accredit.services.list_aliases import LONGEST_ALIAS
from accredit.services.organisations import BodyKey, Registers

LONGEST_SOURCE = 200
LONGEST_REASON = 400


@dataclass(frozen=True, slots=True)
class NewAlias:
    """A name to be added, with the day that its source tells. `country` as in `AliasRecord`."""

    body: BodyKey
    name: str
    kind: AliasKind
    source: str
    known_on: date
    country: str = ""


class AliasFault(StrEnum):
    """Why no name was withdrawn."""

    UNKNOWN_NUMBER = "unknown_number"
    ALREADY_WITHDRAWN = "already_withdrawn"
    REASON_MISSING = "reason_missing"


@dataclass(frozen=True, slots=True)
class AliasRefused:
    """Nothing was done: the cause, and a sentence with the cure."""

    code: AliasFault
    message: str


@dataclass(frozen=True, slots=True)
class DecisionResting:
    """A decision that cites an assessment in which the body was found by this name."""

    reference: str
    state: ApplicationState
    verdict: DecisionVerdict
    actor: str


@dataclass(frozen=True, slots=True)
class AliasWithdrawn:
    """The name, and the decisions that used it."""

    alias: AliasRecord
    decisions: tuple[DecisionResting, ...]


def add_aliases(session: Session, context: Context, aliases: Sequence[NewAlias]) -> int:
    """Adds these names. The caller has locked the audit trail by recording: so no two changes get one number."""
    number = last_change(session)
    rows = [_row(context, alias, number + place) for place, alias in enumerate(aliases, 1)]
    if rows:
        session.execute(insert(AliasRecord), rows)
    return len(rows)


def _row(context: Context, alias: NewAlias, number: int) -> dict[str, object]:
    return {
        "id": context.new_id(),
        "number": number,
        "list_key": alias.body.list_key,
        "external_id": alias.body.external_id,
        "name": alias.name,
        "kind": alias.kind,
        "country": alias.country,
        "source": "".join(filter(str.isprintable, alias.source))[:LONGEST_SOURCE],
        "known_on": alias.known_on,
        "added_at": context.now(),
        "added_by": context.actor.name,
        "withdrawn_by": "",
        "withdrawn_for": "",
    }


def learn_spelling(
    session: Session, context: Context, registers: Registers, application: Application, body: BodyKey
) -> bool:
    """After a reviewer confirmed which body is meant, its list knows the spelling that was typed.

    Not where the edition itself knows a body by it, or where the words say nothing: such a name goes to a person each time.
    The name holds for the applicant's country alone, where that was given. Where another body is known by it already, both
    are from now on, and neither is accepted by it.
    """
    typed = " ".join(application.organisation.split())
    unfit = says_nothing(key_of(typed)) or len(typed) > LONGEST_ALIAS
    if unfit or not registers.may_learn(body, typed):
        return False
    record(session, context, Action.ALIAS_ADDED, Subject("body", f"{body.list_key}/{body.external_id}"[:80]))
    country = canonical(application.organisation_country)
    source = f"review of {application.reference}"
    spelling = NewAlias(body, typed, AliasKind.CONFIRMED_SPELLING, source, context.now().date(), country)
    return add_aliases(session, context, [spelling]) == 1


def all_aliases(session: Session, *, list_key: str | None = None, withdrawn: bool = False) -> tuple[AliasRecord, ...]:
    """The learnt names by number; those that count, or all."""
    wanted = select(AliasRecord).order_by(AliasRecord.number)
    if list_key is not None:
        wanted = wanted.where(AliasRecord.list_key == list_key)
    if not withdrawn:
        wanted = wanted.where(AliasRecord.withdrawn_number.is_(None))
    return tuple(session.scalars(wanted))


def withdraw_alias(session: Session, context: Context, number: int, *, reason: str) -> AliasWithdrawn | AliasRefused:
    """Withdraws a name with a reason, and answers which decisions used it."""
    context.require(Permission.LISTS_IMPORT)
    if not reason.strip():
        return AliasRefused(AliasFault.REASON_MISSING, "say why the name is withdrawn; the reason is kept with it")
    wanted = select(AliasRecord).where(AliasRecord.number == number).with_for_update()
    alias = session.scalar(wanted.execution_options(populate_existing=True))
    if alias is None:
        words = f"no name has the number {number}; see “accredit aliases list”"
        return AliasRefused(AliasFault.UNKNOWN_NUMBER, words)
    if alias.withdrawn_number is not None:
        return AliasRefused(AliasFault.ALREADY_WITHDRAWN, f"name {number} was withdrawn already; nothing to do")
    record(session, context, Action.ALIAS_WITHDRAWN, Subject("alias", str(number)), ("withdrawn_at",))
    alias.withdrawn_number = last_change(session) + 1
    alias.withdrawn_at, alias.withdrawn_by = context.now(), context.actor.name
    alias.withdrawn_for = reason.strip()[:LONGEST_REASON]
    session.flush()  # the next reader of the numbers in this transaction must see it
    return AliasWithdrawn(alias, decisions_resting_on(session, alias))


def decisions_resting_on(session: Session, alias: AliasRecord) -> tuple[DecisionResting, ...]:
    """The decisions that cite an assessment in which the body was found by this name, by time."""
    wanted = (
        select(Application.reference, Application.state, Decision.verdict, Decision.actor)
        .join(Decision, Decision.application_id == Application.id)
        .join(AssessmentRecord, AssessmentRecord.id == Decision.assessment_id)
        .where(AssessmentRecord.alias_id == alias.id)
        .order_by(Decision.decided_at, Application.reference)
    )
    return tuple(DecisionResting(*row) for row in session.execute(wanted))
