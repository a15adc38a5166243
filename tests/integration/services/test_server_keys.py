"""Keys on their way: asked for by the server, signed by the root, taken into use."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import replace as changed
from datetime import timedelta
from pathlib import Path

import pytest
from factories.contexts import REVIEW_DAY, acting, at, make_context
from factories.events import event_table, loaded_event
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from accredit.db.session import writing
from accredit.domain.errors import NotAllowed
from accredit.domain.permissions import Role
from accredit.services.event_loading import LoadedEvent, load_event
from accredit.services.key_folder import KeyFolder
from accredit.services.keys import (
    KeysNotSigned,
    KeysRefused,
    SignedKeys,
    import_keys,
    keyring_of,
    make_demo_keys,
    new_root,
    request_keys,
    sign_request,
)

CONTEXT = make_context(REVIEW_DAY)


@pytest.fixture
def session(engine: Engine) -> Iterator[Session]:
    """A writing session on this test's database."""
    with writing(engine) as session:
        yield session


@pytest.fixture
def folder(tmp_path: Path) -> KeyFolder:
    """The server's folder of keys, empty."""
    return KeyFolder(tmp_path / "keys")


def _signed(root: str, request: str | None, previous: str | None = None, **told: object) -> SignedKeys:
    signed = sign_request(root, request, previous, now=REVIEW_DAY, **told)  # type: ignore[arg-type]
    assert isinstance(signed, SignedKeys), signed
    return signed


def _refused(outcome: object) -> str:
    assert isinstance(outcome, KeysRefused), outcome
    assert outcome.messages
    return " ".join(outcome.messages)


def _in_use(session: Session, event: LoadedEvent, folder: KeyFolder) -> tuple[str, SignedKeys]:
    root = new_root(os.urandom)
    signed = _signed(root, request_keys(session, CONTEXT, event, folder))
    assert isinstance(import_keys(session, CONTEXT, event, folder, signed.text), SignedKeys)
    return root, signed


def test_keys_go_from_server_to_root_and_back(session: Session, folder: KeyFolder) -> None:
    """Afterwards the server signs, scanners learn of it by a new number, and the private files are their owner's alone."""
    event = loaded_event(session, CONTEXT)
    assert folder.load(now=REVIEW_DAY) is None
    _, signed = _in_use(session, event, folder)
    keyring = folder.load(now=REVIEW_DAY)
    assert keyring is not None
    assert keyring_of(changed(CONTEXT, keyring=keyring), event) is keyring
    assert (signed.number, signed.demo, keyring.keyset.event) == (1, False, 17)
    assert event.record.roster_number == 2
    assert {file.stat().st_mode & 0o777 for file in folder.path.glob("*.key")} == {0o600}
    assert len(list(folder.path.glob("*.key"))) == 2


def test_neither_file_that_travels_holds_a_secret(session: Session, folder: KeyFolder) -> None:
    """Request and key set name public halves only."""
    event = loaded_event(session, CONTEXT)
    request = request_keys(session, CONTEXT, event, folder)
    signed = _signed(new_root(os.urandom), request)
    private = [key.to_text() for key in (*folder.keys(),)]
    secrets = [line.split()[1] for text in private for line in text.splitlines() if line.startswith("secret")]
    assert len(secrets) == 2
    assert not any(secret in request + signed.text for secret in secrets)


def test_the_demo_does_it_in_one_step_and_again(session: Session, folder: KeyFolder) -> None:
    """Its key set is marked; a second time continues the first, under the same root."""
    event = loaded_event(session, CONTEXT)
    first = make_demo_keys(session, CONTEXT, event, folder)
    second = make_demo_keys(session, CONTEXT, event, folder)
    assert isinstance(first, SignedKeys)
    assert isinstance(second, SignedKeys)
    assert (first.number, second.number, second.demo) == (1, 2, True)
    assert first.fingerprint == second.fingerprint
    keyring = folder.load(now=REVIEW_DAY)
    assert keyring is not None
    assert keyring.keyset.demo


