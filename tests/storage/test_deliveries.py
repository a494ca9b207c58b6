from __future__ import annotations

import asyncio
import json
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
import sqlalchemy as sa

from moderation.kernel import (
    Asked,
    Audience,
    CorruptStore,
    HandOut,
    Identity,
    Later,
    Platform,
    PostId,
    Show,
    SubjectRef,
    Tell,
    Timer,
)
from moderation.ports import Conversation
from moderation.posts.commands import AskHead, Release, Remind
from moderation.posts.model import State
from storage.commands import DataclassCodec
from storage.faults import RuleBroken
from tests.fakes import samples as some


if TYPE_CHECKING:
    from datetime import datetime

    from moderation.kernel import Effect
    from storage.database import Database
    from storage.effects import EffectRow
    from storage.releases import ReleaseRow
    from storage.unit_of_work import Units


ONE, TWO = SubjectRef("post", "p1"), SubjectRef("post", "p2")
LEASE = timedelta(seconds=60)
CHANNEL = Conversation(Platform.SLACK, "C1")
TEAM = Conversation(Platform.TEAMS, "T1")
TELL = Tell(Audience.PERSON, "post.reminder", ONE, arg="x", person=some.BOB)


async def record(
    units: Units, *effects: Effect, subject: SubjectRef = ONE, version: int = 1
) -> None:
    asked = Asked(by=Timer(), key=f"{subject}{version}", at=some.NOON)
    async with units.write() as unit:
        await unit.record(asked, subject, version, (), effects)
        await unit.commit()


async def claim(
    units: Units, now: datetime = some.NOON, owner: str = "relay-1"
) -> tuple[EffectRow, ...]:
    """Commands and the rest, as the relay takes them."""
    async with units.write() as unit:
        rows = await unit.effects.claim_commands(now, 10, owner, LEASE)
        rows += await unit.effects.claim(now, 10, owner, LEASE)
        await unit.commit()
    return rows


# -- effects -------------------------------------------------------------------------------------


async def test_effects_come_back_as_they_were_asked(sql_units: Units) -> None:
    later = Later(Release(post=PostId("p1")), some.later(5), "release:p1:1")
    hand_out = HandOut(ONE, some.PAGE)
    await record(sql_units, Show(ONE), TELL, hand_out, later)
    met: list[Effect] = []
    for minutes in (0, 0, 0, 0, 5):
        for row in await claim(sql_units, some.later(minutes)):
            met.append(row.effect)
            assert (row.subject, row.version, row.attempts) == (ONE, 1, 1)
            async with sql_units.write() as unit:
                assert await unit.effects.done(row)
                await unit.commit()
    assert met == [Show(ONE), TELL, hand_out, later]
    async with sql_units.read() as unit:
        assert await unit.effects.waiting(some.later(600_000)) == 0


async def test_one_subject_keeps_its_order_and_holds_up_no_other(sql_units: Units) -> None:
    await record(sql_units, Show(ONE), TELL)
    await record(sql_units, Show(TWO), subject=TWO)
    first = await claim(sql_units)
    assert [row.effect for row in first] == [Show(ONE), Show(TWO)]
    assert await claim(sql_units) == ()
    async with sql_units.write() as unit:
        await unit.effects.dead(first[0].id, first[0].attempts, "Broken")
        await unit.commit()
    assert [row.effect for row in await claim(sql_units)] == [TELL]


async def test_a_dead_worker_s_effect_goes_to_another_and_stays_there(sql_units: Units) -> None:
    await record(sql_units, Show(ONE))
    [mine] = await claim(sql_units)
    assert await claim(sql_units, some.NOON + LEASE / 2) == ()
    [theirs] = await claim(sql_units, some.NOON + LEASE, "relay-2")
    assert (theirs.id, theirs.attempts) == (mine.id, 2)
    async with sql_units.write() as unit:
        assert not await unit.effects.done(mine)
        assert not await unit.effects.retry(mine.id, mine.attempts, some.NOON, "Late")
        assert await unit.effects.done(theirs)
        assert not await unit.effects.done(theirs)
        await unit.commit()


async def test_a_retry_waits_for_its_time(sql_units: Units) -> None:
    await record(sql_units, Show(ONE))
    [row] = await claim(sql_units)
    async with sql_units.write() as unit:
        assert await unit.effects.retry(row.id, row.attempts, some.later(3), "TimeoutError")
        await unit.commit()
    async with sql_units.read() as unit:
        assert await unit.effects.waiting(some.later(2)) == 0
        assert await unit.effects.waiting(some.later(3)) == 1
    assert await claim(sql_units, some.later(2)) == ()
    [again] = await claim(sql_units, some.later(3))
    assert again.attempts == 2


