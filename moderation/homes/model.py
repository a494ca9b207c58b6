"""The home of one account, or of one school: at most one conversation on each platform."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from moderation.ports import Conversation


if TYPE_CHECKING:
    from moderation.kernel import Platform

HOME = "home"
"""Kind of the subject. It has no card of its own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Home:
    """``place`` is an account's id or a school's. ``conversations`` are ordered by platform."""

    place: str
    conversations: tuple[Conversation, ...] = ()

    def on(self, platform: Platform) -> Conversation | None:
        """Where its cards are shown on this platform."""
        return next((it for it in self.conversations if it.platform is platform), None)

    def moved(self, to: Conversation) -> Home:
        """The same with ``to`` as its conversation on that platform."""
        others = [it for it in self.conversations if it.platform is not to.platform]
        found = tuple(sorted((*others, to), key=lambda it: it.platform))
        return Home(place=self.place, conversations=found)
