"""Health and readiness: what is missing is named."""

from __future__ import annotations

from sqlalchemy import text
from web_under_test import WebUnderTest

from accredit.db.session import make_engine
from accredit.services.context import Actor, Context
from accredit.web import parts


def test_ready_when_a_scanner_could_work(web: WebUnderTest) -> None:
    """Database, event and signing keys; without cookie or session."""
    for address, told in (("/ready", {"status": "ready", "missing": []}), ("/health", {"status": "ok"})):
        answer = web.client().get(address)
        assert (answer.status_code, answer.get_json()) == (200, told)
        assert "Vary" not in answer.headers


def test_what_is_missing_is_named(web: WebUnderTest) -> None:
    """503 with each thing that is not there; the process itself is alive all the while."""

    def without_keys(actor: Actor) -> Context:
        keyed = web.context(actor)
        return Context(keyed.actor, keyed.clock, keyed.entropy, keyed.secrets, None)

    parts.keep(web.app.extensions, web.parts(context=without_keys))
    assert web.client().get("/ready").get_json()["missing"] == ["signing keys"]
    with web.changing() as session:
        session.execute(text("DELETE FROM events"))
    answer = web.client().get("/ready")
    assert (answer.status_code, answer.get_json()["missing"]) == (503, ["event", "signing keys"])
    away = make_engine("sqlite:////nowhere/at/all.db", web.engine.dialect.accredit_sealer)  # type: ignore[attr-defined]
    parts.keep(web.app.extensions, web.parts(engine=away))
    answer = web.client().get("/ready")
    assert (answer.status_code, answer.get_json()["missing"]) == (503, ["database"])
    assert web.client().get("/health").status_code == 200
