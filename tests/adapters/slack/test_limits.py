"""The linter finds each fault that Slack would turn down, one at a time."""

from __future__ import annotations

from copy import deepcopy
from typing import TYPE_CHECKING, Any

import pytest

from adapters.slack.limits import problems


if TYPE_CHECKING:
    from collections.abc import Callable

    from adapters.slack.text import Block


def plain(words: str = "Words") -> Block:
    return {"type": "plain_text", "text": words}


def option(value: str = "v", words: str = "Words") -> Block:
    return {"text": plain(words), "value": value}


def button(action: str = "do:0", **fields: object) -> Block:
    return {"type": "button", "action_id": action, "text": plain(), "value": "v", **fields}


def menu(kind: str = "static_select", count: int = 2, **fields: object) -> Block:
    listed = [option(f"v{number}") for number in range(count)]
    return {"type": kind, "action_id": "menu", "options": listed, **fields}


def rich(*elements: Block, kind: str = "rich_text_section") -> Block:
    return {"type": "rich_text", "elements": [{"type": kind, "elements": list(elements)}]}


def leaf(words: str = "Words") -> Block:
    return {"type": "text", "text": words}


def actions(*elements: Block) -> Block:
    return {"type": "actions", "elements": list(elements)}


def entry(element: Block | None = None, block_id: str = "a", **fields: object) -> Block:
    box = {"type": "plain_text_input", "action_id": "field:0"}
    return {
        "type": "input",
        "block_id": block_id,
        "label": plain(),
        "element": box if element is None else element,
        **fields,
    }


PICTURE = {"type": "image", "slack_file": {"id": "F1"}, "alt_text": "A choir"}
CONFIRM = {"title": plain(), "text": plain(), "confirm": plain(), "deny": plain()}


def message(*blocks: Block, **fields: object) -> Block:
    return {"text": "Words", "blocks": list(blocks), **fields}


def modal(*blocks: Block, **fields: object) -> Block:
    return {
        "type": "modal",
        "title": plain("Title"),
        "submit": plain("Send"),
        "close": plain("Back"),
        "blocks": list(blocks or (rich(leaf()),)),
        **fields,
    }


GOOD: dict[str, Block] = {
    "a message of every block": message(
        {"type": "header", "text": plain()},
        rich(leaf()),
        rich(leaf(), kind="rich_text_preformatted"),
        {
            "type": "rich_text",
            "elements": [
                {
                    "type": "rich_text_list",
                    "style": "bullet",
                    "elements": [{"type": "rich_text_section", "elements": [leaf()]}],
                }
            ],
        },
        PICTURE,
        {"type": "context", "elements": [plain(), PICTURE]},
        {"type": "section", "text": {"type": "mrkdwn", "text": "Ours"}, "accessory": button()},
        {"type": "section", "fields": [plain()], "accessory": PICTURE},
        {"type": "divider"},
        actions(
            button("do:1", style="primary", confirm=CONFIRM, accessibility_label="Words"),
            button("link:2", url="https://a.example/"),
            menu("overflow", 1, action_id="more:3"),
        ),
    ),
    "a modal of every input": modal(
        entry(hint=plain()),
        entry(menu("checkboxes", 10), "b"),
        entry(menu("radio_buttons", 10), "c"),
        entry(menu("static_select", 100, initial_option=option("v1")), "d"),
        entry(menu("multi_static_select", 2, initial_options=[option("v1")]), "e"),
        entry({"type": "datetimepicker", "action_id": "f"}, "f"),
        entry({"type": "file_input", "action_id": "g", "max_files": 4}, "g"),
        entry({"type": "multi_external_select", "action_id": "h"}, "h"),
        entry(
            {
                "type": "static_select",
                "action_id": "i",
                "placeholder": plain(),
                "option_groups": [{"label": plain(), "options": [option()]}],
            },
            "i",
        ),
        private_metadata="{}",
        callback_id="form",
    ),
    "a home": {"type": "home", "blocks": [rich(leaf()), actions(button())]},
}


