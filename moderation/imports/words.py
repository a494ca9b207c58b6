"""What a school's own words mean: headings of its lists, and its types of consent.

A type of consent means nothing before somebody of that school, named on record, has said what it
allows and where: "Photographs" is no permission for a page that anybody can see. Each answer is one
line of the record; the newest counts.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from moderation.imports.events import Explained
from moderation.imports.model import Sort, Word
from moderation.kernel import PersonId, SchoolId, SubjectRef
from moderation.people.model import Role


if TYPE_CHECKING:
    from moderation.imports.ports import ImportsUnit
    from moderation.kernel import Asked
    from moderation.people.ports import Schools


IMPORT_WORDS = "import_words"
"""The noun of :class:`SubjectRef`, with a school's id."""
EVERYWHERE = "all"
MAY_SAY = frozenset(
    {
        Role.HEADTEACHER,
        Role.ACTING_HEADTEACHER,
        Role.EXECUTIVE_HEADTEACHER,
        Role.DEPUTY_HEADTEACHER,
        Role.BUSINESS_MANAGER,
        Role.DATA_PROTECTION_OFFICER,
        Role.TRUST_LEAD,
    }
)
"""Who may say what a type of consent allows; of the school or of the trust."""


class Unheard(StrEnum):
    """Why nothing was remembered."""

    NOBODY = "no such person"
    NOT_THEIRS = "may not say"
    NO_SCOPE = "no such scope"


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """``why`` is ``None`` where it is remembered, or would be. ``word`` is the first in the way."""

    why: Unheard | None = None
    word: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Explain:
    """Remember what a school's words mean.

    ``scopes`` gives each scope that ``words`` name, folded, and the word it stands in; ``networks``
    are those known by themselves. ``keep`` is false in a dry run.

    Asked through :meth:`moderation.service.Service.note`.
    """

    school: SchoolId
    words: tuple[Word, ...]
    by: PersonId | None
    scopes: Mapping[str, str]
    networks: frozenset[str]
    keep: bool = True

    async def read(self, unit: ImportsUnit, asked: Asked, schools: Schools) -> Heard:
        """Whether it was taken."""
        places = (self.school, schools.trust)
        if any(word.sort is Sort.CONSENT for word in self.words):
            person = None if self.by is None else await unit.people.get(self.by)
            if person is None:
                return Heard(why=Unheard.NOBODY)
            today = asked.at.astimezone(schools.zone).date()
            held = {role for place in places for role in person.roles(place, today)}
            if not held & MAY_SAY:
                return Heard(why=Unheard.NOT_THEIRS)
        register = await unit.accounts.all()
        known = {EVERYWHERE, *self.networks}
        known |= {account.platform.casefold() for account in register}
        known |= {account.id.casefold() for account in register if account.school in places}
        for scope, word in self.scopes.items():
            if scope not in known:
                return Heard(why=Unheard.NO_SCOPE, word=word)
        before = set(await unit.words.of(self.school))
        new = tuple(word for word in self.words if word not in before)
        if self.keep and new:
            await unit.words.save(self.school, new, self.by, asked.at)
            event = Explained(words=new, by=self.by, at=asked.at)
            await unit.record(asked, SubjectRef(IMPORT_WORDS, self.school), 0, (event,), ())
        return Heard()


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownWords:
    """What this school has said so far. Asked by the desk that reads its files."""

    school: SchoolId

    async def read(
        self,
        unit: ImportsUnit,
        asked: Asked,  # noqa: ARG002 -- every query is asked alike
        schools: Schools,  # noqa: ARG002 -- the same
    ) -> tuple[Word, ...]:
        """By kind, sort and word."""
        return await unit.words.of(self.school)
