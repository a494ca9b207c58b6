"""What a drawn card's buttons carry, and what a card meant them to."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from adapters.payloads import BadPayload
from adapters.slack import buttons


if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from adapters.slack.render import Message
    from moderation.views import Card, Intent


def pressable(message: Message) -> Iterator[Mapping[str, Any]]:
    """Each button and each line of a menu, as Slack would send it back."""
    for block in message.blocks:
        for element in block.get("elements", ()) if block["type"] == "actions" else ():
            if element["type"] != "overflow":
                yield element
                continue
            for option in element["options"]:
                yield {"action_id": element["action_id"], "selected_option": option}


def carried(message: Message) -> Counter[tuple[Intent, bool]]:
    """What all the buttons of a card carry, our own for reading, watching and links left out."""
    found: Counter[tuple[Intent, bool]] = Counter()
    for action in pressable(message):
        if action["action_id"].startswith(("read:", "link:", "watch:")):
            continue
        read = buttons.read(action)
        assert not isinstance(read, BadPayload)
        found[read.intent, read.asks] += 1
    return found


def asked(card: Card) -> Counter[tuple[Intent, bool]]:
    return Counter((it.intent, it.form is not None) for it in (*card.buttons, *card.more))
