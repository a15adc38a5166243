"""The second step of the log-in: six digits that a telephone shows (TOTP, RFC 6238), or a recovery code.

A code of the telephone holds once, for its half minute and the ones beside it; a recovery code opens once at any time. The
secret is sealed under the data key, recovery codes are kept as keyed hashes. Time is the machine's own, since the telephone
knows no other: the clock of a demonstration does not move it.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from pyotp import TOTP
from pyotp.utils import strings_equal
from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from accredit.db.models.accounts import Account, RecoveryCode
from accredit.domain.permissions import Permission
from accredit.services.accounts import AccountObstacle, AccountRefused
from accredit.services.auditing import Action, Subject, record
from accredit.services.context import Context
from accredit.services.device_secrets import new_code

RECOVERY_CODES = 10
_SECRET_BYTES = 20  # as RFC 4226 section 4 recommends
_STEP_SECONDS = 30
_ISSUER = "accredit"
_AS_READ = str.maketrans("OIL", "011", " -\u2010\u2011\u2012\u2013\t\r\n")


@dataclass(frozen=True, slots=True)
class Offer:
    """What a telephone needs: the address for its QR code, and the secret as letters to type."""

    address: str
    letters: str


def offer(session: Session, context: Context, account_id: UUID) -> Offer:
    """A secret for this account to scan, the same until it was confirmed. A second step that is set stays as it is."""
    account = _locked(session, account_id)
    assert not _is_set(account), "a second step that is set is not shown again"
    if account.totp_secret is None:
        account.totp_secret = context.entropy(_SECRET_BYTES)
    letters = base64.b32encode(account.totp_secret).decode()
    return Offer(TOTP(letters).provisioning_uri(name=account.name, issuer_name=_ISSUER), letters)


def confirm(session: Session, context: Context, account_id: UUID, code: str, *, at: datetime) -> tuple[str, ...] | None:
    """Sets the second step, if the telephone shows the right code; answers the recovery codes, to be shown this once."""
    account = _locked(session, account_id)
    if _is_set(account) or not _fits(account, code, at):
        return None
    account.totp_set_at = context.now()
    record(session, context, Action.SECOND_STEP_SET, Subject("account", account.name))
    return _new_recovery_codes(session, context, account)


def check(session: Session, context: Context, account_id: UUID, code: str, *, at: datetime) -> bool:
    """Whether this is a code of this account that was not used yet; it is used up by the answer yes."""
    account = _locked(session, account_id)
    if not _is_set(account):
        return False
    return _fits(account, code, at) or _uses_up(session, context, account, code)


def codes_left(session: Session, account_id: UUID) -> int:
    """How many recovery codes are not used yet."""
    return session.scalar(select(func.count(RecoveryCode.id)).where(RecoveryCode.account_id == account_id)) or 0


def renew_codes(
    session: Session, context: Context, account_id: UUID, code: str, *, at: datetime
) -> tuple[str, ...] | None:
    """New recovery codes for whoever shows a code; the old ones end."""
    if not check(session, context, account_id, code, at=at):
        return None
    account = session.get_one(Account, account_id)
    record(session, context, Action.RECOVERY_CODES_MADE, Subject("account", account.name))
    return _new_recovery_codes(session, context, account)


def reset(session: Session, context: Context, name: str) -> AccountRefused | None:
    """Takes the second step away from somebody who lost the telephone and the recovery codes; the next log-in sets a new one."""
    context.require(Permission.USERS_MANAGE)
    account = session.scalar(select(Account).where(Account.name == name.strip()).with_for_update())
    if account is None:
        return AccountRefused(AccountObstacle.UNKNOWN, f"There is no account “{name}”. Check its spelling.")
    account.totp_secret = account.totp_set_at = account.totp_last_step = None
    session.execute(delete(RecoveryCode).where(RecoveryCode.account_id == account.id))
    record(session, context, Action.SECOND_STEP_RESET, Subject("account", account.name))
    return None


def _is_set(account: Account) -> bool:
    return account.totp_set_at is not None


def _locked(session: Session, account_id: UUID) -> Account:
    """The account for this transaction alone: of two log-ins with one code, the second sees that it was used."""
    return session.get_one(Account, account_id, with_for_update=True, populate_existing=True)


def _fits(account: Account, code: str, at: datetime) -> bool:
    """A clock may be half a minute off; a step that was used, or lies before it, counts no more."""
    if account.totp_secret is None:
        return False
    typed = "".join(code.split())
    device, now = TOTP(base64.b32encode(account.totp_secret).decode()), int(at.timestamp()) // _STEP_SECONDS
    matching = [step for step in (now - 1, now, now + 1) if strings_equal(device.generate_otp(step), typed)]
    used = account.totp_last_step
    if not matching or (used is not None and matching[-1] <= used):
        return False
    account.totp_last_step = matching[-1]
    return True


def _uses_up(session: Session, context: Context, account: Account, code: str) -> bool:
    gone = delete(RecoveryCode).where(RecoveryCode.code_hash == _hash_of(context, account.id, code))
    if session.execute(gone.returning(RecoveryCode.id)).scalar_one_or_none() is None:
        return False
    record(session, context, Action.RECOVERY_CODE_USED, Subject("account", account.name))
    return True


def _new_recovery_codes(session: Session, context: Context, account: Account) -> tuple[str, ...]:
    session.execute(delete(RecoveryCode).where(RecoveryCode.account_id == account.id))
    codes = tuple(new_code(context) for _ in range(RECOVERY_CODES))
    session.add_all(
        RecoveryCode(id=context.new_id(), account_id=account.id, code_hash=_hash_of(context, account.id, code))
        for code in codes
    )
    return codes


def _hash_of(context: Context, account_id: UUID, code: str) -> bytes:
    plain = code.upper().translate(_AS_READ)
    return hmac.digest(context.secrets.pepper, f"recovery code {account_id} {plain}".encode(), hashlib.sha256)
