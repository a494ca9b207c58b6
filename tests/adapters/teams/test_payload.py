from __future__ import annotations

import pytest
from hypothesis import given, strategies as st

from adapters import intents, payloads
from adapters.payloads import BadPayload
from adapters.teams import payload
from adapters.teams.payload import Sent, Verb
from moderation.views import Intent


APPROVE = Intent(verb="post.approve", id="01J", rev=2)
NAMES = st.text(st.characters(codec="utf-8"), min_size=1, max_size=100).filter(
    lambda name: name.isprintable() and " " not in name
)
WORDS = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=50)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text() | st.floats(allow_nan=False),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=8,
)


def sent(**inputs: object) -> Sent | BadPayload:
    return payload.read({**payload.data(APPROVE, request="request-1"), **inputs})


def values(**inputs: object) -> intents.Values:
    found = sent(**inputs)
    assert isinstance(found, Sent)
    return found.values


# -- what is written can be read ------------------------------------------------------------------


@given(
    st.builds(
        Intent,
        verb=st.from_regex(r"[a-z]{1,10}\.[a-z_]{1,30}", fullmatch=True),
        id=NAMES,
        rev=st.integers(0, payloads.LARGEST_REV),
        arg=st.just("") | NAMES,
    ),
    st.sampled_from(Verb),
    st.just("") | st.uuids().map(str),
    st.text(max_size=100),
)
def test_an_action_carries_its_intent_there_and_back(
    intent: Intent, verb: Verb, request: str, memo: str
) -> None:
    data = payload.data(intent, verb, request=request, memo=memo)
    expected = Sent(intent=intent, verb=verb, request=request, memo=memo)
    assert payload.read(data) == expected
    action = {"type": "Action.Execute", "verb": verb.value, "data": data}
    assert payload.read_action(action) == expected


@pytest.mark.parametrize(
    ("request_id", "memo"), [("short", ""), ("no spaces in it", ""), ("", "x" * 2_001)]
)
def test_what_could_not_be_read_back_is_not_written(request_id: str, memo: str) -> None:
    with pytest.raises(ValueError, match="no action can carry this"):
        payload.data(APPROVE, request=request_id, memo=memo)


@given(st.lists(WORDS.filter(bool), max_size=6, unique=True))
def test_several_choices_come_back_whatever_is_in_them(chosen: list[str]) -> None:
    found = values(**{payload.many_id("accounts"): payload.items(chosen)})
    assert found.get("accounts", ()) == tuple(chosen)


def test_ids_as_they_are_in_practice_are_not_changed() -> None:
    assert payload.item("oakfield-facebook") == "oakfield-facebook"
    assert payload.item("form:4B") == "form:4B"


# -- inputs ---------------------------------------------------------------------------------------


def test_each_kind_of_input_is_read_as_its_field() -> None:
    found = values(
        **{
            payload.words_id("reason"): "Not ours, to be honest.",
            payload.many_id("named"): "p-1,p-2",
            payload.tick_id("confirm:0ab"): "true",
            payload.tick_id("confirm:1cd"): "false",
            payload.date_id("when"): "2026-11-19",
            payload.time_id("when"): "08:00",
        }
    )
    assert found == {
        "reason": "Not ours, to be honest.",
        "named": ("p-1", "p-2"),
        "confirm:0ab": "yes",
        "when": "2026-11-19T08:00",
    }


def test_what_was_left_empty_is_absent() -> None:
    empty = {payload.words_id("reason"): "", payload.many_id("named"): None}
    none = {payload.date_id("when"): "", payload.tick_id("confirm:1"): False}
    assert values(**empty, **none) == {}


def test_half_a_moment_is_asked_for_again() -> None:
    assert sent(**{payload.date_id("when"): "2026-11-19"}) == BadPayload(payload.DAY_AND_TIME)
    assert sent(**{payload.time_id("when"): "08:00"}) == BadPayload(payload.DAY_AND_TIME)


def test_of_several_forms_in_a_card_the_one_that_was_sent_is_read() -> None:
    inputs = {
        payload.words_id("reason"): "in no form",
        payload.words_id("reason", "1"): "in the first",
        payload.words_id("reason", "2"): "in the second",
    }
    data = payload.data(APPROVE, request="request-1", scope="2")
    found = payload.read({**data, **inputs})
    assert isinstance(found, Sent)
    assert found.values == {"reason": "in the second"}
    assert values(**inputs) == {"reason": "in no form"}


def test_what_teams_adds_for_itself_says_nothing() -> None:
    assert sent(msteams={"type": "task/fetch"}, type="task/fetch") == sent()


@pytest.mark.parametrize(
    "forged",
    [
        {"sg": None},
        {"sg": "{}"},
        {"verb": "delete"},
        {"verb": ["do"]},
        {"verb": None},
        {"request": "x"},
        {"request": 7},
        {"scope": "two words"},
        {"scope": 2},
        {"memo": []},
        {"memo": "x" * 2_001},
        {payload.words_id("reason"): 7},
        {payload.words_id("reason"): "\0"},
        {payload.words_id("reason"): "\ud800"},
        {payload.words_id("reason"): "x" * 40_001},
        {payload.words_id("n" * 200): "x"},
        {payload.many_id("named"): ["p-1"]},
        {payload.many_id("named"): ",".join(["p"] * 101)},
        {payload.many_id("named"): "%00"},
        {payload.date_id("when"): "2026-13-19", payload.time_id("when"): "08:00"},
        {payload.date_id("when"): "19/11/2026", payload.time_id("when"): "08:00"},
        {payload.date_id("when"): "2026-11-19", payload.time_id("when"): "25:00"},
        {f"f_{n}": "x" for n in range(101)},
    ],
)
def test_what_nobody_of_us_sent_is_refused(forged: dict[str, object]) -> None:
    found = sent(**forged)
    assert isinstance(found, BadPayload)
    assert found.sentence.endswith(".")


def test_a_verb_that_is_not_the_actions_own_is_refused() -> None:
    action = {"verb": "open", "data": payload.data(APPROVE)}
    assert isinstance(payload.read_action(action), BadPayload)


@given(JSON)
def test_anything_else_is_answered_with_a_sentence(thing: object) -> None:
    assert isinstance(payload.read(thing), BadPayload)
    assert isinstance(payload.read_action(thing), BadPayload)


@given(st.dictionaries(st.sampled_from(["f_a", "fm_a", "fc_a", "fd_a", "ft_a"]), JSON))
def test_any_input_is_read_or_refused_without_a_fault(inputs: dict[str, object]) -> None:
    assert isinstance(sent(**inputs), Sent | BadPayload)


def test_no_words_are_in_the_repr() -> None:
    assert "Amelia" not in repr(sent(**{payload.words_id("reason"): "Amelia"}))
