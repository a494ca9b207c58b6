"""Why nothing happened to a name; ``present`` has a plain sentence for each."""

from __future__ import annotations

from enum import StrEnum


class Refusal(StrEnum):
    """Stable codes."""

    MAY_NOT = "may_not"
    """Nobody known, no such school, or none of the asker's: told alike."""
    MUST_ACCEPT = "must_accept"
    SENT_ALREADY = "sent_already"
    """The form has been sent once: the next name needs another."""
    NOT_WHOLE = "not_whole"
    NO_KIND = "no_kind"
    TOO_LONG = "too_long"
    KNOWN_ALREADY = "known_already"
    IS_CHECKED_FOR = "is_checked_for"
    """A pupil, or a colleague who would rather not be named, has this name."""
    NOBODY_ELSE = "nobody_else"
    NO_SUCH_NAME = "no_such_name"
    OWN = "own"
    OVER = "over"
    NO_REASON = "no_reason"
    REASON_TOO_LONG = "reason_too_long"
    ONLY_THE_TIMER = "only_the_timer"
