"""Results day in Slack: forty posts in a morning, three moderators, and one queue."""

from __future__ import annotations

import asyncio
import os
import re
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
import sqlalchemy as sa

from adapters.lanes import Lanes
from adapters.slack.chat import SlackChat
from moderation.kernel import Accepted, Asked, Identity, Platform, PostId
from moderation.people.model import AccountRole, Grant
from moderation.posts import commands as ask
from moderation.posts.model import Content, State
from moderation.words import capital, count
from storage.cards import WAITING
from storage.delivery_tables import card
from storage.tables import post
from tests.fakes.trust import BELL, FACEBOOK, LUND, NOVAK, OKAFOR, REED, SHAH, grants
from tests.scenarios.slack_stage import FACEBOOK_ROOM, Hand, SlackStage, words


if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from moderation.kernel import PersonId
    from tests.applications import Applications
    from tests.fakes.slack_workspace import Message

TEACHERS = (REED, BELL, NOVAK)
MODERATORS = (OKAFOR, LUND, SHAH)
POSTS = {"quick": 14, "ci": 14, "full": 40}[os.environ.get("SIZE", "quick")]
EARLY = POSTS * 5 // 8
"""So many are there before anybody begins."""
APART = timedelta(minutes=3)
MOST_MESSAGES = 6
NEXT = "Decide the next"


@pytest.fixture
async def stage(applications: Applications) -> AsyncIterator[SlackStage]:
    async with SlackStage(applications).opened() as made:
        await _three_moderators(made)
        _by_its_clock(made)
        yield made


def _by_its_clock(stage: SlackStage) -> None:
    """Slack's limits are kept by the clock that the test moves, like everything else here."""
    chat = stage.application.chats[Platform.SLACK]
    assert isinstance(chat, SlackChat)

    def now() -> float:
        return stage.house.clock.now().timestamp()

    chat._posts, chat._updates = Lanes(now), Lanes(now, every=0.8, burst=20)  # noqa: SLF001


async def _three_moderators(stage: SlackStage) -> None:
    more = [
        Grant(account=FACEBOOK, person=SHAH, role=AccountRole.MODERATOR),
        Grant(account=FACEBOOK, person=NOVAK, role=AccountRole.POSTER),
    ]
    async with stage.application.units.write() as unit:
        held = [it for it in grants() if it.account == FACEBOOK]
        await unit.people.save_grants(frozenset({FACEBOOK}), (*held, *more))
        await unit.commit()


@dataclass
class Morning:
    """Posts that come in, one every few minutes, and what is made of them."""

    stage: SlackStage
    posts: list[PostId] = field(default_factory=list)

    async def comes(self, number: int) -> None:
        for this in range(number):
            await self.one()
            self.pass_by(APART)
            # What a relay works on together is what has come meanwhile.
            if this % 8 == 0 or this == number - 1:
                await self.settle()

    def pass_by(self, time: timedelta) -> None:
        self.stage.house.clock.pass_by(time)

    async def settle(self) -> None:
        """Until every card shows what it should; a little later where Slack wants us to wait."""
        await self.stage.settle()
        while await self._behind():
            self.pass_by(timedelta(seconds=10))
            await self.stage.settle()

    async def _behind(self) -> int:
        soon = self.stage.house.clock.now() + timedelta(minutes=1)
        return await self._count(sa.select(sa.func.count()).where(WAITING, card.c.due_at <= soon))

    async def _count(self, select: sa.Select[int]) -> int:
        async with self.stage.application.database.reading() as connection:
            return int((await connection.execute(select)).scalar_one())

    async def one(self, **more: Any) -> None:  # noqa: ANN401 -- of a post's content
        number = len(self.posts) + 1
        teacher = TEACHERS[number % len(TEACHERS)]
        made = PostId(f"01RESULT{number:018d}")
        content = Content(text=f"Result number {number} is in.", accounts=(FACEBOOK,), **more)
        by = Identity(Platform.SLACK, self.stage.as_(teacher).id)
        asked = Asked(by=by, key=f"propose:{made}", at=self.stage.house.clock.now())
        outcome = await self.stage.application.service.do(
            ask.Propose(post=made, content=content), asked
        )
        assert isinstance(outcome, Accepted)
        self.posts.append(made)

    # -- what is to be seen --------------------------------------------------------------------

    @property
    def room(self) -> list[Message]:
        return self.stage.slack.workspace.messages[FACEBOOK_ROOM]

    @property
    def counters(self) -> list[Message]:
        return [it for it in self.room if words(it).startswith("Posts of ")]

    async def decided(self) -> list[list[PersonId]]:
        """Who said yes to each, in the order in which they came."""
        found = []
        for made in self.posts:
            kept = await self.stage.post(made)
            assert kept is not None
            found.append([it.person for it in kept.approvals])
        return found

    async def waiting(self) -> int:
        select = sa.select(sa.func.count()).where(post.c.state == State.IN_REVIEW.value)
        return await self._count(select)


