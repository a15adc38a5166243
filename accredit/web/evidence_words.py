"""The evidence of a finding as a table: what its members are called, and their values as the reader writes them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, datetime

from flask import Flask
from flask_babel import lazy_gettext as _

from accredit.domain.assessments import Finding
from accredit.domain.events import Event
from accredit.web.shown import day, local_time, words
from accredit.web.telling import said

NAMES = {
    "received_at": _("Received at"),
    "deadline_at": _("Too late from"),
    "typed": _("Typed"),
    "how": _("How"),
    "candidate": _("Candidate"),
    "flag": _("What tells them apart"),
    "entry": _("Number"),
    "list": _("List"),
    "edition": _("Edition of"),
    "listed": _("Listed"),
    "status": _("Status"),
    "alias": _("Other name"),
    "alias_kind": _("Kind of name"),
    "alias_source": _("Source of the name"),
    "alias_of": _("Name as of"),
    "alias_number": _("Number of the name"),
    "invited_as": _("Invited as"),
    "on_invitation": _("Others on the invitation"),
    "claimed": _("Claimed"),
    "by": _("Proof"),
    "delegate_list": _("Delegate list of"),
    "on_list": _("Found on it"),
    "same_person": _("Same person"),
    "spellings": _("Two spellings"),
    "minor": _("Under age"),
    "first_day": _("First day"),
    "guardian": _("Guardian"),
    "same_grounds_pass": _("Same grounds pass"),
    "before": _("Delegates before"),
    "quota": _("Quota"),
    "waits_as": _("Place in the line"),
    "held": _("On hold"),
    "waived": _("What was waived"),
}
VALUES = {
    "yes": _("yes"),
    "disagree": _("are two names"),
    "named": _("named"),
    "none named": _("none named"),
    "name and birth date": _("name and birth date"),
    "name": _("name"),
    "name with another birth date": _("name with another birth date"),
    "absent": _("absent"),
    "former_name": _("former name"),
    "later_name": _("later name"),
    "translation": _("translation"),
    "acronym": _("acronym"),
    "confirmed_spelling": _("confirmed spelling"),
}
_CLOSED = frozenset({"spellings", "minor", "guardian", "held", "on_list", "alias_kind"})
_CODES = frozenset({"claimed", "by", "waived"})
_DAYS = frozenset({"edition", "alias_of", "delegate_list", "first_day"})
_MOMENTS = frozenset({"received_at", "deadline_at"})
_NUMBER = re.compile(r"_(\d+)$")


def set_up(app: Flask) -> None:
    """Gives every template the evidence in rows."""
    app.add_template_filter(evidence_rows, "evidence_rows")


def evidence_rows(finding: Finding, event: Event) -> Iterator[tuple[str, str, str]]:
    """For each member of the evidence its name in the record, and name and value in the reader's language."""
    for name, value in finding.evidence.items():
        kind = _NUMBER.sub("", name)
        number = _NUMBER.search(name)
        label = str(NAMES.get(kind) or words(kind))
        yield name, f"{label} {number[1]}" if number else label, _value(kind, value, event)


def _value(kind: str, value: str, event: Event) -> str:
    if kind in _CLOSED:
        return str(VALUES.get(value, value))
    if kind in _CODES:
        return words(value)
    if kind == "how":
        return words(f"matched_{value}") if value else "–"
    if kind in _DAYS:
        return day(date.fromisoformat(value))
    if kind in _MOMENTS:
        return local_time(datetime.fromisoformat(value), event.zone, seconds=True)
    return said(value) if kind == "flag" else value
