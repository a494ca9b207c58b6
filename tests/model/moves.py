"""Everything that can happen next in the model: what each human may try, the timer, the world."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from moderation.posts import commands as ask
from tests.builders import ANN, PAGE, POST, identities
from tests.model import world
from tests.model.world import CONSENT, HUMANS, WORD, Access, Bounds, Checks, Text


if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from moderation.checks.model import Finding
    from moderation.kernel import Identity, PersonId
    from moderation.posts.model import Content, Post


WHY = "a reason"


class Move(NamedTuple):
    """One thing somebody tries, or the timer does, or that changes around the post.

    ``stale`` is the approver's view: the card in front of them shows an older version.
    """

    verb: str
    by: Identity | None = None
    stale: bool = False
    text: Text | None = None
    confirming: bool = True
    of: PersonId | None = None
    finding: Finding | None = None
    access: Access | None = None
    checks: Checks | None = None
    held: bool | None = None

    @property
    def who(self) -> PersonId | None:
        """The human who really does it."""
        return HUMANS[self.by] if self.by is not None else None

    @property
    def of_the_world(self) -> bool:
        """Whether it changes what is around the post, not the post."""
        return (self.access, self.checks, self.held) != (None, None, None)

    def written(self, now: datetime) -> Content:
        if self.text is None:
            raise TypeError(self.verb)
        return world.written(self.text, now)

    def __str__(self) -> str:
        """One line of a trace."""
        parts = [f"{self.who} in {self.by.platform}" if self.by else "", self.verb]
        parts += [str(item) for item in (self.text, self.access, self.checks) if item]
        parts += [f"of {self.of}"] if self.of else []
        parts += ["from a card with an older version"] if self.stale else []
        parts += ["confirming nothing"] if not self.confirming else []
        if self.held is not None:
            parts += ["posts are paused" if self.held else "posts start again"]
        return " ".join(filter(None, parts))


def openings(bounds: Bounds) -> Iterator[Move]:
    for who in bounds.proposers:
        for text in bounds.texts:
            yield Move("propose", identities(who)[0], text=text)


@cache
def moves(bounds: Bounds) -> tuple[Move, ...]:
    """Every move that is not an opening, sensible or not."""
    return (*_of_people(bounds), *_of_timer(bounds), *of_world(bounds))


def _of_people(bounds: Bounds) -> Iterator[Move]:
    for who in bounds.people:
        yield from _of_one(identities(who)[0], who, bounds)
    for identity in bounds.identities:
        for stale in (False, True):
            yield Move("approve", identity, stale)
        if Text.FLAGGED in bounds.texts or Checks.NEW_FLAG in bounds.checks:
            yield Move("approve", identity, confirming=False)
    yield Move("mark posted", identities(ANN)[0])
    yield Move("mark posted", identities(ANN)[0], stale=True)
    yield Move("cannot post", identities(ANN)[0])


def _of_one(first: Identity, who: PersonId, bounds: Bounds) -> Iterator[Move]:
    """Everything but approving, which is tried from every identity."""
    for stale in (False, True):
        if who in bounds.editors:
            for text in bounds.texts:
                yield Move("revise", first, stale, text)
        if who in bounds.vetoers:
            yield Move("ask for changes", first, stale)
            yield Move("reject", first, stale)
        for of in bounds.vetoers:
            yield Move("lift", first, stale, of=of)
        if Text.BLOCKED in bounds.texts:
            for finding in (WORD, CONSENT):
                yield Move("dispute", first, stale, finding=finding)
                yield Move("allow", first, stale, finding=finding)
            yield Move("decline", first, stale)
    if who in bounds.vetoers:
        yield Move("stop", first)
    if who in bounds.editors:
        yield Move("withdraw", first)


def _of_timer(bounds: Bounds) -> Iterator[Move]:
    yield Move("release")
    judged = set(bounds.checks) & {
        Checks.CONSENT_GONE,
        Checks.LOOKING,
        Checks.FOR_HEAD,
    }
    if judged or Text.BLOCKED in bounds.texts or len(bounds.holds) > 1:
        yield Move("recheck")
        yield Move("judge")
    if bounds.clock:
        yield Move("expire")
        yield Move("expire", stale=True)


def of_world(bounds: Bounds) -> Iterator[Move]:
    if len(bounds.access) > 1:
        for access in bounds.access:
            yield Move("now", access=access)
    if len(bounds.checks) > 1:
        for checks in bounds.checks:
            yield Move("now", checks=checks)
    if len(bounds.holds) > 1:
        for held in bounds.holds:
            yield Move("now", held=held)
    if bounds.clock:
        yield Move("a day goes by")


def command(move: Move, post: Post | None, now: datetime) -> ask.Command:  # noqa: C901, PLR0912 -- one arm for each verb
    """What the code under test is asked."""
    seen = 0 if post is None else post.revision.number - move.stale
    match move.verb:
        case "propose":
            return ask.Propose(post=POST, content=move.written(now))
        case "revise":
            return ask.Revise(post=POST, seen=seen, content=move.written(now))
        case "approve":
            shown = post.flags if post is not None and move.confirming else ()
            return ask.Approve(
                post=POST, seen=seen, confirmed=frozenset(item.key for item in shown)
            )
        case "ask for changes":
            return ask.RequestChanges(post=POST, seen=seen, reason=WHY)
        case "reject":
            return ask.Reject(post=POST, seen=seen, reason=WHY)
        case "lift" if move.of is not None:
            return ask.LiftVeto(post=POST, seen=seen, of=move.of, reason=WHY)
        case "dispute" if move.finding is not None:
            return ask.Dispute(post=POST, seen=seen, finding=move.finding.key, reason=WHY)
        case "allow" if move.finding is not None:
            return ask.Allow(post=POST, seen=seen, finding=move.finding.key, reason=WHY)
        case "decline":
            return ask.Decline(post=POST, seen=seen, reason=WHY)
        case "withdraw":
            return ask.Withdraw(post=POST)
        case "stop":
            return ask.Stop(post=POST, reason=WHY)
        case "mark posted":
            return ask.MarkPosted(post=POST, seen=seen, account=PAGE)
        case "cannot post":
            return ask.SayNotPosted(post=POST, seen=seen, account=PAGE, unsure=False, reason=WHY)
        case "release":
            return ask.Release(post=POST)
        case "recheck":
            return ask.Recheck(post=POST)
        case "judge":
            return ask.Judge(post=POST)
        case "expire":
            return ask.Expire(post=POST, seen=seen)
        case _:
            raise NotImplementedError(move.verb)
