"""How a count of who is inside is told: lines for people in a hurry, or one JSON object."""

from __future__ import annotations

import json
from zoneinfo import ZoneInfo

from accredit.credential.sealing import RosterLine
from scanner.clock import rfc3339
from scanner.inside import Inside, PlaceCount


def as_lines(found: Inside, names: list[RosterLine] | None, zone: ZoneInfo) -> list[str]:
    """The count, what it rests on, and the names where they were asked for."""
    lines = [f"Inside at {found.at.astimezone(zone):%H:%M:%S}"]
    if found.told_at is None:
        lines.append("  by the readings of this scanner alone: what other gates read today is not known here")
    else:
        lines.append(f"  by all gates until {found.told_at.astimezone(zone):%H:%M:%S}, and by this scanner until now")
    for place in found.places:
        lines.append(_line(place, zone))
    if names is not None:
        lines.append(f"On the site by name: {len(names)}")
        lines += [f"  {', '.join(filter(None, (line.name, line.organisation)))}" for line in names]
    return lines


def as_text(found: Inside, names: list[RosterLine] | None) -> str:
    """The same for a program."""
    told: dict[str, object] = {
        "at": rfc3339(found.at),
        "other_gates_until": None if found.told_at is None else rfc3339(found.told_at),
        "places": [_facts(place) for place in found.places],
    }
    if names is not None:
        told["names"] = [{"name": line.name, "organisation": line.organisation} for line in names]
    return json.dumps(told, ensure_ascii=False)


def _line(place: PlaceCount, zone: ZoneInfo) -> str:
    parts = [f"{place.inside} in", f"{place.out} out"]
    if place.unknown is not None:
        parts.append(f"{place.unknown} unknown (collected a pass, read nowhere today)")
    if place.unnamed:
        parts.append(f"and {place.unnamed} more without a pass")
    if place.counted is not None:
        at = place.counted.at.astimezone(zone)
        parts.append(f"head count {place.counted.value} at {at:%H:%M} (officer {place.counted.officer or '?'})")
    return f"{place.place:<14} {', '.join(parts)}"


def _facts(place: PlaceCount) -> dict[str, object]:
    counted = place.counted
    return {
        "place": place.place,
        "in": place.inside,
        "out": place.out,
        "unknown": place.unknown,
        "unnamed": place.unnamed,
        "head_count": None if counted is None else {"value": counted.value, "at": rfc3339(counted.at)},
    }
