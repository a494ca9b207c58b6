"""A batch: what one file says, what it would change, and who must say yes before it counts.

The records of a batch are kept only while it waits; an applied, declined or replaced one keeps
counts and ids. A pupil's record carries a fresh key, which is used only when the pupil is new.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import NewType, TypeAlias

from moderation.accounts.model import Account
from moderation.checks.model import Consent, Purpose
from moderation.kernel import AccountId, PersonId, Platform, PupilKey, SchoolId
from moderation.people.model import Grant, Person, Pupil, Role


BatchId = NewType("BatchId", str)

WAITS_FOR = timedelta(days=14)
"""How long somebody has to answer. Elapsed time; no answer is a no."""


class Kind(StrEnum):
    """What a file is about. Its value is stored and is the command's word."""

    PEOPLE = "people"
    ACCOUNTS = "accounts"
    PUPILS = "pupils"
    CONSENTS = "consents"


class State(StrEnum):
    """Where a batch stands. Its value is stored; RECEIVED never is."""

    RECEIVED = "received"
    WAITING = "waiting"
    APPLIED = "applied"
    DECLINED = "declined"
    REPLACED = "replaced"
    LAPSED = "lapsed"


# -- what a file says ------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class People:
    """Each person once, with all their appointments.

    ``only`` is set where the file speaks of one school because ``--school`` filled the column it
    lacks: then it says nothing of appointments elsewhere. ``speaks_of`` are the platforms for whose
    chat accounts it has a column: those of others stay as they are. ``answered`` are those of whom
    it says whether they may be named, ``answered_shown`` whether they may be shown: for all others
    it stays as it was.
    """

    people: tuple[Person, ...]
    only: SchoolId | None = None
    speaks_of: frozenset[Platform] = frozenset({Platform.SLACK, Platform.TEAMS})
    answered: frozenset[PersonId] = frozenset()
    answered_shown: frozenset[PersonId] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What a colleague says of posts and their pictures, where it isn't what they said before."""

    person: PersonId
    may_be_named: bool
    may_be_shown: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One account with all rights on it."""

    account: Account
    grants: tuple[Grant, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Accounts:
    entries: tuple[Entry, ...]


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Roll:
    """The whole roster of one school.

    ``unread`` are numbers of pupils whose rows were refused: nothing changes for them. ``whole`` is
    false where a refused row may be about anybody: then nobody leaves.
    """

    school: SchoolId
    pupils: tuple[Pupil, ...]
    unread: frozenset[str] = frozenset()
    whole: bool = True

    def __repr__(self) -> str:
        return f"Roll({self.school}, {len(self.pupils)} pupils)"


@dataclass(frozen=True, slots=True, kw_only=True)
class Pupils:
    rolls: tuple[Roll, ...]


Matter: TypeAlias = tuple[Purpose, str]
"""What may be allowed, and where: a purpose with a scope."""


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Family:
    """All that is on record for one pupil from now on; nothing where nobody answered."""

    school: SchoolId
    pupil: PupilKey
    consents: tuple[Consent, ...]
    matters: frozenset[Matter] | None = None
    """What the file speaks of, with scopes in small letters; the rest stays as it was. ``None``:
    of everything."""

    def __repr__(self) -> str:
        return f"Family({self.pupil})"


@dataclass(frozen=True, slots=True, kw_only=True)
class Consents:
    families: tuple[Family, ...]


# -- a school's own words --------------------------------------------------------------------------


class Sort(StrEnum):
    """Of a word. Its value is stored."""

    HEADING = "heading"
    CONSENT = "type_of_consent"


@dataclass(frozen=True, slots=True, kw_only=True)
class Word:
    """``word`` is normalised. ``means`` is a column, ``photo:facebook video:all``, or ignore."""

    kind: Kind
    sort: Sort
    word: str
    means: str


Content: TypeAlias = People | Accounts | Pupils | Consents


# -- what it would change --------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """How many records differ. ``untouched`` are in the register and not in the file.

    ``closed``: pupils and people who leave, accounts that close, pupils without any answer left.
    """

    added: int = 0
    changed: int = 0
    closed: int = 0
    returned: int = 0
    unchanged: int = 0
    untouched: int = 0

    def __add__(self, other: Counts) -> Counts:
        return Counts(
            added=self.added + other.added,
            changed=self.changed + other.changed,
            closed=self.closed + other.closed,
            returned=self.returned + other.returned,
            unchanged=self.unchanged + other.unchanged,
            untouched=self.untouched + other.untouched,
        )

    @property
    def anything(self) -> bool:
        """Whether there is any difference at all."""
        return bool(self.added or self.changed or self.closed or self.returned)


class Gain(StrEnum):
    """How a change widens who may approve."""

    MODERATOR = "moderator"
    HEAD = "head"
    STAND_IN = "stand_in"
    IDENTITY = "identity"
    MOVED = "moved"


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One change to who may approve. ``place`` is the school (or trust) whose head it concerns.

    ``person`` gains by it; nobody does by an account that moves to another school (``MOVED``: once
    for the school it leaves and once for the one it comes ``to``).
    """

    gain: Gain
    place: SchoolId
    person: PersonId | None = None
    account: AccountId | None = None
    role: Role | None = None
    platform: Platform | None = None
    to: SchoolId | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Confirmation:
    """One person's yes for these places. ``in_chat`` is false where the operator named them."""

    person: PersonId
    places: frozenset[SchoolId]
    in_chat: bool
    at: datetime


class Basis(StrEnum):
    """Why a batch could be applied."""

    NO_RIGHTS_GIVEN = "no_rights_given"
    EMPTY_REGISTER = "empty_register"
    CONFIRMED = "confirmed"
    NOBODY_TO_ASK = "nobody_to_ask"


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Batch:
    """One import. ``number`` rises when its changes to rights are no longer those on the card.

    ``touches`` holds the ids of the people or accounts in it, so that a newer file about one of
    them replaces it; it is empty for files about pupils, which never wait.
    """

    id: BatchId
    kind: Kind
    received_at: datetime
    state: State = State.RECEIVED
    content: Content | None = None
    touches: frozenset[str] = frozenset()
    counts: Counts = Counts()
    number: int = 1
    changes: tuple[Change, ...] = ()
    confirmations: tuple[Confirmation, ...] = ()
    by: PersonId | None = None
    """Who declined it."""
    decided_at: datetime | None = None

    @property
    def places(self) -> frozenset[SchoolId]:
        """The schools whose heads are concerned."""
        return frozenset(change.place for change in self.changes)

    @property
    def lapses_at(self) -> datetime:
        return self.received_at + WAITS_FOR

    @property
    def confirmed(self) -> frozenset[SchoolId]:
        """The places for which somebody has said yes."""
        return frozenset(place for said in self.confirmations for place in said.places)

    def __repr__(self) -> str:
        return f"Batch({self.id}, {self.kind}, {self.state})"


def touched(content: Content) -> frozenset[str]:
    """The ids by which a newer file replaces one that waits."""
    match content:
        case People(people=people):
            return frozenset(person.id for person in people)
        case Accounts(entries=entries):
            return frozenset(entry.account.id for entry in entries)
        case Pupils() | Consents():
            return frozenset()
