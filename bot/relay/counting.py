"""What is shown by itself, and what is counted with others: decided once, when it arrives.

A shared conversation has room for a few posts' own cards in a morning, and a person for a few
messages; ``moderation/tallies/timing.py`` says how many. Whatever more comes stands on one card
that counts, which is redrawn like every other. What somebody says in their own words, what stops a
post and what calls it back is never counted: it reaches its people by itself.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, Final, Protocol

from bot.relay.drawing import Reach
from moderation.kernel import Identity, PersonId, PostId, SubjectRef
from moderation.people.ports import Schools
from moderation.ports import Clock, Conversation
from moderation.posts.effects import Message
from moderation.posts.model import POST, READY
from moderation.tallies import timing
from moderation.tallies.model import TALLY, Arrival, Lane, Tally, own, reader_of, room


if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.relay.drawing import Places
    from moderation.kernel import Tell
    from storage.effects import EffectRow
    from storage.unit_of_work import Unit

COUNTABLE: Final = frozenset(
    {
        Message.PLEASE_DECIDE,
        Message.REMINDER,
        Message.HEAD_ASKED,
        Message.APPROVED,
        Message.UNPOSTED,
    }
)
"""Messages that say no more than a count of them would."""

Recipient = tuple[PersonId, Identity | None, Conversation | None]
"""Somebody to be told, and where; ``None`` where nobody can reach them."""


class HasRoom(Protocol):
    """Whether one more is shown by itself: :func:`moderation.tallies.timing.has_room`."""

    def __call__(self, lane: Lane, arrived: int, alone: int, *, presses: bool) -> bool: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """A post, as far as counting goes by it. ``since`` is when its present state began."""

    subject: SubjectRef
    authors: frozenset[PersonId]
    since: datetime
    goes_out: datetime | None
    asked: bool
    """Whether a person has asked something about it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Counting:
    """Asked by whatever puts cards and messages on their way, in the transaction that does so."""

    schools: Schools
    reach: Reach
    clock: Clock
    has_room: HasRoom = timing.has_room

    async def about(self, unit: Unit, subject: SubjectRef) -> About | None:
        """``None`` for what is never counted."""
        stored = await unit.posts.get(PostId(subject.id)) if subject.kind == POST else None
        if stored is None:
            return None
        post, _version = stored
        return About(
            subject=subject,
            authors=post.authors,
            since=post.entered_at,
            goes_out=post.content.not_before,
            asked=bool(post.questions),
        )

    async def want(
        self, unit: Unit, about: About | None, subject: SubjectRef, places: Places, version: int
    ) -> None:
        """The subject's cards must show at least ``version``, where they stand and belong."""
        now = self.clock.now()
        shown = await unit.cards.conversations_of(subject)
        belongs = dict.fromkeys((*places, *shown))
        if about is not None:
            for conversation, person in places.items():
                # An author's own card is the answer to what they did.
                mine = person is not None and person in about.authors
                if conversation not in shown and not mine:
                    lane = room(conversation) if person is None else own(person)
                    key = f"card:{subject.kind}:{subject.id}"
                    if await self._counted(unit, about, lane, key, conversation):
                        del belongs[conversation]
        await unit.cards.want_all(subject, belongs, version, now)
        await self.redraw(unit, subject)

    async def tell(
        self,
        unit: Unit,
        about: About | None,
        row: EffectRow,
        tell: Tell,
        recipients: Sequence[Recipient],
    ) -> tuple[tuple[PersonId, Identity | None], ...]:
        """Those of the recipients who are told by a message of its own."""
        if about is None or not _countable(tell, about):
            return tuple((person, identity) for person, identity, _ in recipients)
        found = []
        for person, identity, conversation in recipients:
            key = f"notice:{row.id}"
            counted = conversation is not None and await self._counted(
                unit, about, own(person), key, conversation, tell.message
            )
            if not counted:
                found.append((person, identity))
        return tuple(found)

    async def redraw(self, unit: Unit, subject: SubjectRef) -> None:
        """The cards on which it is counted."""
        if subject.kind in {POST, READY}:
            tallies = await unit.tallies.about(PostId(subject.id))
            if tallies:
                await unit.tallies.alone()
                await unit.cards.renew(TALLY, tallies)

    async def _counted(
        self,
        unit: Unit,
        about: About,
        lane: Lane,
        key: str,
        conversation: Conversation,
        message: str = "",
    ) -> bool:
        await unit.tallies.alone()
        known = await unit.tallies.known(lane, key)
        # What was counted and comes before people once more has arrived anew.
        if known is not None and not (known.counted and about.since > known.at):
            return known.counted
        now = self.clock.now()
        presses = message == Message.HEAD_ASKED or timing.pressing(about.goes_out, now)
        arrived, alone = await unit.tallies.since(lane, now - timing.MORNING)
        arrival = Arrival(
            lane=lane,
            key=key,
            subject=about.subject,
            message=message,
            day=now.astimezone(self.schools.zone).date(),
            at=now,
            counted=not self.has_room(lane, arrived, alone, presses=presses),
        )
        await unit.tallies.arrive(arrival)
        if arrival.counted:
            await self._plan(unit, arrival, conversation, presses=presses)
        return arrival.counted

    async def _plan(
        self, unit: Unit, arrival: Arrival, conversation: Conversation, *, presses: bool
    ) -> None:
        if reader_of(arrival.lane) is None:
            await self._here(unit, arrival, conversation)
        else:
            await self._to_person(unit, arrival, conversation, presses=presses)

    async def _here(self, unit: Unit, arrival: Arrival, conversation: Conversation) -> None:
        """One card for the whole day, whether or not it had said its last."""
        tally = Tally(lane=arrival.lane, day=arrival.day, number=1, due=arrival.at)
        if await unit.tallies.get(tally.id) is None:
            await unit.tallies.plan(tally)
        subject = SubjectRef(TALLY, tally.id)
        wanted = [card.wanted for card in await unit.cards.of(subject)]
        await unit.cards.want(subject, conversation, max(wanted, default=0) + 1, arrival.at)

    async def _to_person(
        self, unit: Unit, arrival: Arrival, conversation: Conversation, *, presses: bool
    ) -> None:
        """In the message that is to be sent next; one that stands shows it as well."""
        now, today = arrival.at, await unit.tallies.of(arrival.lane, arrival.day)
        await unit.cards.renew(TALLY, (tally.id for tally in today))
        next_one = today[-1] if today and today[-1].due > now else None
        told = [
            tally.due
            for tally in await unit.tallies.of(arrival.lane)
            if tally != next_one and await self._told(unit, tally, now)
        ]
        at = timing.due(now, told, presses=presses)
        if next_one is None:
            planned = Tally(lane=arrival.lane, day=arrival.day, number=len(today) + 1, due=at)
            await unit.tallies.plan(planned)
            await unit.cards.want(SubjectRef(TALLY, planned.id), conversation, 1, at)
        elif at < next_one.due:
            await unit.tallies.plan(replace(next_one, due=at))
            await unit.cards.sooner(SubjectRef(TALLY, next_one.id), at)

    async def _told(self, unit: Unit, tally: Tally, now: datetime) -> bool:
        """Whether it was sent this morning, or is being sent; not one that had nothing to say."""
        if tally.due <= now - timing.MORNING:
            return False
        cards = await unit.cards.of(SubjectRef(TALLY, tally.id))
        return any(card.ref or card.shown < card.wanted for card in cards)


def _countable(tell: Tell, about: About) -> bool:
    if tell.message == Message.HEAD_ASKED and about.asked:
        # Somebody's own question, in their own words.
        return False
    return tell.message in COUNTABLE
