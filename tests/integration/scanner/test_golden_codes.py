"""The issuer's golden codes, judged by the scanner: the same file, the same reasons."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from accredit.credential.admission_facts import Checkpoint, Policy, Presentation
from accredit.credential.bundle import Bundle, CheckpointEntry
from accredit.credential.keysets import KeySet, open_keyset
from accredit.credential.reasons import CheckpointKind, Direction, Source
from accredit.credential.revocation import RevocationList, open_revocations
from accredit.credential.trust import TrustBundle
from scanner.cases import Case, CaseMaker, Keys, Situation
from scanner.clock import Reading
from scanner.offers import Code, read_code
from scanner.roster import Roster
from scanner.store import open_trust
from scanner.trust_store import Contact, Held

GOLDEN = json.loads(
    (Path(__file__).resolve().parents[2] / "unit" / "credential" / "golden" / "passes.json").read_text("utf-8")
)
GATE = CheckpointEntry("pregny", "Pregny Gate", "Portail de Pregny", CheckpointKind.SITE, 0xF)


def _held() -> Held:
    """The trust that the file carries, as the scanner keeps it."""
    keyset = open_keyset(bytes.fromhex(GOLDEN["keyset"]), bytes.fromhex(GOLDEN["root_public"]))
    assert isinstance(keyset, KeySet)
    listed = open_revocations(bytes.fromhex(GOLDEN["revocations"]), keyset)
    assert isinstance(listed, RevocationList)
    head = Bundle(
        event=keyset.event,
        event_key="golden",
        title="Golden",
        number=listed.number,
        base=0,
        issued_at=listed.issued_at,
        next_update=listed.next_update,
        keyset=b"",
        revocations=b"",
        time_zone="UTC",
        checkpoints=(GATE,),
        passes=(),
        policy=Policy(),
        categories={},
    )
    return Held(listed.number, TrustBundle(keyset.event, keyset, listed), head)


def _at(now: datetime) -> Situation:
    here = Checkpoint(GATE.key, GATE.kind, GATE.grant_mask)
    day = now.replace(hour=0, minute=0)
    return Situation(
        reading=Reading(now, now, True),
        held=_held(),
        contact=Contact(),
        checkpoint=here,
        list_age_s=0.0,
        revocations_age_s=0.0,
        day=day.date().isoformat(),
        day_start_ms=int((day - timedelta(hours=1)).timestamp() * 1000),
    )


@pytest.mark.parametrize("row", GOLDEN["passes"], ids=lambda row: str(row["name"]))
def test_the_scanner_gives_each_golden_code_its_reason(row: dict[str, str], tmp_path: Path) -> None:
    """Issuer and scanner are held to one file; a serial is known only where the signature held."""
    trust = open_trust(tmp_path)
    now = datetime.fromisoformat(row["now"])
    blank = Presentation(Source.CODE, Direction.ENTRY, "1", now)
    offer = read_code(row["text"]) if row["text"] else Code("")
    assert isinstance(offer, Code)

    case = CaseMaker(Roster(trust), Keys(bytes(32), bytes(32))).make(offer, blank, None, _at(now))

    trust.close()
    assert isinstance(case, Case)
    rejected = case.presentation.rejection
    assert ("ok" if rejected is None else rejected.value) == row["expect"]
    assert (case.serial is not None) is bool(row["names_serial"])
