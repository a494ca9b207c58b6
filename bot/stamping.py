"""What a start may open: a school's database, or one that was made for a demonstration."""

from __future__ import annotations

from typing import TYPE_CHECKING

from storage.database import Stamp


if TYPE_CHECKING:
    from bot.settings import Settings


def stamp_of(settings: Settings) -> Stamp:
    """What the database of these settings has to be; each command opens no other."""
    return Stamp.DEMO if settings.lets_anybody_in else Stamp.REAL
