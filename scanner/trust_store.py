"""What was verified, and nothing else: key set, revocations, and the tables of the bundle.

A bundle gets in only through `receive`: key set by the pinned root, bundle and revocations by a list key of it, never an
older number, a delta only onto the number that is held, all in one transaction. The gate reads and sync writes, but for
the revocations of a shown code (`shown_lists`), which the gate takes by itself.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from dataclasses import astuple, dataclass, replace

from accredit.credential import revocation
from accredit.credential.admission_facts import PassRecord
from accredit.credential.bundle import Bundle, BundleInvalid, Fit, decode_bundle, encode_bundle, fit, keyset_in
from accredit.credential.claims import TAG_BYTES, Rejected
from accredit.credential.keysets import KeySet, keyset_from_payload, keyset_to_payload
from accredit.credential.pass_list import GroundsEntry, PassEntry
from accredit.credential.reasons import PassState, Reason
from accredit.credential.revocation import RevocationList
from accredit.credential.trust import TrustBundle, open_with_own_keyset
from scanner.enrolment import Enrolment
from scanner.store import writing

_ADD_ROW = (
    "INSERT OR REPLACE INTO passes (serial, state, category, grants, tags, sealed, photo) VALUES (?, ?, ?, ?, ?, ?, ?)"
)


@dataclass(frozen=True, slots=True)
class Held:
    """The list in force: its number, the trust for the verifier, and the bundle without its rows."""

    number: int
    trust: TrustBundle
    head: Bundle

    @property
    def shown_revocations(self) -> RevocationList | None:
        """The revocations, where they are newer than the rest because a code was shown."""
        listed = self.trust.revocations
        return listed if listed is not None and listed.number > self.number else None


@dataclass(frozen=True, slots=True)
class Received:
    """What became of a bundle that held: whether it was applied, was known, or needs a full one first."""

    fit: Fit
    number: int
    base: int
    changed: int


@dataclass(frozen=True, slots=True)
class Contact:
    """What the last talks with the server left, times in ms: until when the list is known to be the newest, and both clocks.

    `offset_ms` is the device's clock minus the server's. `trouble` is the sentence of the last failure, None when all is well.
    """

    confirmed_at_ms: int | None = None
    server_at_ms: int | None = None
    synced_at_ms: int | None = None
    offset_ms: int | None = None
    trouble: str | None = None


@dataclass(frozen=True, slots=True)
class PassRow:
    """A pass as the list has it: what the rule needs, the sealed line, and whether there is a photo."""

    record: PassRecord
    sealed: bytes | None
    photo: bytes | None


def load_held(connection: sqlite3.Connection) -> Held | None:
    """The list in force, or None before the first bundle."""
    row = connection.execute("SELECT number, keyset, revocations, head FROM standing").fetchone()
    if row is None:
        return None
    number, keyset, revocations, head = row
    listed = None if revocations is None else revocation.from_payload(revocations)
    trusted = keyset_from_payload(keyset)
    return Held(number, TrustBundle(trusted.event, trusted, listed), decode_bundle(head))


def held_number(connection: sqlite3.Connection) -> int | None:
    """The number of the list in force."""
    row = connection.execute("SELECT number FROM standing").fetchone()
    return None if row is None else int(row[0])


def receive(connection: sqlite3.Connection, data: bytes, enrolment: Enrolment) -> Received | Rejected:
    """Verify a downloaded bundle and, where it fits, put it in force in one transaction."""
    held = load_held(connection)
    known = held.trust.keyset if held else None
    opened = open_with_own_keyset(data, enrolment.root_public, known, content_type="bundle", keyset_in=keyset_in)
    if isinstance(opened, Rejected):
        return opened
    keyset, payload = opened
    if keyset.demo != enrolment.is_demo:
        return Rejected(
            Reason.WRONG_EVENT, "key set: one is of a demonstration, the enrolment of this scanner is not so"
        )
    if keyset.event != enrolment.event:
        return Rejected(Reason.WRONG_EVENT, "key set: of another event")
    try:
        bundle = decode_bundle(payload)
    except BundleInvalid as fault:
        return Rejected(Reason.MALFORMED, str(fault))
    return _take(connection, bundle, keyset, held, enrolment.event)


def _take(
    connection: sqlite3.Connection, bundle: Bundle, keyset: KeySet, held: Held | None, event: int
) -> Received | Rejected:
    found = fit(bundle, event=event, held=held.number if held else None)
    if found is Fit.WRONG_EVENT:
        return Rejected(Reason.WRONG_EVENT, "bundle: of another event")
    if found is Fit.OLDER:
        return Rejected(Reason.STALE_LIST, f"bundle: number {bundle.number} is older than what this scanner holds")
    if found is not Fit.APPLY:
        return Received(found, bundle.number, bundle.base, 0)
    revocations = _revocations(bundle, keyset, held)
    if isinstance(revocations, Rejected):
        if bundle.base and revocations.reason is Reason.STALE_LIST:
            return Received(Fit.NEEDS_FULL, bundle.number, bundle.base, 0)
        return revocations
    with writing(connection):
        _write(connection, bundle, keyset, revocations)
    return Received(Fit.APPLY, bundle.number, bundle.base, len(bundle.passes) + len(bundle.removed))


def _revocations(bundle: Bundle, keyset: KeySet, held: Held | None) -> RevocationList | Rejected:
    opened = revocation.open_revocations(bundle.revocations, keyset)
    if isinstance(opened, Rejected):
        return opened
    known = held.trust.revocations if held else None
    if known is not None and _says_the_same(known, opened):
        return opened
    return revocation.newer(known, opened)


def _says_the_same(known: RevocationList, received: RevocationList) -> bool:
    """A full list issued anew under its number, with later dates: it takes nothing back."""
    dated_as_known = replace(received, issued_at=known.issued_at, next_update=known.next_update)
    return dated_as_known == known and received.issued_at >= known.issued_at


def _write(connection: sqlite3.Connection, bundle: Bundle, keyset: KeySet, revocations: RevocationList) -> None:
    if not bundle.base:
        connection.execute("DELETE FROM passes")
        connection.execute("DELETE FROM grounds")
    connection.executemany("DELETE FROM passes WHERE serial = ?", ((serial,) for serial in bundle.removed))
    connection.executemany(_ADD_ROW, _pass_rows(bundle.passes))
    _write_grounds(connection, bundle.grounds)
    # A photo that the list no longer names has nothing to do on this machine.
    connection.execute(
        "DELETE FROM photos WHERE NOT EXISTS"
        " (SELECT 1 FROM passes WHERE passes.serial = photos.serial AND passes.photo = photos.etag)"
    )
    head = replace(bundle, base=0, keyset=b"", revocations=b"", passes=(), grounds=(), removed=())
    connection.execute(
        "INSERT OR REPLACE INTO standing (one, number, keyset, revocations, listed, head) VALUES (1, ?, ?, ?, ?, ?)",
        (
            bundle.number,
            keyset_to_payload(keyset),
            revocation.to_payload(revocations),
            revocations.number,
            encode_bundle(head),
        ),
    )


def _pass_rows(passes: Iterable[PassEntry]) -> Iterable[tuple[object, ...]]:
    return (
        (entry.serial, entry.state.value, entry.category, entry.grants, b"".join(entry.tags), entry.sealed, entry.photo)
        for entry in passes
    )


def _write_grounds(connection: sqlite3.Connection, grounds: Iterable[GroundsEntry]) -> None:
    for entry in grounds:
        if entry.grants:
            connection.execute("INSERT OR REPLACE INTO grounds (tag, grants) VALUES (?, ?)", (entry.tag, entry.grants))
        else:
            connection.execute("DELETE FROM grounds WHERE tag = ?", (entry.tag,))


def find_pass(connection: sqlite3.Connection, serial: bytes) -> PassRow | None:
    """The pass with this serial on the list in force."""
    row = connection.execute(
        "SELECT state, category, grants, tags, sealed, photo FROM passes WHERE serial = ?", (serial,)
    ).fetchone()
    if row is None:
        return None
    state, category, grants, tags, sealed, photo = row
    each = tuple(tags[at : at + TAG_BYTES] for at in range(0, len(tags), TAG_BYTES))
    return PassRow(PassRecord(PassState(state), grants, category, each), sealed, photo)


def find_grounds(connection: sqlite3.Connection, tag: bytes) -> PassRow | None:
    """The grounds pass with this keyed hash on the list in force."""
    row = connection.execute("SELECT grants FROM grounds WHERE tag = ?", (tag,)).fetchone()
    return None if row is None else PassRow(GroundsEntry(tag, row[0]).record, None, None)


def load_contact(connection: sqlite3.Connection) -> Contact:
    """What the last talks with the server left."""
    row = connection.execute(
        "SELECT confirmed_at_ms, server_at_ms, synced_at_ms, offset_ms, trouble FROM contact"
    ).fetchone()
    return Contact(*row)


def save_contact(connection: sqlite3.Connection, contact: Contact) -> None:
    """Keep what the last talk left."""
    with writing(connection):
        connection.execute(
            "UPDATE contact SET confirmed_at_ms = ?, server_at_ms = ?, synced_at_ms = ?, offset_ms = ?, trouble = ?",
            astuple(contact),
        )


def missing_photos(connection: sqlite3.Connection, limit: int) -> list[tuple[bytes, bytes]]:
    """Serial and mark of photos that the list names and this machine has not, or has in an older version.

    Collected passes first: their holders come to the gate next.
    """
    return connection.execute(
        "SELECT passes.serial, passes.photo FROM passes LEFT JOIN photos ON photos.serial = passes.serial"
        " WHERE passes.photo IS NOT NULL AND (photos.etag IS NULL OR photos.etag <> passes.photo)"
        " ORDER BY passes.state <> 'collected' LIMIT ?",
        (limit,),
    ).fetchall()


def save_photo(connection: sqlite3.Connection, serial: bytes, mark: bytes, sealed: bytes) -> None:
    """Keep one sealed photo."""
    with writing(connection):
        connection.execute(
            "INSERT OR REPLACE INTO photos (serial, etag, sealed) VALUES (?, ?, ?)", (serial, mark, sealed)
        )


def counts(connection: sqlite3.Connection) -> tuple[int, int, int]:
    """How many passes, grounds passes and photos are held."""
    row: tuple[int, int, int] = connection.execute(
        "SELECT (SELECT count(*) FROM passes), (SELECT count(*) FROM grounds), (SELECT count(*) FROM photos)"
    ).fetchone()
    return row
