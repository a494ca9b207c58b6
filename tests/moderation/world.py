"""The examples' trust in a store: Oakfield, Millbrook and the trust itself, with pupils.

Mrs Price and Mr Marsh run Millbrook's page; nobody of Oakfield has anything to do with it.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime, tzinfo
from typing import TYPE_CHECKING, Protocol, TypeVar

from moderation.accounts.model import Account, MonthOrDay
from moderation.checks.model import PupilName
from moderation.checks.names.roster import Roster
from moderation.kernel import AccountId, Asked, PersonId, PupilKey, SchoolId, Timer
from moderation.people.model import AccountRole, Appointment, Grant, Person, Pupil, Role, Span
from tests.fakes.units import FakeUnit, FakeUnits
from tests.moderation.posts import examples as some


if TYPE_CHECKING:
    from moderation.people.ports import Schools
    from moderation.posts.model import Post


OAK, MILL, TRUST = some.OAK, SchoolId("millbrook"), some.TRUST
MILL_PAGE, TRUST_PAGE = AccountId("millbrook-facebook"), AccountId("fernhill-linkedin")
PRICE, MARSH, STRANGER = PersonId("price"), PersonId("marsh"), PersonId("nobody")
R_co = TypeVar("R_co", covariant=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Implements :class:`moderation.people.ports.School`."""

    id: SchoolId
    name: str
    domains: tuple[str, ...] = ()
    office: str = "the school office"
    contacts: tuple[str, ...] = ()
    safeguarding_phone: str = ""
    holidays: tuple[Span, ...] = ()


@dataclass(frozen=True, slots=True)
class Trust:
    """Implements :class:`moderation.people.ports.Schools`."""

    holidays: tuple[Span, ...] = ()
    trust: SchoolId = TRUST
    zone: tzinfo = field(default=some.LONDON)

    def get(self, school: SchoolId) -> Place | None:
        names = {
            OAK: "Oakfield Primary School",
            MILL: "Millbrook Infant School",
            TRUST: "Fernhill Learning Trust",
        }
        if school not in names:
            return None
        return Place(id=school, name=names[school], holidays=self.holidays)

    def ids(self) -> tuple[SchoolId, ...]:
        return OAK, MILL


class Query(Protocol[R_co]):
    async def read(self, unit: FakeUnit, asked: Asked, schools: Schools) -> R_co: ...


def pupil(
    number: int,
    forename: str,
    surname: str,
    year: str,
    form: str,
    school: SchoolId = OAK,
    *,
    preferred: str = "",
) -> Pupil:
    key = PupilKey(f"p{number}" if school == OAK else f"m{number}")
    name = PupilName(
        pupil=key,
        legal_forename=forename,
        preferred_forename=preferred,
        legal_surname=surname,
        year_group=year,
        form=form,
    )
    return Pupil(key=key, school=school, number=str(number), name=name)


PUPILS = (
    pupil(1, "Amelia", "Khan", "Year 4", "4B", preferred="Millie"),
    pupil(2, "Bruno", "Łukasik", "4", "4B"),
    pupil(3, "Zoë", "Mensah", "R", "Robins"),
    replace(pupil(4, "Amelia", "Gone", "Year 6", "6A"), left_on=some.TODAY),
    *(pupil(10 + at, "Kofi", f"Ade{chr(97 + at)}", "Year 2", "2A") for at in range(12)),
)
THEIRS = (pupil(1, "Wren", "Tindall", "Year 1", "Acorn", MILL),)


def place_person(who: PersonId, name: str, role: Role) -> Person:
    return Person(id=who, name=name, appointments=(Appointment(school=MILL, role=role),))


def account(name: AccountId, school: SchoolId, platform: str, title: str) -> Account:
    return Account(
        id=name, school=school, platform=platform, name=title, opened_on=MonthOrDay(2020, 9, 1)
    )


@dataclass(frozen=True, slots=True)
class World:
    """A store with a few people, and a way to ask it questions as any of them."""

    units: FakeUnits
    schools: Trust = field(default_factory=Trust)

    async def ask(self, query: Query[R_co], by: PersonId | None, now: datetime = some.NOW) -> R_co:
        """The answer for this person; ``None`` and ``STRANGER`` are nobody whom we know."""
        known = by if by in self.units.state.people else None
        asked = Asked(by=Timer(), key=f"query-{by}-{now}", at=now, person=known)
        async with self.units.read() as unit:
            return await query.read(unit, asked, self.schools)

    def keep(self, *posts: Post, version: int = 3) -> None:
        """Posts as if they had got there by themselves."""
        for post in posts:
            self.units.state.posts[post.id] = (post, version)


def world(*posts: Post) -> World:
    """Everybody, every account, every pupil, and these posts."""
    units = FakeUnits(
        packs=dict.fromkeys((OAK, MILL, TRUST), some.PACK), roster=Roster, now=lambda: some.NOW
    )
    state = units.state
    people = (
        *some.PEOPLE,
        place_person(PRICE, "Mrs Price", Role.HEADTEACHER),
        place_person(MARSH, "Mr Marsh", Role.STAFF),
    )
    state.people |= {one.id: one for one in people}
    pages = (
        *some.ACCOUNTS.values(),
        account(MILL_PAGE, MILL, "facebook", "Millbrook Infants"),
        account(TRUST_PAGE, TRUST, "linkedin", "Fernhill Learning Trust"),
    )
    state.accounts |= {one.id: one for one in pages}
    state.grants = (
        *some.grants(some.FACEBOOK, some.X),
        *(
            Grant(account=page, person=who, role=AccountRole.MODERATOR)
            for page, who in (
                (MILL_PAGE, PRICE),
                (MILL_PAGE, MARSH),
                (TRUST_PAGE, some.QUINN),
                (TRUST_PAGE, some.ADE),
                (TRUST_PAGE, PRICE),
            )
        ),
    )
    state.pupils |= {one.key: one for one in (*PUPILS, *THEIRS)}
    state.rolls |= {OAK: 1, MILL: 1}
    blobs = (some.PICTURE, some.OTHER_PICTURE)
    state.inspections |= {blob: some.inspection(blob) for blob in blobs}
    state.pictures |= dict.fromkeys(blobs, "seen")
    made = World(units)
    made.keep(*posts)
    return made
