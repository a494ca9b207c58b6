"""Releases: handed to the publisher at most once by themselves; what is unclear asks a person."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, assert_never

import structlog

from bot.relay.queue import Queue
from bot.relay.retrying import again_at, given_up
from bot.relay.workshop import BATCH, LEASE, dead_letter
from moderation.kernel import Asked, CorruptStore, Later, SchoolgateError, SubjectRef, Timer
from moderation.ports import Ambiguous, HandedOut, Rejected, Release, RetryAfter
from moderation.posts.commands import AskWhetherPosted
from moderation.posts.model import POST, State
from storage.releases import ReleaseRow


if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from moderation.accounts.model import Account
    from moderation.kernel import BlobId
    from moderation.ports import Inspection
    from moderation.posts.model import Post
    from storage.unit_of_work import Unit

log = structlog.get_logger(__name__)

RELEASE = "release"
PAUSED_FOR = timedelta(minutes=1)
"""Until it is looked at again whether posts are still paused."""


class Releases(Queue[ReleaseRow]):
    """The releases that are due, and those whose worker never came back."""

    kind = RELEASE
    _claimed: datetime
    _lapsed = 0

    async def round(self) -> int:
        """Those that lapsed count as well: somebody is to be asked about each."""
        return await super().round() + self._lapsed

    async def _claim(self, unit: Unit, now: datetime) -> Sequence[ReleaseRow]:
        self._claimed = now
        lapsed = await unit.releases.lapsed(now)
        self._lapsed = len(lapsed)
        for row in lapsed:
            await _ask_a_person(unit, row, now)
        return await unit.releases.claim(now, BATCH, self._shop.owner, LEASE)

    def _in_time(self, claimed: datetime) -> bool:
        """Each is looked at: one that was claimed and not sent mustn't be left to lapse."""
        del claimed
        return True

    def _named(self, row: ReleaseRow) -> Mapping[str, object]:
        return {"post": row.post}

    async def _failed(self, row: ReleaseRow, error: str) -> None:
        await self._unclear(row, error)

    async def _one(self, row: ReleaseRow) -> None:
        shop = self._shop
        try:
            release, paused = await self._release(row)
        except CorruptStore:
            raise
        except SchoolgateError as fault:
            # The database failed us before anything was sent.
            await self._again(row, type(fault).__name__)
            return
        if paused:
            # It is called back next, or waits where a part of it is public already.
            await self._wait(row, PAUSED_FOR, "paused")
            return
        if release is None:
            # Called back or posted meanwhile: nothing went out, so there is nothing to ask.
            async with shop.marking(RELEASE) as unit:
                await unit.releases.rejected(row, "no_longer_released")
            return
        if not shop.time_to_send(self._claimed):
            # Nothing was sent, and nobody may think that it was: so it isn't left to lapse.
            await self._wait(row, timedelta(), "late")
            return
        answer = await shop.sent(RELEASE, shop.publisher.hand_out(release))
        match answer:
            case HandedOut(ref=ref):
                async with shop.marking(RELEASE) as unit:
                    await unit.releases.done(row, ref)
                shop.done("release", row.due_at)
            case RetryAfter(delay=delay):
                await self._again(row, "retry_after", delay)
            case Rejected(error=error):
                await self._rejected(row, error)
            case Ambiguous(error=error):
                await self._unclear(row, error)
            case _ as never:
                assert_never(never)

    async def _release(self, row: ReleaseRow) -> tuple[Release | None, bool]:
        """What is to go out as it stands in the store, and whether posts are paused there."""
        async with self._shop.units.read() as unit:
            stored = await unit.posts.get(row.post)
            account = await unit.accounts.get(row.account)
            if stored is None or account is None:
                return None, False
            post, _version = stored
            blobs = frozenset(item.blob for item in post.content.attachments)
            seen = await unit.inspections.get(blobs)
            places = tuple(dict.fromkeys((post.school, self._shop.service.schools.trust)))
            paused = await unit.holds.over(places) is not None
        release = _to_hand_out(row, post, account, seen)
        return release, paused and release is not None

    async def _wait(self, row: ReleaseRow, longer: timedelta, why: str) -> None:
        """Nothing was tried, so neither a try nor the day for trying is used up."""
        async with self._shop.marking(RELEASE) as unit:
            await unit.releases.wait(row, self._shop.clock.now() + longer, why)

    async def _again(self, row: ReleaseRow, error: str, told: timedelta | None = None) -> None:
        """Only where it certainly did not go out."""
        now, failures = self._shop.clock.now(), row.failures + 1
        if given_up(now, failures, row.first_at):
            await self._rejected(row, "given_up")
            return
        at = again_at(now, failures, told)
        async with self._shop.marking(RELEASE) as unit:
            await unit.releases.retry(row, at, error)

    async def _rejected(self, row: ReleaseRow, error: str) -> None:
        dead_letter(RELEASE, POST, error)
        async with self._shop.marking(RELEASE) as unit:
            await unit.releases.rejected(row, error)
            await _ask_a_person(unit, row, self._shop.clock.now())

    async def _unclear(self, row: ReleaseRow, error: str) -> None:
        async with self._shop.marking(RELEASE) as unit:
            await unit.releases.ambiguous(row, error)
            await _ask_a_person(unit, row, self._shop.clock.now())


def _to_hand_out(
    row: ReleaseRow, post: Post, account: Account, seen: Mapping[BlobId, Inspection]
) -> Release | None:
    """Exactly what was approved; ``None`` once it was recalled or posted."""
    published = next((item for item in post.publications if item.account == row.account), None)
    if post.state is not State.RELEASED or post.revision.id != row.revision:
        return None
    if published is None or published.digest != post.content.digest():
        return None
    signed = (published.second, published.third, published.head)
    return Release(
        post=post.id,
        revision=row.revision,
        digest=published.digest,
        account=account.id,
        account_name=account.name,
        platform=account.platform,
        text=post.content.text,
        pictures=tuple((seen[item.blob].clean, item.alt) for item in post.content.attachments),
        not_before=post.content.not_before,
        authors=tuple(sorted(post.authors)),
        approvers=tuple(dict.fromkeys(person for person in signed if person)),
        films={it.clean: it.film.parts for it in seen.values() if it.film is not None},
    )


async def _ask_a_person(unit: Unit, row: ReleaseRow, now: datetime) -> None:
    """Have the posters asked, in the transaction that notes why: so the question can't be lost."""
    try:
        stored = await unit.posts.get(row.post)
    except CorruptStore:
        # The others of this round must not wait for one that can't be read.
        log.exception("relay.release_unreadable", post=row.post)
        return
    if stored is None or stored[0].revision.id != row.revision:
        return
    post, version = stored
    command = AskWhetherPosted(post=post.id, seen=post.revision.number, account=row.account)
    later = Later(command, now, f"unclear:{row.revision}:{row.account}")
    asked = Asked(by=Timer(), key=later.key, at=now)
    await unit.effects.add(asked, SubjectRef(POST, post.id), version, (later,))
