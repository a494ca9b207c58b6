"""Why an absence isn't noted; ``present`` has a plain sentence for each."""

from __future__ import annotations

from enum import StrEnum


class Refusal(StrEnum):
    """Stable codes."""

    UNKNOWN_PERSON = "unknown_person"
    NOBODY = "nobody"
    MAY_NOT_SAY = "may_not_say"  # [who] who could, ids with commas between
    GAINS = "gains"  # [who] as above
    OVER = "over"
    WRONG_ORDER = "wrong_order"
    TOO_LONG = "too_long"
    TOO_FAR = "too_far"
    NOT_AWAY = "not_away"  # [next] the first day of the next absence, where there is one
    ONLY_THE_TIMER = "only_the_timer"
