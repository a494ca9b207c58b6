"""The watch: which accounts of a school need attention, and since when it has been said."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from moderation.kernel import AccountId, SchoolId


WATCH = "watch"
"""Kind of the card that a school's concerns are shown on."""


class Concern(StrEnum):
    """Why an account is on the card."""

    STALE = "stale"
    UNCOVERED = "uncovered"


@dataclass(frozen=True, slots=True, kw_only=True)
class Flag:
    """One concern about one account. ``since`` is the morning on which it was first said.

    ``days`` counts days without a post (``STALE``); ``moderators`` and ``administrators`` count
    those available (``UNCOVERED``). All are as of the newest look.
    """

    account: AccountId
    concern: Concern
    since: date
    days: int = 0
    moderators: int = 0
    administrators: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Watch:
    """One per school: the newest look and what stands flagged."""

    school: SchoolId
    looked_on: date
    flags: tuple[Flag, ...] = ()
