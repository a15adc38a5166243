"""Who may call which route: one table, closed by default. A route that is not in it answers nobody."""

from __future__ import annotations

from enum import StrEnum

from flask import Flask, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from accredit.domain.permissions import Permission, allowed
from accredit.web.errors import problem


class Access(StrEnum):
    """Routes that ask for something other than a permission of the staff."""

    OPEN = "open to everybody"
    LOGGED_IN = "every member of the staff who is logged in"
    HALFWAY = "whoever gave the right password, checked by the route"
    TOKEN = "an API token, checked by the route"  # noqa: S105 - a description
    DEVICE = "an enrolled scanner, checked by the route"


ROUTES: dict[str, Access | Permission] = {
    "static": Access.OPEN,
    "bootstrap.static": Access.OPEN,
    "health.alive": Access.OPEN,
    "health.ready": Access.OPEN,
    "pages.home": Access.OPEN,
    "names.offer": Access.OPEN,
    "status_files.show": Access.OPEN,
    "status_files.send": Access.OPEN,
    "apply.begin": Access.OPEN,
    "apply.check": Access.OPEN,
    "apply.send": Access.OPEN,
    "apply.done": Access.OPEN,
    "group_apply.begin": Access.OPEN,
    "group_apply.empty_table": Access.OPEN,
    "group_apply.send": Access.OPEN,
    "requests.show": Permission.APPLICATIONS_REVIEW,
    "requests.accept": Permission.APPLICATIONS_REVIEW,
    "requests.decline": Permission.APPLICATIONS_REVIEW,
    "admin_mail.overview": Permission.EVENT_MANAGE,
    "admin_mail.retry": Permission.EVENT_MANAGE,
    "admin_mail.erase": Permission.EVENT_MANAGE,
    "status.begin": Access.OPEN,
    "status.find": Access.OPEN,
    # The signed link is the right, checked by the routes.
    "status.show": Access.OPEN,
    "status.calendar": Access.OPEN,
    "status.correct": Access.OPEN,
    "status.correct_send": Access.OPEN,
    "status.answer": Access.OPEN,
    "status.withdraw": Access.OPEN,
    "status.withdraw_send": Access.OPEN,
    "status.data": Access.OPEN,
    "status.erase": Access.OPEN,
    "status.erase_send": Access.OPEN,
    "focal.show": Access.OPEN,  # the signed link is the right
    "focal.confirm": Access.OPEN,
    "staff.log_in": Access.OPEN,
    "staff.log_out": Access.OPEN,
    "staff.code": Access.HALFWAY,
    "second_step.set_first": Access.HALFWAY,
    "second_step.set_now": Access.LOGGED_IN,
    "second_step.renew_codes": Access.LOGGED_IN,
    "account.show": Access.LOGGED_IN,
    "account.password": Access.LOGGED_IN,
    "choose_password.choose": Access.OPEN,  # the signed link is the right
    "dashboard.overview": Permission.FIGURES_READ,
    "dashboard.fragment": Permission.FIGURES_READ,
    "dashboard.chart": Permission.FIGURES_READ,
    "split_alerts.show": Permission.ALERTS_SETTLE,
    "split_alerts.settle": Permission.ALERTS_SETTLE,
    "admin_home.overview": Permission.EVENT_MANAGE,
    "admin_event.overview": Permission.EVENT_MANAGE,
    "admin_event.preview": Permission.EVENT_MANAGE,
    "admin_event.load": Permission.EVENT_MANAGE,
    "admin_event.discard": Permission.EVENT_MANAGE,
    "admin_lists.overview": Permission.LISTS_IMPORT,
    "admin_lists.one": Permission.LISTS_IMPORT,
    "admin_lists.preview": Permission.LISTS_IMPORT,
    "admin_lists.columns": Permission.LISTS_IMPORT,
    "admin_lists.load": Permission.LISTS_IMPORT,
    "admin_lists.discard": Permission.LISTS_IMPORT,
    "admin_lists.outlook": Permission.LISTS_IMPORT,
    "admin_users.overview": Permission.USERS_MANAGE,
    "admin_users.add": Permission.USERS_MANAGE,
    "admin_users.one": Permission.USERS_MANAGE,
    "admin_users.roles": Permission.USERS_MANAGE,
    "admin_users.active": Permission.USERS_MANAGE,
    "admin_users.second_step": Permission.USERS_MANAGE,
    "admin_users.link": Permission.USERS_MANAGE,
    "admin_users.token": Permission.USERS_MANAGE,
    "admin_users.end_token": Permission.USERS_MANAGE,
    "admin_devices.overview": Permission.DEVICES_MANAGE,
    "admin_devices.off": Permission.DEVICES_MANAGE,
    "admin_jobs.overview": Permission.EVENT_MANAGE,
    "admin_jobs.pieces": Permission.EVENT_MANAGE,
    "admin_jobs.one": Permission.EVENT_MANAGE,
    "admin_jobs.pieces_of_one": Permission.EVENT_MANAGE,
    "admin_jobs.cancel": Permission.EVENT_MANAGE,
    "admin_jobs.retry": Permission.EVENT_MANAGE,
    "admin_printers.overview": Permission.EVENT_MANAGE,
    "admin_printers.remove": Permission.EVENT_MANAGE,
    "admin_templates.overview": Permission.EVENT_MANAGE,
    "admin_templates.picture": Permission.EVENT_MANAGE,
    "desk.show": Permission.PASSES_COLLECT,
    "desk.find_person": Permission.PASSES_COLLECT,
    "desk.card": Permission.PASSES_COLLECT,
    "desk.clock": Permission.PASSES_COLLECT,
    "desk.photo": Permission.PASSES_COLLECT,
    "desk.help_page": Permission.PASSES_COLLECT,
    "desk_steps.hand_out": Permission.PASSES_COLLECT,
    "desk_steps.badge": Permission.PASSES_PRINT,
    "desk_steps.count_printings": Permission.PASSES_COLLECT,
    "desk_steps.handed_over": Permission.PASSES_COLLECT,
    "desk_steps.take_back": Permission.PASSES_COLLECT,
    "desk_steps.send_to_supervisor": Permission.PASSES_COLLECT,
    "desk_steps.walk_in": Permission.PASSES_COLLECT,
    "desk_typing.begin": Permission.PASSES_COLLECT,
    "desk_typing.send": Permission.PASSES_COLLECT,
    "desk_photo.show": Permission.PASSES_COLLECT,
    "desk_photo.take": Permission.PASSES_COLLECT,
    "desk_supervisor.slips": Permission.PICKUP_OVERRIDE,
    "desk_supervisor.settle_slip": Permission.PICKUP_OVERRIDE,
    "desk_supervisor.hours": Permission.PICKUP_OVERRIDE,
    "desk_supervisor.add_hours": Permission.PICKUP_OVERRIDE,
    "pages.applications": Permission.APPLICATIONS_READ,
    "pages.application": Permission.APPLICATIONS_READ,
    "review.show_queue": Permission.APPLICATIONS_READ,
    "review.put_order": Permission.APPLICATIONS_READ,
    "review.show": Permission.APPLICATIONS_READ,
    "review.photo": Permission.APPLICATIONS_READ,
    "review.letter": Permission.APPLICATIONS_REVIEW,
    "review.presence": Permission.APPLICATIONS_REVIEW,
    "review_steps.approve": Permission.APPLICATIONS_REVIEW,
    "review_steps.confirm_body": Permission.APPLICATIONS_REVIEW,
    "review_steps.refuse": Permission.APPLICATIONS_REVIEW,
    "review_steps.ask": Permission.APPLICATIONS_REVIEW,
    "review_steps.propose": Permission.APPLICATIONS_REVIEW,
    "review_steps.confirm": Permission.APPLICATIONS_WAIVE,
    "review_steps.decline": Permission.APPLICATIONS_REVIEW,
    "review_steps.withdraw": Permission.APPLICATIONS_REVIEW,
    "review_steps.reopen": Permission.APPLICATIONS_REVIEW,
    "review_bulk.clear": Permission.APPLICATIONS_REVIEW,
    "review_bulk.approve_clear": Permission.APPLICATIONS_REVIEW,
    "review_bulk.late": Permission.APPLICATIONS_REVIEW,
    "review_bulk.refuse_clearly_late": Permission.APPLICATIONS_REVIEW,
    "substitution.begin": Permission.APPLICATIONS_SUBSTITUTE,
    "substitution.send": Permission.APPLICATIONS_SUBSTITUTE,
    "audit.show": Permission.AUDIT_READ,
    "audit.check": Permission.AUDIT_READ,
    "exports.show": Permission.EXPORTS_MAKE,
    "exports.make": Permission.EXPORTS_MAKE,
    "api-docs.openapi_json": Access.OPEN,
    "api.Applications": Access.TOKEN,
    "api.OneApplication": Access.TOKEN,
    "api_facts.EventFacts": Access.TOKEN,
    "api_facts.Organisations": Access.TOKEN,
    "gate.Enrolment": Access.OPEN,  # the one-time code in the body is the proof
    "gate.Bundle": Access.DEVICE,
    "gate.Scans": Access.DEVICE,
    "gate.Photo": Access.DEVICE,
    "inside.Inside": Access.DEVICE,
    "admit.Admit": Access.DEVICE,
}


def set_up(app: Flask) -> None:
    """Guards every request of the application."""
    app.before_request(guard)


def guard() -> ResponseReturnValue | None:
    """None lets the request through to its route."""
    if request.endpoint is None:
        return None  # no such page: the error page says so
    needed = ROUTES.get(request.endpoint)
    if needed is None:
        return problem(403, "not_listed", _("This address is not open to anybody."))
    if isinstance(needed, Access) and needed is not Access.LOGGED_IN:
        return None
    if not current_user.is_authenticated:
        return redirect(url_for("staff.log_in", to=request.full_path.rstrip("?")))
    if not may_open(request.endpoint):
        return problem(403, "not_allowed", _("Your account may not see this page. Please ask an administrator."))
    return None


def may_open(endpoint: str) -> bool:
    """Whether whoever is logged in may call this route."""
    needed = ROUTES.get(endpoint)
    return allowed(current_user.actor.roles, needed) if isinstance(needed, Permission) else needed is not None


def bearer_token() -> str:
    """The token that a program sent (RFC 6750); empty where it sent none."""
    given = request.authorization
    return given.token or "" if given is not None and given.type == "bearer" else ""
