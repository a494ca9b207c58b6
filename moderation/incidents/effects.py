"""What follows from each event: the cards, a message that can't wait, and the next step in time."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, assert_never

from moderation.incidents import events as happened
from moderation.incidents.commands import Climb
from moderation.incidents.model import INCIDENT, PATIENCE
from moderation.kernel import Audience, Later, Show, SubjectRef, Tell


if TYPE_CHECKING:
    from collections.abc import Iterator

    from moderation.incidents.model import Incident
    from moderation.kernel import Effect


class Message(StrEnum):
    """To the reporter, beside the card: a card that changes where it stands makes no sound."""

    PLEASE_RING = "incident.please_ring"


def effects(incident: Incident, event: happened.Event) -> tuple[Effect, ...]:
    """One card each for the receivers and the reporter, which says how the report stands."""
    return tuple(_effects(incident, event))


def _effects(incident: Incident, event: happened.Event) -> Iterator[Effect]:
    subject = SubjectRef(INCIDENT, incident.id)
    yield Show(subject)
    match event:
        case happened.Reported() | happened.Acknowledged() | happened.Finished():
            return
        case happened.Sent(step=step, at=at):
            climb = Climb(incident=incident.id, step=step)
            yield Later(climb, at + PATIENCE, f"Climb:{incident.id}:{step}")
        case happened.Unanswered():
            if incident.step == 1:
                # The answer to the report and its first card have just said so.
                return
            who = incident.reporter
            yield Tell(Audience.PERSON, Message.PLEASE_RING, subject, person=who)
        case _ as never:
            assert_never(never)
