"""Applications as JSON, for those who bring their own form: the same service and the same validation as the import."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Response, request
from flask.typing import ResponseReturnValue
from flask.views import MethodView
from flask_smorest import Blueprint
from marshmallow import Schema, fields, validate
from sqlalchemy.orm import Session

from accredit.db.session import writing
from accredit.domain.permissions import Permission, allowed
from accredit.domain.submissions import FIELDS, Submission
from accredit.rendering.photos import PhotoRefused
from accredit.services import accounts, intake
from accredit.services.context import Actor, Context
from accredit.services.event_loading import LoadedEvent, find_event
from accredit.web.errors import problem
from accredit.web.parts import parts

blueprint = Blueprint("api", __name__, url_prefix="/api/v1", description="Applications")

_NOT_ASKED = {"received_at"}  # an application that comes in now was received now

# Text alone: what is in it is judged by the one validation behind form, import and API.
ApplicationSchema = Schema.from_dict(
    {
        name: fields.String(load_default="", validate=validate.Length(max=400))
        for name in FIELDS
        if name not in _NOT_ASKED
    },
    name="ApplicationSchema",
)


class ReceiptSchema(Schema):
    """What the sender of an application gets back."""

    reference = fields.String(required=True)
    state = fields.String(required=True)
    received_at = fields.String(required=True)


@blueprint.route("/applications")
class Applications(MethodView):
    """Applications of people to the event."""

    @blueprint.arguments(ApplicationSchema)
    @blueprint.response(201, ReceiptSchema)
    @blueprint.doc(summary="Submit an application", security=[{"token": []}])
    def post(self, body: Mapping[str, str]) -> ResponseReturnValue | dict[str, Any]:
        """Submits one application. Every problem comes back with its field and the cure; nothing is half saved."""
        here = parts()
        with writing(here.engine) as session:
            actor = _actor(session)
            if isinstance(actor, Response):
                return actor
            event = find_event(session, here.event_key)
            if event is None:
                return problem(503, "not_ready", "No event is loaded yet.")
            receipt = _submit(session, here.context(actor), event, body)
            if not isinstance(receipt, Response):
                session.commit()
        return receipt


def _actor(session: Session) -> Actor | Response:
    """Whoever the token stands for, or the problem."""
    account = accounts.account_of_token(session, _token())
    if account is None:
        answer = problem(401, "no_token", "Send the token that an administrator gave you as a Bearer token.")
        answer.headers["WWW-Authenticate"] = "Bearer"
        return answer
    actor = accounts.actor_of(account)
    if not allowed(actor.roles, Permission.APPLICATIONS_SUBMIT):
        return problem(403, "not_allowed", "This token may not submit applications.")
    return actor


def _submit(
    session: Session, context: Context, event: LoadedEvent, body: Mapping[str, str]
) -> dict[str, Any] | Response:
    read = intake.read_fields(body, event.event, now=context.now(), keeps_receipt=False)
    if not isinstance(read, Submission):
        return _invalid(read)
    taken = intake.submit(session, context, event, read)
    if isinstance(taken, intake.AlreadyHere):
        told = f"This person applied for this body already; the reference is {taken.reference}."
        return problem(409, "already_here", told)
    if isinstance(taken, PhotoRefused):
        return problem(422, taken.reason.value, taken.message, "photo")
    return {"reference": taken.reference, "state": taken.state.value, "received_at": taken.received_at.isoformat()}


def _token() -> str:
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    return token if scheme.lower() == "bearer" else ""


def _invalid(problems: tuple[Any, ...]) -> Response:
    told = [{"field": one.field, "code": one.code, "detail": one.message} for one in problems]
    first = problems[0]
    return problem(422, first.code, f"{first.field}: {first.message}", first.field, errors=told)
