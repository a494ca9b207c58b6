from __future__ import annotations

import pytest
from hypothesis import given, strategies as st

from adapters import payloads
from adapters.payloads import BadPayload, decode, dumps, encode, loads
from moderation.views import Intent


NAMES = st.text(st.characters(codec="utf-8"), min_size=1, max_size=128).filter(
    lambda name: name.isprintable() and " " not in name
)
INTENTS = st.builds(
    Intent,
    verb=st.from_regex(r"[a-z]{1,10}\.[a-z_]{1,30}", fullmatch=True),
    id=NAMES,
    rev=st.integers(0, payloads.LARGEST_REV),
    arg=st.just("") | NAMES,
)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text() | st.floats(allow_nan=False),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=8,
)
GOOD = {"v": 1, "verb": "post.approve", "id": "01J", "rev": 2}


@given(INTENTS)
def test_what_is_written_can_be_read(intent: Intent) -> None:
    assert decode(encode(intent)) == intent
    assert loads(dumps(intent)) == intent
    assert len(dumps(intent)) <= payloads.LONGEST_PAYLOAD


@given(JSON)
def test_anything_else_is_answered_with_a_sentence(payload: object) -> None:
    answer = decode(payload)
    assert isinstance(answer, BadPayload)
    assert answer.sentence.endswith(".")


@given(st.text())
def test_any_string_is_answered_without_a_fault(text: str) -> None:
    assert isinstance(loads(text), BadPayload)


@pytest.mark.parametrize(
    "change",
    [
        {"v": 2},
        {"v": "1"},
        {"v": True},
        {"verb": "approve"},
        {"verb": "post.approve; drop"},
        {"verb": "Post.Approve"},
        {"verb": "post." + "a" * 31},
        {"id": ""},
        {"id": "x" * 129},
        {"id": "a b"},
        {"id": "a\u202eb"},
        {"id": "a\nb"},
        {"id": 7},
        {"rev": -1},
        {"rev": True},
        {"rev": 1.0},
        {"rev": "2"},
        {"rev": payloads.LARGEST_REV + 1},
        {"arg": ""},
        {"arg": "x" * 129},
        {"arg": None},
        {"by": "lund"},
    ],
    ids=str,
)
def test_an_odd_value_is_refused(change: dict[str, object]) -> None:
    assert isinstance(decode(GOOD), Intent)
    assert isinstance(decode(GOOD | change), BadPayload)


@pytest.mark.parametrize("missing", GOOD)
def test_a_missing_value_is_refused(missing: str) -> None:
    assert isinstance(
        decode({key: value for key, value in GOOD.items() if key != missing}), BadPayload
    )


def test_a_newer_version_is_told_apart_from_a_broken_button() -> None:
    newer, broken = decode(GOOD | {"v": 2}), decode({})
    assert isinstance(newer, BadPayload)
    assert isinstance(broken, BadPayload)
    assert newer.sentence != broken.sentence


def test_an_intent_that_no_button_can_carry_is_a_fault_of_ours() -> None:
    with pytest.raises(ValueError, match="no button can carry"):
        encode(Intent(verb="post.approve", id="not a name"))


def test_nested_brackets_without_end_are_no_fault() -> None:
    assert isinstance(loads("[" * 900), BadPayload)
    assert isinstance(loads("[" * 2_000), BadPayload)
