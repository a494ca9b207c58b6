"""A file through the one door, on every store: applied whole, or refused whole."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from moderation.accounts.model import MonthOrDay
from moderation.imports import commands as ask, events as happened, present
from moderation.imports.effects import IMPORT, Message
from moderation.imports.model import WAITS_FOR, Basis
from moderation.imports.queries import Preview
from moderation.imports.refusals import Refusal
from moderation.kernel import (
    Accepted,
    Audience,
    Later,
    Refused,
    Show,
    SubjectRef,
    Tell,
)
from moderation.people.model import Role
from tests.databases import plain_roster
from tests.fakes.units import FakeUnits
from tests.moderation.imports import trust as t
from tests.moderation.imports.office import Office, codes, event, page_with
from tests.proves import proves


if TYPE_CHECKING:
    from moderation.people.model import Appointment


NEXT_YEAR, LAST_YEAR = date(2027, 7, 23), date(2025, 7, 23)


# -- applied --------------------------------------------------------------------------------------


async def test_in_an_empty_register_the_operator_decides(empty: Office) -> None:
    first = event(await empty.take(t.people(*t.STAFF)), happened.Imported)
    assert first.basis is Basis.EMPTY_REGISTER
    assert first.counts.added == len(t.STAFF)
    second = event(await empty.take(page_with(t.ANN, t.BOB)), happened.Imported)
    assert second.basis is Basis.EMPTY_REGISTER
    assert await empty.moderators() == {t.ANN, t.BOB}


async def test_what_gives_no_rights_applies_at_once(office: Office) -> None:
    renamed = t.person(t.CY, name="Mx Cyan")
    applied = event(await office.take(t.people(renamed)), happened.Imported)
    assert applied.basis is Basis.NO_RIGHTS_GIVEN
    assert (await office.person(t.CY)) == renamed
    assert (await office.person(t.ANN)) is not None


async def test_less_power_never_waits_and_never_goes_unsaid(office: Office) -> None:
    applied = event(await office.take(page_with()), happened.Imported)
    assert await office.moderators() == set()
    assert applied.uncovered == (t.PAGE,)
    applied = event(await office.take(t.people(t.person(t.HEAD))), happened.Imported)
    assert applied.ended == (t.HEAD,)


async def test_the_same_file_twice_changes_nothing(office: Office) -> None:
    outcome = await office.take(page_with(t.ANN, t.BOB))
    assert isinstance(outcome, Accepted)
    assert outcome.events == ()


async def test_the_records_are_not_kept(office: Office) -> None:
    command = t.importing(t.people(t.person(t.CY, name="Mx Cyan")))
    await office.do(command, t.operator())
    assert (await office.batch(command.batch.id)).content is None


# -- refused --------------------------------------------------------------------------------------


async def test_a_chat_identity_is_one_persons(office: Office) -> None:
    thief = t.person(t.CY, identities=(t.slack("bob"),))
    assert codes(await office.take(t.people(thief))) == {Refusal.IDENTITY_TAKEN}
    given = (thief, t.person(t.BOB, identities=()))
    event(await office.take(t.people(*given)), happened.Imported)
    async with office.units.read() as unit:
        found = await unit.people.by_identity(t.slack("bob"))
    assert found is not None
    assert found.id == t.CY


async def test_rights_of_nobody_are_refused(office: Office) -> None:
    assert codes(await office.take(page_with(t.ANN, t.CHAIR))) == {Refusal.UNKNOWN_PERSON}
    assert await office.moderators() == {t.ANN, t.BOB}


@proves("STEP-MOD-3")
@pytest.mark.parametrize(
    ("posts", "told"),
    [
        ((t.post(Role.SUPPLY, end=NEXT_YEAR),), "supply"),
        ((t.post(Role.GOVERNOR),), "governor"),
        ((t.post(Role.DATA_PROTECTION_OFFICER),), "data protection officer"),
        ((t.post(Role.GOVERNOR), t.post(end=LAST_YEAR)), "governor"),
    ],
)
async def test_who_never_approves_is_no_moderator(
    office: Office, posts: tuple[Appointment, ...], told: str
) -> None:
    await office.take(t.people(t.person(t.CY, *posts)))
    file = page_with(t.ANN, t.BOB, t.CY)
    assert codes(await office.take(file)) == {Refusal.NEVER_APPROVES}
    preview = await office.service.ask(Preview(command=t.importing(file)), t.operator())
    assert isinstance(preview.decided, Refused)
    (said,) = present.refusal(preview.decided.reasons, preview.around)
    assert said.startswith(f"Mx Cy is {told} here, so ")
    assert await office.moderators() == {t.ANN, t.BOB}


async def test_whoever_governs_and_works_here_may_moderate(office: Office) -> None:
    await office.take(t.people(t.person(t.CY, t.post(), t.post(Role.GOVERNOR))))
    await office.waits(page_with(t.ANN, t.BOB, t.CY))


async def test_a_closed_account_keeps_its_moderators_of_then(office: Office) -> None:
    await office.take(t.people(t.person(t.CY, t.post(Role.GOVERNOR))))
    closed = t.page(closed_on=MonthOrDay(2024, 7))
    file = t.accounts(t.entry(closed, t.grant(t.ANN), t.grant(t.BOB), t.grant(t.CY)))
    event(await office.take(file), happened.Imported)


# -- what follows ---------------------------------------------------------------------------------


@pytest.fixture
async def desk() -> Office:
    """In memory, where effects can be looked at."""
    units = FakeUnits(roster=plain_roster, now=lambda: t.NOON)
    office = Office(units, t.service(units))
    await office.take(t.people(*t.STAFF))
    await office.take(page_with(t.ANN, t.BOB))
    return office


def effects(office: Office) -> list[object]:
    assert isinstance(office.units, FakeUnits)
    return list(office.units.effects)


async def test_the_head_is_told_and_the_clock_is_set(desk: Office) -> None:
    assert effects(desk) == []
    batch = await desk.waits(page_with(t.ANN, t.CY))
    subject = SubjectRef(IMPORT, batch)
    show, tell, later = effects(desk)
    assert show == Show(subject)
    assert tell == Tell(Audience.HEAD, Message.PLEASE_CONFIRM, subject)
    assert isinstance(later, Later)
    assert (later.command, later.due) == (ask.LapseImport(batch=batch), t.NOON + WAITS_FOR)


async def test_whoever_is_named_is_told_privately(desk: Office) -> None:
    await desk.take(page_with(t.ANN, t.CY), confirmed_by=(t.HEAD,))
    (tell,) = effects(desk)
    assert isinstance(tell, Tell)
    assert (tell.audience, tell.person) == (Audience.PERSON, t.HEAD)
    assert tell.message == Message.YOU_CONFIRMED


async def test_nobody_stops_being_head_without_hearing_of_it(desk: Office) -> None:
    await desk.take(t.people(t.person(t.HEAD), t.person(t.LEAD, t.post(Role.STAFF, t.TRUST))))
    told = [effect for effect in effects(desk) if isinstance(effect, Tell)]
    assert {(tell.person, tell.message) for tell in told} == {
        (t.HEAD, Message.NO_LONGER_HEAD),
        (t.LEAD, Message.NO_LONGER_HEAD),
    }


async def test_the_audit_knows_no_names(desk: Office) -> None:
    await desk.waits(page_with(t.ANN, t.CY))
    await desk.take(t.pupils(t.roll([t.pupil("N1", forename="Zephyrine")])))
    assert isinstance(desk.units, FakeUnits)
    said = repr(desk.units.events)
    for name in ("Mx", "Zephyrine", "Invented", "N1", "U-"):
        assert name not in said
