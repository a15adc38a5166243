"""The command that enters the sheet of paper of a scanner."""

from __future__ import annotations

import json
import os
from datetime import timedelta
from unittest import mock

import pytest
from factories.commands import OFFICE_DAY, Commands

from accredit.config import Settings, load_settings
from accredit.credential.device_keys import DeviceKey
from accredit.db.session import writing
from accredit.services.devices import Enrolment, enrol
from accredit.services.event_loading import find_event
from accredit.wiring import House

HEAD = "time,checkpoint,lane,officer,verdict,code,class\n"
GOOD = "2017-09-20 12:30,pregny,1,417,admit,,delegate\n"


@pytest.fixture
def gate(office: Commands) -> Commands:
    """The office with one scanner, which has enrolled as it would over the network."""
    code = json.loads(office.well("devices", "enrol", "gate-1=pregny", "--json"))["gate-1"]
    with mock.patch.dict(os.environ, {**office.environment, "ACCREDIT_STATE": str(office.state)}, clear=True):
        loaded = load_settings()
        assert isinstance(loaded, Settings), loaded
        house = House(loaded)
        with writing(house.engine) as session:
            event = find_event(session, "")
            assert event is not None
            key = DeviceKey.generate(os.urandom)
            assert isinstance(enrol(session, house.context(), event, code, key.public_bytes), Enrolment)
            session.commit()
        house.close()
    office.set_clock(OFFICE_DAY + timedelta(hours=4))
    return office


def _enter(gate: Commands, table: str, scanner: str = "gate-1") -> tuple[int, str, str]:
    said = gate("scans", "late-entry", "-", "--scanner", scanner, typed=table.encode())
    return said.code, said.out, said.err


def test_a_sheet_of_paper_is_entered_row_by_row(gate: Commands) -> None:
    """What cannot be entered is told by its line; after it was corrected, the file is entered again."""
    bad = GOOD.replace("admit", "perhaps")
    assert _enter(gate, HEAD + GOOD + bad) == (
        1,
        "1 scans entered, 1 not\n",
        "  line 3: verdict is none; write admit or refuse\n",
    )
    assert _enter(gate, HEAD + GOOD + GOOD) == (0, "1 scans entered, 1 were entered before, 0 not\n", "")


def test_a_sheet_that_is_none_is_refused_with_a_sentence(gate: Commands) -> None:
    """Nothing is entered, and the sentence says what to do."""
    code, out, err = _enter(gate, HEAD + GOOD, scanner="gate-2")
    assert (code, out) == (1, "")
    assert "no enrolled scanner “gate-2”; choose from gate-1" in err
    assert "the column time is missing" in _enter(gate, "hour\n8\n")[2]
