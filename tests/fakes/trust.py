"""An invented trust as a store holds it: Oakfield with its own people, Millbrook with two staff.

Facebook and X of Oakfield have a channel each; Instagram and Millbrook's page have none, so their
cards go privately to each who may decide. Mrs Okafor is in Slack too; Mr Hart is in no chat.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

from moderation.accounts.model import Account, MonthOrDay
from moderation.checks.model import Consent, PupilName, Purpose, Status
from moderation.kernel import AccountId, Identity, PersonId, Platform, PupilKey, SchoolId
from moderation.people.model import AccountRole, Appointment, Grant, Person, Pupil, Role, Span
from moderation.ports import Conversation


if TYPE_CHECKING:
    from collections.abc import Mapping

    from storage.unit_of_work import Unit


NOON = datetime(2026, 11, 18, 12, 0, tzinfo=UTC)
"""A Wednesday in term; London and UTC agree."""

OAK, MILL, TRUST = SchoolId("oakfield"), SchoolId("millbrook"), SchoolId("fernhill")
FACEBOOK, X = AccountId("oakfield-facebook"), AccountId("oakfield-x")
INSTAGRAM, MILL_PAGE = AccountId("oakfield-instagram"), AccountId("millbrook-facebook")
FACEBOOK_CHANNEL = Conversation(Platform.SANDBOX, f"channel:{FACEBOOK}")
X_CHANNEL = Conversation(Platform.SANDBOX, f"channel:{X}")

REED, OKAFOR, LUND, ADE = map(PersonId, ("reed", "okafor", "lund", "ade"))
SHAH, NOVAK, BELL, HART = map(PersonId, ("shah", "novak", "bell", "hart"))
PRICE, MARSH, QUINN = map(PersonId, ("price", "marsh", "quinn"))

NAMES = {
    REED: ("Sam Reed", OAK, (Role.STAFF,)),
    OKAFOR: ("Mrs Ngozi Okafor", OAK, (Role.STAFF, Role.BUSINESS_MANAGER)),
    LUND: ("Mr Erik Lund", OAK, (Role.STAFF,)),
    ADE: ("Mrs Yemi Ade", OAK, (Role.HEADTEACHER,)),
    SHAH: ("Miss Priya Shah", OAK, (Role.DEPUTY_HEADTEACHER,)),
    NOVAK: ("Ms Hana Novak", OAK, (Role.SAFEGUARDING_LEAD,)),
    BELL: ("Mr Tom Bell", OAK, (Role.ADMINISTRATOR,)),
    HART: ("Mr Colin Hart", OAK, (Role.CHAIR_OF_GOVERNORS,)),
    PRICE: ("Mrs Carys Price", MILL, (Role.HEADTEACHER,)),
    MARSH: ("Mr Joel Marsh", MILL, (Role.STAFF,)),
    QUINN: ("Dr Maeve Quinn", TRUST, (Role.TRUST_LEAD,)),
}
ACCOUNTS = {
    FACEBOOK: (OAK, "facebook", "Oakfield Primary"),
    X: (OAK, "x", "Oakfield PE and Sport"),
    INSTAGRAM: (OAK, "instagram", "Oakfield Pictures"),
    MILL_PAGE: (MILL, "facebook", "Millbrook Infants"),
}
MODERATORS = {
    FACEBOOK: (OKAFOR, LUND),
    X: (OKAFOR, LUND),
    INSTAGRAM: (OKAFOR, LUND),
    MILL_PAGE: (PRICE, MARSH),
}
POSTERS = {
    FACEBOOK: (REED, BELL),
    X: (REED,),
    INSTAGRAM: (REED, LUND),
    MILL_PAGE: (MARSH,),
}
ADMINISTRATORS = {FACEBOOK: (BELL,), X: (BELL,), INSTAGRAM: (BELL,), MILL_PAGE: (PRICE,)}

AMELIA, KOFI, WREN = PupilKey("oak-amelia"), PupilKey("oak-kofi"), PupilKey("mill-wren")
CANARY = PupilKey("oak-canary")
CANARY_NAME = "Zephyrine Quillfeather"
"""The pupil whose name must be found nowhere in the clear."""
PUPILS = {
    AMELIA: (OAK, "Amelia", "Khan", "Year 4", "4B"),
    KOFI: (OAK, "Kofi", "Farrow", "Year 4", "4B"),
    CANARY: (OAK, "Zephyrine", "Quillfeather", "Year 5", "5A"),
    WREN: (MILL, "Wren", "Tindall", "Year 1", "Acorn"),
}


def identity(person: PersonId, platform: Platform = Platform.SANDBOX) -> Identity:
    return Identity(platform, person)


def _person(who: PersonId) -> Person:
    name, school, roles = NAMES[who]
    identities = [] if who == HART else [identity(who)]
    if who == OKAFOR:
        identities.append(identity(who, Platform.SLACK))
    return Person(
        id=who,
        name=name,
        appointments=tuple(
            Appointment(school=school, role=role, span=Span(start=date(2020, 9, 1)))
            for role in roles
        ),
        identities=tuple(identities),
    )


def _pupil(key: PupilKey) -> Pupil:
    school, forename, surname, year, form = PUPILS[key]
    name = PupilName(
        pupil=key, legal_forename=forename, legal_surname=surname, year_group=year, form=form
    )
    return Pupil(key=key, school=school, number=f"N-{key}", name=name)


def consent(pupil: PupilKey, status: Status) -> Consent:
    return Consent(
        pupil=pupil,
        purpose=Purpose.PHOTO,
        scope="all",
        status=status,
        given_on=date(2026, 9, 7),
        informed_by="parent_or_carer",
    )


CONSENTS = {
    AMELIA: Status.GRANTED,
    KOFI: Status.REFUSED,
    CANARY: Status.GRANTED,
    WREN: Status.GRANTED,
}


def grants() -> tuple[Grant, ...]:
    held = (
        (AccountRole.MODERATOR, MODERATORS),
        (AccountRole.POSTER, POSTERS),
        (AccountRole.ADMINISTRATOR, ADMINISTRATORS),
    )
    return tuple(
        Grant(account=account, person=person, role=role)
        for role, by_account in held
        for account, people in by_account.items()
        for person in people
    )


async def know(unit: Unit, identities: Mapping[PersonId, tuple[Identity, ...]]) -> None:
    """These people are known by these identities from now on, and by no others."""
    found = [(await unit.people.get(person), known) for person, known in identities.items()]
    await unit.people.save(tuple(replace(who, identities=known) for who, known in found if who))


async def write(unit: Unit) -> None:
    """The whole of it, into an empty store."""
    await unit.people.save(tuple(map(_person, NAMES)))
    await unit.accounts.save(
        tuple(
            Account(
                id=account,
                school=school,
                platform=platform,
                name=name,
                opened_on=MonthOrDay(2020, 9, 1),
            )
            for account, (school, platform, name) in ACCOUNTS.items()
        )
    )
    await unit.people.save_grants(frozenset(ACCOUNTS), grants())
    for account, place in ((FACEBOOK, FACEBOOK_CHANNEL), (X, X_CHANNEL)):
        await unit.homes.use(account, place)
    for school in (OAK, MILL):
        pupils = tuple(_pupil(key) for key, row in PUPILS.items() if row[0] == school)
        await unit.rolls.save_pupils(school, pupils)
        consents = tuple(consent(pupil.key, CONSENTS[pupil.key]) for pupil in pupils)
        await unit.rolls.save_consents(school, consents)
