"""A report climbs until somebody has it: what may happen to it, and what it is afterwards.

Never paused: not by a hold on posts, not at night, not in the holidays.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, assert_never

from moderation.incidents import commands as ask, events as happened
from moderation.incidents.model import (
    LONGEST_PLACE,
    LONGEST_WORDS,
    MOST_NAMED,
    Concern,
    Incident,
    IncidentId,
    Receiver,
    State,
)
from moderation.incidents.refusals import Refusal
from moderation.incidents.rights import Ladder
from moderation.kernel import CorruptStore, PersonId, Reason, Refused, SchoolId, Timer
from moderation.posts.model import is_blank


if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from moderation.kernel import Asked


NO_LADDER = Ladder()


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """Who asks, and who may be asked.

    ``here``: the asker works or helps at a school today. ``school`` is the one it is about, or
    ``None`` where that isn't clear. ``still`` are the receivers who hold their role to this day.
    """

    here: bool
    school: SchoolId | None
    barred: frozenset[PersonId] = frozenset()
    ladder: Ladder = NO_LADDER
    still: frozenset[PersonId] = frozenset()
    account_known: bool = True
    named_known: bool = True


def decide(
    incident: Incident | None, command: ask.Command, facts: Facts, asked: Asked
) -> tuple[happened.Event, ...] | Refused:
    """What happens, or every reason why not. Pure and total."""
    match command:
        case ask.ReportConcern():
            return _report(incident, command, facts, asked)
        case ask.Climb():
            if not isinstance(asked.by, Timer):
                return _refused(Refusal.ONLY_THE_TIMER)
            return _climb(incident, command, facts, asked)
        case ask.Acknowledge() | ask.Finish():
            why = _why_not_theirs(incident, facts, asked.person)
            if incident is None or asked.person is None or why is not None:
                return _refused(why or Refusal.NO_SUCH_REPORT)
            if isinstance(command, ask.Finish):
                return _finish(incident, facts, asked, asked.person)
            return _acknowledge(incident, facts, asked, asked.person)
        case _ as never:
            assert_never(never)


def evolve(
    incident: Incident | None, event: happened.Event, brought: Brought | None = None
) -> Incident:
    """The report after ``event``. What it says is brought by the command, never by an event.

    Raises :class:`~moderation.kernel.CorruptStore` where a report's first event isn't its own.
    """
    if isinstance(event, happened.Reported):
        if brought is None:
            raise CorruptStore(event.tag)
        return Incident(
            id=event.incident,
            school=event.school,
            reporter=event.by,
            at=event.at,
            concern=brought.concern,
            barred=brought.barred,
        )
    if incident is None:
        raise CorruptStore(event.tag)
    match event:
        case happened.Sent():
            receivers = (*incident.receivers, *event.receivers)
            return replace(incident, step=event.step, receivers=receivers)
        case happened.Unanswered():
            return replace(
                incident,
                step=incident.step + 1,
                receivers=(*incident.receivers, *event.receivers),
                unanswered_at=event.at,
            )
        case happened.Acknowledged():
            return replace(incident, state=State.ACKNOWLEDGED, holder=event.by, held_at=event.at)
        case happened.Finished():
            return replace(incident, state=State.DONE, done_at=event.at)
        case _ as never:
            assert_never(never)


@dataclass(frozen=True, slots=True, kw_only=True)
class Brought:
    """What a new report is made of beside its first event."""

    concern: Concern
    barred: frozenset[PersonId]


# -- inner -----------------------------------------------------------------------------------------


def _report(
    incident: Incident | None, command: ask.ReportConcern, facts: Facts, asked: Asked
) -> tuple[happened.Event, ...] | Refused:
    person = asked.person
    if person is None or not facts.here:
        return _refused(Refusal.STRANGER)
    if incident is not None:
        mine = incident.reporter == person
        return _refused(Refusal.SENT_ALREADY if mine else Refusal.NO_SUCH_REPORT)
    reasons = tuple(_unsound(command.concern, facts))
    school = facts.school
    if reasons or school is None:
        return Refused(reasons)
    reported = happened.Reported(incident=command.incident, school=school, by=person, at=asked.at)
    return (reported, _next(command.incident, 1, frozenset(), facts, asked))


def _unsound(concern: Concern, facts: Facts) -> Iterator[Reason]:
    if facts.school is None:
        yield Reason(Refusal.WHICH_SCHOOL)
    if is_blank(concern.words):
        yield Reason(Refusal.NO_WORDS)
    for said, limit in ((concern.words, LONGEST_WORDS), (concern.place, LONGEST_PLACE)):
        if len(said) > limit:
            yield Reason(Refusal.TOO_LONG, {"limit": str(limit)})
    if not facts.account_known:
        yield Reason(Refusal.NO_SUCH_ACCOUNT)
    if not facts.named_known or len(concern.named) > MOST_NAMED:
        yield Reason(Refusal.NO_SUCH_PERSON)


def _climb(
    incident: Incident | None, command: ask.Climb, facts: Facts, asked: Asked
) -> tuple[happened.Event, ...]:
    """Nothing, where somebody has it by now or another step has been taken already."""
    if incident is None or incident.state is not State.WAITING:
        return ()
    if incident.step != command.step or incident.unanswered_at is not None:
        return ()
    return (_next(incident.id, incident.step + 1, incident.asked, facts, asked),)


def _next(
    incident: IncidentId, step: int, before: frozenset[PersonId], facts: Facts, asked: Asked
) -> happened.Sent | happened.Unanswered:
    """The next rung on which somebody is there who wasn't asked; else the end of the ladder."""
    ladder = facts.ladder

    def receivers(away: bool) -> Iterator[tuple[Receiver, ...]]:  # noqa: FBT001 -- one of two kinds
        for rung, people in ladder.rungs:
            yield tuple(
                Receiver(person=who, rung=rung, step=step, at=asked.at)
                for who in people
                if who not in before and (who in ladder.away) is away
            )

    new = next(filter(None, receivers(away=False)), ())
    if new:
        return happened.Sent(incident=incident, step=step, receivers=new, at=asked.at)
    missing = {one.person: one for rung in receivers(away=True) for one in reversed(rung)}
    return happened.Unanswered(incident=incident, receivers=tuple(missing.values()), at=asked.at)


