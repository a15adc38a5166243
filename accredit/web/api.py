"""Applications as JSON, for those who bring their own form: the service and the validation of the page and the import."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Response
from flask.views import MethodView
from marshmallow import Schema, fields, validate
from sqlalchemy.orm import Session

from accredit.db.session import reading, writing
from accredit.domain.scopes import Scope
from accredit.domain.submissions import FIELDS, FieldProblem, Submission
from accredit.services import applying, intake, sent_applications
from accredit.services.context import Context
from accredit.services.drafts import KeptFiles
from accredit.services.event_loading import LoadedEvent
from accredit.services.sent_applications import MOST, CursorRefused, Standing
from accredit.services.status_links import link_for
from accredit.web.api_access import event_of_service, is_good_for, program, wants
from accredit.web.errors import problem, stop
from accredit.web.openapi import ApiBlueprint, BodySchema, text_field
from accredit.web.parts import parts

blueprint = ApiBlueprint("api", __name__, url_prefix="/api/v1", description="Applications")

_NOT_ASKED = {"received_at"}  # an application that comes in now was received now
_BY_TOKEN: list[dict[str, list[str]]] = [{"token": []}]
_KEY = r"^[\x21-\x7e]{1,200}$"

# Text alone: what is in it is judged by the one validation behind form, import and API.
ApplicationSchema = BodySchema.from_dict(
    {name: text_field() for name in FIELDS if name not in _NOT_ASKED}, name="ApplicationSchema"
)


class KeySchema(Schema):
    """The sender's own key of one application."""

    key = fields.String(
        data_key="Idempotency-Key",
        load_default="",
        validate=validate.Regexp(_KEY, error="please send 1 to 200 letters, figures and signs without blanks"),
        metadata={"description": "A key of your own: the same application sent again under it is not taken twice."},
    )


class ReceiptSchema(Schema):
    """What the sender of an application gets back; `page` is the address of the person's own page, for that person alone."""

    reference = fields.String(required=True)
    state = fields.String(required=True)
    received_at = fields.String(required=True)
    page = fields.String(required=True)


class StandingSchema(Schema):
    """How one application stands."""

    reference = fields.String(required=True)
    state = fields.String(required=True)
    category = fields.String(required=True)
    organisation = fields.String(required=True)
    language = fields.String(required=True)
    received_at = fields.String(required=True)
    version = fields.Integer(required=True)


class StandingPageSchema(Schema):
    """A page of them; `after` leads to the next one and is empty on the last."""

    applications = fields.List(fields.Nested(StandingSchema), required=True)
    after = fields.String(required=True)


class PageSchema(BodySchema):
    """Which page."""

    after = fields.String(load_default="", validate=validate.Length(max=64))
    limit = fields.Integer(load_default=50, validate=validate.Range(min=1, max=MOST))


@blueprint.route("/applications")
class Applications(MethodView):
    """Applications of people to the event."""

    @wants(Scope.SUBMIT)
    @blueprint.arguments(KeySchema, location="headers")
    @blueprint.arguments(ApplicationSchema)
    @blueprint.response(201, ReceiptSchema, content_type="application/json")
    @blueprint.doc(summary="Submit an application", security=_BY_TOKEN)
    def post(self, key: Mapping[str, str], body: Mapping[str, str]) -> Response | dict[str, str]:
        """Submits one application. Every problem comes back with its field and the cure; nothing is half saved."""
        here = parts()
        context = here.context(program().actor)
        event = event_of_service()
        read = intake.read_fields(body, event.event, now=context.now(), keeps_receipt=False)
        if not isinstance(read, Submission):
            return _invalid(read)
        own = key["key"] or context.new_id().hex
        account_id = program().account.id
        by = applying.sender(context, f"program {account_id}", own, body, account_id=account_id)
        with writing(here.engine) as session:
            receipt = _submit(session, context, event, read, by)
            session.commit()
        return receipt

    @wants(Scope.OWN, Scope.READ)
    @blueprint.arguments(PageSchema, location="query")
    @blueprint.response(200, StandingPageSchema, content_type="application/json")
    @blueprint.doc(summary="How applications stand, by page", security=_BY_TOKEN)
    def get(self, query: Mapping[str, Any]) -> dict[str, object]:
        """Those that this account sent, in the order in which it did; with the scope applications:read all, by receipt."""
        event = event_of_service()
        with reading(parts().engine) as session:
            page = sent_applications.standings(
                session, event, sent_by=_sent_by(), after=query["after"], limit=query["limit"]
            )
        if isinstance(page, CursorRefused):
            stop(422, "bad_cursor", "after: this is no place that an earlier page told; begin without it.", "after")
        return {"applications": [_told(one) for one in page.rows], "after": page.after}


@blueprint.route("/applications/<reference>")
class OneApplication(MethodView):
    """One application."""

    @wants(Scope.OWN, Scope.READ)
    @blueprint.response(200, StandingSchema, content_type="application/json")
    @blueprint.doc(summary="How one application stands", security=_BY_TOKEN)
    def get(self, reference: str) -> dict[str, object]:
        """By its reference; without the scope applications:read only one that this account sent."""
        event = event_of_service()
        with reading(parts().engine) as session:
            found = sent_applications.standing_of(session, event, reference, sent_by=_sent_by())
        if found is None:
            stop(404, "not_found", "There is no application of this reference that this token may see.")
        return _told(found)


def _sent_by() -> Any:
    """The account whose applications may be seen; None for all."""
    return None if is_good_for(Scope.READ) else program().account.id


def _told(one: Standing) -> dict[str, object]:
    return {
        "reference": one.reference,
        "state": one.state,
        "category": one.category,
        "organisation": one.organisation,
        "language": one.language,
        "received_at": one.received_at.isoformat(timespec="milliseconds"),
        "version": one.version,
    }


def _submit(
    session: Session, context: Context, event: LoadedEvent, submission: Submission, by: applying.Sender
) -> dict[str, str]:
    taken = applying.send(session, context, event, submission, by, KeptFiles())
    if isinstance(taken, intake.AlreadyHere):
        stop(409, "already_here", f"This person applied for this body already; the reference is {taken.reference}.")
    if isinstance(taken, applying.EventOver):
        words = f"The event is over: its last day was {taken.last_day.isoformat()}. Applications are no longer taken."
        stop(410, "event_over", words)
    if taken.differs:
        words = "Idempotency-Key: another application was sent under this key; send this one under a new key."
        stop(422, "idempotency_key_reused", words, "Idempotency-Key")
    made = taken.application
    return {
        "reference": made.reference,
        "state": made.state.value,
        "received_at": made.received_at.isoformat(),
        "page": parts().base_url + link_for(context, event, made),
    }


def _invalid(problems: tuple[FieldProblem, ...]) -> Response:
    told = [{"field": one.field, "code": one.code, "detail": one.message} for one in problems]
    first = problems[0]
    return problem(422, first.code, f"{first.field}: {first.message}", first.field, errors=told)
