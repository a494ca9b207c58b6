"""Whether anybody is ever stuck: which situations still have a way to a given end."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING

from moderation.posts.model import State
from tests.builders import BOB
from tests.model import world
from tests.model.witness import ENDS
from tests.model.world import Access, Bounds, Checks


if TYPE_CHECKING:
    from collections.abc import Callable, Hashable

    from tests.model.search import Found, Situation


def with_a_way(found: Found, goal: Callable[[Situation], bool]) -> frozenset[Hashable]:
    """Every situation from which moves of people and the timer alone lead to ``goal``.

    Rights and checks stay as they are: nobody has to wait for them to change. Paused posts are
    started again by a person, so that is a move like any other.
    """
    into: dict[Hashable, list[Hashable]] = {}
    for key, edges in found.edges.items():
        for move, to in edges:
            if move.access is None and move.checks is None and move.held is not True:
                into.setdefault(to, []).append(key)
    reached = {key for key, (_, _, there) in found.nodes.items() if goal(there)}
    queue = deque(reached)
    while queue:
        for before in into.get(queue.popleft(), ()):
            if before not in reached:
                reached.add(before)
                queue.append(before)
    return frozenset(reached)


def published(there: Situation) -> bool:
    return there.post is not None and there.post.state is State.PUBLISHED


def ended(there: Situation) -> bool:
    return there.post is not None and there.post.state in ENDS


def ought_to_get_out(there: Situation, bounds: Bounds) -> bool:
    """Live, the checks have nothing against it, and those who must say yes are there to say it.

    A standing no needs somebody, too: its owner, or a head who is no author. And what has to be
    changed first needs somebody to change it: a writer who is still here, or an approver who can
    be spared.
    """
    if there.post is None or there.post.state in ENDS or there.checks is not Checks.USUAL:
        return False
    access, writers = there.access, there.seen.writers
    overrider = any(world.is_head_today(who, access, writers) for who in bounds.people)
    gone = {BOB} if access is Access.BOB_LEFT else set()
    can_be_lifted = overrider or not there.seen.against & gone
    to_change = there.post.state in {State.CHANGES_REQUESTED, State.DRAFT}
    changers = (writers - gone) or {
        who
        for who in bounds.people
        if world.may_decide(who, access, writers)
        and world.enough_people(bounds, access, writers | {who})
    }
    if to_change and not changers:
        return False
    return can_be_lifted and world.enough_people(bounds, access, writers)


def stuck(found: Found, bounds: Bounds) -> tuple[Hashable, ...]:
    """Situations that ought to get out and can't, nearest to the start first."""
    free = with_a_way(found, published)
    return tuple(
        key
        for key, (_, _, there) in found.nodes.items()
        if key not in free and ought_to_get_out(there, bounds)
    )
