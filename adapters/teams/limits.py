"""What Teams would turn down, or show badly, in a card: found before it is sent.

From the schema of Adaptive Cards 1.5 and Teams' own pages, November 2026. Only what we use is
known here; any other element is a problem, since nobody has looked at it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from adapters.payloads import BadPayload
from adapters.teams import envelope, payload


if TYPE_CHECKING:
    from collections.abc import Iterator

    from adapters.teams.envelope import Message

MOST_PRIMARY: Final = 6
"""Actions that Teams shows side by side; the others must be ``secondary``."""
MOST_ACTIONS: Final = 20
MOST_VIEWERS: Final = 60
LONGEST_ALT: Final = 1_000
LONGEST_TITLE: Final = 80

_ANY: Final = frozenset({"type", "id", "spacing", "isVisible", "separator"})
_INPUT: Final = frozenset({"label", "isRequired", "errorMessage", "value"})
_ACTION: Final = frozenset({"type", "title", "style", "mode", "tooltip"})
ELEMENTS: Final[Mapping[str, frozenset[str]]] = {
    "ActionSet": _ANY | {"actions"},
    "Column": _ANY | {"items", "width"},
    "ColumnSet": _ANY | {"columns"},
    "Container": _ANY | {"items", "style"},
    "Image": _ANY | {"url", "altText", "msteams"},
    "Input.ChoiceSet": _ANY
    | _INPUT
    | {"choices", "choices.data", "isMultiSelect", "style", "wrap", "placeholder"},
    "Input.Date": _ANY | _INPUT,
    "Input.Text": _ANY | _INPUT | {"isMultiline", "maxLength", "placeholder"},
    "Input.Time": _ANY | _INPUT,
    "Input.Toggle": _ANY | _INPUT | {"title", "valueOn", "valueOff", "wrap"},
    "RichTextBlock": _ANY | {"inlines"},
    "TextBlock": _ANY | {"text", "style", "wrap", "weight", "size"},
}
ACTIONS: Final[Mapping[str, frozenset[str]]] = {
    "Action.Execute": _ACTION | {"verb", "data", "fallback", "associatedInputs"},
    "Action.OpenUrl": _ACTION | {"url"},
    "Action.ShowCard": _ACTION | {"card"},
    "Action.Submit": _ACTION | {"data", "associatedInputs"},
    "Action.ToggleVisibility": _ACTION | {"targetElements"},
}
RUN: Final = frozenset({"type", "text", "weight", "highlight", "isSubtle", "size", "color"})
CARD: Final = frozenset(
    {"type", "$schema", "version", "fallbackText", "body", "actions", "msteams", "refresh"}
)
_WITHIN: Final = ("items", "columns", "body")

Json = Mapping[str, Any]


def problems(shown: Message | Json) -> tuple[str, ...]:
    """Everything wrong with a card, each with its place; empty where Teams draws it as it is.

    Nothing of what people wrote is repeated.
    """
    card: Json = shown.card if isinstance(shown, envelope.Message) else shown
    found = [*_card(card)]
    if isinstance(shown, envelope.Message) and not shown.summary.strip():
        found.append("summary: is empty, and notifications show nothing else")
    return tuple(dict.fromkeys(found))


def _card(card: Json) -> Iterator[str]:
    if card.get("type") != "AdaptiveCard":
        yield "type: no AdaptiveCard"
    if card.get("version") != envelope.VERSION:
        yield f"version: not {envelope.VERSION}, the newest that Teams draws for a bot"
    if not _has_words(card.get("fallbackText")):
        yield "fallbackText: is empty"
    length = envelope.length(card)
    if length > envelope.LONGEST:
        yield f"card: {length} bytes of JSON, {envelope.LONGEST} are allowed"
    yield from _unknown(card, CARD, "card")
    yield from _repeated(card)
    yield from _refresh(card.get("refresh"))
    yield from _content(card, "card")


def _content(card: Json, where: str) -> Iterator[str]:
    body = card.get("body")
    if not isinstance(body, list) or not body:
        yield f"{where}.body: is empty"
        return
    for number, element in enumerate(body):
        yield from _element(element, f"{where}.body[{number}]")
    yield from _actions(card.get("actions", []), f"{where}.actions")


def _element(element: Json, where: str) -> Iterator[str]:
    kind = str(element.get("type"))
    if kind not in ELEMENTS:
        yield f"{where}: an element that nobody has looked at"
        return
    yield from _unknown(element, ELEMENTS[kind], where)
    match kind:
        case "RichTextBlock":
            yield from _inlines(element.get("inlines"), where)
        case "TextBlock":
            if not _has_words(element.get("text")):
                yield f"{where}.text: is empty"
            if element.get("wrap") is not True:
                yield f"{where}.wrap: is missing, so that a phone cuts the words"
        case "Image":
            yield from _image(element, where)
        case "ActionSet":
            yield from _actions(element.get("actions"), f"{where}.actions")
        case _ if kind.startswith("Input."):
            yield from _input(element, where)
        case _:
            name = next(name for name in _WITHIN if name in ELEMENTS[kind])
            inside = element.get(name)
            if not isinstance(inside, list) or not inside:
                yield f"{where}.{name}: is empty"
                return
            for number, it in enumerate(inside):
                yield from _element(it, f"{where}.{name}[{number}]")


def _inlines(inlines: object, where: str) -> Iterator[str]:
    if not isinstance(inlines, list) or not inlines:
        yield f"{where}.inlines: is empty"
        return
    for number, run in enumerate(inlines):
        if run.get("type") != "TextRun":
            yield f"{where}.inlines[{number}]: no TextRun"
        words = run.get("text")
        if not isinstance(words, str) or not words:
            yield f"{where}.inlines[{number}].text: is empty"
        elif "\n" in words:
            yield f"{where}.inlines[{number}].text: a line's end, which clients don't agree on"
        elif "{{" in words:
            yield f"{where}.inlines[{number}].text: something to compute"
        yield from _unknown(run, RUN, f"{where}.inlines[{number}]")


def _image(image: Json, where: str) -> Iterator[str]:
    url = image.get("url")
    if not isinstance(url, str) or not url.startswith("https://"):
        yield f"{where}.url: not https, so that Teams shows nothing"
    alt = image.get("altText")
    if not _has_words(alt):
        yield f"{where}.altText: is empty"
    elif len(str(alt)) > LONGEST_ALT:
        yield f"{where}.altText: longer than {LONGEST_ALT} characters"


def _input(field: Json, where: str) -> Iterator[str]:
    if not _has_words(field.get("id")):
        yield f"{where}.id: is missing, so that nothing comes back"
    if not _has_words(field.get("label")):
        yield f"{where}.label: is empty"
    if field.get("isRequired") and not _has_words(field.get("errorMessage")):
        yield f"{where}.errorMessage: is missing"
    if field["type"] == "Input.Toggle" and not _has_words(field.get("title")):
        yield f"{where}.title: is empty"
    if field["type"] != "Input.ChoiceSet":
        return
    choices = field.get("choices")
    if not isinstance(choices, list) or not (choices or "choices.data" in field):
        yield f"{where}.choices: is empty"
        return
    for number, choice in enumerate(choices):
        if not _has_words(choice.get("title")) or not _has_words(choice.get("value")):
            yield f"{where}.choices[{number}]: has no words or no value"
    yield from _twice((it.get("value") for it in choices), f"{where}.choices")


def _actions(actions: object, where: str) -> Iterator[str]:
    if not isinstance(actions, list):
        yield f"{where}: no list"
        return
    if len(actions) > MOST_ACTIONS:
        yield f"{where}: {len(actions)}, {MOST_ACTIONS} are allowed"
    if sum(it.get("mode") != "secondary" for it in actions) > MOST_PRIMARY:
        yield f"{where}: more than {MOST_PRIMARY} side by side"
    for number, action in enumerate(actions):
        yield from _action(action, f"{where}[{number}]")


def _action(action: Json, where: str) -> Iterator[str]:
    kind = str(action.get("type"))
    if kind not in ACTIONS:
        yield f"{where}: an action that nobody has looked at"
        return
    yield from _unknown(action, ACTIONS[kind], where)
    if not _has_words(action.get("title")):
        yield f"{where}.title: is empty"
    elif len(str(action["title"])) > LONGEST_TITLE:
        yield f"{where}.title: longer than {LONGEST_TITLE} characters"
    if kind in {"Action.Execute", "Action.Submit"}:
        sent = payload.read(action.get("data"))
        if isinstance(sent, BadPayload):
            yield f"{where}.data: can't be read back"
        elif kind == "Action.Execute" and sent.verb.value != action.get("verb"):
            yield f"{where}.verb: isn't its data's"
    if kind == "Action.Execute":
        instead = action.get("fallback")
        if not isinstance(instead, Mapping) or instead.get("type") != "Action.Submit":
            yield f"{where}.fallback: no Action.Submit for clients that don't know it"
        elif instead.get("data") != action.get("data"):
            yield f"{where}.fallback.data: isn't the action's"
    if kind == "Action.OpenUrl" and not str(action.get("url", "")).startswith("http"):
        yield f"{where}.url: no web page"
    if kind == "Action.ShowCard":
        yield from _content(action.get("card", {}), f"{where}.card")


def _refresh(refresh: object) -> Iterator[str]:
    if refresh is None:
        return
    held = refresh if isinstance(refresh, Mapping) else {}
    action, viewers = held.get("action"), held.get("userIds")
    if not isinstance(action, Mapping) or action.get("type") != "Action.Execute":
        yield "refresh.action: no Action.Execute"
    elif isinstance(payload.read_action(action), BadPayload):
        yield "refresh.action.data: can't be read back"
    if not isinstance(viewers, list) or not 0 < len(viewers) <= MOST_VIEWERS:
        yield f"refresh.userIds: not between one and {MOST_VIEWERS}"


# -- the whole card --------------------------------------------------------------------------------


def _repeated(card: Json) -> Iterator[str]:
    """Ids that are there twice, and names that nothing has."""
    ids = Counter(str(it["id"]) for it in _all(card) if "id" in it)
    yield from (f"id: {count} elements have the same" for count in ids.values() if count > 1)
    for it in _all(card):
        for name in it.get("targetElements", ()):
            if name not in ids:
                yield "targetElements: nothing has that id"


def _all(thing: object) -> Iterator[Json]:
    """Every object within the card, what its actions carry left out."""
    match thing:
        case Mapping():
            yield thing
            for name, inside in thing.items():
                if name not in {"data", "fallback", "refresh"}:
                    yield from _all(inside)
        case list() | tuple():
            for inside in thing:
                yield from _all(inside)
        case _:
            return


def _unknown(thing: Json, known: frozenset[str], where: str) -> Iterator[str]:
    yield from (f"{where}.{name}: nobody has looked at it" for name in sorted(thing.keys() - known))


def _twice(values: Iterator[object], where: str) -> Iterator[str]:
    if any(count > 1 for count in Counter(map(str, values)).values()):
        yield f"{where}: a value is there twice"


def _has_words(value: object) -> bool:
    return isinstance(value, str) and bool(value.strip())
