"""Making a chat account somebody's: who is found, who says yes, when it counts. Pure and total."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, assert_never

from moderation.kernel import CorruptStore, PersonId, Reason, Refused, Timer
from moderation.links import commands as ask, events as happened
from moderation.links.model import Link, State, digest, link_of
from moderation.links.refusals import Refusal
from moderation.links.rights import Judging


if TYPE_CHECKING:
    from collections.abc import Iterator

    from moderation.kernel import Asked


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What a decision needs from outside the link.

    ``judging`` is about the person whom it would be, ``None`` where there is no such person.
    ``fits``: the address is theirs alone, and they have no account on the platform. ``owner`` is
    whose the chat account is.
    """

    judging: Judging | None = None
    fits: bool = False
    owner: PersonId | None = None


Decided = tuple[happened.Event, ...] | Refused


def decide(link: Link | None, command: ask.Command, facts: Facts, asked: Asked) -> Decided:
    """What happens, or why nothing does."""
    match command:
        case ask.RequestLink():
            return _requested(link, command, facts, asked)
        case ask.ConfirmLink():
            return _confirmed(link, command, facts, asked)
        case ask.DeclineLink():
            return _declined(link, command, facts, asked)
        case ask.LapseLink():
            return _lapsed(link, command, asked)
        case _ as never:
            assert_never(never)


def _requested(link: Link | None, command: ask.RequestLink, facts: Facts, asked: Asked) -> Decided:
    if asked.by != command.identity:
        return _refused(Refusal.NOT_YOURS)
    if facts.owner is not None:
        return _refused(Refusal.KNOWN_ALREADY)
    if link is not None and link.state is State.WAITING:
        return _refused(Refusal.STILL_WAITING)
    if link is not None and link.state is State.DECLINED:
        return _refused(Refusal.WAS_DECLINED)
    judging = facts.judging
    if judging is None or not facts.fits or not judging.enough(reachable(judging)):
        return _refused(Refusal.UNKNOWN)
    return (
        happened.Requested(
            link=link_of(command.identity),
            identity=command.identity,
            person=judging.person.id,
            address=digest(command.email),
            number=1 if link is None else link.number + 1,
            at=asked.at,
        ),
    )


def reachable(judging: Judging) -> tuple[PersonId, ...]:
    """Those of whom it is asked who are in any chat at all."""
    people = judging.register.people
    return tuple(who for who in judging.asked() if people[who].identities)


def _confirmed(link: Link | None, command: ask.ConfirmLink, facts: Facts, asked: Asked) -> Decided:
    reasons = [Reason(code, about) for code, about in _stands(link, command.seen, facts, asked)]
    judging, who = facts.judging, asked.person
    if link is None or who is None or reasons:
        return Refused(tuple(reasons))
    if judging is None or not facts.fits or facts.owner is not None:
        return _refused(Refusal.NO_LONGER)
    if who in link.confirmed_by:
        return _refused(Refusal.ALREADY_SAID)
    said = (*link.confirmed_by, who)
    confirmed = happened.Confirmed(by=who, at=asked.at)
    if not judging.enough(said):
        return (confirmed,)
    linked = happened.Linked(
        identity=link.identity,
        person=link.person,
        confirmed_by=tuple(one for one in said if judging.may_confirm(one)),
        approves=bool(judging.approves_at),
        at=asked.at,
    )
    return confirmed, linked


def _declined(link: Link | None, command: ask.DeclineLink, facts: Facts, asked: Asked) -> Decided:
    reasons = [Reason(code, about) for code, about in _stands(link, command.seen, facts, asked)]
    if asked.person is None or reasons:
        return Refused(tuple(reasons))
    return (happened.Declined(by=asked.person, at=asked.at),)


def _stands(
    link: Link | None, seen: int, facts: Facts, asked: Asked
) -> Iterator[tuple[Refusal, dict[str, str]]]:
    """It waits, is the one that was read, and this person may answer it."""
    if link is None or asked.person is None:
        yield Refusal.NO_SUCH_LINK, {}
    elif asked.person == link.person:
        yield Refusal.YOURSELF, {}
    elif link.state is not State.WAITING:
        # To whoever answered, or could have; to anybody else it isn't there.
        knew = asked.person in (*link.confirmed_by, link.declined_by) or _may(facts, asked.person)
        yield (
            (Refusal.NOT_WAITING, {"state": link.state.value})
            if knew
            else (Refusal.NO_SUCH_LINK, {})
        )
    elif not _may(facts, asked.person):
        yield Refusal.NO_SUCH_LINK, {}
    elif seen != link.number:
        yield Refusal.CHANGED_SINCE, {}


def _may(facts: Facts, who: PersonId) -> bool:
    return facts.judging is not None and facts.judging.may_confirm(who)


def _lapsed(link: Link | None, command: ask.LapseLink, asked: Asked) -> Decided:
    """Too late is not an error: somebody has answered meanwhile."""
    if not isinstance(asked.by, Timer):
        return _refused(Refusal.ONLY_THE_TIMER)
    if link is None or link.state is not State.WAITING or link.number != command.number:
        return ()
    return (happened.Lapsed(at=asked.at),)


def _refused(code: Refusal) -> Refused:
    return Refused((Reason(code),))


def evolve(link: Link | None, event: happened.Event) -> Link:
    """The link after ``event``. Every one begins with a request."""
    if isinstance(event, happened.Requested):
        return Link(
            id=event.link,
            identity=event.identity,
            person=event.person,
            address=event.address,
            number=event.number,
            asked_at=event.at,
        )
    if link is None:
        raise CorruptStore("a link's event without its link")
    match event:
        case happened.Confirmed():
            return replace(link, confirmed_by=(*link.confirmed_by, event.by))
        case happened.Linked():
            return replace(link, state=State.LINKED)
        case happened.Declined():
            return replace(link, state=State.DECLINED, declined_by=event.by)
        case happened.Lapsed():
            return replace(link, state=State.LAPSED)
        case _ as never:
            assert_never(never)
