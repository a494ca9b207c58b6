"""What somebody has jotted down, and what a message can say about it. Facts only."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import NewType

from moderation.checks.model import Pictured, Who
from moderation.kernel import AccountId, PersonId
from moderation.ports import Conversation
from moderation.posts.model import NOT_SAID, Attachment, Content, is_blank


JOTTING = "jotting"
"""Kind of the card on which a message becomes a post."""
MOST_PICTURES = 10
MOST_VIDEOS = 1
LONGEST_WORDS = 63_206
"""Characters: what the roomiest network takes."""
LONGEST_ALT = 2_000

JottingId = NewType("JottingId", str)
"""It is the id of the post that it becomes, so that it can become one only."""


class Standing(StrEnum):
    """``MADE`` into a post or ``FORGOTTEN``, nothing of what was said is kept."""

    OPEN = "open"
    MADE = "made"
    FORGOTTEN = "forgotten"


@dataclass(frozen=True, slots=True, kw_only=True)
class Jotting:
    """``person`` alone sees it, in ``conversation``. ``touched_at`` is when it last changed.

    ``stopped`` is the digest of what the checks stopped when it was to become a post: asked for
    once more as it is, it is meant.
    """

    id: JottingId
    person: PersonId
    conversation: Conversation
    standing: Standing
    opened_at: datetime
    touched_at: datetime
    text: str = ""
    pictures: tuple[Attachment, ...] = ()
    accounts: tuple[AccountId, ...] = ()
    pictured: Pictured = NOT_SAID
    stopped: str = ""

    @property
    def content(self) -> Content:
        """What would be proposed."""
        return Content(
            text=self.text,
            accounts=self.accounts,
            attachments=self.pictures,
            pictured=self.pictured,
        )


class Question(StrEnum):
    """What is still missing."""

    WORDS = "words"
    ACCOUNT = "account"
    WHO = "who"
    DESCRIBE = "describe"


def missing(jotting: Jotting) -> tuple[Question, ...]:
    """In the order in which it is asked for."""
    asked: list[Question] = []
    if is_blank(jotting.text):
        asked.append(Question.WORDS)
    if not jotting.accounts:
        asked.append(Question.ACCOUNT)
    if jotting.pictures and jotting.pictured.who is Who.NOT_SAID:
        asked.append(Question.WHO)
    if undescribed(jotting):
        asked.append(Question.DESCRIBE)
    return tuple(asked)


def undescribed(jotting: Jotting) -> tuple[int, ...]:
    """The pictures without a description, counted from 1."""
    pictures = enumerate(jotting.pictures, start=1)
    return tuple(at for at, picture in pictures if is_blank(picture.alt))


# -- what a message says --------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, repr=False)
class SayText:
    """These are the post's words."""

    text: str


@dataclass(frozen=True, slots=True)
class SayAccounts:
    accounts: tuple[AccountId, ...]


@dataclass(frozen=True, slots=True)
class SayNoPupils:
    """``NOBODY``, or ``NOT_RECOGNISABLE``."""

    who: Who


@dataclass(frozen=True, slots=True, repr=False)
class SayClass:
    """The whole class, all but those of these names."""

    form: str
    but: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, repr=False)
class SayPupils:
    """Those of these names. ``line`` is what was typed, where it may be no names at all."""

    names: tuple[str, ...]
    line: str = ""


@dataclass(frozen=True, slots=True)
class SayColleagues:
    """Those of the staff of these names are in it; nobody, where there are none."""

    names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, repr=False)
class SayAlt:
    """What picture ``number`` (from 1) shows; 0 for each that has no description yet."""

    number: int
    words: str


@dataclass(frozen=True, slots=True, repr=False)
class Unclear:
    """A line that is no answer."""

    line: str


Reply = (
    SayText | SayAccounts | SayNoPupils | SayClass | SayPupils | SayColleagues | SayAlt | Unclear
)


class Wish(StrEnum):
    """What a message may ask for instead of answering."""

    MAKE = "make"
    FORGET = "forget"
    ANEW = "anew"
    """Begin another draft with these words."""


@dataclass(frozen=True, slots=True, repr=False)
class Read:
    """A message as it was understood. ``words`` are those of a draft that begins anew.

    ``answers``: something in it can only be an answer, or a wish.
    """

    replies: tuple[Reply, ...] = ()
    wish: Wish | None = None
    words: str = ""
    answers: bool = False


# -- what came of it ------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Colleagues:
    """Those of the staff who are in it, whoever else is."""

    staff: frozenset[PersonId]


Change = SayText | SayAccounts | SayAlt | Pictured | Colleagues
"""A reply whose names have been found."""


@dataclass(frozen=True, slots=True, repr=False)
class Trouble:
    """A reply that changes nothing. ``words`` are those in question, for their writer alone."""

    code: StrEnum
    words: str = ""
