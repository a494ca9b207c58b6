"""Half-open places in a text, and whether another place touches them, quickly."""

from __future__ import annotations

from bisect import bisect_left
from typing import TYPE_CHECKING


if TYPE_CHECKING:
    from collections.abc import Iterable


Place = tuple[int, int]


def merged(places: Iterable[Place]) -> tuple[Place, ...]:
    """The places in order, overlapping ones joined. None may be empty."""
    joined: list[Place] = []
    for start, end in sorted(places):
        if joined and start < joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return tuple(joined)


class Spans:
    """Places to compare others with; asking costs the logarithm of their number."""

    def __init__(self, places: Iterable[Place]) -> None:
        self._places = merged(places)
        self._ends = [end for _, end in self._places]

    def touch(self, start: int, end: int) -> bool:
        """Whether any of the places overlaps the one from ``start`` to ``end``."""
        at = bisect_left(self._ends, start + 1)
        return at < len(self._places) and self._places[at][0] < end
