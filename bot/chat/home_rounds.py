"""Conversations that cards are shown in, looked at again: somebody may have joined since.

A conversation that a guest or another organisation can read is closed: what stands there is redrawn
without what it held, what is being decided goes to people privately, and those who may choose
another conversation hear of it once. When it is for staff alone again, the cards come back.

Which are closed is known to each process by itself, so each looks for itself. One that could never
be judged is closed, too; where the platform can't be asked later, what it said last holds.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Final

import structlog

from bot.relay.counting import Counting
from bot.relay.drawing import Drawers, Places, Reach
from moderation.accounts.present import page
from moderation.homes import present
from moderation.homes.facts import rights_at
from moderation.homes.rights import choosers
from moderation.kernel import AccountId, Platform, PostId, SchoolId
from moderation.people.ports import Schools
from moderation.ports import Ambiguous, Clock, Conversation, RetryAfter
from moderation.posts.model import LIVE, POST
from storage.unit_of_work import Units


if TYPE_CHECKING:
    from collections.abc import Mapping

    from bot.application import Application
    from moderation.homes.model import Home
    from moderation.kernel import PersonId, SubjectRef
    from storage.unit_of_work import Unit

log = structlog.get_logger(__name__)

EVERY: Final = timedelta(minutes=15)
"""Only one of several processes hears that somebody joined."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """``why`` is "" where everybody there may read cards; ``asked``: the platform has told."""

    why: str = ""
    asked: bool = True


Judge = Callable[[Conversation], Awaitable[Verdict]]


@dataclass(frozen=True, slots=True, kw_only=True)
class HomeRounds:
    """``begin`` makes what judges one round's conversations; ``wrote`` wakes the relay."""

    platform: Platform
    units: Units
    schools: Schools
    clock: Clock
    reach: Reach
    drawers: Drawers
    counting: Counting
    begin: Callable[[], Judge]
    wrote: Callable[[], None]
    _last: dict[Conversation, Verdict] = field(default_factory=dict)
    _untold: dict[Conversation, str] = field(default_factory=dict)
    _turn: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def look(self, only: str = "") -> None:
        """Judge every conversation, or the one with this id, and do what follows."""
        async with self._turn:
            async with self.units.read() as unit:
                chosen = await unit.homes.on(self.platform)
            homes = _by_conversation(chosen, self.platform)
            judge = self.begin()
            for conversation in homes:
                if only in {"", conversation.id}:
                    await self._judged(conversation, await judge(conversation))
            for conversation in [it for it in self._untold if it in homes]:
                await self._tell(conversation, homes[conversation])

    async def _judged(self, conversation: Conversation, verdict: Verdict) -> None:
        last = self._last.get(conversation)
        if not verdict.asked and last is not None:
            return
        closed = self.reach.closed
        if verdict.why:
            closed[conversation] = verdict.why
        else:
            closed.pop(conversation, None)
        if verdict.asked:
            self._last[conversation] = verdict
        before = last.why if last is not None else ""
        if not verdict.asked or verdict.why == before:
            return
        if verdict.why:
            self._untold[conversation] = verdict.why
            log.warning("home.closed")
        else:
            self._untold.pop(conversation, None)
            log.info("home.open")
        await self._redraw(conversation)
        self.wrote()

    async def _redraw(self, conversation: Conversation) -> None:
        """What stands there, and where it belongs now."""
        now = self.clock.now()
        async with self.units.read() as unit:
            plans = [
                (
                    subject,
                    await self._places(unit, subject),
                    await self.counting.about(unit, subject),
                )
                for subject in await unit.cards.standing_in(conversation)
            ]
        async with self.units.write() as unit:
            await unit.cards.redraw_all(conversation, now)
            for subject, places, about in plans:
                for card in await unit.cards.of(subject) if places else ():
                    if card.conversation == conversation:
                        await self.counting.want(unit, about, subject, places, card.wanted)
            await unit.commit()

    async def _places(self, unit: Unit, subject: SubjectRef) -> Places:
        """For a post that is still being decided; nobody needs others anywhere else."""
        stored = await unit.posts.get(PostId(subject.id)) if subject.kind == POST else None
        if stored is None or stored[0].state not in LIVE:
            return {}
        return await self.drawers.of(subject).places(unit, subject.id)

    async def _tell(self, conversation: Conversation, homes: tuple[Home, ...]) -> None:
        """Each who may choose another conversation, once; whoever can't be told now, later."""
        now, left = self.clock.now(), False
        for home in homes:
            async with self.units.read() as unit:
                people = await self._choosers(unit, home)
                name = await self._name(unit, home)
                private = await self.reach.private_places(unit, people)
            card = present.closed(home.place, name, self._untold[conversation])
            for there in private:
                chat = self.reach.chats.get(there.platform)
                if chat is None:
                    left = True
                    continue
                key = f"closed:{home.place}:{conversation.id}:{now.date().isoformat()}"
                answer = await chat.post(there, card, key)
                left = left or isinstance(answer, RetryAfter | Ambiguous)
            left = left or (bool(people) and self.platform not in self.reach.chats)
        if not left:
            del self._untold[conversation]

    async def _choosers(self, unit: Unit, home: Home) -> tuple[PersonId, ...]:
        day = self.clock.now().astimezone(self.schools.zone).date()
        rights = await rights_at(unit, self.schools, home.place, day)
        return choosers(rights) if rights is not None else ()

    async def _name(self, unit: Unit, home: Home) -> str:
        account = await unit.accounts.get(AccountId(home.place))
        if account is not None:
            return page(account)
        school = self.schools.get(SchoolId(home.place))
        return school.name if school is not None else home.place


def _by_conversation(
    homes: tuple[Home, ...], platform: Platform
) -> Mapping[Conversation, tuple[Home, ...]]:
    found: dict[Conversation, tuple[Home, ...]] = {}
    for home in homes:
        conversation = home.on(platform)
        if conversation is not None:
            found[conversation] = (*found.get(conversation, ()), home)
    return found


def watch(application: Application, platform: Platform, begin: Callable[[], Judge]) -> HomeRounds:
    """Have the application's clock look, for one platform. Called before the clock starts."""
    rounds = HomeRounds(
        platform=platform,
        units=application.units,
        schools=application.schools,
        clock=application.clock,
        reach=application.reach,
        drawers=application.relay.workshop.drawers,
        counting=application.relay.workshop.counting,
        begin=begin,
        wrote=application.wake,
    )
    application.ticker.every(f"look_at_{platform.value}_homes", EVERY, rounds.look)
    return rounds
