"""Who speaks in Teams: asked of the connector, believed for minutes.

Nothing that an activity says of a person is believed beyond their object id and their tenant, which
Microsoft has signed.
"""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final

import structlog

from adapters.believing import NOTHING, Believed, Told, short_name
from adapters.teams.client import FAULTS, CannotAsk
from moderation.kernel import Identity, Platform


if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from adapters.teams.client import Answered, Connector
    from adapters.teams.inbound import Origin, Sender
    from adapters.teams.places import Place

log = structlog.get_logger(__name__)

ASKING: Final = 4.0
"""Seconds: an action is answered within ten."""
LONGEST_ADDRESS: Final = 254
"""RFC 5321, without the brackets."""
NOT_THERE: Final = frozenset({400, 403, 404})
FROM_OUTSIDE: Final = "#ext#"
"""In the sign-in name of whoever was invited from another organisation."""


class Why(StrEnum):
    """Why somebody can't use Schoolgate from here."""

    NOBODY = "nobody"
    GUEST = "guest"
    ELSEWHERE = "elsewhere"
    UNKNOWN = "unknown"
    NOT_ADDED = "not_added"
    CANNOT_ASK = "cannot_ask"


SENTENCES: Final[Mapping[Why, str]] = {
    Why.NOBODY: "Apps can't propose or approve posts. A person has to do it.",
    Why.GUEST: (
        "Guests of this organisation can't use Schoolgate. Please ask a colleague who works here."
    ),
    Why.ELSEWHERE: (
        "Only people of the school's own organisation can use Schoolgate. Please ask a colleague "
        "at the school."
    ),
    Why.UNKNOWN: "Teams doesn't know this account, so it can't use Schoolgate.",
    Why.NOT_ADDED: (
        "Schoolgate isn't added here, and you have no chat with it yet, so it can't see who you "
        "are. Please add it under Apps, write to it once, and try again."
    ),
    Why.CANNOT_ASK: (
        "Teams can't tell us at the moment who you are. Nothing was done. "
        "Please try again in a minute."
    ),
}


@dataclass(frozen=True, slots=True)
class Stranger:
    """Somebody who can read nothing and decide nothing here."""

    why: Why

    @property
    def sentence(self) -> str:
        return SENTENCES[self.why]


def _nowhere(_user: str) -> Place | None:
    return None


class Speakers:
    """People of ``tenants`` (small letters); empty is the playground, which has one of its own.

    ``own`` knows somebody's own chat with us. ``now`` is in seconds and never goes back.
    """

    def __init__(
        self,
        connector: Connector,
        *,
        tenants: frozenset[str],
        own: Callable[[str], Place | None] = _nowhere,
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        self._connector = connector
        self._tenants = tenants
        self._own = own
        self._believed = Believed[Why](now, cannot_ask=CannotAsk)

    async def who(self, sender: Sender | None, origin: Origin) -> Identity | Stranger:
        """The full member who sent this, or why it is nobody that we listen to."""
        if sender is None:
            return Stranger(Why.NOBODY)
        if self._tenants and sender.tenant not in self._tenants:
            return Stranger(Why.ELSEWHERE)
        try:
            why = await self._why_not(sender, origin)
        except CannotAsk:
            return Stranger(Why.CANNOT_ASK)
        return Identity(Platform.TEAMS, sender.user) if why is None else Stranger(why)

    def told(self, user: str) -> Told:
        """Name and address, as the tenant's directory has them, of somebody who has just spoken."""
        return self._believed.told(user)

    async def _why_not(self, sender: Sender, origin: Origin) -> Why | None:
        return await self._believed.why_not(
            sender.user,
            lambda: self._ask(sender, origin),
            question=(sender.user, origin.conversation),
        )

    async def _ask(self, sender: Sender, origin: Origin) -> Why | None:
        try:
            async with asyncio.timeout(ASKING):
                answer = await self._answer(sender, origin)
        except FAULTS as fault:
            log.warning("teams.cannot_ask_who", error=type(fault).__name__)
            raise CannotAsk(type(fault).__name__) from None
        if answer.status in NOT_THERE:
            # It says where the app isn't, and nothing of the person: not remembered.
            return Why.NOT_ADDED
        if not answer.ok:
            log.warning("teams.cannot_ask_who", error=answer.error or f"http_{answer.status}")
            raise CannotAsk(answer.error or f"http_{answer.status}")
        why = self.judge(answer.body, sender.user)
        self._believed.remember(sender.user, why, _told(answer.body) if why is None else NOTHING)
        return why

    async def _answer(self, sender: Sender, origin: Origin) -> Answered:
        """Who that is, as it is known there; where we aren't, as it is in their own chat."""
        answer = await self._connector.member(
            origin.service_url, origin.conversation, sender.account
        )
        own = self._own(sender.user) if answer.status in NOT_THERE else None
        if own is None or own.conversation == origin.conversation:
            return answer
        return await self._connector.member(own.service_url, own.conversation, sender.account)

    def judge(self, member: Mapping[str, Any], user: str = "") -> Why | None:
        """``None`` for a full member of ours, as the connector tells of them.

        ``user`` is the object id that it should be. Whoever has no tenant is none of ours. A role
        is told of guests (``guest``, ``anonymous``); older answers have none for full members, so
        a missing one says nothing against somebody whose tenant and sign-in name are ours.
        """
        told = _small(member, "aadObjectId") or _small(member, "objectId")
        if not told or (user and told != user):
            return Why.UNKNOWN
        if self._tenants and _small(member, "tenantId") not in self._tenants:
            return Why.ELSEWHERE
        if FROM_OUTSIDE in _small(member, "userPrincipalName"):
            return Why.GUEST
        role = _small(member, "userRole")
        return None if role in {"", "user", "owner", "member"} else Why.GUEST


def _small(member: Mapping[str, Any], name: str) -> str:
    found = member.get(name)
    return found.lower() if isinstance(found, str) else ""


def _told(member: Mapping[str, Any]) -> Told:
    return Told(email=_address(member), name=short_name(member.get("name")))


def _address(member: Mapping[str, Any]) -> str:
    """As the tenant's directory has it, which its administrators keep."""
    email = member.get("email") or member.get("userPrincipalName")
    fits = isinstance(email, str) and "@" in email and len(email) <= LONGEST_ADDRESS
    return str(email) if fits else ""
