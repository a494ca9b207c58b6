"""What may be asked of a jotting. ``jotting`` is minted with the message that begins it."""

from __future__ import annotations

from dataclasses import dataclass

from moderation.jottings.model import JottingId, Reply
from moderation.ports import Conversation
from moderation.posts.model import Attachment


@dataclass(frozen=True, slots=True, kw_only=True)
class Begin:
    """A message came, with words or pictures, in the private ``conversation``."""

    jotting: JottingId
    conversation: Conversation
    text: str = ""
    pictures: tuple[Attachment, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Say:
    """Answers, by a message or a form, and pictures that came with them."""

    jotting: JottingId
    replies: tuple[Reply, ...] = ()
    pictures: tuple[Attachment, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteStopped:
    """The checks stopped it when it was to become a post. ``digest`` is the content's."""

    jotting: JottingId
    digest: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Make:
    """It is a post now, under the same id. ``seen`` is the version that its author saw."""

    jotting: JottingId
    seen: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Forget:
    """*Not a post*."""

    jotting: JottingId


@dataclass(frozen=True, slots=True, kw_only=True)
class Lapse:
    """The timer: nobody has come back to it."""

    jotting: JottingId


Timed = Lapse
Pressed = Say | Make | Forget
"""What the buttons of its card ask for."""
Command = Begin | Say | NoteStopped | Make | Forget | Lapse
