"""From a table to a batch: parsed, held against the register, and the refused rows left out.

Everything that can be said about one row is said here, by line and column. What concerns the file
as a whole (how many would leave, who must say yes) is the core's to decide.
"""

from __future__ import annotations

import asyncio
from collections import defaultdict
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from bot.imports import (
    accounts as accounts_csv,
    consents as consents_csv,
    people as people_csv,
    pupils as pupils_csv,
)
from bot.imports.parsed import Parsed, RowProblem
from moderation.imports.facts import FactFinder
from moderation.imports.model import (
    Accounts,
    Consents,
    Content,
    Entry,
    Family,
    Kind,
    Matter,
    People,
    Pupils,
    Roll,
)
from moderation.kernel import AccountId, Identity, Platform, PupilKey, SchoolId
from moderation.people.model import Pupil, Standing
from moderation.people.ports import Schools
from moderation.ports import Ids
from moderation.service import Units


if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from bot.imports.accounts import AccountRecord
    from bot.imports.answers import Answered
    from bot.imports.consents import ConsentRecord
    from bot.imports.parsed import About
    from bot.imports.pupils import PupilRecord
    from bot.tables import Table
    from moderation.imports.ports import ImportsUnit
    from moderation.people.model import Person
    from moderation.people.ports import School


@dataclass(frozen=True, slots=True, kw_only=True)
class Read:
    """A file as it was read. ``content`` holds the good rows, ``None`` where none can be taken."""

    parsed: Parsed[Any]
    content: Content | None

    @property
    def readable(self) -> bool:
        return self.parsed.readable


