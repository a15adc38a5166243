"""The bundle: all that a scanner downloads to decide by itself. A caller signs it as COSE, content type "bundle".

One CBOR map with these keys, so that a reader of another language can be written from here:

    1 version   2 event   3 event key   4 title   5 number   6 base   7 issued at   8 next update   9 key set
    10 revocations   11 time zone   12 checkpoints   13 passes (columns)   14 grounds passes (columns)
    15 removed serials, joined   16 policy   17 categories (number to label)   18 alerts after a split

Times are seconds since 1970 UTC. Key set and revocations are signed by themselves and carried as bytes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from accredit.credential import cbor
from accredit.credential.admission_facts import Checkpoint, Policy
from accredit.credential.claims import MAX_EVENT, MAX_GRANTS, SERIAL_BYTES
from accredit.credential.instants import from_seconds, to_seconds, whole_second
from accredit.credential.pass_list import (
    GroundsEntry,
    PassEntry,
    ascending,
    grounds_from_columns,
    grounds_to_columns,
    passes_from_columns,
    passes_to_columns,
)
from accredit.credential.reasons import CheckpointKind
from accredit.credential.split_alerts import SplitAlert, alert_from_wire
from accredit.credential.wire_values import items, number, octets, text

VERSION = 1
# A million passes take about 75 MB.
MAX_BUNDLE_BYTES = 128 * 1024 * 1024


class BundleInvalid(ValueError):
    """The payload is no bundle of this version: an issuer's fault, or one newer than this scanner. Names the field."""


class Fit(StrEnum):
    """What a scanner does with a bundle that it opened."""

    APPLY = "apply"
    KNOWN = "known"  # the number that it holds already
    OLDER = "older"  # never goes back
    NEEDS_FULL = "needs_full"  # a delta onto another number: ask for a full one
    WRONG_EVENT = "wrong_event"


@dataclass(frozen=True, slots=True)
class CheckpointEntry:
    """A checkpoint as the event has it now; which grants open it may change without a reprint."""

    key: str
    name_en: str
    name_fr: str
    kind: CheckpointKind
    grant_mask: int
    opens: tuple[tuple[datetime, datetime], ...] = ()
    early_admission_s: int = 0
    capacity: int | None = None
    sight_classes: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        object.__setattr__(self, "opens", tuple((whole_second(start), whole_second(end)) for start, end in self.opens))
        if not self.key:
            raise ValueError("checkpoint: without a key")
        if not 0 <= self.grant_mask <= MAX_GRANTS:
            raise ValueError(f"checkpoint {self.key}: grants out of range")
        if any(start >= end for start, end in self.opens):
            raise ValueError(f"checkpoint {self.key}: closes before it opens")
        if self.early_admission_s < 0 or (self.capacity is not None and self.capacity < 0):
            raise ValueError(f"checkpoint {self.key}: early admission or capacity below zero")

    def as_checkpoint(self, held_open_until: datetime | None = None) -> Checkpoint:
        """The facts for the rule of admission; that a door is held open is known at the gate only."""
        return Checkpoint(
            self.key,
            self.kind,
            self.grant_mask,
            self.opens,
            self.early_admission_s,
            self.capacity,
            held_open_until,
            self.sight_classes,
        )


