"""The closed card vocabulary: what a card can say, whatever platform draws it.

It grows only when every renderer gains a case in the same commit. A renderer escapes at the leaf:
:class:`Quote`, :class:`Picture.alt` and every plain string are untrusted text, never markup.
Words are chosen in each room's ``present``; limits of a platform live in its renderer.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from moderation.kernel import BlobId, SubjectRef


class Tone(StrEnum):
    """The four state colours. A tone never speaks alone: words and an icon go with it."""

    WAITING = "waiting"
    CARE = "care"
    STOPPED = "stopped"
    DONE = "done"


@dataclass(frozen=True, slots=True, kw_only=True)
class Intent:
    """What a button means. Nothing else ever travels in a button.

    ``verb`` is a stable dotted name (``post.approve``), ``id`` the subject's id, ``rev`` the
    version that the reader saw (0 where there is none), ``arg`` a page token or a finding's key.
    """

    verb: str
    id: str
    rev: int = 0
    arg: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """A box for words. ``limit`` counts Unicode code points."""

    name: str
    label: str
    hint: str = ""
    value: str = ""
    limit: int = 2000
    lines: int = 3
    required: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """Choose one, or several when ``many``: (value, label) pairs."""

    name: str
    label: str
    options: tuple[tuple[str, str], ...]
    chosen: tuple[str, ...] = ()
    many: bool = False
    required: bool = True
    hint: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Confirm:
    """A statement to tick. The approver says it; it can't be ticked beforehand."""

    name: str
    statement: str


@dataclass(frozen=True, slots=True, kw_only=True)
class When:
    """A local date and time, or nothing."""

    name: str
    label: str
    value: datetime | None = None
    hint: str = ""


Field = Text | Choice | Confirm | When


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """What a button asks before it acts: a modal, inputs in the card, or a dialog in the page."""

    title: str
    fields: tuple[Field, ...]
    submit: str
    note: str = ""


class Weight(StrEnum):
    """How a button is drawn. A card has at most one PRIMARY button."""

    PRIMARY = "primary"
    PLAIN = "plain"
    DANGER = "danger"


@dataclass(frozen=True, slots=True, kw_only=True)
class Button:
    """``describes`` is what a screen reader adds to the label, e.g. the post's title."""

    label: str
    intent: Intent
    weight: Weight = Weight.PLAIN
    form: Form | None = None
    describes: str = ""


@dataclass(frozen=True, slots=True)
class Mark:
    """Words that need attention: half-open code-point offsets into the quote's text."""

    start: int
    end: int
    tone: Tone


@dataclass(frozen=True, slots=True, kw_only=True)
class Quote:
    """Somebody's exact words, shown literally."""

    text: str
    marks: tuple[Mark, ...] = ()
    label: str = ""
    copyable: bool = False


@dataclass(frozen=True, slots=True)
class Facts:
    """(name, value) rows; an empty value is left out by ``present``, never by a renderer."""

    rows: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class FindingLine:
    """One finding: the words in question first, the reason, then the policy line."""

    words: str
    reason: str
    policy: str
    clause: str
    tone: Tone


@dataclass(frozen=True, slots=True, kw_only=True)
class Findings:
    title: str
    lines: tuple[FindingLine, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """``blob`` is a clean rebuild, or ``None`` while it is still being looked at.

    A video ``moves``; its ``alt`` is what is said in it.
    """

    blob: BlobId | None
    alt: str
    note: str = ""
    moves: bool = False


@dataclass(frozen=True, slots=True)
class Media:
    pictures: tuple[Picture, ...]


def can_be_opened(address: str) -> bool:
    """Whether it is a web page's address as browsers write them: RFC 3986, nothing but ASCII."""
    written = address.isascii() and address.isprintable() and " " not in address
    return written and address.lower().startswith(("https://", "http://"))


@dataclass(frozen=True, slots=True)
class Links:
    """Web pages to open: label and address, of the school's own register or of a post that is out.

    Raises :class:`ValueError` for an address that can't be opened.
    """

    pages: tuple[tuple[str, str], ...]

    def __post_init__(self) -> None:
        if not all(can_be_opened(address) for _, address in self.pages):
            raise ValueError("only web pages can be opened")


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """One or more sentences. ``fold`` names the fold it is kept under, e.g. "History"."""

    lines: tuple[str, ...]
    tone: Tone | None = None
    fold: str = ""


Part = Quote | Facts | Findings | Media | Links | Note


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """One card. ``fallback`` says it all in plain text: notifications and old clients show it.

    ``version`` rises with every change of the subject. ``buttons`` holds at most four, the likely
    one first; the rest are in ``more``. A final card has neither.
    """

    subject: SubjectRef
    version: int
    title: str
    state: str
    tone: Tone
    fallback: str
    parts: tuple[Part, ...] = ()
    buttons: tuple[Button, ...] = ()
    more: tuple[Button, ...] = ()
