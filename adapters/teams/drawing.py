"""Cards and sentences as messages of Teams', as the connector takes them."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from adapters.teams import forms
from adapters.teams.envelope import CONTENT_TYPE
from adapters.teams.reading import in_full
from adapters.teams.render import render
from moderation.kernel import BlobId
from moderation.views import Card


if TYPE_CHECKING:
    from adapters.teams.envelope import Message
    from moderation.views import Form, Intent

Adaptive = dict[str, Any]
Pictures = Callable[[Card], Awaitable[Mapping[BlobId, str]]]
"""The public addresses of a card's pictures, those that can be shown. Never raises."""

ADAPTIVE: Final = CONTENT_TYPE
LONGEST_SAID: Final = 3_000


async def no_pictures(_card: Card) -> Mapping[BlobId, str]:
    """Where nothing can be shown: no public address is known."""
    return {}


def nobody(_conversation: str) -> tuple[str, ...]:
    """Where everybody sees the same."""
    return ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawing:
    """``mint`` names each drawing, so that a form in it counts once.

    ``viewers`` tells Teams' ids of those in a conversation who get a card as it is for them.
    """

    mint: Callable[[], str]
    pictures: Pictures = no_pictures
    viewers: Callable[[str], Sequence[str]] = nobody

    async def message(self, card: Card, conversation: str = "") -> Adaptive:
        """A message with the card in it; its summary is what a notification shows."""
        made = await self._made(card, self.viewers(conversation) if conversation else ())
        return {"type": "message", "summary": made.summary, "attachments": [made.attachment()]}

    async def alone(self, card: Card) -> Adaptive:
        """The Adaptive Card, as an action is answered with it."""
        return dict((await self._made(card, ())).card)

    def form(self, form: Form, intent: Intent) -> Adaptive:
        """The form of a button as a card of its own."""
        return dict(forms.card(form, intent, request=self.mint()).card)

    async def in_full(self, card: Card, note: str = "") -> tuple[Adaptive, ...]:
        """All the words that are quoted in a card, in pages; on the last who may say yes says it.

        ``note`` stands on top of the first.
        """
        pictures = await self.pictures(card)
        pages = in_full(card, pictures.get, request=self.mint(), note=note)
        return tuple(dict(it.card) for it in pages)

    async def _made(self, card: Card, viewers: Sequence[str]) -> Message:
        pictures = await self.pictures(card)
        return render(card, pictures.get, request=self.mint(), viewers=viewers)


def of(made: Message) -> Adaptive:
    """A message with what was drawn."""
    return {"type": "message", "summary": made.summary, "attachments": [made.attachment()]}


def words(sentences: Sequence[str]) -> Adaptive:
    """A message of sentences, none of which is markup."""
    said = "\n\n".join(sentences)[:LONGEST_SAID]
    return {"type": "message", "textFormat": "plain", "text": said}
