"""What follows: cards that name who is here, asks that go on to others, and who is told."""

from __future__ import annotations

from datetime import datetime, time, tzinfo
from enum import StrEnum
from typing import TYPE_CHECKING, assert_never

from moderation.absences import events as happened
from moderation.absences.commands import BeginAbsence
from moderation.absences.model import ABSENCE, StatementId
from moderation.incidents.commands import Climb
from moderation.kernel import Audience, Later, Show, SubjectRef, Tell
from moderation.posts.effects import Message as PostMessage
from moderation.posts.model import POST


if TYPE_CHECKING:
    from collections.abc import Iterator

    from moderation.kernel import Effect, PersonId, PostId


class Message(StrEnum):
    """Private messages of an absence; ``present`` words each.

    ``arg`` is its first day and, behind a stroke, who said it.
    """

    SAID = "absence.said"
    BACK = "absence.back"
    COVER = "absence.cover"


def effects(event: happened.Event, zone: tzinfo) -> tuple[Effect, ...]:
    """Every effect of ``event`` on the way out. Days begin at midnight in ``zone``."""
    return tuple(_effects(event, zone))


def _effects(event: happened.Event, zone: tzinfo) -> Iterator[Effect]:
    match event:
        case happened.SaidAway(person=person, by=by, start=start):
            if by != person:
                yield _tell(Message.SAID, event.statement, person, f"{start.isoformat()}/{by}")
            for who in event.told:
                yield _tell(Message.COVER, event.statement, who, f"{start.isoformat()}/{by}")
            begins = datetime.combine(start, time(), zone)
            if begins > event.at:
                # Its own subject: what follows from it is kept apart from what was said.
                at_start = StatementId(f"{event.statement.rpartition(':')[2]}-begun")
                begin = BeginAbsence(statement=at_start, person=person)
                yield Later(begin, begins, f"BeginAbsence:{event.statement}")
        case happened.SaidBack(person=person, by=by, day=day):
            if by != person:
                yield _tell(Message.BACK, event.statement, person, f"{day.isoformat()}/{by}")
            yield from _shown(event.posts)
        case happened.Begun():
            yield from _shown(event.posts)
            for one in event.asked:
                post = SubjectRef(POST, one.post)
                number, who = str(one.number), one.person
                yield Tell(Audience.PERSON, PostMessage.PLEASE_DECIDE, post, number, person=who)
            for each in event.unanswered:
                yield Tell(Audience.HEAD, PostMessage.NOBODY_HERE, SubjectRef(POST, each))
            for report in event.reports:
                climb = Climb(incident=report.incident, step=report.step)
                yield Later(climb, event.at, f"Climb:{report.incident}:{report.step}:away")
        case _ as never:
            assert_never(never)


def _shown(posts: tuple[PostId, ...]) -> Iterator[Show]:
    for post in posts:
        yield Show(SubjectRef(POST, post))


def _tell(message: Message, statement: str, to: PersonId, arg: str) -> Tell:
    return Tell(Audience.PERSON, message, SubjectRef(ABSENCE, statement), arg, person=to)
