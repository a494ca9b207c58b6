"""What can be pressed on a card, as the bot hears it. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from adapters.teams import payload, text
from adapters.teams.payload import Verb
from moderation.views import Weight


if TYPE_CHECKING:
    from collections.abc import Mapping

    from adapters.teams.text import Element
    from moderation.views import Intent

LONGEST_TITLE: Final = 60
LONGEST_TOOLTIP: Final = 200


def execute(
    title: str,
    intent: Intent,
    verb: Verb = Verb.DO,
    *,
    request: str = "",
    scope: str = "",
    memo: str = "",
    style: Weight = Weight.PLAIN,
    describes: str = "",
) -> Element:
    """``Action.Execute``, and ``Action.Submit`` for clients that don't know it.

    ``describes`` is what a screen reader adds to the title.
    """
    data = payload.data(intent, verb, request=request, scope=scope, memo=memo)
    named: dict[str, Any] = {"title": text.label(title, LONGEST_TITLE), **look(style)}
    if describes.strip():
        said = f"{title}: {describes}"
        named["tooltip"] = text.label(said, LONGEST_TOOLTIP)
    return {
        "type": "Action.Execute",
        **named,
        "verb": verb.value,
        "data": data,
        "fallback": {"type": "Action.Submit", **named, "data": data},
    }


def look(weight: Weight) -> Mapping[str, str]:
    """Only the likely one is coloured; a dangerous one asks again, or asks why."""
    return {"style": "positive"} if weight is Weight.PRIMARY else {}
