"""Drawing the watch: one live card for each school, with whoever can put it right."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from bot.relay.drawing import Places, Reach, Told
from moderation.kernel import Audience, PersonId, SchoolId
from moderation.oversight import present
from moderation.oversight.audiences import audience
from moderation.oversight.effects import Message
from moderation.oversight.queries import WatchPage, watch_page
from moderation.people.ports import Schools
from moderation.ports import Clock


if TYPE_CHECKING:
    from moderation.kernel import Tell
    from moderation.ports import Conversation
    from moderation.views import Card
    from storage.unit_of_work import Unit

TOLD = (Audience.ADMINISTRATORS, Audience.HEAD)


@dataclass(frozen=True, slots=True, kw_only=True)
class WatchDrawer:
    """Administrators of the flagged accounts and the head have the card privately.

    Who had it keeps it up to date, also when their account is put right, while they belong to the
    school.
    """

    schools: Schools
    clock: Clock
    reach: Reach

    async def places(self, unit: Unit, subject: str) -> Places:
        page = await self._page(unit, subject)
        if page is None:
            return {}
        return await self.reach.private_places(unit, _people(page))

    async def draw(self, unit: Unit, subject: str, conversation: Conversation) -> Card | None:
        page = await self._page(unit, subject)
        if page is None:
            return None
        rights = page.view.rights
        here = tuple(person.id for person in rights.people if rights.roles(person.id))
        known = await self.reach.private_places(unit, here)
        return present.card(page.watch, page.view) if conversation in known else None

    async def audience(self, unit: Unit, which: Audience, subject: str) -> tuple[PersonId, ...]:
        page = await self._page(unit, subject)
        return () if page is None else audience(which, page.view.rights)

    async def notice(self, unit: Unit, tell: Tell, person: PersonId) -> Told | None:
        """Flags only where the card is there already: a new card speaks for itself."""
        del person
        page = await self._page(unit, tell.subject.id)
        if page is None:
            return None
        if tell.message == Message.REVIEW_DUE:
            return Told(present.notice(Message.REVIEW_DUE, page.watch, page.view))
        said_before = any(flag.since < date.fromisoformat(tell.arg) for flag in page.watch.flags)
        if not said_before:
            return None
        return Told(present.notice(Message(tell.message), page.watch, page.view))

    async def _page(self, unit: Unit, school: str) -> WatchPage | None:
        return await watch_page(unit, self.schools, SchoolId(school), now=self.clock.now())


def _people(page: WatchPage) -> tuple[PersonId, ...]:
    rights = page.view.rights
    return tuple(dict.fromkeys(person for which in TOLD for person in audience(which, rights)))
