"""What a drawing of a card keeps to, whatever platform draws it. Pure."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from adapters import exact
from adapters.intents import VERBS
from moderation.incidents.model import INCIDENT
from moderation.posts import present
from moderation.posts.model import POST, READY
from moderation.views import Intent, Media


if TYPE_CHECKING:
    from collections.abc import Container, Iterator

    from moderation.kernel import BlobId
    from moderation.views import Button, Card, Quote

APPROVE: Final = "post.approve"
YES: Final = frozenset({APPROVE, "post.allow"})
"""Nobody says these to words of which they were shown a part."""
READ_IT_ALL: Final = "Read it all"
NOT_SHOWN: Final = "This picture isn't shown here."
NO_DESCRIPTION: Final = "Picture without a description"

_READS: Final = {POST: "post.open", READY: "post.open", INCIDENT: "report.read"}


def all_shown(card: Card, shown: Container[BlobId | None]) -> bool:
    """Whether each picture of the card is among those that the platform can show by now."""
    media = (part for part in card.parts if isinstance(part, Media))
    return all(picture.blob in shown for part in media for picture in part.pictures)


def can_be_approved(card: Card) -> bool:
    """Whether somebody is asked to say yes on it."""
    return any(button.intent.verb == APPROVE for button in (*card.buttons, *card.more))


def moving(card: Card) -> tuple[BlobId, ...]:
    """The card's videos that were made clean."""
    media = (part for part in card.parts if isinstance(part, Media))
    moves = (it.blob for part in media for it in part.pictures if it.moves)
    return tuple(dict.fromkeys(blob for blob in moves if blob is not None))


def without_approval(card: Card, why: str = present.PICTURES_UNSEEN) -> Card:
    """Nobody says yes to what is unseen; where nobody was asked to there is nothing to add."""
    if not can_be_approved(card):
        return card
    left = tuple(button for button in card.more if button.intent.verb != APPROVE)
    return present.without_approval(replace(card, more=left), why)


def reading(card: Card) -> Intent | None:
    """What shows all the words, where they can be asked for by their subject's id."""
    verb = _READS.get(card.subject.kind)
    return Intent(verb=verb, id=card.subject.id, rev=card.version) if verb else None


def button_in(card: Card | None, intent: Intent) -> Button | None:
    """The button of this card that says the same as ``intent``, where there is such a button."""
    named = VERBS.get(intent.verb)
    if card is None or named is None:
        return None
    for button in (*card.buttons, *card.more):
        there = button.intent
        same = (there.verb, there.id, there.rev) == (intent.verb, intent.id, intent.rev)
        # Only an argument that the command needs tells two buttons apart.
        if same and (not named.arg or there.arg == intent.arg):
            return button
    return None


def links(quote: Quote) -> Iterator[tuple[str, str]]:
    """Marked addresses, for whoever must state that they opened them: made by us, (label, page)."""
    for part in exact.stretches(quote.text, quote.marks):
        link = exact.link(quote.text, part.start, part.end) if part.tone else None
        if link is not None:
            yield f"Open {link.host or _host(link.address)}", link.address


def _host(address: str) -> str:
    return address.partition("://")[2].split("/", 1)[0]
