"""What the dialog of a post remembers between two answers, and where its pictures come from."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol
from weakref import WeakValueDictionary

from adapters import composing
from moderation.kernel import AccountId, BlobId, PostId


if TYPE_CHECKING:
    from adapters.taking_in import Fetched, Moving, NotFetched


class Incoming(Protocol):
    async def fetch(self, file: str) -> Fetched | Moving | NotFetched:
        """Get a file by Slack's id, from nowhere but Slack."""


@dataclass(slots=True, kw_only=True, repr=False)
class Desk(composing.Desk):
    """What Slack's dialog needs besides.

    ``shown`` are Slack's files of a post's pictures, by blob. ``chosen`` is where the post of a
    dialog is to go: Slack doesn't say it when it asks for suggestions. ``told`` is set when a
    dialog that was sent has been answered, by the view's id. ``choice`` is when somebody last chose
    in a view, as Slack tells it, and ``drawing`` is held by whoever redraws the view.
    """

    chosen: OrderedDict[PostId, tuple[AccountId, ...]] = field(default_factory=OrderedDict)
    shown: OrderedDict[PostId, Mapping[BlobId, str]] = field(default_factory=OrderedDict)
    told: OrderedDict[str, asyncio.Event] = field(default_factory=OrderedDict)
    choice: OrderedDict[str, str] = field(default_factory=OrderedDict)
    drawing: WeakValueDictionary[str, asyncio.Lock] = field(default_factory=WeakValueDictionary)
