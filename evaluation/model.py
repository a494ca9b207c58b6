"""What is asked of the checks, and what would be right."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from random import Random


class Half(StrEnum):
    """Which half of everything: names, sentences, and ways of writing."""

    DEVELOPMENT = "development"
    SCORED = "scored"


class Want(StrEnum):
    """What is right for a case."""

    BLOCK = "block"
    NOTICE = "notice"
    """Flagged or blocked."""
    NO_BLOCK = "no_block"
    """Flagged or passed."""
    PASS = "pass"  # noqa: S105  no password


class Concern(StrEnum):
    """Which checks a case is about; findings of others don't count for it."""

    NAMES = "names"
    CONTENT = "content"
    PRIVATE = "private"


@dataclass(frozen=True, slots=True, kw_only=True)
class Pupil:
    """An invented pupil. ``first_is_word`` and ``last_is_word``: English uses it as a word too."""

    key: str
    first: str
    last: str
    known_as: str = ""
    year: str
    form: str
    origin: str
    first_is_word: bool = False
    last_is_word: bool = False

    @property
    def age(self) -> int:
        """Years old in the spring."""
        return 5 if self.year == "R" else int(self.year) + 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Half-open offsets of what should be marked in one field; the whole field without them."""

    field: str
    start: int | None = None
    end: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One draft and what is right for it. ``checks`` narrows what counts to those, by name."""

    concern: Concern
    category: str
    family: str
    want: Want
    text: str
    alt: str = ""
    file_name: str = ""
    comment: bool = False
    names_allowed: bool = False
    origin: str = ""
    places: tuple[Place, ...] = ()
    checks: frozenset[str] = frozenset()
    group: str = ""

    @property
    def pictured(self) -> bool:
        """Whether the draft has a picture."""
        return bool(self.alt or self.file_name)


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """A pupil's name as a family writes it, by where it stands."""

    text: str = ""
    alt: str = ""
    file_name: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Family:
    """One way of writing a pupil's name. ``write`` gives ``None`` where a name can't be so written.

    ``frames`` names the list of sentences that it fits into.
    """

    id: str
    category: str
    write: Callable[[Pupil, Random], Written | str | None]
    frames: str = "sentence"
    want: Want | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Category:
    """A row of the table. ``bar``: which of the issue's figures it is pooled into."""

    id: str
    title: str
    want: Want
    bar: str = ""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What was said of a case: the decision, and whether the right words were marked."""

    blocked: bool
    noticed: bool
    marked: bool = False

    def meets(self, want: Want) -> bool:
        """Whether that was right."""
        match want:
            case Want.BLOCK:
                return self.blocked
            case Want.NOTICE:
                return self.noticed
            case Want.NO_BLOCK:
                return not self.blocked
            case Want.PASS:
                return not self.noticed


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """So many of so many."""

    hits: int = 0
    of: int = 0

    def __add__(self, other: Share) -> Share:
        return Share(hits=self.hits + other.hits, of=self.of + other.of)

    @property
    def rate(self) -> float:
        """Between 0 and 1; 0 of nothing is 0."""
        return self.hits / self.of if self.of else 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Sentences:
    """The sentences of one half, by the list they stand in."""

    lists: dict[str, tuple[str, ...]] = field(default_factory=dict)

    def __getitem__(self, name: str) -> tuple[str, ...]:
        return self.lists[name]
