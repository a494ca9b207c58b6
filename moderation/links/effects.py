"""What follows from an event: the card with those who are asked, a clock, a word to the person."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, assert_never

from moderation.kernel import Audience, Later, Show, SubjectRef, Tell
from moderation.links import events as happened
from moderation.links.commands import LapseLink
from moderation.links.model import LINK


if TYPE_CHECKING:
    from moderation.kernel import Effect
    from moderation.links.model import Link


class Message(StrEnum):
    """Private messages; ``present`` words each."""

    LINKED = "link.linked"


def effects(link: Link, event: happened.Event) -> tuple[Effect, ...]:
    """Every effect of ``event`` on the way out; ``link`` is as it stands after it."""
    subject = SubjectRef(LINK, link.id)
    show = Show(subject)
    match event:
        case happened.Requested():
            lapse = LapseLink(link=link.id, number=link.number)
            key = f"LapseLink:{link.id}:{link.number}"
            return show, Later(lapse, link.lapses_at, key)
        case happened.Linked():
            number = str(link.number)
            told = Tell(Audience.PERSON, Message.LINKED, subject, number, person=event.person)
            return show, told
        case happened.Confirmed() | happened.Declined() | happened.Lapsed():
            return (show,)
        case _ as never:
            assert_never(never)
