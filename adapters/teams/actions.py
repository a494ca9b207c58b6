"""Buttons as actions of an Adaptive Card. Pure.

Every button that asks the bot is ``Action.Execute``, with ``Action.Submit`` for clients that don't
know it. What asks something first opens within the card (``Action.ShowCard``), so that nothing
needs a dialog. Those behind "More" are ``secondary``: Teams keeps them in its own menu.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from adapters import cutting
from adapters.teams import forms, text
from adapters.teams.payload import Verb
from adapters.teams.presses import LONGEST_TITLE, LONGEST_TOOLTIP, execute, look
from moderation.views import Weight


if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from adapters.teams.text import Element
    from moderation.views import Button

MOST_SHOWN: Final = 4
"""Buttons before the menu; Teams itself shows six."""
IN_A_ROW: Final = 2
LONGEST_ROW: Final = 30
"""Characters of the titles in a row: a phone cuts what is longer."""

SURE: Final = "Are you sure?"


def buttons(
    shown: Sequence[Button],
    more: Sequence[Button],
    numbers: Iterator[int],
    *,
    request: str,
    within: bool,
) -> list[Element]:
    """All the buttons, none lost. ``within``: forms open in the card, else in one of their own."""
    if not shown:
        shown, more = more[:MOST_SHOWN], more[MOST_SHOWN:]
    first, rest = shown[:MOST_SHOWN], (*shown[MOST_SHOWN:], *more)
    drawn = [_button(it, numbers, request, within=within) for it in first]
    menu = [_button(it, numbers, request, within=within) for it in rest]
    return [*drawn, *({**it, "mode": "secondary"} for it in menu)]


def rows(drawn: Sequence[Element]) -> tuple[list[Element], list[Element]]:
    """What stands in the body and what below it: few in a row, since a phone is narrow.

    The last row is the card's own, with the menu in it.
    """
    side = [it for it in drawn if it.get("mode") != "secondary"]
    menu = [it for it in drawn if it.get("mode") == "secondary"]
    found: list[list[Element]] = [[]]
    for it in side:
        long = sum(len(other["title"]) for other in (*found[-1], it)) > LONGEST_ROW
        if found[-1] and (long or len(found[-1]) == IN_A_ROW):
            found.append([])
        found[-1].append(it)
    *above, last = found
    return [{"type": "ActionSet", "actions": row} for row in above], [*last, *menu]


def _button(button: Button, numbers: Iterator[int], request: str, *, within: bool) -> Element:
    """One button, with its form or its question where it has one."""
    about, scope = button.describes, str(next(numbers))
    if button.form is None and button.weight is not Weight.DANGER:
        return execute(button.label, button.intent, style=button.weight, describes=about)
    if button.form is not None and not within:
        return execute(button.label, button.intent, Verb.ASK, style=button.weight, describes=about)
    send = button.label if button.form is None else button.form.submit
    asks = _sure(button) if button.form is None else forms.inputs(button.form, scope)
    action = execute(
        send,
        button.intent,
        request=request if button.form is not None else "",
        scope=scope if button.form is not None else "",
        style=Weight.PRIMARY,
        describes=about,
    )
    opened: Element = {
        "type": "Action.ShowCard",
        "title": text.label(button.label, LONGEST_TITLE),
        **look(button.weight),
    }
    if about.strip():
        opened["tooltip"] = text.label(f"{button.label}: {about}", LONGEST_TOOLTIP)
    opened["card"] = {
        "type": "AdaptiveCard",
        "version": "1.5",
        "body": asks,
        "actions": [action],
    }
    return opened


def _sure(button: Button) -> list[Element]:
    """A dangerous button asks once more; where there is a form, the form does."""
    about = f" This is about {button.describes}." if button.describes.strip() else ""
    return [
        text.heading(SURE, LONGEST_TITLE),
        text.rich(text.runs(cutting.short(f"You pressed “{button.label}”.{about}", 300))),
    ]
