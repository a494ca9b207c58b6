"""Who works here: for whoever says which colleagues are in a picture."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from moderation.checks.names.words import TITLES
from moderation.kernel import PersonId, SchoolId
from moderation.people.queries.asking import MOST_FOUND, PeopleUnit, name_parts
from moderation.people.queries.rights import rights_for
from moderation.people.queries.views import FoundColleague


if TYPE_CHECKING:
    from moderation.kernel import Asked
    from moderation.people.ports import Schools


@dataclass(frozen=True, slots=True, kw_only=True)
class ColleagueSearch:
    """Those who work at the school by ``words`` (at most ten), and ``known`` ones, gone or not.

    Every word must begin some part of the name. For the trust: at any of its schools.
    """

    school: SchoolId
    words: str = ""
    known: frozenset[PersonId] = frozenset()

    async def read(
        self, unit: PeopleUnit, asked: Asked, schools: Schools
    ) -> tuple[FoundColleague, ...]:
        """By name; nobody for who doesn't work there themselves."""
        rights = await rights_for(
            unit,
            schools,
            school=self.school,
            accounts=frozenset(),
            settings=(await unit.packs.current(self.school)).settings,
            day=asked.at.astimezone(schools.zone).date(),
        )
        if asked.person is None or not rights.roles(asked.person):
            return ()
        parts = name_parts(self.words)
        # The list may have them without: "Mrs Okafor" is Ngozi Okafor.
        wanted = [part for part in parts if part not in TITLES] or parts
        every = [
            FoundColleague(person=one.id, name=one.name, roles=rights.roles(one.id))
            for one in sorted(rights.people, key=lambda one: (one.name.casefold(), one.id))
        ]
        fitting = [
            one for one in every if wanted and one.roles and _fits(name_parts(one.name), wanted)
        ]
        return (*(one for one in every if one.person in self.known), *fitting[:MOST_FOUND])


def _fits(parts: list[str], wanted: list[str]) -> bool:
    return all(any(part.startswith(word) for part in parts) for word in wanted)
