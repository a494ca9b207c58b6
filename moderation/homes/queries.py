"""Which account or school somebody means, and who could choose for it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from moderation.accounts.model import Account
from moderation.homes.facts import rights_at
from moderation.homes.rights import choosers
from moderation.people.queries import belongs_to


if TYPE_CHECKING:
    from collections.abc import Iterator

    from moderation.homes.ports import HomeUnit
    from moderation.kernel import Asked
    from moderation.people.ports import Schools

MOST_NAMED = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A place that the words fit. ``account`` is ``None`` where it is a whole school."""

    place: str
    school: str
    account: Account | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class WhichHome:
    """Accounts and schools of the reader's own that ``words`` fit; all of them for no words.

    An id fits alone. Else every word has to be part of the network's, the page's or the school's
    name.
    """

    words: str = ""

    async def read(self, unit: HomeUnit, asked: Asked, schools: Schools) -> tuple[Candidate, ...]:
        """At most :data:`MOST_NAMED`, accounts first."""
        person = await unit.people.get(asked.person) if asked.person is not None else None
        if person is None:
            return ()
        day = asked.at.astimezone(schools.zone).date()
        accounts: list[Candidate] = []
        whole: list[Candidate] = []
        for place in sorted(belongs_to(person, schools, day)):
            known = schools.get(place)
            school = known.name if known is not None else str(place)
            whole.append(Candidate(place=place, school=school))
            accounts += [
                Candidate(place=item.id, school=school, account=item)
                for item in await unit.accounts.of_school(place)
                if not item.closed(day)
            ]
        return tuple(_fitting((*accounts, *whole), self.words))[:MOST_NAMED]


@dataclass(frozen=True, slots=True, kw_only=True)
class WhoChooses:
    """Names of those who could, for whoever belongs there."""

    place: str

    async def read(self, unit: HomeUnit, asked: Asked, schools: Schools) -> tuple[str, ...]:
        """In a stable order; nobody for somebody of another school."""
        day = asked.at.astimezone(schools.zone).date()
        rights = await rights_at(unit, schools, self.place, day)
        if rights is None or asked.person is None or not rights.roles(asked.person):
            return ()
        names = {person.id: person.name for person in rights.people}
        return tuple(names[who] for who in choosers(rights) if who in names)


def _fitting(candidates: tuple[Candidate, ...], typed: str) -> Iterator[Candidate]:
    words = typed.casefold().split()
    exact = [it for it in candidates if it.place.casefold() == " ".join(words)]
    if exact:
        yield from exact
        return
    for candidate in candidates:
        account = candidate.account
        told = candidate.school if account is None else f"{account.platform} {account.name}"
        beside = "" if account is None else candidate.school
        if all(word in f"{told} {beside}".casefold() for word in words):
            yield candidate
