"""A dialog that was sent and can't be answered with what came of it: the form stands there again.

    held.note(user, body)                           # what a dialog was answered with
    body = held.again(user, data, sentences)        # the same form, filled in, with these on top

A dialog that is answered with words alone is closed, and what was typed into it is gone. Nothing
of this asks the store, so that it can be done while the store stands still.
"""

from __future__ import annotations

import copy
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from adapters import cutting
from adapters.payloads import BadPayload
from adapters.teams import dialogs, envelope, payload, text
from adapters.teams.drawing import ADAPTIVE


if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from adapters.teams.text import Element

SUBMITS: Final = frozenset({"task/submit", "composeExtension/submitAction"})
MOST_OPEN: Final = 200
"""Dialogs that are known; of one that isn't, what was written stays all the same."""
LONGEST_LINE: Final = 1_000
SAID: Final = "said-"
"""Begins the ids of what was put on top before."""
YOURS: Final = "Your words are still here"
SEND: Final = "Send"
WRITTEN: Final = {"words": "What worries you", "text": "Text", "reason": "Reason"}
"""Boxes for words by their names, with labels for when the form itself is forgotten."""


@dataclass(slots=True)
class Open:
    """The forms that stand in dialogs, each for its person. A restart may forget them."""

    _held: OrderedDict[tuple[str, str], Mapping[str, Any]] = field(
        default_factory=OrderedDict, repr=False
    )

    def note(self, user: str, body: Mapping[str, Any]) -> None:
        """Know the form with which a dialog is answered."""
        task = _task(body)
        if request := request_of(form_in(body)):
            self._held[user, request] = task
            self._held.move_to_end((user, request))
            if len(self._held) > MOST_OPEN:
                self._held.popitem(last=False)

    def over(self, user: str, data: object) -> None:
        """Its words are where they belong."""
        if isinstance(data, Mapping):
            self._held.pop((user, str(data.get("request", ""))), None)

    def forget(self) -> None:
        """Every one, as a restart does."""
        self._held.clear()

    def again(self, user: str, data: object, sentences: Sequence[str]) -> dict[str, Any] | None:
        """The body with the form as it was filled in, or ``None`` where nothing was."""
        if not isinstance(data, Mapping) or not isinstance(data.get("sg"), str):
            return None
        if isinstance(payload.values(data), BadPayload) and not _said(data):
            return None
        held = self._held.get((user, str(data.get("request", ""))))
        if held is None:
            return _bare(data, sentences)
        task = copy.deepcopy(dict(held))
        card = task["card"]["content"]
        for it in _inputs(card):
            _fill(it, data)
        kept = [it for it in card["body"] if not str(it.get("id", "")).startswith(SAID)]
        card["body"] = [*_told(sentences), *kept]
        return {"task": {"type": "continue", "value": task}}


def form_in(body: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """The card in an invoke's answer, where somebody is to fill it in and send it."""
    card = body.get("value") if body.get("type") == ADAPTIVE else _task(body).get("card")
    found = card.get("content", card) if isinstance(card, Mapping) else {}
    return found if request_of(found) and any(_inputs(found)) else None


def request_of(card: Mapping[str, Any] | None) -> str:
    """What names the form that a card is, or ""."""
    actions = card.get("actions") if card is not None else None
    data = actions[0].get("data") if actions else None
    return str(data.get("request", "")) if isinstance(data, Mapping) else ""


def message_of(card: Mapping[str, Any]) -> Element:
    """The form in a message of a private chat, where an ``Action.Submit`` isn't answered."""
    made = dict(card)
    made["actions"] = [_as_execute(it) for it in card["actions"]]
    said = str(card.get("fallbackText", "")) or YOURS
    drawn = envelope.message(made, said)
    return {"type": "message", "summary": drawn.summary, "attachments": [drawn.attachment()]}


def _as_execute(action: Element) -> Element:
    if action.get("type") != "Action.Submit":
        return action
    verb = str(action["data"]["verb"])
    return {**action, "type": "Action.Execute", "verb": verb, "fallback": action}


def _bare(data: Mapping[str, Any], sentences: Sequence[str]) -> dict[str, Any] | None:
    """What was written, in boxes; what was chosen goes with the button."""
    written = {id_: words for id_, words in _said(data).items() if words.strip()}
    if not written:
        return None
    body: list[Element] = _told(sentences)
    for id_, words in written.items():
        label = WRITTEN[id_.removeprefix(payload.words_id(""))]
        box: Element = {"type": "Input.Text", "id": id_, "label": label, "isMultiline": True}
        body.append({**box, "value": words})
    rest = {name: it for name, it in data.items() if name not in written}
    send: Element = {"type": "Action.Submit", "title": SEND, "style": "positive", "data": rest}
    drawn = envelope.message(envelope.card(body, [send], " ".join(sentences)), YOURS)
    return dialogs.task(YOURS, drawn)


def _said(data: Mapping[str, Any]) -> dict[str, str]:
    found = ((payload.words_id(name), data.get(payload.words_id(name))) for name in WRITTEN)
    return {id_: said for id_, said in found if isinstance(said, str)}


def _fill(box: dict[str, Any], data: Mapping[str, Any]) -> None:
    value = data.get(box["id"])
    if isinstance(value, bool):
        value = payload.TICKED if value else payload.NOT_TICKED
    if isinstance(value, str) and value:
        box["value"] = value
    elif box["type"] == "Input.Toggle":
        box["value"] = payload.NOT_TICKED
    else:
        box.pop("value", None)


def _told(sentences: Sequence[str]) -> list[Element]:
    drawn: list[Element] = []
    for sentence in sentences:
        drawn += text.paragraph(cutting.cut(sentence, LONGEST_LINE), text.WRONG)
    return [{**it, "id": f"{SAID}{number}"} for number, it in enumerate(drawn)]


def _task(body: Mapping[str, Any]) -> Mapping[str, Any]:
    task = body.get("task")
    value = task.get("value") if isinstance(task, Mapping) else None
    return value if isinstance(value, Mapping) else {}


def _inputs(inside: object) -> Iterator[dict[str, Any]]:
    if isinstance(inside, dict):
        if str(inside.get("type", "")).startswith("Input."):
            yield inside
        for it in inside.values():
            yield from _inputs(it)
    elif isinstance(inside, list):
        for it in inside:
            yield from _inputs(it)
