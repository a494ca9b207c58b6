"""What the dialog of a post remembers between two answers, and where its pictures come from."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, Protocol, TypeVar
from weakref import WeakValueDictionary

from moderation.kernel import AccountId, BlobId, PostId
from moderation.posts.model import Attachment


if TYPE_CHECKING:
    from adapters.taking_in import Fetched, NotFetched


K = TypeVar("K")
V = TypeVar("V")

MOST_REMEMBERED: Final = 1_000


class Incoming(Protocol):
    async def fetch(self, file: str) -> Fetched | NotFetched:
        """Get a file by Slack's id, from nowhere but Slack."""


@dataclass(slots=True, kw_only=True, repr=False)
class Desk:
    """Conveniences that a restart may forget: whatever counts is stored with the post.

    ``taken`` are the pictures that were taken in for a post, and ``shown`` are Slack's files of
    them, by blob. ``stopped`` is the digest of what was stopped there: sent once more as it is,
    it's meant. ``last`` is where somebody last proposed, ``chosen`` where the post of a dialog is
    to go: Slack doesn't say it when it asks for suggestions. ``told`` is set when a dialog that was
    sent has been answered, by the view's id. ``choice`` is when somebody last chose in a view, as
    Slack tells it, and ``drawing`` is held by whoever redraws the view.
    """

    taken: OrderedDict[PostId, tuple[Attachment, ...]] = field(default_factory=OrderedDict)
    stopped: OrderedDict[PostId, str] = field(default_factory=OrderedDict)
    last: OrderedDict[str, tuple[AccountId, ...]] = field(default_factory=OrderedDict)
    chosen: OrderedDict[PostId, tuple[AccountId, ...]] = field(default_factory=OrderedDict)
    shown: OrderedDict[PostId, Mapping[BlobId, str]] = field(default_factory=OrderedDict)
    told: OrderedDict[str, asyncio.Event] = field(default_factory=OrderedDict)
    choice: OrderedDict[str, str] = field(default_factory=OrderedDict)
    drawing: WeakValueDictionary[str, asyncio.Lock] = field(default_factory=WeakValueDictionary)

    def insists(self, post: PostId, digest: str) -> bool:
        """Whether exactly this was stopped before; from now on it was."""
        before = self.stopped.get(post)
        remember(self.stopped, post, digest)
        return before == digest


def remember(held: OrderedDict[K, V], key: K, value: V) -> None:
    """Keep it, and forget the oldest where there is too much."""
    held[key] = value
    held.move_to_end(key)
    if len(held) > MOST_REMEMBERED:
        held.popitem(last=False)