async def test_what_was_not_begun_is_anybody_s_at_once(sql_units: Units) -> None:
    await record(sql_units, Show(ONE))
    await record(sql_units, Show(TWO), subject=TWO)
    mine = await claim(sql_units)
    async with sql_units.write() as unit:
        assert await unit.effects.give_back(*mine) == 2
        assert await unit.effects.give_back(*mine) == 0
        await unit.commit()
    theirs = await claim(sql_units, owner="relay-2")
    assert [(row.id, row.failures) for row in theirs] == [(row.id, 0) for row in mine]
    async with sql_units.write() as unit:
        assert await unit.effects.done(*mine) == 0, "they are somebody else's by now"
        assert await unit.effects.done(*theirs) == 2
        await unit.commit()


async def test_a_subject_is_shown_once_for_all_that_happened_together(sql_units: Units) -> None:
    await record(sql_units, Show(ONE), TELL, Show(ONE), Show(TWO))
    met: list[Effect] = []
    while rows := await claim(sql_units):
        met += [row.effect for row in rows]
        async with sql_units.write() as unit:
            await unit.effects.done(*rows)
            await unit.commit()
    assert met == [Show(ONE), Show(TWO), TELL]


async def test_only_tries_that_came_to_nothing_are_counted(sql_units: Units) -> None:
    await record(sql_units, Show(ONE))
    [row] = await claim(sql_units)
    async with sql_units.write() as unit:
        await unit.effects.give_back(row)
        await unit.commit()
    [row] = await claim(sql_units)
    async with sql_units.write() as unit:
        await unit.effects.retry(row.id, row.attempts, some.NOON, "TimeoutError")
        await unit.commit()
    [row] = await claim(sql_units)
    assert (row.attempts, row.failures) == (3, 1)


async def test_the_same_later_is_kept_once(sql_units: Units) -> None:
    due = Later(Remind(post=PostId("p1"), seen=1), some.later(1), "remind:p1:1")
    await record(sql_units, due)
    await record(sql_units, replace(due, due=some.later(9)), version=2)
    rows = await claim(sql_units, some.later(60))
    assert [row.effect for row in rows] == [due]


async def test_an_effect_that_cannot_be_read_holds_up_no_other(
    sql_units: Units, database: Database
) -> None:
    await record(sql_units, Later(Release(post=PostId("p1")), some.NOON, "k"))
    await record(sql_units, Show(TWO), subject=TWO)
    async with database.writing() as connection:
        await connection.execute(
            sa.text(
                "UPDATE effect SET body = replace(body, 'Release', 'Gone') WHERE kind = 'later'"
            )
        )
        await connection.commit()
    assert [row.effect for row in await claim(sql_units)] == [Show(TWO)]
    assert await claim(sql_units, some.NOON + LEASE * 2, "relay-2") != ()
    async with database.reading() as connection:
        states = await connection.execute(sa.text("SELECT state FROM effect ORDER BY id"))
        assert states.scalars().all() == ["dead", "ready"]


async def test_several_workers_share_the_effects(sql_units: Units) -> None:
    for number in range(24):
        subject = SubjectRef("post", f"p{number}")
        await record(sql_units, Show(subject), subject=subject)

    async def work(owner: str) -> list[int]:
        done: list[int] = []
        while rows := await claim(sql_units, owner=owner):
            for row in rows:
                async with sql_units.write() as unit:
                    assert await unit.effects.done(row)
                    await unit.commit()
                done.append(row.id)
        return done

    shares = await asyncio.gather(*(work(f"relay-{number}") for number in range(4)))
    everything = [effect for share in shares for effect in share]
    assert len(everything) == len(set(everything)) == 24


async def test_rows_hold_ids_and_intent_only(database: Database, sql_units: Units) -> None:
    """Nothing that a person wrote stands in a delivery row."""
    async with sql_units.write() as unit:
        await unit.people.save(some.STAFF)
        await unit.posts.put("p1", some.post(), 0)
        await unit.commit()
    await record(sql_units, Show(ONE), TELL, Later(Release(post=PostId("p1")), some.NOON, "k"))
    async with database.reading() as connection:
        bodies = (await connection.execute(sa.text("SELECT body FROM effect"))).scalars().all()
    assert len(bodies) == 3
    assert not [body for body in bodies if some.CANARY.split()[0] in body]


