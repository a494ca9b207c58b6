"""What must be true when everything has been brought to its end, however often somebody died."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import sqlalchemy as sa

from moderation.kernel import Platform, PostId
from moderation.ports import Conversation
from moderation.posts.model import POST, State
from moderation.tallies.model import TALLY, room
from moderation.tallies.present import NOTHING
from storage import delivery_tables as t
from tests.faults.worker import ACCOUNTS


if TYPE_CHECKING:
    from datetime import datetime

    from bot.application import Application
    from tests.faults.outside import Outside


POSTED = "Posted"


@dataclass
class Verdict:
    """Empty where every word was kept."""

    lost: list[str] = field(default_factory=list)
    doubled: list[str] = field(default_factory=list)
    broken: list[str] = field(default_factory=list)
    unclear: int = 0
    """Releases of which nobody knew, and a person was asked."""
    counted: int = 0
    """Cards that were not shown: one card counts their posts, in the same conversation."""

    def __bool__(self) -> bool:
        return bool(self.lost or self.doubled or self.broken)


async def judge(
    made: Application, outside: Outside, posts: range, accounts: int, until: datetime
) -> Verdict:
    """Look at every post, every delivery and everything outside; ``until`` all had to be done."""
    verdict = Verdict()
    released = outside.released()
    verdict.doubled += [f"released {key} {count}" for key, count in released.items() if count > 1]
    messages = outside.messages()
    verdict.doubled += [f"message {key} {count}" for key, count in messages.items() if count > 1]
    asked = await _asked(made)
    shown = outside.shown()
    for number in posts:
        post = PostId(f"post-{number}")
        async with made.units.read() as unit:
            stored = await unit.posts.get(post)
        if stored is None or stored[0].state is not State.PUBLISHED:
            verdict.lost.append(f"{post} {stored[0].state if stored else None}")
            continue
        for account in ACCOUNTS[:accounts]:
            went = released[stored[0].revision.id, account]
            verdict.unclear += asked[post]
            if not went and not asked[post]:
                verdict.lost.append(f"{post} was never handed out on {account}")
            channel = f"channel:{account}"
            state = shown.get((channel, f"card:{POST}:{post}"))
            counter = await _counter(made, channel, post)
            verdict.counted += counter is not None
            if counter is not None and shown.get((channel, counter)) != NOTHING:
                verdict.lost.append(f"{counter} of {post} says {shown.get((channel, counter))}")
            if (state is None) == (counter is None) or state not in {None, POSTED}:
                verdict.lost.append(f"the card of {post} on {account} says {state}")
    await _nothing_left(made, verdict, until)
    return verdict


async def _counter(made: Application, channel: str, post: PostId) -> str | None:
    """The key of the card on which a post is counted, where it has none of its own."""
    here = room(Conversation(Platform.SANDBOX, channel))
    async with made.units.read() as unit:
        arrival = await unit.tallies.known(here, f"card:{POST}:{post}")
        if arrival is None or not arrival.counted:
            return None
        [tally] = await unit.tallies.of(here, arrival.day)
    return f"card:{TALLY}:{tally.id}"


async def _asked(made: Application) -> Counter[str]:
    """How often people were asked whether a post is out."""
    async with made.database.reading() as connection:
        rows = await connection.execute(
            sa.select(t.audit_event.c.subject_id).where(
                t.audit_event.c.tag == "post:not_posted", t.audit_event.c.actor_kind == "timer"
            )
        )
        return Counter(rows.scalars())


async def _nothing_left(made: Application, verdict: Verdict, until: datetime) -> None:
    left = {
        "effects": sa.select(t.effect.c.id).where(
            t.effect.c.state != "done", t.effect.c.due_at <= until
        ),
        "cards": sa.select(t.card.c.subject_id).where(
            sa.or_(t.card.c.state != "open", t.card.c.shown < t.card.c.wanted),
            # A message that counts gathers what comes until it is due.
            sa.or_(t.card.c.subject_kind != TALLY, t.card.c.due_at <= until),
        ),
        "notices": sa.select(t.notice.c.id).where(t.notice.c.state.not_in(("done", "in_person"))),
        "releases": sa.select(t.release.c.post_id).where(
            t.release.c.state.in_(("ready", "sending"))
        ),
    }
    async with made.database.reading() as connection:
        for what, select in left.items():
            found = (await connection.execute(select)).scalars().all()
            if found:
                verdict.lost.append(f"{what} left: {len(found)}")
        told = await connection.execute(
            sa.select(t.notice.c.id).where(t.notice.c.state == "done", t.notice.c.ref != "")
        )
        verdict.broken += [] if told.scalars().first() else ["nobody was told anything"]
    async with made.units.read() as unit:
        report = await unit.audit.verify()
    verdict.broken += report.problems
