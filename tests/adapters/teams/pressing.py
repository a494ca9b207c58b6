"""What a drawn card's actions carry, and what a card meant them to."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from adapters.payloads import BadPayload
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


def inputs(card: Json, *, into: bool = True) -> list[Json]:
    """All the inputs; without those of forms that open in it unless ``into``."""
    shown = card if into else {"body": card.get("body", [])}
    return [it for it in within(shown) if str(it.get("type")).startswith("Input.")]


def sends(card: Json, title: str, typed: Mapping[str, str]) -> dict[str, Any]:
    """What a client sends when ``title`` is pressed, with ``typed`` in the inputs of these ids.

    Inputs of the card itself come along, and those of the form that the button stands in. An input
    keeps what was drawn in it unless something is typed. Like Teams, it refuses what isn't valid.
    """
    chain, action = _found(card, title)
    data, left = dict(action["data"]), dict(typed)
    for field in (field for it in chain for field in inputs({"body": it["body"]}, into=False)):
        value = left.pop(field["id"], field.get("value", ""))
        unticked = field["type"] == "Input.Toggle" and value != field["valueOn"]
        if field.get("isRequired") and (not value or unticked):
            raise AssertionError(field["errorMessage"])
        if field["type"] == "Input.ChoiceSet" and "choices.data" not in field:
            known = {choice["value"] for choice in field["choices"]}
            assert set(filter(None, value.split(","))) <= known
        data[field["id"]] = value
    assert not left, f"there is no such input: {left}"
    return data


def _found(card: Json, title: str) -> tuple[list[Json], Json]:
    rows = [it for it in card["body"] if it["type"] == "ActionSet"]
    actions = [action for row in (*rows, card) for action in row.get("actions", ())]
    for action in actions:
        if action["type"] == "Action.ShowCard":
            with suppress(LookupError):
                chain, found = _found(action["card"], title)
                return [card, *chain], found
        elif action["title"] == title and "data" in action:
            return [card], action
    raise LookupError(title)
