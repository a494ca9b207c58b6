"""People, their appointments at schools, their rights on accounts, and pupils on the roll.

Every span of dates is inclusive of both ends, in whole days, local to the school.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from moderation.checks.model import PupilName
from moderation.kernel import AccountId, Identity, PersonId, PupilKey, SchoolId


class Role(StrEnum):
    """A role at a school. Its value is stored and read from imports."""

    STAFF = "staff"
    SUPPLY = "supply"
    VOLUNTEER = "volunteer"
    ADMINISTRATOR = "administrator"
    BUSINESS_MANAGER = "business_manager"
    HEADTEACHER = "headteacher"
    ACTING_HEADTEACHER = "acting_headteacher"
    DEPUTY_HEADTEACHER = "deputy_headteacher"
    EXECUTIVE_HEADTEACHER = "executive_headteacher"
    SAFEGUARDING_LEAD = "safeguarding_lead"
    DEPUTY_SAFEGUARDING_LEAD = "deputy_safeguarding_lead"
    DATA_PROTECTION_OFFICER = "data_protection_officer"
    GOVERNOR = "governor"
    CHAIR_OF_GOVERNORS = "chair_of_governors"
    TRUST_LEAD = "trust_lead"


TEMPORARY = frozenset({Role.SUPPLY, Role.VOLUNTEER})
"""Roles that need an end date and never approve."""

OVERSIGHT_ONLY = frozenset({Role.GOVERNOR, Role.DATA_PROTECTION_OFFICER})
"""Roles that see, and neither propose nor approve by themselves."""

NEVER_APPROVE = TEMPORARY | OVERSIGHT_ONLY
"""Who holds no other role moderates nothing, whatever the register of accounts says."""


class AccountRole(StrEnum):
    """A right on one official account."""

    MASTER_ADMINISTRATOR = "master_administrator"
    ADMINISTRATOR = "administrator"
    MODERATOR = "moderator"
    POSTER = "poster"


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """From one day to another, both included; ``None`` is open."""

    start: date | None = None
    end: date | None = None

    def covers(self, day: date) -> bool:
        return (self.start is None or self.start <= day) and (self.end is None or day <= self.end)


@dataclass(frozen=True, slots=True, kw_only=True)
class Appointment:
    """One role at one school, or at the trust, for a time."""

    school: SchoolId
    role: Role
    span: Span = Span()


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """A member of staff, a governor, a volunteer. Pupils are never a Person.

    ``may_be_named`` is false for who would rather not be named in public, ``may_be_shown`` for who
    would rather not be in its pictures.
    """

    id: PersonId
    name: str
    email: str = ""
    appointments: tuple[Appointment, ...] = ()
    identities: tuple[Identity, ...] = ()
    absences: tuple[Span, ...] = ()
    may_be_named: bool = True
    may_be_shown: bool = True

    def roles(self, school: SchoolId, day: date) -> frozenset[Role]:
        """The roles held at this school on this day."""
        return frozenset(
            held.role
            for held in self.appointments
            if held.school == school and held.span.covers(day)
        )

    def away(self, day: date) -> bool:
        return any(absence.covers(day) for absence in self.absences)


class Standing(StrEnum):
    """Whether a right counts yet."""

    ACTIVE = "active"
    PROPOSED = "proposed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Grant:
    """A person's right on one account. A proposed one gives nothing until it is confirmed."""

    account: AccountId
    person: PersonId
    role: AccountRole
    standing: Standing = Standing.ACTIVE
    span: Span = Span()


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Pupil:
    """A pupil on the roll of one school. ``repr`` shows the opaque key alone.

    ``number`` is the school's own id, unique within the school. ``left_on`` is the day the pupil
    was no longer on the roll; the name stays in the check until 31 December of that year.
    """

    key: PupilKey
    school: SchoolId
    number: str
    name: PupilName
    left_on: date | None = None

    def __repr__(self) -> str:
        return f"Pupil({self.key})"
