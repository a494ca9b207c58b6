"""Drafts that messages begin, at the staff's door: what is heard, answered, and made of them."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from adapters.door import Again, Answer, Declined, Done, Jotted
from adapters.written import Written
from moderation.jottings import commands as ask, present
from moderation.jottings.model import JottingId, SayClass, SayPupils, Standing, Wish, missing
from moderation.jottings.queries import JottingCard, WhatIsMeant, WhatIsUnclear
from moderation.jottings.refusals import Refusal
from moderation.kernel import Accepted, Asked, Identity, PostId, Refused, Repeated
from moderation.ports import Ids
from moderation.posts import present as posts
from moderation.posts.commands import Propose, Revise
from moderation.service import Service


if TYPE_CHECKING:
    from moderation.jottings.queries import JottingPage, Meant
    from moderation.posts.facts import FactFinder

CONTINUES: Final = timedelta(hours=1)
"""Within this, what comes belongs to the same draft."""
OF_NAMES: Final = frozenset(
    {
        Refusal.NO_SUCH_PUPIL,
        Refusal.WHICH_PUPIL,
        Refusal.TOO_SHORT,
        Refusal.NO_LOOKING,
    }
)
OF_STAFF: Final = frozenset({Refusal.NO_SUCH_COLLEAGUE, Refusal.WHICH_COLLEAGUE})

Proposes = Callable[[Propose | Revise, str], Awaitable[Answer]]
"""Proposes a post for whoever asks, under a business key."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Jottings:
    """``asked`` is made anew for each key, by whoever speaks: ``by``."""

    service: Service
    ids: Ids
    by: Identity
    asked: Callable[[str], Asked]
    propose: Proposes

    @property
    def _judges(self) -> FactFinder:
        return self.service.posts.finder

    async def page(self, jotting: JottingId) -> JottingPage | None:
        """The draft as it stands, for its author."""
        return await self.service.ask(JottingCard(self._judges, jotting), self.asked(""))

    async def heard(self, said: Jotted, key: str) -> Answer:
        """A message: it begins a draft, or speaks of the newest one."""
        question = WhatIsMeant(
            conversation=said.conversation, words=said.words, pictures=len(said.pictures)
        )
        meant = await self.service.ask(question, self.asked(""))
        if meant.jotting is None or self._begins(meant):
            return await self._begin(said, meant, key)
        jotting = meant.jotting.id
        if meant.said.wish is not None and said.pictures:
            await self._done(ask.Say(jotting=jotting, pictures=said.pictures), f"{key}:pictures")
        if meant.said.wish is Wish.FORGET:
            return await self.do(ask.Forget(jotting=jotting), key)
        if meant.said.wish is Wish.MAKE:
            page = await self.page(jotting)
            seen = page.version if page is not None else 0
            return await self._make(ask.Make(jotting=jotting, seen=seen), key)
        command = ask.Say(jotting=jotting, replies=meant.said.replies, pictures=said.pictures)
        return await self._said(command, key, present.troubles(meant.troubles, None))

    async def do(self, command: ask.Command, key: str) -> Answer:
        """A button of the card, with its form filled in."""
        if isinstance(command, ask.Make):
            return await self._make(command, key)
        if isinstance(command, ask.Say):
            question = WhatIsUnclear(jotting=command.jotting, replies=command.replies)
            unclear = await self.service.ask(question, self.asked(""))
            page = await self.page(command.jotting)
            return await self._said(command, key, present.troubles(unclear, page))
        return await self._done(command, key)

    # -- inner -----------------------------------------------------------------------------------

    def _begins(self, meant: Meant) -> bool:
        if meant.jotting is None or meant.said.wish is Wish.ANEW:
            return True
        late = self.asked("").at - meant.jotting.touched_at > CONTINUES
        return late and not meant.said.answers

    async def _begin(self, said: Jotted, meant: Meant, key: str) -> Answer:
        anew = meant.said.wish is Wish.ANEW
        command = ask.Begin(
            jotting=JottingId(self.ids.new()),
            conversation=said.conversation,
            text=meant.said.words if anew else said.words,
            pictures=said.pictures,
        )
        return await self._done(command, key)

    async def _done(self, command: ask.Command, key: str) -> Answer:
        outcome = await self.service.do(command, self.asked(key))
        page = await self.page(command.jotting)
        card = present.card(page) if page is not None else None
        if isinstance(outcome, Refused):
            return Declined(sentences=present.refusal(outcome.reasons, page), card=card)
        if isinstance(outcome, Repeated):
            return Again(sentences=())
        said = present.done(command, page) if page is not None else ()
        return Done(sentences=said, card=card)

    async def _said(self, command: ask.Say, key: str, unclear: tuple[str, ...]) -> Answer:
        outcome = await self.service.do(command, self.asked(key))
        page = await self.page(command.jotting)
        card = present.card(page) if page is not None else None
        match outcome:
            case Refused(reasons=reasons):
                said = unclear or present.refusal(reasons, page)
                codes = {reason.code for reason in reasons}
                names = any(isinstance(it, SayClass | SayPupils) for it in command.replies)
                field = present.NAMES if names and codes <= OF_NAMES else ""
                field = present.STAFF if codes <= OF_STAFF else field
                return Declined(sentences=said, card=card, field=field)
            case Repeated():
                return Again(sentences=())
            case Accepted():
                told = present.done(command, page) if page is not None else ()
                return Done(sentences=(*unclear, *told), card=card)

    async def _make(self, command: ask.Make, key: str) -> Answer:
        """Propose it, and only then let go of the draft: the same id can become one post only."""
        page = await self.page(command.jotting)
        if page is None:
            return Declined(sentences=(present.NOT_HERE,))
        if page.jotting.standing is not Standing.OPEN:
            made = page.jotting.standing is Standing.MADE
            said = posts.AGAIN if made else present.NOT_HERE
            return Again(sentences=(said,), card=present.card(page))
        if page.proposed:
            return await self._done(command, f"{key}:made")
        if missing(page.jotting):
            return Declined(sentences=present.questions(page), card=present.card(page))
        content = page.jotting.content
        if present.blocks(page) and not self._insists(page, command):
            note = ask.NoteStopped(jotting=command.jotting, digest=content.digest())
            await self.service.do(note, self.asked(f"stopped:{self.ids.new()}"))
            return Declined(sentences=present.stopped(page))
        asks = Written(post=PostId(command.jotting), seen=0, content=content)
        answer = await self.propose(asks.asks, asks.key(self.by.id))
        if isinstance(answer, Declined):
            return replace(answer, card=present.card(page))
        await self.service.do(command, self.asked(f"{key}:made"))
        return answer

    def _insists(self, page: JottingPage, command: ask.Make) -> bool:
        """Whether its author has seen what stops exactly this, and asks for it once more."""
        return (
            page.jotting.stopped == page.jotting.content.digest() and command.seen == page.version
        )
