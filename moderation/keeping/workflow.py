"""Keeping a name: asked by one, agreed by another, taken away by either. Pure and total."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING, assert_never

from moderation.checks.names.people import whole_name
from moderation.keeping import commands as ask, events as happened
from moderation.keeping.model import LONGEST_NAME, STANDING, KeptName, State
from moderation.keeping.refusals import Refusal
from moderation.kernel import CorruptStore, PersonId, PostId, Reason, Refused, Timer
from moderation.posts.guards import LONGEST_REASON
from moderation.posts.model import is_blank


if TYPE_CHECKING:
    from collections.abc import Iterator

    from moderation.kernel import Asked


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """``keepers`` may ask and agree today, nobody where there is no such place.

    ``checked_for``: somebody whom the place's posts are checked for has the name. ``known``: it
    waits or is kept there. ``posts`` are under way there.
    """

    keepers: frozenset[PersonId] = frozenset()
    must_accept: bool = False
    checked_for: bool = False
    known: bool = False
    posts: tuple[PostId, ...] = ()
    days: int = 365


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Brought:
    """What a command says and no event repeats: the name, or why not."""

    name: str = ""
    reason: str = ""


Decided = tuple[happened.Event, ...] | Refused
NOTHING = Brought()


def decide(kept: KeptName | None, command: ask.Command, facts: Facts, asked: Asked) -> Decided:
    """What happens, or every reason why nothing does."""
    if isinstance(command, ask.LapseName | ask.EndName):
        return _in_time(kept, command, facts, asked)
    who = asked.person
    reasons = tuple(Reason(code) for code in _against(kept, command, facts, asked))
    if who is None or reasons:
        return Refused(reasons)
    at = asked.at
    match command:
        case ask.AskName(id=id_, school=school, kind=kind):
            if kind is None:  # told above with all the rest
                return Refused((Reason(Refusal.NO_KIND),))
            return (happened.Asked(id=id_, school=school, kind=kind, by=who, at=at),)
        case ask.AgreeName():
            until = at + timedelta(days=facts.days)
            return (happened.Agreed(by=who, at=at, until=until, posts=facts.posts),)
        case ask.DeclineName():
            return (happened.Declined(by=who, at=at),)
        case ask.DropName():
            counted = kept is not None and kept.state is State.KEPT
            return (happened.Dropped(by=who, at=at, posts=facts.posts if counted else ()),)
        case _ as never:
            assert_never(never)


def evolve(kept: KeptName | None, event: happened.Event, brought: Brought = NOTHING) -> KeptName:
    """The name after ``event``. Every one begins with being asked for.

    What it says is ``brought`` by the command, never by an event.
    """
    if isinstance(event, happened.Asked):
        return KeptName(
            id=event.id,
            school=event.school,
            name=" ".join(brought.name.split()),
            kind=event.kind,
            asked_by=event.by,
            asked_at=event.at,
        )
    if kept is None:
        raise CorruptStore(event.tag)
    match event:
        case happened.Agreed():
            return replace(
                kept,
                state=State.KEPT,
                agreed_by=event.by,
                agreed_at=event.at,
                until=event.until,
            )
        case happened.Declined():
            return replace(kept, state=State.DECLINED, over_by=event.by, reason=brought.reason)
        case happened.Dropped():
            return replace(kept, state=State.DROPPED, over_by=event.by)
        case happened.Lapsed():
            return replace(kept, state=State.LAPSED)
        case happened.Ended():
            return replace(kept, state=State.ENDED)
        case _ as never:
            assert_never(never)


def _against(
    kept: KeptName | None,
    command: ask.AskName | ask.AgreeName | ask.DeclineName | ask.DropName,
    facts: Facts,
    asked: Asked,
) -> Iterator[Refusal]:
    who, at = asked.person, asked.at
    if isinstance(command, ask.AskName):
        yield from _against_asking(kept, command, facts, who)
    elif kept is None or who not in facts.keepers:
        # To anybody else it isn't there.
        yield Refusal.NO_SUCH_NAME
    elif isinstance(command, ask.DropName):
        if kept.state not in STANDING:
            yield Refusal.OVER
    elif kept.state is not State.WAITING or kept.lapses_at <= at:
        yield Refusal.OVER
    elif who == kept.asked_by:
        yield Refusal.OWN
    elif isinstance(command, ask.DeclineName):
        if is_blank(command.reason):
            yield Refusal.NO_REASON
        if len(command.reason) > LONGEST_REASON:
            yield Refusal.REASON_TOO_LONG
    else:
        yield from _against_any_yes(facts)


def _against_asking(
    kept: KeptName | None, command: ask.AskName, facts: Facts, who: PersonId | None
) -> Iterator[Refusal]:
    if who is None or who not in facts.keepers:
        yield Refusal.MAY_NOT
        return
    if kept is not None:
        yield Refusal.SENT_ALREADY
        return
    yield from _against_any_yes(facts)
    if not whole_name(command.name):
        yield Refusal.NOT_WHOLE
    if len(command.name) > LONGEST_NAME:
        yield Refusal.TOO_LONG
    if command.kind is None:
        yield Refusal.NO_KIND
    if facts.known:
        yield Refusal.KNOWN_ALREADY
    if facts.keepers <= {who}:
        yield Refusal.NOBODY_ELSE


def _against_any_yes(facts: Facts) -> Iterator[Refusal]:
    if facts.must_accept:
        yield Refusal.MUST_ACCEPT
    if facts.checked_for:
        yield Refusal.IS_CHECKED_FOR


def _in_time(kept: KeptName | None, command: ask.Timed, facts: Facts, asked: Asked) -> Decided:
    """Somebody may have been faster: then nothing happens."""
    if not isinstance(asked.by, Timer):
        return Refused((Reason(Refusal.ONLY_THE_TIMER),))
    if kept is None:
        return ()
    match command:
        case ask.LapseName():
            lapses = kept.state is State.WAITING and kept.lapses_at <= asked.at
            return (happened.Lapsed(at=asked.at),) if lapses else ()
        case ask.EndName():
            due = kept.until is not None and kept.until <= asked.at
            ends = kept.state is State.KEPT and due
            return (happened.Ended(at=asked.at, posts=facts.posts),) if ends else ()
        case _ as never:
            assert_never(never)
