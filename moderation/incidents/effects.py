"""What follows from each event: the cards, the reporter's messages, and the next step in time."""

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
    """Private messages to the reporter; ``present`` words each."""

    ASKED_ANOTHER = "incident.asked_another"
    PLEASE_RING = "incident.please_ring"
    SOMEBODY_HAS_IT = "incident.somebody_has_it"
    DONE = "incident.done"


def effects(incident: Incident, event: happened.Event) -> tuple[Effect, ...]:
    """The receivers' and the reporter's cards; what can't wait is said to the reporter as well."""
    return tuple(_effects(incident, event))


def _effects(incident: Incident, event: happened.Event) -> Iterator[Effect]:
    subject = SubjectRef(INCIDENT, incident.id)

    def tell(message: Message, arg: str = "") -> Tell:
        return Tell(Audience.PERSON, message, subject, arg, person=incident.reporter)

    match event:
        case happened.Reported():
            yield Show(subject)
        case happened.Sent(step=step, at=at):
            yield Show(subject)
            if step > 1:
                yield tell(Message.ASKED_ANOTHER, str(step))
            climb = Climb(incident=incident.id, step=step)
            yield Later(climb, at + PATIENCE, f"Climb:{incident.id}:{step}")
        case happened.Unanswered():
            yield Show(subject)
            yield tell(Message.PLEASE_RING)
        case happened.Acknowledged():
            yield Show(subject)
            yield tell(Message.SOMEBODY_HAS_IT)
        case happened.Finished():
            yield Show(subject)
            yield tell(Message.DONE)
        case _ as never:
            assert_never(never)
