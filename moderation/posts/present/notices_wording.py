"""What a private message is made of, and what messages to several kinds of reader share."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from moderation.posts.model import State
from moderation.posts.present.speech import people
from moderation.views import Note, Tone
from moderation.words import both, capital


if TYPE_CHECKING:
    from moderation.posts.model import Post
    from moderation.posts.queries.views import PostView
    from moderation.views import Part


Says = Callable[["Post", "PostView"], "Iterator[Part]"]
Asks = Callable[["Post", "PostView"], bool]

PLEASE_STOP = ("Please don't post it.", "If it is already posted, please take it down now.")


def _always(_post: Post, _view: PostView) -> bool:
    return True


@dataclass(frozen=True, slots=True, kw_only=True)
class Wording:
    """One message.

    ``true_in`` are the states in which it still holds, for the reader that ``asks`` allows, and
    where it is ``of_version`` for that version alone; afterwards it says how the post stands.
    ``says`` gives what it says, ``quotes`` whether the post itself goes with it, ``verbs`` the
    buttons that it offers besides "Look at it", out of those that the reader may use. One with
    such buttons is kept up to date where it stands, and so is one that ``follows`` the post.
    """

    headline: str
    tone: Tone
    says: Says
    true_in: frozenset[State]
    quotes: bool = False
    verbs: tuple[str, ...] = ()
    asks: Asks = _always
    of_version: bool = False
    follows: bool = False

    def holds(self, post: Post, view: PostView, about: str) -> bool:
        """Whether it is still true of the post, and meant for this reader."""
        newer = self.of_version and about not in {"", str(post.revision.number)}
        return not newer and post.state in self.true_in and self.asks(post, view)


def note(*lines: str, tone: Tone | None = None) -> Note:
    """A paragraph of these lines."""
    return Note(lines=lines, tone=tone)


def writers(post: Post, view: PostView) -> str:
    """The authors by name, at the beginning of a sentence."""
    return capital(both(people(view, sorted(post.authors))))


def posts_it(post: Post, view: PostView) -> bool:
    """Whether the reader posts on one of its accounts."""
    reader = view.viewer
    return reader is not None and any(
        view.rights.may_post(reader, account) for account in post.content.accounts
    )
