"""A form as Slack's dialog, and what was filled in, read back. Pure.

A dialog carries the button's payload and a request minted when it was opened, nothing of a person.
Field names are the ids of their blocks, so a sentence about a field can be put under it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from typing import TYPE_CHECKING, Any, Final, assert_never

from adapters import payloads
from adapters.payloads import BadPayload
from adapters.slack import text
from adapters.slack.render import captions
from moderation.views import Choice, Confirm, Intent, Media, Quote, Text, When


if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from adapters.intents import Values
    from adapters.slack.text import Block
    from moderation.views import Card, Field, Form

FORM: Final = "form"
"""The ``callback_id`` of a dialog that can be submitted."""
WORDS: Final = "words"
"""The ``callback_id`` of a dialog that is only read."""

MOST_BLOCKS: Final = 100
LONGEST_TITLE: Final = 24
LONGEST_HEADER: Final = 150
LONGEST_LABEL: Final = 2_000
LONGEST_INPUT: Final = 3_000
LONGEST_TEXT: Final = 3_000
LONGEST_OPTION: Final = 75
LONGEST_VALUE: Final = 150
MOST_TICKS: Final = 10
"""More options than this are a menu instead of boxes to tick."""
MOST_OPTIONS: Final = 100
"""In a menu, or in each group of one."""
MOST_STORED: Final = 100
"""Fields and choices that are read from one dialog."""

ONE_MOMENT: Final = "One moment…"
GO_BACK: Final = "Go back"
I_CONFIRM: Final = "I confirm this"
NOTHING_TO_CHOOSE: Final = "There is nothing to choose from."
BROKEN: Final = "That can't be read. Nothing changed. Please open the form again."

_REQUEST = re.compile(r"[A-Za-z0-9-]{8,64}")
_PLACE = re.compile(r"[A-Z][A-Z0-9]{1,30}")
_TS = re.compile(r"\d{1,16}\.\d{1,9}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Memo:
    """What a dialog carries. ``conversation`` and ``ts`` name the card's message, or are ""."""

    intent: Intent
    request: str
    conversation: str = ""
    ts: str = ""


# -- views ----------------------------------------------------------------------------------------


def waiting(title: str = ONE_MOMENT) -> Block:
    """What opens at once, to be filled by ``views.update``: a trigger lives three seconds."""
    return _view(title, [text.rich(text.section(text.run(ONE_MOMENT)))])


def form_view(form: Form, memo: Memo) -> Block:
    """The dialog of ``form``. Raises ``ValueError`` for a form that no dialog can hold."""
    blocks = list(_intro(form))
    blocks += [_field(field, number) for number, field in enumerate(form.fields)]
    view = _view(form.title, blocks or [_bold(form.title)])
    view |= {
        "callback_id": FORM,
        "private_metadata": _written(memo),
        "submit": text.plain(text.short(form.submit, LONGEST_TITLE)),
    }
    return view


def told(title: str, sentences: Sequence[str], *, words: Sequence[str] = ()) -> Block:
    """A dialog that only says something, a paragraph each; ``words`` are somebody's own."""
    said = [text.rich(text.section(text.run(text.cut(line, LONGEST_TEXT)))) for line in sentences]
    said += [text.rich(text.exactly([text.run(text.cut(it, LONGEST_TEXT))])) for it in words]
    return _view(title, said[:MOST_BLOCKS] or [text.rich(text.section(text.run(text.NOTHING)))])


def words_of(card: Card) -> Block:
    """All the words that are quoted in ``card``, however long, to be read."""
    blocks = _words_in(card)
    view = _view(card.title, blocks[:MOST_BLOCKS] or [_bold(text.NOTHING)])
    return view | {"callback_id": WORDS}


def words_and_form(card: Card, form: Form, memo: Memo) -> Block:
    """All the words that are quoted in ``card``, and below them the dialog of ``form``.

    Where no dialog holds them all, they are only to be read, as far as they go.
    """
    words, view = _words_in(card), form_view(form, memo)
    if len(words) + len(view["blocks"]) > MOST_BLOCKS:
        return words_of(card)
    return view | {"blocks": [*words, *view["blocks"]]}


def _view(title: str, blocks: list[Block]) -> Block:
    return {
        "type": "modal",
        "title": text.plain(text.short(title, LONGEST_TITLE)),
        "close": text.plain(GO_BACK),
        "blocks": blocks,
    }


def _words_in(card: Card) -> list[Block]:
    blocks: list[Block] = []
    for quote in _quotes(card):
        if quote.label:
            blocks.append(_bold(quote.label))
        draw = text.exactly if quote.copyable else text.quoted
        most = MOST_BLOCKS * text.LONGEST_PAGE
        pages = text.pages(quote.text, quote.marks, most)
        blocks += [text.rich(draw(elements)) for elements, _ in pages]
    return blocks


