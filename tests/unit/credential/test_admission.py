"""The rule of admission, case by case, and what must hold for every case."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accredit.credential.admission import admit, is_same_scan, same_scan
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
from accredit.credential.claims import Claims
from accredit.credential.reasons import CheckpointKind, Direction, PassState, Reason, Source, Verdict

NOW = datetime(2017, 10, 11, 8, 30, tzinfo=UTC)
SITE_BIT, MORNING_BIT, THEMATIC_BIT = 1, 2, 4
GATE = Checkpoint("pregny", CheckpointKind.SITE, SITE_BIT, sight_classes=("staff",))
DOOR = Checkpoint("xix-am", CheckpointKind.DOOR, MORNING_BIT)
OTHER_DOOR = Checkpoint("xix-12", CheckpointKind.DOOR, THEMATIC_BIT)
POLICY = Policy()
OLD = POLICY.fresh_s + 1
CLAIMS = Claims(
    serial=b"\x01\x02\x03\x04\x05",
    event=1,
    category=1,
    printed_ahead=False,
    grants=SITE_BIT | MORNING_BIT,
    document_tag=None,
    name="DOE JANE",
    not_before=NOW - timedelta(days=1),
    expires=NOW + timedelta(days=3),
)
AHEAD = replace(CLAIMS, printed_ahead=True)
CODE = Presentation(Source.CODE, Direction.ENTRY, "1", NOW, claims=CLAIMS)
CODE_AHEAD = replace(CODE, claims=AHEAD)
TYPED = Presentation(Source.SHORT_CODE, Direction.ENTRY, "1", NOW, serial=CLAIMS.serial)
GROUNDS = Presentation(Source.GROUNDS, Direction.ENTRY, "1", NOW, grounds_tag=b"g" * 16)
BY_SIGHT = Presentation(Source.SIGHT, Direction.ENTRY, "1", NOW, sight_class="staff")
SUPERVISOR = Presentation(Source.SUPERVISOR, Direction.ENTRY, "1", NOW)
COLLECTED = PassRecord(PassState.COLLECTED, CLAIMS.grants)
PREPARED = PassRecord(PassState.PREPARED, CLAIMS.grants)
COMPLETE = History(complete=True)


def answer(
    presentation: Presentation = CODE,
    record: PassRecord | None = COLLECTED,
    history: History = COMPLETE,
    checkpoint: Checkpoint = GATE,
    policy: Policy = POLICY,
    list_age_s: float = 0,
    clock_ok: bool = True,
) -> Answer:
    """What `admit` says where all that a test does not name is in order."""
    return admit(presentation, record, history, checkpoint, policy, list_age_s=list_age_s, clock_ok=clock_ok)


def scanned(seconds_ago: float, **changes: Any) -> EarlierScan:
    """An admitted entry at lane 1 of the gate."""
    at = NOW - timedelta(seconds=seconds_ago)
    admitted = EarlierScan("pregny", CheckpointKind.SITE, "1", at, Verdict.ADMIT, Direction.ENTRY, Reason.OK)
    return replace(admitted, **changes)


def after(*scans: EarlierScan, **changes: Any) -> History:
    """The server's history with these scans."""
    return replace(History(scans, complete=True), **changes)


def ended(state: PassState) -> PassRecord:
    return PassRecord(state, CLAIMS.grants)


def supervised(**changes: Any) -> Presentation:
    return replace(SUPERVISOR, claims=CLAIMS, **changes)


