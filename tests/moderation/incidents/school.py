"""Oakfield in memory, with a clock: people report, answer, or let ten minutes go by.

school = School()
report = await school.report(REED, words="…")
await school.minutes(10)
assert school.asked(report) == {NOVAK, SHAH}
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta, tzinfo
from itertools import count
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from moderation.accounts.model import Account
from moderation.checks.names.roster import Roster
from moderation.incidents import commands as ask
from moderation.incidents.facts import FactFinder
from moderation.incidents.model import Concern, Incident, IncidentId, Rung
from moderation.incidents.subject import Incidents
from moderation.kernel import (
    Accepted,
    AccountId,
    Asked,
    Identity,
    Later,
    PersonId,
    Platform,
    Refused,
    Repeated,
    SchoolId,
    Timer,
    handle,
)
from moderation.people.model import Appointment, Person, Role, Span
from moderation.policies.loader import shipped
from tests.fakes.units import FakeUnits
from tests.moderation.world import Place


if TYPE_CHECKING:
    from collections.abc import Collection

    from moderation.kernel import Event


NOON = datetime(2026, 11, 18, 12, 0, tzinfo=UTC)
TODAY = date(2026, 11, 18)
OAK, MILL, TRUST = SchoolId("oakfield"), SchoolId("millbrook"), SchoolId("fernhill")
NUMBER = "01632 960209"
PACK = shipped("step")
PAGE, THEIR_PAGE = AccountId("oakfield-facebook"), AccountId("millbrook-facebook")

REED, NOVAK, SHAH, ADE, HART = map(PersonId, ("reed", "novak", "shah", "ade", "hart"))
DIAZ, LUND, PRICE, QUINN = map(PersonId, ("diaz", "lund", "price", "quinn"))


def somebody(
    who: PersonId,
    *roles: Role,
    school: SchoolId = OAK,
    platform: Platform | None = Platform.SANDBOX,
    email: str = "",
    away: bool = False,
    until: date | None = None,
) -> Person:
    return Person(
        id=who,
        name=f"M. {who.capitalize()}",
        email=email,
        appointments=tuple(
            Appointment(school=school, role=role, span=Span(end=until)) for role in roles
        ),
        identities=(Identity(platform, who),) if platform is not None else (),
        absences=(Span(start=TODAY, end=TODAY),) if away else (),
    )


STAFF = (
    somebody(REED, Role.STAFF),
    somebody(LUND, Role.STAFF),
    somebody(NOVAK, Role.SAFEGUARDING_LEAD),
    somebody(SHAH, Role.DEPUTY_HEADTEACHER, Role.DEPUTY_SAFEGUARDING_LEAD),
    somebody(ADE, Role.HEADTEACHER),
    somebody(HART, Role.CHAIR_OF_GOVERNORS),
    somebody(DIAZ, Role.SUPPLY, until=date(2027, 7, 1)),
    somebody(PRICE, Role.HEADTEACHER, school=MILL),
    somebody(QUINN, Role.TRUST_LEAD, school=TRUST),
)


@dataclass(frozen=True, slots=True)
class Trust:
    """Implements :class:`moderation.people.ports.Schools`."""

    trust: SchoolId = TRUST
    zone: tzinfo = field(default=ZoneInfo("Europe/London"))
    number: str = NUMBER

    def get(self, school: SchoolId) -> Place | None:
        names = {OAK: "Oakfield Primary", MILL: "Millbrook Infants", TRUST: "Fernhill Trust"}
        if school not in names:
            return None
        number = self.number if school == OAK else ""
        return Place(id=school, name=names[school], safeguarding_phone=number)

    def ids(self) -> tuple[SchoolId, ...]:
        return OAK, MILL


class School:
    """One database, one clock, and everybody in ``people``."""

    def __init__(
        self,
        people: Collection[Person] = STAFF,
        platforms: Collection[Platform] = (Platform.SANDBOX,),
    ) -> None:
        self.now = NOON
        self.units = FakeUnits(
            packs=dict.fromkeys((OAK, MILL, TRUST), PACK),
            roster=Roster,
            now=lambda: self.now,
        )
        self.finder = FactFinder(Trust(), platforms)
        self._numbers = count(1)
        self._timed: set[str] = set()
        state = self.units.state
        for account, place in ((PAGE, OAK), (THEIR_PAGE, MILL)):
            state.accounts[account] = Account(
                id=account, school=place, platform="facebook", name=account
            )
        self.put(*people)

    def put(self, *people: Person) -> None:
        """From now on this is what the register says of them."""
        state = self.units.state
        for person in people:
            state.people[person.id] = person
            state.identities |= dict.fromkeys(person.identities, person.id)

    async def do(
        self, command: ask.Command, by: PersonId | None, key: str = ""
    ) -> Accepted[Incident, Event] | Repeated[Incident] | Refused:
        asked = Asked(
            by=Identity(Platform.SANDBOX, by or "stranger"),
            key=key or f"key-{next(self._numbers)}",
            at=self.now,
            person=by,
        )
        return await self._handled(command, asked)

    async def report(
        self, by: PersonId | None = REED, *named: PersonId, words: str = "It worries me."
    ) -> Incident:
        incident = IncidentId(f"report-{next(self._numbers)}")
        concern = Concern(words=words, named=frozenset(named))
        command = ask.ReportConcern(
            incident=incident, concern=concern, school=OAK if by == QUINN else None
        )
        outcome = await self.do(command, by)
        assert isinstance(outcome, Accepted), outcome
        return self.stored(incident)

    async def minutes(self, number: int) -> None:
        """Time goes by, and the timer does what falls due in it, in order."""
        until = self.now + timedelta(minutes=number)
        while due := self._due(until):
            later = min(due, key=lambda one: one.due)
            self.now = max(self.now, later.due)
            self._timed.add(later.key)
            assert isinstance(later.command, ask.Climb)
            asked = Asked(by=Timer(), key=f"later:{later.key}", at=self.now)
            await self._handled(later.command, asked)
        self.now = until

    def stored(self, incident: str) -> Incident:
        return self.units.state.incidents[incident][0]

    def _due(self, until: datetime) -> list[Later]:
        return [
            one
            for one in self.units.effects
            if isinstance(one, Later) and one.key not in self._timed and one.due <= until
        ]

    async def _handled(
        self, command: ask.Command, asked: Asked
    ) -> Accepted[Incident, Event] | Repeated[Incident] | Refused:
        async with self.units.write() as unit:
            outcome = await handle(Incidents(self.finder).taking(), command, asked, unit)
            if isinstance(outcome, Accepted) and outcome.events:
                await unit.commit()
            return outcome


def without(*people: PersonId) -> tuple[Person, ...]:
    return tuple(one for one in STAFF if one.id not in people)


def rungs(incident: Incident) -> list[tuple[Rung, PersonId]]:
    return [(one.rung, one.person) for one in incident.receivers]


def codes(outcome: object) -> frozenset[str]:
    assert isinstance(outcome, Refused), outcome
    return outcome.codes
