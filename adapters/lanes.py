"""How fast a platform may be written to: a place in each conversation's queue, never a wait."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final


if TYPE_CHECKING:
    from collections.abc import Callable

MOST_LANES: Final = 1_000


class Lanes:
    """Each conversation takes a message every so many seconds, and short bursts.

    Whoever comes too early is told when their turn is, and it is kept for them. ``now`` is in
    seconds and never goes back. Slack takes about one message a second in each channel.
    """

    def __init__(self, now: Callable[[], float], *, every: float = 1.0, burst: int = 3) -> None:
        self._now = now
        self._every = every
        self._burst = burst
        self._next: dict[str, float] = {}
        self._kept: dict[tuple[str, str], float] = {}

    def __len__(self) -> int:
        """How many lanes and turns are remembered."""
        return len(self._next) + len(self._kept)

    def wait(self, lane: str, who: str) -> float:
        """0.0: go now. Otherwise in how many seconds the turn of ``who`` comes."""
        now = self._now()
        self._tidy(now)
        turn = self._kept.pop((lane, who), None)
        if turn is None:
            earliest = now - self._every * (self._burst - 1)
            turn = max(self._next.get(lane, earliest), earliest)
            self._next[lane] = turn + self._every
        if turn <= now:
            return 0.0
        self._kept[lane, who] = turn
        return turn - now

    def hold(self, lane: str, seconds: float) -> None:
        """The platform says: nothing there for so long."""
        until = self._now() + seconds
        self._next[lane] = max(self._next.get(lane, until), until)
        for key, turn in self._kept.items():
            if key[0] == lane:
                self._kept[key] = max(turn, until)

    def _tidy(self, now: float) -> None:
        if len(self) > MOST_LANES:
            self._next = {lane: at for lane, at in self._next.items() if at > now - 60}
            self._kept = {key: at for key, at in self._kept.items() if at > now - 600}
