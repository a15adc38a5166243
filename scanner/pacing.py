"""How long the sync waits before it asks again: soon where the network is gone, later and later where the service says no.

A service that cannot be reached is not troubled by being called, and the first call after an outage brings the
revocations: four seconds at the usual pace, and a connection that is given up after three and a half, keep it within the
five that a revocation may take. A service that answers with “not now” has too much to do: it is left alone for longer.
"""

from __future__ import annotations

from dataclasses import dataclass

LONGEST_CONNECT_S = 3.5  # after the third try of a TCP connection, which goes out after three seconds
_LONGEST_WITHOUT_NETWORK = 1.6  # times the usual pace
_MOST_DOUBLINGS = 3  # 20 seconds at the usual pace
_LONGEST_ASKED_S = 300.0


@dataclass(frozen=True, slots=True)
class Pace:
    """What the last rounds came to.

    `cut_off`: the service could not be reached; `refusals`: how many times in a row it answered without doing what it was
    asked; `asked_s`: the seconds for which it asked to be left alone.
    """

    cut_off: bool = False
    refusals: int = 0
    asked_s: float = 0.0

    def after(self, *, cut_off: bool, asked_s: float) -> Pace:
        """The pace after one more round that failed. A cut network says nothing about how busy the service is."""
        if cut_off:
            return Pace(True, self.refusals)
        return Pace(False, self.refusals + 1, min(asked_s, _LONGEST_ASKED_S))


def pause(every_s: float, pace: Pace, drawn: float) -> float:
    """Seconds until the next round; `drawn` (0 to 1) spreads the scanners, so that a hundred do not come at once."""
    if pace.cut_off:
        return every_s * _LONGEST_WITHOUT_NETWORK * (0.5 + 0.5 * drawn)
    if not pace.refusals:
        return every_s * (0.9 + 0.2 * drawn)
    grown: float = every_s * 2.0 ** min(pace.refusals, _MOST_DOUBLINGS) * (0.5 + 0.5 * drawn)
    # Never before it asked to be called, and not all of us at that moment.
    return max(grown, pace.asked_s + every_s * drawn) if pace.asked_s else grown
