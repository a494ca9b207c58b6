"""A checkpoint, as people are told of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final


RECORD: Final = "record"
"""Kind of the subject that the record is to itself; a checkpoint's id is the number of lines."""
BROKEN: Final = "broken"
"""In place of a number: the record doesn't check."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Checkpoint:
    """``lines`` is how long the record was at ``at``; ``text`` the whole signed note."""

    lines: int
    at: datetime
    text: str
