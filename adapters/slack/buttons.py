"""A card's buttons as rows of Slack's, and what comes back when one is pressed. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from adapters import payloads
from adapters.payloads import BadPayload
from adapters.slack import text
from moderation.views import Intent, Weight


if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from adapters.slack.text import Block
    from moderation.views import Button

LONGEST_LABEL: Final = 75
LONGEST_OPTION: Final = 150
MOST_OPTIONS: Final = 5
IN_A_ROW: Final = 5
MOST_SHOWN: Final = 4
"""Buttons that a card shows before the menu."""

ASK, DO, WHOLE = "ask", "do", "whole"


@dataclass(frozen=True, slots=True, kw_only=True)
class Carried:
    """What a pressed button carries. ``asks``: its form is to be opened first.

    ``whole``: all the words are to be read first, with what its form asks below them.
    """

    intent: Intent
    asks: bool
    whole: bool = False


def rows(
    buttons: Sequence[Button],
    more: Sequence[Button],
    numbers: Iterator[int],
    *,
    whole: Collection[str] = (),
) -> list[Block]:
    """Rows of buttons, none lost: those for the menu that don't fit there become buttons too.

    ``whole`` are the verbs before which all the words are to be read.
    """
    if not buttons:
        buttons, more = more[:MOST_SHOWN], more[MOST_SHOWN:]
    options = [_option(button, whole) for button in more]
    folded = [option for option in options if option is not None][:MOST_OPTIONS]
    rest = [
        button
        for place, button in enumerate(more)
        if options[place] is None or sum(map(bool, options[:place])) >= MOST_OPTIONS
    ]
    first: list[Block] = [_button(button, numbers, whole) for button in buttons[:MOST_SHOWN]]
    if folded:
        menu = {"type": "overflow", "action_id": f"more:{next(numbers)}", "options": folded}
        first.append(menu)
    others = [_button(button, numbers, whole) for button in (*buttons[MOST_SHOWN:], *rest)]
    further = (others[at : at + IN_A_ROW] for at in range(0, len(others), IN_A_ROW))
    return [{"type": "actions", "elements": row} for row in (first, *further) if row]


def read(action: Mapping[str, object]) -> Carried | BadPayload:
    """What the pressed button or the chosen line of a menu carries (one of ``actions``)."""
    action_id, value = action.get("action_id"), action.get("value")
    chosen = action.get("selected_option")
    if isinstance(chosen, Mapping):
        value = chosen.get("value")
        if isinstance(value, str):
            action_id, _, value = value.partition(":")
    whole = isinstance(action_id, str) and isinstance(value, str)
    # Nothing at all says that it can't be read.
    intent = payloads.loads(str(value) if whole else "")
    if isinstance(intent, BadPayload):
        return intent
    kind = str(action_id).partition(":")[0]
    return Carried(intent=intent, asks=kind == ASK, whole=kind == WHOLE)


def _kind(button: Button, whole: Collection[str]) -> str:
    if button.intent.verb in whole:
        return WHOLE
    return ASK if button.form is not None else DO


def _button(button: Button, numbers: Iterator[int], whole: Collection[str]) -> Block:
    drawn: Block = {
        "type": "button",
        "action_id": f"{_kind(button, whole)}:{next(numbers)}",
        "text": text.plain(text.short(button.label, LONGEST_LABEL)),
        "value": payloads.dumps(button.intent),
    }
    if button.describes.strip():
        said = text.short(f"{button.label}: {button.describes}", LONGEST_LABEL)
        drawn["accessibility_label"] = said
    # Only the likely one is coloured; a dangerous one asks again, or asks why.
    if button.weight is Weight.PRIMARY:
        drawn["style"] = button.weight.value
    if _needs_asking(button):
        drawn["confirm"] = _confirm(button)
    return drawn


def _needs_asking(button: Button) -> bool:
    """A dangerous button asks once more; where there is a form, the form does."""
    return button.weight is Weight.DANGER and button.form is None


def _confirm(button: Button) -> Block:
    about = f" This is about {button.describes}." if button.describes.strip() else ""
    return {
        "title": text.plain("Are you sure?"),
        "text": text.plain(text.short(f"You pressed “{button.label}”.{about}", 300)),
        "confirm": text.plain(text.short(button.label, 30)),
        "deny": text.plain("Go back"),
        "style": "danger",
    }


def _option(button: Button, whole: Collection[str]) -> Block | None:
    """A line of the menu, or ``None`` where it carries too much or must ask once more."""
    value = f"{_kind(button, whole)}:{payloads.dumps(button.intent)}"
    if text.size(value) > LONGEST_OPTION or _needs_asking(button):
        return None
    return {"text": text.plain(text.short(button.label, LONGEST_LABEL)), "value": value}
