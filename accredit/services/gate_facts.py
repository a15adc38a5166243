"""What the rule of admission is told of an event: its checkpoints and its settings, for the bundle and for the server alike."""

from __future__ import annotations

from accredit.credential.admission_facts import Policy
from accredit.credential.bundle import CheckpointEntry
from accredit.domain.events import Event


def checkpoint_entries(event: Event) -> tuple[CheckpointEntry, ...]:
    """The checkpoints as they go to the scanners."""
    return tuple(
        CheckpointEntry(
            key=one.key,
            name_en=one.name.en,
            name_fr=one.name.fr,
            kind=one.kind,
            grant_mask=event.mask(one.grants),
            opens=tuple((span.opens_at, span.closes_at) for span in one.hours),
            early_admission_s=int(one.early_admission.total_seconds()),
            capacity=one.capacity,
            sight_classes=one.sight_classes,
        )
        for one in event.checkpoints
    )


def policy_of(event: Event) -> Policy:
    """The event's settings for the rule of admission."""
    rules = event.scanning
    return Policy(
        fresh_s=rules.list_is_fresh_seconds,
        old_s=rules.list_is_old_seconds,
        elsewhere_s=rules.read_elsewhere_seconds,
        same_scan_s=rules.same_scan_seconds,
        exits_scanned=rules.every_exit_is_scanned,
        old_at_doors_s=rules.list_is_old_at_doors_seconds or rules.list_is_old_seconds,
    )