def messages(hand: Hand) -> int:
    """How many messages Slack was asked to send to this person, and has not refused."""
    space = hand.stage.slack.workspace
    rooms = {it.id for it in space.channels.values() if it.user == hand.id}
    calls = hand.stage.slack.called("chat.postMessage")
    return sum(it.arguments["channel"] in rooms and not it.error for it in calls)


def quoted(message: Message) -> str:
    found = re.search(r"Result number \d+ is in\.", words(message))
    return found.group() if found is not None else ""


def _has(message: Message, label: str) -> bool:
    return any(
        item["text"]["text"] == label
        for block in message.blocks
        if block["type"] == "actions"
        for item in block["elements"]
        if item["type"] == "button"
    )


async def begins(hand: Hand, counter: Message) -> None:
    await hand.presses(NEXT, counter)
    assert any(_has(hand.told[-1], it) for it in ("Approve and next", "Approve"))


async def works(hand: Hand) -> bool:
    """Press what their newest answer offers; whether it offered anything."""
    offered = [it for it in ("Approve and next", "Approve") if _has(hand.told[-1], it)]
    if offered:
        await hand.presses(offered[0], hand.told[-1], wait=False)
    return bool(offered)


@pytest.mark.ci
async def test_forty_posts_three_moderators_one_queue(stage: SlackStage) -> None:
    morning = Morning(stage)
    hands = [stage.as_(who) for who in MODERATORS]
    await morning.comes(EARLY)
    assert len(morning.counters) == 1
    [counter] = morning.counters
    # Those that have a card of their own are waiting, too.
    assert f"{capital(count(EARLY))} posts wait for a yes" in words(counter)
    # Five with cards of their own, and the card that counts.
    assert len(morning.room) == 6

    # All three at once, from the same card: they see the same post, and decide it at one time.
    for hand in hands:
        await begins(hand, counter)
    assert {quoted(hand.told[-1]) for hand in hands} == {"Result number 1 is in."}
    for _ in range(4):
        await asyncio.gather(*(works(hand) for hand in hands))

    # More come while they work.
    await morning.comes(POSTS - EARLY)
    while await morning.waiting():
        for _ in range(4):
            for hand in hands:
                if not await works(hand):
                    await hand.presses(NEXT, counter, wait=False)
        await stage.settle()
        # None of them is always the fastest.
        hands = [*hands[1:], hands[0]]
        morning.pass_by(timedelta(seconds=20))
    await morning.settle()

    assert [len(people) for people in await morning.decided()] == [1] * POSTS
    assert {who for [who] in await morning.decided()} == set(MODERATORS)
    for who in hands:
        assert 1 <= messages(who) <= MOST_MESSAGES, (who.person, [words(it) for it in who.direct])
    assert len(morning.room) == 6
    assert len(morning.counters) == 1
    assert "Nothing waits any more" in words(morning.counters[0])
    assert f"{count(POSTS)} posts" in words(morning.counters[0])
    assert not _has(morning.counters[0], NEXT)
    # Those that had a card of their own keep it, and it tells how it ended.
    own = [it for it in morning.room if it not in morning.counters]
    assert all("Ready to post" in words(it) for it in own)
