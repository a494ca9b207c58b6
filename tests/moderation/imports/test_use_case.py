"""A file through the one door, on every store: applied whole, waiting whole, or refused whole."""

# Any stands for the options of a command: its dataclass refuses unknown ones.
# ruff: noqa: ANN401

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, TypeVar

import pytest

from moderation.checks.model import Status
from moderation.imports import commands as ask, events as happened
from moderation.imports.effects import IMPORT, Message
from moderation.imports.model import WAITS_FOR, Basis, Gain, State
from moderation.imports.refusals import Refusal
from moderation.kernel import (
    Accepted,
    Audience,
    Identity,
    Later,
    Platform,
    Refused,
    Show,
    SubjectRef,
    Tell,
)
from moderation.people.model import Role
from moderation.service import Service
from tests.databases import AnyUnits, plain_roster
from tests.fakes.units import FakeUnits
from tests.moderation.imports import trust as t
from tests.proves import proves


if TYPE_CHECKING:
    from moderation.imports.model import Batch, BatchId, Content
    from moderation.kernel import Asked, PersonId, PupilKey
    from moderation.people.model import Person, Pupil
    from moderation.service import Command, Outcome

E = TypeVar("E")
LATER = t.NOON + timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Office:
    """The operator's desk: files go in, people click."""

    units: AnyUnits
    service: Service

    async def do(self, command: Command, asked: Asked) -> Outcome:
        return await self.service.do(command, asked)

    async def take(self, content: Content, **options: Any) -> Outcome:
        """One file by the operator, answered by what came of it."""
        return await self.do(t.importing(content, **options), t.operator())

    async def waits(self, content: Content, **options: Any) -> BatchId:
        """One file that must wait; its id."""
        command = t.importing(content, **options)
        outcome = await self.do(command, t.operator())
        assert isinstance(outcome, Accepted), outcome
        assert (await self.batch(command.batch.id)).state is State.WAITING
        return command.batch.id

    async def confirm(self, batch: BatchId, who: PersonId, seen: int = 1) -> Outcome:
        return await self.do(ask.ConfirmImport(batch=batch, seen=seen), t.click(who, LATER))

    async def decline(self, batch: BatchId, who: PersonId) -> Outcome:
        return await self.do(ask.DeclineImport(batch=batch, seen=1), t.click(who, LATER))

    async def batch(self, batch: BatchId) -> Batch:
        async with self.units.read() as unit:
            found = await unit.batches.get(batch)
        assert found is not None
        return found[0]

    async def person(self, who: PersonId) -> Person | None:
        async with self.units.read() as unit:
            return await unit.people.get(who)

    async def moderators(self) -> set[PersonId]:
        async with self.units.read() as unit:
            return {grant.person for grant in await unit.people.grants(frozenset({t.PAGE}))}

    async def roll(self) -> dict[str, Pupil]:
        async with self.units.read() as unit:
            return {pupil.number: pupil for pupil in await unit.rolls.pupils(t.OAK)}

    async def consents(self, key: PupilKey) -> tuple[object, ...]:
        async with self.units.read() as unit:
            return (await unit.rolls.consents(frozenset({key}))).get(key, ())


@pytest.fixture
async def empty(units: AnyUnits) -> Office:
    """Nothing was ever imported."""
    return Office(units, t.service(units))


@pytest.fixture
async def office(empty: Office) -> Office:
    """The trust's people and accounts are there."""
    assert isinstance(await empty.take(t.people(*t.STAFF)), Accepted)
    entries = [
        t.entry(page, *(grant for grant in t.GRANTS if grant.account == page.id))
        for page in t.PAGES
    ]
    assert isinstance(await empty.take(t.accounts(*entries)), Accepted)
    return empty


def event(outcome: Outcome, kind: type[E]) -> E:
    assert isinstance(outcome, Accepted), outcome
    (found,) = (one for one in outcome.events if isinstance(one, kind))
    return found


def codes(outcome: Outcome) -> set[str]:
    assert isinstance(outcome, Refused), outcome
    return set(outcome.codes)


def page_with(*moderators: PersonId) -> Content:
    return t.accounts(t.entry(t.page(), *(t.grant(who) for who in moderators)))


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


# -- waiting --------------------------------------------------------------------------------------


