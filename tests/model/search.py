"""Breadth-first over every reachable situation of the real ``decide`` and ``evolve``.

Situations that differ only in what no rule looks at (absolute time, ids, how many versions there
were before) are one: version numbers are compared with the newest, dates with today. That makes the
space finite without a bound on the number of edits.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cache
from typing import TYPE_CHECKING

from moderation.kernel import Asked, Identity, PersonId, Refused
from moderation.posts.evolution import evolve
from moderation.posts.model import Post, State
from moderation.posts.refusals import Refusal
from moderation.posts.workflow import RULES, Rules, decide
from tests import builders as some
from tests.model import moves as can, world
from tests.model.moves import Move
from tests.model.witness import Seen, Today, broken, remember
from tests.model.world import HUMANS, STEP, Access, Bounds, Checks, Text


if TYPE_CHECKING:
    from collections.abc import Iterator

    from moderation.posts.events import Event
    from moderation.posts.guards import Facts


Evolve = Callable[[Post | None, "Event"], Post]
JUDGED = frozenset({"propose", "revise", "judge", "release", "recheck"})


@dataclass(frozen=True, kw_only=True)
class Machine:
    """The code under test. Only faults are seeded by building another one."""

    rules: Rules = RULES
    evolve: Evolve = evolve
    who: Callable[[Identity], PersonId] = HUMANS.__getitem__
    second_bob: bool = False
    at_release: bool = True
    """Whether release judges again; without that, what must hold on the day is not promised."""
    at_clicks: bool = True
    """Whether each answer is looked at by itself, or only what comes out in the end."""


@dataclass(frozen=True, slots=True)
class Situation:
    """One node: the post as stored, what a witness knows, and the world around them."""

    post: Post | None
    seen: Seen
    access: Access
    checks: Checks
    now: datetime
    held: bool = False


@dataclass(slots=True)
class Found:
    """What a search saw. ``nodes`` maps a situation's key to how it was first reached."""

    nodes: dict[Hashable, tuple[Hashable | None, Move | None, Situation]] = field(
        default_factory=dict
    )
    edges: dict[Hashable, list[tuple[Move, Hashable]]] = field(default_factory=dict)
    tried: int = 0
    broken: tuple[str, ...] = ()
    trace: tuple[Move, ...] = ()

    def way_to(self, key: Hashable) -> tuple[Move, ...]:
        """The moves from the start, shortest first found."""
        way: list[Move] = []
        at: Hashable | None = key
        while at is not None:
            before, move, _ = self.nodes[at]
            if move is not None:
                way.append(move)
            at = before
        return tuple(reversed(way))

    def told(self) -> str:
        """The trace as a person reads it."""
        lines = [f"{number}. {move}" for number, move in enumerate(self.trace, start=1)]
        return "\n".join([*lines, *(f"   broken: {promise}" for promise in self.broken)])


def search(bounds: Bounds, machine: Machine | None = None) -> Found:
    """Everything reachable, or the shortest way to a broken promise."""
    machine = machine or Machine()
    start = beginning(bounds)
    found = Found(nodes={START: (None, None, start)}, edges={START: []})
    queue: deque[tuple[Hashable, Situation]] = deque([(START, start)])
    while queue:
        key, situation = queue.popleft()
        for move in _possible(situation, bounds):
            found.tried += 1
            after = _after(situation, move, bounds, machine)
            if after is None:
                continue
            promises = _promises(situation, after, move, bounds, machine)
            if promises:
                found.broken, found.trace = promises, (*found.way_to(key), move)
                return found
            new = _key(after)
            found.edges[key].append((move, new))
            if new not in found.nodes:
                found.nodes[new] = (key, move, after)
                found.edges[new] = []
                queue.append((new, after))
    return found


def beginning(bounds: Bounds) -> Situation:
    return Situation(
        None, Seen(), bounds.access[0], bounds.checks[0], some.NOON, held=bounds.holds[0]
    )


def _possible(situation: Situation, bounds: Bounds) -> Iterator[Move]:
    if situation.post is None:
        yield from can.openings(bounds)
        yield from can.of_world(bounds)
        return
    first = situation.post.revision.number == 1
    for move in can.moves(bounds):
        if not (first and move.stale):
            yield move


