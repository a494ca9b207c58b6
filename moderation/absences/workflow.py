"""Saying that somebody is away, or back: who may, what is sound, what follows. Pure and total."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, assert_never

from moderation.absences import commands as ask, events as happened
from moderation.absences.events import Instead, Waiting
from moderation.absences.model import (
    FURTHEST,
    LONGEST,
    Statement,
    covering,
    subject_of,
    with_absence,
    without,
)
from moderation.absences.refusals import Refusal
from moderation.absences.rights import Here, gains, gap, speakers
from moderation.kernel import PersonId, PostId, Reason, Refused, SchoolId, Timer
from moderation.people.model import Person, Span


if TYPE_CHECKING:
    from collections.abc import Iterator

    from moderation.kernel import Asked


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """``person`` is whom it is about, ``None`` where there is no such person.

    ``known``: the asker may know of them. ``posts`` are all in front of people at the person's
    schools; ``asked``, ``unanswered`` and ``reports`` are what changes where the absence has begun.
    """

    today: date
    person: Person | None = None
    known: bool = False
    places: Mapping[SchoolId, Here] = field(default_factory=dict)
    posts: tuple[PostId, ...] = ()
    asked: tuple[Instead, ...] = ()
    unanswered: tuple[PostId, ...] = ()
    reports: tuple[Waiting, ...] = ()


def decide(
    command: ask.Command, facts: Facts, asked: Asked
) -> tuple[happened.Event, ...] | Refused:
    """What happens, or every reason why nothing does."""
    person = facts.person
    if isinstance(command, ask.BeginAbsence):
        if not isinstance(asked.by, Timer):
            return _refused(Refusal.ONLY_THE_TIMER)
        # Taken back meanwhile, or moved: then nothing begins.
        begins = person is not None and person.away(facts.today)
        return (_begun(command, facts, asked),) if begins and person is not None else ()
    if asked.person is None:
        return _refused(Refusal.UNKNOWN_PERSON)
    if person is None or not facts.known:
        return _refused(Refusal.NOBODY)
    reasons = (
        *_unsound(command, person, facts),
        *_not_theirs(command, person, facts, asked.person),
    )
    if reasons:
        return Refused(tuple(reasons))
    match command:
        case ask.SayAway():
            return tuple(_said_away(command, person, facts, asked, asked.person))
        case ask.SayBack():
            back = happened.SaidBack(
                statement=subject_of(person.id, command.statement),
                person=person.id,
                by=asked.person,
                day=command.day,
                at=asked.at,
                posts=facts.posts,
            )
            return (back,)
        case _ as never:
            assert_never(never)


def evolve(before: tuple[Span, ...], event: happened.Event, today: date) -> Statement:
    """What was said, with the person's absences after it. Total, and never refuses."""
    after = _absences(before, event, today)
    return Statement(id=event.statement, person=event.person, absences=after)


def _absences(before: tuple[Span, ...], event: happened.Event, today: date) -> tuple[Span, ...]:
    match event:
        case happened.SaidAway(start=start, end=end):
            return with_absence(before, Span(start=start, end=end), today)
        case happened.SaidBack(day=day):
            return without(before, day)
        case happened.Begun():
            return before
        case _ as never:
            assert_never(never)


def _said_away(
    command: ask.SayAway, person: Person, facts: Facts, asked: Asked, by: PersonId
) -> Iterator[happened.Event]:
    new = Span(start=command.start, end=command.end)
    gaps = [gap(here, person, person.absences, new) for here in facts.places.values()]
    lacking = [found for found in gaps if not found.nothing]
    told = (found.told for found in lacking)
    yield happened.SaidAway(
        statement=subject_of(person.id, command.statement),
        person=person.id,
        by=by,
        start=command.start,
        end=command.end,
        at=asked.at,
        lost=tuple(short.account for found in lacking for short in found.short),
        told=tuple(dict.fromkeys(who for who in told if who not in {None, by, person.id})),
    )
    if command.start <= facts.today and not person.away(facts.today):
        yield _begun(command, facts, asked)


def _begun(command: ask.SayAway | ask.BeginAbsence, facts: Facts, asked: Asked) -> happened.Begun:
    return happened.Begun(
        statement=subject_of(command.person, command.statement),
        person=command.person,
        at=asked.at,
        posts=facts.posts,
        asked=facts.asked,
        unanswered=facts.unanswered,
        reports=facts.reports,
    )


def _unsound(command: ask.SayAway | ask.SayBack, person: Person, facts: Facts) -> Iterator[Reason]:
    if isinstance(command, ask.SayBack):
        if covering(person.absences, command.day) is None:
            coming = (span.start for span in person.absences if span.start is not None)
            later = min((day for day in coming if day > command.day), default=None)
            yield Reason(Refusal.NOT_AWAY, {} if later is None else {"next": later.isoformat()})
        return
    if command.end < facts.today:
        yield Reason(Refusal.OVER)
    elif command.end < command.start:
        yield Reason(Refusal.WRONG_ORDER)
    elif command.end - command.start > LONGEST:
        yield Reason(Refusal.TOO_LONG)
    elif command.start - facts.today > FURTHEST:
        yield Reason(Refusal.TOO_FAR)


def _not_theirs(
    command: ask.SayAway | ask.SayBack, person: Person, facts: Facts, by: PersonId
) -> Iterator[Reason]:
    if by == person.id:
        return
    able = {who for here in facts.places.values() for who in speakers(here)} - {person.id}
    after = person.absences
    if isinstance(command, ask.SayAway):
        # As if it began today: who gains by it later gains by it.
        after = (*after, Span(start=facts.today, end=max(facts.today, command.end)))
    winners = {
        who for who in able for here in facts.places.values() if gains(who, here, person, after)
    }
    could = {"who": ",".join(sorted(able - winners))}
    if by not in able:
        yield Reason(Refusal.MAY_NOT_SAY, could)
    elif by in winners:
        yield Reason(Refusal.GAINS, could)


def _refused(code: Refusal) -> Refused:
    return Refused((Reason(code),))