@proves("MET-MOD-2")
async def test_what_gives_rights_waits_whole_until_the_head_says_yes(office: Office) -> None:
    batch = await office.waits(page_with(t.ANN, t.CY))
    assert await office.moderators() == {t.ANN, t.BOB}, "Bob's right hasn't ended either"
    applied = event(await office.confirm(batch, t.HEAD), happened.Imported)
    assert (applied.basis, applied.confirmed_by) == (Basis.CONFIRMED, (t.HEAD,))
    assert await office.moderators() == {t.ANN, t.CY}
    assert (await office.batch(batch)).content is None


async def test_the_head_may_say_no(office: Office) -> None:
    batch = await office.waits(page_with(t.ANN, t.CY))
    assert event(await office.decline(batch, t.HEAD), happened.Declined).by == t.HEAD
    assert await office.moderators() == {t.ANN, t.BOB}
    assert codes(await office.confirm(batch, t.HEAD)) == {Refusal.NOT_WAITING}
    assert (await office.batch(batch)).content is None


@pytest.mark.parametrize(
    ("who", "code"),
    [
        (t.CY, Refusal.GAINS_BY_IT),
        (t.ANN, Refusal.NOT_ENTITLED),
        (t.DEE, Refusal.NOT_ENTITLED),
        (t.ELLE, Refusal.NOT_ENTITLED),
        (t.CHAIR, Refusal.UNKNOWN_READER),
    ],
)
async def test_nobody_else_may(office: Office, who: PersonId, code: Refusal) -> None:
    batch = await office.waits(page_with(t.ANN, t.BOB, t.CY))
    assert codes(await office.confirm(batch, who)) == {code}
    assert await office.moderators() == {t.ANN, t.BOB}


async def test_whoever_gains_by_it_cannot_say_yes(office: Office) -> None:
    """Where the head gains, the trust lead is asked."""
    batch = await office.waits(page_with(t.ANN, t.HEAD))
    assert codes(await office.confirm(batch, t.HEAD)) == {Refusal.GAINS_BY_IT}
    event(await office.confirm(batch, t.LEAD), happened.Imported)
    assert await office.moderators() == {t.ANN, t.HEAD}


@pytest.mark.parametrize(
    ("change", "gain"),
    [
        (t.person(t.CY, t.post(), t.post(Role.DEPUTY_HEADTEACHER)), Gain.STAND_IN),
        (t.person(t.CHAIR, t.post(Role.HEADTEACHER)), Gain.HEAD),
        (t.person(t.DEE, t.post(Role.ACTING_HEADTEACHER, end=date(2027, 1, 1))), Gain.HEAD),
        (
            t.person(t.ANN, identities=(t.slack("ann"), Identity(Platform.TEAMS, "T-x"))),
            Gain.IDENTITY,
        ),
    ],
)
async def test_roles_and_chat_identities_wait_too(
    office: Office, change: Person, gain: Gain
) -> None:
    batch = await office.waits(t.people(change, t.person(t.BOB, name="Mx Bobolink")))
    assert {one.gain for one in (await office.batch(batch)).changes} == {gain}
    before = await office.person(t.BOB)
    assert before is not None
    assert before.name == "Mx Bob", "the rest of the file waits with it"
    event(await office.confirm(batch, t.LEAD), happened.Imported)
    assert await office.person(change.id) == change


async def test_each_head_answers_for_their_own_school(office: Office) -> None:
    both = t.accounts(
        t.entry(t.page(), t.grant(t.ANN), t.grant(t.CY)),
        t.entry(t.page(t.LEAF, t.ELM), t.grant(t.ELLE, t.LEAF), t.grant(t.LEAD, t.LEAF)),
    )
    batch = await office.waits(both)
    said = event(await office.confirm(batch, t.HEAD), happened.Confirmed)
    assert said.places == {t.OAK}
    assert (await office.batch(batch)).state is State.WAITING
    assert codes(await office.confirm(batch, t.HEAD)) == {Refusal.ALREADY_SAID}
    assert codes(await office.confirm(batch, t.LEAD)) == {Refusal.GAINS_BY_IT}
    applied = event(await office.confirm(batch, t.ELLE), happened.Imported)
    assert applied.confirmed_by == (t.HEAD, t.ELLE)


