"""Why nothing was accepted; ``present`` has a plain sentence for each."""

from __future__ import annotations

from enum import StrEnum


class Refusal(StrEnum):
    """Stable codes."""

    UNKNOWN_PERSON = "unknown_person"
    NOT_YOURS = "not_yours"
    ANOTHER_VERSION = "another_version"
    ALREADY = "already"
    NOT_YET = "not_yet"
