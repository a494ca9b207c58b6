"""Why a link isn't made; ``present`` has a plain sentence for each."""

from __future__ import annotations

from enum import StrEnum


class Refusal(StrEnum):
    """Stable codes."""

    # asking for one
    NOT_YOURS = "not_yours"
    KNOWN_ALREADY = "known_already"
    UNKNOWN = "unknown"
    """Nobody, or not one alone, or somebody who has an account there: all told in one sentence."""
    STILL_WAITING = "still_waiting"
    WAS_DECLINED = "was_declined"
    # answering one
    NO_SUCH_LINK = "no_such_link"
    NOT_WAITING = "not_waiting"
    """``state`` is what it is now."""
    CHANGED_SINCE = "changed_since"
    YOURSELF = "yourself"
    NO_LONGER = "no_longer"
    ALREADY_SAID = "already_said"
    ONLY_THE_TIMER = "only_the_timer"
