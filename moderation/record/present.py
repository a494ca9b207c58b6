"""What the data protection officer and the chair are told about the record."""

from __future__ import annotations

from typing import TYPE_CHECKING

from moderation.kernel import SubjectRef
from moderation.record.model import BROKEN, RECORD
from moderation.views import Note, Quote, Tone
from moderation.words import capital, card as worded, counted, when


if TYPE_CHECKING:
    from datetime import datetime, tzinfo

    from moderation.record.model import Checkpoint
    from moderation.views import Card


TITLE = "The record of Schoolgate"


def checkpoint(kept: Checkpoint, now: datetime, zone: tzinfo) -> Card:
    """The signed text, to be kept where nobody who runs the server can change it."""
    return worded(
        SubjectRef(RECORD, str(kept.lines)),
        version=1,
        title=TITLE,
        state=f"{capital(counted(kept.lines, 'line'))}, signed {when(kept.at, now, zone)}",
        tone=Tone.DONE,
        parts=(
            Note(
                lines=(
                    "Please keep this message: you need to do nothing else with it.",
                    "It shows later whether a line was changed or taken out.",
                )
            ),
            Quote(text=kept.text, label="The signed text", copyable=True),
        ),
    )


def broken() -> Card:
    """Something was changed by hand, or the database was damaged."""
    return worded(
        SubjectRef(RECORD, BROKEN),
        version=1,
        title=TITLE,
        state="It doesn't check",
        tone=Tone.STOPPED,
        parts=(
            Note(
                lines=(
                    "A line was changed or is missing, or the database was damaged.",
                    "Please ask whoever runs Schoolgate what happened to the database.",
                    "They see which line it is with: schoolgate audit verify.",
                    "Keep the earlier messages with signed text: they show what was there.",
                )
            ),
        ),
    )
