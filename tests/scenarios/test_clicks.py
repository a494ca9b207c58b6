"""Clicks that come late, twice, forged, or from somebody who may not: nothing changes, and why."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from adapters import intents, payloads
from moderation.checks.model import NotAPupil, Who
from moderation.kernel import PersonId, Platform, PostId
from moderation.posts.model import State
from moderation.views import Choice
from tests.adapters.images.pictures import png
from tests.fakes.trust import (
    ADE,
    AMELIA,
    FACEBOOK,
    FACEBOOK_CHANNEL,
    LUND,
    NOVAK,
    OKAFOR,
    REED,
    SHAH,
)
from tests.proves import proves
from tests.scenarios.stage import Again, Declined, Done, button, labels, said


if TYPE_CHECKING:
    from moderation.views import Card
    from tests.scenarios.stage import Draft, Stage


NO_SUCH_POST = "I can't find that post. It may be gone. Your queue shows what is waiting for you."
LATER = "2026-11-18T16:00"
ARGUMENTS = {"account": FACEBOOK, "person": LUND, "finding": "none", "drawing": "1"}


async def in_review(stage: Stage, goes_out: str = "") -> tuple[Draft, Card]:
    draft = await stage.as_(REED).propose("The fair is on Saturday.", FACEBOOK, goes_out=goes_out)
    return draft, stage.card(FACEBOOK_CHANNEL, draft.post)


# -- late, twice, stale --------------------------------------------------------------------------


@pytest.mark.postgres
@pytest.mark.parametrize(
    ("goes_out", "then"), [(LATER, ""), ("", " It has been given to those who post it.")]
)
async def test_a_late_yes_hears_who_was_first(stage: Stage, goes_out: str, then: str) -> None:
    draft, shared = await in_review(stage, goes_out)
    assert isinstance(await stage.as_(OKAFOR).press(shared, "Approve"), Done)
    before = await stage.post(draft.post)
    for label, values in (("Approve", {}), ("Request changes", {"reason": "A comma is missing."})):
        late = await stage.as_(LUND).press(shared, label, **values)
        assert isinstance(late, Declined)
        assert said(late) == f"Mrs Ngozi Okafor has already approved this.{then} Nothing changed."
        # With the answer comes the card as it stands now.
        assert late.card is not None
        assert late.card.state != shared.state
    assert await stage.post(draft.post) == before


async def test_the_same_button_twice_is_one_yes(stage: Stage) -> None:
    draft, shared = await in_review(stage)
    assert isinstance(await stage.as_(OKAFOR).press(shared, "Approve"), Done)
    assert isinstance(await stage.as_(OKAFOR).press(shared, "Approve"), Again)
    assert len((await stage.post(draft.post)).approvals) == 1
    assert stage.told(REED) == ("Approved",)


async def test_the_same_form_twice_is_one_post(stage: Stage) -> None:
    draft, _ = await in_review(stage)
    again = await stage.as_(REED).propose(
        "The fair is on Saturday.", FACEBOOK, post=draft.post, seen=0
    )
    assert isinstance(again.answer, Again)
    assert len(stage.cards(FACEBOOK_CHANNEL)) == 1


async def test_a_yes_to_words_that_changed_meanwhile_is_none(stage: Stage) -> None:
    draft, old = await in_review(stage)
    await stage.as_(REED).revise(draft.post, "The fair is on Sunday.")
    answer = await stage.as_(OKAFOR).press(old, "Approve")
    assert isinstance(answer, Declined)
    assert said(answer).startswith("The words changed after you opened this.")
    assert (await stage.post(draft.post)).approvals == ()


async def test_a_stop_from_an_old_card_still_stops(stage: Stage) -> None:
    draft, old = await in_review(stage)
    await stage.as_(REED).revise(draft.post, "The fair is on Sunday.")
    assert isinstance(await stage.as_(LUND).press(old, "Stop this post", reason="Wrong"), Done)
    assert (await stage.post(draft.post)).state is State.WITHDRAWN


# -- one person ----------------------------------------------------------------------------------


@pytest.mark.postgres
@proves("STEP-MOD-1", "MET-MOD-3", platform="sandbox")
async def test_two_identities_of_one_person_are_one_person(stage: Stage) -> None:
    """What she wrote here she can't approve from Slack, and a yes from both is one."""
    here, there = stage.as_(OKAFOR), stage.as_(OKAFOR, Platform.SLACK)
    own = await here.propose("The fair is on Saturday.", FACEBOOK)
    answer = await there.press(stage.card(FACEBOOK_CHANNEL, own.post), "Approve")
    assert isinstance(answer, Declined)
    assert said(answer).startswith("You wrote this, so somebody else needs to say yes.")

    picture = await stage.as_(REED).add_picture(png())
    draft = await stage.as_(REED).propose("Our new pond.", FACEBOOK, pictures=[picture])
    shared = stage.card(FACEBOOK_CHANNEL, draft.post)
    assert isinstance(await here.press(shared, "Approve"), Done)
    again = await there.press(shared, "Approve")
    assert isinstance(again, Declined)
    assert said(again) == "You have already said this. Nothing changed."
    assert len((await stage.post(draft.post)).approvals) == 1
    assert (await stage.post(draft.post)).state is State.IN_REVIEW