async def test_a_yes_of_somebody_dismissed_meanwhile_no_longer_counts(office: Office) -> None:
    both = t.accounts(
        t.entry(t.page(), t.grant(t.ANN), t.grant(t.CY)),
        t.entry(t.page(t.LEAF, t.ELM), t.grant(t.ELLE, t.LEAF), t.grant(t.LEAD, t.LEAF)),
    )
    batch = await office.waits(both)
    await office.confirm(batch, t.HEAD)
    await office.take(t.people(t.person(t.HEAD)))
    event(await office.confirm(batch, t.ELLE), happened.Confirmed)
    assert (await office.batch(batch)).state is State.WAITING
    assert await office.moderators() == {t.ANN, t.BOB}


async def test_a_yes_counts_for_the_card_that_was_read(office: Office) -> None:
    batch = await office.waits(page_with(t.ANN, t.BOB, t.CY))
    assert codes(await office.confirm(batch, t.HEAD, seen=2)) == {Refusal.CHANGED_SINCE}


async def test_less_than_was_shown_needs_no_second_look(office: Office) -> None:
    batch = await office.waits(page_with(t.ANN, t.BOB, t.CY))
    await office.take(t.people(t.person(t.CY, t.post(end=date(2026, 11, 17)))))
    # Cy no longer works here and gains nothing any more.
    applied = event(await office.confirm(batch, t.HEAD), happened.Imported)
    assert applied.changes == ()


async def test_more_than_was_shown_must_be_read_first(office: Office) -> None:
    await office.take(t.people(t.person(t.DEE, t.post(end=date(2026, 11, 17)))))
    batch = await office.waits(page_with(t.ANN, t.BOB, t.CY, t.DEE))
    assert {one.person for one in (await office.batch(batch)).changes} == {t.CY}
    await office.take(t.people(t.person(t.DEE)))
    moved = event(await office.confirm(batch, t.HEAD), happened.Moved)
    assert {one.person for one in moved.changes} == {t.CY, t.DEE}
    assert await office.moderators() == {t.ANN, t.BOB}
    assert codes(await office.confirm(batch, t.HEAD)) == {Refusal.CHANGED_SINCE}
    event(await office.confirm(batch, t.HEAD, seen=2), happened.Imported)
    assert await office.moderators() == {t.ANN, t.BOB, t.CY, t.DEE}


async def test_a_newer_file_replaces_one_that_waits(office: Office) -> None:
    older = await office.waits(page_with(t.ANN, t.BOB, t.CY))
    newer = t.importing(page_with(t.ANN), LATER)
    outcome = await office.do(newer, t.operator(LATER))
    assert event(outcome, happened.Imported).replaces == (older,)
    assert codes(await office.confirm(older, t.HEAD)) == {Refusal.REPLACED}
    timed = ask.ReplaceImport(batch=older, newer=newer.batch.id)
    event(await office.do(timed, t.timer(LATER)), happened.Replaced)
    assert codes(await office.confirm(older, t.HEAD)) == {Refusal.NOT_WAITING}
    assert await office.moderators() == {t.ANN}
    assert (await office.batch(older)).content is None


async def test_a_newer_file_about_others_replaces_nothing(office: Office) -> None:
    older = await office.waits(page_with(t.ANN, t.BOB, t.CY))
    other = t.accounts(
        t.entry(t.page(t.LEAF, t.ELM, url="https://elm.example"), t.grant(t.ELLE, t.LEAF))
    )
    await office.do(t.importing(other, LATER), t.operator(LATER))
    event(await office.confirm(older, t.HEAD), happened.Imported)


async def test_two_files_at_once_do_not_give_together_what_neither_gives_alone(
    office: Office,
) -> None:
    """One lets Cy work here again, the other makes Cy a moderator."""
    gone = t.person(t.CY, t.post(end=date(2026, 11, 17)))
    await office.take(t.people(gone))
    back, right = t.people(t.person(t.CY)), page_with(t.ANN, t.BOB, t.CY)
    outcomes = await asyncio.gather(office.take(back), office.take(right))
    assert sorted(kind.__name__ for kind in map(kind_of, outcomes)) == ["Held", "Imported"]


def kind_of(outcome: Outcome) -> type:
    assert isinstance(outcome, Accepted), outcome
    return type(outcome.events[0])


