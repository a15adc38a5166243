"""Badges on paper: signed, pressed, written down, printed again."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace as changed
from datetime import timedelta
from functools import cache
from pathlib import Path

import pypdfium2
import pytest
import zxingcpp
from factories.contexts import HEARING_MORNING, acting, make_context
from factories.events import loaded_event, make_event
from factories.keys import make_keyring, with_keys
from factories.passes import collected_pass, mrz_for, prepared_pass
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from accredit.credential.serials import short_code
from accredit.credential.trust import TrustBundle
from accredit.credential.verifying import Verified, verify
from accredit.db.models.audit import AuditEntry
from accredit.db.models.passes import Badge, Pass
from accredit.db.session import writing
from accredit.domain.errors import NotAllowed
from accredit.domain.permissions import Role
from accredit.rendering.facts import NoteCode
from accredit.rendering.fonts import FontBook
from accredit.rendering.templates import Template, load_template
from accredit.services.desk import Collected, collect
from accredit.services.event_loading import LoadedEvent, find_event
from accredit.services.keys import KeysNotSigned
from accredit.services.pass_life import revoke, suspend
from accredit.services.printing import (
    PrintObstacle,
    PrintPlan,
    PrintRefused,
    PrintReport,
    Sort,
    Which,
    plan,
    press,
    print_badges,
    write_down,
)

EVENT = make_event()
CONTEXT = with_keys(make_context(HEARING_MORNING), EVENT)
TRUST = TrustBundle(17, make_keyring(EVENT).keyset)
TEMPLATES = Path(__file__).resolve().parents[3] / "badge_templates"


@cache
def _template() -> Template:
    return load_template(TEMPLATES / "special-event-pass")


@cache
def _fonts() -> FontBook:
    return FontBook()  # Latin, Greek and Cyrillic, on every machine


@pytest.fixture
def session(engine: Engine) -> Iterator[Session]:
    """A writing session on this test's database."""
    with writing(engine) as session:
        yield session


def _print(session: Session, event: LoadedEvent, **told: object) -> PrintReport:
    report = print_badges(session, CONTEXT, event, template=_template(), fonts=_fonts(), **told)  # type: ignore[arg-type]
    assert isinstance(report, PrintReport), report
    return report


def _refusal(session: Session, event: LoadedEvent, **told: object) -> PrintRefused:
    refused = print_badges(session, CONTEXT, event, template=_template(), fonts=_fonts(), **told)  # type: ignore[arg-type]
    assert isinstance(refused, PrintRefused), refused
    return refused


def _codes(report: PrintReport) -> list[dict[str, str]]:
    """What a reader sees on each page at 300 dpi: the kind of code and its text."""
    pages = pypdfium2.PdfDocument(report.pdf)
    pictures = [page.render(scale=300 / 72).to_pil() for page in pages]
    return [{one.format.name: one.text for one in zxingcpp.read_barcodes(picture)} for picture in pictures]


def test_a_collected_pass_is_printed_with_a_code_that_verifies(session: Session) -> None:
    """The QR read from the page carries serial, grants, document tag and Latin name; the bars the short code."""
    event = loaded_event(session, CONTEXT)
    held = collected_pass(session, CONTEXT, event, surname="Müller", given_names="Élodie", latin_surname="Mueller")
    report = _print(session, event)
    (codes,) = _codes(report)
    assert codes["Code128"] == short_code(held.serial)
    verified = verify(codes["QRCode"], TRUST, HEARING_MORNING)
    assert isinstance(verified, Verified), verified
    claims = verified.claims
    assert (claims.serial, claims.grants, claims.category) == (held.serial, held.grants, 1)
    assert (claims.printed_ahead, claims.document_tag) == (False, held.document_tag)
    assert claims.name == "MUELLER ELODIE"
    # When it was issued, less a margin for a slow clock at the gate.
    assert (claims.not_before, claims.expires) == (HEARING_MORNING - timedelta(minutes=10), held.valid_until)
    badge = session.scalars(select(Badge)).one()
    assert (badge.kid, badge.printed_at, badge.printed_by) == (1, HEARING_MORNING, "test:reviewer")


