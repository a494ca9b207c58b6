"""The outbox: in order for each subject, once however often it is claimed, and none for another."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from bot.relay.drawing import Drawer, Drawers
from moderation.posts import commands as ask
from moderation.posts.model import POST, State
from tests.bot.relay.world import CARD, EFFECT, LEASE, LONG, NOTICE, Died, MortalService
from tests.fakes.trust import (
    ADE,
    BELL,
    FACEBOOK,
    FACEBOOK_CHANNEL,
    LUND,
    OKAFOR,
    REED,
    X_CHANNEL,
    X,
)


if TYPE_CHECKING:
    from bot.relay.drawing import Places, Told
    from moderation.kernel import Audience, PersonId, Tell
    from moderation.ports import Conversation
    from moderation.views import Card
    from storage.unit_of_work import Unit
    from tests.bot.relay.world import World


WAITING = "Waiting for a second yes"
STILL_WAITING = "Still waiting for a yes"
IN_FOUR_HOURS = timedelta(hours=4)


@dataclass
class FaultyDrawer:
    """A drawer that can't draw one of its subjects."""

    real: Drawer
    cannot: str
    asked: list[str] = field(default_factory=list)

    async def places(self, unit: Unit, subject: str) -> Places:
        self._fail(subject)
        return await self.real.places(unit, subject)

    async def draw(self, unit: Unit, subject: str, conversation: Conversation) -> Card | None:
        self._fail(subject)
        return await self.real.draw(unit, subject, conversation)

    async def audience(self, unit: Unit, which: Audience, subject: str) -> tuple[PersonId, ...]:
        self.asked.append(subject)
        self._fail(subject)
        return await self.real.audience(unit, which, subject)

    async def notice(self, unit: Unit, tell: Tell, person: PersonId) -> Told | None:
        self._fail(tell.subject.id)
        return await self.real.notice(unit, tell, person)

    def _fail(self, subject: str) -> None:
        if subject == self.cannot:
            raise ZeroDivisionError(subject)


async def test_a_subject_waits_in_order_and_holds_up_no_other(world: World) -> None:
    broken, sound = await world.propose(), await world.propose(X)
    drawers = dict(world.shop.drawers.by_kind)
    faulty = FaultyDrawer(drawers[POST], broken.id)
    await world.relay(drawers=Drawers(drawers | {POST: faulty})).drain()

    # What stands first can't be done, so what comes after it isn't tried.
    assert broken.id not in faulty.asked
    assert world.states(FACEBOOK_CHANNEL, broken) == ()
    assert world.states(X_CHANNEL, sound) == (WAITING,)
    assert "Please say yes or no" in world.states(OKAFOR, sound)

    world.pass_by(LONG)
    await world.relay().drain()
    assert world.states(FACEBOOK_CHANNEL, broken) == (WAITING,)
    assert "Please say yes or no" in world.states(OKAFOR, broken)


async def test_what_can_never_be_done_is_given_up_and_the_rest_goes_on(world: World) -> None:
    broken = await world.propose()
    drawers = dict(world.shop.drawers.by_kind)
    faulty = Drawers(drawers | {POST: FaultyDrawer(drawers[POST], broken.id)})
    for _ in range(13):
        await world.relay(drawers=faulty).drain()
        world.pass_by(LONG)
    dead = await world.rows(EFFECT, state="dead")
    assert [(row["kind"], row["last_error"]) for row in dead] == [("show", "ZeroDivisionError")]
    await world.relay().drain()
    assert "Please say yes or no" in world.states(OKAFOR, broken)


POISONS = {
    "no JSON": ("show", "nonsense"),
    "no fields": ("tell", "{}"),
    "another shape": ("tell", "[]"),
    "an unknown audience": (
        "tell",
        '{"arg": "", "audience": "everybody", "message": "post.approved", "person": null}',
    ),
    "an unknown message": (
        "tell",
        '{"arg": "", "audience": "authors", "message": "post.sung", "person": null}',
    ),
    "no account": ("hand_out", "{}"),
    "an unknown command": ("later", '{"command": "{\\"command\\": \\"Sing\\"}", "key": "k"}'),
}


