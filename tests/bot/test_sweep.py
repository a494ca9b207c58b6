"""Pictures that nothing refers to: gone a week after they last came in, and no other ever."""

from __future__ import annotations

import os
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, cast

import pytest

from bot.application import Application, Plugged
from bot.sweep import KEPT, Sweep
from moderation.checks.model import Pictured, Who
from moderation.jottings import commands as jot
from moderation.jottings.model import JottingId
from moderation.kernel import Accepted, Asked, CorruptStore, Platform, PostId
from moderation.ports import Conversation
from moderation.posts import commands as ask
from moderation.posts.model import Attachment, Content
from storage import tables
from tests.adapters.images.pictures import chunk, encoded, photo
from tests.fakes.chat import FakeChat
from tests.fakes.images import FakeImageInspector
from tests.fakes.trust import FACEBOOK, REED, identity


if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable

    from moderation.kernel import BlobId
    from moderation.service import Command
    from storage.unit_of_work import Unit, Units
    from tests.applications import Applications

HERE = Conversation(Platform.SANDBOX, "person:reed")
DRAFT = JottingId("01DRAFT")


class Cupboard:
    """One application with its pictures on a real disk."""

    def __init__(self, house: Applications, application: Application) -> None:
        self.house, self.application = house, application
        self.sweep = Sweep(units=application.units, blobs=application.blobs, clock=house.clock)

    async def add(self, number: int) -> BlobId:
        """One picture, by the id of the bytes that came: the clean ones are others."""
        sound = encoded(photo(width=64 + number), "PNG")
        came = sound[:33] + chunk(b"tEXt", b"Comment\x00the pond") + sound[33:]
        blob, looking = await self.application.pictures.arrive(came)
        await looking
        return blob

    async def clean(self, blob: BlobId) -> BlobId:
        async with self.application.units.read() as unit:
            return (await unit.inspections.get(frozenset({blob})))[blob].clean

    async def known(self, blob: BlobId) -> bool:
        async with self.application.units.read() as unit:
            return bool(await unit.inspections.known(frozenset({blob})))

    def held(self) -> frozenset[BlobId]:
        return frozenset(self.application.blobs.paths())

    def age(self, by: timedelta) -> None:
        """Every file there was put so long before now."""
        then = (self.house.clock.now() - by).timestamp()
        for path in self.application.blobs.paths().values():
            os.utime(path, (then, then))

    async def do(self, command: Command, key: str) -> None:
        asked = Asked(by=identity(REED), key=key, at=self.house.clock.now())
        assert isinstance(await self.application.service.do(command, asked), Accepted)

    async def jots(self, blob: BlobId) -> None:
        said = jot.Begin(
            jotting=DRAFT,
            conversation=HERE,
            text="Our pond is finished.",
            pictures=(Attachment(blob=blob, alt=""),),
        )
        await self.do(said, "begins")

    async def proposes(self, *blobs: BlobId, seen: int = 0) -> None:
        content = Content(
            text=f"Our pond is finished, {seen}.",
            accounts=(FACEBOOK,),
            attachments=tuple(Attachment(blob=blob, alt="A pond with reeds.") for blob in blobs),
            pictured=Pictured(Who.NOBODY),
        )
        post = PostId("01POND")
        command = (
            ask.Revise(post=post, seen=seen, content=content)
            if seen
            else ask.Propose(post=post, content=content)
        )
        await self.do(command, f"version-{seen}")


class Overtaken:
    """Units of work, of which something else is always written first."""

    def __init__(self, units: Units, first: Callable[[], Awaitable[None]]) -> None:
        self.read, self._units, self._first = units.read, units, first

    @asynccontextmanager
    async def write(self) -> AsyncIterator[Unit]:
        await self._first()
        async with self._units.write() as unit:
            yield unit


@pytest.fixture
async def cupboard(applications: Applications) -> Cupboard:
    async def connect(_application: Application) -> Plugged:
        return Plugged(chat=FakeChat())

    application = await applications.start({Platform.SANDBOX: connect})
    application.pictures.inspector = FakeImageInspector()
    return Cupboard(applications, application)


