"""Which conversations a card may be shown in: those of the school's own staff alone (design 6.11).

A channel that is shared with another organisation, or that a guest is in, gets no cards: they hold
drafts with children's pictures.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import TYPE_CHECKING, Final

import structlog

from adapters.teams.client import FAULTS, CannotAsk
from adapters.teams.inbound import Room
from adapters.teams.speaker import Why


if TYPE_CHECKING:
    from adapters.teams.client import Connector
    from adapters.teams.places import Places
    from adapters.teams.speaker import Speakers

log = structlog.get_logger(__name__)

FEW: Final = 60
"""People for whom Teams asks for a view of their own of a card."""
APP: Final = "28:"
"""Teams' ids of apps begin so."""
MOST_PAGES: Final = 20
"""10,000 people. A larger team isn't looked through."""
NOT_THERE: Final = frozenset({400, 403, 404})


class Unsafe(StrEnum):
    """Why a conversation gets no cards; the value is the sentence that says so."""

    SHARED = (
        "This channel is shared with another organisation. Cards can hold drafts and children's "
        "pictures, so please choose a channel of your own."
    )
    GUESTS = (
        "There are guests in this channel. Cards can hold drafts and children's pictures, so "
        "please choose a channel with staff only."
    )
    NOT_INVITED = "Schoolgate isn't in this team yet. Please add it to the team under Apps first."
    NO_CHANNEL = (
        "Please choose a channel: cards stand where everybody who may say yes can see them."
    )
    TOO_LARGE = (
        "There are too many people in this team to check that there are no guests. Please "
        "choose a smaller one."
    )
    CANNOT_ASK = (
        "Teams can't tell us at the moment who is in this channel. Nothing was changed. "
        "Please try again in a minute."
    )

    @property
    def here(self) -> str:
        """The same, behind "because", to people who read there."""
        return HERE[self]


HERE: Final[Mapping[Unsafe, str]] = {
    Unsafe.SHARED: "this channel is shared with another organisation",
    Unsafe.GUESTS: "there are guests in this channel",
    Unsafe.NOT_INVITED: "Schoolgate isn't in this team",
    Unsafe.NO_CHANNEL: "this is no channel",
    Unsafe.TOO_LARGE: "too many people are in this team to look for guests",
    Unsafe.CANNOT_ASK: "Teams can't tell us who is in this channel",
}


async def judge(
    conversation: str, *, places: Places, connector: Connector, speakers: Speakers
) -> Unsafe | None:
    """``None`` where every member is staff of ours; otherwise why not. Never raises."""
    place = places.at(conversation)
    if place is None:
        return Unsafe.NOT_INVITED
    if place.room is Room.PERSONAL:
        return Unsafe.NO_CHANNEL
    after, found, people = "", set[Unsafe](), list[str]()
    try:
        for _ in range(MOST_PAGES):
            page = await connector.members(place.service_url, conversation, after)
            if page.status in NOT_THERE:
                return Unsafe.NOT_INVITED
            listed = page.body.get("members")
            if not page.ok or not isinstance(listed, list):
                log.warning("teams.cannot_ask_where", error=page.error or f"http_{page.status}")
                return Unsafe.CANNOT_ASK
            for member in filter(_is_somebody, listed):
                people.append(str(member["id"]))
                why = speakers.judge(member)
                if why is not None:
                    found.add(Unsafe.GUESTS if why is Why.GUEST else Unsafe.SHARED)
            told = page.body.get("continuationToken")
            after = told if isinstance(told, str) else ""
            if not after:
                places.people[conversation] = tuple(people) if len(people) <= FEW else ()
                return next((why for why in (Unsafe.SHARED, Unsafe.GUESTS) if why in found), None)
    except (*FAULTS, CannotAsk) as wrong:
        log.warning("teams.cannot_ask_where", error=type(wrong).__name__)
        return Unsafe.CANNOT_ASK
    return Unsafe.TOO_LARGE


def _is_somebody(member: object) -> bool:
    """A person, or what can't be told from one."""
    named = member.get("id") if isinstance(member, Mapping) else None
    return isinstance(named, str) and not named.startswith(APP)
