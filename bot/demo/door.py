"""The sandbox's door: everybody's, and the row of people whose part can be played."""

from __future__ import annotations

from dataclasses import dataclass
from operator import itemgetter
from typing import TYPE_CHECKING

from adapters.sandbox.door import Place, Seat
from bot.door.staff import StaffDoor
from moderation.accounts import present as register
from moderation.kernel import Identity, Platform
from moderation.people import present as staff
from moderation.people.model import AccountRole, Role
from moderation.people.queries import belongs_to
from moderation.posts.queries import waiting_counts
from moderation.words import capital


if TYPE_CHECKING:
    from adapters.playing import Video
    from moderation.kernel import BlobId


@dataclass(frozen=True, slots=True, kw_only=True)
class SandboxDoor(StaffDoor):
    """Implements :class:`adapters.sandbox.door.SandboxDoor`."""

    async def seats(self) -> tuple[Seat, ...]:
        schools = self.service.schools
        now = self.clock.now()
        day = now.astimezone(schools.zone).date()
        places = (*schools.ids(), schools.trust)
        async with self.units.read() as unit:
            people = await unit.people.at(frozenset(places))
            grants = await unit.people.grants(
                frozenset(one.id for one in await unit.accounts.all())
            )
            waiting = await waiting_counts(unit, schools, (one.id for one in people), now)
        found: list[tuple[tuple[int, int, bool, str], Seat]] = []
        moderators = {one.person for one in grants if one.role is AccountRole.MODERATOR}
        # Who writes comes first, then who says yes: the row never jumps.
        for person in people:
            identity = next(
                (one for one in person.identities if one.platform is Platform.SANDBOX), None
            )
            place = next((one for one in places if person.roles(one, day)), None)
            if identity is None or place is None:
                continue
            school = schools.get(place)
            seat = Seat(
                person=person.id,
                identity=identity,
                name=person.name,
                roles=capital(staff.role_names(person.roles(place, day))),
                school=school.name if school is not None else place,
                waiting=waiting[person.id],
            )
            rank = min(list(Role).index(role) for role in person.roles(place, day))
            found.append(((places.index(place), rank, person.id in moderators, seat.name), seat))
        return tuple(seat for _, seat in sorted(found, key=itemgetter(0)))

    async def video(self, blob: BlobId, *, by: Identity) -> Video | None:
        del by  # the adapter shows it to the person whose form or card named it
        return await self.pictures.video(blob)

    async def places(self, *, by: Identity) -> tuple[Place, ...]:
        """The conversations of the open accounts of the schools that this person belongs to."""
        schools = self.service.schools
        now = self.clock.now()
        day = now.astimezone(schools.zone).date()
        found: list[Place] = []
        async with self.units.read() as unit:
            person = await unit.people.by_identity(by)
            mine = belongs_to(person, schools, day) if person is not None else frozenset()
            for school in sorted(mine, key=lambda place: (place == schools.trust, place)):
                for account in await unit.accounts.of_school(school):
                    if account.closed(day):
                        continue
                    found += [
                        Place(conversation=place.id, label=register.page(account))
                        for place in await unit.homes.conversations(account.id)
                        if place.platform is by.platform
                    ]
        return tuple(found)
