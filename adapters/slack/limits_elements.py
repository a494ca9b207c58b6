"""The limits of what stands inside a block: texts, buttons, menus, inputs. See ``limits``."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from adapters.slack.text import LONGEST_URL, size


if TYPE_CHECKING:
    from collections.abc import Iterator

Json: TypeAlias = Mapping[str, Any]

LONGEST_TEXT: Final = 3_000
LONGEST_ID: Final = 255
LONGEST_ALT: Final = 2_000
LONGEST_LABEL: Final = 75
"""Of a button and of an option."""
LONGEST_OPTION_VALUE: Final = 150
LONGEST_BUTTON_VALUE: Final = 2_000
LONGEST_PLACEHOLDER: Final = 150
LONGEST_INPUT: Final = 3_000
LONGEST_RICH_TEXT: Final = 4_000
"""Units in one ``rich_text`` block. Slack documents no limit; this leaves room below its others."""
MOST_OPTIONS: Final[Mapping[str, int]] = {
    "overflow": 5,
    "checkboxes": 10,
    "radio_buttons": 10,
    "static_select": 100,
    "multi_static_select": 100,
}
MOST_GROUPS: Final = 100
LONGEST_CONFIRM: Final[Mapping[str, int]] = {"title": 100, "text": 300, "confirm": 30, "deny": 30}
STYLES: Final = frozenset({"primary", "danger"})
OTHER_ELEMENTS: Final = frozenset(
    {
        "datepicker",
        "datetimepicker",
        "email_text_input",
        "external_select",
        "file_input",
        "multi_external_select",
        "number_input",
        "timepicker",
        "url_text_input",
    }
)
"""Elements that may stand there, with nothing to check but their id and placeholder."""
LISTS: Final = frozenset({"rich_text_list"})
SECTIONS: Final = frozenset({"rich_text_section", "rich_text_quote", "rich_text_preformatted"})
LEAVES: Final = frozenset({"text", "link", "emoji", "date"})


def text_object(
    thing: object, where: str, most: int = LONGEST_TEXT, *, plain: bool = False
) -> Iterator[str]:
    """A ``plain_text`` or ``mrkdwn`` object with something in it."""
    if not isinstance(thing, Mapping) or thing.get("type") not in {"plain_text", "mrkdwn"}:
        yield f"{where}: is no text"
        return
    if plain and thing["type"] != "plain_text":
        yield f"{where}: must be plain_text"
    words = thing.get("text")
    if not isinstance(words, str) or not words.strip():
        yield f"{where}: is empty"
    elif size(words) > most:
        yield f"{where}: {size(words)} characters, {most} are allowed"


def one_id(thing: Json, name: str, where: str, *, needed: bool) -> Iterator[str]:
    """A ``block_id`` or ``action_id``."""
    value = thing.get(name)
    if value is None and not needed:
        return
    if not isinstance(value, str) or not value:
        yield f"{where}: has no {name}"
    elif size(value) > LONGEST_ID:
        yield f"{where}.{name}: {size(value)} characters, {LONGEST_ID} are allowed"


def repeated(ids: list[object], where: str) -> Iterator[str]:
    """Ids that are given twice."""
    for value, times in Counter(map(repr, ids)).items():
        if times > 1:
            yield f"{where}: {value} is there {times} times"


def picture(thing: Json, where: str) -> Iterator[str]:
    """A picture is described, and comes from one place."""
    alt = thing.get("alt_text")
    if not isinstance(alt, str) or not alt.strip():
        yield f"{where}: has no alt_text"
    elif size(alt) > LONGEST_ALT:
        yield f"{where}.alt_text: {size(alt)} characters, {LONGEST_ALT} are allowed"
    if ("image_url" in thing) == ("slack_file" in thing):
        yield f"{where}: needs either image_url or slack_file"
    file = thing.get("slack_file", {"id": "F"})
    if not isinstance(file, Mapping) or not (file.get("id") or file.get("url")):
        yield f"{where}.slack_file: names no file"
    if "image_url" in thing:
        yield from address(thing["image_url"], f"{where}.image_url")
    if "title" in thing:
        yield from text_object(thing["title"], f"{where}.title", LONGEST_ALT, plain=True)


def address(value: object, where: str) -> Iterator[str]:
    """An address that Slack opens."""
    if not isinstance(value, str) or not value.startswith(("https://", "http://")):
        yield f"{where}: is no web address"
    elif size(value) > LONGEST_URL:
        yield f"{where}: {size(value)} characters, {LONGEST_URL} are allowed"


# -- what can be pressed or filled in -------------------------------------------------------------


def element(thing: object, where: str) -> Iterator[str]:
    """An interactive element of an actions, input or section block."""
    kind = thing.get("type") if isinstance(thing, Mapping) else None
    if not isinstance(thing, Mapping) or not isinstance(kind, str):
        yield f"{where}: is no element"
        return
    yield from one_id(thing, "action_id", where, needed=True)
    if "placeholder" in thing:
        yield from text_object(
            thing["placeholder"], f"{where}.placeholder", LONGEST_PLACEHOLDER, plain=True
        )
    if "confirm" in thing:
        yield from _confirm(thing["confirm"], f"{where}.confirm")
    if kind == "button":
        yield from _button(thing, where)
    elif kind in MOST_OPTIONS:
        yield from _menu(thing, kind, where)
    elif kind == "plain_text_input":
        yield from _box(thing, where)
    elif kind not in OTHER_ELEMENTS:
        yield f"{where}: unknown element {kind!r}"


def _button(thing: Json, where: str) -> Iterator[str]:
    yield from text_object(thing.get("text"), f"{where}.text", LONGEST_LABEL, plain=True)
    value = thing.get("value", "")
    if not isinstance(value, str) or size(value) > LONGEST_BUTTON_VALUE:
        yield f"{where}.value: longer than {LONGEST_BUTTON_VALUE} characters"
    if "style" in thing and thing["style"] not in STYLES:
        yield f"{where}.style: must be primary or danger"
    if "url" in thing:
        yield from address(thing["url"], f"{where}.url")
    said = thing.get("accessibility_label", NotImplemented)
    if said is not NotImplemented:
        label = {"type": "plain_text", "text": said}
        yield from text_object(label, f"{where}.accessibility_label", LONGEST_LABEL)


def _confirm(thing: object, where: str) -> Iterator[str]:
    if not isinstance(thing, Mapping):
        yield f"{where}: is no dialog"
        return
    for name, most in LONGEST_CONFIRM.items():
        yield from text_object(thing.get(name), f"{where}.{name}", most, plain=name != "text")
    if "style" in thing and thing["style"] not in STYLES:
        yield f"{where}.style: must be primary or danger"


def _menu(thing: Json, kind: str, where: str) -> Iterator[str]:
    groups = thing.get("option_groups")
    if groups is None:
        options = thing.get("options")
        yield from _options(options, kind, f"{where}.options")
        given = list(options) if isinstance(options, list) else []
    elif "options" in thing or not isinstance(groups, list) or not 0 < len(groups) <= MOST_GROUPS:
        yield f"{where}.option_groups: one to {MOST_GROUPS}, and no options beside them"
        return
    else:
        given = []
        for number, group in enumerate(groups):
            place = f"{where}.option_groups[{number}]"
            yield from text_object(group.get("label"), f"{place}.label", LONGEST_LABEL, plain=True)
            yield from _options(group.get("options"), kind, place)
            given += group.get("options") or []
    if kind != "overflow":
        yield from repeated([item.get("value") for item in given], f"{where}.options")
    initial = [thing.get("initial_option"), *(thing.get("initial_options") or [])]
    if any(item is not None and item not in given for item in initial):
        yield f"{where}: chosen beforehand is what can't be chosen"
    if thing.get("initial_options") == []:
        yield f"{where}.initial_options: is empty"


def _options(options: object, kind: str, where: str) -> Iterator[str]:
    most = MOST_OPTIONS[kind]
    if not isinstance(options, list) or not 0 < len(options) <= most:
        yield f"{where}: one to {most} options are allowed"
        return
    for number, option in enumerate(options):
        place = f"{where}[{number}]"
        yield from text_object(option.get("text"), f"{place}.text", LONGEST_LABEL)
        if "description" in option:
            yield from text_object(option["description"], f"{place}.description", LONGEST_LABEL)
        value = option.get("value")
        if not isinstance(value, str) or not value:
            yield f"{place}: has no value"
        elif size(value) > LONGEST_OPTION_VALUE:
            yield f"{place}.value: {size(value)} characters, {LONGEST_OPTION_VALUE} are allowed"


def _box(thing: Json, where: str) -> Iterator[str]:
    longest = thing.get("max_length", LONGEST_INPUT)
    if not isinstance(longest, int) or not 1 <= longest <= LONGEST_INPUT:
        yield f"{where}.max_length: 1 to {LONGEST_INPUT}"
        return
    value = thing.get("initial_value", "")
    if not isinstance(value, str) or size(value) > longest:
        yield f"{where}.initial_value: longer than may be written there"


# -- rich text ------------------------------------------------------------------------------------


def rich_text(thing: Json, where: str) -> Iterator[str]:
    """A ``rich_text`` block: its parts, none of their texts empty, not too much in all."""
    parts = thing.get("elements")
    if not isinstance(parts, list) or not parts:
        yield f"{where}: has no elements"
        return
    for number, part in enumerate(parts):
        yield from _rich_part(part, f"{where}.elements[{number}]")
    length = sum(size(str(leaf.get("text", ""))) for leaf in leaves(thing))
    if length > LONGEST_RICH_TEXT:
        yield f"{where}: {length} characters, {LONGEST_RICH_TEXT} are allowed"


def leaves(thing: Json) -> Iterator[Json]:
    """The elements inside a ``rich_text`` block that hold words."""
    for part in thing.get("elements") or []:
        if isinstance(part, Mapping) and "elements" in part:
            yield from leaves(part)
        elif isinstance(part, Mapping):
            yield part


def _rich_part(part: Json, where: str) -> Iterator[str]:
    kind, inner = part.get("type"), part.get("elements")
    if kind not in LISTS | SECTIONS or not isinstance(inner, list) or not inner:
        yield f"{where}: is no part of rich text, or has nothing in it"
        return
    for number, item in enumerate(inner):
        place = f"{where}.elements[{number}]"
        if kind in LISTS:
            if item.get("type") != "rich_text_section":
                yield f"{place}: a list holds sections"
            else:
                yield from _rich_part(item, place)
        elif item.get("type") not in LEAVES:
            yield f"{place}: unknown element {item.get('type')!r}"
        elif item["type"] == "text" and not item.get("text"):
            yield f"{place}: is empty"
        elif item["type"] == "link":
            yield from address(item.get("url"), f"{place}.url")
