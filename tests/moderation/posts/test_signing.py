"""Whose yes is missing: how many, who of those who are here could give it, and the head's."""

from __future__ import annotations

from dataclasses import replace

import pytest

from moderation.people.model import Span
from moderation.posts.model import Needs
from moderation.posts.signing import Missing, missing
from tests import builders as some
from tests.builders import ANN, BOB, CY, HEAD


RIGHTS = some.rights()
ONE_MODERATOR = some.rights(grants=[some.grant(ANN), some.grant(BOB)])
HEAD_ON_TOP = Needs(seconds=2, head=True, head_counts=False)
BOB_AWAY = replace(
    RIGHTS,
    people=tuple(
        replace(one, absences=(Span(),)) if one.id == BOB else one for one in RIGHTS.people
    ),
)


def lacks(yeses: int, *here: object, **fields: object) -> Missing:
    made = Missing(yeses=yeses, here=(), away=(), by_head=False, head=None)
    return replace(made, here=here, **fields)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("needs", "said", "left"),
    [
        (Needs(), (), lacks(1, BOB, CY)),
        (Needs(), (BOB,), lacks(0, CY)),
        (Needs(seconds=2), (), lacks(2, BOB, CY)),
        (Needs(seconds=2), (BOB,), lacks(1, CY)),
        (Needs(seconds=2), (BOB, BOB), lacks(1, CY)),
        (Needs(seconds=2), (BOB, CY), lacks(0)),
        (Needs(seconds=2), (HEAD,), lacks(1, BOB, CY)),
        (Needs(head=True), (), lacks(0, BOB, CY, by_head=True, head=HEAD)),
        (Needs(head=True), (BOB,), lacks(0, CY, by_head=True, head=HEAD)),
        (Needs(head=True), (HEAD,), lacks(0, BOB, CY)),
        (Needs(seconds=2, head=True), (), lacks(1, BOB, CY, by_head=True, head=HEAD)),
        (Needs(seconds=2, head=True), (BOB,), lacks(0, CY, by_head=True, head=HEAD)),
        (Needs(seconds=2, head=True), (HEAD,), lacks(1, BOB, CY)),
        (HEAD_ON_TOP, (), lacks(2, BOB, CY, by_head=True, head=HEAD)),
        (HEAD_ON_TOP, (HEAD,), lacks(2, BOB, CY)),
        (HEAD_ON_TOP, (HEAD, BOB), lacks(1, CY)),
        (HEAD_ON_TOP, (BOB, CY), lacks(0, by_head=True, head=HEAD)),
    ],
)
def test_what_is_missing_after_these_yeses(
    needs: Needs, said: tuple[object, ...], left: Missing
) -> None:
    revision = some.revision(needs=needs)
    approvals = tuple(some.approval(who, revision) for who in said)  # type: ignore[arg-type]
    assert missing(some.post(revision=revision, approvals=approvals), RIGHTS) == left


def test_the_head_is_among_those_asked_only_where_the_moderators_are_too_few() -> None:
    two = some.post(revision=some.revision(needs=Needs(seconds=2)))
    assert missing(two, RIGHTS).here == (BOB, CY)
    assert missing(two, ONE_MODERATOR).here == (BOB, HEAD)
    on_top = some.post(revision=some.revision(needs=HEAD_ON_TOP))
    assert missing(on_top, ONE_MODERATOR) == lacks(2, BOB, by_head=True, head=HEAD)


def test_who_is_away_is_told_apart() -> None:
    assert missing(some.post(), BOB_AWAY) == lacks(1, CY, away=(BOB,))


@pytest.mark.parametrize(
    ("left", "nothing", "asked"),
    [
        (lacks(0), True, ()),
        (lacks(0, BOB), True, ()),
        (lacks(1, BOB, CY), False, (BOB, CY)),
        (lacks(0, BOB, by_head=True, head=HEAD), False, (HEAD,)),
        (lacks(1, BOB, HEAD, by_head=True, head=HEAD), False, (BOB, HEAD)),
        (lacks(0, by_head=True), False, ()),
        (lacks(0, head=HEAD), True, ()),
    ],
)
def test_who_is_asked_next(left: Missing, nothing: bool, asked: tuple[object, ...]) -> None:  # noqa: FBT001 -- a case
    assert (left.nothing, left.asked) == (nothing, asked)
