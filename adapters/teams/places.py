"""Where people and channels are to be reached: what Teams told us with everything it sent.

Teams lets a bot write first only where its app is installed, and only to the address that it once
gave for that conversation. So each address is kept; whoever has none is asked for, once in a while,
and is unreachable where Teams says no.
"""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Callable, Coroutine
from dataclasses import asdict, dataclass, field, replace
from typing import TYPE_CHECKING, Any, Final, Protocol

import structlog

from adapters.teams.client import FAULTS, CannotAsk, Connector
from adapters.teams.inbound import EXTENSION, SHARED, Kind, Room


if TYPE_CHECKING:
    from adapters.teams.inbound import Activity

log = structlog.get_logger(__name__)

ASK_AGAIN: Final = 600.0
"""Seconds: so long somebody whom Teams wouldn't open for stays unreachable."""
LOOK_AGAIN: Final = 15.0
"""Seconds: another process may have heard of a conversation that this one doesn't know."""
REFUSED: Final = frozenset({400, 403, 404, 405})
MOST_REFUSED: Final = 5_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """How a conversation is written to. ``bot`` is what Teams calls us there.

    ``person`` is the object id of whose private conversation it is; ``team`` the channel's team.
    ``gone``: the app was taken away there, or its person has blocked it.
    """

    conversation: str
    room: Room
    service_url: str
    tenant: str = ""
    bot: str = ""
    person: str = ""
    team: str = ""
    gone: bool = False

    def dumps(self) -> str:
        """As it is stored."""
        return json.dumps(asdict(self), separators=(",", ":"), sort_keys=True)


def loads(text: str) -> Place | None:
    """Read what :meth:`Place.dumps` wrote; ``None`` for what isn't that."""
    try:
        told = json.loads(text)
        return Place(**{**told, "room": Room(told["room"])})
    except (ValueError, TypeError, KeyError):
        return None


class Shelf(Protocol):
    """Where places are kept."""

    async def all(self) -> tuple[Place, ...]: ...

    async def keep(self, place: Place) -> None: ...


def _directly(work: Coroutine[Any, Any, None]) -> object:
    return asyncio.ensure_future(work)


