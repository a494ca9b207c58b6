"""What happened to an import, as the audit keeps it: counts and ids, never a name."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from moderation.imports.model import Basis, BatchId, Change, Counts, Kind, Wish, Word
from moderation.kernel import AccountId, PersonId, PostId, SchoolId


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """It gives rights, so it waits. ``replaces`` are older ones about the same people."""

    tag: ClassVar[str] = "import:waiting"
    batch: BatchId
    kind: Kind
    counts: Counts
    changes: tuple[Change, ...]
    at: datetime
    lapses_at: datetime
    replaces: tuple[BatchId, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Confirmed:
    """Somebody said yes for these places; in the chat, or to the operator who names them."""

    tag: ClassVar[str] = "import:confirmed_by"
    person: PersonId
    places: frozenset[SchoolId]
    in_chat: bool
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Imported:
    """It counts from now on.

    ``posts`` are judged again, because a roll or permissions have changed. ``uncovered`` are open
    accounts that have no moderator any more; ``ended`` are people who were a headteacher or trust
    lead and no longer are. ``wishes`` are those of colleagues that it changes.
    """

    tag: ClassVar[str] = "import:applied"
    batch: BatchId
    kind: Kind
    basis: Basis
    counts: Counts
    schools: frozenset[SchoolId]
    changes: tuple[Change, ...]
    at: datetime
    waited: bool
    confirmed_by: tuple[PersonId, ...] = ()
    uncovered: tuple[AccountId, ...] = ()
    ended: tuple[PersonId, ...] = ()
    replaces: tuple[BatchId, ...] = ()
    posts: tuple[PostId, ...] = ()
    wishes: tuple[Wish, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Moved:
    """The register changed while it waited: what it would give is another thing now."""

    tag: ClassVar[str] = "import:changed_while_waiting"
    number: int
    changes: tuple[Change, ...]
    counts: Counts
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Declined:
    tag: ClassVar[str] = "import:declined"
    by: PersonId
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Replaced:
    tag: ClassVar[str] = "import:replaced"
    newer: BatchId
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Lapsed:
    tag: ClassVar[str] = "import:lapsed"
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Explained:
    """Somebody said what these words mean; nobody is named for a heading.

    It is about a school, and no event of any one import.
    """

    tag: ClassVar[str] = "import:words_explained"
    words: tuple[Word, ...]
    by: PersonId | None
    at: datetime


Event = Held | Confirmed | Imported | Moved | Declined | Replaced | Lapsed
