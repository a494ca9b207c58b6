"""Choosing where cards are shown: who may, and what is so already. Pure and total."""

from __future__ import annotations

from typing import TYPE_CHECKING

from moderation.homes.events import Moved
from moderation.homes.model import Home
from moderation.homes.refusals import Refusal
from moderation.homes.rights import choosers
from moderation.kernel import Reason, Refused


if TYPE_CHECKING:
    from moderation.homes.commands import Command
    from moderation.homes.events import Event
    from moderation.kernel import Asked
    from moderation.people.rights import Rights


def decide(
    home: Home | None, command: Command, rights: Rights | None, asked: Asked
) -> tuple[Event, ...] | Refused:
    """What happens, or why nothing does. Without ``rights`` there is no such place."""
    if asked.person is None:
        return Refused((Reason(Refusal.UNKNOWN_PERSON),))
    if rights is None or not rights.roles(asked.person):
        # Another school's account is as if it weren't there.
        return Refused((Reason(Refusal.UNKNOWN_PLACE),))
    if asked.person not in choosers(rights):
        return Refused((Reason(Refusal.MAY_NOT_CHOOSE),))
    if home is not None and command.conversation in home.conversations:
        return Refused((Reason(Refusal.ALREADY_HERE),))
    return (
        Moved(
            place=command.place,
            conversation=command.conversation,
            by=asked.person,
            at=asked.at,
        ),
    )


def evolve(home: Home | None, event: Event) -> Home:
    """The home after ``event``. Total, and never refuses."""
    return (home or Home(place=event.place)).moved(event.conversation)