def _quotes(card: Card) -> Iterator[Quote]:
    for part in card.parts:
        if isinstance(part, Quote):
            yield part
        elif isinstance(part, Media):
            yield from (it for it in map(captions, part.pictures) if it is not None)


def _intro(form: Form) -> Iterator[Block]:
    """A title that doesn't fit into the dialog's own is said once more, and then the note."""
    if text.size(" ".join(form.title.split())) > LONGEST_TITLE:
        yield {"type": "header", "text": text.plain(text.short(form.title, LONGEST_HEADER))}
    if form.note:
        yield text.rich(text.section(text.run(text.cut(form.note, LONGEST_TEXT))))


def _bold(words: str) -> Block:
    return text.rich(text.section(text.run(text.cut(words, 500), text.BOLD)))


# -- fields ---------------------------------------------------------------------------------------


def _field(field: Field, number: int) -> Block:
    action = f"field:{number}"
    match field:
        case Text():
            return _input(field, _box(field, action), required=field.required)
        case Choice() if not field.options:
            said = f"{field.label}: {NOTHING_TO_CHOOSE}"
            return text.rich(text.section(text.run(text.cut(said, LONGEST_LABEL))))
        case Choice():
            return _input(field, _choice(field, action), required=field.required)
        case Confirm():
            ticks = {
                "type": "checkboxes",
                "action_id": action,
                "options": [{"text": text.plain(I_CONFIRM), "value": "yes"}],
            }
            return _input(field, ticks, required=True)
        case When():
            time: Block = {"type": "datetimepicker", "action_id": action}
            if field.value is not None:
                time["initial_date_time"] = int(field.value.timestamp())
            return _input(field, time, required=False)
        case _ as unreachable:
            assert_never(unreachable)


def _input(field: Field, element: Block, *, required: bool) -> Block:
    if isinstance(field, Confirm):
        label, hint = field.statement, ""
    else:
        label, hint = field.label, field.hint
    if isinstance(field, Text):
        hint = " ".join(filter(None, (hint, _not_all(field))))
    block: Block = {
        "type": "input",
        "block_id": field.name,
        "label": text.plain(text.cut(label, LONGEST_LABEL)),
        "element": element,
        "optional": not required,
    }
    if hint.strip():
        block["hint"] = text.plain(text.cut(hint, LONGEST_LABEL))
    return block


def _room(field: Text) -> int:
    return max(1, min(field.limit, LONGEST_INPUT))


def _not_all(field: Text) -> str:
    """Said where what stands there already is longer than Slack's box."""
    missing = len(field.value) - len(text.head(field.value, _room(field)))
    return f"{missing:,} more characters don't fit in here." if missing else ""


def _box(field: Text, action: str) -> Block:
    longest = _room(field)
    box: Block = {
        "type": "plain_text_input",
        "action_id": action,
        "multiline": field.lines > 1,
        "max_length": longest,
    }
    value = text.head(field.value, longest)
    if value:
        box["initial_value"] = value
    return box


def _choice(field: Choice, action: str) -> Block:
    labels = dict(reversed(field.options))  # Slack refuses a value that is there twice
    options = [
        _option(value, labels[value]) for value in dict.fromkeys(it for it, _ in field.options)
    ]
    chosen = [option for option in options if option["value"] in field.chosen]
    if len(options) <= MOST_TICKS:
        drawn: Block = {
            "type": "checkboxes" if field.many else "radio_buttons",
            "action_id": action,
            "options": options,
        }
    else:
        drawn = {
            "type": "multi_static_select" if field.many else "static_select",
            "action_id": action,
            "placeholder": text.plain("Please choose"),
        } | _menu(options)
    if chosen:
        initial: Block = (
            {"initial_options": chosen} if field.many else {"initial_option": chosen[0]}
        )
        drawn |= initial
    return drawn


def _option(value: str, label: str) -> Block:
    if not value or text.size(value) > LONGEST_VALUE:
        message = "a dialog can't carry this choice"
        raise ValueError(message)
    return {"text": text.plain(text.short(label, LONGEST_OPTION)), "value": value}


def _menu(options: list[Block]) -> Block:
    """A menu of at most a hundred, or of groups of a hundred, named by their first and last."""
    if len(options) <= MOST_OPTIONS:
        return {"options": options}
    if len(options) > MOST_OPTIONS**2:
        message = "a dialog can't hold so many choices"
        raise ValueError(message)
    groups = [options[at : at + MOST_OPTIONS] for at in range(0, len(options), MOST_OPTIONS)]
    return {"option_groups": [{"label": _span(group), "options": group} for group in groups]}


def _span(group: list[Block]) -> Block:
    first, last = (text.short(item["text"]["text"], 34) for item in (group[0], group[-1]))
    return text.plain(f"{first} – {last}")


