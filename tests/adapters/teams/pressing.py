"""What a drawn card's actions carry, and what a card meant them to."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from adapters.intents import BadPayload
from adapters.teams import payload
from adapters.teams.payload import Verb


if TYPE_CHECKING:
    from adapters.teams.envelope import Message
    from adapters.teams.payload import Sent
    from moderation.views import Card, Intent

Json = Mapping[str, Any]


def within(thing: object) -> Iterator[Json]:
    """Every object of a card, what nobody sees of it left out."""
    match thing:
        case Mapping():
            yield thing
            for name, inside in thing.items():
                if name not in {"data", "fallback", "refresh"}:
                    yield from within(inside)
        case list() | tuple():
            for inside in thing:
                yield from within(inside)
        case _:
            return


def pressable(card: Json) -> Iterator[Sent]:
    """What each action of the card that the bot hears would send, with nothing filled in."""
    for it in within(card):
        if it.get("type") == "Action.Execute":
            sent = payload.read_action(it)
            assert not isinstance(sent, BadPayload)
            assert payload.read(it["fallback"]["data"]) == sent
            yield sent


def carried(message: Message) -> Counter[Intent]:
    """What all the buttons of a card carry, our own for reading left out."""
    return Counter(it.intent for it in pressable(message.card) if it.verb is not Verb.READ)


def asked(card: Card) -> Counter[Intent]:
    return Counter(it.intent for it in (*card.buttons, *card.more))


def opened(card: Json) -> list[str]:
    return [it["url"] for it in within(card) if it.get("type") == "Action.OpenUrl"]


def inputs(card: Json) -> list[Json]:
    return [it for it in within(card) if str(it.get("type")).startswith("Input.")]
