"""Why cards aren't shown here; ``present`` has a plain sentence for each."""

from __future__ import annotations

from enum import StrEnum


class Refusal(StrEnum):
    """Stable codes."""

    UNKNOWN_PERSON = "unknown_person"
    UNKNOWN_PLACE = "unknown_place"
    MAY_NOT_CHOOSE = "may_not_choose"
    ALREADY_HERE = "already_here"
