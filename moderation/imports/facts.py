"""Everything a decision about an import needs from outside it, read in the same transaction."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from moderation.imports import commands as ask, rights
from moderation.imports.difference import Stored, compare
from moderation.imports.guards import Facts
from moderation.imports.model import (
    Accounts,
    Consents,
    People,
    Pupils,
    State,
)
from moderation.imports.rights import Register
from moderation.people.ports import Schools


if TYPE_CHECKING:
    from collections.abc import Iterable

    from moderation.checks.model import Consent
    from moderation.imports.difference import Plan
    from moderation.imports.model import Batch, BatchId, Content
    from moderation.imports.ports import ImportsUnit
    from moderation.kernel import Asked, Identity, PersonId, PostId, PupilKey, SchoolId
    from moderation.people.model import Person, Pupil


@dataclass(frozen=True, slots=True)
class FactFinder:
    """Reads the facts for one command at a time."""

    schools: Schools

    async def gather(
        self, unit: ImportsUnit, batch: Batch | None, command: ask.Command, asked: Asked
    ) -> Facts:
        today = asked.at.astimezone(self.schools.zone).date()
        content = _content(batch, command)
        stored = await self.stored(unit, content)
        plan = None if content is None else compare(content, stored, today)
        return Facts(
            today=today,
            stored=stored,
            plan=plan,
            changes=() if plan is None else rights.widened(stored.register, plan.after, today),
            older=await _older(unit, command),
            newer=await _newer(unit, batch, command),
            posts=await self._posts(unit, plan, stored),
        )

    async def _posts(
        self, unit: ImportsUnit, plan: Plan | None, stored: Stored
    ) -> tuple[PostId, ...]:
        """Those under way that are to be judged again.

        A pupil's name counts in the posts of the trust's other schools too; a permission in those
        of the pupil's own school, and of the trust; so does a colleague's wish not to be named, or
        not to be shown.
        """
        if plan is not None and plan.people:
            return await self._of_staff(unit, plan, stored)
        if plan is None or not (plan.rolls or plan.families):
            return ()
        everywhere = {*self.schools.ids(), self.schools.trust}
        concerned = everywhere if plan.rolls else {*plan.schools, self.schools.trust}
        return tuple(post.id for post in await unit.posts.live(frozenset(concerned)))

    async def _of_staff(self, unit: ImportsUnit, plan: Plan, stored: Stored) -> tuple[PostId, ...]:
        """Where somebody may now be named or shown who might not, or the other way round."""
        before = stored.register.people
        concerned = {
            held.school
            for new in plan.people
            if _is_choosy(new) or (new.id in before and _is_choosy(before[new.id]))
            for held in new.appointments
        }
        if not concerned:
            return ()
        if self.schools.trust in concerned:
            concerned |= set(self.schools.ids())
        live = await unit.posts.live(frozenset({*concerned, self.schools.trust}))
        return tuple(post.id for post in live)

    async def stored(self, unit: ImportsUnit, content: Content | None) -> Stored:
        """What is stored and ``content`` may change; for no content, who may say yes or no."""
        match content:
            case Pupils(rolls=rolls):
                schools = tuple(roll.school for roll in rolls)
                return Stored(register=self._nobody(), rolls=await _rolls(unit, schools))
            case Consents(families=families):
                schools = tuple(dict.fromkeys(family.school for family in families))
                accounts = {account.id: account for account in await unit.accounts.all()}
                return Stored(
                    register=replace(self._nobody(), accounts=accounts),
                    rolls=await _rolls(unit, schools),
                    consents=await _consents(unit, schools),
                )
            case People(people=people):
                register = await self.register(unit, (person.id for person in people))
                identities = {mine for person in people for mine in person.identities}
                owners = await _owners(unit, register, identities)
                if not set(owners.values()) <= register.people.keys():
                    register = await self.register(
                        unit, (*(person.id for person in people), *owners.values())
                    )
                linked = await unit.links.confirmed()
                return Stored(register=register, owners=owners, linked=linked)
            case Accounts(entries=entries):
                named = {grant.person for entry in entries for grant in entry.grants}
                return Stored(register=await self.register(unit, named))
            case None:
                return Stored(register=await self.register(unit, ()))

    async def register(self, unit: ImportsUnit, named: Iterable[PersonId]) -> Register:
        """Everybody of the trust, ``named`` people wherever they are, and the whole register."""
        schools = frozenset(self.schools.ids())
        people: dict[PersonId, Person] = {
            person.id: person for person in await unit.people.at(schools | {self.schools.trust})
        }
        for person_id in sorted(set(named) - people.keys()):
            person = await unit.people.get(person_id)
            if person is not None:
                people[person_id] = person
        accounts = {account.id: account for account in await unit.accounts.all()}
        return Register(
            people=people,
            accounts=accounts,
            grants=await unit.people.grants(frozenset(accounts)),
            schools=schools,
            trust=self.schools.trust,
        )

    def _nobody(self) -> Register:
        """Files about pupils change no rights, so nobody's are read for them."""
        return Register(
            people={},
            accounts={},
            grants=(),
            schools=frozenset(self.schools.ids()),
            trust=self.schools.trust,
        )