@dataclass(frozen=True, slots=True, kw_only=True)
class Reader:
    """Reads tables against today's register. ``sandbox`` gives everybody a sandbox identity too."""

    units: Units
    schools: Schools
    ids: Ids
    sandbox: bool = False

    async def read(
        self, kind: Kind, answered: Answered, *, school: SchoolId | None, today: date
    ) -> Read:
        """Every problem of every row, and the content of those that have none."""
        table = answered.table
        async with self.units.read() as unit:
            match kind:
                case Kind.PEOPLE:
                    return await self._people(unit, table, school, today)
                case Kind.ACCOUNTS:
                    return await self._accounts(unit, table, school, today)
                case Kind.PUPILS:
                    return await self._pupils(table, school, today)
                case Kind.CONSENTS:
                    return await self._consents(unit, answered, school, today)

    # -- staff and accounts ----------------------------------------------------------------------

    async def _people(
        self, unit: ImportsUnit, table: Table, school: SchoolId | None, today: date
    ) -> Read:
        parsed = await asyncio.to_thread(
            people_csv.parse, table, schools=self._places(trust=True), school=school, today=today
        )
        everybody = People(people=tuple(row.person for row in parsed.rows))
        stored = await FactFinder(self.schools).stored(unit, everybody)
        parsed = people_csv.against_the_register(parsed, stored.owners)
        if not parsed.readable:
            return Read(parsed=parsed, content=None)
        only = school if "school" not in table.columns else None
        rows = parsed.sound()
        people = people_csv.people(rows)
        if self.sandbox:
            people = tuple(map(_in_the_sandbox, people))
        content = People(
            people=people,
            only=only,
            speaks_of=people_csv.speaks_of(table),
            answered=people_csv.answered(rows),
            answered_shown=people_csv.answered_shown(rows),
        )
        return Read(parsed=parsed, content=content)

    async def _accounts(
        self, unit: ImportsUnit, table: Table, school: SchoolId | None, today: date
    ) -> Read:
        known = await unit.people.at(frozenset({*self.schools.ids(), self.schools.trust}))
        parsed = await asyncio.to_thread(
            accounts_csv.parse,
            table,
            schools=self._places(trust=True),
            school=school,
            today=today,
            people=[person.id for person in known],
        )
        content = Accounts(entries=tuple(map(_entry, parsed.sound())))
        return Read(parsed=parsed, content=content if parsed.readable else None)

    # -- pupils and their permissions ------------------------------------------------------------

    async def _pupils(self, table: Table, school: SchoolId | None, today: date) -> Read:
        parsed = await asyncio.to_thread(
            pupils_csv.parse, table, schools=self._places(trust=False), school=school, today=today
        )
        if parsed.readable and not table.rows and school is None:
            sentence = "The file has no rows: say with --school whose empty list this is."
            problem = RowProblem(table.header_line, "school", sentence)
            parsed = replace(parsed, problems=(problem,), readable=False)
        if not parsed.readable:
            return Read(parsed=parsed, content=None)
        unread: defaultdict[SchoolId, set[str]] = defaultdict(set)
        for refused in parsed.refused:
            if refused.about is not None:
                where, number = refused.about
                unread[SchoolId(where)].add(number)
        rows: defaultdict[SchoolId, list[PupilRecord]] = defaultdict(list)
        for row in parsed.sound():
            rows[row.school].append(row)
        named = dict.fromkeys((*rows, *unread))
        if not table.rows and school is not None:
            named = {school: None}
        rolls = tuple(
            Roll(
                school=place,
                pupils=tuple(map(self._pupil, rows[place])),
                unread=frozenset(unread[place]),
                whole=not parsed.blind,
            )
            for place in named
        )
        return Read(parsed=parsed, content=Pupils(rolls=rolls))

    def _pupil(self, row: PupilRecord) -> Pupil:
        """Under a fresh key, which is used only when nobody has this number yet."""
        key = PupilKey(self.ids.new())
        return Pupil(key=key, school=row.school, number=row.number, name=row.name(key))

    async def _consents(
        self, unit: ImportsUnit, answered: Answered, school: SchoolId | None, today: date
    ) -> Read:
        register = await unit.accounts.all()
        pages = consents_csv.Pages(
            accounts={AccountId(account.id): account.school for account in register},
            platforms={account.platform for account in register},
            trust=self.schools.trust,
        )
        parsed = await asyncio.to_thread(
            consents_csv.parse,
            answered.table,
            schools=self._places(trust=False),
            school=school,
            today=today,
            pages=pages,
        )
        parsed = parsed.without(answered.problems)
        keys, left = await _numbers(unit, parsed)
        parsed = consents_csv.against_the_roll(parsed, on_roll=keys.keys(), left=left, pages=pages)
        if not parsed.readable:
            return Read(parsed=parsed, content=None)
        said: defaultdict[About, list[ConsentRecord]] = defaultdict(list)
        for row in parsed.sound():
            said[row.about].append(row)
        families = tuple(
            _family(keys[about], rows, answered.matters) for about, rows in said.items()
        )
        return Read(parsed=parsed, content=Consents(families=families))

    def _places(self, *, trust: bool) -> Mapping[SchoolId, School]:
        """The schools that may stand in the file; pupils belong to a school, never to the trust."""
        ids = (*self.schools.ids(), *((self.schools.trust,) if trust else ()))
        found = ((place, self.schools.get(place)) for place in ids)
        return {place: school for place, school in found if school is not None}


async def _numbers(
    unit: ImportsUnit, parsed: Parsed[ConsentRecord]
) -> tuple[dict[About, PupilKey], frozenset[About]]:
    """By (school, number): the keys of those on the roll, and who has left it."""
    keys: dict[About, PupilKey] = {}
    left: set[About] = set()
    spoilt = (SchoolId(row.about[0]) for row in parsed.refused if row.about is not None)
    for school in dict.fromkeys((*(row.school for row in parsed.rows), *spoilt)):
        for pupil in await unit.rolls.pupils(school):
            if pupil.left_on is None:
                keys[school, pupil.number] = pupil.key
            else:
                left.add((school, pupil.number))
    return keys, frozenset(left)


def _family(key: PupilKey, rows: list[ConsentRecord], matters: frozenset[Matter] | None) -> Family:
    said = (row.consent(key) for row in rows)
    return Family(
        school=rows[0].school,
        pupil=key,
        consents=tuple(consent for consent in said if consent is not None),
        matters=matters,
    )


def _entry(record: AccountRecord) -> Entry:
    return Entry(account=record.account, grants=record.grants(Standing.ACTIVE))


def _in_the_sandbox(person: Person) -> Person:
    mine = Identity(Platform.SANDBOX, person.id)
    return replace(person, identities=(*person.identities, mine))