async def test_the_picture_of_what_is_not_a_post_goes_after_a_week(cupboard: Cupboard) -> None:
    blob = await cupboard.add(1)
    clean = await cupboard.clean(blob)
    await cupboard.jots(blob)
    cupboard.age(2 * KEPT)
    # As long as the draft is open it is needed, however old.
    assert await cupboard.sweep.pictures() == 0
    await cupboard.do(jot.Forget(jotting=DRAFT), "forgets")
    cupboard.age(KEPT - timedelta(minutes=1))
    assert await cupboard.sweep.pictures() == 0
    assert cupboard.held() == {clean}
    cupboard.age(KEPT + timedelta(minutes=1))
    assert await cupboard.sweep.pictures() == 1
    assert cupboard.held() == frozenset()
    assert not await cupboard.known(blob)
    assert not await cupboard.known(clean)


async def test_what_any_version_of_a_post_shows_stays(cupboard: Cupboard) -> None:
    first, second, other = [await cupboard.add(number) for number in range(3)]
    await cupboard.proposes(first)
    await cupboard.proposes(second, seen=1)
    kept = {await cupboard.clean(first), await cupboard.clean(second)}
    cupboard.age(10 * KEPT)
    assert await cupboard.sweep.pictures() == 1
    assert cupboard.held() == kept
    assert await cupboard.known(first)
    assert await cupboard.known(second)
    assert not await cupboard.known(other)


async def test_a_post_may_show_the_clean_picture_by_its_own_name(cupboard: Cupboard) -> None:
    clean = await cupboard.clean(await cupboard.add(1))
    await cupboard.proposes(clean)
    cupboard.age(2 * KEPT)
    assert await cupboard.sweep.pictures() == 0
    assert cupboard.held() == {clean}


async def test_one_that_comes_in_again_is_as_new(cupboard: Cupboard) -> None:
    blob = await cupboard.add(1)
    clean = await cupboard.clean(blob)
    cupboard.age(2 * KEPT)
    await cupboard.add(1)
    assert await cupboard.sweep.pictures() == 0
    assert cupboard.held() == {clean}


async def test_one_that_was_swept_is_looked_at_anew(cupboard: Cupboard) -> None:
    blob = await cupboard.add(1)
    cupboard.age(2 * KEPT)
    assert await cupboard.sweep.pictures() == 1
    assert await cupboard.add(1) == blob
    assert cupboard.held() == {await cupboard.clean(blob)}
    await cupboard.proposes(blob)


async def test_bytes_of_which_nobody_knows_go_as_well(cupboard: Cupboard) -> None:
    """A process ended between the file and the row, or between the row and the file."""
    await cupboard.application.blobs.put(b"left behind")
    cupboard.age(2 * KEPT)
    assert await cupboard.sweep.pictures() == 1
    assert cupboard.held() == frozenset()


async def test_what_waits_to_be_looked_at_stays(cupboard: Cupboard) -> None:
    blob = await cupboard.application.blobs.put(b"not looked at yet")
    async with cupboard.application.units.write() as unit:
        await unit.inspections.arrive(blob)
        await unit.commit()
    cupboard.age(2 * KEPT)
    assert await cupboard.sweep.pictures() == 0
    assert cupboard.held() == {blob}


async def test_somebody_who_proposes_meanwhile_keeps_the_picture(cupboard: Cupboard) -> None:
    """Between finding out what is left over and forgetting it."""
    blob = await cupboard.add(1)
    clean = await cupboard.clean(blob)
    cupboard.age(2 * KEPT)
    units = cast("Units", Overtaken(cupboard.application.units, lambda: cupboard.proposes(blob)))
    assert await replace(cupboard.sweep, units=units).pictures() == 0
    assert cupboard.held() == {clean}
    assert await cupboard.known(blob)


async def test_where_a_version_can_t_be_read_nothing_is_swept(cupboard: Cupboard) -> None:
    blob = await cupboard.add(1)
    await cupboard.proposes(await cupboard.add(2))
    cupboard.age(2 * KEPT)
    before = cupboard.held()
    async with cupboard.application.database.writing() as connection:
        await connection.execute(tables.revision_body.update().values(body=b"spoilt"))
        await connection.commit()
    with pytest.raises(CorruptStore):
        await cupboard.sweep.pictures()
    assert cupboard.held() == before
    assert await cupboard.known(blob)
