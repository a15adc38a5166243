"""What the kiosk's page says: every reason has its look and its words in both languages, in 1 kB."""

from __future__ import annotations

import json
import re
from pathlib import Path
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest

from accredit.credential.reasons import CheckpointKind, Direction, Reason, Source, Verdict, judge
from accredit.credential.sealing import RosterLine
from scanner.gate_french import gate_sentences
from scanner.journal import Entry
from scanner.kiosk import labels
from scanner.kiosk.answers import LOOKS, told
from scanner.kiosk.texts import LANGUAGES, all_texts, text
from scanner.offers import Unclear
from scanner.outcomes import NotReady, Outcome, Shown
from scanner.reason_labels import label

PAGE = Path(labels.__file__).parent
ZONE = ZoneInfo("Europe/Zurich")
LONG_NAME = "ÇÖŞKÜNOĞLU-ADEYEMI-VON HOHENZOLLERN SIGMARINGEN MARIA DEL PILAR"
LONG_BODY = "Fédération internationale des sociétés de la Croix-Rouge et du Croissant-Rouge, délégation"


def _outcome(reason: Reason, kind: CheckpointKind = CheckpointKind.SITE, *, is_fresh: bool = True) -> Outcome:
    """A scan with everything that can be shown beside it."""
    entry = Entry(
        UUID(int=7 << 76 | 2 << 62), b"p12345", "door-xix-overflow", kind, "lane of twenty chars", "417", Direction.ENTRY,
        Source.SIGHT if reason is Reason.BY_SIGHT else Source.SUPERVISOR, judge(reason, kind, is_fresh).verdict, reason,
        b"12345", 1, None, "protocol", "n" * 64, 0, 0, 0, 1, None, 0, "",
    )  # fmt: skip
    last = {
        "at": "2017-10-11T07:12:00.000Z", "checkpoint": "door-xix-overflow", "lane": "lane of twenty chars",
        "direction": "entry", "verdict": "admit",
    }  # fmt: skip
    shown = Shown(90_000, is_fresh, True, ("other_gates", "recent_changes", "document"), ("full", "closed_now"), last)
    return Outcome(entry, shown, RosterLine(LONG_NAME, LONG_BODY), is_repeat=False, has_photo=True)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("reason", Reason)
def test_every_reason_has_its_look_and_its_words(reason: Reason, language: str) -> None:
    """Word, label, sentence and look, at a gate and at a door, with a fresh and with an old list; never above 1 kB."""
    for kind in CheckpointKind:
        for is_fresh in (True, False):
            outcome = _outcome(reason, kind, is_fresh=is_fresh)
            answer = told(outcome, None, language, ZONE, has_names=True)

            judgement = judge(reason, kind, is_fresh)
            said = judgement.sentence_fr if language == "fr" else judgement.sentence_en
            assert answer["sentence"] == said
            assert answer["look"] == ("undone" if reason is Reason.UNDONE else judgement.verdict.value)
            assert answer["word"]
            assert answer["label"]
            assert len(json.dumps(answer, ensure_ascii=False, separators=(",", ":")).encode()) <= 1024


def test_labels_are_each_reasons_own() -> None:
    """At arm's length no two reasons look the same."""
    for language in LANGUAGES:
        assert len({label(reason, language) for reason in Reason}) == len(Reason)


def test_an_exit_is_an_exit_whatever_is_wrong() -> None:
    """Nobody is held back on the way out; the look is neither green nor red."""
    outcome = _outcome(Reason.OK)
    leaving = Outcome(_leaving(outcome.entry), outcome.shown, None, is_repeat=False)

    answer = told(leaving, None, "fr", ZONE, has_names=True)

    assert (answer["look"], answer["word"], answer["sentence"]) == ("out", "SORTIE", "Au revoir.")
    assert "where" not in answer


def _leaving(entry: Entry) -> Entry:
    from dataclasses import replace

    return replace(entry, direction=Direction.EXIT, verdict=Verdict.ADMIT)


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_no_verdict_has_a_look_as_well(language: str) -> None:
    """On paper, switched off, and a sentence that only asks for something else."""
    answers = [
        told(answer, None, language, ZONE, has_names=False)
        for answer in (NotReady("x", is_unwritten=True), NotReady("x", is_switched_off=True), Unclear("x"))
    ]

    assert [each["look"] for each in answers] == ["paper", "off", "note"]
    assert all(each["word"] and each["sentence"] for each in answers)


def test_a_photo_is_spoken_of_only_where_the_names_are_open() -> None:
    """Without the PIN there is none to be shown."""
    assert told(_outcome(Reason.OK), None, "en", ZONE, has_names=True)["photo"] is True
    assert "photo" not in told(_outcome(Reason.OK), None, "en", ZONE, has_names=False)


def test_every_look_has_its_shape_and_its_colour() -> None:
    """What the answers may name, the page can draw."""
    shapes, looks = (PAGE / "templates" / "shapes.svg").read_text(), (PAGE / "static" / "looks.css").read_text()
    for look in (*LOOKS, "ready"):
        assert f'class="of-{look}"' in shapes
        assert f'body[data-look="{look}"] .of-{look}' in looks


def test_what_the_gate_says_in_english_the_page_says_in_french() -> None:
    """Each sentence of the gate that has a French one is still said by the gate, word by word."""
    sources = " ".join(path.read_text("utf-8") for path in PAGE.parent.glob("*.py"))
    known = re.sub(r'"\s+"', "", sources).replace("\\'", "'")
    for english in gate_sentences():
        assert english in known, english
        assert labels.said(Unclear(english), "fr") != english


@pytest.mark.parametrize(
    ("english", "french"),
    [
        ("Nothing new: this scanner holds list 7, the code brings 6.", "liste 7, le code apporte la 6."),
        ("The list names no checkpoint 'door-x' any more. Choose another one.", "point de contrôle 'door-x'."),
        ("No class by sight is called 'friend'. The event has: staff.", "La manifestation a : staff."),
    ],
)
def test_sentences_with_numbers_and_names_are_french_too(english: str, french: str) -> None:
    """The numbers and names stand where they belong."""
    assert french in labels.said(Unclear(english), "fr")
    assert labels.said(Unclear(english), "en") == english


@pytest.mark.parametrize("template", ["kiosk.html", "dialogs.html"])
def test_every_text_of_the_page_exists(template: str) -> None:
    """No key is misspelt, and no inline script or style stands in a template."""
    source = (PAGE / "templates" / template).read_text("utf-8")
    for key in re.findall(r"\bt\([\"'](\w+)[\"']", source):
        assert text(key, "en", minutes=1, seconds=1)
    assert "style=" not in source
    assert not re.search(r"<script(?![^>]*\bsrc=)", source)
    assert not re.search(r"\son\w+=", source)


def test_both_languages_say_something_else() -> None:
    """A text that was forgotten in French would be the English one."""
    same = {key for key, (english, french) in all_texts().items() if english == french}
    assert same <= {"ok", "open_minutes"}