def test_a_pass_printed_ahead_says_so_and_names_no_document(session: Session) -> None:
    """Its signed bit sends every gate to the list; after the pick-up it is not printed once more."""
    event = loaded_event(session, CONTEXT)
    held = prepared_pass(session, CONTEXT, event)
    assert _print(session, event).count == 0
    report = _print(session, event, which=Which.AHEAD, size="cr80")
    verified = verify(_codes(report)[0]["QRCode"], TRUST, HEARING_MORNING)
    assert isinstance(verified, Verified)
    assert (verified.claims.printed_ahead, verified.claims.document_tag) == (True, None)
    outcome = collect(session, CONTEXT, event, held.application.reference, mrz_for(held.application))
    assert isinstance(outcome, Collected)
    assert _print(session, event, which=Which.ALL).count == 0


def test_the_report_counts_names_that_no_font_writes(session: Session) -> None:
    """Those badges carry the Latin spelling alone, and the run can say how many they are."""
    event = loaded_event(session, CONTEXT)
    collected_pass(session, CONTEXT, event)
    for surname in ("王", "張"):
        collected_pass(session, CONTEXT, event, surname=surname, latin_surname="Wang", latin_given_names="Adaeze")
    report = _print(session, event)
    assert (report.count, report.in_latin_alone) == (3, 2)


def test_each_pass_is_printed_once(session: Session) -> None:
    """What was printed is not ready any more; nothing to print is an empty report and no error."""
    event = loaded_event(session, CONTEXT)
    for _ in range(3):
        collected_pass(session, CONTEXT, event)
    assert _print(session, event).count == 3
    again = _print(session, event)
    assert (again.count, again.pdf) == (0, b"")


def test_a_reprint_is_the_same_code_with_a_reason(session: Session) -> None:
    """Serial and bytes stay, the reason is kept and counted, nothing is revoked; also after the key was renewed."""
    event = loaded_event(session, CONTEXT)
    held = collected_pass(session, CONTEXT, event)
    first = _codes(_print(session, event))[0]["QRCode"]
    named = [held.application.reference.lower()]
    refused = _refusal(session, event, references=named)
    assert (refused.code, refused.references) == (PrintObstacle.NO_REASON, (held.application.reference,))
    keyring = CONTEXT.keyring
    assert keyring is not None
    renewed = changed(CONTEXT, keyring=changed(keyring, pass_key=changed(keyring.pass_key, kid=9)))
    report = print_badges(
        session, renewed, event, template=_template(), fonts=_fonts(), references=named, reason="printer jam"
    )
    assert isinstance(report, PrintReport)
    assert report.reprints == 1
    assert _codes(report)[0]["QRCode"] == first
    badge = session.scalars(select(Badge)).one()
    assert (badge.reprints, badge.reprint_reason) == (1, "printer jam")
    actions = session.scalars(select(AuditEntry.action).order_by(AuditEntry.number)).all()
    assert list(actions)[-2:] == ["badge.printed", "badge.reprinted"]


def test_a_reprint_without_its_key_is_refused(session: Session) -> None:
    """Another key would make another code: replace the pass instead."""
    event = loaded_event(session, CONTEXT)
    held = collected_pass(session, CONTEXT, event)
    _print(session, event)
    keyring = CONTEXT.keyring
    assert keyring is not None
    without = changed(keyring, pass_key=changed(keyring.pass_key, kid=9), held=())
    refused = print_badges(
        session,
        changed(CONTEXT, keyring=without),
        event,
        template=_template(),
        fonts=_fonts(),
        references=[held.application.reference],
        reason="printer jam",
    )
    assert isinstance(refused, PrintRefused)
    assert refused.code is PrintObstacle.KEY_GONE


def test_what_cannot_be_printed_says_why(session: Session) -> None:
    """Unknown references, a pass that is over or suspended, an unknown size, a reason without end."""
    event = loaded_event(session, CONTEXT)
    gone, stopped, good = (collected_pass(session, CONTEXT, event) for _ in range(3))
    revoke(session, CONTEXT, event, gone.serial, "withdrawn")
    suspend(session, CONTEXT, event, stopped.serial, "asked")
    names = [one.application.reference for one in (gone, stopped, good)]
    refused = _refusal(session, event, references=[*names, "ZZZZ-ZZZZ"])
    assert (refused.code, refused.references) == (PrintObstacle.UNKNOWN_REFERENCE, (*names[:2], "ZZZZ-ZZZZ"))
    assert _refusal(session, event, size="a0").code is PrintObstacle.UNKNOWN_SIZE
    assert _refusal(session, event, reason="x" * 401).code is PrintObstacle.LONG_REASON
    assert session.scalars(select(Badge)).all() == []


