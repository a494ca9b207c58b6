"""What this room needs stored."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol


if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date, datetime, tzinfo

    from moderation.checks.model import Consent
    from moderation.checks.names.roster import Roster
    from moderation.kernel import AccountId, Identity, PersonId, PupilKey, SchoolId
    from moderation.people.model import Grant, Person, Pupil, Span
    from moderation.policies.model import Pack


class People(Protocol):
    """Staff, governors and volunteers, and their grants."""

    async def get(self, person: PersonId) -> Person | None: ...

    async def by_identity(self, identity: Identity) -> Person | None: ...

    async def who(self, identity: Identity) -> PersonId | None:
        """Whose identity it is, by id alone."""

    async def at(self, schools: frozenset[SchoolId]) -> tuple[Person, ...]:
        """Everybody with an appointment, past or present, at one of these, ordered by id."""

    async def grants(self, accounts: frozenset[AccountId]) -> tuple[Grant, ...]:
        """Every grant on these accounts, proposed and lapsed ones too, in a stable order."""

    async def grants_of(self, person: PersonId) -> tuple[Grant, ...]: ...

    async def save(self, people: tuple[Person, ...]) -> None:
        """Insert or replace these people as a whole."""

    async def save_grants(self, accounts: frozenset[AccountId], grants: tuple[Grant, ...]) -> None:
        """Make these the only grants on these accounts."""


class Rolls(Protocol):
    """Pupils and their consents, sealed at rest."""

    async def roster(self, school: SchoolId) -> Roster | None:
        """Names to check against, leavers included; ``None`` where no list was ever imported.

        Built once for each version of the roll and kept in memory.
        """

    async def others(self, school: SchoolId) -> Roster | None:
        """The same for every other school of the trust together."""

    async def pupils(self, school: SchoolId) -> tuple[Pupil, ...]:
        """The whole roll with leavers, ordered by key."""

    async def consents(
        self, pupils: frozenset[PupilKey]
    ) -> Mapping[PupilKey, tuple[Consent, ...]]: ...

    async def consents_at(self, school: SchoolId) -> tuple[Consent, ...]: ...

    async def save_pupils(self, school: SchoolId, pupils: tuple[Pupil, ...]) -> None:
        """Insert or replace these pupils and raise the roll's version (also for none at all)."""

    async def received(self, school: SchoolId, at: datetime) -> None:
        """Note that the school's list came in, also where it said nothing new."""

    async def last_received(self) -> Mapping[SchoolId, datetime]:
        """When each school's list last came in."""

    async def save_consents(
        self,
        school: SchoolId,
        consents: tuple[Consent, ...],
        *,
        of: frozenset[PupilKey] = frozenset(),
    ) -> None:
        """Make these the only consents of the pupils they speak of, and of all in ``of``.

        A pupil in ``of`` of whom no consent speaks has none any more.
        """


class Listed(Protocol):
    """What this room needs to know of an official account."""

    @property
    def id(self) -> AccountId: ...

    @property
    def platform(self) -> str: ...

    @property
    def name(self) -> str: ...

    def closed(self, today: date) -> bool: ...


class Register(Protocol):
    """The register of official accounts, as far as people are concerned."""

    async def of_school(self, school: SchoolId) -> Sequence[Listed]: ...


class CurrentPacks(Protocol):
    """The policy packs in use."""

    async def current(self, school: SchoolId) -> Pack:
        """The pack that the school (or the trust) uses today, as loaded."""


class School(Protocol):
    """What app.yaml says of a school (or the trust)."""

    @property
    def id(self) -> SchoolId: ...

    @property
    def name(self) -> str: ...

    @property
    def domains(self) -> tuple[str, ...]: ...

    @property
    def office(self) -> str:
        """Whom staff can ask, e.g. "Oakfield's office, extension 201"."""

    @property
    def contacts(self) -> tuple[str, ...]:
        """Telephone numbers, e-mail addresses and the postcode that anybody may know."""

    @property
    def safeguarding_phone(self) -> str:
        """Whom to ring about a child when nobody answers here; "" where none was given."""

    @property
    def holidays(self) -> tuple[Span, ...]:
        """Days on which nobody is expected to post."""


class Schools(Protocol):
    """The trust and its schools. A single school is a trust of one."""

    @property
    def trust(self) -> SchoolId: ...

    @property
    def zone(self) -> tzinfo:
        """Where the day begins and by which clock times are told."""

    def get(self, school: SchoolId) -> School | None:
        """A school, or the trust itself."""

    def ids(self) -> tuple[SchoolId, ...]:
        """The schools, without the trust."""
