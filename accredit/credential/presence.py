"""Where the holder of a pass seems to be, read from earlier scans: inside here, or just admitted somewhere else."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from accredit.credential.admission_facts import Checkpoint, EarlierScan, History, Policy, Presentation
from accredit.credential.reasons import CheckpointKind, Direction, Verdict

# Four in the morning: the last guests of the evening have left, and presence begins anew.
_NIGHT_HOUR = 4


def day_began(at: datetime, zone: ZoneInfo) -> datetime:
    """When the day of presence that `at` belongs to began, by the event's own clock."""
    local = at.astimezone(zone)
    started = local.replace(hour=_NIGHT_HOUR, minute=0, second=0, microsecond=0)
    return started if local >= started else started - timedelta(days=1)


def is_inside(history: History, checkpoint: Checkpoint) -> bool:
    """Whether the last movement that counted here was an entry. All gates of the site are one place; a door is its own."""
    movements = [scan for scan in history.scans if scan.verdict is Verdict.ADMIT and _is_here(scan, checkpoint)]
    last = max(movements, key=lambda scan: scan.at, default=None)
    return last is not None and last.direction is Direction.ENTRY


def admitted_elsewhere(
    history: History, presentation: Presentation, checkpoint: Checkpoint, policy: Policy
) -> EarlierScan | None:
    """The latest entry at another lane within `policy.elsewhere_s`, unless the holder left again or came from the gate.

    Gate first and a door minutes later is everybody's way in. Two doors, two gates, or a door and then the gate in the
    same minutes are not. The distance counts in both directions, since two devices' clocks may disagree.
    """
    admitted = [scan for scan in history.scans if scan.verdict is Verdict.ADMIT]
    left_at = max((scan.at for scan in admitted if scan.direction is Direction.EXIT), default=None)
    elsewhere = [
        scan
        for scan in admitted
        if scan.direction is Direction.ENTRY
        and (scan.checkpoint, scan.lane) != (checkpoint.key, presentation.lane)
        and not (scan.kind is CheckpointKind.SITE and checkpoint.kind is CheckpointKind.DOOR)
        and abs(presentation.at - scan.at) <= timedelta(seconds=policy.elsewhere_s)
        and (left_at is None or left_at < scan.at)
    ]
    return max(elsewhere, key=lambda scan: scan.at, default=None)


def _is_here(scan: EarlierScan, checkpoint: Checkpoint) -> bool:
    if checkpoint.kind is CheckpointKind.SITE:
        return scan.kind is CheckpointKind.SITE
    return scan.checkpoint == checkpoint.key
