"""Keys that end: rotated, retired, withdrawn; who must get a new badge, and what the gates hear at once."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import replace as changed
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path

import pytest
from factories.contexts import HEARING_MORNING, acting, at, make_context
from factories.events import loaded_event
from factories.passes import collected_pass, prepared_pass
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from accredit.credential.bundle import decode_bundle, keyset_in
from accredit.credential.claims import Rejected
from accredit.credential.keysets import KeySet, KeyStatus
from accredit.credential.reasons import Reason
from accredit.credential.revocation import open_revocations
from accredit.credential.trust import TrustBundle, open_with_own_keyset
from accredit.credential.verifying import Verified, verify
from accredit.db.models.passes import Badge, Pass
from accredit.db.session import writing
from accredit.domain.errors import NotAllowed
from accredit.domain.permissions import Role
from accredit.rendering.fonts import FontBook
from accredit.rendering.templates import Template, load_template
from accredit.services.bundles import build
from accredit.services.context import Context
from accredit.services.event_loading import LoadedEvent
from accredit.services.key_changes import KeyChange, compromise, retire, rotate
from accredit.services.key_folder import KeyFolder
from accredit.services.keys import KeysRefused, SignedKeys, import_keys, new_root, request_keys, sign_request
from accredit.services.pass_life import revoke
from accredit.services.printing import PrintObstacle, PrintPlan, PrintRefused, PrintReport, plan, print_badges

TEMPLATES = Path(__file__).resolve().parents[3] / "badge_templates"


@cache
def _template() -> Template:
    return load_template(TEMPLATES / "special-event-pass")


@pytest.fixture
def session(engine: Engine) -> Iterator[Session]:
    """A writing session on this test's database."""
    with writing(engine) as session:
        yield session


class Server:
    """A server whose keys a root of its own has signed, and what passes between the two machines."""

    def __init__(self, session: Session, folder: KeyFolder) -> None:
        self.session, self.folder = session, folder
        self.now = HEARING_MORNING
        self.root = new_root(os.urandom)
        self.event: LoadedEvent = loaded_event(session, self.context)
        self.last: str | None = None
        self.goes_to_the_root(request_keys(session, self.context, self.event, folder))

    @property
    def context(self) -> Context:
        plain = at(make_context(self.now), self.now)
        return changed(plain, keyring=self.folder.load(now=self.now))

    def goes_to_the_root(self, request: str) -> SignedKeys:
        """Signed there, imported here."""
        signed = sign_request(self.root, request, self.last, now=self.now)
        assert isinstance(signed, SignedKeys), signed
        taken = import_keys(self.session, self.context, self.event, self.folder, signed.text)
        assert isinstance(taken, SignedKeys), taken
        self.last = signed.text
        return signed

    def prints(self, held: Pass, reason: str = "") -> str:
        """The code that comes out for this pass."""
        named = (held.application.reference,)
        planned = plan(self.session, self.context, self.event, template=_template(), references=named, reason=reason)
        assert isinstance(planned, PrintPlan), planned
        told = {"template": _template(), "fonts": FontBook(), "references": named, "reason": reason}
        printed = print_badges(self.session, self.context, self.event, **told)  # type: ignore[arg-type]
        assert isinstance(printed, PrintReport), printed
        return planned.badges[0].facts.code

    def refuses_to_print(self, held: Pass) -> PrintObstacle:
        """Why nothing comes out."""
        named = (held.application.reference,)
        refused = plan(self.session, self.context, self.event, template=_template(), references=named, reason="key")
        assert isinstance(refused, PrintRefused), refused
        return refused.code

    def gate(self, since: int = 0) -> TrustBundle:
        """What a scanner trusts after its next poll."""
        data = build(self.session, self.context, self.event, since)
        assert data is not None
        root_public = self.folder.root_public()
        assert root_public is not None
        opened = open_with_own_keyset(data, root_public, None, content_type="bundle", keyset_in=keyset_in)
        assert isinstance(opened, tuple), opened
        keyset, payload = opened
        assert isinstance(keyset, KeySet)
        listed = open_revocations(decode_bundle(payload).revocations, keyset)
        assert not isinstance(listed, Rejected), listed
        return TrustBundle(keyset.event, keyset, listed)

    def answer(self, code: str) -> str:
        """What a gate says to this code, after a poll."""
        found = verify(code, self.gate(), self.now)
        return "ok" if isinstance(found, Verified) else found.reason.value


@pytest.fixture
def server(session: Session, tmp_path: Path) -> Server:
    """The server on the morning of the hearing."""
    return Server(session, KeyFolder(tmp_path / "keys"))


def _asked(change: KeyChange | KeysRefused) -> KeyChange:
    assert isinstance(change, KeyChange), change
    return change


def test_a_rotation_signs_with_new_keys_and_keeps_the_old_badges(server: Server) -> None:
    """The next keys sign after the import; what the old ones signed goes on verifying, and is reprinted as it was."""
    held = collected_pass(server.session, server.context, server.event)
    before = server.prints(held)
    change = rotate(server.session, server.context, server.event, server.folder)
    assert change.made == (3, 4)
    server.goes_to_the_root(change.text)

    keyring = server.context.keyring
    assert keyring is not None
    assert (keyring.pass_key.kid, keyring.list_key.kid) == (3, 4)
    assert {key.kid: key.status for key in keyring.keyset.keys}[1] is KeyStatus.RETIRED
    assert server.answer(before) == "ok"
    assert server.prints(held, reason="smudged") == before
    fresh = collected_pass(server.session, server.context, server.event)
    assert server.answer(server.prints(fresh)) == "ok"