# -- commands for later --------------------------------------------------------------------------


def test_a_command_comes_back() -> None:
    codec = DataclassCodec(Release, Remind)
    command = Remind(post=PostId("p1"), seen=3)
    assert codec.decode(codec.encode(command)) == command
    with pytest.raises(KeyError):
        codec.encode(AskHead(post=PostId("p1"), seen=1, words="?"))


def test_a_command_that_could_hold_words_is_refused() -> None:
    with pytest.raises(TypeError, match=r"AskHead\.words"):
        DataclassCodec(AskHead)


@dataclass(frozen=True)
class Remind2:
    post: PostId


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        json.dumps({"command": "Nobody", "fields": {}}),
        json.dumps({"command": "Release", "fields": {}}),
        json.dumps({"command": "Release", "fields": {"post": "p1", "more": 1}}),
    ],
)
def test_another_command_is_corrupt(text: str) -> None:
    with pytest.raises(CorruptStore):
        DataclassCodec(Release, Remind2).decode(text)


# -- cards ---------------------------------------------------------------------------------------


async def test_a_card_follows_its_subject(sql_units: Units) -> None:
    async with sql_units.write() as unit:
        cards = unit.cards
        await cards.want(ONE, CHANNEL, 1, some.NOON)
        await cards.want(ONE, TEAM, 1, some.NOON)
        await cards.want(ONE, CHANNEL, 3, some.NOON)
        await cards.want(ONE, CHANNEL, 2, some.NOON)
        await unit.commit()
    async with sql_units.write() as unit:
        rows = await unit.cards.claim(some.NOON, 10, "relay-1", LEASE)
        assert [(row.conversation, row.wanted, row.shown, row.ref) for row in rows] == [
            (CHANNEL, 3, 0, None),
            (TEAM, 1, 0, None),
        ]
        assert await unit.cards.claim(some.NOON, 10, "relay-2", LEASE) == ()
        # Another change comes while the card is being drawn.
        await unit.cards.want(ONE, CHANNEL, 4, some.NOON)
        assert await unit.cards.shown(ONE, CHANNEL, 3, "1.23", rows[0].attempts)
        assert not await unit.cards.shown(ONE, CHANNEL, 3, "1.23", rows[0].attempts)
        await unit.commit()
    async with sql_units.write() as unit:
        [behind] = await unit.cards.claim(some.NOON, 10, "relay-1", LEASE)
        assert (behind.wanted, behind.shown, behind.ref) == (4, 3, "1.23")
        assert set(await unit.cards.conversations_of(ONE)) == {CHANNEL, TEAM}
        assert await unit.cards.conversations_of(TWO) == ()


async def test_a_card_that_fails_is_tried_again_or_given_up(sql_units: Units) -> None:
    async with sql_units.write() as unit:
        cards = unit.cards
        await cards.want(ONE, CHANNEL, 1, some.NOON)
        [row] = await cards.claim(some.NOON, 1, "r", LEASE)
        await cards.retry(ONE, CHANNEL, row.attempts, some.later(2), "RetryAfter")
        assert await cards.claim(some.later(1), 1, "r", LEASE) == ()
        [row] = await cards.claim(some.later(2), 1, "r", LEASE)
        assert row.failures == 1
        await cards.shown(ONE, CHANNEL, 1, "9.9", row.attempts)
        await cards.want(ONE, CHANNEL, 2, some.later(3))
        [row] = await cards.claim(some.later(3), 1, "r", LEASE)
        assert (row.failures, row.ref) == (0, "9.9")
        await cards.gone(ONE, CHANNEL, row.attempts, some.later(3))
        [row] = await cards.claim(some.later(3), 1, "r", LEASE)
        assert (row.ref, row.shown) == (None, 0)
        await cards.dead(ONE, CHANNEL, row.attempts, "channel_not_found")
        assert await cards.claim(some.later(99), 1, "r", LEASE) == ()
        await cards.want(ONE, CHANNEL, 3, some.later(99))
        assert len(await cards.claim(some.later(99), 1, "r", LEASE)) == 1


# -- notices -------------------------------------------------------------------------------------


