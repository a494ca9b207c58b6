"""A batch is claimed together; no row of it depends on another, and no part of the relay either."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING

from bot.relay.drawing import Drawer, Drawers
from bot.relay.queue import FRESH
from bot.relay.relay import Part
from moderation.posts.model import POST
from storage.failpoints import Point
from storage.unit_of_work import Unit
from tests.bot.relay.world import EFFECT, OPEN_NOTICE
from tests.fakes.trust import FACEBOOK, FACEBOOK_CHANNEL, X_CHANNEL, X


if TYPE_CHECKING:
    from bot.relay.drawing import Places, Told
    from moderation.kernel import Audience, PersonId, Tell
    from moderation.ports import Conversation
    from moderation.views import Card
    from tests.bot.relay.world import World

WAITING = "Waiting for a second yes"


@dataclass
class Watching:
    """A drawer that notes by which look each card was drawn; ``meanwhile`` is what each costs."""

    real: Drawer
    meanwhile: Callable[[], None] = lambda: None
    looks: list[Unit] = field(default_factory=list)

    async def places(self, unit: Unit, subject: str) -> Places:
        self.meanwhile()
        return await self.real.places(unit, subject)

    async def draw(self, unit: Unit, subject: str, conversation: Conversation) -> Card | None:
        self.looks.append(unit)
        return await self.real.draw(unit, subject, conversation)

    async def audience(self, unit: Unit, which: Audience, subject: str) -> tuple[PersonId, ...]:
        return await self.real.audience(unit, which, subject)

    async def notice(self, unit: Unit, tell: Tell, person: PersonId) -> Told | None:
        return await self.real.notice(unit, tell, person)

    def among(self, world: World) -> Drawers:
        return Drawers({**world.shop.drawers.by_kind, POST: self})


def watching(world: World) -> Watching:
    return Watching(world.shop.drawers.by_kind[POST])


@dataclass
class Stumbling:
    """Implements :class:`storage.failpoints.Failpoints`: the first few notes of a kind fail."""

    kind: str
    left: int

    def reach(self, point: Point, kind: str) -> None:
        if (point, kind) == (Point.BEFORE_MARK, self.kind) and self.left:
            self.left -= 1
            raise ZeroDivisionError


async def states(world: World) -> Counter[tuple[str, int]]:
    """How many of what was to be shown stand how, after how many failures."""
    rows = await world.rows(EFFECT, kind="show")
    return Counter((str(row["state"]), int(row["failures"])) for row in rows)


async def test_what_cannot_be_noted_together_is_noted_one_by_one(world: World) -> None:
    await world.propose(FACEBOOK)
    await world.propose(X)
    relay = world.relay(failpoints=Stumbling("effect", 1))
    await relay.round(Part.EFFECTS)
    assert await states(world) == {("done", 0): 2}


async def test_only_the_row_that_cannot_be_noted_fails(world: World) -> None:
    first, second = await world.propose(FACEBOOK), await world.propose(X)
    relay = world.relay(failpoints=Stumbling("effect", 2))
    await relay.round(Part.EFFECTS)
    assert await states(world) == {("done", 0): 1, ("ready", 1): 1}
    world.pass_by(timedelta(minutes=1))
    await relay.drain()
    assert world.states(FACEBOOK_CHANNEL, first) == (WAITING,)
    assert world.states(X_CHANNEL, second) == (WAITING,)


async def test_what_there_was_no_time_for_is_another_s_at_once(world: World) -> None:
    """However slow it all is, one row of a batch is done; none of them counts as a try."""
    for _ in range(3):
        await world.propose()
    slow = watching(world)
    slow.meanwhile = lambda: world.pass_by(timedelta(seconds=2))
    for done in (1, 2):
        await world.relay(drawers=slow.among(world)).round(Part.EFFECTS)
        assert await states(world) == {("done", 0): done, ("ready", 0): 3 - done}
    assert await world.relay("relay-2").round(Part.EFFECTS) > 0
    assert await states(world) == {("done", 0): 3}


async def test_the_cards_of_one_subject_are_drawn_from_one_look(world: World) -> None:
    await world.propose()
    relay = world.relay(drawers=(drawer := watching(world)).among(world))
    await relay.round(Part.EFFECTS)
    await relay.round(Part.CARDS)
    assert len(drawer.looks) > 1
    assert len(set(map(id, drawer.looks))) == 1


async def test_a_drawing_that_has_waited_is_made_once_more(world: World) -> None:
    """The one before it took long to be sent; the post may have moved on."""
    post = await world.propose()
    relay = world.relay(drawers=(drawer := watching(world)).among(world))
    await relay.drain()
    await world.approve(post)
    await relay.round(Part.EFFECTS)
    drawer.looks.clear()

    async def slow() -> None:
        world.pass_by(FRESH + timedelta(seconds=1))

    world.chat.meanwhile = slow
    await relay.round(Part.CARDS)
    assert len({id(look) for look in drawer.looks}) == 2


async def test_a_chat_that_hangs_holds_up_no_release(world: World) -> None:
    stuck = await world.propose()
    await world.relay().drain()
    await world.approve(stuck)
    relay = world.relay()
    await relay.round(Part.EFFECTS)
    hangs, goes_on = asyncio.Event(), asyncio.Event()

    async def hang() -> None:
        hangs.set()
        await goes_on.wait()

    world.chat.meanwhile = hang
    cards = asyncio.create_task(relay.round(Part.CARDS))
    await hangs.wait()
    assert await relay.round(Part.DUE) == 1
    while not world.publisher.given:
        assert await relay.round(Part.EFFECTS) + await relay.round(Part.RELEASES)
    assert not cards.done()
    goes_on.set()
    await cards


async def test_what_is_redrawn_dies_and_is_redrawn_by_another(world: World) -> None:
    """The failpoints of the fifth queue stand where those of the others do."""
    post = await world.propose()
    await world.relay().drain()
    await world.approve(post)
    await world.relay().round(Part.EFFECTS)
    met: list[Point] = []

    @dataclass
    class Noting:
        def reach(self, point: Point, kind: str) -> None:
            if kind == "redraw":
                met.append(point)

    assert await world.rows(OPEN_NOTICE)
    await world.relay(failpoints=Noting()).drain()
    order = [Point.AFTER_CLAIM, Point.BEFORE_SEND, Point.AFTER_SEND]
    order += [Point.BEFORE_MARK, Point.AFTER_MARK]
    assert met[: len(order)] == order
