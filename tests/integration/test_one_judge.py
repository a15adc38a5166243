"""Server and scanner give one and the same reason to every pass: the scanner holds what the server's bundle says."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from dataclasses import replace as changed
from datetime import datetime, timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from factories.contexts import HEARING_MORNING, at, make_context
from factories.events import loaded_event, make_event
from factories.keys import make_keyring, with_keys
from factories.passes import collected_pass, prepared_pass
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from accredit.credential.claims import Claims
from accredit.credential.codec import encode_pass
from accredit.credential.document_tags import grounds_key, tag_key
from accredit.credential.keysets import KeyEntry, KeyRole, KeyStatus
from accredit.credential.reasons import Direction
from accredit.credential.signing import SigningKey, sign_keyset
from accredit.db.models.passes import Pass
from accredit.db.session import writing
from accredit.services.bundles import build
from accredit.services.code_inspection import Inspection, UnknownCheckpoint, inspect_code
from accredit.services.context import Context, KeyRing
from accredit.services.event_loading import LoadedEvent
from accredit.services.issuing import replace as replace_pass
from accredit.services.pass_life import revoke, suspend
from scanner.cases import Keys
from scanner.enrolment import Enrolment
from scanner.gate import Gate, Station
from scanner.offers import Code
from scanner.outcomes import Outcome
from scanner.roster import Roster
from scanner.store import open_journal, open_trust
from scanner.trust_store import Contact, Received, receive, save_contact

EVENT = make_event()
GATE = "pregny"
CONTEXT = make_context(HEARING_MORNING)


def _key(kid: int) -> SigningKey:
    return SigningKey.generate(kid, KeyRole.PASS, lambda size: bytes([kid]) * size)


STOLEN, MEDIA, STRANGER = _key(11), _key(12), _key(13)


def _keyring() -> KeyRing:
    """The server's keys, a compromised pass key, and one for a category of its own."""
    plain = make_keyring(EVENT)
    spans = {"not_before": plain.keyset.issued_at, "not_after": plain.keyset.next_update}
    more = (
        KeyEntry(11, KeyRole.PASS, STOLEN.public_bytes, KeyStatus.COMPROMISED, **spans),
        KeyEntry(12, KeyRole.PASS, MEDIA.public_bytes, KeyStatus.ACTIVE, **spans, categories=frozenset({99})),
    )
    keyset = changed(plain.keyset, keys=plain.keyset.keys + more)
    root = SigningKey.generate(0, KeyRole.ROOT, lambda size: bytes([1]) * size)
    return changed(plain, keyset=keyset, keyset_bytes=sign_keyset(keyset, root))


@dataclass
class House:
    """A server with its passes, and a scanner that polls it."""

    session: Session
    event: LoadedEvent
    state: Path
    context: Context

    def text(self, held: Pass, key: SigningKey | None = None, **told: object) -> str:
        """A code for this pass, changed as told."""
        facts = Claims(
            held.serial,
            EVENT.number,
            held.category_code,
            False,
            held.grants,
            None,
            "SPECIMEN",
            held.valid_from,
            held.valid_until,
        )
        return encode_pass(changed(facts, **told), key or self.pass_key)  # type: ignore[arg-type]

    @property
    def pass_key(self) -> SigningKey:
        assert self.context.keyring is not None
        return self.context.keyring.pass_key

    def by_server(self, text: str, now: datetime) -> tuple[str, str]:
        """Verdict and reason at the desk."""
        found = inspect_code(self.session, at(self.context, now), self.event, text, GATE)
        assert isinstance(found, Inspection), found
        return found.answer.verdict.value, found.answer.reason.value

    def by_scanner(self, text: str, now: datetime) -> tuple[str, str]:
        """Verdict and reason at the gate, right after a poll."""
        keyring = self.context.keyring
        assert keyring is not None
        facts = Enrolment(str(uuid4()), "Gate 1", "", EVENT.number, EVENT.key, keyring.root_public, False, (GATE,), now)
        trust, journal = open_trust(self.state), open_journal(self.state)
        data = build(self.session, at(self.context, now), self.event, 0)
        assert data is not None
        assert isinstance(receive(trust, data, facts), Received)
        milliseconds = int(now.timestamp() * 1000)
        save_contact(trust, Contact(milliseconds, milliseconds, milliseconds, 0))
        pepper = self.context.secrets.pepper
        keys = Keys(tag_key(pepper, EVENT.number), grounds_key(pepper, EVENT.number))
        gate = Gate(Roster(trust), journal, keys, lambda: now, lambda size: b"x" * size)
        answer = gate.present(Code(text), Station(GATE, "1", "417", Direction.ENTRY))
        trust.close()
        journal.close()
        assert isinstance(answer, Outcome), answer
        return answer.entry.verdict.value, answer.entry.reason.value


@pytest.fixture
def house(engine: Engine, tmp_path: Path) -> Iterator[House]:
    """On the morning of the hearing."""
    context = changed(with_keys(CONTEXT, EVENT), keyring=_keyring())
    with writing(engine) as session:
        yield House(session, loaded_event(session, context), tmp_path, context)


def _good(house: House) -> Pass:
    return collected_pass(house.session, house.context, house.event)


def _revoked(house: House) -> str:
    held = _good(house)
    revoke(house.session, house.context, house.event, held.application.reference, "lost")
    return house.text(held)


def _replaced(house: House) -> str:
    held = _good(house)
    replace_pass(house.session, house.context, house.event, held.application.reference, "lost")
    return house.text(held)


def _suspended(house: House) -> str:
    held = _good(house)
    suspend(house.session, house.context, house.event, held.application.reference, "asked about")
    return house.text(held)


CASES = {
    "ok": lambda house: house.text(_good(house)),
    "revoked": _revoked,
    "replaced": _replaced,
    "suspended": _suspended,
    "not_collected": lambda house: house.text(
        prepared_pass(house.session, house.context, house.event), printed_ahead=True
    ),
    "expired": lambda house: house.text(_good(house), expires=HEARING_MORNING - timedelta(minutes=3)),
    "not_yet_valid": lambda house: house.text(_good(house), not_before=HEARING_MORNING + timedelta(minutes=3)),
    "wrong_event": lambda house: house.text(_good(house), event=EVENT.number + 1),
    "unknown_key": lambda house: house.text(_good(house), STRANGER),
    "key_compromised": lambda house: house.text(_good(house), STOLEN),
    "wrong_category": lambda house: house.text(_good(house), MEDIA),
    "bad_signature": lambda house: house.text(
        _good(house), SigningKey(house.pass_key.kid, KeyRole.PASS, STRANGER.private)
    ),
    "malformed": lambda house: house.text(_good(house))[:-3],
    "confirmation_not_pass": lambda _: "SEC1:K7QF22XM",
}


@pytest.mark.parametrize("reason", CASES)
def test_each_pass_gets_its_own_reason_at_the_desk_and_at_the_gate(reason: str, house: House) -> None:
    """One function judges on both sides: what the gate says, the desk can tell the person again."""
    text = CASES[reason](house)
    verdict = "admit" if reason == "ok" else "refuse"

    assert house.by_server(text, HEARING_MORNING) == (verdict, reason)
    assert house.by_scanner(text, HEARING_MORNING) == (verdict, reason)


def test_a_checkpoint_that_does_not_exist_is_named(house: House) -> None:
    """With those that the event has."""
    found = inspect_code(house.session, house.context, house.event, "", "nowhere")
    assert isinstance(found, UnknownCheckpoint)
    assert GATE in found.message
