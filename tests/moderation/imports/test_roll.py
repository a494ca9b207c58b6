"""Files about pupils and their permissions, through the one door."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from moderation.checks.model import Status
from moderation.imports import events as happened
from moderation.imports.refusals import Refusal
from tests.moderation.imports import trust as t


if TYPE_CHECKING:
    from moderation.people.model import Pupil
from tests.moderation.imports.office import Office, codes, event


# -- pupils ---------------------------------------------------------------------------------------


async def test_half_a_school_leaves_only_when_it_is_meant(empty: Office) -> None:
    whole = t.roll(60)
    half = t.roll(whole.pupils[:30])
    await empty.take(t.pupils(whole))
    assert codes(await empty.take(t.pupils(half))) == {Refusal.CLOSES_MANY}
    for wrong in (0, 29, 31, 60):
        outcome = await empty.take(t.pupils(half), closing=wrong)
        assert codes(outcome) == {Refusal.CLOSING_DIFFERS}
    assert [pupil.left_on for pupil in (await empty.roll()).values()] == [None] * 60
    applied = event(await empty.take(t.pupils(half), closing=30), happened.Imported)
    assert applied.counts.closed == 30
    left = [pupil for pupil in (await empty.roll()).values() if pupil.left_on == t.TODAY]
    assert len(left) == 30


async def test_leavers_stay_in_the_check_and_come_back_as_themselves(empty: Office) -> None:
    whole = t.roll(60)
    await empty.take(t.pupils(whole))
    await empty.take(t.pupils(t.roll(whole.pupils[1:])))
    key = (await empty.roll())["N0"].key
    async with empty.units.read() as unit:
        roster = await unit.rolls.roster(t.OAK)
    assert roster is not None
    assert len(tuple(roster)) == 60  # type: ignore[arg-type]  # the tests' roster is the names
    applied = event(await empty.take(t.pupils(t.roll(60))), happened.Imported)
    assert applied.counts.returned == 1
    back = (await empty.roll())["N0"]
    assert (back.key, back.left_on) == (key, None)


async def test_a_returning_pupil_keeps_their_consents(empty: Office) -> None:
    await empty.take(t.pupils(t.roll(60)))
    key = (await empty.roll())["N0"].key
    await empty.take(t.consents(t.family(key, t.consent(key, Status.REFUSED))))
    await empty.take(t.pupils(t.roll((await rest(empty))[1:])))
    await empty.take(t.pupils(t.roll(60)))
    assert await empty.consents((await empty.roll())["N0"].key) == (t.consent(key, Status.REFUSED),)


async def rest(office: Office) -> tuple[Pupil, ...]:
    return tuple(sorted((await office.roll()).values(), key=lambda pupil: pupil.number))


# -- consents -------------------------------------------------------------------------------------


async def test_a_permission_nobody_gives_any_more_is_gone(empty: Office) -> None:
    await empty.take(t.pupils(t.roll(3)))
    keys = [pupil.key for pupil in (await empty.roll()).values()]
    first = t.consents(*(t.family(key, t.consent(key)) for key in keys))
    await empty.take(first)
    second = t.consents(t.family(keys[0], t.consent(keys[0], Status.WITHDRAWN)), t.family(keys[1]))
    applied = event(await empty.take(second), happened.Imported)
    assert (applied.counts.changed, applied.counts.closed) == (1, 1)
    withdrawn = replace(t.consent(keys[0], Status.WITHDRAWN), given_on=t.TODAY)
    assert await empty.consents(keys[0]) == (withdrawn,)
    assert await empty.consents(keys[1]) == ()
    assert await empty.consents(keys[2]) == (t.consent(keys[2]),)


async def test_yesterdays_export_doesnt_undo_a_withdrawal(empty: Office) -> None:
    await empty.take(t.pupils(t.roll(1)))
    [key] = [pupil.key for pupil in (await empty.roll()).values()]
    granted = replace(t.consent(key), given_on=t.TODAY - timedelta(days=9))
    await empty.take(t.consents(t.family(key, granted)))
    await empty.take(t.consents(t.family(key, t.consent(key, Status.WITHDRAWN))))
    [withdrawn] = await empty.consents(key)
    for export in (t.family(key, granted), t.family(key, t.consent(key)), t.family(key)):
        await empty.take(t.consents(export))
        assert await empty.consents(key) == (withdrawn,)
    again = replace(granted, given_on=t.TODAY + timedelta(days=1))
    await empty.take(t.consents(t.family(key, again)))
    assert await empty.consents(key) == (again,)


async def test_a_permission_for_nobody_on_the_roll_is_refused(empty: Office) -> None:
    await empty.take(t.pupils(t.roll(60)))
    pupils = await rest(empty)
    await empty.take(t.pupils(t.roll(pupils[1:])))
    left = pupils[0].key
    outcome = await empty.take(t.consents(t.family(left, t.consent(left))))
    assert codes(outcome) == {Refusal.UNKNOWN_PUPIL}
