"""What happened about an absence, in the past tense. No event holds a reason: none is kept."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import ClassVar

from moderation.incidents.model import IncidentId
from moderation.kernel import AccountId, PersonId, PostId


@dataclass(frozen=True, slots=True, kw_only=True)
class SaidAway:
    """Away from ``start`` to ``end``, both included.

    ``lost`` are the accounts that then have fewer moderators than their policy asks for, ``told``
    those who are told of it.
    """

    tag: ClassVar[str] = "absence:said_away"
    statement: str
    person: PersonId
    by: PersonId
    start: date
    end: date
    at: datetime
    lost: tuple[AccountId, ...]
    told: tuple[PersonId, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SaidBack:
    """Here from ``day`` on. ``posts`` wait for a yes, and their cards change."""

    tag: ClassVar[str] = "absence:said_back"
    statement: str
    person: PersonId
    by: PersonId
    day: date
    at: datetime
    posts: tuple[PostId, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Instead:
    """Somebody is asked for their yes who wasn't before; ``number`` is the post's version."""

    post: PostId
    number: int
    person: PersonId


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """A report that only people who are away now were asked about."""

    incident: IncidentId
    step: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Begun:
    """It begins today. What waited for this person goes on to those who are here.

    ``posts`` are those whose cards change, ``unanswered`` those for which too few are left.
    """

    tag: ClassVar[str] = "absence:begun"
    statement: str
    person: PersonId
    at: datetime
    posts: tuple[PostId, ...]
    asked: tuple[Instead, ...]
    unanswered: tuple[PostId, ...]
    reports: tuple[Waiting, ...]


Event = SaidAway | SaidBack | Begun
