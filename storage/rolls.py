"""Pupils and their consents: every word sealed, one roster for each version of a roll."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

import sqlalchemy as sa

from moderation.checks.model import Consent
from moderation.kernel import PupilKey, SchoolId
from moderation.people.model import Pupil
from storage import mapping, operating_tables, tables as t
from storage.faults import RuleBroken


if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from datetime import datetime

    from moderation.checks.model import PupilName
    from moderation.checks.names.roster import Roster
    from storage.session import Session


Versions = frozenset[tuple[SchoolId, int]]


class RosterCache:
    """Rosters in memory, by the versions of the rolls they were built from and the year.

    A roll that changes has another version and so never meets an old roster. What was built inside
    a transaction that may yet be undone is not kept.
    """

    def __init__(
        self, build: Callable[[Iterable[PupilName]], Roster], now: Callable[[], datetime]
    ) -> None:
        self._build = build
        self.now = now
        self._kept: dict[tuple[Versions, int], Roster] = {}

    def find(self, versions: Versions, year: int) -> Roster | None:
        """The roster of exactly these rolls, if it is still kept."""
        return self._kept.get((versions, year))

    def build(self, pupils: Iterable[Pupil], year: int) -> Roster:
        """A leaver's name stays until 31 December of the year of leaving."""
        return self._build(
            pupil.name for pupil in pupils if pupil.left_on is None or pupil.left_on.year >= year
        )

    def keep(self, versions: Versions, year: int, roster: Roster) -> None:
        """Keep it instead of the one of the same schools' earlier versions."""
        schools = {school for school, _ in versions}
        for known in [key for key in self._kept if {school for school, _ in key[0]} == schools]:
            del self._kept[known]
        self._kept[versions, year] = roster


class SqlRolls:
    """:class:`moderation.people.ports.Rolls` in a database."""

    def __init__(self, session: Session, cache: RosterCache) -> None:
        self._session = session
        self._cache = cache
        self._changed = False
        self._known: Versions | None = None

    async def roster(self, school: SchoolId) -> Roster | None:
        """Names to check against, leavers of this year included; ``None`` without any list."""
        return await self._roster(
            frozenset(pair for pair in await self._versions() if pair[0] == school)
        )

    async def others(self, school: SchoolId) -> Roster | None:
        """The same for every other school of the trust together."""
        return await self._roster(
            frozenset(pair for pair in await self._versions() if pair[0] != school)
        )

    async def _versions(self) -> Versions:
        """Of one moment for the whole unit of work, until it changes one itself."""
        if self._known is None:
            rows = await self._session.execute(sa.select(t.roll))
            self._known = frozenset((SchoolId(row.school), row.version) for row in rows)
        return self._known

    async def _roster(self, versions: Versions) -> Roster | None:
        if not versions:
            return None
        year = self._cache.now().year
        known = self._cache.find(versions, year)
        if known is not None:
            return known
        schools = [school for school, _ in versions]
        roster = self._cache.build(await self._pupils(t.pupil.c.school.in_(schools)), year)
        if not self._changed:
            self._cache.keep(versions, year, roster)
        return roster

    async def pupils(self, school: SchoolId) -> tuple[Pupil, ...]:
        """The whole roll with leavers, ordered by key."""
        return await self._pupils(t.pupil.c.school == school)

    async def _pupils(self, which: sa.ColumnElement[bool]) -> tuple[Pupil, ...]:
        rows = (await self._session.execute(sa.select(t.pupil).where(which))).all()
        found = (
            mapping.from_json(self._session.unseal(t.pupil, row.key, row.body), Pupil)
            for row in rows
        )
        return tuple(sorted(found, key=lambda pupil: pupil.key))

    async def consents(self, pupils: frozenset[PupilKey]) -> Mapping[PupilKey, tuple[Consent, ...]]:
        """What is on record; a pupil without any record is left out."""
        if not pupils:
            return {}
        return await self._consents(t.pupil_consent.c.pupil.in_(pupils))

    async def consents_at(self, school: SchoolId) -> tuple[Consent, ...]:
        """Every consent of a school, ordered by pupil."""
        found = await self._consents(t.pupil_consent.c.school == school)
        return tuple(consent for key in sorted(found) for consent in found[key])

    async def _consents(self, which: sa.ColumnElement[bool]) -> dict[PupilKey, tuple[Consent, ...]]:
        rows = (await self._session.execute(sa.select(t.pupil_consent).where(which))).all()
        return {
            PupilKey(row.pupil): mapping.from_json(
                self._session.unseal(t.pupil_consent, row.pupil, row.body), tuple[Consent, ...]
            )
            for row in rows
        }

    async def save_pupils(self, school: SchoolId, pupils: tuple[Pupil, ...]) -> None:
        """Insert or replace these pupils and raise the roll's version."""
        if any(pupil.school != school for pupil in pupils):
            raise RuleBroken("a pupil is on the roll of one school")
        self._changed, self._known = True, None
        raised = self._session.insert(t.roll).values(school=school, version=1)
        await self._session.execute(
            raised.on_conflict_do_update(
                index_elements=["school"], set_={"version": t.roll.c.version + 1}
            )
        )
        # Out first, so that two pupils may swap their numbers.
        keys = [pupil.key for pupil in pupils]
        for some in _batches(keys):
            await self._session.execute(t.pupil.delete().where(t.pupil.c.key.in_(some)))
        rows = [self._pupil_row(pupil) for pupil in pupils]
        if rows:
            await self._session.execute(t.pupil.insert(), rows)

    async def received(self, school: SchoolId, at: datetime) -> None:
        """Note that the school's list came in, also where it said nothing new."""
        row = {"school": school, "at": at}
        await self._session.upsert(operating_tables.roster_received, row)

    async def last_received(self) -> Mapping[SchoolId, datetime]:
        """When each school's list last came in."""
        rows = await self._session.execute(sa.select(operating_tables.roster_received))
        return {SchoolId(row.school): row.at for row in rows}

    def _pupil_row(self, pupil: Pupil) -> dict[str, object]:
        body = mapping.to_json(pupil).encode()
        return {
            "key": pupil.key,
            "school": pupil.school,
            "number_key": number_key(pupil, self._session.lookup),
            "body": self._session.seal(t.pupil, pupil.key, body),
        }

    async def save_consents(
        self,
        school: SchoolId,
        consents: tuple[Consent, ...],
        *,
        of: frozenset[PupilKey] = frozenset(),
    ) -> None:
        """Make these the only consents of the pupils they speak of, and of all in ``of``."""
        spoken: dict[PupilKey, list[Consent]] = defaultdict(list)
        for consent in consents:
            spoken[consent.pupil].append(consent)
        for some in _batches(sorted(of - spoken.keys())):
            gone = t.pupil_consent.c.pupil.in_(some)
            await self._session.execute(t.pupil_consent.delete().where(gone))
        rows = []
        for pupil, records in spoken.items():
            body = mapping.to_json(tuple(records), tuple[Consent, ...]).encode()
            sealed = self._session.seal(t.pupil_consent, pupil, body)
            rows.append({"pupil": pupil, "school": school, "body": sealed})
        await self._session.upsert(t.pupil_consent, *rows)


def number_key(pupil: Pupil, lookup: Callable[[str, str], bytes]) -> bytes:
    """The keyed digest under which a pupil's number may stand once only."""
    return lookup(f"{pupil.school}\x00{pupil.number}", "pupil.number_key")


def _batches(keys: list[PupilKey], size: int = 500) -> Iterable[list[PupilKey]]:
    """SQLite takes so many parameters and no more."""
    return (keys[start : start + size] for start in range(0, len(keys), size))
