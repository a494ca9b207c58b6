"""The two-person rule as a witness would judge it, written anew: no code under test in here.

The witness sees who really spoke, which version was in front of them, what each version says, and
what comes out. From that alone :func:`broken` says which promises a step broke.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, NamedTuple

from moderation.kernel import PersonId
from moderation.posts.model import Content, State
from tests.builders import BOB
from tests.model import world
from tests.model.world import LIFETIME, OTHER_BOB, Access, Bounds, Checks


if TYPE_CHECKING:
    from collections.abc import Iterator, Set as AbstractSet

    from moderation.posts.model import Post, Publication
    from tests.model.moves import Move


ENDS = frozenset({State.PUBLISHED, State.WITHDRAWN, State.EXPIRED})
OUT = frozenset({State.RELEASED, State.PUBLISHED})
WAITING = frozenset({State.DRAFT, State.IN_REVIEW, State.CHANGES_REQUESTED, State.REJECTED})
WRITING = frozenset({"propose", "revise", "judge", "release"})
"""What puts a post in front of the approvers, or takes it away from them."""
ANSWERS = frozenset({"approve", "ask for changes", "reject", "lift", "allow", "decline"})


class Yes(NamedTuple):
    """One human's yes: to the version that stood, with the right just then, in time, or not."""

    who: PersonId
    fresh: bool
    right: bool
    in_time: bool
    as_head: bool
    confirmed: frozenset[str]


@dataclass(frozen=True, slots=True)
class Seen:
    """What the witness remembers of one post; ``deadline`` is when silence becomes a no."""

    writers: frozenset[PersonId] = frozenset()
    content: Content | None = None
    yes: frozenset[Yes] = frozenset()
    against: frozenset[PersonId] = frozenset()
    allowed: frozenset[str] = frozenset()
    asked: frozenset[str] = frozenset()
    """What a writer has asked the head to allow and the head hasn't, by rule."""
    declined: bool = False
    """Whether the head's last word to that was a no."""
    deadline: datetime | None = None


class Today(NamedTuple):
    """The world as it really is, and which promises are looked at.

    ``at_release``: what must hold on the day, not only at the clicks. ``at_clicks``: each answer by
    itself, not only what comes out in the end.
    """

    bounds: Bounds
    access: Access
    checks: Checks
    now: datetime
    held: bool
    at_release: bool
    at_clicks: bool


def remember(seen: Seen, move: Move, before: Post | None, after: Post, today: Today) -> Seen:
    """What the witness knows once ``move`` has had an effect."""
    in_time = seen.deadline is None or today.now < seen.deadline
    if before is None or after.revision.number != before.revision.number:
        seen = replace(seen, yes=frozenset(), asked=frozenset(), declined=False)
    was = None if before is None else (before.state, before.revision.number)
    if was != (after.state, after.revision.number):
        ends = today.now + LIFETIME if after.state in WAITING else None
        seen = replace(seen, deadline=ends)
    if move.who is None:
        return seen
    if move.verb == "approve" and before is not None:
        yes = _said_yes(seen, move, move.who, before, today)._replace(in_time=in_time)
        return replace(seen, yes=seen.yes | {yes}, against=seen.against - {move.who})
    return _heard(seen, move, move.who, today)


def _said_yes(seen: Seen, move: Move, who: PersonId, before: Post, today: Today) -> Yes:
    return Yes(
        who,
        fresh=not move.stale,
        right=world.may_decide(who, today.access, seen.writers),
        in_time=True,
        as_head=world.is_head_today(who, today.access, seen.writers),
        confirmed=world.ticked(before.findings if move.confirming else ()),
    )