@dataclass(frozen=True, slots=True)
class Bundle:
    """A full pass list (`base` 0), or what changed since the list numbered `base`.

    `number` grows with every change. In a delta, `passes` and `grounds` hold what is new or changed (a grounds pass
    without grants is forgotten), `removed` the serials to forget, `revocations` a delta; all else is always whole.
    `keyset` and `revocations` are signed COSE, as bytes. Passes, grounds passes and removed serials come out in
    ascending order. Raises ValueError where a field breaks its rule.
    """

    event: int
    event_key: str
    title: str
    number: int
    issued_at: datetime
    next_update: datetime
    keyset: bytes
    revocations: bytes
    time_zone: str
    checkpoints: tuple[CheckpointEntry, ...]
    passes: tuple[PassEntry, ...]
    grounds: tuple[GroundsEntry, ...] = ()
    removed: tuple[bytes, ...] = ()
    policy: Policy = field(default_factory=Policy)
    categories: dict[int, str] = field(default_factory=dict)
    base: int = 0
    version: int = VERSION
    alerts: tuple[SplitAlert, ...] = ()

    def __post_init__(self) -> None:
        object.__setattr__(self, "issued_at", whole_second(self.issued_at))
        object.__setattr__(self, "next_update", whole_second(self.next_update))
        object.__setattr__(self, "passes", tuple(sorted(self.passes, key=lambda entry: entry.serial)))
        object.__setattr__(self, "grounds", tuple(sorted(self.grounds, key=lambda entry: entry.tag)))
        object.__setattr__(self, "removed", tuple(sorted(self.removed)))
        if not 0 <= self.event <= MAX_EVENT:
            raise ValueError("event: out of range")
        if not 0 <= self.base < self.number:
            raise ValueError("number: a bundle is numbered from 1, and after its base")
        if self.removed and not self.base:
            raise ValueError("removed: a full bundle removes nothing")
        _check_single("checkpoints", [entry.key for entry in self.checkpoints])
        _check_single("passes", [entry.serial for entry in self.passes])
        _check_single("grounds passes", [entry.tag for entry in self.grounds])
        _check_single("removed", self.removed)
        if any(len(serial) != SERIAL_BYTES for serial in self.removed):
            raise ValueError("removed: a serial is 5 bytes")


def _check_single(name: str, keys: Sequence[object]) -> None:
    if len(set(keys)) != len(keys):
        raise ValueError(f"{name}: one stands twice")


def fit(bundle: Bundle, *, event: int, held: int | None) -> Fit:
    """Whether a scanner of `event` that holds the list numbered `held` (None: none) applies the bundle."""
    if bundle.event != event:
        return Fit.WRONG_EVENT
    if held is not None and bundle.number <= held:
        return Fit.KNOWN if bundle.number == held else Fit.OLDER
    return Fit.APPLY if not bundle.base or bundle.base == held else Fit.NEEDS_FULL


def encode_bundle(bundle: Bundle) -> bytes:
    """The payload that the list key signs; equal bundles give equal bytes."""
    return cbor.encode(
        {
            1: bundle.version,
            2: bundle.event,
            3: bundle.event_key,
            4: bundle.title,
            5: bundle.number,
            6: bundle.base,
            7: to_seconds(bundle.issued_at),
            8: to_seconds(bundle.next_update),
            9: bundle.keyset,
            10: bundle.revocations,
            11: bundle.time_zone,
            12: [_checkpoint_to_wire(entry) for entry in bundle.checkpoints],
            13: passes_to_columns(bundle.passes),
            14: grounds_to_columns(bundle.grounds),
            15: b"".join(bundle.removed),
            16: _policy_to_wire(bundle.policy),
            17: bundle.categories,
            18: [alert.to_wire() for alert in bundle.alerts],
        }
    )


def decode_bundle(payload: bytes) -> Bundle:
    """The bundle in a payload whose signature held. Raises BundleInvalid for anything that `encode_bundle` never writes."""
    entries = _entries(payload)
    try:
        return _from_wire(entries)
    except ValueError as fault:
        raise BundleInvalid(f"bundle: {fault}") from None


def keyset_in(payload: bytes) -> bytes:
    """The signed key set inside a payload that nobody vouches for yet, for `trust.open_with_own_keyset`.

    Raises BundleInvalid where there is none.
    """
    keyset = _entries(payload)[9]
    if not isinstance(keyset, bytes):
        raise BundleInvalid("bundle: key set is of another kind")
    return keyset


