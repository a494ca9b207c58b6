"""A form in which a post was written, whatever platform showed it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from moderation.checks.model import Pictured, Who
from moderation.kernel import Identity, PersonId, PostId, PupilKey
from moderation.posts.commands import Propose, Revise
from moderation.posts.model import Content


if TYPE_CHECKING:
    from collections.abc import Iterable


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """The form's content. ``seen`` 0 is a new post, else a correction of that version.

    ``writers`` wrote the message that a new post was made of.
    """

    post: PostId
    seen: int
    content: Content
    writers: frozenset[Identity] = frozenset()

    @property
    def asks(self) -> Propose | Revise:
        if self.seen == 0:
            return Propose(post=self.post, content=self.content, writers=self.writers)
        return Revise(post=self.post, seen=self.seen, content=self.content)

    def key(self, by: str) -> str:
        """The business key. It holds the content's digest: other words are another request."""
        return f"{by}:write:{self.post}:{self.seen}:{self.content.digest()}"


def declared(who: Who, pupils: frozenset[PupilKey], staff: Iterable[str]) -> Pictured:
    """Who is in the pictures, as a form says it; pupils who are to be named have to be."""
    said = Who.NOT_SAID if who is Who.THESE and not pupils else who
    named = pupils if said is Who.THESE else frozenset[PupilKey]()
    return Pictured(said, named, frozenset(map(PersonId, staff)))
