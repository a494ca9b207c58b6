"""What happened to a name that a school keeps, as the audit keeps it: who and when.

Neither the name nor the words of a no stand in any of them.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from moderation.checks.model import NotAPupil
from moderation.keeping.model import NameId
from moderation.kernel import PersonId, PostId, SchoolId


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    tag: ClassVar[str] = "name:asked"
    id: NameId
    school: SchoolId
    kind: NotAPupil
    by: PersonId
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreed:
    """``posts`` are under way at the school, and are judged again."""

    tag: ClassVar[str] = "name:agreed"
    by: PersonId
    at: datetime
    until: datetime
    posts: tuple[PostId, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Declined:
    tag: ClassVar[str] = "name:declined"
    by: PersonId
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Dropped:
    """``posts`` as in :class:`Agreed`; none where it wasn't agreed yet."""

    tag: ClassVar[str] = "name:dropped"
    by: PersonId
    at: datetime
    posts: tuple[PostId, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Lapsed:
    tag: ClassVar[str] = "name:lapsed"
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended:
    """``posts`` as in :class:`Agreed`."""

    tag: ClassVar[str] = "name:ended"
    at: datetime
    posts: tuple[PostId, ...]


Event = Asked | Agreed | Declined | Dropped | Lapsed | Ended