def _entries(payload: bytes) -> dict[int | str, cbor.CborValue]:
    if len(payload) > MAX_BUNDLE_BYTES:
        raise BundleInvalid("bundle: larger than a scanner takes")
    try:
        entries = cbor.decode(payload)
    except cbor.CborError as fault:
        raise BundleInvalid(f"bundle: {fault}") from None
    if not isinstance(entries, dict):
        raise BundleInvalid("bundle: not a map")
    version = entries.get(1)
    if version is True or version != VERSION:
        raise BundleInvalid("bundle: of another version; the scanner and the service must be updated together")
    if entries.keys() != set(range(1, 19)):
        raise BundleInvalid("bundle: fields are missing or unknown")
    return entries


def _from_wire(entries: dict[int | str, cbor.CborValue]) -> Bundle:
    return Bundle(
        event=number(entries[2], "event"),
        event_key=text(entries[3], "event key"),
        title=text(entries[4], "title"),
        number=number(entries[5], "number"),
        base=number(entries[6], "base"),
        issued_at=from_seconds(entries[7]),
        next_update=from_seconds(entries[8]),
        keyset=octets(entries[9], "key set"),
        revocations=octets(entries[10], "revocations"),
        time_zone=text(entries[11], "time zone"),
        checkpoints=tuple(_checkpoint_from_wire(entry) for entry in items(entries[12], "checkpoints")),
        passes=passes_from_columns([octets(column, "passes") for column in items(entries[13], "passes")]),
        grounds=grounds_from_columns([octets(column, "grounds") for column in items(entries[14], "grounds")]),
        removed=tuple(ascending(octets(entries[15], "removed"), SERIAL_BYTES)),
        policy=_policy_from_wire(entries[16]),
        categories=_categories_from_wire(entries[17]),
        alerts=tuple(alert_from_wire(row) for row in items(entries[18], "alerts")),
    )


def _checkpoint_to_wire(entry: CheckpointEntry) -> list[object]:
    return [
        entry.key,
        entry.name_en,
        entry.name_fr,
        entry.kind.value,
        entry.grant_mask,
        [[to_seconds(start), to_seconds(end)] for start, end in entry.opens],
        entry.early_admission_s,
        entry.capacity,
        list(entry.sight_classes),
    ]


def _checkpoint_from_wire(wire: cbor.CborValue) -> CheckpointEntry:
    match wire:
        case [key, name_en, name_fr, kind, mask, opens, early, capacity, classes]:
            return CheckpointEntry(
                text(key, "checkpoint"),
                text(name_en, "checkpoint"),
                text(name_fr, "checkpoint"),
                CheckpointKind(text(kind, "checkpoint")),
                number(mask, "checkpoint"),
                tuple(_span(span) for span in items(opens, "hours")),
                number(early, "early admission"),
                None if capacity is None else number(capacity, "capacity"),
                tuple(text(name, "class by sight") for name in items(classes, "classes by sight")),
            )
    raise ValueError("checkpoints: one has another shape")


def _span(wire: cbor.CborValue) -> tuple[datetime, datetime]:
    match wire:
        case [start, end]:
            return from_seconds(start), from_seconds(end)
    raise ValueError("hours: not a start and an end")


def _policy_to_wire(policy: Policy) -> list[object]:
    seconds = (policy.fresh_s, policy.old_s, policy.elsewhere_s, policy.same_scan_s)
    return [*seconds, policy.exits_scanned, policy.old_at_doors_s]


def _policy_from_wire(wire: cbor.CborValue) -> Policy:
    match wire:
        case [fresh, old, elsewhere, same, bool() as exits, at_doors]:
            ages = number(fresh, "policy"), number(old, "policy"), number(elsewhere, "policy"), number(same, "policy")
            return Policy(*ages, exits, number(at_doors, "policy"))
    raise ValueError("policy: has another shape")


def _categories_from_wire(wire: cbor.CborValue) -> dict[int, str]:
    if not isinstance(wire, dict):
        raise ValueError("categories: not a map")
    return {number(code, "categories"): text(label, "categories") for code, label in wire.items()}
