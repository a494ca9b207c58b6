"""What a question about people or pupils is answered with: plain data, ready to be worded."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from moderation.checks.consent import Standing
from moderation.kernel import PersonId, PupilKey
from moderation.people.model import AccountRole, Role


class NoPupils(StrEnum):
    """Why nobody is shown."""

    NOT_A_PROPOSER = "not_a_proposer"
    """Only who may propose a post at the school looks for its pupils."""
    SUPPLY = "supply"
    """Supply staff and volunteers see their own classes, and no class is known to be theirs."""
    TOO_SHORT = "too_short"
    """A search takes three letters."""


@dataclass(frozen=True, slots=True)
class ClassLine:
    """A class. ``form`` is its key and its name; ``year`` is empty where it has several."""

    form: str
    year: str
    pupils: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ClassesFound:
    classes: tuple[ClassLine, ...] = ()
    why: NoPupils | None = None


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class FoundPupil:
    """A pupil as a proposer sees one: first name and initial. ``repr`` shows the key alone."""

    key: PupilKey
    forename: str
    initial: str
    year: str
    form: str

    def __repr__(self) -> str:
        return f"FoundPupil({self.key})"


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundColleague:
    """Somebody of the staff, with what they are there; ``roles`` is empty for who has gone."""

    person: PersonId
    name: str
    roles: frozenset[Role]


@dataclass(frozen=True, slots=True, kw_only=True)
class PupilsFound:
    """``more``: there were more than are shown."""

    pupils: tuple[FoundPupil, ...] = ()
    more: bool = False
    why: NoPupils | None = None


class NoPhotos(StrEnum):
    """Why there is no list of who may not be shown."""

    NOT_A_PROPOSER = "not_a_proposer"
    """Only who may write a post for one of the school's accounts asks."""
    SUPPLY = "supply"
    """As for :class:`NoPupils`."""
    NO_LIST = "no_list"
    """No pupils were imported, or none of them has a class."""
    WHICH_CLASS = "which_class"
    NO_SUCH_CLASS = "no_such_class"
    NO_SUCH_ACCOUNT = "no_such_account"


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class NotShown:
    """A child who may not be shown, in full. For one reader's eyes; ``repr`` shows nothing."""

    name: str
    standing: Standing

    def __repr__(self) -> str:
        return "NotShown(…)"


@dataclass(frozen=True, slots=True, kw_only=True)
class PhotoList:
    """The children of a class of ``pupils`` who may not be shown on any of ``accounts``.

    ``accounts`` are (platform, name) pairs of which the same is true. ``staff`` are the names of
    colleagues who would rather not be shown anywhere.
    """

    school: str
    form: str
    pupils: int
    accounts: tuple[tuple[str, str], ...]
    not_shown: tuple[NotShown, ...]
    staff: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PhotosFound:
    """``until`` is the instant from which the lists are no longer to be relied on.

    ``classes`` and ``accounts`` are what there is, where something else was asked for.
    """

    lists: tuple[PhotoList, ...] = ()
    until: datetime | None = None
    why: NoPhotos | None = None
    classes: tuple[str, ...] = ()
    accounts: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A school (or the trust) with what somebody is there, and on which of its accounts."""

    school: str
    roles: frozenset[Role]
    accounts: tuple[tuple[str, str, frozenset[AccountRole]], ...]
    """(platform, name, rights), open accounts alone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Self:
    """Who somebody is today."""

    person: PersonId
    name: str
    places: tuple[Place, ...]
    away: bool
    may_be_named: bool = True
    may_be_shown: bool = True