async def test_everybody_is_told_once(sql_units: Units) -> None:
    await record(sql_units, TELL)
    [row] = await claim(sql_units)
    slack, teams = Identity(Platform.SLACK, "U1"), Identity(Platform.TEAMS, "T1")
    recipients = [(some.BOB, slack), (some.BOB, teams), (some.CY, None)]
    async with sql_units.write() as unit:
        for _ in range(2):
            await unit.notices.plan(row.id, recipients, some.NOON)
        found = await unit.notices.claim(some.NOON, 10, "r", LEASE)
        assert [(notice.person, notice.identity) for notice in found] == recipients[:2]
        assert {notice.tell for notice in found} == {TELL}
        assert await unit.notices.done(found[0].id, found[0].attempts, "ref")
        assert await unit.notices.retry(found[1].id, found[1].attempts, some.later(1), "E")
        [again] = await unit.notices.claim(some.later(1), 10, "r", LEASE)
        assert again.id == found[1].id
        assert await unit.notices.dead(again.id, again.attempts, "E")
        assert await unit.notices.claim(some.later(99), 10, "r", LEASE) == ()


# -- releases ------------------------------------------------------------------------------------


@pytest.fixture
async def released(sql_units: Units) -> Units:
    post = some.approved(some.post(), some.BOB)
    rows = (some.published(post), some.published(post, account_id=some.FEED))
    async with sql_units.write() as unit:
        await unit.people.save(some.STAFF)
        await unit.posts.put("p1", replace(post, state=State.RELEASED, publications=rows), 0)
        for _ in range(2):
            for account in (some.PAGE, some.FEED):
                await unit.releases.plan(PostId("p1"), account, some.NOON)
        await unit.commit()
    return sql_units


async def take(units: Units, now: datetime = some.NOON) -> tuple[ReleaseRow, ...]:
    async with units.write() as unit:
        rows = await unit.releases.claim(now, 10, "r", LEASE)
        await unit.commit()
    return rows


async def test_a_release_is_taken_once(released: Units) -> None:
    rows = await take(released)
    assert {row.account for row in rows} == {some.PAGE, some.FEED}
    assert await take(released, some.later(99)) == ()
    async with released.write() as unit:
        assert await unit.releases.done(rows[0], "posters")
        assert not await unit.releases.rejected(rows[0], "late")
        assert await unit.releases.retry(rows[1], some.later(1), "RetryAfter")
        await unit.commit()
    [again] = await take(released, some.later(1))
    assert (again.account, again.attempts) == (rows[1].account, 2)
    async with released.write() as unit:
        assert await unit.releases.rejected(again, "closed")
        await unit.commit()
    async with released.read() as unit:
        states = await unit.releases.states(PostId("p1"))
    assert states == {rows[0].account: "done", rows[1].account: "rejected"}


async def test_what_may_have_gone_out_waits_for_a_person(released: Units) -> None:
    rows = await take(released)
    async with released.write() as unit:
        assert await unit.releases.ambiguous(rows[0], "TimeoutError")
        assert await unit.releases.lapsed(some.NOON) == ()
        [lapsed] = await unit.releases.lapsed(some.NOON + LEASE)
        assert lapsed.account == rows[1].account
        await unit.commit()
    assert await take(released, some.later(99)) == ()
    async with released.write() as unit:
        answered = unit.releases.answered
        assert await answered(PostId("p1"), rows[0].account, appeared=True)
        assert await answered(PostId("p1"), rows[1].account, appeared=False)
        assert not await answered(PostId("p1"), rows[1].account, appeared=True)


async def test_a_recalled_post_is_not_handed_out(released: Units) -> None:
    async with released.write() as unit:
        assert await unit.releases.cancel(PostId("p1")) == 2
        await unit.commit()
    assert await take(released) == ()


async def test_nothing_is_handed_out_without_a_publication(sql_units: Units) -> None:
    async with sql_units.write() as unit:
        await unit.people.save(some.STAFF)
        await unit.posts.put("p1", some.approved(some.post(), some.BOB), 0)
        await unit.commit()
    for post in ("p1", "p2"):
        async with sql_units.write() as unit:
            with pytest.raises(RuleBroken, match="release_of_publication"):
                await unit.releases.plan(PostId(post), some.PAGE, some.NOON)


async def test_what_is_done_stays_done(released: Units, database: Database) -> None:
    [row, _] = await take(released)
    async with released.write() as unit:
        await unit.releases.done(row, "posters")
        await unit.commit()
    for statement in (
        "UPDATE release SET state = 'ready' WHERE state = 'done'",
        "DELETE FROM release",
        "UPDATE release SET account_id = 'trust-page'",
    ):
        async with database.writing() as connection:
            with pytest.raises(sa.exc.DBAPIError, match=r"release_(only_once|is_kept)"):
                await connection.execute(sa.text(statement))
