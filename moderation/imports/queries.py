"""Questions about imports: what a file would change, and the card on which it is confirmed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import TYPE_CHECKING

from moderation.accounts.model import Account
from moderation.imports import guards
from moderation.imports.commands import Import
from moderation.imports.difference import Plan, Stored
from moderation.imports.events import Event
from moderation.imports.facts import FactFinder
from moderation.imports.guards import Facts
from moderation.imports.model import Accounts, Batch, BatchId, Change, People
from moderation.imports.workflow import decide
from moderation.kernel import AccountId, PersonId, Refused, SchoolId


if TYPE_CHECKING:
    from moderation.imports.ports import ImportsUnit
    from moderation.kernel import Asked
    from moderation.people.ports import Schools


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """Names for what a sentence about an import speaks of, new people and accounts included.

    ``asked`` says who may say yes, by the place that is concerned.
    """

    names: Mapping[PersonId, str]
    schools: Mapping[SchoolId, str]
    accounts: Mapping[AccountId, Account]
    asked: Mapping[SchoolId, tuple[PersonId, ...]]
    now: datetime
    zone: tzinfo


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportView(Surroundings):
    """What the card shows beside the batch itself. ``version`` is the stored batch's."""

    version: int
    viewer: PersonId | None


@dataclass(frozen=True, slots=True)
class ImportPage:
    """An import with its view."""

    batch: Batch
    view: ImportView


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportCard:
    """One import, for those who are asked, may say yes, or have."""

    batch: BatchId

    async def read(self, unit: ImportsUnit, asked: Asked, schools: Schools) -> ImportPage | None:
        """``None`` where there is no such import, or the reader has no part in it."""
        stored = await unit.batches.get(self.batch)
        if stored is None or asked.person is None:
            return None
        batch, version = stored
        facts = await who_may_answer(unit, schools, asked.at)
        said = {one.person for one in batch.confirmations} | {batch.by}
        may_see = asked.person in said or guards.entitled_for(asked.person, batch.changes, facts)
        if not may_see:
            return None
        view = view_of(batch, version, facts, schools, asked.at, viewer=asked.person)
        return ImportPage(batch, view)


async def import_page(
    unit: ImportsUnit, schools: Schools, batch: BatchId, now: datetime
) -> tuple[ImportPage, Facts] | None:
    """An import as the relay draws it, for no reader in particular, and who may answer it."""
    stored = await unit.batches.get(batch)
    if stored is None:
        return None
    found, version = stored
    facts = await who_may_answer(unit, schools, now)
    return ImportPage(found, view_of(found, version, facts, schools, now)), facts


async def who_may_answer(unit: ImportsUnit, schools: Schools, now: datetime) -> Facts:
    """The register as it is, without anything that would change it."""
    finder = FactFinder(schools)
    return Facts(
        today=now.astimezone(schools.zone).date(),
        stored=await finder.stored(unit, None),
        plan=None,
    )


def view_of(
    batch: Batch,
    version: int,
    facts: Facts,
    schools: Schools,
    now: datetime,
    viewer: PersonId | None = None,
) -> ImportView:
    """The card's view, from the register and from what the file itself brings."""
    around = surroundings(batch, batch.changes, facts, schools, now)
    return ImportView(
        names=around.names,
        schools=around.schools,
        accounts=around.accounts,
        asked=around.asked,
        now=now,
        zone=schools.zone,
        version=version,
        viewer=viewer,
    )


def surroundings(
    batch: Batch, changes: tuple[Change, ...], facts: Facts, schools: Schools, now: datetime
) -> Surroundings:
    """Names of everybody and everything in the register and in the file."""
    register = facts.stored.register
    names = {person.id: person.name for person in register.people.values()}
    accounts = dict(register.accounts)
    match batch.content:
        case People(people=people):
            names |= {person.id: person.name for person in people if person.id not in names}
        case Accounts(entries=entries):
            accounts |= {entry.account.id: entry.account for entry in entries}
        case _:
            pass
    places = (*schools.ids(), schools.trust)
    known = {place: schools.get(place) for place in places}
    return Surroundings(
        names=names,
        schools={place: found.name if found else str(place) for place, found in known.items()},
        accounts=accounts,
        asked=guards.who_is_asked(changes, facts),
        now=now,
        zone=schools.zone,
    )


# -- before anything is written -------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Previewed:
    """What a file would change and what would come of it, with nothing written.

    ``decided`` is what the very same file would lead to at this moment.
    """

    stored: Stored
    plan: Plan
    changes: tuple[Change, ...]
    decided: tuple[Event, ...] | Refused
    around: Surroundings


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """The operator's dry run."""

    command: Import

    async def read(self, unit: ImportsUnit, asked: Asked, schools: Schools) -> Previewed:
        """Raises ``ValueError`` for a batch without records: there is nothing to compare."""
        batch = self.command.batch
        facts = await FactFinder(schools).gather(unit, batch, self.command, asked)
        if facts.plan is None:
            raise ValueError("a batch without records can't be previewed")
        return Previewed(
            stored=facts.stored,
            plan=facts.plan,
            changes=facts.changes,
            decided=decide(batch, self.command, facts, asked),
            around=surroundings(batch, facts.changes, facts, schools, asked.at),
        )
