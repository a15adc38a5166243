"""How an answer is shown: one line for the officer, in English or French, or one JSON object for a program."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime
from zoneinfo import ZoneInfo

from accredit.credential.reasons import Direction, Judgement, Reason, Source, Verdict
from scanner.clock import aware
from scanner.journal import Entry
from scanner.outcomes import Outcome
from scanner.reason_labels import label

LANGUAGES = ("en", "fr")
# Same width, so that the sentences stand below one another.
_WORDS = {
    "en": {Verdict.ADMIT: "ADMIT ", Verdict.ASK: "ASK   ", Verdict.REFUSE: "REFUSE"},
    "fr": {Verdict.ADMIT: "ENTRÉE", Verdict.ASK: "VOIR  ", Verdict.REFUSE: "REFUS "},
}
_OUT = {"en": "OUT   ", "fr": "SORTIE"}
_GOODBYE = {"en": "Goodbye.", "fr": "Au revoir."}
UNCHECKED = {
    "en": {
        "pass_record": "the list does not know this pass",
        "recent_changes": "changes since the last list",
        "other_gates": "other gates",
        "document": "the document: the pass names none",
    },
    "fr": {
        "pass_record": "la liste ne connaît pas ce laissez-passer",
        "recent_changes": "changements depuis la dernière liste",
        "other_gates": "autres entrées",
        "document": "la pièce : le laissez-passer n'en nomme aucune",
    },
}
_FROM = {
    "en": {Reason.NOT_YET_VALID: "Valid from {at}.", Reason.CLOSED_NOW: "People come in from {at}."},
    "fr": {Reason.NOT_YET_VALID: "Valable dès le {at}.", Reason.CLOSED_NOW: "Entrée dès le {at}."},
}
_NO_MORE = {"en": "No more hours are planned here.", "fr": "Plus aucune heure d'ouverture n'est prévue ici."}
_LAST_IN_FRENCH = {"entry": "entrée", "exit": "sortie", "admit": "admis", "ask": "vérifié", "refuse": "refusé"}
_PARTS = {
    "en": {
        "photo": "compare the photo",
        "again": "same scan",
        "last": "last scan",
        "also": "also",
        "unchecked": "not checked",
        "age": "list",
        "sight": "by sight",
        "supervisor": "supervisor",
    },
    "fr": {
        "photo": "comparer la photo",
        "again": "même lecture",
        "last": "dernière lecture",
        "also": "aussi",
        "unchecked": "non vérifié",
        "age": "liste",
        "sight": "connu de vue",
        "supervisor": "responsable",
    },
}


def sentence(outcome: Outcome, language: str) -> str:
    """What the officer says: the reason's sentence; who goes out is wished well, whatever is wrong with the pass."""
    if goes_out(outcome):
        return _GOODBYE[language]
    return _said(outcome.judgement, language)


def word(outcome: Outcome, language: str) -> str:
    """The one word of the verdict, for who goes out too, filled up to the width of the longest."""
    return _OUT[language] if goes_out(outcome) else _WORDS[language][outcome.entry.verdict]


def where_to(outcome: Outcome, language: str) -> str:
    """Where the person goes from here; nobody is told to come back to a door that opens no more."""
    if outcome.entry.reason is Reason.CLOSED_NOW and outcome.shown.opens_at is None:
        return _NO_MORE[language]
    return outcome.judgement.where_fr if language == "fr" else outcome.judgement.where_en


def opening(outcome: Outcome, language: str, zone: ZoneInfo) -> str:
    """For who comes too early: from which hour the pass or the door opens, in the event's time zone; else empty."""
    words, opens_at = _FROM[language].get(outcome.entry.reason, ""), outcome.shown.opens_at
    if opens_at is None or outcome.entry.verdict is Verdict.ADMIT:
        return ""
    return words.format(at=f"{aware(opens_at).astimezone(zone):%d.%m. %H:%M}")