def test_renewed_keys_sign_and_the_old_ones_still_reprint(session: Session, folder: KeyFolder) -> None:
    """After a renewal new passes are signed by the new key; the old private half stays for reprints."""
    event = loaded_event(session, CONTEXT)
    root, first = _in_use(session, event, folder)
    request = request_keys(session, CONTEXT, event, folder, renew=True)
    second = _signed(root, request, first.text, retire=[1])
    assert isinstance(import_keys(session, CONTEXT, event, folder, second.text), SignedKeys)
    keyring = folder.load(now=REVIEW_DAY)
    assert keyring is not None
    assert (keyring.pass_key.kid, keyring.list_key.kid) == (3, 4)
    assert keyring.pass_key_of(1) is not None


def test_an_older_key_set_is_not_taken(session: Session, folder: KeyFolder) -> None:
    """What was retired does not come back by an old file."""
    event = loaded_event(session, CONTEXT)
    root, first = _in_use(session, event, folder)
    second = _signed(root, None, first.text)
    assert isinstance(import_keys(session, CONTEXT, event, folder, second.text), SignedKeys)
    assert "does not follow" in _refused(import_keys(session, CONTEXT, event, folder, first.text))


def test_another_root_is_not_followed(session: Session, folder: KeyFolder) -> None:
    """After the first import the server takes nobody else's word."""
    event = loaded_event(session, CONTEXT)
    _in_use(session, event, folder)
    stranger = _signed(new_root(os.urandom), request_keys(session, CONTEXT, event, folder))
    assert "Another root" in _refused(import_keys(session, CONTEXT, event, folder, stranger.text))


def test_files_that_cannot_be_used_say_why(session: Session, folder: KeyFolder) -> None:
    """Damaged, of another kind, of another event, or without this server's keys."""
    event = loaded_event(session, CONTEXT)
    request = request_keys(session, CONTEXT, event, folder)
    root = new_root(os.urandom)
    signed = _signed(root, request)
    for text in ("", "something else", signed.text.replace("signed ", "signed *"), request):
        assert "file" in _refused(import_keys(session, CONTEXT, event, folder, text))
    spoiled = signed.text.strip()[:-8] + "AAAAAAA=\n"
    assert "signature does not hold" in _refused(import_keys(session, CONTEXT, event, folder, spoiled))
    elsewhere = KeyFolder(folder.path.parent / "another server")
    foreign = _signed(root, request_keys(session, CONTEXT, event, elsewhere))
    assert "has not signed" in _refused(import_keys(session, CONTEXT, event, folder, foreign.text))
    other = load_event(session, CONTEXT, event_table(key="another", number=18)).loaded
    assert "for event 17; this one is event 18" in _refused(import_keys(session, CONTEXT, other, folder, signed.text))


def test_the_root_signs_only_what_it_can_read(session: Session, folder: KeyFolder) -> None:
    """No root key, no request, a previous set of somebody else: refused with the cure."""
    event = loaded_event(session, CONTEXT)
    request = request_keys(session, CONTEXT, event, folder)
    root, other = new_root(os.urandom), new_root(os.urandom)
    server_key = folder.keys()[0].to_text()
    assert "root key is not usable" in _refused(sign_request("nonsense", request, None, now=REVIEW_DAY))
    assert "This is a pass key" in _refused(sign_request(server_key, request, None, now=REVIEW_DAY))
    assert "not JSON" in _refused(sign_request(root, "{", None, now=REVIEW_DAY))
    assert "neither a key set nor a request" in _refused(sign_request(root, None, None, now=REVIEW_DAY))
    previous = _signed(other, request).text
    assert "not this root's" in _refused(sign_request(root, request, previous, now=REVIEW_DAY))


def test_nothing_is_signed_before_the_keys_are(session: Session, folder: KeyFolder) -> None:
    """Also not after they ran out, and the error says what to do."""
    event = loaded_event(session, CONTEXT)
    with pytest.raises(KeysNotSigned, match="accredit keys request"):
        keyring_of(CONTEXT, event)
    _in_use(session, event, folder)
    assert folder.load(now=event.event.valid_until + timedelta(days=31)) is None


def test_a_reviewer_does_not_touch_keys(session: Session, folder: KeyFolder) -> None:
    """Requesting and importing need the permission."""
    event = loaded_event(session, CONTEXT)
    reviewer = acting(at(CONTEXT, REVIEW_DAY), "user:rita", Role.SENIOR_REVIEWER)
    with pytest.raises(NotAllowed):
        request_keys(session, reviewer, event, folder)
    with pytest.raises(NotAllowed):
        import_keys(session, reviewer, event, folder, "")
