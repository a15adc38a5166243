"""Columns of exports and subjects of the audit trail, by name in the reader's language.

The files themselves keep the short names, which programs read.
"""

from __future__ import annotations

from flask_babel import lazy_gettext as _

from accredit.web.shown import words

COLUMNS = {
    "reference": _("Reference"),
    "state": _("State"),
    "category": _("Category"),
    "organisation": _("Organisation"),
    "organisation_country": _("Country of its seat"),
    "rules_say": _("Rules say"),
    "flagged": _("With a flag"),
    "late": _("Late"),
    "list": _("List"),
    "affiliation": _("Speaks for the body"),
    "grounds_pass": _("UN grounds pass"),
    "language": _("Language"),
    "received_at": _("Received"),
    "surname": _("Surname"),
    "given_names": _("Given names"),
    "latin_surname": _("Surname, Latin"),
    "latin_given_names": _("Given names, Latin"),
    "nationality": _("Nationality"),
    "birth_date": _("Date of birth"),
    "email": _("E-mail address"),
    "verdict": _("Verdict"),
    "by_rule": _("By the rule alone"),
    "actor": _("Who acted"),
    "decided_at": _("Decided"),
    "waived": _("Findings set aside"),
    "legal_basis": _("Legal basis"),
    "reason_applicant": _("Reason, for the applicant"),
    "reason_staff": _("Reason, for the staff"),
    "created_at": _("Made"),
    "valid_from": _("Valid from"),
    "valid_until": _("Valid until"),
    "collected_at": _("Collected"),
    "collected_by": _("Handed over by"),
    "document_type": _("Kind of document"),
    "badges_printed": _("Badges printed"),
    "scanned_at": _("Scanned"),
    "checkpoint": _("Gate or door"),
    "lane": _("Lane"),
    "device": _("Scanner"),
    "direction": _("Direction"),
    "source": _("Read from"),
    "reason": _("Reason"),
    "sight_class": _("Class, by sight"),
    "clock_suspect": _("Clock in doubt"),
    "from_paper": _("From paper"),
    "officer": _("Officer"),
    "number": _("Number"),
    "at": _("When"),
    "action": _("What"),
    "subject_kind": _("On what"),
    "subject_id": _("Which one"),
    "fields": _("Fields"),
    "digest": _("Seal"),
}
SUBJECTS = {
    "account": _("Account"),
    "alias": _("Other name"),
    "application": _("Application"),
    "body": _("Body"),
    "delegates": _("Delegates"),
    "device": _("Scanner"),
    "edition": _("Edition"),
    "event": _("Event"),
    "export": _("Export"),
    "job": _("Job"),
    "list": _("List"),
    "pass": _("Pass"),
    "print": _("Print"),
    "printer": _("Printer"),
    "slip": _("Slip"),
}


def column_name(name: str) -> str:
    """A column of an export."""
    return str(COLUMNS[name]) if name in COLUMNS else words(name)


def subject_name(kind: str) -> str:
    """What an entry of the audit trail is about."""
    return str(SUBJECTS[kind]) if kind in SUBJECTS else words(kind)