# -- what comes back ------------------------------------------------------------------------------


def memo(view: Mapping[str, object]) -> Memo | BadPayload:
    """What the submitted dialog carries; anybody may have sent it."""
    raw = view.get("private_metadata")
    try:
        held: object = json.loads(raw) if isinstance(raw, str) else None
    except (ValueError, RecursionError):
        held = None
    if not isinstance(held, Mapping):
        return BadPayload(BROKEN)
    intent = payloads.decode(held.get("intent"))
    if isinstance(intent, BadPayload):
        return intent
    request = _matching(held.get("request"), _REQUEST)
    if not request:
        return BadPayload(BROKEN)
    return Memo(
        intent=intent,
        request=request,
        conversation=_matching(held.get("conversation"), _PLACE),
        ts=_matching(held.get("ts"), _TS),
    )


def values(view: Mapping[str, object], zone: tzinfo) -> Values | BadPayload:
    """The fields of a submitted dialog by name; one that was left empty is left out.

    A time is local in ``zone``, like "2026-11-19T08:00", as every platform gives it.
    """
    state = view.get("state")
    blocks = state.get("values") if isinstance(state, Mapping) else None
    if not isinstance(blocks, Mapping) or len(blocks) > MOST_STORED:
        return BadPayload(BROKEN)
    found: dict[str, str | tuple[str, ...]] = {}
    for name, actions in blocks.items():
        held = list(actions.values()) if isinstance(actions, Mapping) else []
        if not isinstance(name, str) or len(held) != 1 or not isinstance(held[0], Mapping):
            return BadPayload(BROKEN)
        value = _value(held[0], zone)
        if isinstance(value, BadPayload):
            return value
        if value:
            found[name] = value
    return found


def typed(view: Mapping[str, object]) -> tuple[str, ...]:
    """What somebody typed into the boxes of a dialog, whatever else it holds."""
    state = view.get("state")
    blocks = state.get("values") if isinstance(state, Mapping) else None
    fields = blocks.values() if isinstance(blocks, Mapping) else ()
    held = [it for field in fields if isinstance(field, Mapping) for it in field.values()]
    boxes = (it for it in held if isinstance(it, Mapping) and it.get("type") == "plain_text_input")
    said = (_words(it.get("value"), LONGEST_INPUT * 2) for it in boxes)
    return tuple(it for it in said if isinstance(it, str) and it.strip())[:MOST_STORED]


def _value(held: Mapping[str, object], zone: tzinfo) -> str | tuple[str, ...] | BadPayload:
    match held.get("type"):
        case "plain_text_input":
            return _words(held.get("value"), LONGEST_INPUT * 2)
        case "radio_buttons" | "static_select":
            option = held.get("selected_option")
            return "" if option is None else _chosen(option)
        case "checkboxes" | "multi_static_select":
            return _ticked(held.get("selected_options"))
        case "datetimepicker":
            return _local(held.get("selected_date_time"), zone)
        case _:
            return BadPayload(BROKEN)


def _words(value: object, longest: int) -> str | BadPayload:
    if value is None:
        return ""
    if not isinstance(value, str) or len(value) > longest:
        return BadPayload(BROKEN)
    if "\0" in value or any("\ud800" <= char <= "\udfff" for char in value):
        return BadPayload(BROKEN)
    return value


def _chosen(option: object) -> str | BadPayload:
    value = option.get("value") if isinstance(option, Mapping) else None
    if not isinstance(value, str) or not value:
        return BadPayload(BROKEN)
    return _words(value, LONGEST_VALUE)


def _ticked(options: object) -> tuple[str, ...] | BadPayload:
    if options is None:
        return ()
    if not isinstance(options, list) or len(options) > MOST_STORED:
        return BadPayload(BROKEN)
    ticked = [_chosen(option) for option in options]
    good = tuple(value for value in ticked if isinstance(value, str))
    return good if len(good) == len(ticked) else BadPayload(BROKEN)


def _local(seconds: object, zone: tzinfo) -> str | BadPayload:
    if seconds is None:
        return ""
    if not isinstance(seconds, int) or isinstance(seconds, bool):
        return BadPayload(BROKEN)
    try:
        at = datetime.fromtimestamp(seconds, UTC).astimezone(zone)
    except (OverflowError, ValueError, OSError):
        return BadPayload(BROKEN)
    return at.strftime("%Y-%m-%dT%H:%M")


def _matching(value: object, shape: re.Pattern[str]) -> str:
    return value if isinstance(value, str) and shape.fullmatch(value) else ""


def _written(memo: Memo) -> str:
    held: dict[str, Any] = {"intent": payloads.encode(memo.intent), "request": memo.request}
    if memo.conversation:
        held |= {"conversation": memo.conversation, "ts": memo.ts}
    return json.dumps(held, separators=(",", ":"), ensure_ascii=False)