def _heard(seen: Seen, move: Move, who: PersonId, today: Today) -> Seen:
    match move.verb:
        case "propose" | "revise":
            words = move.written(today.now)
            return replace(seen, writers=seen.writers | {who}, content=words, allowed=frozenset())
        case "ask for changes":
            return replace(seen, yes=_without(seen.yes, who))
        case "reject":
            return replace(seen, against=seen.against | {who})
        case "lift" if move.of is not None:
            # Overridden, somebody's last word is still the no: an earlier yes of theirs is gone.
            yes_left = seen.yes if move.of == who else _without(seen.yes, move.of)
            return replace(seen, against=seen.against - {move.of}, yes=yes_left)
        case "allow" if move.finding is not None:
            allowed, left = {move.finding.rule}, seen.asked - {move.finding.rule}
            return replace(seen, allowed=seen.allowed | allowed, asked=left, declined=False)
        case "dispute" if move.finding is not None:
            return replace(seen, asked=seen.asked | {move.finding.rule})
        case "decline":
            return replace(seen, declined=True)
        case _:
            return seen


def _without(yes: frozenset[Yes], who: PersonId) -> frozenset[Yes]:
    return frozenset(item for item in yes if item.who != who)


# -- what was promised ----------------------------------------------------------------------------


def broken(
    seen: Seen, then: Seen, move: Move, before: Post | None, after: Post, today: Today
) -> Iterator[str]:
    """Each promise that ``move`` broke; ``then`` is what the witness knows after it."""
    if before is not None and before.state in ENDS:
        yield from _not_final(before, after)
    if move.who is not None and today.at_clicks:
        yield from _wrongly_heard(seen, move, move.who, today)
    if after.state in OUT and (before is None or before.state not in OUT):
        if move.verb != "release":
            yield "only the timer hands out"
        yield from _wrongly_out(then, after, today)
    unseen = world.looking(world.text_of(after.content), today.checks)
    if move.verb == "decline" and (before is None or after.content != before.content):
        yield "a no to what was asked leaves the draft as it is"
    if move.verb == "decline" and after.state is not State.DRAFT:
        yield "a no to what was asked leaves the draft with its writers"
    stopped = unseen or _blocks(after, today) - then.allowed
    if stopped and today.at_clicks and after.state is State.IN_REVIEW and move.verb in WRITING:
        yield "nobody is asked about what can't go out"


def _not_final(before: Post, after: Post) -> Iterator[str]:
    if (after.state, after.revision, after.approvals, after.publications) != (
        before.state,
        before.revision,
        before.approvals,
        before.publications,
    ):
        yield "a final state stays final"


def _wrongly_heard(seen: Seen, move: Move, who: PersonId, today: Today) -> Iterator[str]:
    """An answer or an edit that ought to have been refused there and then."""
    able = world.may_decide(who, today.access, seen.writers)
    headlike = world.is_head_today(who, today.access, seen.writers)
    if move.verb in ANSWERS and seen.deadline is not None and today.now >= seen.deadline:
        yield "no answer counts once the time is up"
    if move.verb in ANSWERS - {"approve"} and move.stale:
        yield "an answer is to the version that stands"
    if move.verb == "approve" and any(yes.who == who and yes.fresh for yes in seen.yes):
        yield "a second click of the same person changes nothing"
    match move.verb:
        case "ask for changes" | "reject" if not able:
            yield "only who may decide answers"
        case "dispute" | "allow" | "decline":
            yield from _wrong_leave(seen, move, who, headlike=headlike)
        case "lift" if not headlike and not (who == move.of and _here(who, today)):
            yield "a no is lifted by its owner or the head, no author"
        case "withdraw" if who not in seen.writers:
            yield "only a writer withdraws"
        case "stop" if not _here(who, today):
            yield "who left stops nothing"
        case "propose" | "revise":
            yield from _wrongly_written(seen, move, who, today)
        case _:
            return


def _wrong_leave(seen: Seen, move: Move, who: PersonId, *, headlike: bool) -> Iterator[str]:
    """To let go out this once what a check stops: asked for, given, or not given."""
    match move.verb:
        case "allow" if move.finding is not None and not move.finding.allowable:
            yield "only what the pack lets be allowed is allowed"
        case "allow" | "decline" if not headlike:
            yield "only the head, no author, answers whether a block may be allowed"
        case "decline" if seen.declined or not seen.asked:
            yield "only what was asked is answered, and once"
        case "dispute" if seen.declined:
            yield "after a no the words change before anything is asked again"
        case "dispute" if who not in seen.writers or move.stale:
            yield "only a writer asks for leave, of the version that stands"
        case _:
            return


