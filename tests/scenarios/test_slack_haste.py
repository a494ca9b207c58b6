"""The dialog of a post and hasty hands: answers shown late, and choices that overtake others."""

from __future__ import annotations

import asyncio
from copy import deepcopy
from typing import TYPE_CHECKING

import pytest

from tests.adapters.images.pictures import png
from tests.fakes.slack_dialog import Dialog
from tests.fakes.slack_workspace import TEAM
from tests.fakes.trust import REED
from tests.scenarios.slack_stage import Hand, SlackStage


if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Mapping
    from typing import Any

    from tests.applications import Applications

FAIR = "The summer fair is on Saturday."
FACEBOOK, X = "Facebook", "X"


@pytest.fixture
async def stage(applications: Applications) -> AsyncIterator[SlackStage]:
    async with SlackStage(applications).opened() as made:
        yield made


async def test_an_answer_that_is_shown_late_isn_t_drawn_over_the_pictures(
    stage: SlackStage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("adapters.slack.listeners.compose.LANDING", 1.2)
    reed = stage.as_(REED)
    dialog = await reed.types("/propose", FAIR)
    dialog.attach(stage.slack.file_payload(reed.image(png()).id))
    showing = stage.send

    async def slowly(body: dict[str, Any] | None = None, **form: str) -> tuple[int, Any]:
        """What we answered is on its way, and shown a little later."""
        answered = await showing(body, **form)
        await asyncio.sleep(0.6)
        return answered

    monkeypatch.setattr(stage, "send", slowly)
    await reed.sends(dialog)
    await reed.redrawn(dialog)
    assert "What the picture shows" in dialog.words()


def chosen(stage: SlackStage, hand: Hand, dialog: Dialog, label: str, at: str) -> Mapping[str, Any]:
    """A choice in the list of accounts, and when Slack says that it was made."""
    element = dialog.block("accounts")["element"]
    groups = element.get("option_groups") or [element]
    every = [it for group in groups for it in group["options"]]
    found = next(it["text"]["text"] for it in every if it["text"]["text"].startswith(label))
    dialog.choose("accounts", found)
    block = dialog.block("accounts")
    return {
        "type": "block_actions",
        "trigger_id": stage.slack.trigger(hand.id),
        "container": {"type": "view", "view_id": dialog.view["id"]},
        "view": deepcopy(dialog.sent()),
        "actions": [
            {
                "type": block["element"]["type"],
                "block_id": block["block_id"],
                "action_id": block["element"]["action_id"],
                "action_ts": at,
            }
        ],
        "user": {"id": hand.id, "team_id": TEAM},
        "team": {"id": TEAM},
    }


@pytest.mark.parametrize("at_once", [False, True])
async def test_a_choice_that_is_overtaken_is_not_drawn(stage: SlackStage, *, at_once: bool) -> None:
    reed = stage.as_(REED)
    dialog = await reed.types("/propose", FAIR)
    first = dict(chosen(stage, reed, dialog, FACEBOOK, "1790000001.000100"))
    second = dict(chosen(stage, reed, dialog, X, "1790000001.000200"))
    if at_once:
        await asyncio.gather(stage.send(second), stage.send(first))
    else:
        await stage.send(second)
        await stage.settle()
        await stage.send(first)
    await stage.settle()
    shown = stage.slack.workspace.views[dialog.view["id"]].body
    assert "Up to 280 characters on X." in Dialog(shown).words()