def as_line(outcome: Outcome, language: str, zone: ZoneInfo) -> str:
    """The big word, the sentence, where the person goes, who it is, and how far the answer can be trusted."""
    said = sentence(outcome, language)
    if outcome.entry.verdict is not Verdict.ADMIT:
        said = " ".join(filter(None, (f"{said} → {where_to(outcome, language)}", opening(outcome, language, zone))))
    return "  ".join((word(outcome, language), " · ".join((said, *_details(outcome, language, zone)))))


def as_json(outcome: Outcome, language: str) -> str:
    """One object: what the officer's screen needs and nothing else."""
    entry, shown, who = outcome.entry, outcome.shown, outcome.who
    told = {
        "id": str(entry.id),
        "verdict": entry.verdict.value,
        "reason": entry.reason.value,
        "sentence": sentence(outcome, language),
        "name": who.name if who else None,
        "organisation": who.organisation or None if who else None,
        "serial": entry.serial.hex() if entry.serial else None,
        "direction": entry.direction.value,
        "list_age_s": shown.list_age_s,
        "list_number": entry.roster_number,
        "last_scan": shown.last_scan,
        "opens_at": shown.opens_at,
        "unchecked": list(shown.unchecked),
        "warn": list(shown.warn),
        "repeat": outcome.is_repeat,
    }
    return json.dumps(told, ensure_ascii=False)


def note_as_json(note: str) -> str:
    """A line that is no verdict, as an object of its own."""
    return json.dumps({"note": note}, ensure_ascii=False)


def span(seconds: float, language: str = "en") -> str:
    """A length of time for people: 12 s, 5 min, 3 h, 2 d (in French 2 j)."""
    for size, unit in ((86_400, "j" if language == "fr" else "d"), (3_600, "h"), (60, "min")):
        if seconds >= 2 * size:
            return f"{int(seconds // size)} {unit}"
    return f"{int(seconds)} s"


def _details(outcome: Outcome, language: str, zone: ZoneInfo) -> list[str]:
    parts, shown = _PARTS[language], outcome.shown
    details: list[str] = []
    details += _on_whose_word(outcome.entry, language)
    if outcome.who is not None:
        details.append(", ".join(filter(None, (outcome.who.name, outcome.who.organisation))))
    if outcome.has_photo and outcome.entry.verdict is Verdict.ASK:
        details.append(parts["photo"])
    if outcome.is_repeat:
        details.append(parts["again"])
    elif shown.last_scan is not None:
        details.append(f"{parts['last']} {_last(shown.last_scan, language, zone)}")
    if shown.warn:
        details.append(f"{parts['also']}: {', '.join(_also(reason, language) for reason in shown.warn)}")
    if shown.unchecked:
        details.append(f"{parts['unchecked']}: {'; '.join(UNCHECKED[language].get(u, u) for u in shown.unchecked)}")
    details.append(f"{parts['age']} {span(shown.list_age_s, language)}")
    return details


def _on_whose_word(entry: Entry, language: str) -> Iterator[str]:
    """Who was let in without a pass is told with the word that let them in, so that a word nobody gave is seen."""
    if entry.sight_class is not None:
        yield f"{_PARTS[language]['sight']}: {entry.sight_class}"
    if entry.source is Source.SUPERVISOR and entry.note is not None:
        yield f"{_PARTS[language]['supervisor']}: {entry.note}"


def _also(reason: str, language: str) -> str:
    return label(Reason(reason), language).lower() if language == "fr" else reason.replace("_", " ")


def _last(scan: dict[str, str], language: str, zone: ZoneInfo) -> str:
    at: datetime = aware(scan["at"]).astimezone(zone)
    way, verdict = scan["direction"], scan["verdict"]
    if language == "fr":
        way, verdict = _LAST_IN_FRENCH[way], _LAST_IN_FRENCH[verdict]
    return f"{at:%H:%M} {scan['checkpoint']}/{scan['lane']} ({way}, {verdict})"


def _said(judgement: Judgement, language: str) -> str:
    return judgement.sentence_fr if language == "fr" else judgement.sentence_en


def goes_out(outcome: Outcome) -> bool:
    """Whether this is an exit, which is never refused."""
    return outcome.entry.direction is Direction.EXIT and outcome.entry.verdict is Verdict.ADMIT
