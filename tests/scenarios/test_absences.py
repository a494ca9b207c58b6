"""Somebody says that they are away: asks go to those who are here, and nothing overwrites it."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest

from adapters.door import Again, Declined, Done
from adapters.slash import Verb
from moderation.imports import commands as imports
from moderation.imports.model import Batch, BatchId, Kind, People
from moderation.incidents.commands import ReportConcern
from moderation.incidents.model import INCIDENT, Concern, IncidentId
from moderation.kernel import Accepted, Asked, Operator
from moderation.people.model import Span
from tests.fakes.trust import (
    ADE,
    FACEBOOK,
    FACEBOOK_CHANNEL,
    INSTAGRAM,
    LUND,
    MARSH,
    NOVAK,
    OKAFOR,
    REED,
    SHAH,
    identity,
)
from tests.proves import proves
from tests.scenarios.stage import said, words


if TYPE_CHECKING:
    from adapters.door import Answer
    from moderation.kernel import PersonId
    from tests.scenarios.stage import Stage


TODAY = date(2026, 11, 18)
FRIDAY = date(2026, 11, 20)
PLAIN = "The hall has new windows."


async def away(stage: Stage, who: PersonId, typed: str, key: str = "") -> Answer:
    return await say(stage, Verb.AWAY, who, typed, key)


async def back(stage: Stage, who: PersonId, typed: str = "") -> Answer:
    return await say(stage, Verb.BACK, who, typed)


async def say(stage: Stage, verb: Verb, who: PersonId, typed: str, key: str = "") -> Answer:
    key = key or stage.ids.new()
    answer = await stage.door.absence(verb, typed, by=identity(who), key=key)
    await stage.settle()
    return answer


async def absences(stage: Stage, who: PersonId) -> tuple[Span, ...]:
    async with stage.application.units.read() as unit:
        found = await unit.people.get(who)
    assert found is not None
    return found.absences


@proves("STEP-MOD-2")
async def test_what_is_then_lacking_is_told_at_once(stage: Stage) -> None:
    answer = await away(stage, LUND, "until Friday because of my knee", "one")
    assert isinstance(answer, Done), answer
    told = said(answer)
    assert "away from today until Friday 20 November, that day included" in told
    assert "Facebook · Oakfield Primary then has only Mrs Ngozi Okafor to approve." in told
    assert "knee" not in told
    assert await absences(stage, LUND) == (Span(start=TODAY, end=FRIDAY),)
    # The head hears of it, without a reason.
    assert stage.told(ADE) == ("Somebody will be missing",)
    assert "Mrs Ngozi Okafor" in stage.all_words(ADE)
    # The same click again has one effect.
    again = await away(stage, LUND, "until Friday because of my knee", "one")
    assert isinstance(again, Again)
    assert stage.told(ADE) == ("Somebody will be missing",)
    gone = await away(stage, OKAFOR, "tomorrow")
    assert "then has nobody else who may approve" in said(gone)
    assert "Mrs Yemi Ade is asked instead." in said(gone)


@proves("STEP-MOD-2", platform="sandbox")
async def test_what_waits_goes_on_to_those_who_are_here(stage: Stage) -> None:
    """Two moderators go one after the other: the post asks the head, and its card says so."""
    draft = await stage.as_(REED).propose(PLAIN, FACEBOOK)
    assert "Mr Erik Lund" in words(stage.card(FACEBOOK_CHANNEL, draft.post))
    await away(stage, LUND, "until Friday")
    assert "One more yes: Mrs Ngozi Okafor." in words(stage.card(FACEBOOK_CHANNEL, draft.post))
    asked = len(stage.told(ADE))
    await away(stage, OKAFOR, "today")
    told = stage.told(ADE)[asked:]
    assert len(told) == 2
    decided = await stage.as_(ADE).press(stage.card(FACEBOOK_CHANNEL, draft.post), "Approve")
    assert isinstance(decided, Done)


async def test_whoever_is_back_is_asked_again(stage: Stage) -> None:
    draft = await stage.as_(REED).propose(PLAIN, FACEBOOK)
    await away(stage, LUND, "until 24 Nov")
    assert "Mr Erik Lund" not in words(stage.card(FACEBOOK_CHANNEL, draft.post))
    answer = await back(stage, LUND)
    assert isinstance(answer, Done), answer
    assert said(answer) == "You are marked as here again."
    assert await absences(stage, LUND) == ()
    assert "Mr Erik Lund" in words(stage.card(FACEBOOK_CHANNEL, draft.post))
    assert isinstance(await back(stage, LUND), Declined)


async def test_a_coming_absence_begins_by_itself_at_midnight(stage: Stage) -> None:
    await away(stage, OKAFOR, "tomorrow")
    await away(stage, LUND, "from tomorrow until Friday")
    draft = await stage.as_(REED).propose(PLAIN, FACEBOOK)
    before = stage.told(ADE)
    assert before == ("Somebody will be missing",) * 2
    await stage.pass_by(timedelta(hours=11))
    assert stage.told(ADE) == before
    await stage.pass_by(timedelta(hours=1, minutes=1))
    assert len(stage.told(ADE)) > len(before)
    assert "Mr Erik Lund" not in words(stage.card(FACEBOOK_CHANNEL, draft.post))


async def test_one_that_was_taken_back_does_not_begin(stage: Stage) -> None:
    await away(stage, LUND, "tomorrow")
    await back(stage, LUND, "tomorrow")
    await stage.as_(REED).propose(PLAIN, FACEBOOK)
    told = stage.told(ADE)
    await stage.pass_by(timedelta(hours=13))
    assert await absences(stage, LUND) == ()
    assert [line for line in stage.told(ADE) if line not in told] == []


async def test_the_head_says_it_of_others_and_they_are_told(stage: Stage) -> None:
    answer = await away(stage, ADE, "lund until Friday")
    assert isinstance(answer, Done), answer
    assert "Mr Erik Lund is away" in said(answer)
    assert stage.told(LUND) == ("You are marked as away",)
    assert "Noted by: Mrs Yemi Ade" in stage.all_words(LUND)
    await back(stage, ADE, "lund")
    assert stage.told(LUND)[-1] == "You are marked as here again"


async def test_nobody_gets_the_head_s_yes_by_saying_that_the_head_is_away(stage: Stage) -> None:
    """Nor does a colleague say it, nor anybody of another school, who learns no name."""
    for who in (SHAH, REED):
        answer = await away(stage, who, "Mrs Ade until Friday")
        assert isinstance(answer, Declined)
        assert "Nothing changed." in said(answer)
    elsewhere = await away(stage, MARSH, "Ade until Friday")
    nobody = await away(stage, MARSH, "Zzz until Friday")
    assert isinstance(elsewhere, Declined)
    assert elsewhere.sentences == nobody.sentences
    assert await absences(stage, ADE) == ()
    # The business manager's yes isn't the head's, whoever is away.
    noted = await away(stage, OKAFOR, "Mrs Ade until Friday")
    assert isinstance(noted, Done), noted
    assert "Miss Priya Shah gives the headteacher's yes meanwhile." in said(noted)


async def test_words_that_are_not_understood_change_nothing(stage: Stage) -> None:
    for typed in ("", "soon", "until Friday 24 Nov", "until 1 Nov 2026"):
        answer = await away(stage, LUND, typed)
        assert isinstance(answer, Declined), typed
        assert answer.sentences
    assert await absences(stage, LUND) == ()


async def test_a_report_climbs_at_once_past_somebody_who_has_just_left(stage: Stage) -> None:
    concern = Concern(words="Somebody should look at this.", named=frozenset())
    report = IncidentId("report")
    command = ReportConcern(incident=report, concern=concern)
    await stage.door.do(command, by=identity(REED), key="report")
    await stage.settle()
    standing = f"card:{INCIDENT}:{report}"
    assert [m.key for m in stage.chat.messages(f"person:{NOVAK}")] == [standing]
    assert standing not in [m.key for m in stage.chat.messages(f"person:{ADE}")]
    answer = await away(stage, NOVAK, "today")
    assert "No safeguarding lead of" in said(answer)
    assert standing in [m.key for m in stage.chat.messages(f"person:{ADE}")]


# -- an import never overwrites it ----------------------------------------------------------------


async def import_lund(stage: Stage, name: str, at: str) -> None:
    """A people file in which Mr Lund is called otherwise, as an operator brings it."""
    async with stage.application.units.read() as unit:
        lund = await unit.people.get(LUND)
    assert lund is not None
    # As a file says it: nothing of any absence.
    row = replace(lund, name=name, absences=())
    now = stage.application.clock.now()
    batch = Batch(
        id=BatchId(at),
        kind=Kind.PEOPLE,
        received_at=now,
        content=People(people=(row,), only=None),
        touches=frozenset({LUND}),
    )
    asked = Asked(by=Operator(), key=f"import:{at}", at=now)
    outcome = await stage.application.service.do(imports.Import(batch=batch), asked)
    assert isinstance(outcome, Accepted), outcome


@pytest.mark.postgres
async def test_an_import_keeps_what_was_said(stage: Stage) -> None:
    """Before it, after it, and at the same moment: on either database."""
    await away(stage, LUND, "until Friday")
    await import_lund(stage, "Mr Eric Lund", "after")
    assert await absences(stage, LUND) == (Span(start=TODAY, end=FRIDAY),)
    for number in range(4):
        name, day = f"Mr Lund the {number}th", TODAY + timedelta(days=7 * (number + 1))
        await asyncio.gather(
            import_lund(stage, name, f"meanwhile-{number}"),
            away(stage, LUND, f"on {day.isoformat()}"),
        )
        assert Span(start=day, end=day) in await absences(stage, LUND)
        async with stage.application.units.read() as unit:
            found = await unit.people.get(LUND)
        assert found is not None
        assert found.name == name
    assert len(await absences(stage, LUND)) == 5


async def test_accounts_without_a_channel_ask_in_private_too(stage: Stage) -> None:
    draft = await stage.as_(REED).propose(PLAIN, INSTAGRAM)
    await away(stage, LUND, "today")
    assert "One more yes: you." in words(stage.card(OKAFOR, draft.post))
