"""The menu of the staff: what stands in it, in order. Everybody sees of it what the table of access opens to them."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Flask, request, url_for
from flask_babel import lazy_gettext
from flask_login import current_user

from accredit.web.access import may_open

ENTRIES = (
    ("dashboard.overview", lazy_gettext("Overview")),
    ("review.show_queue", lazy_gettext("Applications")),
    ("desk.show", lazy_gettext("Desk")),
    ("desk_supervisor.slips", lazy_gettext("Slips")),
    ("requests.show", lazy_gettext("Requests")),
    ("audit.show", lazy_gettext("Audit trail")),
    ("exports.show", lazy_gettext("Exports")),
    ("admin_home.overview", lazy_gettext("Administration")),
)
"""Endpoint and name; the endpoint takes no arguments and stands in `access.ROUTES`."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One link of the menu."""

    address: str
    name: str
    is_here: bool


def set_up(app: Flask) -> None:
    """Gives the layout its menu."""
    app.add_template_global(menu, "menu")


def first_page() -> str:
    """Where somebody lands after the log-in: the first entry of the own menu, or the own account where it has none."""
    entries = menu()
    return entries[0].address if entries else url_for("account.show")


def menu() -> list[Entry]:
    """The entries that whoever is logged in may open."""
    if not current_user.is_authenticated:
        return []
    return [
        Entry(url_for(endpoint), str(name), request.endpoint == endpoint)
        for endpoint, name in ENTRIES
        if may_open(endpoint)
    ]
