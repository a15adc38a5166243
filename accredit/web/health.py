"""Health and readiness, for whoever watches the service."""

from __future__ import annotations

from flask import Blueprint, Response, jsonify
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from accredit.db.session import reading
from accredit.services.context import AUTOMATIC
from accredit.services.event_loading import find_event
from accredit.web.parts import parts

blueprint = Blueprint("health", __name__)


@blueprint.get("/health")
def alive() -> Response:
    """The process answers."""
    return jsonify(status="ok")


@blueprint.get("/ready")
def ready() -> tuple[Response, int]:
    """Everything that a scanner needs is here: database, event, signing keys; else 503 with what is missing."""
    missing = _missing()
    return jsonify(status="ready" if not missing else "not ready", missing=missing), 503 if missing else 200


def _missing() -> list[str]:
    here = parts()
    try:
        with reading(here.engine) as session:
            session.execute(text("SELECT 1"))
            event = find_event(session, here.event_key)
    except SQLAlchemyError:
        return ["database"]
    missing = [] if event is not None else ["event"]
    return missing if here.context(AUTOMATIC).keyring is not None else [*missing, "signing keys"]
