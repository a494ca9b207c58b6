"""Why a jotting stays as it is; ``present`` has a plain sentence for each."""

from __future__ import annotations

from enum import StrEnum


class Refusal(StrEnum):
    """Stable codes."""

    UNKNOWN_PERSON = "unknown_person"
    NOWHERE_TO_PROPOSE = "nowhere_to_propose"
    NO_SUCH_JOTTING = "no_such_jotting"
    """Also somebody else's."""
    OVER = "over"
    NOTHING_SAID = "nothing_said"
    TOO_LONG = "too_long"
    TOO_MANY_PICTURES = "too_many_pictures"
    TOO_MANY_VIDEOS = "too_many_videos"
    NO_SUCH_ACCOUNT = "no_such_account"
    TWO_SCHOOLS = "two_schools"
    NO_PICTURE = "no_picture"
    WHICH_ACCOUNT_FIRST = "which_account_first"
    NO_LOOKING = "no_looking"
    """They may not look for pupils."""
    NO_SUCH_CLASS = "no_such_class"
    NO_SUCH_PUPIL = "no_such_pupil"
    WHICH_PUPIL = "which_pupil"
    TOO_SHORT = "too_short"
    NO_SUCH_COLLEAGUE = "no_such_colleague"
    WHICH_COLLEAGUE = "which_colleague"
    NOT_UNDERSTOOD = "not_understood"
    NOT_A_POST_YET = "not_a_post_yet"
