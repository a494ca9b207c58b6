"""What the clock asks for: each round does what is due, once, and one failure stops no other."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, get_args
from zoneinfo import ZoneInfo

import pytest

from bot.rounds import Rounds
from bot.schools import KnownSchools, packs_of
from moderation.kernel import Asked, Platform, PostId, SubjectRef, Timer
from moderation.oversight.subject import Watches
from moderation.policies.loader import shipped
from moderation.ports import Conversation
from moderation.posts.commands import Timed
from moderation.posts.facts import FactFinder
from moderation.posts.model import POST, State
from moderation.posts.subject import Posts
from moderation.service import Service
from storage.commands import DataclassCodec
from storage.unit_of_work import Units
from tests.bot.installation import ready_settings
from tests.databases import KEYS
from tests.fakes.chat import FakeClock, FakeIds
from tests.fakes.samples import (
    BOB,
    ELM,
    FEED,
    HEAD,
    OAK,
    PAGE,
    STAFF,
    TRUST,
    account,
    approved,
    post,
    published,
    revision,
)


if TYPE_CHECKING:
    from pathlib import Path

    from moderation.accounts.model import Account
    from moderation.kernel import SchoolId
    from moderation.oversight.model import Watch
    from storage.database import Database

MORNING = datetime(2026, 11, 18, 7, 0, tzinfo=UTC)


class Desk:
    """Rounds over a fresh database."""

    def __init__(self, database: Database, folder: Path, *, without: frozenset[SchoolId]) -> None:
        settings = ready_settings(folder)
        packs = {
            school: pack for school, pack in packs_of(settings).items() if school not in without
        }
        self.clock = FakeClock(MORNING)
        self.units = Units(
            database,
            KEYS,
            packs=packs,
            commands=DataclassCodec(*get_args(Timed)),
            now=self.clock.now,
        )
        schools = KnownSchools(settings)
        self.service = Service(
            units=self.units,
            schools=schools,
            posts=Posts(FactFinder(schools, FakeIds())),
            watches=Watches(schools),
        )
        self.woken = 0
        self.rounds = Rounds(
            service=self.service,
            units=self.units,
            schools=schools,
            clock=self.clock,
            wrote=self._wake,
        )

    def _wake(self) -> None:
        self.woken += 1

    async def watch(self, school: SchoolId) -> tuple[Watch, int] | None:
        async with self.units.read() as unit:
            return await unit.watches.get(school)

    async def save(self, *accounts: Account) -> None:
        async with self.units.write() as unit:
            await unit.people.save(STAFF)
            await unit.accounts.save(accounts)
            await unit.commit()


@pytest.fixture
def desk(database: Database, tmp_path: Path) -> Desk:
    return Desk(database, tmp_path, without=frozenset())


async def test_every_school_and_the_trust_is_looked_at_once_a_morning(desk: Desk) -> None:
    await desk.save(account(PAGE))
    await desk.rounds.look()
    await desk.rounds.look()
    for school in (OAK, ELM, TRUST):
        stored = await desk.watch(school)
        assert stored is not None
        assert stored[1] == 1
    stored = await desk.watch(OAK)
    assert stored is not None
    assert {flag.account for flag in stored[0].flags} == {PAGE}
    assert desk.woken
    desk.clock.pass_by(timedelta(days=1))
    await desk.rounds.look()
    again = await desk.watch(OAK)
    assert again is not None
    assert again[1] == 2


async def test_a_school_that_fails_stops_no_other(database: Database, tmp_path: Path) -> None:
    desk = Desk(database, tmp_path, without=frozenset({OAK}))
    await desk.save(account(PAGE))
    await desk.rounds.look()
    assert await desk.watch(OAK) is None
    assert await desk.watch(ELM) is not None
    assert await desk.watch(TRUST) is not None


@pytest.mark.parametrize(
    ("local", "looked"),
    [
        (datetime(2026, 11, 18, 6, 59), False),  # noqa: DTZ001 -- the zone is added below
        (datetime(2026, 11, 18, 7, 0), True),  # noqa: DTZ001
        (datetime(2026, 7, 1, 7, 0), True),  # noqa: DTZ001
        (datetime(2026, 7, 1, 6, 59), False),  # noqa: DTZ001
    ],
)
async def test_a_start_after_seven_makes_up_for_the_morning(
    desk: Desk, local: datetime, *, looked: bool
) -> None:
    desk.clock.at = local.replace(tzinfo=ZoneInfo("Europe/London")).astimezone(UTC)
    await desk.rounds.look_if_late()
    assert (await desk.watch(OAK) is not None) is looked


async def test_what_is_handed_out_is_called_back_when_it_may_not_go_out(desk: Desk) -> None:
    pack = shipped("step").digest
    to_bob = approved(
        post(first=replace(revision("p1"), pack=pack)),
        BOB,
        HEAD,
        heads=[HEAD],
        state=State.RELEASED,
    )
    released = replace(
        to_bob,
        waiting_for=frozenset(),
        vetoes=(),
        publications=tuple(
            published(to_bob, {"third": HEAD, "head": HEAD}, on) for on in (PAGE, FEED)
        ),
    )
    await desk.save(account(PAGE), account(FEED))
    await desk.units.store_packs()
    async with desk.units.write() as unit:
        await unit.posts.put(
            "p1", replace(released, state=State.IN_REVIEW, publications=(), approvals=()), 0
        )
        await unit.commit()
    async with desk.units.write() as unit:
        await unit.posts.put("p1", released, 1)
        await unit.commit()
    async with desk.units.read() as unit:
        assert await unit.posts.released() == (PostId("p1"),)
    await desk.rounds.recheck()
    async with desk.units.read() as unit:
        assert await unit.posts.released() == ()
        history = await unit.audit.history(SubjectRef("post", "p1"))
    assert history
    assert all(line.person is None for line in history)
    assert desk.woken


async def test_a_week_later_keys_and_listings_are_forgotten(desk: Desk) -> None:
    asked = Asked(by=Timer(), key="old", at=desk.clock.now())
    async with desk.units.write() as unit:
        await unit.record(asked, SubjectRef("watch", OAK), 1, (), ())
        await unit.listings.save("old", "channels", "stale", desk.clock.now())
        await unit.commit()
    desk.clock.pass_by(timedelta(days=7))
    await desk.rounds.forget()
    async with desk.units.read() as unit:
        assert await unit.seen("old")
        assert await unit.listings.get("old") is not None
    desk.clock.pass_by(timedelta(seconds=1))
    await desk.rounds.forget()
    async with desk.units.read() as unit:
        assert not await unit.seen("old")
        assert await unit.listings.get("old") is None


async def test_cards_are_redrawn_when_today_becomes_yesterday(desk: Desk) -> None:
    await desk.save(account(PAGE), account(FEED))
    channel = Conversation(Platform.SANDBOX, f"channel:{PAGE}")
    subject = SubjectRef(POST, "p1")
    async with desk.units.write() as unit:
        await unit.posts.put("p1", replace(post(), state=State.IN_REVIEW), 0)
        await unit.cards.want(subject, channel, 1, desk.clock.now())
        await unit.commit()
    async with desk.units.write() as unit:
        (card,) = await unit.cards.claim(desk.clock.now(), 5, "a", timedelta(seconds=9))
        await unit.cards.shown(subject, channel, 1, "m1", card.attempts)
        await unit.commit()

    await desk.rounds.turn_the_day()

    async with desk.units.read() as unit:
        (after,) = await unit.cards.of(subject)
    # Behind by one, while what is wanted stays the post's own version.
    assert (after.shown, after.wanted, after.ref) == (0, 1, "m1")
    assert desk.woken
