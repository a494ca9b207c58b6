"""All posts wait after a restore, until somebody who may start them again has looked.

A backup brings back permissions that were withdrawn since, pupils who have left and rights that
were taken away. Today's lists put that right; nothing goes out before.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from moderation.holds import effects
from moderation.holds.events import Paused
from moderation.holds.model import HOLD
from moderation.holds.workflow import evolve
from moderation.kernel import THE_OPERATOR, SchoolId, SubjectRef
from moderation.people.model import Role
from storage.audit.chain import Audit
from storage.commands import DataclassCodec
from storage.effects import Effects
from storage.holds import SqlHolds
from storage.people import SqlPeople


if TYPE_CHECKING:
    from moderation.kernel import Asked
    from storage.session import Session


@dataclass(frozen=True, slots=True, kw_only=True)
class Pausing:
    """What is paused and why. ``day`` says whose roles are looked at: today's."""

    trust: SchoolId
    schools: tuple[SchoolId, ...]
    day: date
    reason: str


async def pause(session: Session, what: Pausing, asked: Asked) -> tuple[SchoolId, ...]:
    """Pause everything, tell those who approve and post, and say what was paused.

    The trust as a whole where it has somebody to start posts again; else each school.
    """
    places = (what.trust,) if await _has_a_lead(session, what) else what.schools
    for place in places:
        before, version = await SqlHolds(session).get(place) or (None, 0)
        number = 1 if before is None else before.number + 1
        # No post is set going: what was handed out is looked at within minutes of the start.
        event = Paused(
            school=place, number=number, by=THE_OPERATOR, reason=what.reason, at=asked.at, posts=()
        )
        hold, subject = evolve(before, event), SubjectRef(HOLD, place)
        await SqlHolds(session).put(place, hold, version)
        follows = effects.effects(hold, event)
        await Effects(session, DataclassCodec()).add(asked, subject, version + 1, follows)
        await Audit(session).append(asked, subject, version + 1, (event,))
    return places


async def _has_a_lead(session: Session, what: Pausing) -> bool:
    people = await SqlPeople(session).at(frozenset({what.trust}))
    return any(Role.TRUST_LEAD in person.roles(what.trust, what.day) for person in people)
