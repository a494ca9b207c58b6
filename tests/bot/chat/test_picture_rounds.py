"""A picture's whole way on both databases: onto a card, held up, tried again, deleted."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from adapters.slack.client import open_line
from adapters.slack.files import Pictures
from bot.chat.picture_rounds import PictureRounds
from bot.chat.pictures import StoredShelf
from moderation.kernel import Platform, SubjectRef
from moderation.ports import Conversation
from moderation.posts.model import POST, State
from storage.shown_pictures import FIRST_WAIT
from storage.unit_of_work import Units
from tests.fakes import samples as some
from tests.fakes.chat import FakeClock
from tests.fakes.slack_api import BOT_TOKEN, Broken, FakeSlack


if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from moderation.kernel import BlobId
    from storage.cards import CardRow

CARD = SubjectRef(POST, "p1")
OFFICE = Conversation(Platform.SLACK, "C0OFFICE01")
ELSEWHERE = Conversation(Platform.TEAMS, "19:office")


@dataclass(slots=True)
class Desk:
    slack: FakeSlack
    units: Units
    clock: FakeClock
    pictures: Pictures
    woken: list[None] = field(default_factory=list)

    @property
    def rounds(self) -> PictureRounds:
        return PictureRounds(
            platform=Platform.SLACK,
            units=self.units,
            clock=self.clock,
            delete=self.pictures.tidy,
            wrote=lambda: self.woken.append(None),
        )

    async def behind(self) -> tuple[CardRow, ...]:
        async with self.units.write() as unit:
            return await unit.cards.claim(self.clock.now(), 10, "test", timedelta(seconds=1))

    async def save(self, state: State, version: int) -> None:
        async with self.units.write() as unit:
            await unit.posts.put("p1", replace(some.post(), state=state), version)
            await unit.commit()


@pytest.fixture
async def desk(sql_units: Units) -> AsyncIterator[Desk]:
    clock = FakeClock()
    async with sql_units.write() as unit:
        await unit.people.save(some.STAFF)
        await unit.posts.put("p1", replace(some.post(), state=State.IN_REVIEW), 0)
        for place in (OFFICE, ELSEWHERE):
            await unit.cards.want(CARD, place, 1, clock.now())
        for row in await unit.cards.claim(clock.now(), 10, "before", timedelta(seconds=1)):
            await unit.cards.shown(CARD, row.conversation, 1, "1.1", row.attempts)
        await unit.commit()
    async with FakeSlack() as slack:
        line = open_line(BOT_TOKEN, slack.api_url)
        shelf = StoredShelf(platform=Platform.SLACK, units=sql_units, clock=clock)

        async def preview(_blob: BlobId) -> bytes:
            return b"\x89PNG a clean picture"

        yield Desk(slack, sql_units, clock, Pictures(line.client, shelf, preview, pauses=()))
        await line.close()


async def test_a_card_is_drawn_again_until_its_picture_is_there(desk: Desk) -> None:
    desk.slack.fail("files.getUploadURLExternal", Broken(503))
    assert await desk.pictures.show(some.PICTURE, CARD) is None
    await desk.rounds.redraw()
    assert await desk.behind() == ()
    desk.clock.pass_by(FIRST_WAIT)
    await desk.rounds.redraw()
    assert [row.conversation for row in await desk.behind()] == [OFFICE]
    assert len(desk.woken) == 1
    assert await desk.pictures.show(some.PICTURE, CARD) is not None
    # Once more, as another card of it may have been drawn before; and then no more.
    for _ in range(2):
        desk.clock.pass_by(timedelta(days=1))
        await desk.rounds.redraw()
    assert len(desk.woken) == 2


async def test_the_picture_of_a_final_post_is_deleted_in_slack(desk: Desk) -> None:
    shown = await desk.pictures.show(some.PICTURE, CARD)
    assert shown is not None
    await desk.rounds.tidy()
    assert not desk.slack.workspace.files[shown].deleted
    await desk.save(State.PUBLISHED, 1)
    await desk.rounds.tidy()
    assert desk.slack.workspace.files[shown].deleted
    assert await desk.pictures.show(some.PICTURE, CARD) is None
    assert len(desk.slack.workspace.files) == 1


async def test_what_could_not_be_deleted_is_asked_for_again(desk: Desk) -> None:
    shown = await desk.pictures.show(some.PICTURE, CARD)
    assert shown is not None
    await desk.save(State.EXPIRED, 1)
    desk.slack.fail("files.delete", Broken(503))
    await desk.rounds.tidy()
    assert not desk.slack.workspace.files[shown].deleted
    await desk.rounds.tidy()
    assert desk.slack.workspace.files[shown].deleted
