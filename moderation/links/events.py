"""What happened to a link, as the audit keeps it: ids, never a name or an address."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from moderation.kernel import Identity, PersonId
from moderation.links.model import LinkId


@dataclass(frozen=True, slots=True, kw_only=True)
class Requested:
    """Somebody unknown has the verified address of exactly one person. ``address`` is a digest."""

    tag: ClassVar[str] = "link:requested"
    link: LinkId
    identity: Identity
    person: PersonId
    address: str
    number: int
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Confirmed:
    tag: ClassVar[str] = "link:confirmed_by"
    by: PersonId
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Linked:
    """It is theirs from now on. ``approves``: this person may approve, so two people said yes."""

    tag: ClassVar[str] = "link:linked"
    identity: Identity
    person: PersonId
    confirmed_by: tuple[PersonId, ...]
    approves: bool
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Declined:
    tag: ClassVar[str] = "link:declined"
    by: PersonId
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Lapsed:
    tag: ClassVar[str] = "link:lapsed"
    at: datetime


Event = Requested | Confirmed | Linked | Declined | Lapsed
