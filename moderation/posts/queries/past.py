"""What a post's history says about its newest words: since when, and why they are asked about anew.

Read from the tags and codes of the record alone, so that it may be told to whoever sees a card.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING

from moderation.posts.refusals import Refusal


if TYPE_CHECKING:
    from collections.abc import Sequence

    from moderation.posts.ports import AuditLine


WRITTEN = frozenset({"post:proposed", "post:revised"})
RECALLED = "post:recalled"
REISSUED = frozenset({RECALLED, "post:sent_back"})


class Again(StrEnum):
    """Why the same words have a new number."""

    PAUSED = "paused"
    """All posts were paused, and nothing else stood in the way."""
    OTHERWISE = "otherwise"


@dataclass(frozen=True, slots=True, kw_only=True)
class Past:
    """``written_at`` is when the newest words were written, ``None`` where nothing is known.

    ``changed`` tells that they aren't the first; ``again`` why they have been asked about anew
    since; ``paused`` that the last time it was called back was for a pause alone.
    """

    written_at: datetime | None = None
    changed: bool = False
    again: Again | None = None
    paused: bool = False


NOTHING_KNOWN = Past()


def past_of(history: Sequence[AuditLine]) -> Past:
    """The newest words' past, out of the whole history, oldest first."""
    past = Past()
    for line in history:
        if line.tag in WRITTEN:
            past = Past(
                written_at=line.at,
                changed=past.written_at is not None,
                paused=past.paused,
            )
        elif line.tag in REISSUED:
            for_pause = called_back_for_pause(line)
            past = Past(
                written_at=past.written_at,
                changed=past.changed,
                again=Again.PAUSED if for_pause else Again.OTHERWISE,
                paused=for_pause if line.tag == RECALLED else past.paused,
            )
    return past


def called_back_for_pause(line: AuditLine) -> bool:
    """Whether a pause alone made it come back; not known of an erased line."""
    reasons = (line.payload or {}).get("reasons")
    return isinstance(reasons, list | tuple) and [*reasons] == [Refusal.HELD]
