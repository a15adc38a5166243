"""The poll of a scanner that knows more than the database: after a restored backup."""

from __future__ import annotations

import pytest
from factories.passes import prepared_pass
from sqlalchemy import select
from web_under_test import WebUnderTest, bearer, problem_of

from accredit.credential import cose
from accredit.credential.bundle import decode_bundle
from accredit.db.models.audit import AuditEntry
from accredit.services.roster_jumps import LARGEST_CLAIM


def test_a_scanner_that_is_ahead_gets_a_whole_newer_list(web: WebUnderTest) -> None:
    """Its claim is outrun for good, under its name in the trail; its next poll finds nothing newer."""
    scanner = web.scanner()
    with web.changing() as session:
        prepared_pass(session, web.office, web.event)
    answer = web.client().get("/api/v1/gate/bundle?since=5000000000", headers=bearer(scanner))
    assert answer.status_code == 200
    bundle = decode_bundle(cose.parse1(answer.data, content_type="bundle").payload)
    assert (bundle.number, bundle.base) == (5_000_000_001, 0)
    again = web.client().get("/api/v1/gate/bundle?since=5000000001", headers=bearer(scanner))
    assert again.status_code == 204
    with web.changing() as session:
        last = session.scalars(select(AuditEntry).order_by(AuditEntry.number.desc())).first()
    assert last is not None
    assert (last.action, last.actor) == ("roster.outrun", f"device:{scanner.device.id}")


@pytest.mark.parametrize("since", [LARGEST_CLAIM + 1, 2**64])
def test_a_number_above_all_reason_is_refused(pages: WebUnderTest, since: int) -> None:
    """No event counts so far; the roster stays where it is."""
    answer = pages.client().get(f"/api/v1/gate/bundle?since={since}", headers=bearer(pages.scanner()))
    assert problem_of(answer, 422, "invalid")


def test_nobody_without_a_scanner_moves_the_number(pages: WebUnderTest) -> None:
    """A stranger's claim is not even read."""
    answer = pages.client().get("/api/v1/gate/bundle?since=5000000000")
    assert answer.status_code == 401
