"""The second step of the log-in: codes of a telephone, and recovery codes."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from factories.contents import everything_in
from factories.contexts import acting, make_context
from pyotp import TOTP, parse_uri
from sqlalchemy import Engine, select, text
from sqlalchemy.orm import Session

from accredit.db.models.accounts import Account
from accredit.db.models.audit import AuditEntry
from accredit.db.session import writing
from accredit.domain.errors import NotAllowed
from accredit.domain.permissions import Role
from accredit.services import second_step
from accredit.services.accounts import AccountRefused, add_account

CONTEXT = make_context()
NOON = datetime(2026, 11, 21, 12, 0, 10, tzinfo=UTC)
"""The telephone's time, which is not the context's."""
STEP = timedelta(seconds=30)


@pytest.fixture
def session(engine: Engine) -> Iterator[Session]:
    """A writing session on this test's database."""
    with writing(engine) as session:
        yield session


@pytest.fixture
def rita(session: Session) -> UUID:
    """An account without a second step."""
    made = add_account(session, CONTEXT, "rita", "three grey herons", [Role.REVIEWER])
    assert isinstance(made, Account)
    return made.id


def _telephone(session: Session, rita: UUID) -> TOTP:
    """What an app makes of the QR code."""
    read = parse_uri(second_step.offer(session, CONTEXT, rita).address)
    assert isinstance(read, TOTP)
    return read


def _set(session: Session, rita: UUID) -> tuple[TOTP, tuple[str, ...]]:
    telephone = _telephone(session, rita)
    codes = second_step.confirm(session, CONTEXT, rita, telephone.at(NOON), at=NOON)
    assert codes is not None
    return telephone, codes


def _check(session: Session, rita: UUID, code: str, now: datetime) -> bool:
    return second_step.check(session, CONTEXT, rita, code, at=now)


def test_it_is_set_by_the_first_right_code(session: Session, rita: UUID) -> None:
    """The offer stays the same until then; a wrong code sets nothing; the app shows whose account it is."""
    telephone = _telephone(session, rita)
    assert (telephone.name, telephone.issuer) == ("rita", "accredit")
    assert _telephone(session, rita).secret == telephone.secret
    assert len(base64.b32decode(telephone.secret)) == 20
    assert second_step.confirm(session, CONTEXT, rita, "000000", at=NOON) is None
    assert not _check(session, rita, telephone.at(NOON), NOON)
    codes = second_step.confirm(session, CONTEXT, rita, telephone.at(NOON), at=NOON)
    assert codes is not None
    assert len(set(codes)) == second_step.RECOVERY_CODES == second_step.codes_left(session, rita)


def test_a_code_holds_once(session: Session, rita: UUID) -> None:
    """Neither the code that set it, nor one that was used, nor one from before opens again."""
    telephone, _codes = _set(session, rita)
    assert not _check(session, rita, telephone.at(NOON), NOON)
    later = NOON + 2 * STEP
    assert _check(session, rita, telephone.at(later), later)
    assert not _check(session, rita, telephone.at(later), later)
    assert not _check(session, rita, telephone.at(NOON + STEP), later)


@pytest.mark.parametrize(("off", "fits"), [(-2, False), (-1, True), (0, True), (1, True), (2, False)])
def test_a_clock_may_be_half_a_minute_off(session: Session, rita: UUID, off: int, fits: bool) -> None:
    """One step before or after is taken, as RFC 6238 recommends; spaces in the code are nothing."""
    telephone, _codes = _set(session, rita)
    later = NOON + 10 * STEP
    code = telephone.at(later + off * STEP)
    assert _check(session, rita, f" {code[:3]} {code[3:]} ", later) is fits


@pytest.mark.parametrize("code", ["", "abc", "12345", "1234567", "٠١٢٣٤٥", "x" * 40])
def test_nonsense_is_a_wrong_code(session: Session, rita: UUID, code: str) -> None:
    """Nothing that somebody types is an error."""
    _set(session, rita)
    assert not _check(session, rita, code, NOON + 9 * STEP)


def test_a_recovery_code_opens_once(session: Session, rita: UUID) -> None:
    """However it is typed; of another account it opens nothing; the trail tells that one was used."""
    other = add_account(session, CONTEXT, "rob", "three grey herons", [Role.REVIEWER])
    assert isinstance(other, Account)
    _telephone_of_rob, of_rob = _set(session, other.id)
    _telephone_of_rita, codes = _set(session, rita)
    assert not _check(session, rita, of_rob[0], NOON)
    assert _check(session, rita, codes[3].lower().replace("-", " "), NOON)
    assert not _check(session, rita, codes[3], NOON)
    assert second_step.codes_left(session, rita) == second_step.RECOVERY_CODES - 1
    actions = set(session.scalars(select(AuditEntry.action).where(AuditEntry.subject_id == "rita")))
    assert {"account.second_step_set", "account.recovery_code_used"} <= actions


def test_new_recovery_codes_end_the_old(session: Session, rita: UUID) -> None:
    """They are made for whoever shows a code, and nobody else."""
    telephone, codes = _set(session, rita)
    later = NOON + 5 * STEP
    assert second_step.renew_codes(session, CONTEXT, rita, "000000", at=later) is None
    renewed = second_step.renew_codes(session, CONTEXT, rita, telephone.at(later), at=later)
    assert renewed is not None
    assert not set(renewed) & set(codes)
    assert not _check(session, rita, codes[0], later)
    assert _check(session, rita, renewed[0], later)


def test_nothing_of_it_is_kept_in_the_clear(session: Session, rita: UUID) -> None:
    """The secret is sealed, recovery codes are hashes."""
    telephone, codes = _set(session, rita)
    session.flush()
    everything = everything_in(session)
    assert telephone.secret not in everything
    assert not any(code in everything for code in codes)
    [sealed] = session.execute(text("SELECT totp_secret FROM accounts")).scalars()
    assert base64.b32decode(telephone.secret) not in bytes(sealed)


def test_an_administrator_resets_it(session: Session, rita: UUID) -> None:
    """Afterwards another secret is offered, and old codes open nothing; nobody else may, and nobody unknown is reset."""
    telephone, codes = _set(session, rita)
    with pytest.raises(NotAllowed):
        second_step.reset(session, acting(CONTEXT, "user:sam", Role.SUPERVISOR), "rita")
    assert second_step.reset(session, CONTEXT, " rita ") is None
    session.flush()
    assert not _check(session, rita, codes[0], NOON + 9 * STEP)
    assert not _check(session, rita, telephone.at(NOON + 9 * STEP), NOON + 9 * STEP)
    assert _telephone(session, rita).secret != telephone.secret
    refused = second_step.reset(session, CONTEXT, "nobody")
    assert isinstance(refused, AccountRefused)
