"""The first page of the administration: its sections, each for whoever may open it."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Blueprint, Flask, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext
from flask_login import current_user
from sqlalchemy.orm import Session

from accredit.services.context import Context
from accredit.services.event_loading import LoadedEvent, find_event
from accredit.web.access import ROUTES, may_open
from accredit.web.errors import stop
from accredit.web.parts import parts

SECTIONS = (
    (
        "admin_event.overview",
        lazy_gettext("Event"),
        lazy_gettext("Dates, meetings, categories and hours, and a new event file."),
    ),
    (
        "admin_lists.overview",
        lazy_gettext("Lists"),
        lazy_gettext("Status lists and their editions, and what a new edition changes."),
    ),
    (
        "admin_users.overview",
        lazy_gettext("People and programs"),
        lazy_gettext("Accounts of the staff, their roles, and tokens of programs."),
    ),
    (
        "admin_devices.overview",
        lazy_gettext("Scanners"),
        lazy_gettext("Enrol scanners, see how they are, switch them off."),
    ),
    (
        "admin_jobs.overview",
        lazy_gettext("Jobs"),
        lazy_gettext("Work in the background: how far it is, and why it failed."),
    ),
    (
        "admin_printers.overview",
        lazy_gettext("Printers"),
        lazy_gettext("Which printer stands at which desk, and whether this machine can print."),
    ),
    (
        "admin_mail.overview",
        lazy_gettext("Mail and data"),
        lazy_gettext("How the outbox stands, and whose data is to be erased."),
    ),
    (
        "admin_templates.overview",
        lazy_gettext("Badge templates"),
        lazy_gettext("How badges look, with made-up people, and which fonts are missing."),
    ),
)
"""Endpoint, name, and what is there; an endpoint stands in `access.ROUTES`."""

blueprint = Blueprint("admin_home", __name__)


@dataclass(frozen=True, slots=True)
class Section:
    """One section, as its link shows it."""

    address: str
    name: str
    about: str
    is_here: bool


def set_up(app: Flask) -> None:
    """Gives the pages of the administration their menu."""
    app.add_template_global(admin_sections, "admin_sections")


def admin_sections() -> list[Section]:
    """What whoever is logged in may open."""
    here = request.blueprint
    return [
        Section(url_for(endpoint), str(name), str(about), endpoint.partition(".")[0] == here)
        for endpoint, name, about in SECTIONS
        if endpoint in ROUTES and may_open(endpoint)
    ]


@blueprint.get("/admin")
def overview() -> str:
    """All sections."""
    return render_template("staff/admin/home.html")


def acting() -> Context:
    """The context of whoever is logged in."""
    return parts().context(current_user.actor)


def the_event(session: Session) -> LoadedEvent:
    """The event that this service shows; ends the request where there is none."""
    loaded = find_event(session, parts().event_key)
    if loaded is None:
        stop(503, "not_ready", _("No event is loaded yet: an administrator loads it first."))
    return loaded
