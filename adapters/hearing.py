"""What is the same wherever people are heard: strangers, repetitions, and the number of a fault."""

from __future__ import annotations

import secrets
from collections import OrderedDict
from dataclasses import dataclass, field
from typing import Final, Protocol


SLOW: Final = "Our database is slow just now. Please wait: the answer will appear here."
MOST_REMEMBERED: Final = 1_000
"""What was heard of which repetitions are known."""


class Stranger(Protocol):
    """Somebody who can't use this, and the sentence that tells them so."""

    @property
    def sentence(self) -> str: ...


@dataclass(slots=True)
class Once:
    """Names of what was heard; the oldest are forgotten first."""

    most: int = MOST_REMEMBERED
    _heard: OrderedDict[str, None] = field(default_factory=OrderedDict, repr=False)

    def is_new(self, name: str) -> bool:
        """Whether this is heard for the first time; what has no name ("") always is."""
        if not name:
            return True
        if name in self._heard:
            return False
        self._heard[name] = None
        if len(self._heard) > self.most:
            self._heard.popitem(last=False)
        return True


async def nobody_looks(_conversation: str) -> None:
    """For an office in which no cards are shown in channels."""


def a_number() -> str:
    """What somebody is told of a fault; it stands in the log, beside the class and the place."""
    return secrets.token_hex(4)
