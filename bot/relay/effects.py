"""From symbols to deliveries: who is meant, and where a card belongs, today.

What comes of a whole batch is noted in one transaction. A row that can't be noted with the others
is noted, or fails, by itself.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Final, assert_never

import structlog

from bot.relay.queue import Queue
from bot.relay.retrying import again_at, given_up
from bot.relay.workshop import BATCH, EFFECT_LEASE, Workshop, dead_letter
from moderation.kernel import (
    Asked,
    Audience,
    HandOut,
    Later,
    PostId,
    SchoolgateError,
    Show,
    Tell,
    Timer,
)
from moderation.service import is_command
from storage.effects import ANEW, EffectRow
from storage.unit_of_work import Unit


if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from moderation.kernel import Effect, PersonId

log = structlog.get_logger(__name__)

EFFECT = "effect"
DUE_BATCH: Final = 5
"""Few, so that they are shared out among instances, and a death keeps few waiting for its lease."""

Note = Callable[[Unit], Awaitable[None]]
"""What is to be written for one effect, in the transaction that notes it as done."""


async def _nothing(_unit: Unit) -> None:
    """For a command: it was a transaction of its own."""


class _Noted(Queue[EffectRow]):
    """Rows of the outbox. Doing one twice changes nothing, so a death costs only seconds."""

    kind = EFFECT

    def __init__(self, shop: Workshop) -> None:
        super().__init__(shop)
        self._notes: list[tuple[EffectRow, Note]] = []

    def _in_time(self, claimed: datetime) -> bool:
        """Half of the lease is for noting what was done; however slow it all is, one is done."""
        return not self._notes or self._shop.clock.now() - claimed < EFFECT_LEASE / 2

    def _named(self, row: EffectRow) -> Mapping[str, object]:
        return {"delivery": row.id}

    async def _all(self, rows: Sequence[EffectRow], claimed: datetime) -> int:
        begun = await self._each(rows, claimed)
        await self._note(rows[begun:])
        return begun

    async def _each(self, rows: Sequence[EffectRow], claimed: datetime) -> int:
        return await super()._all(rows, claimed)

    async def _note(self, left: Sequence[EffectRow]) -> None:
        """Everything that was done; what wasn't begun is anybody's again."""
        # In one order in every process, so that none waits for another that waits for it.
        notes = sorted(self._notes, key=lambda noted: noted[0].subject.id)
        try:
            await self._write(notes, left)
        except Exception:
            log.exception(self._event, count=len(notes))
            for row, note in notes:
                try:
                    await self._write([(row, note)], ())
                except Exception as error:
                    log.exception(self._event, **self._named(row))
                    await self._failed(row, type(error).__name__)

    async def _write(
        self, notes: Sequence[tuple[EffectRow, Note]], left: Sequence[EffectRow]
    ) -> None:
        if not notes and not left:
            return
        async with self._shop.marking(EFFECT) as unit:
            for _row, note in notes:
                await note(unit)
            await unit.effects.done(*(row for row, _ in notes))
            await unit.effects.give_back(*left)
        for row, _note in notes:
            self._shop.done(_word(row.effect), row.due_at)

    async def _failed(self, row: EffectRow, error: str) -> None:
        now, failures = self._shop.clock.now(), row.failures + 1
        dead = given_up(now, failures, row.first_at)
        if dead:
            dead_letter(EFFECT, row.subject.kind, error, row.id)
        async with self._shop.marking(EFFECT) as unit:
            if dead:
                await unit.effects.dead(row.id, row.attempts, error)
            else:
                at = again_at(now, failures)
                await unit.effects.retry(row.id, row.attempts, at, error)


def _word(effect: Effect) -> str:
    """As the figures name it."""
    return type(effect.command if isinstance(effect, Later) else effect).__name__


class Commands(_Noted):
    """Commands whose time has come. Each is decided in a transaction of its own."""

    async def _claim(self, unit: Unit, now: datetime) -> Sequence[EffectRow]:
        return await unit.effects.claim_commands(now, DUE_BATCH, self._shop.owner, EFFECT_LEASE)

    async def _one(self, row: EffectRow) -> None:
        """The command's own key makes it have one effect, even if we die before that is noted."""
        shop = self._shop
        if not isinstance(row.effect, Later) or not is_command(row.effect.command):
            raise TypeError(type(row.effect).__name__)
        asked = Asked(by=Timer(), key=f"later:{row.effect.key}", at=shop.clock.now())
        await shop.service.do(row.effect.command, asked)
        self._notes.append((row, _nothing))


