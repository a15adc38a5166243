"""What a form of somebody's own needs to know: the facts of the event, and the names of listed bodies."""

from __future__ import annotations

from collections.abc import Mapping

from flask.views import MethodView
from marshmallow import Schema, fields, validate

from accredit.db.session import reading
from accredit.domain.events import Event, Text
from accredit.domain.scopes import Scope
from accredit.services.name_lookup import Offer, name_index
from accredit.web.api_access import event_of_service, wants
from accredit.web.openapi import ApiBlueprint, BodySchema, text_field
from accredit.web.parts import parts

blueprint = ApiBlueprint("api_facts", __name__, url_prefix="/api/v1", description="Facts for a form")

_BY_TOKEN: list[dict[str, list[str]]] = [{"token": []}]
_LONGEST_QUERY = 300


class TextSchema(Schema):
    """A name in the languages of the event."""

    en = fields.String(required=True)
    fr = fields.String(required=True)


class CategorySchema(Schema):
    """A capacity in which people apply; `deadline` says whether the last day binds it."""

    key = fields.String(required=True)
    name = fields.Nested(TextSchema, required=True)
    deadline = fields.Boolean(required=True)


class MeetingSchema(Schema):
    """A meeting that one may ask for."""

    key = fields.String(required=True)
    name = fields.Nested(TextSchema, required=True)
    room = fields.String(required=True)
    starts_at = fields.String(required=True)
    ends_at = fields.String(required=True)


class EventSchema(Schema):
    """The event of this service."""

    key = fields.String(required=True)
    title = fields.Nested(TextSchema, required=True)
    place = fields.Nested(TextSchema, required=True)
    time_zone = fields.String(required=True)
    deadline_at = fields.String(required=True, metadata={"description": "The first instant that is too late."})
    categories = fields.List(fields.Nested(CategorySchema), required=True)
    meetings = fields.List(fields.Nested(MeetingSchema), required=True)


class QuerySchema(BodySchema):
    """What somebody has typed so far."""

    q = text_field(longest=_LONGEST_QUERY)


class OfferSchema(Schema):
    """A listed body; `country` is its ISO 3166-1 alpha-3 code or empty, `also` another name by which it was found."""

    name = fields.String(required=True)
    also = fields.String(required=True)
    country = fields.String(required=True)
    list = fields.String(required=True)


class OffersSchema(Schema):
    """At most eight, the nearest first."""

    organisations = fields.List(fields.Nested(OfferSchema), required=True, validate=validate.Length(max=8))


@blueprint.route("/event")
class EventFacts(MethodView):
    """The event."""

    @wants(Scope.EVENT)
    @blueprint.response(200, EventSchema, content_type="application/json")
    @blueprint.doc(summary="The event: capacities, meetings, last day", security=_BY_TOKEN)
    def get(self) -> dict[str, object]:
        """Everything that a form has to offer."""
        return _event(event_of_service().event)


@blueprint.route("/organisations")
class Organisations(MethodView):
    """Names of listed bodies."""

    @wants(Scope.ORGANISATIONS)
    @blueprint.arguments(QuerySchema, location="query")
    @blueprint.response(200, OffersSchema, content_type="application/json")
    @blueprint.doc(summary="Listed bodies whose names begin like a text, or are like it", security=_BY_TOKEN)
    def get(self, query: Mapping[str, str]) -> dict[str, object]:
        """From two letters on; an empty list is an answer: whoever is not listed may apply all the same."""
        event = event_of_service()
        with reading(parts().engine) as session:
            found = name_index(session, event.event).offers(query["q"])
        return {"organisations": [_offer(one) for one in found]}


def _event(event: Event) -> dict[str, object]:
    return {
        "key": event.key,
        "title": _text(event.title),
        "place": _text(event.place),
        "time_zone": event.zone.key,
        "deadline_at": event.deadline_at.isoformat(),
        "categories": [{"key": one.key, "name": _text(one.name), "deadline": one.deadline} for one in event.categories],
        "meetings": [
            {
                "key": one.key,
                "name": _text(one.name),
                "room": one.room,
                "starts_at": one.starts_at.isoformat(),
                "ends_at": one.ends_at.isoformat(),
            }
            for one in event.meetings
        ],
    }


def _text(text: Text) -> dict[str, str]:
    return {"en": text.en, "fr": text.fr}


def _offer(one: Offer) -> dict[str, str]:
    return {"name": one.name, "also": one.by, "country": one.country, "list": one.list_key}