async def _rolls(
    unit: ImportsUnit, schools: Iterable[SchoolId]
) -> dict[SchoolId, tuple[Pupil, ...] | None]:
    found: dict[SchoolId, tuple[Pupil, ...] | None] = {}
    for school in schools:
        pupils = await unit.rolls.pupils(school)
        listed = pupils or await unit.rolls.roster(school) is not None
        found[school] = pupils if listed else None
    return found


async def _consents(
    unit: ImportsUnit, schools: Iterable[SchoolId]
) -> dict[PupilKey, tuple[Consent, ...]]:
    found: dict[PupilKey, tuple[Consent, ...]] = {}
    for school in schools:
        for consent in await unit.rolls.consents_at(school):
            found[consent.pupil] = (*found.get(consent.pupil, ()), consent)
    return found


async def _owners(
    unit: ImportsUnit, register: Register, identities: Iterable[Identity]
) -> dict[Identity, PersonId]:
    """Whose these are: nearly always of somebody whom the register has already read."""
    known = {mine: person.id for person in register.people.values() for mine in person.identities}
    found: dict[Identity, PersonId] = {}
    for identity in identities:
        if identity in known:
            found[identity] = known[identity]
            continue
        owner = await unit.people.by_identity(identity)
        if owner is not None:
            found[identity] = owner.id
    return found


def _is_choosy(person: Person) -> bool:
    """Whether posts are checked for this colleague."""
    return not (person.may_be_named and person.may_be_shown)


def _content(batch: Batch | None, command: ask.Command) -> Content | None:
    if isinstance(command, ask.Import):
        return command.batch.content
    if isinstance(command, ask.ConfirmImport) and batch is not None:
        return batch.content
    return None


async def _older(unit: ImportsUnit, command: ask.Command) -> tuple[BatchId, ...]:
    """Imports that wait and speak of somebody of whom this newer one speaks too."""
    if not isinstance(command, ask.Import):
        return ()
    new = command.batch
    waiting = await unit.batches.waiting(new.kind)
    return tuple(old.id for old in waiting if old.id != new.id and old.touches & new.touches)


async def _newer(
    unit: ImportsUnit, batch: Batch | None, command: ask.Command
) -> tuple[BatchId, ...]:
    """Imports that count, or may, and were received after the one that is to be confirmed."""
    if batch is None or not isinstance(command, ask.ConfirmImport):
        return ()
    return tuple(
        new.id
        for new in await unit.batches.newer(batch)
        if new.state in (State.WAITING, State.APPLIED) and new.touches & batch.touches
    )
