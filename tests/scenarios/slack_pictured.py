"""A post with a picture, as it is begun in Slack."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.adapters.images.pictures import png
from tests.fakes.slack_dialog import Dialog
from tests.fakes.trust import REED
from tests.scenarios.slack_stage import X_ROOM


if TYPE_CHECKING:
    from tests.scenarios.slack_stage import Hand, SlackStage

FAIR = "The summer fair is on Saturday at ten. Everybody is welcome."
BANNER = png()


async def with_picture(stage: SlackStage, text: str = FAIR) -> tuple[Hand, Dialog]:
    """Sent with one picture, which has been looked at."""
    reed = stage.as_(REED)
    dialog = await reed.types("/propose", text, where=X_ROOM)
    dialog.attach(stage.slack.file_payload(reed.image(BANNER).id))
    reply = await reed.sends(dialog)
    assert reply["response_action"] == "update"
    assert "Looking at one picture…" in Dialog(reply["view"]).words()
    assert text in Dialog(reply["view"]).words()
    await reed.redrawn(dialog)
    return reed, dialog
