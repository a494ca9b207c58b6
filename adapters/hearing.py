"""What is the same wherever people are heard: strangers, repetitions, and the number of a fault."""

from __future__ import annotations

import hashlib
import secrets
from collections import OrderedDict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, Protocol


if TYPE_CHECKING:
    from collections.abc import Mapping

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


@dataclass(slots=True)
class Tries:
    """What a form was sent with; a restart may forget it, as it forgets the oldest.

    A form sent again with other words is another request: told that it was done already, its person
    would take the newer words for saved.
    """

    most: int = MOST_REMEMBERED
    _sent: OrderedDict[str, tuple[bytes, ...]] = field(default_factory=OrderedDict, repr=False)

    def name(self, request: str, values: Mapping[str, object]) -> str:
        """The request's name for these ``values``: its own for those it was first sent with."""
        if not request:
            return ""
        digest = hashlib.sha256(repr(sorted(values.items())).encode()).digest()
        before = self._sent.pop(request, ())
        known = before if digest in before else (*before, digest)
        self._sent[request] = known
        if len(self._sent) > self.most:
            self._sent.popitem(last=False)
        number = known.index(digest)
        return f"{request}-{number + 1}" if number else request


async def nobody_looks(_conversation: str) -> None:
    """For an office in which no cards are shown in channels."""


def a_number() -> str:
    """What somebody is told of a fault; it stands in the log, beside the class and the place."""
    return secrets.token_hex(4)
