"""A form as Slack's dialog: within the limits, and what comes back means what was filled in."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, get_args
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings, strategies as st

from adapters import intents, payloads
from adapters.payloads import BadPayload
from adapters.slack import modals, text
from adapters.slack.limits import problems
from moderation import views
from moderation.kernel import FindingKey, PostId
from moderation.posts import commands as ask
from moderation.views import Choice, Confirm, Form, Intent, Quote, Text, When
from tests.adapters.slack import cards as any_of
from tests.adapters.slack.hostile import parsed, said
from tests.fakes.cards import full, plain


if TYPE_CHECKING:
    from collections.abc import Mapping

    from adapters.intents import Values
    from adapters.slack.text import Block

LONDON = ZoneInfo("Europe/London")
INTENT = Intent(verb="post.approve", id="01POST", rev=3)
MEMO = modals.Memo(intent=INTENT, request="01REQUEST", conversation="C012ABC", ts="1700000000.0001")


def a_form(*fields: views.Field) -> Form:
    return Form(title="Please say", fields=fields, submit="Send")


def drawn(*fields: views.Field) -> list[Block]:
    view = modals.form_view(a_form(*fields), MEMO)
    assert problems(view) == ()
    return [block["element"] for block in view["blocks"] if block["type"] == "input"]


def filled(view: Mapping[str, Any], answers: Mapping[str, object]) -> dict[str, Any]:
    """The view as Slack sends it back, with ``answers`` by block id: what somebody typed or chose.

    What nobody touched holds what stood there.
    """
    inputs = [block for block in view["blocks"] if block["type"] == "input"]
    assert answers.keys() <= {block["block_id"] for block in inputs}
    state = {
        block["block_id"]: {
            block["element"]["action_id"]: _state(
                block["element"], answers.get(block["block_id"], NotImplemented)
            )
        }
        for block in inputs
    }
    return {**view, "state": {"values": state}}


def _state(element: Mapping[str, Any], answer: Any) -> dict[str, Any]:  # noqa: ANN401 -- as JSON
    kind = element["type"]
    untouched = answer is NotImplemented
    options = [
        *element.get("options", ()),
        *(option for group in element.get("option_groups", ()) for option in group["options"]),
    ]
    match kind:
        case "plain_text_input":
            return {"type": kind, "value": element.get("initial_value") if untouched else answer}
        case "checkboxes" | "multi_static_select":
            chosen = [option for option in options if not untouched and option["value"] in answer]
            before = element.get("initial_options", [])
            return {"type": kind, "selected_options": before if untouched else chosen}
        case "datetimepicker":
            before = element.get("initial_date_time")
            return {"type": kind, "selected_date_time": before if untouched else answer}
        case _:
            found = next((option for option in options if option["value"] == answer), None)
            before = element.get("initial_option")
            return {"type": kind, "selected_option": before if untouched else found}


def values(view: Mapping[str, Any], answers: Mapping[str, object]) -> Values:
    read = modals.values(filled(view, answers), LONDON)
    assert not isinstance(read, BadPayload)
    return read


# -- drawing --------------------------------------------------------------------------------------


def test_every_field_of_the_vocabulary_is_drawn() -> None:
    form = full().buttons[0].form
    assert form is not None
    assert {type(field) for field in form.fields} == set(get_args(views.Field))
    view = modals.form_view(form, MEMO)
    assert problems(view) == ()
    kinds = [block["element"]["type"] for block in view["blocks"] if block["type"] == "input"]
    assert kinds == [
        "checkboxes",
        "plain_text_input",
        "radio_buttons",
        "checkboxes",
        "datetimepicker",
    ]
    words = said(view["blocks"])
    for expected in ("Facts only, please.", "I checked that this is no pupil.", "For the record"):
        assert expected in words


def test_a_box_keeps_to_its_limit_and_its_lines() -> None:
    [short, long] = drawn(
        Text(name="a", label="A", lines=1, limit=200, value="Words"),
        Text(name="b", label="B", lines=3, limit=4_000),
    )
    assert (short["multiline"], short["max_length"]) == (False, 200)
    assert short["initial_value"] == "Words"
    assert (long["multiline"], long["max_length"]) == (True, 3_000)
    assert "initial_value" not in long


def test_words_that_do_not_fit_into_the_box_are_missed() -> None:
    field = Text(name="a", label="A", limit=4_000, value="x" * 3_500)
    [block] = modals.form_view(a_form(field), MEMO)["blocks"]
    assert len(block["element"]["initial_value"]) == 3_000
    assert block["hint"]["text"] == "500 more characters don't fit in here."


def test_a_statement_cannot_be_ticked_beforehand() -> None:
    view = modals.form_view(a_form(Confirm(name="confirm:k", statement="I opened it.")), MEMO)
    [block] = view["blocks"]
    assert block["label"]["text"] == "I opened it."
    assert block["optional"] is False
    assert "initial_options" not in block["element"]


@pytest.mark.parametrize(
    ("many", "options", "kind"),
    [
        (False, 2, "radio_buttons"),
        (False, 11, "static_select"),
        (False, 300, "static_select"),
        (True, 10, "checkboxes"),
        (True, 11, "multi_static_select"),
        (True, 300, "multi_static_select"),
    ],
)
def test_a_choice_is_drawn_as_large_as_it_is(many: bool, options: int, kind: str) -> None:  # noqa: FBT001
    given_ = tuple((f"v{number}", f"Number {number}") for number in range(options))
    field = Choice(name="a", label="A", options=given_, many=many, chosen=("v1",))
    [element] = drawn(field)
    assert element["type"] == kind
    shown = [
        *element.get("options", ()),
        *(item for group in element.get("option_groups", ()) for item in group["options"]),
    ]
    assert [(item["value"], item["text"]["text"]) for item in shown] == list(given_)
    initial = element["initial_options"] if many else [element["initial_option"]]
    assert [item["value"] for item in initial] == ["v1"]


def test_a_choice_of_nothing_is_no_field() -> None:
    view = modals.form_view(a_form(Choice(name="a", label="Which?", options=())), MEMO)
    assert problems(view) == ()
    assert said(view["blocks"]) == "Which?: There is nothing to choose from."


@pytest.mark.parametrize("value", ["", "v" * 151])
def test_a_value_that_slack_cannot_carry_is_a_fault(value: str) -> None:
    with pytest.raises(ValueError, match="can't carry"):
        drawn(Choice(name="a", label="A", options=((value, "Label"),)))


def test_more_choices_than_slack_can_hold_are_a_fault() -> None:
    options = tuple((str(number), "Label") for number in range(10_001))
    with pytest.raises(ValueError, match="so many choices"):
        drawn(Choice(name="a", label="A", options=options))


def test_a_value_that_is_there_twice_is_offered_once() -> None:
    [element] = drawn(Choice(name="a", label="A", options=(("v", "First"), ("v", "Second"))))
    assert [item["text"]["text"] for item in element["options"]] == ["First"]


def test_a_long_title_is_said_whole_in_the_dialog() -> None:
    title = "Which of our pages is this about, do you think?"
    view = modals.form_view(replace(a_form(Text(name="a", label="A")), title=title), MEMO)
    assert problems(view) == ()
    assert view["title"]["text"] == "Which of our pages is t…"
    assert view["blocks"][0]["text"]["text"] == title


def test_what_opens_at_once_can_not_be_submitted() -> None:
    view = modals.waiting()
    assert problems(view) == ()
    assert said(view["blocks"]) == "One moment…"
    assert "submit" not in view


def test_sentences_are_told_a_paragraph_each() -> None:
    view = modals.told("Not saved", ("Nothing changed.", "Please press again."))
    assert problems(view) == problems(modals.told("", ())) == ()
    assert len(view["blocks"]) == 2


def test_all_the_words_can_be_read() -> None:
    quote = Quote(text="\U0001f389 party " * 8_000, label="The exact words")
    view = modals.words_of(replace(plain(), parts=(quote,)))
    assert problems(view) == ()
    assert said(view["blocks"]).replace("\n", "").count("\U0001f389 party ") == 8_000


@given(any_of.forms())
@settings(deadline=None)
def test_any_form_is_within_the_limits_and_inert(form: Form) -> None:
    view = modals.form_view(form, MEMO)
    assert problems(view) == ()
    assert list(parsed(view)) == []


# -- reading --------------------------------------------------------------------------------------


def test_a_dialog_remembers_what_it_is_about() -> None:
    view = modals.form_view(a_form(Text(name="a", label="A")), MEMO)
    assert modals.memo(view) == MEMO
    assert "A" not in json.loads(view["private_metadata"])


@pytest.mark.parametrize(
    "metadata",
    [
        None,
        "",
        "[]",
        "{}",
        "[" * 100_000,
        '{"intent": {"v": 1}, "request": "01REQUEST"}',
        '{"intent": {"v": 1, "verb": "post.open", "id": "1", "rev": 0}}',
        '{"intent": {"v": 1, "verb": "post.open", "id": "1", "rev": 0}, "request": "a b"}',
    ],
)
def test_what_no_dialog_carries_is_not_read(metadata: object) -> None:
    assert isinstance(modals.memo({"private_metadata": metadata}), BadPayload)


def test_a_forged_place_is_no_place() -> None:
    held = {"intent": payloads.encode(INTENT), "request": "01REQUEST", "conversation": "<x>"}
    read = modals.memo({"private_metadata": json.dumps(held)})
    assert isinstance(read, modals.Memo)
    assert read.conversation == ""


def test_a_filled_form_becomes_its_command() -> None:
    statement = Confirm(name="confirm:k1", statement="I opened it.")
    view = modals.form_view(a_form(statement), MEMO)
    read = values(view, {"confirm:k1": ["yes"]})
    assert intents.command_for(INTENT, read) == ask.Approve(
        post=PostId("01POST"), seen=3, confirmed=frozenset({FindingKey("k1")})
    )
    assert values(view, {}) == {}


def test_every_field_comes_back_as_it_was_filled_in() -> None:
    form = full().buttons[0].form
    assert form is not None
    read = values(
        modals.form_view(form, MEMO),
        {
            "confirm:k1": ["yes"],
            "reason": "Because *it* is <true>",
            "who": "a",
            "days": ["1", "2"],
            "when": int(datetime(2026, 7, 2, 9, 30, tzinfo=UTC).timestamp()),
        },
    )
    assert read == {
        "confirm:k1": ("yes",),
        "reason": "Because *it* is <true>",
        "who": "a",
        "days": ("1", "2"),
        "when": "2026-07-02T10:30",
    }


def test_what_stood_there_comes_back_untouched() -> None:
    form = full().buttons[0].form
    assert form is not None
    read = values(modals.form_view(form, MEMO), {})
    assert read == {"who": "b", "when": "2026-07-01T08:00"}


@given(any_of.forms())
@settings(deadline=None)
def test_an_untouched_form_says_what_it_was_made_with(form: Form) -> None:
    read = values(modals.form_view(form, MEMO), {})
    for field in form.fields:
        match field:
            case Text():
                expected: object = text.head(field.value, min(field.limit, 3_000))
                assert read.get(field.name, "") == expected
            case Choice() if field.many:
                assert set(read.get(field.name, ())) == set(field.chosen)
            case Choice():
                first = [value for value, _ in field.options if value in field.chosen][:1]
                assert read.get(field.name, "") == "".join(first)
            case Confirm():
                assert field.name not in read
            case When():
                assert read.get(field.name, "") == ("2026-07-01T08:00" if field.value else "")


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                ["type", "value", "selected_option", "selected_options", "selected_date_time", "x"]
            ),
            inner | st.sampled_from(["plain_text_input", "checkboxes", "datetimepicker"]),
            max_size=4,
        )
    ),
    max_leaves=8,
)


@given(st.dictionaries(st.text(max_size=5), st.dictionaries(st.text(max_size=3), ANYTHING)))
def test_a_forged_submission_is_read_or_refused(blocks: dict[str, dict[str, object]]) -> None:
    read = modals.values({"state": {"values": blocks}}, LONDON)
    if not isinstance(read, BadPayload):
        assert all(isinstance(value, str | tuple) for value in read.values())


@pytest.mark.parametrize(
    "held",
    [
        {"type": "plain_text_input", "value": 7},
        {"type": "plain_text_input", "value": "x" * 6_001},
        {"type": "plain_text_input", "value": "nul\0"},
        {"type": "plain_text_input", "value": "half \ud800"},
        {"type": "radio_buttons", "selected_option": {}},
        {"type": "checkboxes", "selected_options": [{"value": "a"}] * 101},
        {"type": "checkboxes", "selected_options": [None]},
        {"type": "datetimepicker", "selected_date_time": True},
        {"type": "datetimepicker", "selected_date_time": 10**30},
        {"type": "checkboxes", "selected_options": "a"},
        {"type": "file_input"},
        {},
    ],
)
def test_what_no_field_sends_is_refused(held: object) -> None:
    view = {"state": {"values": {"a": {"field:0": held}}}}
    assert isinstance(modals.values(view, LONDON), BadPayload)


@pytest.mark.parametrize("view", [{}, {"state": None}, {"state": {"values": {"a": {}}}}])
def test_a_view_without_fields_is_refused(view: Mapping[str, object]) -> None:
    assert isinstance(modals.values(view, LONDON), BadPayload)
