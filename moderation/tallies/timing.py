"""How much is said by itself, and when the rest is said together.

In any four hours at most :data:`OWN_CARDS` posts get a card of their own in a conversation, and a
few more where they go out soon. In any four hours at most :data:`OWN_MESSAGES` messages that can be
counted reach a person by themselves, and at most :data:`MOST_TALLIES` that count the rest: six.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final

from moderation.tallies.model import reader_of


if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from moderation.tallies.model import Lane

MORNING: Final = timedelta(hours=4)
"""So long what has arrived is remembered when it is asked whether there is room for more."""
OWN_CARDS: Final = 5
OWN_IF_PRESSING: Final = 8
"""Three places stay free for posts that go out soon: those stand out, however many came before."""
OWN_MESSAGES: Final = 3
MOST_TALLIES: Final = 3

GATHERED: Final = timedelta(minutes=5)
"""What comes in a burst is counted before it is told."""
APART: Final = timedelta(hours=2)
"""From one counting message to the next; the one that stands is kept up to date meanwhile."""
APART_IF_PRESSING: Final = timedelta(minutes=30)
NEAR: Final = timedelta(hours=2)
"""A post that is to go out within this is pressing."""


def has_room(lane: Lane, arrived: int, alone: int, *, presses: bool) -> bool:
    """Whether one more is shown by itself, after so many within :data:`MORNING`.

    ``alone`` of those that ``arrived`` were shown by themselves.
    """
    if reader_of(lane) is not None:
        return arrived < OWN_MESSAGES
    return arrived < OWN_CARDS or (presses and alone < OWN_IF_PRESSING)


def room_for_all(lane: Lane, arrived: int, alone: int, *, presses: bool) -> bool:
    """For a try-out: one person plays all the parts, and looks for the card of what was written."""
    del lane, arrived, alone, presses
    return True


def pressing(goes_out: datetime | None, now: datetime) -> bool:
    """Whether a post that is to go out then can't wait to be told with others."""
    return goes_out is not None and goes_out <= now + NEAR


def due(now: datetime, told: Sequence[datetime], *, presses: bool) -> datetime:
    """When the next counting message may be sent, after those of ``told``, oldest first.

    At once for what presses, where the last one was half an hour ago.
    """
    found = now if presses else now + GATHERED
    if told:
        found = max(found, told[-1] + (APART_IF_PRESSING if presses else APART))
    if len(told) >= MOST_TALLIES:
        found = max(found, told[-MOST_TALLIES] + MORNING)
    return found