def test_the_sheets_come_in_the_order_asked_for(session: Session) -> None:
    """By Latin name in any script, by organisation, or by reference."""
    event = loaded_event(session, CONTEXT)
    people = [
        ("Жуков", "Beta Body"),
        ("Zappa", "alpha body"),
        ("Abara", "Gamma Body"),
    ]
    names = {}
    for surname, organisation in people:
        held = collected_pass(session, CONTEXT, event, surname=surname, organisation=organisation)
        names[held.application.reference] = surname

    def order(sort: Sort) -> list[str]:
        planned = plan(session, CONTEXT, event, template=_template(), sort=sort)
        assert isinstance(planned, PrintPlan)
        return [names[one.facts.reference] for one in planned.badges]

    assert order(Sort.NAME) == ["Abara", "Zappa", "Жуков"]
    assert order(Sort.ORGANISATION) == ["Zappa", "Жуков", "Abara"]
    assert order(Sort.REFERENCE) == ["Жуков", "Zappa", "Abara"]


def test_a_badge_that_would_come_out_wrong_is_left_out_and_stays_unprinted(session: Session) -> None:
    """The note names the person's reference; the others are printed."""
    event = loaded_event(session, CONTEXT)
    good = collected_pass(session, CONTEXT, event)
    endless = collected_pass(session, CONTEXT, event, organisation="Unbreakable" * 27)
    report = _print(session, event, size="cr80")
    assert report.references == (good.application.reference,)
    stopping = [note for note in report.notes if note.stops]
    assert [(note.reference, note.code) for note in stopping] == [
        (endless.application.reference, NoteCode.TEXT_TOO_LONG)
    ]
    assert [badge.pass_id for badge in session.scalars(select(Badge))] == [good.id]


def test_a_job_that_was_overtaken_is_not_written_down(engine: Engine) -> None:
    """Planned in one transaction, pressed outside, revoked or printed elsewhere meanwhile: the paper is spoiled."""
    with writing(engine) as session:
        event = loaded_event(session, CONTEXT)
        gone, twice, fine = (collected_pass(session, CONTEXT, event) for _ in range(3))
        session.commit()
        planned = plan(session, CONTEXT, event, template=_template())
    assert isinstance(planned, PrintPlan)
    report = press(planned, _fonts())
    with writing(engine) as session:
        event = _found(session)
        revoke(session, CONTEXT, event, gone.serial, "withdrawn")
        _print(session, event, references=[twice.application.reference])
        session.commit()
    with writing(engine) as session:
        outcome = write_down(session, CONTEXT, _found(session), planned, report)
        session.commit()
        assert isinstance(outcome, PrintRefused)
        assert outcome.code is PrintObstacle.CHANGED
        assert set(outcome.references) == {gone.application.reference, twice.application.reference}
    with writing(engine) as session:
        planned = plan(session, CONTEXT, _found(session), template=_template())
        session.rollback()
        assert isinstance(planned, PrintPlan)
        report = press(planned, _fonts())
        assert write_down(session, CONTEXT, _found(session), planned, report) is report
        session.commit()
        assert report.references == (fine.application.reference,)
        assert len(session.scalars(select(Badge)).all()) == 2


def _found(session: Session) -> LoadedEvent:
    event = find_event(session, "")
    assert event is not None
    return event


def test_printing_needs_keys_and_the_permission(session: Session) -> None:
    """A gate officer prints nothing, and nobody prints what no key has signed."""
    event = loaded_event(session, CONTEXT)
    with pytest.raises(NotAllowed):
        plan(session, acting(CONTEXT, "user:gus", Role.GATE), event, template=_template())
    with pytest.raises(KeysNotSigned):
        plan(session, changed(CONTEXT, keyring=None), event, template=_template())


def test_a_pass_for_a_name_without_latin_letters_is_signed_all_the_same(session: Session) -> None:
    """No table and no spelling given: the credential's name stays empty, never half a name."""
    event = loaded_event(session, CONTEXT)
    context = changed(CONTEXT)
    held = prepared_pass(session, context, event, surname="王", given_names="小明")
    planned = plan(session, context, event, template=_template(), which=Which.AHEAD)
    assert isinstance(planned, PrintPlan)
    assert planned.badges[0].badge.name == ""
    assert session.get_one(Pass, held.id).badges == []