CASES: dict[str, tuple[dict[str, Any], tuple[str, str]]] = {
    "a collected pass enters": ({}, ("admit", "ok")),
    "a collected pass enters at its door without a gate scan": ({"checkpoint": DOOR}, ("admit", "ok")),
    "printed at the pick-up, unknown to the list": ({"record": None}, ("admit", "ok")),
    "printed at the pick-up, an old list still says prepared": (
        {"record": PREPARED, "list_age_s": OLD},
        ("admit", "ok"),
    ),
    "printed at the pick-up, a fresh list contradicts": ({"record": PREPARED}, ("ask", "not_collected")),
    "printed ahead and collected": ({"presentation": CODE_AHEAD}, ("admit", "ok")),
    "printed ahead, prepared, fresh list": (
        {"presentation": CODE_AHEAD, "record": PREPARED},
        ("refuse", "not_collected"),
    ),
    "printed ahead, prepared, old list": (
        {"presentation": CODE_AHEAD, "record": PREPARED, "list_age_s": OLD},
        ("ask", "not_collected"),
    ),
    "printed ahead, unknown, fresh list": ({"presentation": CODE_AHEAD, "record": None}, ("refuse", "not_collected")),
    "printed ahead, unknown, old list": (
        {"presentation": CODE_AHEAD, "record": None, "list_age_s": OLD},
        ("ask", "not_collected"),
    ),
    "a list of exactly a minute is fresh": (
        {"presentation": CODE_AHEAD, "record": None, "list_age_s": 60},
        ("refuse", "not_collected"),
    ),
    "revoked in the record": ({"record": ended(PassState.REVOKED)}, ("refuse", "revoked")),
    "revoked in an old record": ({"record": ended(PassState.REVOKED), "list_age_s": OLD}, ("refuse", "revoked")),
    "replaced in the record": ({"record": ended(PassState.REPLACED)}, ("refuse", "replaced")),
    "suspended in the record": ({"record": ended(PassState.SUSPENDED)}, ("refuse", "suspended")),
    "expired in the record": ({"record": ended(PassState.EXPIRED)}, ("refuse", "expired")),
    "on the revocation list": ({"presentation": replace(CODE, rejection=Reason.REVOKED)}, ("refuse", "revoked")),
    "on the revocation list, known as replaced": (
        {"presentation": replace(CODE, rejection=Reason.REVOKED), "record": ended(PassState.REPLACED)},
        ("refuse", "replaced"),
    ),
    "a forged code": (
        {"presentation": replace(CODE, claims=None, rejection=Reason.BAD_SIGNATURE), "record": None},
        ("refuse", "bad_signature"),
    ),
    "a code of which nothing is known": (
        {"presentation": replace(CODE, claims=None), "record": None},
        ("refuse", "malformed"),
    ),
    "a rejection that is none": (
        {"presentation": replace(CODE, claims=None, rejection=Reason.OK)},
        ("refuse", "malformed"),
    ),
    "a confirmation instead of a pass": (
        {"presentation": replace(CODE, claims=None, rejection=Reason.CONFIRMATION_NOT_PASS), "record": None},
        ("refuse", "confirmation_not_pass"),
    ),
    "an expired code": ({"presentation": replace(CODE, rejection=Reason.EXPIRED)}, ("refuse", "expired")),
    "an expired code on a wrong clock": (
        {"presentation": replace(CODE, rejection=Reason.EXPIRED), "clock_ok": False},
        ("ask", "clock_wrong"),
    ),
    "an expired code on a wrong clock, revoked": (
        {
            "presentation": replace(CODE, rejection=Reason.EXPIRED),
            "clock_ok": False,
            "record": ended(PassState.REVOKED),
        },
        ("refuse", "revoked"),
    ),
    "no grant for this door": ({"checkpoint": OTHER_DOOR}, ("refuse", "no_grant")),
    "grants widened since the printing": (
        {"checkpoint": OTHER_DOOR, "record": PassRecord(PassState.COLLECTED, THEMATIC_BIT)},
        ("admit", "ok"),
    ),
    "grants narrowed since the printing": (
        {"checkpoint": DOOR, "record": PassRecord(PassState.COLLECTED, SITE_BIT)},
        ("refuse", "no_grant"),
    ),
    "a checkpoint that nothing opens": ({"checkpoint": replace(DOOR, grant_mask=0)}, ("refuse", "no_grant")),
    "no grant goes before just read elsewhere": (
        {"checkpoint": OTHER_DOOR, "history": after(scanned(9, checkpoint="xix-am", kind=CheckpointKind.DOOR))},
        ("refuse", "no_grant"),
    ),
    "a typed code": ({"presentation": TYPED}, ("ask", "unsigned_code")),
    "a typed code that nobody knows": ({"presentation": TYPED, "record": None}, ("refuse", "unknown_pass")),
    "a typed code that an old list does not know": (
        {"presentation": TYPED, "record": None, "list_age_s": OLD},
        ("ask", "unknown_pass"),
    ),
    "a typed code on the revocation list": (
        {"presentation": replace(TYPED, on_revocation_list=True), "record": None},
        ("refuse", "revoked"),
    ),
    "a typed code of a prepared pass": ({"presentation": TYPED, "record": PREPARED}, ("refuse", "not_collected")),
    "a grounds pass with written grants": (
        {"presentation": GROUNDS, "record": PassRecord(PassState.COLLECTED, MORNING_BIT), "checkpoint": DOOR},
        ("admit", "ok"),
    ),
    "a grounds pass without this grant": (
        {"presentation": GROUNDS, "record": PassRecord(PassState.COLLECTED, MORNING_BIT), "checkpoint": OTHER_DOOR},
        ("refuse", "no_grant"),
    ),
    "a grounds pass that is not listed": (
        {"presentation": GROUNDS, "record": None, "checkpoint": DOOR},
        ("refuse", "unknown_pass"),
    ),
    "another document": (
        {"presentation": replace(CODE, document_tag=b"xyz"), "record": replace(COLLECTED, document_tags=(b"abc",))},
        ("ask", "document_mismatch"),
    ),
    "the second of two known documents": (
        {
            "presentation": replace(CODE, document_tag=b"xyz"),
            "record": replace(COLLECTED, document_tags=(b"abc", b"xyz")),
        },
        ("admit", "ok"),
    ),
    "the document that is printed": (
        {
            "presentation": replace(CODE, claims=replace(CLAIMS, document_tag=b"xyz"), document_tag=b"xyz"),
            "record": None,
        },
        ("admit", "ok"),
    ),
    "no document at the gate": ({"presentation": replace(CODE, no_document=True)}, ("refuse", "no_document")),
    "no document at a door": (
        {"presentation": replace(CODE, no_document=True), "checkpoint": DOOR},
        ("ask", "no_document"),
    ),
    "a list above the event's limit": ({"list_age_s": POLICY.old_s + 1}, ("ask", "stale_list")),
    "a list at the event's limit": ({"list_age_s": POLICY.old_s}, ("admit", "ok")),
    "a wrong clock": ({"clock_ok": False}, ("ask", "clock_wrong")),
    "a known class by sight": ({"presentation": BY_SIGHT, "record": None}, ("admit", "by_sight")),
    "a class that does not open this door": (
        {"presentation": BY_SIGHT, "record": None, "checkpoint": DOOR},
        ("refuse", "no_grant"),
    ),
    "the supervisor admits without a pass": ({"presentation": SUPERVISOR, "record": None}, ("admit", "by_supervisor")),
    "the supervisor opens another door": (
        {"presentation": supervised(), "checkpoint": OTHER_DOOR},
        ("admit", "by_supervisor"),
    ),
    "the supervisor settles an unread badge": (
        {"presentation": replace(SUPERVISOR, rejection=Reason.MALFORMED), "record": None},
        ("admit", "by_supervisor"),
    ),
    "the supervisor settles what an old list asks": (
        {"presentation": replace(SUPERVISOR, claims=AHEAD), "record": PREPARED, "list_age_s": OLD},
        ("admit", "by_supervisor"),
    ),
    "no supervisor revives a revoked pass": (
        {"presentation": supervised(), "record": ended(PassState.REVOKED)},
        ("refuse", "revoked"),
    ),
    "no supervisor revives it through an unread badge": (
        {"presentation": replace(SUPERVISOR, rejection=Reason.MALFORMED), "record": ended(PassState.REVOKED)},
        ("refuse", "revoked"),
    ),
    "no supervisor opens with a prepared pass": (
        {"presentation": replace(SUPERVISOR, claims=AHEAD), "record": PREPARED},
        ("refuse", "not_collected"),
    ),
    "no supervisor believes a forged code": (
        {"presentation": replace(SUPERVISOR, rejection=Reason.BAD_SIGNATURE), "record": None},
        ("refuse", "bad_signature"),
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_each_case_gets_its_verdict_and_reason(name: str) -> None:
    """One line of the table above is one rule of the gate."""
    given_facts, expected = CASES[name]

    got = answer(**given_facts)

    assert (got.verdict.value, got.reason.value) == expected


OPENS = ((NOW - timedelta(hours=1), NOW + timedelta(hours=2)),)


@pytest.mark.parametrize(
    ("at", "changes", "reason"),
    [
        (OPENS[0][0], {}, Reason.OK),
        (OPENS[0][1], {}, Reason.OK),
        (OPENS[0][0] - timedelta(seconds=1), {}, Reason.CLOSED_NOW),
        (OPENS[0][1] + timedelta(seconds=1), {}, Reason.CLOSED_NOW),
        (OPENS[0][0] - timedelta(minutes=30), {"early_admission_s": 1800}, Reason.OK),
        (OPENS[0][0] - timedelta(minutes=31), {"early_admission_s": 1800}, Reason.CLOSED_NOW),
        (OPENS[0][1] + timedelta(minutes=9), {"held_open_until": OPENS[0][1] + timedelta(minutes=10)}, Reason.OK),
        (
            OPENS[0][1] + timedelta(minutes=11),
            {"held_open_until": OPENS[0][1] + timedelta(minutes=10)},
            Reason.CLOSED_NOW,
        ),
    ],
)
def test_hours_ask_outside_and_admit_inside(at: datetime, changes: dict[str, Any], reason: Reason) -> None:
    """Both ends of the hours count as open; early admission and a door held open widen them."""
    got = answer(replace(CODE, at=at), checkpoint=replace(GATE, opens=OPENS, **changes))

    assert got.reason is reason
    assert got.verdict is (Verdict.ADMIT if reason is Reason.OK else Verdict.ASK)


@pytest.mark.parametrize(
    ("earlier", "here", "reason"),
    [
        ([scanned(3600)], GATE, Reason.OK),
        ([scanned(60)], GATE, Reason.OK),
        ([scanned(60, lane="2")], GATE, Reason.READ_ELSEWHERE),
        ([scanned(-1, lane="2")], GATE, Reason.READ_ELSEWHERE),
        ([scanned(180, lane="2")], GATE, Reason.READ_ELSEWHERE),
        ([scanned(181, lane="2")], GATE, Reason.OK),
        ([scanned(60, lane="2", verdict=Verdict.ASK)], GATE, Reason.OK),
        ([scanned(60, lane="2"), scanned(20, lane="3", direction=Direction.EXIT)], GATE, Reason.OK),
        ([scanned(60, checkpoint="nations")], GATE, Reason.READ_ELSEWHERE),
        ([scanned(60)], DOOR, Reason.OK),
        ([scanned(60, checkpoint="xx", kind=CheckpointKind.DOOR)], DOOR, Reason.READ_ELSEWHERE),
        ([scanned(60, checkpoint="xix-am", kind=CheckpointKind.DOOR)], GATE, Reason.READ_ELSEWHERE),
    ],
)
def test_a_pass_just_admitted_at_another_lane_is_asked_about(
    earlier: list[EarlierScan], here: Checkpoint, reason: Reason
) -> None:
    """Minutes apart at two lanes is a question; the same lane, an exit between, or gate then door is everyday."""
    assert answer(history=after(*earlier), checkpoint=here).reason is reason


def test_re_entry_shows_the_last_scan() -> None:
    """A return after lunch is admitted, and the officer sees where and when the pass was read last."""
    last = scanned(3600)

    got = answer(history=after(scanned(9000), last, scanned(7000)))

    assert got == Answer(Verdict.ADMIT, Reason.OK, last_scan=last)


@pytest.mark.parametrize(
    ("earlier", "complete", "expected"),
    [
        ([scanned(3600)], True, (Verdict.REFUSE, Reason.ALREADY_INSIDE)),
        ([scanned(3600)], False, (Verdict.ASK, Reason.ALREADY_INSIDE)),
        ([scanned(3600, checkpoint="nations")], True, (Verdict.REFUSE, Reason.ALREADY_INSIDE)),
        ([scanned(3600), scanned(1800, direction=Direction.EXIT)], True, (Verdict.ADMIT, Reason.OK)),
        ([scanned(3600, verdict=Verdict.REFUSE)], True, (Verdict.ADMIT, Reason.OK)),
        ([scanned(3600, checkpoint="xix-am", kind=CheckpointKind.DOOR)], True, (Verdict.ADMIT, Reason.OK)),
    ],
)
def test_inside_is_a_refusal_only_where_exits_are_scanned(
    earlier: list[EarlierScan], complete: bool, expected: tuple[Verdict, Reason]
) -> None:
    """With every exit scanned the second entry is refused; a history that may have gaps can only ask."""
    history = after(*earlier, complete=complete)

    got = answer(history=history, policy=Policy(exits_scanned=True))

    assert (got.verdict, got.reason) == expected
    assert answer(history=history).reason is Reason.OK


@pytest.mark.parametrize(
    ("inside", "earlier", "verdict", "warn"),
    [
        (99, [], Verdict.ADMIT, ()),
        (100, [], Verdict.ASK, ()),
        (100, [scanned(3600)], Verdict.ADMIT, (Reason.FULL,)),
    ],
)
def test_a_full_room_asks_and_only_warns_of_who_is_counted(
    inside: int, earlier: list[EarlierScan], verdict: Verdict, warn: tuple[Reason, ...]
) -> None:
    """A further head in a full room is a question; a head that is counted already takes no seat."""
    got = answer(history=after(*earlier, inside=inside), checkpoint=replace(GATE, capacity=100))

    assert (got.verdict, got.warn) == (verdict, warn)


def test_the_weightiest_question_is_shown_and_the_others_warn() -> None:
    """What points to misuse is asked before circumstances, and what is wrong on our side comes last."""
    got = answer(
        replace(TYPED, at=NOW),
        history=after(scanned(10, lane="2"), inside=5),
        checkpoint=replace(GATE, capacity=5, opens=((NOW + timedelta(hours=1), NOW + timedelta(hours=2)),)),
        list_age_s=POLICY.old_s + 1,
    )

    assert got.reason is Reason.READ_ELSEWHERE
    assert got.warn == (Reason.UNSIGNED_CODE, Reason.CLOSED_NOW, Reason.FULL, Reason.STALE_LIST)


@pytest.mark.parametrize(
    ("checkpoint", "list_age_s", "revocations_age_s", "verdict"),
    [
        (GATE, 3600, None, "admit"),
        (GATE, 3601, None, "ask"),
        (DOOR, 3601, None, "admit"),
        (DOOR, 7201, None, "ask"),
        (GATE, 9999, 60, "admit"),
        (GATE, 9999, 3601, "ask"),
        (GATE, 60, 9999, "admit"),
    ],
    ids=[
        "gate",
        "gate, old",
        "door",
        "door, old",
        "gate, shown a delta",
        "gate, an old delta",
        "a delta older than it",
    ],
)
def test_from_what_age_a_list_is_asked_about_is_the_events_setting(
    checkpoint: Checkpoint, list_age_s: float, revocations_age_s: float | None, verdict: str
) -> None:
    """Gates and doors have an age of their own; revocations that came later than the list answer for it."""
    policy = Policy(old_s=3600, old_at_doors_s=7200)
    ages = {"list_age_s": list_age_s, "revocations_age_s": revocations_age_s}
    got = admit(CODE, COLLECTED, COMPLETE, checkpoint, policy, clock_ok=True, **ages)

    assert got.verdict.value == verdict
    assert (got.reason is Reason.STALE_LIST) is (verdict == "ask")


def test_a_refused_person_is_told_one_thing() -> None:
    """Beside a refusal nothing else is shown."""
    got = answer(record=ended(PassState.REVOKED), clock_ok=False, list_age_s=POLICY.old_s + 1)

    assert (got.reason, got.warn) == (Reason.REVOKED, ())


def test_what_could_not_be_checked_is_named() -> None:
    """A lone scanner with an old list says what it does not know instead of calling it valid."""
    got = answer(replace(CODE, document_tag=b"xyz"), record=None, history=History(), list_age_s=OLD)

    assert got.verdict is Verdict.ADMIT
    assert set(got.unchecked) == set(Unchecked)
    assert answer().unchecked == ()


@pytest.mark.parametrize(
    ("presentation", "record", "reason"),
    [
        (CODE, COLLECTED, Reason.OK),
        (CODE, ended(PassState.REVOKED), Reason.REVOKED),
        (replace(CODE, claims=None, rejection=Reason.MALFORMED), None, Reason.MALFORMED),
        (CODE_AHEAD, PREPARED, Reason.NOT_COLLECTED),
        (GROUNDS, None, Reason.UNKNOWN_PASS),
        (BY_SIGHT, None, Reason.BY_SIGHT),
        (SUPERVISOR, None, Reason.BY_SUPERVISOR),
    ],
)
def test_exits_are_never_refused(presentation: Presentation, record: PassRecord | None, reason: Reason) -> None:
    """Who leaves, leaves; what is wrong with the pass is kept as the reason of the record."""
    got = answer(replace(presentation, direction=Direction.EXIT), record=record, checkpoint=OTHER_DOOR)

    assert (got.verdict, got.reason, got.warn) == (Verdict.ADMIT, reason, ())


@pytest.mark.parametrize(
    ("earlier", "changes", "same"),
    [
        (scanned(5), {}, True),
        (scanned(0), {}, True),
        (scanned(6), {}, False),
        (scanned(-1), {}, False),
        (scanned(1, lane="2"), {}, False),
        (scanned(1, checkpoint="nations"), {}, False),
        (scanned(1, direction=Direction.EXIT), {}, False),
        (scanned(1, verdict=Verdict.REFUSE, reason=Reason.NO_GRANT), {}, True),
        (scanned(1), {"document_tag": b"abc"}, False),
        (scanned(1), {"no_document": True}, False),
        (scanned(1), {"source": Source.SUPERVISOR}, False),
    ],
)
def test_a_second_read_within_seconds_is_the_same_scan(
    earlier: EarlierScan, changes: dict[str, Any], same: bool
) -> None:
    """The same lane and direction within seconds repeats the answer; anything new about the person is a scan."""
    history, presentation = after(scanned(4000), earlier), replace(CODE, **changes)

    assert is_same_scan(history, presentation, GATE, POLICY) is same
    assert same_scan(history, presentation, GATE, POLICY) == (earlier if same else None)


def test_eight_lanes_in_turn_admit_one() -> None:
    """Handed in one after the other, one of eight presentations at the same moment is admitted, seven are asked about."""
    scans: tuple[EarlierScan, ...] = ()
    for lane in "12345678":
        got = answer(replace(CODE, lane=lane), history=after(*scans))
        scans += (scanned(0, lane=lane, verdict=got.verdict, reason=got.reason),)

    assert [scan.reason for scan in scans] == [Reason.OK] + [Reason.READ_ELSEWHERE] * 7


moments = st.integers(-90_000, 90_000).map(lambda seconds: NOW + timedelta(seconds=seconds))
tags = st.sampled_from([None, b"abc", b"xyz"])
claims = st.builds(
    lambda ahead, grants, tag: replace(CLAIMS, printed_ahead=ahead, grants=grants, document_tag=tag),
    st.booleans(),
    st.integers(0, 7),
    tags,
)
presentations = st.builds(
    Presentation,
    source=st.sampled_from(Source),
    direction=st.sampled_from(Direction),
    lane=st.sampled_from("123"),
    at=moments,
    claims=st.none() | claims,
    rejection=st.none() | st.sampled_from(Reason),
    serial=st.none(),
    grounds_tag=st.none(),
    sight_class=st.sampled_from([None, "staff", "press"]),
    on_revocation_list=st.booleans(),
    document_tag=tags,
    no_document=st.booleans(),
)
records = st.none() | st.builds(
    PassRecord, st.sampled_from(PassState), st.integers(0, 7), st.just(1), st.lists(st.just(b"abc")).map(tuple)
)
kinds = st.sampled_from(CheckpointKind)
scans = st.builds(
    EarlierScan,
    st.sampled_from(["pregny", "xix-am"]),
    kinds,
    st.sampled_from("123"),
    moments,
    st.sampled_from(Verdict),
    st.sampled_from(Direction),
    st.sampled_from(Reason),
)
histories = st.builds(History, st.lists(scans, max_size=5).map(tuple), st.integers(0, 9), st.booleans())
checkpoints = st.builds(
    Checkpoint,
    key=st.sampled_from(["pregny", "xix-am"]),
    kind=kinds,
    grant_mask=st.integers(0, 7),
    opens=st.lists(st.tuples(moments, moments), max_size=2).map(tuple),
    early_admission_s=st.integers(0, 3600),
    capacity=st.none() | st.integers(0, 9),
    held_open_until=st.none() | moments,
    sight_classes=st.sampled_from([(), ("staff",)]),
)
policies = st.builds(
    Policy,
    fresh_s=st.just(60),
    old_s=st.just(3600),
    elsewhere_s=st.integers(0, 600),
    same_scan_s=st.integers(0, 9),
    exits_scanned=st.booleans(),
)
worlds = st.tuples(presentations, records, histories, checkpoints, policies, st.integers(-5, 9000), st.booleans())
World = tuple[Presentation, PassRecord | None, History, Checkpoint, Policy, int, bool]
ENDED = (PassState.REVOKED, PassState.REPLACED, PassState.SUSPENDED, PassState.EXPIRED)


@given(worlds)
def test_what_holds_in_every_case(world: World) -> None:
    """No path raises; exits are admitted; the ended, listed, forged and typed are never let in by the rule alone."""
    presentation, record, _, checkpoint, _, _, _ = world
    got = answer(*world)

    if presentation.direction is Direction.EXIT:
        assert got.verdict is Verdict.ADMIT
        return
    if record is not None and record.state in ENDED:
        assert got.verdict is Verdict.REFUSE
    if presentation.on_revocation_list:
        assert got.verdict is Verdict.REFUSE
    if presentation.source is Source.SHORT_CODE:
        assert got.verdict is not Verdict.ADMIT
    if presentation.source is Source.CODE and presentation.claims is None:
        assert got.verdict is Verdict.REFUSE
    if got.verdict is Verdict.ADMIT and got.reason is Reason.OK and record is not None:
        assert record.grants & checkpoint.grant_mask
    assert got.reason not in got.warn


@given(worlds)
def test_a_prepared_pass_opens_nothing(world: World) -> None:
    """Whatever else is true, a prepared pass enters only on a supervisor's word or a signature made at its pick-up."""
    presentation, _, history, checkpoint, policy, list_age_s, clock_ok = world
    entering = replace(presentation, direction=Direction.ENTRY)
    got = answer(entering, replace(PREPARED, grants=7), history, checkpoint, policy, list_age_s, clock_ok)

    if list_age_s <= policy.fresh_s and presentation.source is not Source.SUPERVISOR:
        assert got.verdict is not Verdict.ADMIT
    if presentation.claims is None or presentation.claims.printed_ahead:
        assert got.verdict is not Verdict.ADMIT or got.reason is Reason.BY_SUPERVISOR
        assert list_age_s > policy.fresh_s or got.verdict is Verdict.REFUSE


@given(worlds)
def test_an_exit_scan_never_asks(world: World) -> None:
    """Nobody is stopped on the way out, in whatever state pass, list, clock and history are."""
    presentation, *rest = world
    got = answer(replace(presentation, direction=Direction.EXIT), *rest)  # type: ignore[arg-type]

    assert (got.verdict, got.warn) == (Verdict.ADMIT, ())