@dataclass(slots=True, kw_only=True)
class Places:
    """``begin`` goes on with work beside whoever waits; ``now`` is in seconds, never going back."""

    shelf: Shelf
    connector: Connector
    begin: Callable[[Coroutine[Any, Any, None]], object] = _directly
    now: Callable[[], float] = time.monotonic
    people: dict[str, tuple[str, ...]] = field(default_factory=dict)
    """Teams' ids of everybody in a conversation, where they are few."""
    _known: dict[str, Place] = field(default_factory=dict)
    _private: dict[str, str] = field(default_factory=dict)
    _refused: dict[str, float] = field(default_factory=dict)
    _looked_at: float = -LOOK_AGAIN
    _opening: dict[str, asyncio.Task[Place | None]] = field(default_factory=dict)

    async def load(self) -> None:
        """Read what is kept, without what may not be written to (any more)."""
        self._looked_at = self.now()
        for place in await self.shelf.all():
            mistaken = place.room is Room.PERSONAL and place.conversation.startswith(SHARED)
            if not mistaken and self.connector.is_service(place.service_url):
                self._take(place)

    async def look(self) -> None:
        """The same, now and then: another process may have heard of more."""
        if self.now() - self._looked_at >= LOOK_AGAIN:
            await self.load()

    def note(self, activity: Activity) -> bool:
        """Remember where an activity came from; whether we weren't there before.

        Not of a message extension: it is used where we aren't, too.
        """
        if activity.name.startswith(EXTENSION):
            return False
        origin, who = activity.origin, activity.sender
        before = self._known.get(origin.conversation)
        left = activity.kind is Kind.LEFT
        place = Place(
            conversation=origin.conversation,
            room=origin.room,
            service_url=origin.service_url,
            tenant=origin.tenant,
            bot=origin.bot or (before.bot if before is not None else ""),
            person=self._whose(activity, before),
            team=origin.team or (before.team if before is not None else ""),
            gone=left,
        )
        if who is not None and origin.personal and not left:
            self._refused.pop(who.user, None)
        if place != before:
            self._take(place)
            self.begin(self._kept(place))
        return not left and (before is None or before.gone)

    def at(self, conversation: str) -> Place | None:
        """How a conversation is written to.

        One that nobody told us of is tried at the address that the others have.
        """
        found = self._known.get(conversation)
        if found is not None:
            return None if found.gone else found
        like = self._any()
        if like is None:
            return None
        return replace(
            like, conversation=conversation, room=Room.CHANNEL, person="", team="", gone=False
        )

    def viewers(self, conversation: str) -> tuple[str, ...]:
        """Those who get a card there as it is for them; nobody where it is their own chat."""
        return self.people.get(conversation, ())

    def reaches(self, user: str) -> bool:
        """Whether somebody's private chat is known, and can be written to as far as we heard."""
        return self.own(user) is not None

    def own(self, user: str) -> Place | None:
        """Somebody's private conversation, where it is known and can be written to."""
        found = self._known.get(self._private.get(user, ""))
        return None if found is None or found.gone else found

    def whose(self, conversation: str) -> str:
        """The object id of whose private conversation it is, or ""."""
        found = self._known.get(conversation)
        return found.person if found is not None else ""

    async def private(self, user: str) -> str | None:
        """The private conversation with somebody, or ``None`` where Teams won't let us write.

        Raises :class:`~adapters.teams.client.CannotAsk` where Teams can't be asked: that somebody
        can't be reached is said of nobody on a guess.
        """
        known = self._known.get(self._private.get(user, ""))
        if known is not None and not known.gone:
            return known.conversation
        if self.now() - self._refused.get(user, -ASK_AGAIN) < ASK_AGAIN:
            return None
        task = self._opening.get(user)
        if task is None:
            task = asyncio.create_task(self._open(user), name="open a chat in Teams")
            self._opening[user] = task
            task.add_done_callback(lambda _done: self._opening.pop(user, None))
        opened = await asyncio.shield(task)
        return opened.conversation if opened is not None else None

    def lost(self, conversation: str) -> None:
        """It can't be written to any more: Teams says so."""
        found = self._known.get(conversation)
        if found is None or found.gone:
            return
        place = replace(found, gone=True)
        self._take(place)
        if place.person:
            self._refuse(place.person)
        log.warning("teams.unreachable", cause=place.room.value)
        self.begin(self._kept(place))

    async def _open(self, user: str) -> Place | None:
        like = self._any()
        if like is None:
            return None  # nobody has written yet: we don't know where Teams is
        try:
            answer = await self.connector.open(
                like.service_url, bot=like.bot, user=user, tenant=like.tenant
            )
        except FAULTS as wrong:
            raise CannotAsk(type(wrong).__name__) from None
        if answer.status in REFUSED or (answer.ok and not answer.id):
            self._refuse(user)
            return None
        if not answer.ok:
            raise CannotAsk(answer.error or f"http_{answer.status}")
        place = replace(
            like, conversation=answer.id, room=Room.PERSONAL, person=user, team="", gone=False
        )
        self._take(place)
        self.begin(self._kept(place))
        return place

    async def _kept(self, place: Place) -> None:
        try:
            await self.shelf.keep(place)
        except Exception:
            # It is known here; the next start asks again.
            log.exception("teams.place_not_kept")

    def _refuse(self, user: str) -> None:
        if len(self._refused) > MOST_REFUSED:
            self._refused.clear()
        self._refused[user] = self.now()

    def _take(self, place: Place) -> None:
        self._known[place.conversation] = place
        if place.person and (not place.gone or place.person not in self._private):
            self._private[place.person] = place.conversation

    def _any(self) -> Place | None:
        fits = (it for it in reversed(self._known.values()) if it.bot)
        return next(fits, None)

    def _whose(self, activity: Activity, before: Place | None) -> str:
        if not activity.origin.personal:
            return ""
        if activity.sender is not None:
            return activity.sender.user
        return before.person if before is not None else ""
