"""Applications as JSON, for those who bring their own form: the same service and the same validation as the import."""

from __future__ import annotations

from collections.abc import Mapping

from flask import Response
from flask.views import MethodView
from marshmallow import Schema, fields
from sqlalchemy.orm import Session

from accredit.db.session import reading, writing
from accredit.domain.permissions import Permission, allowed
from accredit.domain.submissions import FIELDS, FieldProblem, Submission
from accredit.rendering.photos import PhotoRefused
from accredit.services import accounts, intake
from accredit.services.context import Actor, Context
from accredit.services.event_loading import LoadedEvent, find_event
from accredit.web.access import bearer_token
from accredit.web.errors import problem, stop, stop_unknown
from accredit.web.openapi import ApiBlueprint, BodySchema, text_field
from accredit.web.parts import parts

blueprint = ApiBlueprint("api", __name__, url_prefix="/api/v1", description="Applications")

_NOT_ASKED = {"received_at"}  # an application that comes in now was received now

# Text alone: what is in it is judged by the one validation behind form, import and API.
ApplicationSchema = BodySchema.from_dict(
    {name: text_field() for name in FIELDS if name not in _NOT_ASKED}, name="ApplicationSchema"
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
    @blueprint.response(201, ReceiptSchema, content_type="application/json")
    @blueprint.doc(summary="Submit an application", security=[{"token": []}])
    def post(self, body: Mapping[str, str]) -> Response | dict[str, str]:
        """Submits one application. Every problem comes back with its field and the cure; nothing is half saved."""
        here = parts()
        actor, event = _who_and_what()
        context = here.context(actor)
        read = intake.read_fields(body, event.event, now=context.now(), keeps_receipt=False)
        if not isinstance(read, Submission):
            return _invalid(read)
        with writing(here.engine) as session:
            receipt = _submit(session, context, event, read)
            session.commit()
        return receipt


def _who_and_what() -> tuple[Actor, LoadedEvent]:
    """Whoever the token stands for, and the event of this service; ends the request where either is missing."""
    with reading(parts().engine) as session:
        account = accounts.account_of_token(session, bearer_token())
        event = find_event(session, parts().event_key)
    if account is None:
        stop_unknown("no_token", "Send the token that an administrator gave you as a Bearer token.")
    actor = accounts.actor_of(account)
    if not allowed(actor.roles, Permission.APPLICATIONS_SUBMIT):
        stop(403, "not_allowed", "This token may not submit applications.")
    if event is None:
        stop(503, "not_ready", "No event is loaded yet.")
    return actor, event


def _submit(session: Session, context: Context, event: LoadedEvent, submission: Submission) -> dict[str, str]:
    taken = intake.submit(session, context, event, submission)
    if isinstance(taken, intake.AlreadyHere):
        stop(409, "already_here", f"This person applied for this body already; the reference is {taken.reference}.")
    assert not isinstance(taken, PhotoRefused), "no photo was handed in"
    return {"reference": taken.reference, "state": taken.state.value, "received_at": taken.received_at.isoformat()}


def _invalid(problems: tuple[FieldProblem, ...]) -> Response:
    told = [{"field": one.field, "code": one.code, "detail": one.message} for one in problems]
    first = problems[0]
    return problem(422, first.code, f"{first.field}: {first.message}", first.field, errors=told)
