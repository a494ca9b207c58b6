"""How much of a post somebody sees, and who sees its history: the one answer for every card."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from moderation.posts.model import Question, State
from moderation.posts.queries import Sight, sight
from moderation.posts.queries.seeing import sees_history
from tests.moderation.posts import examples as some
from tests.moderation.posts.examples import ADE, NOW, OKAFOR, PICTURE, SAM, SHAH


if TYPE_CHECKING:
    from moderation.kernel import PersonId


@pytest.mark.parametrize(
    ("state", "fields", "seen"),
    [
        (State.DRAFT, {}, Sight.OUTLINE),
        (State.IN_REVIEW, {}, Sight.ALL),
        (State.WITHDRAWN, {}, Sight.ALL),
        (State.WITHDRAWN, {"waiting_for": frozenset({PICTURE})}, Sight.OUTLINE),
        (State.IN_REVIEW, {"waiting_for": frozenset({PICTURE})}, Sight.ALL),
    ],
)
def test_what_was_never_in_front_of_an_approver_is_an_outline_to_a_channel_and_to_them(
    state: State, fields: dict[str, object], seen: Sight
) -> None:
    post = some.post(state, **fields)
    assert sight(post, some.rights(), None) is seen
    assert sight(post, some.rights(), OKAFOR) is seen
    assert sight(post, some.rights(), SAM) is Sight.ALL


def test_the_head_sees_a_draft_once_they_are_asked_and_a_poster_what_is_handed_out() -> None:
    draft = some.post(State.DRAFT)
    question = Question(person=SAM, words="May we?", at=NOW)
    assert sight(draft, some.rights(), ADE) is Sight.OUTLINE
    assert sight(replace(draft, questions=(question,)), some.rights(), ADE) is Sight.ALL
    assert sight(replace(draft, questions=(question,)), some.rights(), OKAFOR) is Sight.OUTLINE
    others = some.post(State.RELEASED, revision=some.revision(1, authors=frozenset({OKAFOR})))
    assert sight(others, some.rights(), SAM) is Sight.ALL
    assert sight(replace(others, state=State.APPROVED), some.rights(), SAM) is Sight.NOTHING
    governor = some.rights(people=(some.person(some.HART),))
    assert sight(others, governor, some.HART) is Sight.NOTHING
    assert sight(others, governor, OKAFOR) is Sight.NOTHING


def test_where_the_head_wrote_it_who_stands_in_sees_it_as_the_head_would() -> None:
    by_head = some.revision(1, authors=frozenset({ADE}), by=ADE)
    question = Question(person=ADE, words="May we?", at=NOW)
    draft = some.post(State.DRAFT, revision=by_head, questions=(question,))
    review = some.post(revision=by_head)
    rights = some.rights()
    assert sight(draft, rights, SHAH) is Sight.ALL
    assert sight(review, rights, SHAH) is Sight.ALL
    assert sees_history(review, rights, SHAH)
    # Of somebody else's post the deputy is one of the staff while the head is here.
    assert (
        sight(replace(some.post(State.DRAFT), questions=(question,)), rights, SHAH) is not Sight.ALL
    )
    assert sight(some.post(), rights, SHAH) is Sight.NOTHING
    assert not sees_history(some.post(), rights, SHAH)


@pytest.mark.parametrize("reader", [OKAFOR, ADE, some.NOVAK])
def test_each_who_decides_or_stops_sees_what_is_in_review(reader: PersonId) -> None:
    alone = some.rights(people=(some.person(reader),))
    assert sight(some.post(), alone, reader) is Sight.ALL


@pytest.mark.parametrize(("state", "seen"), [(State.DRAFT, False), (State.IN_REVIEW, True)])
def test_a_channel_sees_the_history_of_what_it_sees(state: State, seen: bool) -> None:  # noqa: FBT001 -- a case
    assert sees_history(some.post(state), some.rights(), None) is seen
