"""What Slack would turn down, or show badly, in a message or a view: found before it is sent.

Slack's own models know the lengths of single elements. This knows what they don't: how many blocks
there are, that ids are unique, that nothing is empty, that a picture is described, that inputs can
be submitted, and how long a menu's values are. From Slack's Block Kit reference, November 2026.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

from slack_sdk.errors import SlackObjectFormationError
from slack_sdk.models.blocks import Block as SdkBlock
from slack_sdk.models.views import View as SdkView

from adapters.slack import limits_elements as within
from adapters.slack.render import Message
from adapters.slack.text import size


if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from adapters.slack.limits_elements import Json

MOST_BLOCKS: Final[Mapping[str, int]] = {"message": 50, "modal": 100, "home": 100}
LONGEST_TEXT: Final = 40_000
"""Of a message's top-level text: Slack cuts what is longer."""
LONGEST_BLOCKS: Final = 13_000
"""A message's blocks as JSON: above about 13,200 Slack answers ``msg_blocks_too_long``."""
LONGEST_VIEW: Final = 250_000
"""Bytes of a view as JSON: more is ``view_too_large``."""
LONGEST_HEADER: Final = 150
LONGEST_INPUT_LABEL: Final = 2_000
LONGEST_FIELD: Final = 2_000
LONGEST_TITLE: Final = 24
LONGEST_METADATA: Final = 3_000
LONGEST_CALLBACK: Final = 255
MOST_FIELDS: Final = 10
MOST_ELEMENTS: Final[Mapping[str, int]] = {"actions": 25, "context": 10}
KNOWN: Final = frozenset(
    {"actions", "context", "divider", "header", "image", "input", "rich_text", "section"}
)
"""The blocks that we use; any other is a problem, since nobody has checked it."""


def problems(shown: Message | Json) -> tuple[str, ...]:
    """Everything wrong with a message (its ``text`` and ``blocks``) or a view, each with its place.

    Empty where Slack takes it as it is. Nothing of what people wrote is repeated.
    """
    payload: Json = shown.arguments() if isinstance(shown, Message) else shown
    kind = payload.get("type", "message")
    if kind not in MOST_BLOCKS:
        return ("type: no message, modal or home",)
    blocks = payload.get("blocks") or []
    if not isinstance(blocks, list | tuple) or not all(isinstance(it, Mapping) for it in blocks):
        return ("blocks: is no list of blocks",)
    found = _message(payload, blocks) if kind == "message" else _view(kind, payload, blocks)
    return tuple(dict.fromkeys((*found, *_all(kind, blocks), *_sdk(kind, payload, blocks))))


def _message(payload: Json, blocks: Sequence[Json]) -> Iterator[str]:
    words = payload.get("text")
    if not isinstance(words, str) or not words.strip():
        yield "text: is empty, and notifications show nothing else"
    elif size(words) > LONGEST_TEXT:
        yield f"text: {size(words)} characters, {LONGEST_TEXT} are allowed"
    length = size(_json(blocks))
    if length > LONGEST_BLOCKS:
        yield f"blocks: {length} characters of JSON, {LONGEST_BLOCKS} are allowed"
    if any(block.get("type") == "input" for block in blocks):
        yield "blocks: a message has no inputs"
    ids = [item.get("action_id") for block in blocks for item in _pressable(block)]
    yield from within.repeated([it for it in ids if it is not None], "action_id")


def _view(kind: str, payload: Json, blocks: Sequence[Json]) -> Iterator[str]:
    if not blocks:
        yield "blocks: is empty"
    if len(_json(payload).encode("utf-8", "surrogatepass")) > LONGEST_VIEW:
        yield f"view: more than {LONGEST_VIEW} bytes of JSON"
    for name, most in (("private_metadata", LONGEST_METADATA), ("callback_id", LONGEST_CALLBACK)):
        value = payload.get(name, "")
        if not isinstance(value, str) or size(value) > most:
            yield f"{name}: longer than {most} characters"
    named = {name for name in ("title", "submit", "close") if name in payload}
    if kind == "home":
        yield from (f"{name}: a home has none" for name in sorted(named))
        return
    if "title" not in named:
        yield "title: is missing"
    for name in sorted(named):
        yield from within.text_object(payload[name], name, LONGEST_TITLE, plain=True)
    if "submit" not in named and any(block.get("type") == "input" for block in blocks):
        yield "submit: is missing, so that nothing that is filled in can be sent"