def test_a_rotation_may_be_published_ahead(server: Server) -> None:
    """Scanners know the new keys a day before they sign; until then the present ones do."""
    tomorrow = server.now + timedelta(days=1)
    change = rotate(server.session, server.context, server.event, server.folder, in_use_from=tomorrow)
    server.goes_to_the_root(change.text)
    today, later = server.folder.load(now=server.now), server.folder.load(now=tomorrow)
    assert today is not None
    assert later is not None
    assert (today.pass_key.kid, later.pass_key.kid) == (1, 3)
    assert {key.status for key in today.keyset.keys} == {KeyStatus.ACTIVE}

    server.now = tomorrow
    server.goes_to_the_root(_asked(retire(server.session, server.context, server.event, server.folder, 1)).text)
    assert server.gate().keyset.keys[0].status is KeyStatus.RETIRED


def test_the_only_key_of_a_role_is_not_retired(server: Server) -> None:
    """Nobody could print any more; the sentence names the command that helps. An unknown kid is told, too."""
    told = (server.session, server.context, server.event, server.folder)
    for kid, words in ((1, "keys rotate"), (9, "no active key 9")):
        refused = retire(*told, kid)
        assert isinstance(refused, KeysRefused)
        assert words in refused.messages[0]
    assert isinstance(compromise(*told, 9), KeysRefused)


def test_a_withdrawn_key_is_refused_at_once_and_its_passes_are_named(server: Server) -> None:
    """Before the root has signed anything, the next poll refuses every pass of the key; live ones are listed."""
    first, second, ended = (collected_pass(server.session, server.context, server.event) for _ in range(3))
    codes = [server.prints(held) for held in (first, second, ended)]
    unprinted = prepared_pass(server.session, server.context, server.event)
    revoke(server.session, server.context, server.event, ended.application.reference, "lost")

    change = _asked(compromise(server.session, server.context, server.event, server.folder, 1))
    assert change.is_listed
    assert change.references == tuple(sorted(held.application.reference for held in (first, second)))
    assert {server.answer(code) for code in codes} == {"key_compromised"}
    assert server.refuses_to_print(unprinted) is PrintObstacle.KEY_WITHDRAWN


def test_after_the_import_the_passes_are_printed_under_the_new_key(server: Server) -> None:
    """The serial stays, the code is another one; the old badge is refused, the new one opens."""
    held = collected_pass(server.session, server.context, server.event)
    old = server.prints(held)
    change = _asked(compromise(server.session, server.context, server.event, server.folder, 1))
    assert change.made == (3,)
    server.goes_to_the_root(change.text)

    new = server.prints(held, reason="key withdrawn")
    assert (server.answer(old), server.answer(new)) == ("key_compromised", "ok")
    badges = server.session.scalars(select(Badge).order_by(Badge.printed_at, Badge.kid)).all()
    assert [(badge.kid, badge.reprints) for badge in badges] == [(1, 0), (3, 0)]
    again = _asked(compromise(server.session, server.context, server.event, server.folder, 1))
    assert (again.references, again.made) == ((), ())


def _issued(server: Server, moment: datetime) -> tuple[Pass, str]:
    server.now = moment
    held = collected_pass(server.session, server.context, server.event)
    return held, server.prints(held)


def test_a_key_withdrawn_from_a_moment_keeps_what_was_issued_before(server: Server) -> None:
    """Passes issued at that moment or later are refused and listed; earlier ones open as ever."""
    theft = HEARING_MORNING + timedelta(hours=2)
    early, code_before = _issued(server, theft - timedelta(minutes=20))
    late, code_after = _issued(server, theft)
    told = (server.session, server.context, server.event, server.folder)
    change = _asked(compromise(*told, 1, since=theft))

    assert (change.is_listed, change.references) == (False, (late.application.reference,))
    assert server.answer(code_after) == "ok"  # the root alone can say it
    server.goes_to_the_root(change.text)
    assert (server.answer(code_before), server.answer(code_after)) == ("ok", "key_compromised")
    assert server.prints(early, reason="smudged") == code_before
    assert server.answer(server.prints(late, reason="key withdrawn")) == "ok"


def test_a_withdrawn_list_key_signs_no_list_any_more(server: Server) -> None:
    """The next list comes from the next key; what the old one signs is refused by whoever has the new key set."""
    old_list = build(server.session, server.context, server.event, 0)
    assert old_list is not None
    change = _asked(compromise(server.session, server.context, server.event, server.folder, 2))
    assert (change.is_listed, change.references, change.made) == (False, (), (3,))
    server.goes_to_the_root(change.text)

    keyset = server.gate().keyset
    root_public = server.folder.root_public()
    assert root_public is not None
    opened = open_with_own_keyset(old_list, root_public, keyset, content_type="bundle", keyset_in=keyset_in)
    assert isinstance(opened, Rejected)
    assert opened.reason is Reason.STALE_LIST


def test_keys_are_ended_by_whoever_may_manage_them(server: Server) -> None:
    """A desk officer cannot void everybody's badge."""
    desk = acting(server.context, "test:desk", Role.DESK)
    told = (server.session, desk, server.event, server.folder)
    for attempt in (lambda: rotate(*told), lambda: retire(*told, 1), lambda: compromise(*told, 1)):
        with pytest.raises(NotAllowed):
            attempt()
