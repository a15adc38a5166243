"""The dashboard: how the event stands, in figures and charts that refresh themselves, and what somebody should look at.

The page holds the same figures as tables, so that nothing depends on a picture. The charts are documents of their own; their
address changes with their figures, so that a refresh fetches the ones that changed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from babel.dates import format_skeleton
from flask import Blueprint, Response, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user

from accredit.db.session import reading
from accredit.domain.events import Event
from accredit.services.alerts import Alert, AlertKind, alerts
from accredit.services.event_loading import LoadedEvent, find_event
from accredit.services.figures import Figures, figures
from accredit.services.timelines import COLLECTED, IN_TIME, LATE, Attendance, Day, Quarter, Timelines, timelines
from accredit.web import charts
from accredit.web.access import may_open
from accredit.web.charts import Chart, Series, Shape
from accredit.web.errors import stop
from accredit.web.languages import format_locale
from accredit.web.parts import parts
from accredit.web.shown import category_name, checkpoint_name, day, hour, told
from accredit.web.states import state_name

MOST_COUNTRIES = 15
KEPT = timedelta(hours=1)

blueprint = Blueprint("dashboard", __name__)


@dataclass(frozen=True, slots=True)
class Told:
    """Everything that the page shows of one moment."""

    event: Event
    figures: Figures
    timelines: Timelines
    alerts: tuple[Alert, ...]


@dataclass(frozen=True, slots=True)
class ShownChart:
    """A chart with its addresses, wide and narrow."""

    name: str
    chart: Chart
    wide: str
    narrow: str


@blueprint.get("/overview")
def overview() -> str:
    """The whole page."""
    return render_template("staff/dashboard.html", **_shown(_told()))


@blueprint.get("/overview/figures")
def fragment() -> str:
    """What of the page changes with time; its script asks for it."""
    return render_template("staff/dashboard_figures.html", **_shown(_told()))


@blueprint.get("/overview/charts/<name>.svg")
def chart(name: str) -> Response:
    """One chart as a picture."""
    if name not in CHARTS:
        stop(404, "not_found", _("There is no such chart."))
    with reading(parts().engine) as session:
        loaded = _event(find_event(session, parts().event_key))
        counted = timelines(session, parts().context(current_user.actor), loaded, _asked_day())
        by_category = figures(session, parts().context(current_user.actor), loaded).by_category
    drawn = CHARTS[name](loaded.event, counted, by_category)
    answer = charts.answer(drawn, narrow="narrow" in request.args)
    if request.args.get("of") == charts.key_of(drawn):
        # Other figures have another address, so this picture may be kept; it says nothing of a person.
        answer.headers["Cache-Control"] = f"private, max-age={int(KEPT.total_seconds())}"
    return answer


def _asked_day() -> date | None:
    try:
        return date.fromisoformat(request.args.get("day", ""))
    except ValueError:
        return None


def _event(loaded: LoadedEvent | None) -> LoadedEvent:
    if loaded is None:
        stop(503, "not_ready", _("No event is loaded yet: an administrator loads it first."))
    return loaded


def _told() -> Told:
    context = parts().context(current_user.actor)
    with reading(parts().engine) as session:
        loaded = _event(find_event(session, parts().event_key))
        return Told(
            loaded.event,
            figures(session, context, loaded),
            timelines(session, context, loaded, _asked_day()),
            alerts(session, context, loaded),
        )


def _shown(seen: Told) -> dict[str, object]:
    shown = {
        name: _with_addresses(name, make(seen.event, seen.timelines, seen.figures.by_category), seen.timelines.on)
        for name, make in CHARTS.items()
    }
    return {
        "event": seen.event,
        "figures": seen.figures,
        "times": seen.timelines,
        "alerts": [_alert(one, seen.event) for one in seen.alerts],
        "charts": shown,
        "places": [_place(seen.event, one) for one in seen.timelines.attendance],
        "exits_are_scanned": seen.event.scanning.every_exit_is_scanned,
        "at": parts().clock().astimezone(seen.event.zone),
    }


def _with_addresses(name: str, drawn: Chart, on: date) -> ShownChart:
    day_shown, of = on.isoformat(), charts.key_of(drawn)
    wide = url_for("dashboard.chart", name=name, day=day_shown, of=of)
    narrow = url_for("dashboard.chart", name=name, day=day_shown, of=of, narrow="yes")
    return ShownChart(name, drawn, wide, narrow)


def _applications(event: Event, seen: Timelines, _categories: dict[str, int]) -> Chart:
    return Chart(
        _("Applications by day, against the deadline of %(day)s", day=day(event.deadline_on)),
        [_short_day(one.on) for one in seen.applications],
        [
            Series(_("Received by the deadline"), _counts(seen.applications, IN_TIME)),
            Series(_("Received after it"), _counts(seen.applications, LATE)),
        ],
        _("No application has come in yet."),
    )


def _decisions(_event: Event, seen: Timelines, _categories: dict[str, int]) -> Chart:
    return Chart(
        _("Decisions by day"),
        [_short_day(one.on) for one in seen.decisions],
        [
            Series(_("Approved"), _counts(seen.decisions, "approved")),
            Series(_("Refused"), _counts(seen.decisions, "refused")),
        ],
        _("Nothing is decided yet."),
    )


def _categories(event: Event, _seen: Timelines, categories: dict[str, int]) -> Chart:
    ordered = sorted(categories.items(), key=lambda pair: (-pair[1], pair[0]))
    return Chart(
        _("Applications by category"),
        [category_name(key, event) for key, _count in ordered],
        [Series(_("Applications"), [count for _key, count in ordered])],
        _("No application has come in yet."),
        Shape.BARS,
    )


def _countries(_event: Event, seen: Timelines, _categories: dict[str, int]) -> Chart:
    first, others = seen.countries[:MOST_COUNTRIES], seen.countries[MOST_COUNTRIES:]
    named = [(state_name(code) if code else _("not said"), count) for code, count in first]
    if others:
        rest = ngettext("%(num)d other country", "%(num)d other countries", len(others))
        named.append((rest, sum(count for _code, count in others)))
    return Chart(
        _("Applications by country of the body"),
        [name for name, _count in named],
        [Series(_("Applications"), [count for _name, count in named])],
        _("No application has come in yet."),
        Shape.BARS,
    )


def _pickups(event: Event, seen: Timelines, _categories: dict[str, int]) -> Chart:
    return Chart(
        _("Passes picked up, by quarter of an hour"),
        [hour(one.starts_at, event.zone) for one in seen.pickups],
        [Series(_("Picked up"), _counts(seen.pickups, COLLECTED))],
        _("No pass was picked up on this day."),
    )


def _scans(event: Event, seen: Timelines, _categories: dict[str, int]) -> Chart:
    return Chart(
        _("Scans, by quarter of an hour"),
        [hour(one.starts_at, event.zone) for one in seen.scans],
        [
            Series(_("Let in"), _counts(seen.scans, "admit")),
            Series(_("Looked at by the officer"), _counts(seen.scans, "ask")),
            Series(_("Sent on"), _counts(seen.scans, "refuse")),
        ],
        _("Nothing was scanned on this day."),
    )


CHARTS: dict[str, Callable[[Event, Timelines, dict[str, int]], Chart]] = {
    "applications": _applications,
    "decisions": _decisions,
    "categories": _categories,
    "countries": _countries,
    "pickups": _pickups,
    "scans": _scans,
}


def _counts(spans: Iterable[Day | Quarter], key: str) -> Sequence[int]:
    return [one.counts.get(key, 0) for one in spans]


def _short_day(on: date) -> str:
    """4 Sep; in French, 4 sept."""
    return format_skeleton("MMMd", on, locale=format_locale())


@dataclass(frozen=True, slots=True)
class Place:
    """Who is inside a meeting, or at a gate today."""

    name: str
    when: str
    attendance: Attendance


def _place(event: Event, one: Attendance) -> Place:
    where = checkpoint_name(one.place, event)
    if one.meeting is None:
        return Place(where, _("today"), one)
    begins, ends = (hour(moment, event.zone) for moment in (one.meeting.starts_at, one.meeting.ends_at))
    when = f"{day(one.meeting.starts_at.astimezone(event.zone))}, {begins}–{ends}"
    return Place(f"{told(one.meeting.name)} ({where})", when, one)


@dataclass(frozen=True, slots=True)
class ShownAlert:
    """An alert as a sentence, with the page where it is dealt with; no address where this reader may not go there."""

    text: str
    address: str


def _alert(one: Alert, event: Event) -> ShownAlert:
    if one.split is not None and may_open("split_alerts.show"):
        return ShownAlert(_split(one, event), url_for("split_alerts.show", alert_id=one.split.id))
    endpoint = _PAGES[one.kind]
    text = _text(one) if one.split is None else _split(one, event)
    return ShownAlert(text, url_for(endpoint) if may_open(endpoint) else "")


def _split(one: Alert, event: Event) -> str:
    assert one.split is not None
    first, second = one.split.first, one.split.second
    text: str = _(
        "The pass %(code)s came in twice, at two scanners that did not know of each other: %(first)s at %(first_time)s, and"
        " %(second)s at %(second_time)s. Ask at both who carries it.",
        code=", ".join(one.names),
        first=f"{checkpoint_name(first.checkpoint, event)} ({first.device}, {first.lane})",
        first_time=hour(first.at, event.zone),
        second=f"{checkpoint_name(second.checkpoint, event)} ({second.device}, {second.lane})",
        second_time=hour(second.at, event.zone),
    )
    return text


def _text(one: Alert) -> str:
    names = ", ".join(one.names)
    texts: dict[AlertKind, str] = {
        AlertKind.LIST_MISSING: ngettext(
            "A list is read by the rules and was not loaded: %(names)s. Whoever needs it goes to a reviewer.",
            "%(num)d lists are read by the rules and were not loaded: %(names)s. Whoever needs them goes to a reviewer.",
            one.count,
            names=names,
        ),
        AlertKind.LIST_UNREAD: ngettext(
            "A list is loaded and no category reads it: %(names)s. Its name may be mistyped.",
            "%(num)d lists are loaded and no category reads them: %(names)s. Their names may be mistyped.",
            one.count,
            names=names,
        ),
        AlertKind.DEVICE_SILENT: ngettext(
            "A scanner has not been heard of for ten minutes: %(names)s.",
            "%(num)d scanners have not been heard of for ten minutes: %(names)s.",
            one.count,
            names=names,
        ),
        AlertKind.JOBS_FAILED: ngettext(
            "A job failed in the last seven days.", "%(num)d jobs failed in the last seven days.", one.count
        ),
        AlertKind.MAIL_FAILED: ngettext(
            "One message could not be delivered.", "%(num)d messages could not be delivered.", one.count
        ),
        AlertKind.CLOCK_SUSPECT: ngettext(
            "One scan came from a scanner whose clock was wrong.",
            "%(num)d scans came from scanners whose clock was wrong.",
            one.count,
        ),
        AlertKind.SCANS_SET_ASIDE: ngettext(
            "One uploaded scan could not be taken and waits for a person.",
            "%(num)d uploaded scans could not be taken and wait for a person.",
            one.count,
        ),
    }
    return texts[one.kind]


_PAGES = {
    AlertKind.LIST_MISSING: "admin_lists.overview",
    AlertKind.LIST_UNREAD: "admin_lists.overview",
    AlertKind.DEVICE_SILENT: "admin_devices.overview",
    AlertKind.JOBS_FAILED: "admin_jobs.overview",
    AlertKind.MAIL_FAILED: "admin_mail.overview",
    AlertKind.CLOCK_SUSPECT: "admin_devices.overview",
    AlertKind.SCANS_SET_ASIDE: "admin_devices.overview",
    AlertKind.ADMITTED_APART: "admin_devices.overview",
}