async def test_an_approver_who_changes_the_words_becomes_an_author(stage: Stage) -> None:
    draft, _ = await in_review(stage)
    assert isinstance(
        (await stage.as_(OKAFOR).revise(draft.post, "The fair is on Sunday.")).answer, Done
    )
    shared = stage.card(FACEBOOK_CHANNEL, draft.post)
    answer = await stage.as_(OKAFOR).press(shared, "Approve")
    assert isinstance(answer, Declined)
    assert said(answer).startswith("You changed the words, so somebody else needs to say yes.")
    assert isinstance(await stage.as_(LUND).press(shared, "Approve"), Done)


async def test_what_is_flagged_is_confirmed_by_whoever_says_yes(stage: Stage) -> None:
    draft = await stage.as_(REED).propose(
        "Tickets are here: https://tickets.example/fair", FACEBOOK
    )
    shared = stage.card(FACEBOOK_CHANNEL, draft.post)
    unticked = await stage.as_(OKAFOR).press_unticked(shared, "Approve")
    assert isinstance(unticked, Declined)
    assert "I have opened the link, and it suits our families." in said(unticked)
    assert isinstance(await stage.as_(OKAFOR).press(shared, "Approve"), Done)
    [approval] = (await stage.post(draft.post)).approvals
    assert approval.confirmed


async def test_whoever_says_yes_says_whose_a_name_is(stage: Stage) -> None:
    draft = await stage.as_(REED).propose("Amelia read her book to us.", FACEBOOK)
    shared = stage.card(FACEBOOK_CHANNEL, draft.post)
    form = button(shared, "Approve").form
    assert form is not None
    [choice] = [field for field in form.fields if isinstance(field, Choice)]
    assert "Amelia" in choice.hint
    lund, okafor = stage.as_(LUND), stage.as_(OKAFOR)
    # A form that was open before names were asked about sends a tick.
    for values in ({}, {choice.name: "on"}, {choice.name: "a friend"}):
        answer = await okafor.press(shared, "Approve", **values)
        assert isinstance(answer, Declined)
        assert "Please say whose name it is" in said(answer)
    answer = await lund.press(shared, "Approve", **{choice.name: "visitor"})
    assert isinstance(answer, Done)
    assert "/schoolgate names" in said(answer)
    [approval] = (await stage.post(draft.post)).approvals
    assert {kind for _, kind in approval.whose} == {NotAPupil.VISITOR}
    history = await lund.history(draft.post)
    assert history is not None
    assert "Not a pupil, but a visitor" in history.fallback


# -- without a right -----------------------------------------------------------------------------


async def test_whoever_may_not_decide_is_told_who_can(stage: Stage) -> None:
    draft, shared = await in_review(stage)
    answer = await stage.as_(SHAH).press(shared, "Approve")
    assert isinstance(answer, Declined)
    assert "Mr Erik Lund and Mrs Ngozi Okafor" in said(answer) or answer.card is None
    assert (await stage.post(draft.post)).approvals == ()


async def test_whoever_may_not_write_is_told_who_can(stage: Stage) -> None:
    refused = await stage.as_(NOVAK).propose("The fair is on Saturday.", FACEBOOK)
    assert isinstance(refused.answer, Declined)
    assert said(refused.answer).startswith("Only this page's own people can write for it.")
    assert stage.cards(FACEBOOK_CHANNEL) == stage.cards(NOVAK) == ()


async def test_a_stranger_is_sent_to_the_office(stage: Stage) -> None:
    draft, shared = await in_review(stage)
    stranger = stage.as_(PersonId("nobody"))
    for answer in (
        (await stranger.propose("Hello.", FACEBOOK)).answer,
        await stranger.press(shared, "Approve"),
        await stranger.press(shared, "Stop this post", reason="Because."),
    ):
        assert isinstance(answer, Declined)
        assert answer.sentences == (
            "I don't know you yet, so nothing happened. Please ask the school office to add you.",
        )
    assert await stranger.card(draft.post) is None


