"""What the page is told about one offer: at most 1 kB, all that is shown and nothing else."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from accredit.credential.admission_facts import Unchecked
from accredit.credential.reasons import Reason, Source, Verdict
from scanner import replies
from scanner.clock import aware
from scanner.gate import Answered
from scanner.kiosk.labels import said, sight_class
from scanner.kiosk.texts import text
from scanner.offers import Document, Unclear
from scanner.outcomes import NotReady, Outcome
from scanner.reason_labels import label

Hours = Sequence[tuple[datetime, datetime]]
# What is shown has its own look: shape, colour and sound. `out` for exits, `paper` for what
# the disk refused.
LOOKS = ("admit", "ask", "refuse", "out", "undone", "paper", "off", "note")


def told(
    answer: Answered,
    offer: object,
    language: str,
    zone: ZoneInfo,
    *,
    has_names: bool,
    hours: Hours = (),
) -> dict[str, Any]:
    """The answer of the gate as the page shows it; a photo is spoken of only where names and photos are open.

    `hours` are the next ones of the checkpoint, for a person who comes outside of them.
    """
    if isinstance(answer, Outcome):
        scan = _scan(answer, language, zone)
        scan["where"] += _opening(answer, hours, language, zone)
        scan |= {"document": document_word(answer, offer), "photo": answer.has_photo and has_names}
        return {key: value for key, value in scan.items() if value not in ("", None, False, [])}
    if isinstance(answer, Unclear) and isinstance(offer, Document) and language != "en":
        known = said(answer, language)
        # What is wrong with a zone is told in detail in English alone.
        return spoken("zone_unread", language) if known == answer.sentence else _note(known, language)
    return told_without_scan(answer, language)


def told_without_scan(answer: NotReady | Unclear, language: str) -> dict[str, Any]:
    """An answer that is no verdict."""
    look = "note"
    if isinstance(answer, NotReady):
        look = "off" if answer.is_switched_off else "paper" if answer.is_unwritten else "note"
    return {"look": look, "word": text(f"word_{look}", language), "sentence": said(answer, language)}


def spoken(key: str, language: str, **values: str) -> dict[str, Any]:
    """A sentence of the page's own, shown where a verdict would be."""
    return _note(text(key, language, **values), language)


def _note(sentence: str, language: str) -> dict[str, Any]:
    return {"look": "note", "word": text("word_note", language), "sentence": sentence}


def look_of(outcome: Outcome) -> str:
    """The look of a scan: its verdict, `out` or `undone`."""
    if outcome.entry.reason is Reason.UNDONE:
        return "undone"
    return "out" if replies.goes_out(outcome) else outcome.entry.verdict.value


def _scan(outcome: Outcome, language: str, zone: ZoneInfo) -> dict[str, Any]:
    entry, who = outcome.entry, outcome.who
    is_shut = entry.verdict is not Verdict.ADMIT
    return {
        "id": str(entry.id),
        "look": look_of(outcome),
        "word": text("word_undone", language)
        if entry.reason is Reason.UNDONE
        else replies.word(outcome, language).strip(),
        "reason": entry.reason.value,
        "label": label(entry.reason, language),
        "sentence": replies.sentence(outcome, language),
        "where": replies.where_to(outcome, language) if is_shut else "",
        "name": who.name if who else "",
        "organisation": who.organisation if who else "",
        "details": list(_details(outcome, language, zone)),
    }


def document_word(outcome: Outcome, offer: object) -> str | None:
    """What comparing the document with the pass gave: match, mismatch or absent; None where none was compared."""
    if not isinstance(offer, Document):
        return None
    if Reason.DOCUMENT_MISMATCH in (outcome.entry.reason, *outcome.shown.warn):
        return "mismatch"
    if outcome.entry.verdict is Verdict.REFUSE or replies.goes_out(outcome):
        return None  # after a refusal, and on the way out, the rule looks at no document
    return "absent" if Unchecked.DOCUMENT in outcome.shown.unchecked else "match"


def _opening(outcome: Outcome, hours: Hours, language: str, zone: ZoneInfo) -> str:
    """The hours of the checkpoint, and before them when people come in, where these do not tell it."""
    opens_at = outcome.shown.opens_at
    is_told = bool(hours) and opens_at is not None and aware(opens_at) in (start for start, _ in hours)
    first = "" if is_told else replies.opening(outcome, language, zone)
    return (f" {first}" if first else "") + _hours(hours, language, zone)


def _hours(hours: Hours, language: str, zone: ZoneInfo) -> str:
    local = [(start.astimezone(zone), end.astimezone(zone)) for start, end in hours]
    each = (f"{start:%d.%m. %H:%M}–{end:%H:%M}" for start, end in local)
    return f" {text('hours', language)} {', '.join(each)}" if local else ""


def _details(outcome: Outcome, language: str, zone: ZoneInfo) -> Iterator[str]:
    entry, shown = outcome.entry, outcome.shown
    if entry.sight_class is not None:
        yield sight_class(entry.sight_class, language)
    if entry.source is Source.SUPERVISOR and entry.note is not None:
        yield entry.note
    if outcome.is_repeat:
        yield text("same_scan", language)
    elif shown.last_scan is not None:
        yield f"{text('last_scan', language)} {_last(shown.last_scan, language, zone)}"
    if shown.warn:
        yield f"{text('also', language)} {', '.join(label(Reason(each), language).lower() for each in shown.warn)}"
    if shown.unchecked:
        names = (replies.UNCHECKED[language].get(each, each) for each in shown.unchecked)
        yield f"{text('not_checked', language)} {'; '.join(names)}"
    if not shown.is_fresh:
        yield f"{text('list_of_age', language)} {replies.span(shown.list_age_s, language)}"


def _last(scan: dict[str, str], language: str, zone: ZoneInfo) -> str:
    at = aware(scan["at"]).astimezone(zone)
    result = text(f"was_{scan['verdict']}", language)
    way = text(f"was_{scan['direction']}", language)
    return f"{at:%H:%M} {scan['checkpoint']}/{scan['lane']} ({way}, {result})"
