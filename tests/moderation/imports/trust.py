"""A small trust for the tests of imports: two schools, Oak and Elm, and their pages.

Ann and Bob moderate Oak's page, Head is Oak's head, Elle is Elm's, Lead leads the trust, Dee is
Oak's deputy, Sue a supply teacher at Oak. Everybody has a Slack account of their own.
"""

# Any stands for fields of the dataclass that is built: replace() refuses unknown ones.
# ruff: noqa: ANN401

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, tzinfo
from itertools import count
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from moderation.accounts.model import Account
from moderation.checks.model import Consent, PupilName, Purpose, Status
from moderation.imports.commands import Import
from moderation.imports.model import (
    Accounts,
    Batch,
    BatchId,
    Consents,
    Content,
    Entry,
    Family,
    Kind,
    People,
    Pupils,
    Roll,
    touched,
)
from moderation.imports.rights import Register
from moderation.kernel import (
    AccountId,
    Asked,
    Identity,
    Operator,
    PersonId,
    Platform,
    PupilKey,
    SchoolId,
    Timer,
)
from moderation.oversight.subject import Watches
from moderation.people.model import AccountRole, Appointment, Grant, Person, Pupil, Role, Span
from moderation.posts.facts import FactFinder
from moderation.posts.subject import Posts
from moderation.service import Service


if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from moderation.service import Units


OAK, ELM, TRUST = SchoolId("oak"), SchoolId("elm"), SchoolId("trust")
PAGE, FEED, LEAF = AccountId("oak-page"), AccountId("trust-feed"), AccountId("elm-page")
ANN, BOB, CY, DEE, SUE = (PersonId(who) for who in ("ann", "bob", "cy", "dee", "sue"))
HEAD, ELLE, LEAD, CHAIR = (PersonId(who) for who in ("head", "elle", "lead", "chair"))
NOON = datetime(2026, 11, 18, 12, 0, tzinfo=UTC)
TODAY = date(2026, 11, 18)
_numbers = count(1)


# -- the trust ------------------------------------------------------------------------------------


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


class Trust:
    """Implements :class:`moderation.people.ports.Schools`."""

    trust = TRUST
    zone: tzinfo = ZoneInfo("Europe/London")

    def get(self, school: SchoolId) -> Place | None:
        names = {OAK: "Oak Primary", ELM: "Elm Infants", TRUST: "Grove Trust"}
        return Place(id=school, name=names[school]) if school in names else None

    def ids(self) -> tuple[SchoolId, ...]:
        return OAK, ELM


class CountedIds:
    def new(self) -> str:
        return f"id-{next(_numbers):06}"


def service(units: Units) -> Service:
    schools = Trust()
    return Service(
        units=units,
        schools=schools,
        posts=Posts(FactFinder(schools, CountedIds())),
        watches=Watches(schools),
    )


# -- people and accounts --------------------------------------------------------------------------


def post(role: Role = Role.STAFF, school: SchoolId = OAK, **span: date) -> Appointment:
    return Appointment(school=school, role=role, span=Span(**span))


def slack(who: str) -> Identity:
    return Identity(Platform.SLACK, f"U-{who}")


def person(who: PersonId, *posts: Appointment, **fields: Any) -> Person:
    made = Person(
        id=who, name=f"Mx {who.title()}", appointments=posts or (post(),), identities=(slack(who),)
    )
    return replace(made, **fields)


def grant(
    who: PersonId, account: AccountId = PAGE, role: AccountRole = AccountRole.MODERATOR, **more: Any
) -> Grant:
    return replace(Grant(account=account, person=who, role=role), **more)


def page(name: AccountId = PAGE, school: SchoolId = OAK, **fields: Any) -> Account:
    made = Account(id=name, school=school, platform="facebook", name=str(name).title())
    return replace(made, **fields)