def _here(who: PersonId, today: Today) -> bool:
    return not (who == BOB and today.access is Access.BOB_LEFT)


def _wrongly_written(seen: Seen, move: Move, who: PersonId, today: Today) -> Iterator[str]:
    if move.verb == "propose" and not world.may_propose(who, today.access):
        yield "only the account's own people propose"
    if move.stale:
        yield "an edit is of the version that stands"
    if move.written(today.now) == seen.content:
        yield "a new version says something new"
    if not _here(who, today):
        yield "who left writes nothing"
    able = who in seen.writers or world.may_decide(who, today.access, seen.writers)
    if seen.writers and not able:
        yield "only writers and approvers edit"
    if not world.enough_people(today.bounds, today.access, seen.writers | {who}):
        yield "nobody proposes what nobody could approve"


def _blocks(post: Post, today: Today) -> frozenset[str]:
    checks = today.checks if today.at_release else Checks.USUAL
    return world.blocks(world.text_of(post.content), checks)


def _wrongly_out(seen: Seen, post: Post, today: Today) -> Iterator[str]:
    """The rule itself, at the moment when the text is handed out."""
    counted = {yes.who: yes for yes in seen.yes if _counts(yes, seen, post, today)}
    heads = {who for who, yes in counted.items() if yes.as_head}
    bounds = today.bounds
    head = world.for_head(bounds, today.checks if today.at_release else Checks.USUAL)
    needed = bounds.seconds + (1 if head and not bounds.head_counts else 0)
    if len(counted) < needed:
        yield f"{needed} who wrote no part of it said yes to exactly this"
    if head and not heads:
        yield "the head said yes"
    if seen.against:
        yield "nobody's no stands"
    if post.content != seen.content:
        yield "what goes out is what was last written"
    if today.at_release and world.looking(world.text_of(post.content), today.checks):
        yield "nothing goes out with a picture that nobody has looked at"
    if today.at_release and today.held:
        yield "nothing goes out while posts are paused"
    if _blocks(post, today) - seen.allowed:
        yield "nothing goes out that a check stops"
    if post.content.not_before is not None and today.now < post.content.not_before:
        yield "nothing goes out before its time"
    if [row.account for row in post.publications] != list(post.content.accounts):
        yield "one row for each account"
    for row in post.publications:
        if not _well_named(row, seen, post, counted.keys(), heads, today):
            yield "the row names who wrote it and who said yes"


def _counts(yes: Yes, seen: Seen, post: Post, today: Today) -> bool:
    checks = today.checks if today.at_release else Checks.USUAL
    flags = world.flags(world.text_of(post.content), checks)
    still = not today.at_release or world.still_decides(
        yes.who, today.access, seen.writers, as_head=yes.as_head
    )
    wrote = yes.who in seen.writers
    return (
        (yes.fresh and yes.right and yes.in_time and still) and not wrote and flags <= yes.confirmed
    )


def _well_named(
    row: Publication,
    seen: Seen,
    post: Post,
    counted: AbstractSet[PersonId],
    heads: AbstractSet[PersonId],
    today: Today,
) -> bool:
    bounds = today.bounds
    asked = world.for_head(bounds, today.checks if today.at_release else Checks.USUAL)
    named = [_human(who) for who in (row.second, row.third) if who is not None]
    head = _human(row.head) if row.head is not None else None
    if asked and not bounds.head_counts and head in named:
        return False
    return (
        (row.revision, row.digest) == (post.revision.id, post.content.digest())
        and row.author in seen.writers
        and len(set(named)) == len(named) == bounds.seconds
        and set(named) <= counted
        and (head in heads if asked else True)
    )


def _human(who: PersonId) -> PersonId:
    return BOB if who == OTHER_BOB else who
