"""Links in a post: each is named on the card, opened by whoever says yes, or stopped."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from adapters.door import Declined, Done
from moderation.posts.model import State
from tests.fakes.trust import FACEBOOK, FACEBOOK_CHANNEL, OKAFOR, REED
from tests.proves import proves
from tests.scenarios.stage import findings, said


if TYPE_CHECKING:
    from tests.scenarios.stage import Stage


OPENED = "I have opened the link, and it suits our families."


@proves("STEP-LINK-1", platform="sandbox")
@pytest.mark.parametrize(
    ("address", "told"),
    [
        ("https://tickets.example/fair", "This leads to another site."),
        ("bit.ly/3abcDEF", "This short link hides where it leads."),
    ],
)
async def test_whoever_says_yes_has_opened_the_link(stage: Stage, address: str, told: str) -> None:
    draft = await stage.as_(REED).propose(f"Tickets are here: {address}", FACEBOOK)
    card = stage.card(FACEBOOK_CHANNEL, draft.post)
    assert told in " ".join(line.reason for line in findings(card).lines)
    unticked = await stage.as_(OKAFOR).press_unticked(card, "Approve")
    assert isinstance(unticked, Declined)
    assert OPENED in said(unticked)
    assert (await stage.post(draft.post)).approvals == ()
    assert isinstance(await stage.as_(OKAFOR).press(card, "Approve"), Done)
    assert (await stage.post(draft.post)).state is State.RELEASED


@proves("STEP-LINK-1", platform="sandbox")
async def test_an_address_that_imitates_another_is_stopped(stage: Stage) -> None:
    draft = await stage.as_(REED).propose("Pay here: https://paypa1.com/school", FACEBOOK)
    assert (await stage.post(draft.post)).state is State.DRAFT
    card = stage.card(REED, draft.post)
    assert "isn't what it seems" in " ".join(line.reason for line in findings(card).lines)
