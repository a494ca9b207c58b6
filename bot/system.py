"""The real clock and the real ids."""

from __future__ import annotations

from datetime import UTC, datetime

from ulid import ULID


class SystemClock:
    """Implements :class:`moderation.ports.Clock`."""

    def now(self) -> datetime:
        return datetime.now(UTC)  # noqa: TID251 -- the one place that reads the time


class Ulids:
    """Implements :class:`moderation.ports.Ids`: sortable by time, 80 random bits."""

    def new(self) -> str:
        return str(ULID())
