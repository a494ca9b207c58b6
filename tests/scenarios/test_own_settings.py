"""A school that is stricter than its policy, and changes its mind while a post waits."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import TYPE_CHECKING

from adapters.door import Done
from moderation.posts.model import State
from tests.fakes.trust import FACEBOOK, FACEBOOK_CHANNEL, LUND, OKAFOR, REED
from tests.proves import proves
from tests.scenarios.stage import Stage, labels


if TYPE_CHECKING:
    from tests.applications import Applications


OAKFIELD = {"id": "oakfield", "name": "Oakfield Primary School", "policy": "step"}
MILLBROOK = {"id": "millbrook", "name": "Millbrook Infant School", "policy": "step"}


def follow(house: Applications, **own: object) -> None:
    """Oakfield changes these settings of its policy, from the next start on."""
    house.settings["SCHOOLGATE_SCHOOLS"] = json.dumps([{**OAKFIELD, "settings": own}, MILLBROOK])


@proves("STEP-HEAD-2", platform="sandbox")
async def test_a_post_is_judged_by_the_settings_that_it_was_proposed_under(
    applications: Applications,
) -> None:
    follow(applications, seconds=2, expire_after_days=2)
    stage = await Stage(applications).open()
    draft = await stage.as_(REED).propose("The fair is on Saturday.", FACEBOOK)
    card = stage.card(FACEBOOK_CHANNEL, draft.post)
    assert isinstance(await stage.as_(OKAFOR).press(card, "Approve"), Done)
    assert (await stage.post(draft.post)).state is State.IN_REVIEW
    late = await stage.as_(REED).propose("The raffle is on Sunday.", FACEBOOK)

    follow(applications)
    stage = await stage.again()
    assert (await stage.post(draft.post)).state is State.IN_REVIEW
    card = stage.card(FACEBOOK_CHANNEL, draft.post)
    assert isinstance(await stage.as_(LUND).press(card, "Approve"), Done)
    assert (await stage.post(draft.post)).state is State.RELEASED
    # A post of today goes by the settings of today.
    new = await stage.as_(REED).propose("The choir sings on Monday.", FACEBOOK)
    card = stage.card(FACEBOOK_CHANNEL, new.post)
    assert isinstance(await stage.as_(LUND).press(card, "Approve"), Done)
    assert (await stage.post(new.post)).state is State.RELEASED

    await stage.pass_by(timedelta(days=3))
    assert (await stage.post(late.post)).state is State.EXPIRED
    assert "Approve" not in labels(stage.card(FACEBOOK_CHANNEL, late.post))
