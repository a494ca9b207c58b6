"""This version's whole walk on the schema of the next one: how an upgrade can be taken back."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from moderation.posts.model import READY, State
from storage import schema
from storage.probe import probe
from storage.reach import Standing
from tests.fakes.trust import BELL, FACEBOOK, FACEBOOK_CHANNEL, OKAFOR, REED
from tests.scenarios.stage import Done, Stage
from tests.storage.newer import become_newer


if TYPE_CHECKING:
    from tests.applications import Applications


async def test_a_post_goes_its_whole_way_on_a_newer_schema(applications: Applications) -> None:
    become_newer(applications.url, serves_from=schema.head())
    stage = await Stage(applications).open()
    app = stage.application
    assert schema.standing(applications.url) is Standing.NEWER
    assert await probe(app.database, app.keys, app.stamp, app.clock.now()) == ()
    draft = await stage.as_(REED).propose("Well done Amelia Khan!", FACEBOOK)
    assert isinstance((await stage.as_(REED).revise(draft.post, "Well done!")).answer, Done)
    shared = stage.card(FACEBOOK_CHANNEL, draft.post)
    assert isinstance(await stage.as_(OKAFOR).press(shared, "Approve"), Done)
    ready = stage.card(BELL, draft.post, READY)
    assert isinstance(await stage.as_(BELL).press(ready, "I've posted it"), Done)
    assert (await stage.post(draft.post)).state is State.PUBLISHED
    async with app.units.read() as unit:
        assert (await unit.audit.verify()).problems == ()


@pytest.mark.postgres
async def test_a_running_process_stays_ready_while_the_next_version_migrates(
    applications: Applications,
) -> None:
    stage = await Stage(applications).open()
    app = stage.application
    become_newer(applications.url, serves_from=schema.head())
    assert await probe(app.database, app.keys, app.stamp, app.clock.now()) == ()
    draft = await stage.as_(REED).propose("The fair is on Saturday.", FACEBOOK)
    shared = stage.card(FACEBOOK_CHANNEL, draft.post)
    assert isinstance(await stage.as_(OKAFOR).press(shared, "Approve"), Done)
