"""The Home tab: what is somebody's own, on one page.

It is Slack's copy, for that person alone, and stays as it is until it is published again: when they
open it, and after whatever they press in it.
"""

from __future__ import annotations

from asyncio import Lock
from typing import TYPE_CHECKING, Any, Final

from adapters.slack import names, text
from adapters.slack.render import render
from moderation.words import capital, counted


if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from slack_sdk.web.async_client import AsyncWebClient

    from adapters.door import Overview
    from adapters.slack.parts import Call
    from adapters.slack.text import Block
    from moderation.kernel import BlobId
    from moderation.views import Card

WRITE: Final = "Write a post"
REPORT: Final = "Report a concern"
BEGIN: Final = (
    "Nothing here yet. Write a post, or use “Propose as a post” on any message. "
    "Somebody else then says yes before it goes out."
)
LONGEST_SAID: Final = 3_000
MOST_POLICIES: Final = 2
"""The next one shows when these are accepted."""


def view(
    overview: Overview, files: Mapping[BlobId, str], *, said: Sequence[str] = ()
) -> dict[str, Any]:
    """The tab. ``said`` is what came of the last click; it stands first."""
    blocks: list[Block] = [_line(*said)] if said else []
    if overview.empty:
        blocks.append(_line(BEGIN))
    blocks.append(_begin())
    for number, card in enumerate(overview.policies[:MOST_POLICIES], start=5):
        blocks += _card(card, files, number)
    if overview.who is not None:
        blocks += _card(overview.who, files, 1)
    left = overview.queue.left
    if left > 1:
        blocks += [{"type": "divider"}, _bold(f"{capital(counted(left, 'post'))} wait for you")]
    for number, card in enumerate((overview.queue.card, overview.mine, overview.accounts), start=2):
        blocks += _card(card, files, number)
    return {"type": "home", "blocks": blocks}


def told(sentences: Sequence[str]) -> dict[str, Any]:
    """The tab of somebody to whom nothing can be shown, and why."""
    return {"type": "home", "blocks": [_line(*sentences)]}


async def publish(call: Call, *, after: str = "", said: Sequence[str] = ()) -> None:
    """Draw their tab as it is now; the queue begins behind the post ``after``."""
    parts = call.parts
    # One drawing at a time, so that the newest is what stays.
    async with parts.homes.setdefault(call.by.id, Lock()):
        overview = await call.soon(call.door.overview(by=call.by, after=after))
        files = await parts.answers.shown(overview.queue.card, call.by.id)
        await put(parts.answers.client, call.by.id, view(overview, files, said=said))


async def put(client: AsyncWebClient, user: str, tab: dict[str, Any]) -> None:
    """Show this in somebody's Home tab."""
    await client.views_publish(user_id=user, view=tab)


def _card(card: Card, files: Mapping[BlobId, str], number: int) -> list[Block]:
    return [{"type": "divider"}, *render(card, files, first=100 * number).blocks]


def _begin() -> Block:
    said = ((names.HOME_WRITE, WRITE), (names.HOME_REPORT, REPORT))
    return {
        "type": "actions",
        "elements": [
            {"type": "button", "action_id": name, "text": text.plain(label)} for name, label in said
        ],
    }


def _line(*sentences: str) -> Block:
    return text.rich(text.section(text.run(text.cut("\n".join(sentences), LONGEST_SAID))))


def _bold(words: str) -> Block:
    return text.rich(text.section(text.run(words, text.BOLD)))