class Effects(_Noted):
    """What is to be shown, told and handed out; found out for the whole batch in one snapshot."""

    _look: Unit

    async def _claim(self, unit: Unit, now: datetime) -> Sequence[EffectRow]:
        return await unit.effects.claim(now, BATCH, self._shop.owner, EFFECT_LEASE)

    async def _each(self, rows: Sequence[EffectRow], claimed: datetime) -> int:
        if not rows:
            return 0
        async with self._shop.units.read() as self._look:
            return await super()._each(rows, claimed)

    async def _one(self, row: EffectRow) -> None:
        try:
            note = await self._found_out(self._look, row)
        except SchoolgateError:
            # PostgreSQL answers nothing more in a transaction in which something failed.
            async with self._shop.units.read() as unit:
                note = await self._found_out(unit, row)
        self._notes.append((row, note))

    async def _found_out(self, unit: Unit, row: EffectRow) -> Note:
        match row.effect:
            case Show():
                return await self._show(unit, row)
            case Tell() as tell:
                return await self._tell(unit, row, tell)
            case HandOut() as hand_out:
                return self._hand_out(row, hand_out)
            case Later():
                raise TypeError(type(row.effect).__name__)
            case _ as never:
                assert_never(never)

    async def _show(self, unit: Unit, row: EffectRow) -> Note:
        """The subject's cards, shown and to be shown, must show at least this version."""
        now, counting = self._shop.clock.now(), self._shop.counting
        if row.version == ANEW:

            async def again(unit: Unit) -> None:
                await unit.cards.again(row.subject, now)
                await unit.open_notices.again(row.subject)
                await counting.redraw(unit, row.subject)

            return again
        places = await self._shop.drawers.of(row.subject).places(unit, row.subject.id)
        about = await counting.about(unit, row.subject)

        async def note(unit: Unit) -> None:
            await counting.want(unit, about, row.subject, places, row.version)
            await unit.open_notices.want(row.subject, row.version)

        return note

    async def _tell(self, unit: Unit, row: EffectRow, tell: Tell) -> Note:
        shop = self._shop
        people: tuple[PersonId, ...]
        if tell.audience is Audience.PERSON:
            people = () if tell.person is None else (tell.person,)
        else:
            drawer = shop.drawers.of(row.subject)
            people = await drawer.audience(unit, tell.audience, row.subject.id)
        recipients = [(person, *await shop.reach.told_at(unit, person)) for person in people]
        about = await shop.counting.about(unit, row.subject)

        async def note(unit: Unit) -> None:
            alone = await shop.counting.tell(unit, about, row, tell, recipients)
            await unit.notices.plan(row.id, alone, shop.clock.now())
            await unit.open_notices.plan(row.id, shop.clock.now())

        return note

    def _hand_out(self, row: EffectRow, hand_out: HandOut) -> Note:
        post = PostId(row.subject.id)

        async def note(unit: Unit) -> None:
            stored = await unit.posts.get(post)
            released = stored[0].publications if stored is not None else ()
            # Called back before we came round: then nothing may go out, and what follows
            # (the posters are told to stop) must not wait behind this.
            if any(item.account == hand_out.account for item in released):
                await unit.releases.plan(post, hand_out.account, self._shop.clock.now())

        return note
