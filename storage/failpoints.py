"""Named places at which a test may end the process: between deciding, sending and writing down.

In the product nobody is there: :data:`UNARMED` does nothing, and no setting, option or variable
of the environment puts anything else in its place. Only what composes the application can
(:func:`bot.wiring.build`), and only tests do.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Final, Protocol


class Point(StrEnum):
    """Where something could be lost or done twice, if the process ended there."""

    BEFORE_COMMIT = "before_commit"
    AFTER_COMMIT = "after_commit"
    AFTER_CLAIM = "after_claim"
    BEFORE_SEND = "before_send"
    AFTER_SEND = "after_send"
    BEFORE_MARK = "before_mark"
    AFTER_MARK = "after_mark"


class Failpoints(Protocol):
    def reach(self, point: Point, kind: str) -> None:
        """Called at each point. ``kind`` is what is worked on: ``card``, ``release``, ``unit``."""


class Unarmed:
    """Implements :class:`Failpoints`: nothing happens."""

    __slots__ = ()

    def reach(self, point: Point, kind: str) -> None:
        """Go on."""


UNARMED: Final = Unarmed()