def _after(situation: Situation, move: Move, bounds: Bounds, machine: Machine) -> Situation | None:
    """The situation once ``move`` had its effect; ``None`` where nothing came of it."""
    if move.of_the_world:
        new = replace(
            situation,
            access=move.access or situation.access,
            checks=move.checks or situation.checks,
            held=situation.held if move.held is None else move.held,
        )
        return None if new == situation else new
    if move.verb == "a day goes by":
        return replace(situation, now=situation.now + STEP)
    post = situation.post
    events = answer(situation, move, bounds, machine)
    if isinstance(events, Refused) or not events:
        return None
    for event in events:
        post = machine.evolve(post, event)
    assert post is not None
    today = _today(situation, bounds, machine)
    seen = remember(situation.seen, move, situation.post, post, today)
    return replace(situation, post=post, seen=seen)


def answer(
    situation: Situation, move: Move, bounds: Bounds, machine: Machine
) -> tuple[Event, ...] | Refused:
    """What the code under test says to ``move``."""
    by, now = move.by, situation.now
    asked = some.timer(now) if by is None else Asked(by=by, key="", at=now, person=machine.who(by))
    command = can.command(move, situation.post, now)
    facts = _facts(situation, move, bounds, machine)
    return decide(situation.post, command, facts, asked, machine.rules)


def _facts(situation: Situation, move: Move, bounds: Bounds, machine: Machine) -> Facts:
    post = situation.post
    text = move.text if move.text is not None else None
    if text is None and post is not None:
        text = world.text_of(post.content)
    judged = move.verb in JUDGED or (
        move.verb == "stop" and post is not None and post.state is State.RELEASED
    )
    number = 1 if post is None else post.revision.number + 1
    around = (situation.access, situation.checks, situation.held)
    return _made(bounds, machine.second_bob, *around, text, judged, number)


@cache
def _made(
    bounds: Bounds,
    second_bob: bool,  # noqa: FBT001
    access: Access,
    checks: Checks,
    held: bool,  # noqa: FBT001
    text: Text | None,
    judged: bool,  # noqa: FBT001
    number: int,
) -> Facts:
    looking = judged and text is not None and world.looking(text, checks)
    return some.facts(
        rights=world.register(bounds, access, second_bob=second_bob),
        settings=world.SETTINGS,
        needs=replace(
            bounds.needs, head=world.for_head(bounds, checks if judged else Checks.USUAL)
        ),
        revision_id=f"r{number}",
        findings=world.findings(text, checks) if judged and text else (),
        waiting_for=frozenset({world.PICTURE}) if looking else frozenset(),
        pause=world.PAUSE if held else None,
    )


def _today(situation: Situation, bounds: Bounds, machine: Machine) -> Today:
    return Today(
        bounds=bounds,
        access=situation.access,
        checks=situation.checks,
        now=situation.now,
        held=situation.held,
        at_release=machine.at_release,
        at_clicks=machine.at_clicks,
    )


def _promises(
    before: Situation, after: Situation, move: Move, bounds: Bounds, machine: Machine
) -> tuple[str, ...]:
    if after.post is None or after.post is before.post:
        return ()
    today = _today(before, bounds, machine)
    return tuple(broken(before.seen, after.seen, move, before.post, after.post, today))


# -- when two situations are one ------------------------------------------------------------------


START: Hashable = "nothing yet"


def _key(situation: Situation) -> Hashable:
    now, seen, post = situation.now, situation.seen, situation.post
    around = (situation.access, situation.checks, situation.held)
    if post is None:
        return around
    known = (
        seen.writers,
        seen.yes,
        seen.against,
        seen.allowed,
        _away(seen.deadline, now),
        seen.content == post.content,
    )
    return (*_stored(post, now), known, *around)


def _stored(post: Post, now: datetime) -> tuple[Hashable, ...]:
    """Everything of a post that some rule looks at, without numbers, ids and absolute dates."""
    newest = post.revision
    return (
        post.state,
        post.content.text,
        _away(post.content.not_before, now),
        newest.number > 1,
        newest.authors,
        newest.needs,
        newest.digest == post.content.digest(),
        tuple(
            sorted(
                (
                    yes.person,
                    yes.as_head,
                    yes.confirmed,
                    yes.revision == newest.id,
                    yes.digest == newest.digest,
                )
                for yes in post.approvals
            )
        ),
        frozenset(veto.person for veto in post.vetoes),
        tuple(item.rule for item in post.findings),
        post.waiting_for,
        Refusal.HELD in post.held_back,
        frozenset(dispute.finding for dispute in post.disputes),
        post.allowed,
        post.change_request is not None,
        _away(post.expires_at, now),
        tuple((row.second, row.third, row.head) for row in post.publications),
        frozenset((posting.account, posting.said) for posting in post.postings),
    )


def _away(moment: datetime | None, now: datetime) -> int | None:
    """Whole days from now, none of them below zero."""
    return None if moment is None else max(0, (moment - now) // STEP)
