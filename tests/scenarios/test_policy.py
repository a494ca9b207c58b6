"""A school asks its people to accept the policy before they write or approve."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from adapters.door import Declined, Done
from bot.acceptances_command import gather
from moderation.posts.model import State
from tests.fakes.trust import ADE, FACEBOOK, FACEBOOK_CHANNEL, LUND, MARSH, OKAFOR, REED, identity
from tests.parity import shows
from tests.proves import proves
from tests.scenarios.stage import Stage, labels, said, words


if TYPE_CHECKING:
    from moderation.kernel import PersonId
    from tests.applications import Applications


OAKFIELD = {"id": "oakfield", "name": "Oakfield Primary School", "policy": "step"}
MILLBROOK = {"id": "millbrook", "name": "Millbrook Infant School", "policy": "step"}
PLAIN = "The hall has new windows."
ACCEPT = "I have read it and accept it"


def asks_for(house: Applications, edition: str) -> None:
    own = {"accept_policy": edition, "policy_address": "https://oakfield.example/policy"}
    house.settings["SCHOOLGATE_SCHOOLS"] = json.dumps([{**OAKFIELD, "settings": own}, MILLBROOK])


async def accepts(stage: Stage, who: PersonId) -> Done:
    [card] = await stage.door.policies(by=identity(who))
    answer = await stage.as_(who).press(card, ACCEPT)
    assert isinstance(answer, Done), answer
    return answer


@pytest.mark.postgres
@proves("AUR-ACK-1")
@shows("policy", on="sandbox")
@proves("AUR-ACK-1", platform="sandbox")
async def test_writing_and_approving_wait_until_the_policy_is_accepted(
    applications: Applications,
) -> None:
    asks_for(applications, "2026-09")
    stage = await Stage(applications).open()
    reed, okafor = stage.as_(REED), stage.as_(OKAFOR)

    # Not accepted: what to do is said, the card to accept comes along, and nothing is stored.
    draft = await reed.propose(PLAIN, FACEBOOK)
    assert isinstance(draft.answer, Declined)
    assert "/schoolgate policy" in said(draft.answer)
    [first] = draft.answer.first
    assert "Mrs Yemi Ade" in words(first)
    assert isinstance(await reed.press(first, ACCEPT), Done)
    # The same words, sent once more, are in front of people.
    again = await reed.propose(PLAIN, FACEBOOK, post=draft.post)
    assert isinstance(again.answer, Done), again.answer

    card = stage.card(FACEBOOK_CHANNEL, again.post)
    refused = await okafor.press(card, "Approve")
    assert isinstance(refused, Declined)
    assert "accept the policy" in said(refused)
    assert [one.title for one in refused.first] == [first.title]
    await accepts(stage, OKAFOR)
    assert isinstance(await okafor.press(card, "Approve"), Done)
    assert (await stage.post(again.post)).state is State.RELEASED

    # On record: who, which edition, when, where; and who has yet to.
    async with stage.application.units.read() as unit:
        lines = await gather(stage.application, unit)
        tags = [line.link.tag async for line in unit.audit.lines()]
    known = {line.person: line for line in lines}
    assert known[REED].accepted
    assert (known[REED].edition, known[REED].where) == ("2026-09", "sandbox")
    assert known[LUND].accepted == ""
    assert MARSH not in known
    assert tags.count("policy:accepted") == 2


async def test_a_new_edition_asks_again(applications: Applications) -> None:
    asks_for(applications, "2026-09")
    stage = await Stage(applications).open()
    await accepts(stage, REED)
    await accepts(stage, OKAFOR)
    draft = await stage.as_(REED).propose(PLAIN, FACEBOOK)
    assert isinstance(draft.answer, Done)
    [old] = await stage.door.policies(by=identity(LUND))

    asks_for(applications, "2027-01")
    stage = await stage.again()
    card = stage.card(FACEBOOK_CHANNEL, draft.post)
    assert isinstance(await stage.as_(OKAFOR).press(card, "Approve"), Declined)
    # The button of the old edition accepts nothing that nobody read.
    late = await stage.as_(LUND).press(old, ACCEPT)
    assert isinstance(late, Declined)
    assert "newer edition" in said(late)
    await accepts(stage, OKAFOR)
    assert isinstance(await stage.as_(OKAFOR).press(card, "Approve"), Done)
    assert isinstance((await stage.as_(REED).propose("More.", FACEBOOK)).answer, Declined)


async def test_less_exposure_never_waits_for_it(applications: Applications) -> None:
    stage = await Stage(applications).open()
    draft = await stage.as_(REED).propose(PLAIN, FACEBOOK)
    asks_for(applications, "2026-09")
    stage = await stage.again()
    card = stage.card(FACEBOOK_CHANNEL, draft.post)
    assert isinstance(await stage.as_(LUND).press(card, "Reject", reason="No."), Done)
    assert isinstance(
        await stage.as_(REED).press(stage.card(REED, draft.post), "Cancel my draft"), Done
    )


async def test_it_is_accepted_once_and_seen_where_work_begins(applications: Applications) -> None:
    asks_for(applications, "2026-09")
    stage = await Stage(applications).open()
    overview = await stage.door.overview(by=identity(ADE))
    [card] = overview.policies
    assert ACCEPT in labels(card)
    await accepts(stage, ADE)
    assert (await stage.door.overview(by=identity(ADE))).policies == ()
    stage.house.clock.pass_by(timedelta(hours=1))
    [shown] = await stage.door.policies(by=identity(ADE))
    assert "Accepted today 12:00" in words(shown)
    assert labels(shown) == ()
    twice = await stage.as_(ADE).press(card, ACCEPT)
    assert not isinstance(twice, Done)


async def test_where_nothing_is_asked_nothing_waits(stage: Stage) -> None:
    [card] = await stage.door.policies(by=identity(REED))
    assert card.state == "Nothing to accept"
    assert (await stage.door.overview(by=identity(REED))).policies == ()
    assert isinstance((await stage.as_(REED).propose(PLAIN, FACEBOOK)).answer, Done)
