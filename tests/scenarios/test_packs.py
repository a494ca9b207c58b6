"""Each policy in use: what it stops, what it lets pass, and what a subject that inflames asks."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest

from adapters.door import Done
from moderation.posts.model import State
from tests.fakes.trust import ADE, FACEBOOK, FACEBOOK_CHANNEL, OAK, OKAFOR, REED, identity
from tests.proves import proves
from tests.scenarios.stage import Stage, findings, labels, words


if TYPE_CHECKING:
    from tests.applications import Applications


LONG_AGO = date(2019, 7, 20)
NEWS = "The fair is on Saturday."
ACCEPT = "I have read it and accept it"


async def following(house: Applications, policy: str, **own: object) -> Stage:
    """Both schools of the trust follow this policy; whoever has to accept it has."""
    places = (("oakfield", "Oakfield Primary School"), ("millbrook", "Millbrook Infant School"))
    house.settings["SCHOOLGATE_SCHOOLS"] = json.dumps(
        [{"id": id_, "name": name, "policy": policy, **own} for id_, name in places]
    )
    stage = await Stage(house).open()
    for who in (REED, OKAFOR, ADE):
        for card in await stage.door.policies(by=identity(who)):
            if ACCEPT in labels(card):
                await stage.as_(who).press(card, ACCEPT)
    return stage


@proves("HARM-CONT-5", "CC-CONT-1", "MET-CONT-1", "AUR-CONT-1", platform="sandbox")
@pytest.mark.parametrize(
    ("policy", "stopped", "clause"),
    [
        ("harm", "Somebody should punch him.", "Content 5"),
        ("cc", "Tickets: 020 7946 0958", "no private numbers"),
        ("met", "Bloody hell, what a match!", "insulting"),
        ("aur", "Watch this p0rn", "With care"),
    ],
)
async def test_a_post_is_stopped_by_its_clause_and_another_goes_out(
    applications: Applications, policy: str, stopped: str, clause: str
) -> None:
    stage = await following(applications, policy)
    draft = await stage.as_(REED).propose(stopped, FACEBOOK)
    assert (await stage.post(draft.post)).state is State.DRAFT
    assert clause in words(stage.card(REED, draft.post))

    good = await stage.as_(REED).propose(NEWS, FACEBOOK)
    card = stage.card(FACEBOOK_CHANNEL, good.post)
    assert isinstance(await stage.as_(OKAFOR).press(card, "Approve"), Done)
    assert (await stage.post(good.post)).state is State.RELEASED


@proves("AUR-INFL-1", platform="sandbox")
async def test_a_subject_that_inflames_waits_for_the_headteacher(
    applications: Applications,
) -> None:
    stage = await following(applications, "aur")
    draft = await stage.as_(REED).propose("Our thoughts on the ceasefire.", FACEBOOK)
    card = stage.card(FACEBOOK_CHANNEL, draft.post)
    why = "Our policy, With care: subjects that inflame go to the headteacher."
    assert why in words(card)
    assert "Mrs Yemi Ade" in words(card)
    assert isinstance(await stage.as_(OKAFOR).press(card, "Approve"), Done)
    assert (await stage.post(draft.post)).state is State.IN_REVIEW

    card = stage.card(FACEBOOK_CHANNEL, draft.post)
    assert isinstance(await stage.as_(ADE).press(card, "Approve"), Done)
    assert (await stage.post(draft.post)).state is State.RELEASED


async def test_changed_words_need_the_head_only_while_they_inflame(
    applications: Applications,
) -> None:
    stage = await following(applications, "aur")
    draft = await stage.as_(REED).propose("Our thoughts on the ceasefire.", FACEBOOK)
    await stage.as_(REED).revise(draft.post, NEWS)
    assert not (await stage.post(draft.post)).revision.needs.head


async def test_a_school_without_a_list_of_pupils_needs_the_headteacher(
    applications: Applications,
) -> None:
    stage = await following(applications, "step")
    async with stage.application.units.write() as unit:
        gone = [replace(one, left_on=LONG_AGO) for one in await unit.rolls.pupils(OAK)]
        await unit.rolls.save_pupils(OAK, tuple(gone))
        await unit.commit()
    draft = await stage.as_(REED).propose(NEWS, FACEBOOK)
    card = stage.card(FACEBOOK_CHANNEL, draft.post)
    assert "The pupil list for this school is empty" in findings(card).lines[0].reason
    assert (await stage.post(draft.post)).revision.needs.head


async def test_a_list_that_is_empty_by_now_asks_for_the_headteacher(
    applications: Applications,
) -> None:
    """Enough of them had said yes while there was a list; it is looked at when it goes out."""
    stage = await following(applications, "step")
    draft = await stage.as_(REED).propose(NEWS, FACEBOOK, goes_out="2026-11-19T08:00")
    card = stage.card(FACEBOOK_CHANNEL, draft.post)
    assert isinstance(await stage.as_(OKAFOR).press(card, "Approve"), Done)
    assert (await stage.post(draft.post)).state is State.APPROVED
    async with stage.application.units.write() as unit:
        gone = [replace(one, left_on=LONG_AGO) for one in await unit.rolls.pupils(OAK)]
        await unit.rolls.save_pupils(OAK, tuple(gone))
        await unit.commit()
    await stage.pass_by(timedelta(days=2))
    post = await stage.post(draft.post)
    assert (post.state, post.revision.needs.head) == (State.IN_REVIEW, True)
    card = stage.card(FACEBOOK_CHANNEL, draft.post)
    assert "Something was found that needs the headteacher's yes as well." in words(card)


async def test_a_school_is_stricter_about_one_rule(applications: Applications) -> None:
    stage = await following(applications, "step", rules={"promise": {"headteacher": True}})
    draft = await stage.as_(REED).propose("Every child will receive a laptop.", FACEBOOK)
    card = stage.card(FACEBOOK_CHANNEL, draft.post)
    assert "Our policy, Content: no promises without authority." in words(card)
    assert isinstance(await stage.as_(ADE).press(card, "Approve"), Done)
    assert (await stage.post(draft.post)).state is State.RELEASED
