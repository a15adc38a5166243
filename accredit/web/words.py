"""What the codes of the house are called on the pages of the staff: states, outcomes, reasons, roles, findings.

One code has one name wherever it stands. A test holds that the closed lists of the domain are all here.
"""

from __future__ import annotations

from flask_babel import lazy_gettext as _

STATES = {
    "submitted": _("Submitted"),
    "assessed": _("Waiting for a reviewer"),
    "waiting": _("Waiting for an answer"),
    "approved": _("Approved"),
    "refused": _("Refused"),
    "withdrawn": _("Withdrawn"),
    "prepared": _("Prepared"),
    "collected": _("Collected"),
    "suspended": _("Suspended"),
    "revoked": _("Revoked"),
    "replaced": _("Replaced"),
    "expired": _("Expired"),
}
OUTCOMES = {
    "eligible": _("Eligible"),
    "review": _("To be looked at"),
    "ineligible": _("Not eligible"),
    "clear": _("Clear"),
    "against": _("Against it"),
    "not_applicable": _("Does not apply"),
    "cannot_tell": _("Cannot tell"),
    "approve": _("Approve"),
    "admit": _("Let in"),
    "ask": _("Looked at by the officer"),
    "refuse": _("Sent on"),
}
RULES = {
    "deadline": _("Deadline"),
    "organisation": _("Organisation"),
    "category": _("Category"),
    "affiliation": _("Speaks for the body"),
    "person": _("Person"),
    "quota": _("Delegates of the body"),
    "hold": _("Security hold"),
}
ROLES = {
    "administrator": _("Administrator"),
    "reviewer": _("Reviewer"),
    "senior-reviewer": _("Senior reviewer"),
    "desk": _("Registration desk"),
    "supervisor": _("Supervisor"),
    "gate": _("Gate"),
    "auditor": _("Auditor"),
    "intake": _("Intake by a program"),
}
AFFILIATIONS = {
    "letter": _("Letter"),
    "note-verbale": _("Note verbale"),
    "nomination": _("Nomination by the body"),
    "delegate-list": _("List of delegates"),
    "focal-point": _("Focal point"),
}
REASONS = {
    "ok": _("In order"),
    "malformed": _("Not readable"),
    "unknown_key": _("Unknown key"),
    "bad_signature": _("Wrong signature"),
    "key_compromised": _("Key no longer trusted"),
    "wrong_event": _("Of another event"),
    "wrong_category": _("Wrong category"),
    "not_yet_valid": _("Not valid yet"),
    "not_collected": _("Not collected yet"),
    "no_grant": _("Not for this place"),
    "closed_now": _("Closed at this hour"),
    "read_elsewhere": _("Read at another lane"),
    "already_inside": _("Already inside"),
    "full": _("Full"),
    "document_mismatch": _("Another document"),
    "no_document": _("No document"),
    "unknown_pass": _("Unknown pass"),
    "unsigned_code": _("Typed code"),
    "confirmation_not_pass": _("Confirmation instead of a pass"),
    "stale_list": _("List too old"),
    "clock_wrong": _("Clock wrong"),
    "by_sight": _("By sight"),
    "by_supervisor": _("By a supervisor"),
    "refused_by_officer": _("Refused by the officer"),
    "undone": _("Undone"),
}
FINDINGS = {
    "in_time": _("In time"),
    "late": _("Late"),
    "late_by_less_than_a_day": _("Late by less than a day"),
    "no_deadline": _("No deadline"),
    "in_force": _("In force"),
    "not_in_force": _("Not in force"),
    "status_changed": _("Status changed in between"),
    "grade_clear": _("Grade is enough"),
    "grade_review": _("Grade to be looked at"),
    "grade_against": _("Grade is not enough"),
    "no_list": _("No list loaded"),
    "body_not_known": _("Body not known"),
    "invited": _("Invited"),
    "on_invitation_list": _("On the invitation list"),
    "not_on_invitation_list": _("Not on the invitation list"),
    "invitation_used": _("Invitation used already"),
    "proved": _("Proved"),
    "own_claim": _("Own claim"),
    "no_proof": _("No proof"),
    "one_person": _("One person"),
    "same_person": _("Same person twice"),
    "same_grounds_pass": _("Same grounds pass twice"),
    "minor": _("Under age"),
    "no_quota": _("No limit"),
    "within_quota": _("Within the limit"),
    "no_hold": _("No hold"),
    "held": _("On hold"),
}
WORDS = {**STATES, **OUTCOMES, **RULES, **ROLES, **AFFILIATIONS, **REASONS, **FINDINGS}
