"""What people may ask of a home."""

from __future__ import annotations

from dataclasses import dataclass

from moderation.ports import Conversation


@dataclass(frozen=True, slots=True, kw_only=True)
class UseHere:
    """Show the cards of ``place``, an account or a school, in this conversation from now on.

    The platform has made sure that nobody from outside the school reads there.
    """

    place: str
    conversation: Conversation


Command = UseHere
