"""The one table of verdicts: complete, and as the house decided it."""

from __future__ import annotations

from itertools import product

import pytest

from accredit.credential.reasons import CheckpointKind, Direction, PassState, Reason, Source, Verdict, judge

EVERY_CELL = list(product(Reason, CheckpointKind, (True, False)))
ONLY_ASK = {
    Reason.DOCUMENT_MISMATCH,
    Reason.CLOSED_NOW,
    Reason.FULL,
    Reason.STALE_LIST,
    Reason.CLOCK_WRONG,
    Reason.UNSIGNED_CODE,
    Reason.READ_ELSEWHERE,
}
ADMITTING = {Reason.OK, Reason.BY_SIGHT, Reason.BY_SUPERVISOR}


@pytest.mark.parametrize(("reason", "kind", "fresh"), EVERY_CELL)
def test_every_reason_has_its_row(reason: Reason, kind: CheckpointKind, fresh: bool) -> None:
    """For each reason, kind of checkpoint and age of list there is a verdict and four whole sentences."""
    judgement = judge(reason, kind, fresh)

    assert isinstance(judgement.verdict, Verdict)
    for text in (judgement.sentence_en, judgement.sentence_fr, judgement.where_en, judgement.where_fr):
        assert text
        assert text == text.strip()
        assert text[-1] in ".?"


def test_the_list_of_reasons_is_the_closed_one() -> None:
    """Nobody adds or renames a reason in passing: screens, journal and database all carry these words."""
    assert " ".join(Reason) == (
        "ok malformed unknown_key bad_signature key_compromised wrong_event wrong_category not_yet_valid expired "
        "revoked replaced suspended not_collected no_grant closed_now read_elsewhere already_inside full "
        "document_mismatch no_document unknown_pass unsigned_code confirmation_not_pass stale_list clock_wrong "
        "by_sight by_supervisor refused_by_officer undone"
    )


@pytest.mark.parametrize("words", [Reason, Verdict, CheckpointKind, Direction, Source, PassState])
def test_a_word_is_its_own_value(words: type[Reason]) -> None:
    """What stands in the code is what stands in the database and on the wire."""
    assert all(word.name.lower() == word.value for word in words)


@pytest.mark.parametrize("reason", sorted(ADMITTING))
def test_only_three_reasons_admit(reason: Reason) -> None:
    """A reason that admits does so everywhere, and no other reason ever does."""
    assert {judge(reason, kind, fresh).verdict for kind in CheckpointKind for fresh in (True, False)} == {Verdict.ADMIT}
    for other in set(Reason) - ADMITTING:
        assert all(
            judge(other, kind, fresh).verdict is not Verdict.ADMIT for kind in CheckpointKind for fresh in (True, False)
        )


@pytest.mark.parametrize("reason", sorted(ONLY_ASK))
def test_circumstances_ask_and_never_refuse(reason: Reason) -> None:
    """What the officer can settle by a look is asked, at the gate and at the doors, whatever the list's age."""
    assert {judge(reason, kind, fresh).verdict for kind in CheckpointKind for fresh in (True, False)} == {Verdict.ASK}


@pytest.mark.parametrize("reason", [Reason.NOT_COLLECTED, Reason.UNKNOWN_PASS])
@pytest.mark.parametrize("kind", CheckpointKind)
def test_what_an_old_list_cannot_know_is_asked(reason: Reason, kind: CheckpointKind) -> None:
    """A fresh list refuses what it does not know; an old one may not have heard yet, and asks."""
    assert judge(reason, kind, True).verdict is Verdict.REFUSE
    assert judge(reason, kind, False).verdict is Verdict.ASK


def test_a_missing_document_is_refused_at_the_gate_and_asked_at_a_door() -> None:
    """The pass is valid only with a document, and the gate is where documents are looked at."""
    assert judge(Reason.NO_DOCUMENT, CheckpointKind.SITE, True).verdict is Verdict.REFUSE
    assert judge(Reason.NO_DOCUMENT, CheckpointKind.DOOR, True).verdict is Verdict.ASK


def test_a_confirmation_sends_to_the_desk() -> None:
    """Who shows the confirmation of the application hears where the pass waits."""
    judgement = judge(Reason.CONFIRMATION_NOT_PASS, CheckpointKind.SITE, True)

    assert judgement.verdict is Verdict.REFUSE
    assert "Registration desk, please" in judgement.sentence_en
    assert judgement.where_en == "Registration desk."