@pytest.mark.parametrize("poison", POISONS)
async def test_a_row_that_cannot_be_read_harms_no_other(world: World, poison: str) -> None:
    """One row of each kind, altered by hand or written by another version."""
    kind, body = POISONS[poison]
    broken = await world.handed_out()
    rows = sorted(await world.rows(EFFECT, kind=kind, state="ready"), key=lambda row: row["id"])
    await world.run("UPDATE effect SET body = :body WHERE id = :id", body=body, id=rows[0]["id"])
    sound = await world.released(X)
    world.pass_by(IN_FOUR_HOURS)
    await world.relay().drain()

    assert (X, sound.revision.id) in world.publisher.given_to
    assert world.states(X_CHANNEL, sound) == ("Ready to post",)
    assert "Approved" in world.states(REED, sound)
    # The rest of the same post went on too.
    assert world.states(FACEBOOK_CHANNEL, broken) == ("Ready to post",)
    [row] = [row for row in await world.rows(EFFECT) if row["id"] == rows[0]["id"]]
    spent = {"an unknown message": "done"}
    assert row["state"] == spent.get(poison, "dead")


async def test_a_message_whose_effect_cannot_be_read_harms_no_other(world: World) -> None:
    """It was planned before the row was altered."""
    world.chat.unsure = FACEBOOK_CHANNEL
    broken = await world.propose()
    await world.relay().drain()
    await world.run("UPDATE notice SET state = 'ready'")
    await world.run("UPDATE effect SET body = '[]' WHERE kind = 'tell'")
    sound = await world.propose(X)
    await world.relay().drain()
    assert "Please say yes or no" in world.states(OKAFOR, sound)
    told = {row["effect_id"]: row["state"] for row in await world.rows(NOTICE)}
    assert set(told.values()) == {"dead", "done"}
    assert world.states(OKAFOR, broken).count("Please say yes or no") == 1


async def test_a_card_on_a_platform_of_another_version_harms_no_other(world: World) -> None:
    post = await world.propose()
    await world.relay().drain()
    await world.run(
        "INSERT INTO card (subject_kind, subject_id, platform, conversation, wanted, shown,"
        " failures, state, due_at, attempts)"
        " SELECT subject_kind, subject_id, 'carrier_pigeon', 'loft', 9, 0, 0, 'open', due_at, 0"
        " FROM card WHERE conversation = :channel",
        channel=FACEBOOK_CHANNEL.id,
    )
    await world.approve(post)
    await world.relay().drain()
    assert world.states(FACEBOOK_CHANNEL, post) == ("Ready to post",)
    [row] = await world.rows(CARD, platform="carrier_pigeon")
    assert row["state"] == "dead"


# -- what is asked for later ---------------------------------------------------------------------


async def test_a_clock_that_strikes_twice_has_one_effect(world: World) -> None:
    """The process died after the command had its effect and before that was noted."""
    post = await world.propose()
    await world.relay().drain()
    world.pass_by(IN_FOUR_HOURS)
    with pytest.raises(Died):
        await world.relay("relay-1", service=world.mortal(MortalService)).drain()
    world.pass_by(LEASE)
    await world.relay("relay-2").drain()
    world.pass_by(LONG)
    await world.relay("relay-3").drain()
    told = [world.states(person, post).count(STILL_WAITING) for person in (OKAFOR, LUND, ADE)]
    assert told == [1, 1, 0]
    async with world.application.units.read() as unit:
        history = await unit.audit.history(world.ref(post))
    assert [line.tag for line in history].count("post:reminded") == 1


async def test_a_release_that_is_claimed_twice_goes_out_once(world: World) -> None:
    post = await world.released()
    with pytest.raises(Died):
        await world.relay(service=world.mortal(MortalService)).drain()
    world.pass_by(LEASE)
    await world.relay("relay-2").drain()
    assert (await world.current(post)).state is State.RELEASED
    assert world.publisher.given_to == [(FACEBOOK, post.revision.id)]
    assert world.states(BELL, post) == ()


async def test_a_clock_for_an_older_version_does_nothing(world: World) -> None:
    post = await world.propose()
    await world.do(LUND, ask.RequestChanges(post=post.id, seen=1, reason="Which Saturday?"))
    world.pass_by(timedelta(days=2))
    await world.relay().drain()
    assert (await world.current(post)).state is State.CHANGES_REQUESTED
    assert STILL_WAITING not in world.states(OKAFOR, post)
