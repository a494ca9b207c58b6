"""What the message about lost deliveries shows beside them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from moderation.kernel import PersonId, SchoolId
from moderation.ports import Conversation


@dataclass(frozen=True, slots=True, kw_only=True)
class LostView:
    """``places`` says whose each conversation is: an account's, a school's, or a person's own."""

    school: SchoolId
    name: str
    names: Mapping[PersonId, str]
    places: Mapping[Conversation, str]