def _why_not_theirs(
    incident: Incident | None, facts: Facts, person: PersonId | None
) -> Refusal | None:
    """Who was never asked learns nothing, not even that there is such a report."""
    if incident is None or person is None:
        return Refusal.NO_SUCH_REPORT
    if person not in incident.asked:
        return Refusal.OWN_REPORT if person == incident.reporter else Refusal.NO_SUCH_REPORT
    return None if person in facts.still else Refusal.NO_LONGER


def _acknowledge(
    incident: Incident, facts: Facts, asked: Asked, person: PersonId
) -> tuple[happened.Event, ...] | Refused:
    """Late is as good as early. Where whoever had it has lost the role, another takes it over."""
    match incident.state:
        case State.DONE:
            return _refused(Refusal.FINISHED)
        case State.ACKNOWLEDGED if incident.holder == person:
            return ()
        case State.ACKNOWLEDGED if incident.holder in facts.still:
            return _refused(Refusal.SOMEBODY_HAS_IT)
        case State.ACKNOWLEDGED | State.WAITING:
            return (happened.Acknowledged(by=person, at=asked.at),)
        case _ as never:
            assert_never(never)


def _finish(
    incident: Incident, facts: Facts, asked: Asked, person: PersonId
) -> tuple[happened.Event, ...] | Refused:
    match incident.state:
        case State.DONE:
            return _refused(Refusal.FINISHED)
        case State.ACKNOWLEDGED if incident.holder == person:
            return (happened.Finished(by=person, at=asked.at),)
        case State.ACKNOWLEDGED if incident.holder in facts.still:
            return _refused(Refusal.SOMEBODY_HAS_IT)
        case State.ACKNOWLEDGED | State.WAITING:
            return _refused(Refusal.TAKE_IT_FIRST)
        case _ as never:
            assert_never(never)


def _refused(code: Refusal, about: Mapping[str, str] | None = None) -> Refused:
    return Refused((Reason(code, about or {}),))
