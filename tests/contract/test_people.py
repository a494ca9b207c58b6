"""What the stores of people and accounts promise: in memory, on SQLite and on PostgreSQL."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

import pytest

from moderation.accounts.model import MonthOrDay
from moderation.kernel import AccountId, Identity, PersonId, Platform
from moderation.people.model import AccountRole, Grant, Span, Standing
from storage.faults import RuleBroken
from tests.fakes import samples as some


if TYPE_CHECKING:
    from tests.databases import AnyUnits


async def test_people_are_found_by_id_identity_and_school(units: AnyUnits) -> None:
    visitor = some.person(PersonId("zed"), some.ELM)
    async with units.write() as unit:
        await unit.people.save((visitor, *some.STAFF))
        await unit.commit()
    async with units.read() as unit:
        people = unit.people
        assert await people.get(some.ANN) == some.STAFF[0]
        assert await people.get(PersonId("nobody")) is None
        assert await people.by_identity(Identity(Platform.TEAMS, "T-zed")) == visitor
        assert await people.by_identity(Identity(Platform.SANDBOX, "T-zed")) is None
        assert await people.who(Identity(Platform.TEAMS, "T-zed")) == visitor.id
        assert await people.who(Identity(Platform.SANDBOX, "T-zed")) is None
        assert await people.at(frozenset({some.OAK})) == some.STAFF
        assert await people.at(frozenset({some.OAK, some.ELM})) == (*some.STAFF, visitor)
        assert await people.at(frozenset()) == ()


async def test_a_person_is_replaced_as_a_whole(units: AnyUnits) -> None:
    ann = some.STAFF[0]
    slim = replace(ann, name="Ann Other", identities=ann.identities[:1], absences=())
    async with units.write() as unit:
        await unit.people.save((ann,))
        await unit.people.save((slim,))
        await unit.commit()
    async with units.read() as unit:
        assert await unit.people.get(some.ANN) == slim
        assert await unit.people.by_identity(ann.identities[1]) is None


async def test_who_would_rather_not_be_named_or_shown_stays_so(units: AnyUnits) -> None:
    quiet = replace(some.STAFF[0], may_be_named=False)
    shy = replace(some.STAFF[1], may_be_shown=False)
    async with units.write() as unit:
        await unit.people.save((quiet, shy, some.STAFF[2]))
        await unit.commit()
    async with units.read() as unit:
        assert await unit.people.get(quiet.id) == quiet
        assert await unit.people.get(shy.id) == shy
        assert await unit.people.get(some.STAFF[2].id) == some.STAFF[2]


async def test_one_identity_is_one_person(units: AnyUnits) -> None:
    ann, bob = some.STAFF[:2]
    thief = replace(bob, identities=ann.identities)
    async with units.write() as unit:
        await unit.people.save((ann,))
        with pytest.raises(RuleBroken):
            await unit.people.save((thief,))
    async with units.write() as unit:
        await unit.people.save((ann, bob))
        # Moving an identity within one save is no theft.
        await unit.people.save((replace(ann, identities=()), thief))
        await unit.commit()
    async with units.read() as unit:
        assert await unit.people.by_identity(ann.identities[0]) == thief


async def test_grants_of_an_account_are_replaced_together(units: AnyUnits) -> None:
    def grant(account: AccountId, who: PersonId, role: AccountRole) -> Grant:
        return Grant(account=account, person=who, role=role)

    lapsed = Grant(
        account=some.PAGE,
        person=some.BOB,
        role=AccountRole.MODERATOR,
        standing=Standing.PROPOSED,
        span=Span(end=date(2026, 1, 1)),
    )
    first = (grant(some.PAGE, some.CY, AccountRole.POSTER), lapsed)
    other = (grant(some.FEED, some.BOB, AccountRole.POSTER),)
    async with units.write() as unit:
        await unit.people.save(some.STAFF)
        await unit.people.save_grants(frozenset({some.PAGE}), (lapsed,))
        await unit.people.save_grants(frozenset({some.PAGE, some.FEED}), (*first, *other))
        await unit.commit()
    async with units.read() as unit:
        assert await unit.people.grants(frozenset({some.PAGE})) == first
        assert await unit.people.grants(frozenset({some.PAGE, some.FEED})) == (*other, *first)
        assert await unit.people.grants(frozenset()) == ()
        assert await unit.people.grants_of(some.BOB) == (*other, lapsed)
    async with units.write() as unit:
        await unit.people.save_grants(frozenset({some.PAGE}), ())
        await unit.commit()
    async with units.read() as unit:
        assert await unit.people.grants(frozenset({some.PAGE, some.FEED})) == other


async def test_the_register_is_in_order(units: AnyUnits) -> None:
    page = some.account()
    feed = replace(some.account(some.FEED, platform="x"), opened_on=None, closed_on=None)
    elm = some.account(AccountId("elm-page"), some.ELM, "bluesky")
    async with units.write() as unit:
        await unit.accounts.save((feed, page, elm))
        await unit.commit()
    closed = replace(page, closed_on=MonthOrDay(2026, 10), name="Our page")
    async with units.write() as unit:
        await unit.accounts.save((closed,))
        await unit.commit()
    async with units.read() as unit:
        assert await unit.accounts.get(some.PAGE) == closed
        assert await unit.accounts.get(AccountId("none")) is None
        assert await unit.accounts.of_school(some.OAK) == (closed, feed)
        assert await unit.accounts.all() == (elm, closed, feed)
