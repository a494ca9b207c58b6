from __future__ import annotations

from typing import get_args

import pytest
from hypothesis import given, strategies as st

from adapters import intents
from adapters.intents import VERBS, BadPayload, command_for, decode, dumps, encode, loads
from moderation.checks.model import NotAPupil
from moderation.imports import commands as imports
from moderation.incidents import commands as reports
from moderation.keeping import commands as keeping
from moderation.keeping.model import NameId
from moderation.kernel import AccountId, FindingKey, PersonId, PostId, SchoolId
from moderation.links import commands as links
from moderation.posts import commands as ask
from moderation.views import Intent


NAMES = st.text(st.characters(codec="utf-8"), min_size=1, max_size=128).filter(
    lambda name: name.isprintable() and " " not in name
)
INTENTS = st.builds(
    Intent,
    verb=st.from_regex(r"[a-z]{1,10}\.[a-z_]{1,30}", fullmatch=True),
    id=NAMES,
    rev=st.integers(0, intents.LARGEST_REV),
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
    assert len(dumps(intent)) <= intents.LONGEST_PAYLOAD


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
        {"rev": intents.LARGEST_REV + 1},
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


def test_every_command_of_a_person_has_its_verb() -> None:
    typed_in_a_form = {ask.Propose, ask.Revise}
    by_others = {*get_args(ask.Timed), *get_args(imports.Timed), imports.Import, reports.Timed}
    by_others |= {links.LapseLink, links.RequestLink, *get_args(keeping.Timed)}
    by_a_person = set(get_args(intents.Command)) - typed_in_a_form - by_others
    queries = set(get_args(intents.Query))
    assert {verb.makes for verb in VERBS.values()} == by_a_person | queries


@pytest.mark.parametrize("verb", VERBS)
def test_each_verb_makes_what_it_says(verb: str) -> None:
    intent = Intent(verb=verb, id="01J", rev=3, arg="x")
    made = command_for(intent, {})
    assert type(made) is VERBS[verb].makes


@pytest.mark.parametrize("verb", [name for name, verb in VERBS.items() if verb.arg])
def test_a_verb_that_needs_an_argument_is_refused_without_it(verb: str) -> None:
    assert isinstance(command_for(Intent(verb=verb, id="01J"), {}), BadPayload)


def test_an_unknown_verb_is_refused() -> None:
    assert isinstance(command_for(Intent(verb="post.override", id="01J"), {}), BadPayload)


def test_statements_ticked_become_confirmed_findings() -> None:
    values = {"confirm:k1": "on", "confirm:k2": "", "reason": "not this"}
    made = command_for(Intent(verb="post.approve", id="01J", rev=4), values)
    assert made == ask.Approve(post=PostId("01J"), seen=4, confirmed=frozenset({FindingKey("k1")}))


def test_whose_a_name_is_confirms_the_finding_and_a_tick_says_nothing_of_it() -> None:
    values: intents.Values = {
        "confirm:k1": "visitor",
        "confirm:k2": ("public",),
        "confirm:k3": "yes",
    }
    made = command_for(Intent(verb="post.approve", id="01J", rev=4), values)
    assert made == ask.Approve(
        post=PostId("01J"),
        seen=4,
        confirmed=frozenset(map(FindingKey, ("k1", "k2", "k3"))),
        whose=frozenset(
            {(FindingKey("k1"), NotAPupil.VISITOR), (FindingKey("k2"), NotAPupil.PUBLIC)}
        ),
    )


def test_the_argument_and_the_fields_reach_the_command() -> None:
    assert command_for(
        Intent(verb="post.posted", id="01J", rev=2, arg="oak-page"),
        {"url": " https://example.org/1 "},
    ) == ask.MarkPosted(
        post=PostId("01J"), seen=2, account=AccountId("oak-page"), url="https://example.org/1"
    )
    assert command_for(
        Intent(verb="post.lift_veto", id="01J", rev=2, arg="lund"), {"reason": "Mended."}
    ) == ask.LiftVeto(post=PostId("01J"), seen=2, of=PersonId("lund"), reason="Mended.")
    cannot = command_for(Intent(verb="post.cannot_post", id="01J", rev=2, arg="a"), {})
    unsure = command_for(Intent(verb="post.unsure", id="01J", rev=2, arg="a"), {})
    assert isinstance(cannot, ask.SayNotPosted)
    assert isinstance(unsure, ask.SayNotPosted)
    assert (cannot.unsure, unsure.unsure) == (False, True)


@pytest.mark.parametrize(("said", "kind"), [("visitor", NotAPupil.VISITOR), ("pupil", None)])
def test_a_name_to_be_kept_comes_from_the_form_alone(said: str, kind: NotAPupil | None) -> None:
    intent = Intent(verb="name.ask", id="01J", arg="oakfield")
    values: intents.Values = {"name": "Jo Example", "kind": (said,)}
    assert command_for(intent, values) == keeping.AskName(
        id=NameId("01J"), school=SchoolId("oakfield"), name="Jo Example", kind=kind
    )