def _all(kind: str, blocks: Sequence[Json]) -> Iterator[str]:
    if len(blocks) > MOST_BLOCKS[kind]:
        yield f"blocks: {len(blocks)}, {MOST_BLOCKS[kind]} are allowed"
    ids = [block["block_id"] for block in blocks if block.get("block_id") is not None]
    yield from within.repeated(ids, "block_id")
    for number, block in enumerate(blocks):
        where = f"blocks[{number}]"
        yield from within.one_id(block, "block_id", where, needed=False)
        yield from _block(block, where)
        here = [item.get("action_id") for item in _pressable(block)]
        yield from within.repeated([it for it in here if it is not None], f"{where}.action_id")


def _block(block: Json, where: str) -> Iterator[str]:
    match block.get("type"):
        case "header":
            text = block.get("text")
            yield from within.text_object(text, f"{where}.text", LONGEST_HEADER, plain=True)
        case "rich_text":
            yield from within.rich_text(block, where)
        case "image":
            yield from within.picture(block, where)
        case "context":
            yield from _context(block, where)
        case "section":
            yield from _section(block, where)
        case "actions":
            yield from _elements(block, where)
            for number, item in enumerate(block.get("elements") or []):
                yield from within.element(item, f"{where}.elements[{number}]")
        case "input":
            yield from _input(block, where)
        case "divider":
            return
        case other:
            yield f"{where}: unknown block {other!r}"


def _elements(block: Json, where: str) -> Iterator[str]:
    most = MOST_ELEMENTS[block["type"]]
    elements = block.get("elements")
    if not isinstance(elements, list) or not 0 < len(elements) <= most:
        yield f"{where}: one to {most} elements are allowed"


def _context(block: Json, where: str) -> Iterator[str]:
    yield from _elements(block, where)
    for number, item in enumerate(block.get("elements") or []):
        place = f"{where}.elements[{number}]"
        if isinstance(item, Mapping) and item.get("type") == "image":
            yield from within.picture(item, place)
        else:
            yield from within.text_object(item, place)


def _section(block: Json, where: str) -> Iterator[str]:
    fields = block.get("fields") or []
    if "text" in block or not fields:
        yield from within.text_object(block.get("text"), f"{where}.text")
    if len(fields) > MOST_FIELDS:
        yield f"{where}: {len(fields)} fields, {MOST_FIELDS} are allowed"
    for number, item in enumerate(fields):
        yield from within.text_object(item, f"{where}.fields[{number}]", LONGEST_FIELD)
    beside = block.get("accessory")
    if isinstance(beside, Mapping) and beside.get("type") == "image":
        yield from within.picture(beside, f"{where}.accessory")
    elif beside is not None:
        yield from within.element(beside, f"{where}.accessory")


def _input(block: Json, where: str) -> Iterator[str]:
    label = block.get("label")
    yield from within.text_object(label, f"{where}.label", LONGEST_INPUT_LABEL, plain=True)
    if "hint" in block:
        hint = block["hint"]
        yield from within.text_object(hint, f"{where}.hint", LONGEST_INPUT_LABEL, plain=True)
    if not block.get("block_id"):
        yield f"{where}: an input without block_id can't be told apart"
    element = block.get("element")
    if isinstance(element, Mapping) and element.get("type") in {"button", "overflow"}:
        yield f"{where}.element: can't be filled in"
    yield from within.element(element, f"{where}.element")


def _pressable(block: Json) -> list[Json]:
    held = (*(block.get("elements") or ()), block.get("element"), block.get("accessory"))
    wanted = block.get("type") in {"actions", "input", "section"}
    return [item for item in held if wanted and isinstance(item, Mapping)]


def _sdk(kind: str, payload: Json, blocks: Sequence[Json]) -> Iterator[str]:
    """What Slack's own models say. They don't look inside menus, nor at the whole."""
    for number, block in enumerate(blocks):
        if block.get("type") not in KNOWN:
            continue  # said above; the models would write all of it into the log
        try:
            made = SdkBlock.parse(dict(block))
            if made is not None:
                made.to_dict()
        except (SlackObjectFormationError, TypeError, AttributeError, KeyError) as wrong:
            yield f"blocks[{number}]: {type(wrong).__name__}: {_first_line(wrong)}"
    if kind != "message":
        try:
            SdkView(**{str(name): value for name, value in payload.items()}).to_dict()
        except (SlackObjectFormationError, TypeError, AttributeError, KeyError) as wrong:
            yield f"view: {type(wrong).__name__}: {_first_line(wrong)}"


def _first_line(wrong: Exception) -> str:
    return str(wrong).partition("\n")[0][:200]


def _json(payload: object) -> str:
    return json.dumps(payload, ensure_ascii=False, separators=(",", ":"))
