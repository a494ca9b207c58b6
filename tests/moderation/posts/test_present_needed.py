"""Whose yes is missing, by name, and what to do where nobody is left to give it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given, strategies as st

from moderation.posts import commands as ask, present
from moderation.posts.model import Needs
from moderation.posts.signing import missing, signatures
from tests.moderation.posts import examples as some
from tests.moderation.posts.cards import shown


if TYPE_CHECKING:
    from moderation.kernel import PersonId


# -- whose yes is needed ---------------------------------------------------------------------------


NEEDS = st.builds(
    Needs, seconds=st.sampled_from([1, 2]), head=st.booleans(), head_counts=st.booleans()
)
YESES = st.lists(st.sampled_from([some.OKAFOR, some.LUND, some.ADE]), unique=True)


@given(needs=NEEDS, yeses=YESES)
def test_nothing_is_missing_exactly_when_every_signature_is_there(
    needs: Needs, yeses: list[PersonId]
) -> None:
    approvals = tuple(some.approval(who, as_head=who == some.ADE) for who in yeses)
    post = some.post(revision=some.revision(needs=needs), approvals=approvals)
    lacks = missing(post, some.rights())
    assert lacks.nothing == (signatures(needs, approvals) is not None)


def test_the_head_who_looks_reads_that_her_yes_counts_as_well() -> None:
    words = "You can say it as well."
    post = some.post()
    assert words in shown(post, some.ADE).fallback
    for other in (None, some.SAM, some.OKAFOR, some.LUND):
        assert words not in shown(post, other).fallback
    by_head = some.post(revision=some.revision(needs=Needs(head=True)))
    assert words not in shown(by_head, some.ADE).fallback
    said = some.post(
        revision=some.revision(needs=Needs(seconds=2)),
        approvals=(some.approval(some.ADE, as_head=True),),
    )
    assert words not in shown(said, some.ADE).fallback


def test_nobody_left_is_said_with_who_was_told() -> None:
    away = frozenset({some.OKAFOR, some.LUND, some.ADE, some.SHAH, some.QUINN})
    card = shown(some.post(), rights=some.rights(away=away))
    assert card.state == "Nobody is here to say yes"
    assert (
        "Nobody else can approve for this page today. Mrs Ade (headteacher) has been told."
        in card.fallback
    )


def test_a_yes_that_was_lost_to_a_change_is_told() -> None:
    history = (
        *some.HISTORY,
        some.Line(at=some.ago(minutes=2), tag="post:revised", person=some.SAM),
    )
    words = "The words changed after Mrs Okafor said yes, so it needs a fresh look."
    assert words in shown(some.post(), history=history).fallback
    assert words not in shown(some.post()).fallback
    late = (*history, some.Line(at=some.NOW, tag="post:approved_by", person=some.LUND))
    assert words in shown(some.post(), history=late).fallback


def test_a_no_that_stands_says_who_can_take_it_back() -> None:
    card = shown(some.EXAMPLES["second version with a no"])
    assert (
        "Mr Lund's no still stands. "
        "Only Mr Lund can take it back, or Mrs Ade (headteacher) with a reason." in card.fallback
    )


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("blocked draft", "Please change what is marked, or ask the headteacher."),
        ("disputed draft", "Mrs Ade (headteacher) has been asked."),
        ("draft whose pictures are looked at", "It goes on by itself"),
    ],
)
def test_a_draft_says_what_comes_next(name: str, words: str) -> None:
    assert words in shown(some.EXAMPLES[name], some.SAM).fallback


def test_a_stand_in_is_named_as_one() -> None:
    post = some.EXAMPLES["in review with pictures for the head"]
    card = shown(post, rights=some.rights(away=frozenset({some.ADE})))
    assert "The headteacher's yes, from Miss Shah standing in." in card.fallback


@pytest.mark.parametrize("command", [ask.Approve, ask.Revise])
def test_an_answer_says_whose_no_still_stands(command: type[ask.Approve | ask.Revise]) -> None:
    post = some.EXAMPLES["second version with a no"]
    asked = (
        ask.Approve(post=post.id, seen=2)
        if command is ask.Approve
        else ask.Revise(post=post.id, seen=1, content=post.content)
    )
    said = present.done(asked, post, some.view(post, some.OKAFOR))
    assert "Mr Lund's no still stands. Only Mr Lund can take it back" in " ".join(said)
    assert "Your no still stands." in " ".join(
        present.done(asked, post, some.view(post, some.LUND))
    )