@pytest.mark.parametrize("good", GOOD.values(), ids=GOOD)
def test_what_slack_takes_has_no_problem(good: Block) -> None:
    assert problems(good) == ()


def many(block: Block, times: int) -> list[Block]:
    return [deepcopy(block) for _ in range(times)]


FAULTS: dict[str, tuple[Block, str]] = {
    "no known surface": ({"type": "workflow_step", "blocks": []}, "type:"),
    "blocks that are none": (message() | {"blocks": "words"}, "blocks: is no list"),
    "51 blocks in a message": (message(*many({"type": "divider"}, 51)), "51, 50 are allowed"),
    "101 blocks in a modal": (modal(*many({"type": "divider"}, 101)), "101, 100 are allowed"),
    "a modal without blocks": (modal() | {"blocks": []}, "blocks: is empty"),
    "no fallback": (message(rich(leaf())) | {"text": " "}, "text: is empty"),
    "a fallback that Slack cuts": (message(text="a" * 40_001), "40001 characters"),
    "more than Slack takes at once": (
        message(*many(rich(leaf("a" * 3_000)), 5)),
        "characters of JSON",
    ),
    "a view that is too large": (
        modal(*many(rich(leaf("é" * 3_900)), 40)),
        "more than 250000 bytes",
    ),
    "an input in a message": (message(entry()), "a message has no inputs"),
    "the same action twice in a message": (
        message(actions(button()), actions(button())),
        "action_id: 'do:0' is there 2 times",
    ),
    "the same action twice in a block": (
        {"type": "home", "blocks": [actions(button(), button())]},
        "action_id: 'do:0' is there 2 times",
    ),
    "the same block twice": (modal(entry(), entry()), "block_id: 'a' is there 2 times"),
    "a block id that is too long": (modal(entry(block_id="a" * 256)), "block_id: 256 characters"),
    "an action id that is too long": (message(actions(button("a" * 256))), "action_id: 256"),
    "an action without id": (message(actions(button(""))), "has no action_id"),
    "an unknown block": (message({"type": "video"}), "unknown block 'video'"),
    "an unknown element": (
        message(actions({"type": "slider", "action_id": "a"})),
        "unknown element 'slider'",
    ),
    "an address that is none": (message(rich({"type": "link", "url": 7})), "is no web address"),
    "a picture from nowhere on the web": (
        message({"type": "image", "image_url": "file:///etc/passwd", "alt_text": "a"}),
        "is no web address",
    ),
    "an element that is none": (message(actions() | {"elements": ["words"]}), "is no element"),
    "a header that is empty": (message({"type": "header", "text": plain(" ")}), "is empty"),
    "a header that is too long": (
        message({"type": "header", "text": plain("a" * 151)}),
        "151 characters, 150 are allowed",
    ),
    "a header of markup": (
        message({"type": "header", "text": {"type": "mrkdwn", "text": "a"}}),
        "must be plain_text",
    ),
    "a text that is none": (message({"type": "header", "text": "Words"}), "is no text"),
    "a picture without description": (message(PICTURE | {"alt_text": " "}), "has no alt_text"),
    "a description that is too long": (message(PICTURE | {"alt_text": "a" * 2_001}), "alt_text:"),
    "a picture from nowhere": (
        message({"type": "image", "alt_text": "a"}),
        "needs either image_url or slack_file",
    ),
    "a picture without a file": (message(PICTURE | {"slack_file": {}}), "names no file"),
    "a picture's title that is empty": (message(PICTURE | {"title": plain("")}), "is empty"),
    "a context of nothing": (message({"type": "context", "elements": []}), "one to 10"),
    "a context of too much": (
        message({"type": "context", "elements": many(plain(), 11)}),
        "one to 10 elements",
    ),
    "actions of nothing": (message(actions()), "one to 25 elements"),
    "too many actions": (
        message(actions(*(button(f"do:{number}") for number in range(26)))),
        "one to 25 elements",
    ),
    "a section of nothing": (message({"type": "section"}), "is no text"),
    "a section that is too long": (
        message({"type": "section", "text": plain("a" * 3_001)}),
        "3001 characters",
    ),
    "too many fields": (
        message({"type": "section", "fields": many(plain(), 11)}),
        "11 fields, 10 are allowed",
    ),
    "a field that is too long": (
        message({"type": "section", "fields": [plain("a" * 2_001)]}),
        "2001 characters",
    ),
    "rich text of nothing": (message({"type": "rich_text", "elements": []}), "has no elements"),
    "an empty part of rich text": (message(rich()), "has nothing in it"),
    "an empty leaf of rich text": (message(rich(leaf(""))), "is empty"),
    "an unknown leaf of rich text": (message(rich({"type": "song"})), "unknown element 'song'"),
    "a list of anything": (
        message(rich(leaf(), kind="rich_text_list")),
        "a list holds sections",
    ),
    "rich text that is too long": (
        message(rich(*many(leaf("a" * 2_001), 2))),
        "4002 characters, 4000 are allowed",
    ),
    "a link that leads nowhere": (
        message(rich({"type": "link", "url": "javascript:alert(1)"})),
        "is no web address",
    ),
    "a button without words": (message(actions(button(text=plain("")))), "is empty"),
    "a button's words that are too long": (
        message(actions(button(text=plain("a" * 76)))),
        "76 characters, 75 are allowed",
    ),
    "a button's words in pairs of units": (
        message(actions(button(text=plain("\U0001f389" * 38)))),
        "76 characters, 75 are allowed",
    ),
    "a button that carries too much": (
        message(actions(button(value="v" * 2_001))),
        "longer than 2000",
    ),
    "a style that there isn't": (message(actions(button(style="plain"))), "primary or danger"),
    "an address that there isn't": (message(actions(button(url="ftp://a"))), "no web address"),
    "an address that is too long": (
        message(actions(button(url="https://a.example/" + "a" * 3_000))),
        "3000 are allowed",
    ),
    "nothing for a screen reader": (
        message(actions(button(accessibility_label=""))),
        "accessibility_label: is empty",
    ),
    "too much for a screen reader": (
        message(actions(button(accessibility_label="a" * 76))),
        "accessibility_label: 76",
    ),
    "a question that is empty": (
        message(actions(button(confirm=CONFIRM | {"text": plain("")}))),
        "confirm.text: is empty",
    ),
    "a question that is too long": (
        message(actions(button(confirm=CONFIRM | {"confirm": plain("a" * 31)}))),
        "31 characters, 30 are allowed",
    ),
    "a question that is none": (message(actions(button(confirm="Sure?"))), "is no dialog"),
    "a question of no style": (
        message(actions(button(confirm=CONFIRM | {"style": "plain"}))),
        "primary or danger",
    ),
    "a menu of nothing": (message(actions(menu("overflow", 0))), "one to 5 options"),
    "a menu of too much": (message(actions(menu("overflow", 6))), "one to 5 options"),
    "too many boxes to tick": (modal(entry(menu("checkboxes", 11))), "one to 10 options"),
    "too many to choose from": (modal(entry(menu("static_select", 101))), "one to 100 options"),
    "an option that carries too much": (
        message(actions(menu("overflow", 0, options=[option("v" * 151)]))),
        "151 characters, 150 are allowed",
    ),
    "an option that carries nothing": (
        message(actions(menu("overflow", 0, options=[option("")]))),
        "has no value",
    ),
    "an option's words that are too long": (
        modal(entry(menu("checkboxes", 0, options=[option(words="a" * 76)]))),
        "76 characters",
    ),
    "an option's description that is too long": (
        modal(entry(menu("checkboxes", 0, options=[option() | {"description": plain("a" * 76)}]))),
        "description: 76",
    ),
    "the same option twice": (
        modal(entry(menu("static_select", 0, options=[option(), option()]))),
        "options: 'v' is there 2 times",
    ),
    "chosen beforehand, and not there": (
        modal(entry(menu(initial_option=option("other")))),
        "what can't be chosen",
    ),
    "nothing chosen beforehand": (
        modal(entry(menu("checkboxes", initial_options=[]))),
        "initial_options: is empty",
    ),
    "groups and options": (
        modal(entry(menu(option_groups=[{"label": plain(), "options": [option()]}]))),
        "no options beside them",
    ),
    "a group without a name": (
        modal(
            entry(
                {
                    "type": "static_select",
                    "action_id": "a",
                    "option_groups": [{"label": plain(""), "options": [option()]}],
                }
            )
        ),
        "label: is empty",
    ),
    "a placeholder that is too long": (
        modal(entry(menu(placeholder=plain("a" * 151)))),
        "placeholder: 151",
    ),
    "a box that is too large": (
        modal(entry({"type": "plain_text_input", "action_id": "a", "max_length": 3_001})),
        "max_length: 1 to 3000",
    ),
    "a box that starts too full": (
        modal(
            entry(
                {
                    "type": "plain_text_input",
                    "action_id": "a",
                    "max_length": 5,
                    "initial_value": "too long",
                }
            )
        ),
        "longer than may be written there",
    ),
    "an input without a name": (modal(entry(block_id="")), "can't be told apart"),
    "an input that is a button": (modal(entry(button())), "can't be filled in"),
    "an input without a label": (modal(entry(label=plain(""))), "label: is empty"),
    "a label that is too long": (modal(entry(label=plain("a" * 2_001))), "label: 2001"),
    "a hint that is empty": (modal(entry(hint=plain(""))), "hint: is empty"),
    "inputs that can't be sent": (
        {key: value for key, value in modal(entry()).items() if key != "submit"},
        "submit: is missing",
    ),
    "no title": (
        {key: value for key, value in modal().items() if key != "title"},
        "title: is missing",
    ),
    "a title that is too long": (modal(title=plain("a" * 25)), "title: 25"),
    "a submit that is too long": (modal(submit=plain("a" * 25)), "submit: 25"),
    "a close that is too long": (modal(close=plain("a" * 25)), "close: 25"),
    "metadata that is too long": (modal(private_metadata="a" * 3_001), "private_metadata:"),
    "a callback that is too long": (modal(callback_id="a" * 256), "callback_id:"),
    "a home with a title": (
        {"type": "home", "title": plain(), "blocks": [rich(leaf())]},
        "a home has none",
    ),
}


@pytest.mark.parametrize(("bad", "expected"), FAULTS.values(), ids=FAULTS)
def test_each_fault_is_found(bad: Block, expected: str) -> None:
    found = problems(bad)
    assert any(expected in problem for problem in found), found


def break_it(change: Callable[[Any], None]) -> tuple[str, ...]:
    bad = deepcopy(GOOD["a message of every block"])
    change(bad["blocks"])
    return problems(bad)


def test_slacks_own_models_are_asked_as_well() -> None:
    def an_unheard_of_style(blocks: list[Block]) -> None:
        blocks[9]["elements"][0]["style"] = "loud"

    found = break_it(an_unheard_of_style)
    assert any("SlackObjectFormationError" in problem for problem in found)


def test_a_problem_never_repeats_what_people_wrote() -> None:
    secret = "Amelia" * 600
    bad = message(
        rich(leaf(secret)),
        {"type": "header", "text": plain(secret)},
        actions(button(text=plain(secret))),
        PICTURE | {"alt_text": secret},
    )
    found = problems(bad)
    assert len(found) >= 3
    assert not any("Amelia" in problem for problem in found)
