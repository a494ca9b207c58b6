"""Where somebody may propose, and who could be in their pictures, at the staff's door."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from adapters.door import ColleagueChoice, Declined, FormChoice, PupilChoice, Target
from moderation.kernel import Asked, Identity
from moderation.people import present as staff
from moderation.people.queries import Classes, ColleagueSearch, PupilSearch
from moderation.ports import Ids
from moderation.posts.queries import Declared, Targets
from moderation.service import Service
from moderation.words import platform_name
from storage.unit_of_work import Units


if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

    from moderation.kernel import AccountId, PersonId, PostId, SchoolId
    from moderation.people.queries import FoundPupil


@dataclass(frozen=True, slots=True, kw_only=True)
class Roll:
    """``asked`` is made anew for each key, by whoever asks: ``by``."""

    service: Service
    units: Units
    ids: Ids
    by: Identity
    asked: Callable[[str], Asked]

    async def targets(self) -> tuple[Target, ...]:
        """The accounts that they may propose for, each with the conversation of its cards."""
        found = await self.service.ask(Targets(), self.asked(""))
        async with self.units.read() as unit:
            places = {
                item.account: [
                    place.id
                    for place in await unit.homes.conversations(item.account)
                    if place.platform is self.by.platform
                ]
                for item in found
            }
        return tuple(
            Target(
                account=item.account,
                label=f"{platform_name(item.platform)} · {item.name}",
                page=item.name,
                platform=item.platform,
                limit=item.limit,
                place=next(iter(places[item.account]), ""),
            )
            for item in found
        )

    async def classes(self, accounts: Sequence[AccountId]) -> tuple[FormChoice, ...]:
        """The classes of the accounts' school."""
        school = await self._school(accounts)
        if school is None:
            return ()
        found = await self.service.ask(Classes(school=school), self.asked(""))
        return tuple(
            FormChoice(key=line.form, label=staff.class_label(line)) for line in found.classes
        )

    async def pupils(
        self, accounts: Sequence[AccountId], words: str, form: str
    ) -> tuple[PupilChoice, ...] | Declined:
        """A whole class of the accounts' school, or those whose names begin so."""
        school = await self._school(accounts)
        if school is None:
            return ()
        question = PupilSearch(school=school, words=words, form=form)
        found = await self.service.ask(question, self.asked(""))
        if found.why is not None:
            return Declined(sentences=(staff.no_pupils(found.why),))
        return _choices(found.pupils)

    async def colleagues(
        self, accounts: Sequence[AccountId], words: str, known: Collection[PersonId]
    ) -> tuple[ColleagueChoice, ...]:
        """Those of the accounts' school whose names begin so, and ``known`` ones."""
        school = await self._school(accounts)
        if school is None:
            return ()
        question = ColleagueSearch(school=school, words=words, known=frozenset(known))
        found = await self.service.ask(question, self.asked(""))
        return tuple(
            ColleagueChoice(person=it.person, label=staff.colleague_label(it)) for it in found
        )

    async def declared(self, post: PostId) -> tuple[PupilChoice, ...]:
        """Those of a post that they correct; every look is one of its own on the record."""
        found = await self.service.note(Declared(post=post), self.asked(f"who:{self.ids.new()}"))
        return _choices(found)

    async def _school(self, accounts: Sequence[AccountId]) -> SchoolId | None:
        """The school whose pupils may be in a picture for these accounts."""
        async with self.units.read() as unit:
            for account_id in accounts:
                account = await unit.accounts.get(account_id)
                if account is not None:
                    return account.school
        return None


def _choices(found: Iterable[FoundPupil]) -> tuple[PupilChoice, ...]:
    return tuple(PupilChoice(pupil=it.key, label=staff.pupil_label(it)) for it in found)
