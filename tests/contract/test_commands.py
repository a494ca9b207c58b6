"""What a store keeps of commands and of policies: in memory, on SQLite and on PostgreSQL."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from moderation.kernel import Asked, Conflict, CorruptStore, Later, PostId, Show, SubjectRef, Timer
from moderation.posts.commands import Release
from moderation.posts.events import Reminded
from tests.fakes import samples as some


if TYPE_CHECKING:
    from moderation import service
    from storage.unit_of_work import Units
    from tests.databases import AnyUnits
    from tests.fakes.units import FakeUnits


def as_the_service_asks(units: Units | FakeUnits) -> service.Units:
    """Checked by mypy: both stores are what the core's ports say."""
    return units


async def test_a_missing_pack_is_a_fault(units: AnyUnits) -> None:
    async with units.read() as unit:
        with pytest.raises(CorruptStore):
            await unit.packs.pinned("sha256:" + "9" * 64)


async def test_a_command_is_remembered_with_its_effects(units: AnyUnits) -> None:
    asked = Asked(by=Timer(), key="timer:remind:p1:1", at=some.NOON)
    subject = SubjectRef("post", "p1")
    effects = (Show(subject), Later(Release(post=PostId("p1")), some.later(9), "release:p1"))
    async with units.write() as unit:
        assert not await unit.seen(asked.key)
        await unit.record(asked, subject, 2, (Reminded(at=some.NOON),), effects)
        assert await unit.seen(asked.key)
        await unit.commit()
    async with units.read() as unit:
        assert await unit.seen(asked.key)
        assert not await unit.seen("another key")
        [line] = await unit.audit.history(subject)
        assert (line.at, line.tag, line.person) == (some.NOON, "post:reminded", None)
        assert line.payload == {"at": "2026-11-18T12:00:00.123456+00:00"}
        assert await unit.audit.history(SubjectRef("watch", "p1")) == ()
    async with units.write() as unit:
        with pytest.raises(Conflict):
            await unit.record(asked, subject, 3, (), ())
