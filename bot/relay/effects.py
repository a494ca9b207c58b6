"""From symbols to deliveries: who is meant, and where a card belongs, today."""

from __future__ import annotations

from typing import TYPE_CHECKING, assert_never

import structlog

from bot.relay.retrying import again_at, given_up
from bot.relay.workshop import BATCH, EFFECT_LEASE, dead_letter
from moderation.kernel import Asked, Audience, HandOut, Later, PostId, Show, Tell, Timer
from moderation.service import is_command
from storage.failpoints import Point


if TYPE_CHECKING:
    from bot.relay.workshop import Workshop
    from moderation.kernel import PersonId
    from storage.effects import EffectRow

log = structlog.get_logger(__name__)

EFFECT = "effect"


class Effects:
    """One round over the effects that are due."""

    def __init__(self, shop: Workshop) -> None:
        self._shop = shop

    async def round(self) -> int:
        """Turn at most one batch into deliveries; how many there were."""
        shop = self._shop
        now = shop.clock.now()
        async with shop.units.write() as unit:
            rows = await unit.effects.claim(now, BATCH, shop.owner, EFFECT_LEASE)
            await unit.commit()
        for row in rows:
            shop.failpoints.reach(Point.AFTER_CLAIM, EFFECT)
            if shop.clock.now() - now >= EFFECT_LEASE:
                # The rest is anybody's by now; to do it twice would only cost time.
                break
            try:
                await self._one(row)
            except Exception as error:
                log.exception("relay.effect_failed", delivery=row.id)
                await self._failed(row, type(error).__name__)
        return len(rows)

    async def _one(self, row: EffectRow) -> None:
        match row.effect:
            case Show():
                await self._show(row)
            case Tell() as tell:
                await self._tell(row, tell)
            case Later() as later:
                await self._later(row, later)
            case HandOut() as hand_out:
                await self._hand_out(row, hand_out)
            case _ as never:
                assert_never(never)

    async def _show(self, row: EffectRow) -> None:
        """The subject's cards, shown and to be shown, must show at least this version."""
        shop = self._shop
        drawer = shop.drawers.of(row.subject)
        now = shop.clock.now()
        places = await drawer.places(row.subject.id)
        async with shop.marking(EFFECT) as unit:
            shown = await unit.cards.conversations_of(row.subject)
            for conversation in dict.fromkeys((*places, *shown)):
                await unit.cards.want(row.subject, conversation, row.version, now)
            await unit.open_notices.want(row.subject, row.version)
            await unit.effects.done(row.id, row.attempts)

    async def _tell(self, row: EffectRow, tell: Tell) -> None:
        shop = self._shop
        people: tuple[PersonId, ...]
        if tell.audience is Audience.PERSON:
            people = () if tell.person is None else (tell.person,)
        else:
            people = await shop.drawers.of(row.subject).audience(tell.audience, row.subject.id)
        async with shop.units.read() as unit:
            recipients = [(person, await shop.reach.identity(unit, person)) for person in people]
        async with shop.marking(EFFECT) as unit:
            await unit.notices.plan(row.id, recipients, shop.clock.now())
            await unit.open_notices.plan(row.id, shop.clock.now())
            await unit.effects.done(row.id, row.attempts)

    async def _later(self, row: EffectRow, later: Later) -> None:
        """The command's own key makes it have one effect, even if we die before ``done``."""
        shop = self._shop
        if not is_command(later.command):
            raise TypeError(type(later.command).__name__)
        asked = Asked(by=Timer(), key=f"later:{later.key}", at=shop.clock.now())
        await shop.service.do(later.command, asked)
        async with shop.marking(EFFECT) as unit:
            await unit.effects.done(row.id, row.attempts)

    async def _hand_out(self, row: EffectRow, hand_out: HandOut) -> None:
        shop = self._shop
        post = PostId(row.subject.id)
        async with shop.marking(EFFECT) as unit:
            stored = await unit.posts.get(post)
            released = stored[0].publications if stored is not None else ()
            # Called back before we came round: then nothing may go out, and what follows
            # (the posters are told to stop) must not wait behind this.
            if any(item.account == hand_out.account for item in released):
                await unit.releases.plan(post, hand_out.account, shop.clock.now())
            await unit.effects.done(row.id, row.attempts)

    async def _failed(self, row: EffectRow, error: str) -> None:
        now = self._shop.clock.now()
        dead = given_up(now, row.attempts, row.first_at)
        if dead:
            dead_letter(EFFECT, row.subject.kind, error, row.id)
        async with self._shop.marking(EFFECT) as unit:
            if dead:
                await unit.effects.dead(row.id, row.attempts, error)
            else:
                at = again_at(now, row.attempts)
                await unit.effects.retry(row.id, row.attempts, at, error)
