"""What is about children, in a dialog: Slack keeps nothing of it once it is closed.

One that is still open when its day is over is emptied, and when we stop as well. Which are open is
known to this process alone, by Slack's ids; what stood in them is known to nobody.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Final

import structlog

from adapters.sentences import OUTDATED
from adapters.slack import modals, text
from adapters.slack.answers import Answers
from adapters.slack.client import FAULTS, code_of
from adapters.slack.render import in_full
from moderation.ports import Clock


if TYPE_CHECKING:
    from collections.abc import Sequence

    from adapters.slack.text import Block
    from moderation.views import Card

log = structlog.get_logger(__name__)

READING: Final = "reading"
"""The ``callback_id`` of such a dialog."""
TOO_MUCH: Final = "Not all of it fits in here. Add the account's name to what you type."
TITLE: Final = "Photo permissions"
WHO: Final = "Who is in the picture"
REPORT: Final = "What was reported"
CLOSE: Final = "Close"


def view(cards: Sequence[Card], title: str = TITLE) -> Block:
    """The dialog; no card of it is ever cut."""
    drawn: list[Block] = []
    for at, card in enumerate(cards):
        blocks = [*([{"type": "divider"}] if at else []), *in_full(card)]
        if len(drawn) + len(blocks) >= modals.MOST_BLOCKS:
            drawn.insert(0, text.rich(text.section(text.run(TOO_MUCH, text.BOLD))))
            break
        drawn += blocks
    return modals.told(title, ()) | {
        "blocks": drawn,
        "callback_id": READING,
        "close": text.plain(CLOSE),
        "notify_on_close": True,
    }


@dataclass(frozen=True, slots=True, kw_only=True)
class Readings:
    """The dialogs that are open, and until when what stands in each may be read."""

    answers: Answers
    clock: Clock
    open: dict[str, datetime] = field(default_factory=dict)

    async def end(self) -> None:
        """Empty those whose time is over."""
        now = self.clock.now()
        await self._emptied([view_id for view_id, until in self.open.items() if until <= now])

    async def end_all(self) -> None:
        """Empty every one: nobody would later."""
        await self._emptied(list(self.open))

    async def _emptied(self, views: Sequence[str]) -> None:
        for view_id in views:
            try:
                await self.answers.update(view_id, modals.told(TITLE, (OUTDATED,)))
            except FAULTS as wrong:
                # Tried again with the next round.
                log.warning("slack.reading_stands", error=code_of(wrong))
            else:
                self.open.pop(view_id, None)
