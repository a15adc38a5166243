"""The rule of admission: who may pass a checkpoint now. One pure function, two callers.

The server calls `admit` with the full history of a pass, the scanner with what it remembers itself; nobody implements
the rule a second time. What a caller cannot know is named in the answer as unchecked, never taken for good.

Before they call, both look up the id of the scan (an exact retry gets the first answer again) and `same_scan` (a second
read within seconds at the same lane is the same scan). Both serialise the calls for one pass, so that of several
presentations at the same moment one is admitted and the others find it in the history.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta

from accredit.credential.admission_facts import (
    Answer,
    Checkpoint,
    EarlierScan,
    History,
    PassRecord,
    Policy,
    Presentation,
    Unchecked,
)
from accredit.credential.presence import admitted_elsewhere, is_inside
from accredit.credential.reasons import Direction, PassState, Reason, Source, Verdict, judge


@dataclass(frozen=True, slots=True)
class _Case:
    presentation: Presentation
    record: PassRecord | None
    history: History
    checkpoint: Checkpoint
    policy: Policy
    list_age_s: float
    revocations_age_s: float
    clock_ok: bool

    @property
    def list_is_fresh(self) -> bool:
        return self.list_age_s <= self.policy.fresh_s

    @property
    def names_a_pass(self) -> bool:
        return self.record is not None or self.presentation.claims is not None

    def judged(self, reason: Reason) -> tuple[Reason, Verdict]:
        return reason, judge(reason, self.checkpoint.kind, self.list_is_fresh).verdict


_Findings = Iterator[tuple[Reason, Verdict]]
_ENDED = {
    PassState.REVOKED: Reason.REVOKED,
    PassState.REPLACED: Reason.REPLACED,
    PassState.SUSPENDED: Reason.SUSPENDED,
    PassState.EXPIRED: Reason.EXPIRED,
}
# What a supervisor's word may settle: circumstances of the place and of the paper. Never the life of the pass, nor the
# honesty of the code: no route admits a withdrawn applicant.
_SUPERVISOR_SETTLES = frozenset(
    {
        Reason.MALFORMED,
        Reason.NO_GRANT,
        Reason.ALREADY_INSIDE,
        Reason.NO_DOCUMENT,
        Reason.UNKNOWN_PASS,
    }
)


def admit(
    presentation: Presentation,
    record: PassRecord | None,
    history: History,
    checkpoint: Checkpoint,
    policy: Policy,
    *,
    list_age_s: float,
    revocations_age_s: float | None = None,
    clock_ok: bool,
) -> Answer:
    """Decide one presentation at one checkpoint, at the time `presentation.at`. Never raises, touches nothing.

    `list_age_s` is the age of what `record` was read from, in seconds (0 on the server); `revocations_age_s` that of the
    revocations, where they came later than the rest (a delta shown as a QR); `clock_ok` is False when the
    caller's clock is known to be wrong. The checks, in this order:

    1. the code (what verify rejected), 2. whether a typed or grounds pass is known, 3. the life of the pass, 4. the
    grants, 5. presence, 6. the document, 7. the unsigned source, 8. hours, 9. room, 10. our own clock and list.

    After a rejected code only the life of the pass is looked at: nothing else in the code may be believed. Otherwise all
    are looked at, and the person is shown the first refusal; without one, the first question; the rest only warn. A
    refusal goes first, because who settles a question here and is refused afterwards was kept for nothing. Among equals,
    what can be cured only elsewhere (another pass, another door) goes before what this officer settles by a look, signs
    of misuse before circumstances, and what is wrong on our own side last: it is never the person's fault.

    - A prepared pass opens nothing. A code signed at the pick-up proves that the pass was collected: the list may say
      nothing of it or, if old, still "prepared"; a fresh list that contradicts the signature is asked about.
    - The record's grants go before the printed ones: the server may have changed them since.
    - Re-entry is normal. A pass just admitted at another lane is asked about, but not on the way from gate to door.
    - An expired or not yet valid code on a wrong clock is asked about, not refused.
    - Exits are never refused: the answer admits, and carries what is wrong with the pass for the record.
    - By sight, the class must open the checkpoint. A supervisor settles all but the life of a pass and a false code.
    """
    known_s = list_age_s if revocations_age_s is None else min(list_age_s, revocations_age_s)
    case = _Case(presentation, record, history, checkpoint, policy, list_age_s, known_s, clock_ok)
    if presentation.direction is Direction.EXIT:
        return _let_out(case)
    if presentation.source is Source.SIGHT:
        return _by_sight(case)
    findings = tuple(_found(case))
    if presentation.source is Source.SUPERVISOR:
        return _by_supervisor(case, findings)
    return _answer(case, findings, Reason.OK)


def same_scan(
    history: History, presentation: Presentation, checkpoint: Checkpoint, policy: Policy
) -> EarlierScan | None:
    """The scan that this presentation merely repeats: same lane and direction, within seconds. Its answer holds again.

    A presentation that brings something new (a document, the supervisor) is a scan of its own.
    """
    if presentation.document_tag is not None or presentation.no_document or presentation.source is Source.SUPERVISOR:
        return None
    window = timedelta(seconds=policy.same_scan_s)
    here = (checkpoint.key, presentation.lane, presentation.direction)
    repeated = [
        scan
        for scan in history.scans
        if (scan.checkpoint, scan.lane, scan.direction) == here and timedelta(0) <= presentation.at - scan.at <= window
    ]
    return max(repeated, key=lambda scan: scan.at, default=None)


def is_same_scan(history: History, presentation: Presentation, checkpoint: Checkpoint, policy: Policy) -> bool:
    """Whether `same_scan` finds one."""
    return same_scan(history, presentation, checkpoint, policy) is not None


def _answer(case: _Case, findings: tuple[tuple[Reason, Verdict], ...], otherwise: Reason) -> Answer:
    unchecked, last = tuple(_not_checked(case)), case.history.last
    for weight in (Verdict.REFUSE, Verdict.ASK):
        first = next((reason for reason, verdict in findings if verdict is weight), None)
        if first is not None:
            # A refused person is told one thing; what else might have been asked no longer matters.
            others = () if weight is Verdict.REFUSE else tuple(reason for reason, _ in findings if reason is not first)
            return Answer(weight, first, unchecked, last, others)
    return Answer(Verdict.ADMIT, otherwise, unchecked, last, tuple(reason for reason, _ in findings))


def _let_out(case: _Case) -> Answer:
    named = {Source.SIGHT: Reason.BY_SIGHT, Source.SUPERVISOR: Reason.BY_SUPERVISOR}.get(case.presentation.source)
    found = next((reason for check in (_code, _known, _life) for reason, _ in check(case)), Reason.OK)
    return Answer(Verdict.ADMIT, named or found, tuple(_not_checked(case)), case.history.last)


def _by_sight(case: _Case) -> Answer:
    opens = case.presentation.sight_class in case.checkpoint.sight_classes
    findings = list(_life(case)) + ([] if opens else [case.judged(Reason.NO_GRANT)])
    # One key, one glance: hours and room are shown, the officer needs no second key for them.
    findings += [(reason, Verdict.ADMIT) for check in (_hours, _room) for reason, _ in check(case)]
    return _answer(case, tuple(findings), Reason.BY_SIGHT)


def _by_supervisor(case: _Case, findings: tuple[tuple[Reason, Verdict], ...]) -> Answer:
    settled = tuple(
        (reason, Verdict.ADMIT) if verdict is not Verdict.REFUSE or reason in _SUPERVISOR_SETTLES else (reason, verdict)
        for reason, verdict in findings
    )
    return _answer(case, settled, Reason.BY_SUPERVISOR)


def _found(case: _Case) -> _Findings:
    rejected = tuple(_code(case))
    yield from rejected
    for check in (_life,) if rejected else _CHECKS:
        yield from check(case)


def _code(case: _Case) -> _Findings:
    presentation = case.presentation
    if presentation.source is Source.CODE and presentation.claims is None:
        yield _rejected(case, presentation.rejection or Reason.MALFORMED)
    elif presentation.rejection is not None and not _is_settled_later(case):
        yield _rejected(case, presentation.rejection)


def _is_settled_later(case: _Case) -> bool:
    """A listed serial: `_life` may know it better as replaced or suspended. A date: on a wrong clock it proves nothing."""
    if case.presentation.rejection in (Reason.EXPIRED, Reason.NOT_YET_VALID):
        return not case.clock_ok
    return case.presentation.rejection is Reason.REVOKED


def _rejected(case: _Case, reason: Reason) -> tuple[Reason, Verdict]:
    # Fails closed: a reason that refuses nobody cannot have come from a verifier that rejected.
    finding = case.judged(reason)
    return finding if finding[1] is Verdict.REFUSE else case.judged(Reason.MALFORMED)


def _known(case: _Case) -> _Findings:
    listed = case.record is not None or case.presentation.on_revocation_list
    if case.presentation.source in (Source.SHORT_CODE, Source.GROUNDS) and not listed:
        yield case.judged(Reason.UNKNOWN_PASS)


def _life(case: _Case) -> _Findings:
    state, claims = case.record.state if case.record else None, case.presentation.claims
    if state in _ENDED:
        yield case.judged(_ENDED[state])
    elif case.presentation.on_revocation_list or case.presentation.rejection is Reason.REVOKED:
        yield case.judged(Reason.REVOKED)
    elif state is PassState.PREPARED and claims is not None and not claims.printed_ahead:
        # Signed at the pick-up, so it was collected; only a list that should know can contradict it.
        if case.list_is_fresh:
            yield Reason.NOT_COLLECTED, Verdict.ASK
    elif state is PassState.PREPARED or (state is None and claims is not None and claims.printed_ahead):
        yield case.judged(Reason.NOT_COLLECTED)


def _grants(case: _Case) -> _Findings:
    claims = case.presentation.claims
    held = case.record.grants if case.record else claims.grants if claims else 0
    if case.names_a_pass and not held & case.checkpoint.grant_mask:
        yield case.judged(Reason.NO_GRANT)


def _presence(case: _Case) -> _Findings:
    if case.policy.exits_scanned and is_inside(case.history, case.checkpoint):
        # A local history may have missed the exit at another gate: it can only ask.
        verdict = case.judged(Reason.ALREADY_INSIDE)[1] if case.history.complete else Verdict.ASK
        yield Reason.ALREADY_INSIDE, verdict
    if admitted_elsewhere(case.history, case.presentation, case.checkpoint, case.policy):
        yield case.judged(Reason.READ_ELSEWHERE)


def _document(case: _Case) -> _Findings:
    tag, known = case.presentation.document_tag, _document_tags(case)
    if case.presentation.no_document:
        yield case.judged(Reason.NO_DOCUMENT)
    elif tag is not None and known and tag not in known:
        yield case.judged(Reason.DOCUMENT_MISMATCH)


def _document_tags(case: _Case) -> frozenset[bytes]:
    claims = case.presentation.claims
    printed = (claims.document_tag,) if claims is not None and claims.document_tag is not None else ()
    return frozenset(printed + (case.record.document_tags if case.record else ()))


def _source(case: _Case) -> _Findings:
    if case.presentation.source is Source.SHORT_CODE:
        yield case.judged(Reason.UNSIGNED_CODE)


def _hours(case: _Case) -> _Findings:
    here, at = case.checkpoint, case.presentation.at
    early = timedelta(seconds=here.early_admission_s)
    held = here.held_open_until is not None and at <= here.held_open_until
    # A wrong clock knows no hours; that it is wrong is asked about by itself.
    if case.clock_ok and here.opens and not held and not any(start - early <= at <= end for start, end in here.opens):
        yield case.judged(Reason.CLOSED_NOW)


def _room(case: _Case) -> _Findings:
    capacity = case.checkpoint.capacity
    if capacity is not None and case.history.inside >= capacity:
        # Who is counted already takes no further seat: then it only warns.
        yield Reason.FULL, Verdict.ADMIT if is_inside(case.history, case.checkpoint) else case.judged(Reason.FULL)[1]


def _ourselves(case: _Case) -> _Findings:
    if not case.clock_ok:
        yield case.judged(Reason.CLOCK_WRONG)
    # What makes an old list dangerous is who was withdrawn since; a later delta answers for that.
    if case.revocations_age_s > case.policy.old_after_s(case.checkpoint.kind):
        yield case.judged(Reason.STALE_LIST)


def _not_checked(case: _Case) -> Iterator[Unchecked]:
    if not case.names_a_pass:
        return
    if case.record is None:
        yield Unchecked.PASS_RECORD
    if not case.list_is_fresh:
        yield Unchecked.RECENT_CHANGES
    if not case.history.complete:
        yield Unchecked.OTHER_GATES
    if case.presentation.document_tag is not None and not _document_tags(case):
        yield Unchecked.DOCUMENT


_CHECKS: tuple[Callable[[_Case], _Findings], ...] = (
    _known,
    _life,
    _grants,
    _presence,
    _document,
    _source,
    _hours,
    _room,
    _ourselves,
)