async def test_a_leaver_s_click_does_nothing(stage: Stage) -> None:
    draft, shared = await in_review(stage)
    await stage.leaves(OKAFOR)
    for label, values in (
        ("Approve", {}),
        ("Stop this post", {"reason": "I still could."}),
        ("Reject", {"reason": "I still could."}),
    ):
        assert isinstance(await stage.as_(OKAFOR).press(shared, label, **values), Declined)
    assert (await stage.post(draft.post)).state is State.IN_REVIEW
    assert await stage.as_(OKAFOR).card(draft.post) is None


# -- forged --------------------------------------------------------------------------------------


async def test_a_button_for_a_post_that_never_was(stage: Stage) -> None:
    _, shared = await in_review(stage)
    forged = payloads.encode(button(shared, "Approve").intent) | {"id": "01NEVER"}
    answer = await stage.as_(OKAFOR).send(forged)
    assert isinstance(answer, Declined)
    assert answer.sentences == (NO_SUCH_POST,)


@pytest.mark.parametrize(
    "payload",
    [
        None,
        [],
        "approve",
        "{",
        {},
        {"v": 1, "verb": "post.approve", "id": "x", "rev": "1"},
        {"v": 1, "verb": "post.approve", "id": "x", "rev": -1},
        {"v": 1, "verb": "post.approve", "id": "x", "rev": 1, "by": "ade"},
        {"v": 1, "verb": "post.publish_now", "id": "x", "rev": 1},
        {"v": 2, "verb": "post.approve", "id": "x", "rev": 1},
        {"v": 1, "verb": "post.approve", "id": "x" * 200, "rev": 1},
        {"v": 1, "verb": "post.approve", "id": "' OR 1=1 --", "rev": 1},
    ],
)
async def test_nonsense_is_answered_in_a_sentence(stage: Stage, payload: object) -> None:
    draft, _ = await in_review(stage)
    answer = await stage.as_(OKAFOR).send(payload)
    assert isinstance(answer, Declined)
    assert "Nothing changed." in said(answer)
    assert (await stage.post(draft.post)).state is State.IN_REVIEW


async def test_a_button_of_another_reader_gives_nobody_a_right(stage: Stage) -> None:
    """Every verb there is, sent by the author and by somebody who may do nothing at all."""
    draft, _ = await in_review(stage)
    before = await stage.post(draft.post)
    refused = 0
    for verb, meant in intents.VERBS.items():
        if not verb.startswith("post.") or meant.makes in _QUERIES:
            continue
        payload = {"v": 1, "verb": verb, "id": draft.post, "rev": 1}
        if meant.arg:
            payload["arg"] = ARGUMENTS[meant.arg]
        values = {"reason": "Because.", "words": "Because."}
        answer = await stage.as_(SUPPLY).send(payload, values)
        assert isinstance(answer, Declined), verb
        refused += 1
    assert refused > 9
    assert await stage.post(draft.post) == before


_QUERIES = (
    intents.OpenPost,
    intents.ShowHistory,
    intents.WhoIsIn,
    intents.EditPost,
)
SUPPLY = PersonId("bell")


async def test_a_picture_that_never_arrived_is_refused(stage: Stage) -> None:
    forged = stage.picture(b"never sent")
    refused = await stage.as_(REED).propose("Our pond.", FACEBOOK, pictures=[forged])
    assert isinstance(refused.answer, Declined)
    assert said(refused.answer).startswith("One of the pictures didn't arrive.")


async def test_a_pupil_who_is_on_no_list_is_refused(stage: Stage) -> None:
    picture = await stage.as_(REED).add_picture(png())
    refused = await stage.as_(REED).propose(
        "Our pond.",
        FACEBOOK,
        pictures=[picture],
        who=Who.THESE,
        pupils=[AMELIA, "p-unknown"],  # type: ignore[list-item]  # anybody can send anything
    )
    assert isinstance(refused.answer, Declined)
    assert said(refused.answer).startswith("Somebody whom you named isn't on the school's lists.")


async def test_a_final_card_has_no_button_left(stage: Stage) -> None:
    draft, shared = await in_review(stage)
    assert {"Approve", "Reject"} <= set(labels(shared))
    await stage.pass_by(timedelta(days=7))
    assert labels(stage.card(FACEBOOK_CHANNEL, draft.post)) == ()
    assert (await stage.as_(ADE).queue())[1] == 0
    assert await stage.as_(OKAFOR).card(PostId("01NEVER")) is None
