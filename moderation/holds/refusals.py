"""Why a pause, or its end, is refused; ``present`` has a plain sentence for each."""

from __future__ import annotations

from enum import StrEnum


class Refusal(StrEnum):
    """Stable codes."""

    UNKNOWN_PERSON = "unknown_person"
    UNKNOWN_PLACE = "unknown_place"
    MAY_NOT_PAUSE = "may_not_pause"
    MAY_NOT_START = "may_not_start"
    NO_REASON = "no_reason"
    REASON_TOO_LONG = "reason_too_long"
    ALREADY_PAUSED = "already_paused"
    NOT_PAUSED = "not_paused"
    TRUST_PAUSED = "trust_paused"
    """This school isn't paused by itself: the whole trust is."""
    OLDER_PAUSE = "older_pause"
    """The button belongs to a pause that is over, and posts are paused anew."""
