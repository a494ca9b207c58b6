"""Every reachable situation keeps every promise, and nobody is stuck in any of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from moderation.kernel import PersonId, Refused
from moderation.posts import commands as ask
from moderation.posts.model import State
from moderation.posts.refusals import Refusal
from moderation.posts.workflow import ALLOWED, Rules
from tests.builders import ANN, BOB, CY, HEAD, identities
from tests.model import world
from tests.model.liveness import ended, stuck, with_a_way
from tests.model.moves import Move
from tests.model.search import Machine, answer, beginning, search
from tests.model.spaces import CLICKS, NEEDS, SPACES
from tests.model.world import Access, Bounds, Text
from tests.proves import proves


if TYPE_CHECKING:
    from collections.abc import Callable


@proves("STEP-MOD-1", "MET-MOD-1")
@pytest.mark.parametrize("bounds", SPACES, ids=lambda bounds: bounds.name)
def test_no_promise_is_broken_and_nobody_is_stuck(
    bounds: Bounds, record_property: Callable[[str, object], None]
) -> None:
    found = search(bounds)
    record_property("states", len(found.nodes))
    record_property("moves tried", found.tried)
    assert not found.broken, found.told()
    # Otherwise the search went nowhere and shows nothing.
    states = {there.post.state for _, _, there in found.nodes.values() if there.post is not None}
    startable = any(
        world.enough_people(bounds, access, frozenset({who}))
        for access in bounds.access
        for who in bounds.proposers
    )
    assert states >= ({State.PUBLISHED, State.WITHDRAWN, State.REJECTED} if startable else set())
    assert bool(states) is startable
    no_way = [found.way_to(key) for key in stuck(found, bounds)]
    assert not no_way, "\n".join(map(str, no_way[0]))
    endless = found.nodes.keys() - with_a_way(found, ended)
    assert all(found.nodes[key][2].post is None for key in endless)


@pytest.mark.parametrize("bounds", CLICKS, ids=lambda bounds: bounds.name)
def test_the_clicks_alone_keep_what_they_can(bounds: Bounds) -> None:
    """Where release doesn't judge again, what was promised of the clicks still holds."""
    found = search(bounds, Machine(rules=Rules(judging=()), at_release=False))
    assert not found.broken, found.told()


def test_without_judging_again_a_right_lost_since_is_overlooked() -> None:
    bounds = Bounds(name="a right lost after the click", access=(Access.ALL, Access.BOB_REVOKED))
    found = search(bounds, Machine(rules=Rules(judging=())))
    assert found.broken[0] == "1 who wrote no part of it said yes to exactly this"
    assert [str(move) for move in found.trace] == [
        "ann in slack propose plain",
        "bob in slack approve",
        "now Bob moderates no more",
        "release",
    ]


PAUSED = Bounds(
    name="paused, and nothing to change",
    texts=(Text.PLAIN,),
    editors=(ANN,),
    vetoers=(),
    holds=(False, True),
)


@proves("AUR-CRISIS-1")
def test_what_a_pause_calls_back_gets_out_without_a_change_of_words() -> None:
    found = search(PAUSED)
    assert not found.broken, found.told()
    assert not stuck(found, PAUSED)


def test_without_its_way_back_it_would_be_stuck() -> None:
    unheard = Rules(allowed={**ALLOWED, ask.Judge: frozenset()})
    found = search(PAUSED, Machine(rules=unheard))
    assert stuck(found, PAUSED)


GROUPS = ((ANN, HEAD), (ANN, BOB, HEAD), (ANN, BOB, CY, HEAD))


@proves("STEP-HEAD-2", "HEAD-ESC-1")
@pytest.mark.parametrize("access", Access)
@pytest.mark.parametrize("people", GROUPS, ids="+".join)
@pytest.mark.parametrize(("seconds", "head", "counts"), NEEDS)
def test_what_nobody_could_approve_is_refused_at_the_start(
    seconds: int,
    *,
    head: bool,
    counts: bool,
    people: tuple[PersonId, ...],
    access: Access,
) -> None:
    for who in people:
        bounds = Bounds(
            name="proposing",
            seconds=seconds,
            head=head,
            head_counts=counts,
            people=people,
            proposers=(who,),
            access=(access,),
        )
        if not world.may_propose(who, access):
            continue
        move = Move("propose", identities(who)[0], text=Text.PLAIN)
        said = answer(beginning(bounds), move, bounds, Machine())
        codes = said.codes if isinstance(said, Refused) else frozenset()
        assert codes == _missing(bounds, access, who)
        assert bool(codes) is not world.enough_people(bounds, access, frozenset({who}))


def _missing(bounds: Bounds, access: Access, who: PersonId) -> frozenset[str]:
    writers = frozenset({who})
    able = {each for each in bounds.people if world.may_decide(each, access, writers)}
    heads = {each for each in able if world.is_head_today(each, access, writers)}
    missing = {Refusal.NO_HEADTEACHER} if bounds.head and not heads else set()
    spare = 1 if bounds.head and heads and not bounds.head_counts else 0
    if len(able) - spare < bounds.seconds:
        missing.add(Refusal.NO_SECOND_PERSON)
    return frozenset(map(str, missing))
