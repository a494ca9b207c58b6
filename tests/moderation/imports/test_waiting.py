"""A file that gives rights waits whole, until somebody who gains nothing has answered."""

from __future__ import annotations

import asyncio
from datetime import date
from typing import TYPE_CHECKING

import pytest

from moderation.imports import commands as ask, events as happened
from moderation.imports.effects import IMPORT
from moderation.imports.model import WAITS_FOR, Basis, Gain, State
from moderation.imports.refusals import Refusal
from moderation.kernel import (
    Accepted,
    Identity,
    Platform,
    SubjectRef,
)
from moderation.people.model import Role
from tests.moderation.imports import trust as t
from tests.proves import proves


if TYPE_CHECKING:
    from moderation.kernel import PersonId
    from moderation.people.model import Person
    from moderation.service import Outcome
from tests.moderation.imports.office import LATER, Office, codes, event, page_with


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
