"""Whoever isn't on the school's list, and begins by proposing: told why, and whom to ask."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from adapters.sentences import NOBODY
from tests.fakes.trust import LUND, REED
from tests.parity import shows
from tests.scenarios.slack_stage import SlackStage, post_of, slack_id


if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from moderation.kernel import PersonId
    from tests.applications import Applications

FAIR = "The summer fair is on Saturday at ten."


@pytest.fixture
async def stage(applications: Applications) -> AsyncIterator[SlackStage]:
    async with SlackStage(applications).opened() as made:
        yield made


async def unregistered(stage: SlackStage, person: PersonId, *, in_slack: str) -> None:
    """The list holds their address alone, and Slack says ``in_slack``."""
    async with stage.application.units.write() as unit:
        found = await unit.people.get(person)
        assert found is not None
        bare = replace(found, identities=(), email=f"{person}@oakfield.example")
        await unit.people.save((bare,))
        await unit.commit()
    stage.slack.workspace.users[slack_id(person)].email = in_slack


@shows("stranger", on="slack")
async def test_whoever_is_on_no_list_is_told_whom_to_ask_and_keeps_their_words(
    stage: SlackStage,
) -> None:
    await unregistered(stage, REED, in_slack="somebody@elsewhere.example")
    dialog = await stage.as_(REED).types("/propose", FAIR)
    assert NOBODY in dialog.words()
    assert FAIR in dialog.words()
    assert dialog.fields == ()


async def test_whoever_is_heard_first_through_a_dialog_is_greeted_there(stage: SlackStage) -> None:
    dialog = await stage.as_(REED).types("/propose", FAIR)
    await unregistered(stage, LUND, in_slack="lund@oakfield.example")
    [said] = (await stage.as_(LUND).sends(dialog))["errors"].values()
    assert "I think you are on the school's list." in said
    assert await stage.post(post_of(dialog)) is None