STAFF = (
    person(ANN),
    person(BOB),
    person(CY),
    person(DEE, post(Role.DEPUTY_HEADTEACHER)),
    person(SUE, post(Role.SUPPLY, end=date(2027, 7, 23))),
    person(HEAD, post(Role.HEADTEACHER)),
    person(ELLE, post(Role.HEADTEACHER, ELM)),
    person(LEAD, post(Role.TRUST_LEAD, TRUST)),
)
PAGES = (page(), page(LEAF, ELM), page(FEED, TRUST))
GRANTS = (grant(ANN), grant(BOB), grant(ELLE, LEAF), grant(ANN, FEED))


def register(
    people: Iterable[Person] = STAFF,
    accounts: Iterable[Account] = PAGES,
    grants: Iterable[Grant] = GRANTS,
) -> Register:
    return Register(
        people={someone.id: someone for someone in people},
        accounts={account.id: account for account in accounts},
        grants=tuple(grants),
        schools=frozenset({OAK, ELM}),
        trust=TRUST,
    )


def instead(*people: Person) -> tuple[Person, ...]:
    """Everybody, some of them as given here; new ones at the end."""
    new = {someone.id: someone for someone in people}
    kept = tuple(new.pop(someone.id, someone) for someone in STAFF)
    return (*kept, *new.values())


# -- pupils ---------------------------------------------------------------------------------------


def pupil(number: str, school: SchoolId = OAK, **fields: Any) -> Pupil:
    """As a file has one: under a key that was just made."""
    key = PupilKey(f"key-{next(_numbers):06}")
    forename = fields.pop("forename", "Wren")
    name = PupilName(pupil=key, legal_forename=forename, legal_surname="Invented")
    return replace(Pupil(key=key, school=school, number=number, name=name), **fields)


def roll(count_or_pupils: int | Iterable[Pupil], school: SchoolId = OAK, **fields: Any) -> Roll:
    pupils = (
        tuple(pupil(f"N{number}", school) for number in range(count_or_pupils))
        if isinstance(count_or_pupils, int)
        else tuple(count_or_pupils)
    )
    return replace(Roll(school=school, pupils=pupils), **fields)


def consent(key: PupilKey, status: Status = Status.GRANTED, **fields: Any) -> Consent:
    made = Consent(pupil=key, purpose=Purpose.PHOTO, scope="all", status=status)
    return replace(made, **fields)


def family(key: PupilKey, *consents: Consent, school: SchoolId = OAK) -> Family:
    return Family(school=school, pupil=key, consents=consents)


# -- imports --------------------------------------------------------------------------------------

KINDS: Mapping[type[Content], Kind] = {
    People: Kind.PEOPLE,
    Accounts: Kind.ACCOUNTS,
    Pupils: Kind.PUPILS,
    Consents: Kind.CONSENTS,
}


def entry(account: Account, *grants: Grant) -> Entry:
    return Entry(account=account, grants=grants)


def people(*someone: Person, only: SchoolId | None = None) -> People:
    return People(people=someone, only=only)


def accounts(*entries: Entry) -> Accounts:
    return Accounts(entries=entries)


def pupils(*rolls: Roll) -> Pupils:
    return Pupils(rolls=rolls)


def consents(*families: Family) -> Consents:
    return Consents(families=families)


def batch(content: Content, at: datetime = NOON) -> Batch:
    return Batch(
        id=BatchId(f"b-{next(_numbers):06}"),
        kind=KINDS[type(content)],
        received_at=at,
        content=content,
        touches=touched(content),
    )


def importing(content: Content, at: datetime = NOON, **options: Any) -> Import:
    return Import(batch=batch(content, at), **options)


def operator(at: datetime = NOON) -> Asked:
    return Asked(by=Operator(), key=f"import-{next(_numbers)}", at=at)


def click(who: PersonId, at: datetime = NOON) -> Asked:
    """A button pressed in Slack: the service finds out whose account it is."""
    return Asked(by=slack(who), key=f"click-{next(_numbers)}", at=at)


def timer(at: datetime = NOON) -> Asked:
    return Asked(by=Timer(), key=f"timer-{next(_numbers)}", at=at)
