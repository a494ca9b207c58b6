"""Pausing all posts and starting them again: who may, and what follows. Pure and total."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, assert_never

from moderation.holds import commands as ask, events as happened
from moderation.holds.model import Hold
from moderation.holds.refusals import Refusal
from moderation.holds.rights import pausers, starters
from moderation.kernel import CorruptStore, PostId, Reason, Refused
from moderation.people.rights import Rights
from moderation.posts.guards import LONGEST_REASON
from moderation.posts.model import is_blank


if TYPE_CHECKING:
    from collections.abc import Iterator

    from moderation.kernel import Asked, PersonId


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """``rights`` are those at the place, ``None`` for a place that isn't there.

    ``posts`` are those that the command sets going; ``trust_paused`` whether the trust's own hold
    covers this school.
    """

    rights: Rights | None
    posts: tuple[PostId, ...] = ()
    trust_paused: bool = False


def decide(
    hold: Hold | None, command: ask.Command, facts: Facts, asked: Asked
) -> tuple[happened.Event, ...] | Refused:
    """What happens, or every reason why nothing does."""
    person, rights = asked.person, facts.rights
    if person is None:
        return Refused((Reason(Refusal.UNKNOWN_PERSON),))
    if rights is None:
        return Refused((Reason(Refusal.UNKNOWN_PLACE),))
    reasons = tuple(_against(hold, command, facts, rights, person))
    return Refused(reasons) if reasons else (_event(hold, command, facts, asked, person),)


def evolve(hold: Hold | None, event: happened.Event) -> Hold:
    """The hold after ``event``. Total, and never refuses.

    Raises :class:`~moderation.kernel.CorruptStore` where posts start that were never paused.
    """
    match event:
        case happened.Paused():
            return Hold(
                school=event.school,
                number=event.number,
                by=event.by,
                reason=event.reason,
                at=event.at,
            )
        case happened.Started():
            if hold is None:
                raise CorruptStore(event.tag)
            return replace(hold, started_by=event.by, started_at=event.at)
        case _ as never:
            assert_never(never)


def _event(
    hold: Hold | None, command: ask.Command, facts: Facts, asked: Asked, person: PersonId
) -> happened.Event:
    match command:
        case ask.Pause(school=school, reason=reason):
            return happened.Paused(
                school=school,
                number=1 if hold is None else hold.number + 1,
                by=person,
                reason=reason,
                at=asked.at,
                posts=facts.posts,
            )
        case ask.Start():
            return happened.Started(by=person, at=asked.at, posts=facts.posts)
        case _ as never:
            assert_never(never)


def _against(
    hold: Hold | None, command: ask.Command, facts: Facts, rights: Rights, person: PersonId
) -> Iterator[Reason]:
    match command:
        case ask.Pause():
            yield from _against_pausing(hold, command, rights, person)
        case ask.Start():
            yield from _against_starting(hold, command, facts, rights, person)
        case _ as never:
            assert_never(never)


def _against_pausing(
    hold: Hold | None, command: ask.Pause, rights: Rights, person: PersonId
) -> Iterator[Reason]:
    if person not in pausers(rights):
        yield Reason(Refusal.MAY_NOT_PAUSE)
    if is_blank(command.reason):
        yield Reason(Refusal.NO_REASON)
    if len(command.reason) > LONGEST_REASON:
        yield Reason(Refusal.REASON_TOO_LONG, {"limit": str(LONGEST_REASON)})
    if hold is not None and hold.paused:
        yield Reason(Refusal.ALREADY_PAUSED)


def _against_starting(
    hold: Hold | None, command: ask.Start, facts: Facts, rights: Rights, person: PersonId
) -> Iterator[Reason]:
    if person not in starters(rights):
        yield Reason(Refusal.MAY_NOT_START)
    if hold is None or not hold.paused:
        yield Reason(Refusal.TRUST_PAUSED if facts.trust_paused else Refusal.NOT_PAUSED)
    elif command.seen is not None and command.seen != hold.number:
        yield Reason(Refusal.OLDER_PAUSE)
