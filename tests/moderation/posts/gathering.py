"""Gathering the facts of one command: a world with two packs, and short ways to ask."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

from moderation.checks.model import Check, Consent, Purpose, Status
from moderation.kernel import (
    Asked,
    PersonId,
    PupilKey,
    Timer,
)
from moderation.people.queries import rights_for
from moderation.posts import commands as ask
from moderation.posts.facts import FactFinder
from moderation.posts.model import Post, State
from tests import builders
from tests.moderation import world as place
from tests.moderation.posts import examples as some
from tests.moderation.posts.examples import FACEBOOK, OAK, POST, X
from tests.moderation.world import MILL, TRUST, world


if TYPE_CHECKING:
    from moderation.people.rights import Rights
    from moderation.posts.guards import Facts
    from tests.moderation.world import World


TODAY_PACK, OLDER = some.PACK, replace(some.PACK, digest="sha256:" + "1" * 64)
MILLIE, BRUNO, NOBODYS = PupilKey("p1"), PupilKey("p2"), PupilKey("p99")
WREN = PupilKey("m1")
LATE = datetime(2026, 7, 1, 23, 30, tzinfo=UTC)
"""In London it is the next day."""
NAMED = "Amelia Khan has won."


@dataclass(frozen=True, slots=True)
class Places(place.Trust):
    """The trust's schools with what they let everybody know."""

    def get(self, school: object) -> place.Place | None:
        found = place.Trust().get(school)  # type: ignore[arg-type]
        known = {"domains": ("oakfield.example",), "contacts": ("01632 960001",)}
        return None if found is None else replace(found, **known)  # type: ignore[arg-type]


SCHOOLS = Places()


def store(*posts: Post, **settings: object) -> World:
    """The world, with an older pack that posts may be pinned to."""
    made = world(*posts)
    pack = replace(TODAY_PACK, settings=replace(TODAY_PACK.settings, **settings))  # type: ignore[arg-type]
    made.units.packs = dict.fromkeys((OAK, MILL, TRUST), pack)
    made.units.older = (OLDER,)
    return made


def consent(pupil: PupilKey, scope: str = "all") -> Consent:
    return Consent(pupil=pupil, purpose=Purpose.PHOTO, scope=scope, status=Status.GRANTED)


def finder() -> FactFinder:
    return FactFinder(SCHOOLS, builders.CountedIds())


def by(who: PersonId | None = some.SAM, at: datetime = some.NOW) -> Asked:
    return Asked(by=Timer(), key="k", at=at, person=who)


async def gather(
    of: World, post: Post | None, command: ask.Command, at: datetime = some.NOW
) -> Facts:
    async with of.units.read() as unit:
        return await finder().gather(unit, post, command, by(at=at))


async def rights(of: World, school: object, *accounts: object, day: date = some.TODAY) -> Rights:
    async with of.units.read() as unit:
        return await rights_for(
            unit,
            SCHOOLS,
            school=school,  # type: ignore[arg-type]
            accounts=frozenset(accounts),  # type: ignore[arg-type]
            settings=TODAY_PACK.settings,
            day=day,
        )


def pinned(state: State = State.IN_REVIEW, **fields: object) -> Post:
    """A post of two pages that is judged by the older pack."""
    words = some.content(NAMED, accounts=(FACEBOOK, X))
    made = some.post(state, revision=some.revision(1, content=words, pack=OLDER.digest))
    return replace(made, **fields)  # type: ignore[arg-type]


def propose(*accounts: object, **fields: object) -> ask.Propose:
    words = some.content(NAMED, accounts=accounts or (FACEBOOK,), **fields)
    return ask.Propose(post=POST, content=words)


def names_a_child(facts: Facts) -> bool:
    return any(item.check is Check.PUPIL_NAMES for item in facts.findings)
