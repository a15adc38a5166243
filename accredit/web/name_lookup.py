"""Names of listed bodies for a field that offers them while somebody types."""

from __future__ import annotations

from flask import Blueprint, Response, jsonify, request
from flask_babel import lazy_gettext

from accredit.db.session import reading
from accredit.domain.events import Event
from accredit.services.event_loading import find_event
from accredit.services.name_lookup import Offer, name_index
from accredit.web.parts import parts
from accredit.web.shown import words
from accredit.web.states import state_name

LISTS = {
    "ecosoc": lazy_gettext("In consultative status with ECOSOC"),
    "special-accreditation": lazy_gettext("Specially accredited"),
    "ganhri": lazy_gettext("National human rights institution"),
    "parliaments": lazy_gettext("Parliament"),
    "member-states": lazy_gettext("Member State"),
    "observers": lazy_gettext("Observer"),
    "igo": lazy_gettext("Intergovernmental organization"),
}

blueprint = Blueprint("names", __name__)


@blueprint.get("/organisations")
def offer() -> Response:
    """At most eight names that begin like the typed one, or are like it; nothing of ours but what the lists say."""
    with reading(parts().engine) as database:
        event = find_event(database, parts().event_key)
        found = name_index(database, event.event).offers(request.args.get("q", "")) if event is not None else ()
    return jsonify(answers=[_told(one, event.event) for one in found] if event is not None else [])


def _told(one: Offer, event: Event) -> dict[str, str]:
    return {
        "name": one.name,
        "also": one.by,
        "country": state_name(one.country) if one.country else "",
        "country_code": one.country,
        "list": list_name(one.list_key),
        "category": _only_category(one.list_key, event),
    }


@blueprint.app_template_global()
def list_name(key: str) -> str:
    """A list as people call it."""
    named = LISTS.get(key)
    return str(named) if named is not None else words(key)


def _only_category(list_key: str, event: Event) -> str:
    """The capacity that goes with a list, where there is but one."""
    reading_it = [one.key for one in event.categories if list_key in one.lists]
    return reading_it[0] if len(reading_it) == 1 else ""
