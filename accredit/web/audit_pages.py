"""The audit trail as a page: who did what, on what, when; and whether the chain is whole."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from accredit.db.session import reading
from accredit.domain.events import Event
from accredit.services.audit_search import AuditQuery, check_chain, search
from accredit.web.audit_words import ACTIONS
from accredit.web.column_words import subject_name
from accredit.web.parts import parts
from accredit.web.review import loaded, who
from accredit.web.shown import number

PAGE = 50
_LONGEST = 120

blueprint = Blueprint("audit", __name__, url_prefix="/audit")


@blueprint.get("")
def show() -> str:
    """The trail, searched, the latest first."""
    chosen = {
        name: request.args.get(name, "").strip()[:_LONGEST] for name in ("actor", "action", "subject", "from", "to")
    }
    before = request.args.get("before", "")
    with reading(parts().engine) as session:
        event = loaded(session).event
        query = AuditQuery(
            actor=chosen["actor"],
            action=chosen["action"],
            subject=chosen["subject"],
            since=_start_of(chosen["from"], event),
            until=_start_of(chosen["to"], event, days_later=1),
        )
        at = int(before) if before.isascii() and before.isdecimal() and len(before) < 16 else None
        page = search(session, who(), query, before=at, limit=PAGE)
    return render_template(
        "staff/audit.html",
        subject_name=subject_name,
        event=event,
        page=page,
        chosen=chosen,
        address={name: value for name, value in chosen.items() if value},
        actions=ACTIONS,
        goes_on=at is not None,
    )


@blueprint.post("/check")
def check() -> ResponseReturnValue:
    """Checks the whole chain, and says how it stands."""
    with reading(parts().engine) as session:
        found = check_chain(session, who())
    if found.broken is None:
        words = ngettext(
            "%(count)s row: every row fits the one before it.",
            "%(count)s rows: every row fits the one before it.",
            found.rows,
            count=number(found.rows),
        )
        flash(words, "done")
    else:
        broken = _(
            "The chain breaks at row %(number)s: a row was altered, removed or added afterwards.", number=found.broken
        )
        flash(broken, "fault")
    return redirect(url_for("audit.show"))


def _start_of(day: str, event: Event, *, days_later: int = 0) -> datetime | None:
    """The beginning of a day at the place; None for what is no day."""
    try:
        on = datetime.strptime(day, "%Y-%m-%d").date()  # noqa: DTZ007 - a day has no zone; its beginning gets one
        return datetime.combine(on + timedelta(days=days_later), time(), event.zone)
    except (ValueError, OverflowError):
        return None
