"""What the actions of the audit trail are called, and who did them."""

from __future__ import annotations

from flask_babel import lazy_gettext as _
from flask_babel.speaklater import LazyString

from accredit.web.shown import words

ACTIONS: dict[str, LazyString] = {
    "event.loaded": _("Event loaded"),
    "roster.outrun": _("Roster number set ahead"),
    "database.restored": _("Database restored"),
    "list.imported": _("List imported"),
    "alias.added": _("Other name learnt"),
    "alias.withdrawn": _("Other name withdrawn"),
    "aliases.imported": _("Other names imported"),
    "application.submitted": _("Submitted"),
    "application.amended": _("Amended"),
    "application.assessed": _("Assessed by the rules"),
    "application.approved": _("Approved"),
    "application.refused": _("Refused"),
    "application.withdrawn": _("Withdrawn"),
    "application.reopened": _("Reopened"),
    "application.substituted": _("Came in the place of another person"),
    "application.held": _("Put on hold for security"),
    "application.released": _("Hold lifted"),
    "application.asked": _("Question to the applicant"),
    "application.answered": _("Answer of the applicant"),
    "application.body_confirmed": _("Body confirmed"),
    "application.override_proposed": _("Exception proposed"),
    "application.override_confirmed": _("Exception confirmed by a second person"),
    "application.override_declined": _("Exception declined"),
    "application.advanced": _("Called from the waiting list"),
    "focal_points.asked": _("Focal points written to"),
    "request.made": _("Request of the applicant"),
    "request.settled": _("Request of the applicant settled"),
    "data.handed_out": _("Data handed out to the applicant"),
    "data.erased": _("Data erased"),
    "export.made": _("Export made"),
    "pass.prepared": _("Pass prepared"),
    "pass.collected": _("Pass collected"),
    "pass.revoked": _("Pass revoked"),
    "pass.replaced": _("Pass replaced"),
    "pass.suspended": _("Pass suspended"),
    "pass.reinstated": _("Pass valid again"),
    "badge.printed": _("Badge printed"),
    "badge.reprinted": _("Badge printed again"),
    "badge.in_hand": _("Badge in the officer's hand"),
    "printer.changed": _("Printer set up or removed"),
    "print.settled": _("Print confirmed or sent again"),
    "photo.taken": _("Photo taken"),
    "pickup.undone": _("Pick-up undone"),
    "pickup.widened": _("Pick-up hours widened"),
    "pickup.entered_afterwards": _("Pick-up on paper entered"),
    "slip.opened": _("Slip to the supervisor opened"),
    "slip.settled": _("Slip to the supervisor settled"),
    "pickup.stopped": _("Pick-up stopped"),
    "pickup.overridden": _("Pick-up settled by a supervisor"),
    "grounds.granted": _("Grounds pass opens doors"),
    "grounds.withdrawn": _("Grounds pass opens doors no more"),
    "device.prepared": _("Scanner prepared"),
    "device.enrolled": _("Scanner enrolled"),
    "device.switched_off": _("Scanner switched off"),
    "scans.imported": _("Scans imported from a file"),
    "alert.settled": _("Alert of a pass admitted twice settled"),
    "scan.entered_afterwards": _("Scan on paper entered"),
    "keys.requested": _("Keys requested"),
    "keys.imported": _("Keys imported"),
    "account.added": _("Account added"),
    "account.changed": _("Account changed"),
    "account.logged_in": _("Logged in"),
    "account.logged_out": _("Logged out"),
    "account.log_in_failed": _("Log-in failed"),
    "account.password_changed": _("Password changed"),
    "account.second_step_set": _("Second step of the log-in set"),
    "account.second_step_reset": _("Second step of the log-in reset"),
    "account.recovery_codes_made": _("Recovery codes made"),
    "account.recovery_code_used": _("Recovery code used"),
    "token.added": _("Token added"),
    "token.ended": _("Token ended"),
    "job.started": _("Job started"),
    "job.cancelled": _("Job cancelled"),
    "job.retried": _("Job tried again"),
}

_RULE, _COMMAND = _("the automatic rule"), _("%(name)s, on the server")


def action_name(action: str) -> str:
    """The action in words; a code that has none yet reads as well as it can."""
    known = ACTIONS.get(action)
    return str(known) if known is not None else words(action.replace(".", " "))


def actor_name(actor: str) -> str:
    """Who acted: an account by its name, a command by who ran it."""
    kind, _colon, name = actor.partition(":")
    if kind == "rule":
        return str(_RULE)
    return str(_COMMAND) % {"name": name} if kind == "cli" else name or actor