async def test_no_answer_is_a_no(office: Office) -> None:
    batch = await office.waits(page_with(t.ANN, t.BOB, t.CY))
    lapse = ask.LapseImport(batch=batch)
    assert codes(await office.do(lapse, t.click(t.HEAD))) == {Refusal.ONLY_THE_TIMER}
    event(await office.do(lapse, t.timer(t.NOON + WAITS_FOR)), happened.Lapsed)
    assert codes(await office.confirm(batch, t.HEAD)) == {Refusal.NOT_WAITING}
    late = await office.do(lapse, t.timer(t.NOON + WAITS_FOR))
    assert isinstance(late, Accepted)
    assert late.events == ()


async def test_only_the_operator_imports(office: Office) -> None:
    command = t.importing(t.people(t.person(t.CY, name="Mx Cyan")))
    assert codes(await office.do(command, t.click(t.HEAD))) == {Refusal.ONLY_THE_OPERATOR}
    assert codes(await office.confirm(command.batch.id, t.HEAD)) == {Refusal.NO_SUCH_IMPORT}


# -- confirmed outside the chat -------------------------------------------------------------------


async def test_a_head_named_by_the_operator_counts_and_is_told(office: Office) -> None:
    outcome = await office.take(page_with(t.ANN, t.CY), confirmed_by=(t.HEAD,))
    applied = event(outcome, happened.Imported)
    assert (applied.basis, applied.confirmed_by) == (Basis.CONFIRMED, (t.HEAD,))
    assert not event(outcome, happened.Confirmed).in_chat
    assert await office.moderators() == {t.ANN, t.CY}
    async with office.units.read() as unit:
        tags = [
            (line.tag, line.person)
            for line in await unit.audit.history(SubjectRef(IMPORT, applied.batch))
        ]
    assert tags == [("import:confirmed_by", None), ("import:applied", None)]


@pytest.mark.parametrize(
    ("who", "code"),
    [
        (t.CY, Refusal.GAINS_BY_IT),
        (t.ANN, Refusal.NOT_ENTITLED),
        (t.ELLE, Refusal.NOT_ENTITLED),
        (t.CHAIR, Refusal.NO_SUCH_CONFIRMER),
    ],
)
async def test_the_named_person_must_be_entitled(
    office: Office, who: PersonId, code: Refusal
) -> None:
    outcome = await office.take(page_with(t.ANN, t.CY), confirmed_by=(who,))
    assert codes(outcome) == {code}
    assert await office.moderators() == {t.ANN, t.BOB}


async def test_the_other_head_is_still_asked(office: Office) -> None:
    both = t.accounts(
        t.entry(t.page(), t.grant(t.ANN), t.grant(t.CY)),
        t.entry(t.page(t.LEAF, t.ELM), t.grant(t.ELLE, t.LEAF), t.grant(t.LEAD, t.LEAF)),
    )
    batch = await office.waits(both, confirmed_by=(t.HEAD,))
    assert (await office.batch(batch)).confirmed == {t.OAK}
    event(await office.confirm(batch, t.ELLE), happened.Imported)


async def test_where_nobody_is_left_to_ask_the_operator_decides_and_the_audit_says_so(
    empty: Office,
) -> None:
    await empty.take(t.people(t.person(t.ANN), t.person(t.BOB)))
    head = t.person(t.HEAD, t.post(Role.HEADTEACHER))
    applied = event(await empty.take(t.people(head)), happened.Imported)
    assert applied.basis is Basis.NOBODY_TO_ASK
    await empty.waits(t.people(t.person(t.CY, t.post(Role.HEADTEACHER))))


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
    assert await empty.consents(keys[0]) == (t.consent(keys[0], Status.WITHDRAWN),)
    assert await empty.consents(keys[1]) == ()
    assert await empty.consents(keys[2]) == (t.consent(keys[2]),)


async def test_a_permission_for_nobody_on_the_roll_is_refused(empty: Office) -> None:
    await empty.take(t.pupils(t.roll(60)))
    pupils = await rest(empty)
    await empty.take(t.pupils(t.roll(pupils[1:])))
    left = pupils[0].key
    outcome = await empty.take(t.consents(t.family(left, t.consent(left))))
    assert codes(outcome) == {Refusal.UNKNOWN_PUPIL}


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
