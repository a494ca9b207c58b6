"""Who may say that a chat account is somebody's, today.

Whoever holds the account decides for that person. So for somebody who may approve it is a change
of who may approve, and is judged by the same rules as one that a file brings: by two people, one
of whom leads each school concerned. For anybody else one of those who lead a school of theirs
suffices. The person concerned never counts.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING

from moderation.imports import rights as changes
from moderation.imports.rights import STAND_INS, Register
from moderation.kernel import SchoolId
from moderation.people.model import Person, Role


if TYPE_CHECKING:
    from collections.abc import Iterable

    from moderation.kernel import Identity, PersonId


SECONDS = frozenset((*STAND_INS, Role.HEADTEACHER, Role.BUSINESS_MANAGER, Role.TRUST_LEAD))
"""Roles whose yes counts as the second one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Judging:
    """One person without the account in question, and everybody's appointments and rights today.

    ``approves_at`` are the schools (or the trust) for which the account could approve, today or
    later.
    """

    register: Register
    person: Person
    approves_at: frozenset[SchoolId]
    today: date

    def may_confirm(self, who: PersonId) -> bool:
        """Whether this person's yes counts for anything."""
        if self.approves_at:
            return any(self._leads(who, at) or self._seconds(who, at) for at in self.approves_at)
        return any(self._leads(who, at) for at in self._own())

    def enough(self, said: Iterable[PersonId]) -> bool:
        """Whether it is theirs, when all of these have said so."""
        counting = {who for who in said if self.may_confirm(who)}
        if not self.approves_at:
            return bool(counting)
        led = all(any(self._leads(who, at) for who in counting) for at in self.approves_at)
        return led and len(counting) > 1

    def asked(self) -> tuple[PersonId, ...]:
        """Who is asked, those who lead first; it may be more than are needed."""
        places = sorted(self.approves_at)
        gains = frozenset({self.person.id})
        leading = [
            who
            for at in places or sorted(self._own())
            for who in changes.asked(self.register, at, gains, self.today)
        ]
        seconds = [who for at in places for who in self.register.people if self._seconds(who, at)]
        return tuple(dict.fromkeys((*leading, *sorted(seconds))))

    def _own(self) -> frozenset[SchoolId]:
        known = self.register.schools | {self.register.trust}
        return frozenset(
            held.school
            for held in self.person.appointments
            if held.span.covers(self.today) and held.school in known
        )

    def _leads(self, who: PersonId, at: SchoolId) -> bool:
        gains = frozenset({self.person.id})
        return who not in gains and changes.entitled(self.register, at, who, gains, self.today)

    def _seconds(self, who: PersonId, at: SchoolId) -> bool:
        found = self.register.people.get(who)
        if found is None or who == self.person.id:
            return False
        held = found.roles(at, self.today) | found.roles(self.register.trust, self.today)
        return bool(held & SECONDS)


def judge(register: Register, person: Person, identity: Identity, today: date) -> Judging:
    """What comes of ``identity`` being this person's, whether it is already or not."""
    others = tuple(mine for mine in person.identities if mine != identity)
    without = replace(person, identities=others)
    before = replace(register, people={**register.people, person.id: without})
    mine = replace(person, identities=(*others, identity))
    after = replace(register, people={**register.people, person.id: mine})
    widened = changes.widened(before, after, today)
    return Judging(
        register=before,
        person=without,
        approves_at=frozenset(change.place for change in widened),
        today=today,
    )
