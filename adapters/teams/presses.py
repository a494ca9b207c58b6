"""What can be pressed on a card, as the bot hears it. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

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
    instead = submit(
        title,
        intent,
        verb,
        request=request,
        scope=scope,
        memo=memo,
        style=style,
        describes=describes,
    )
    return {**instead, "type": "Action.Execute", "verb": verb.value, "fallback": instead}


def submit(
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
    """``Action.Submit``: in a dialog, and for clients that know nothing newer."""
    data = payload.data(intent, verb, request=request, scope=scope, memo=memo)
    drawn: Element = {
        "type": "Action.Submit",
        "title": text.label(title, LONGEST_TITLE),
        **look(style),
        "data": data,
    }
    if describes.strip():
        drawn["tooltip"] = text.label(f"{title}: {describes}", LONGEST_TOOLTIP)
    return drawn


def without_inputs(action: Element) -> Element:
    """The same for whoever wants out: nothing has to be filled in, and nothing is sent."""
    leaves = {"associatedInputs": "none"}
    drawn = {**action, **leaves}
    if "fallback" in action:
        drawn["fallback"] = {**action["fallback"], **leaves}
    return drawn


def look(weight: Weight) -> Mapping[str, str]:
    """Only the likely one is coloured; a dangerous one asks again, or asks why."""
    return {"style": "positive"} if weight is Weight.PRIMARY else {}
