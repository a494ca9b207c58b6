"""How somebody who clicked or typed is answered: to them alone, there where they did it.

Nothing here is kept by Slack for others to find, and nothing that must not be missed goes this way:
that is delivered by the relay. The ways are tried in turn: the address that Slack sent with the
click, a dialog where it came from the Home tab, an ephemeral message, a private message.
"""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final, cast
from urllib.parse import urlsplit

import structlog
from slack_sdk.errors import SlackClientError
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.webhook.async_client import AsyncWebhookClient

from adapters.slack import home, modals, text
from adapters.slack.client import FAULTS, LOGGER, NOT_LET_IN, code_of, meaning
from adapters.slack.films import Films
from adapters.slack.render import LONGEST_JSON, MOST_BLOCKS, Message, render
from moderation.kernel import BlobId, Identity
from moderation.ports import RetryAfter
from moderation.views import Card


if TYPE_CHECKING:
    from collections.abc import Iterator

    from adapters.slack.inbound import Origin
    from adapters.slack.text import Block

log = structlog.get_logger(__name__)

TITLE: Final = "Schoolgate"
LONGEST_SAID: Final = 3_000
TOO_LATE: Final = "Slack didn't let me open the form in time. Nothing was lost: please try again."
A_MINUTE: Final = timedelta(minutes=1)
DRAWN_WITHIN: Final = timedelta(seconds=10)
"""How long a dialog waits for its words while Slack takes no more of us."""
MOST_TRIES: Final = 3
BUSY: Final = "Slack is very busy and opens no form. Nothing was lost: please try again in {}."
RESPONSES_AT: Final = ("hooks.slack.com", "hooks.slack-gov.com")
"""Whose addresses may be answered at, besides the API's own."""
CLOSED: Final = frozenset({"not_found", "view_not_found", "hash_conflict"})
TRIGGER_GONE: Final = frozenset(
    {"expired_trigger_id", "exchanged_trigger_id", "invalid_trigger_id", "trigger_expired"}
)

Pictures = Callable[[Card], Awaitable[Mapping[BlobId, str]]]
"""The Slack files of a card's pictures, those that Slack can show by now."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answers:
    """``client`` has no retry handlers, so that nobody is kept waiting."""

    client: AsyncWebClient
    pictures: Pictures
    films: Films

    async def shown(self, card: Card, user: str) -> Mapping[BlobId, str]:
        """The Slack files of what this person can see of a card: its pictures, and its videos."""
        return {**await self.pictures(card), **await self.films.of(card, user)}

    async def say(self, origin: Origin, by: Identity, sentences: Sequence[str]) -> None:
        await self.say_to(origin, by.id, sentences)

    async def say_to(self, origin: Origin, user: str, sentences: Sequence[str]) -> None:
        """Sentences, to whatever user of Slack's."""
        if origin.home and not origin.trigger:
            # Nothing was pressed: it was opened, and says so itself.
            await home.put(self.client, user, home.told(sentences))
            return
        if origin.home and await self._opened(origin, modals.told(TITLE, sentences)):
            return
        await self._send(origin, user, sentences_in(sentences), replacing=False)

    async def show(
        self,
        origin: Origin,
        by: Identity,
        cards: Sequence[Card],
        sentences: Sequence[str] = (),
    ) -> None:
        """Cards below sentences, in place of a message that only this person sees."""
        if origin.home:
            # A dialog's buttons would have nowhere to answer to.
            cards = [replace(card, buttons=(), more=()) for card in cards]
        drawn = [sentences_in(sentences)] if sentences else []
        for card in cards:
            drawn.append(render(card, await self.shown(card, by.id), first=_buttons(drawn)))
        for at, message in enumerate(_together(drawn)):
            if origin.home and at == 0 and await self._opened(origin, _dialog(message)):
                continue
            await self._send(origin, by.id, message, replacing=origin.ephemeral and at == 0)

    async def open(self, origin: Origin, by: Identity, view: Block) -> str:
        """Open a dialog; its id, or "" where Slack opens none, which the person is told."""
        try:
            opened = await self.client.views_open(trigger_id=origin.trigger, view=view)
        except SlackClientError as wrong:
            if (why := _not_opened(wrong)) is None:
                raise
            await self._send(origin, by.id, sentences_in((why,)), replacing=False)
            return ""
        shown = cast("Mapping[str, Any]", opened.get("view", {}))
        return str(shown.get("id", ""))

    async def update(self, view_id: str, view: Block) -> bool:
        """Redraw a dialog, a little later where Slack is busy; whether it was still open.

        One that has no id ("") is no dialog of Slack's, whoever says so.
        """
        if not view_id:
            return False
        tries = 1
        while True:
            try:
                await self.client.views_update(view_id=view_id, view=view)
            except SlackClientError as wrong:
                if code_of(wrong) in CLOSED:
                    return False
                meant = meaning(wrong)
                if not isinstance(meant, RetryAfter) or meant.delay > DRAWN_WITHIN:
                    raise
                if tries == MOST_TRIES:
                    raise
                tries += 1
                await asyncio.sleep(meant.delay.total_seconds())
            else:
                return True

    # -- the ways ------------------------------------------------------------------------------

    async def _opened(self, origin: Origin, view: Block) -> bool:
        try:
            await self.client.views_open(trigger_id=origin.trigger, view=view)
        except FAULTS:
            return False
        return True

    async def _send(self, origin: Origin, user: str, message: Message, *, replacing: bool) -> None:
        for way in (self._respond, self._whisper, self._write):
            try:
                if await way(origin, user, message, replacing):
                    return
            except FAULTS as wrong:
                log.warning("slack.not_answered", error=code_of(wrong))
        log.error("slack.unanswered")

    async def _respond(self, origin: Origin, _user: str, message: Message, replacing: bool) -> bool:  # noqa: FBT001 -- the ways are alike
        if not self._is_slacks(origin.response_url):
            return False
        hook = AsyncWebhookClient(
            origin.response_url,
            session=self.client.session,
            ssl=self.client.ssl,
            proxy=self.client.proxy,
            retry_handlers=[],
            logger=logging.getLogger(LOGGER),
        )
        answer = await hook.send_dict(
            {
                **message.arguments(),
                "response_type": "ephemeral",
                "replace_original": replacing,
            }
        )
        return answer.status_code == 200  # noqa: PLR2004 -- HTTP's OK

    async def _whisper(self, origin: Origin, user: str, message: Message, _replacing: bool) -> bool:  # noqa: FBT001
        if not origin.channel:
            return False
        await self.client.chat_postEphemeral(
            channel=origin.channel,
            user=user,
            thread_ts=origin.thread or None,
            **message.arguments(),
        )
        return True

    async def _write(self, _origin: Origin, user: str, message: Message, _replacing: bool) -> bool:  # noqa: FBT001
        opened = await self.client.conversations_open(users=user)
        place = cast("Mapping[str, Any]", opened.get("channel", {}))
        await self.client.chat_postMessage(channel=str(place.get("id", "")), **message.arguments())
        return True

    def _is_slacks(self, address: str) -> bool:
        """Whether the address is Slack's, or the test server's that plays it."""
        try:
            given, ours = urlsplit(address), urlsplit(self.client.base_url)
        except ValueError:
            return False
        if (given.scheme, given.netloc) == (ours.scheme, ours.netloc):
            return True
        return given.scheme == "https" and given.netloc in RESPONSES_AT


def _not_opened(wrong: SlackClientError) -> str | None:
    """Why no dialog was opened, where trying again is all that helps."""
    if code_of(wrong) in TRIGGER_GONE:
        return TOO_LATE
    meant = meaning(wrong)
    if not isinstance(meant, RetryAfter) or code_of(wrong) in NOT_LET_IN:
        return None
    return BUSY.format("a minute" if meant.delay <= A_MINUTE else "a few minutes")


def sentences_in(sentences: Sequence[str]) -> Message:
    """A message that says this, a line each."""
    said = text.cut("\n".join(sentences), LONGEST_SAID)
    return Message(text=text.escaped(said), blocks=(text.rich(text.section(text.run(said))),))


def _dialog(message: Message) -> Block:
    return modals.told(TITLE, ()) | {"blocks": list(message.blocks)}


def _length(blocks: Sequence[Block]) -> int:
    return text.size(json.dumps(blocks, ensure_ascii=False, separators=(",", ":")))


def _buttons(drawn: Sequence[Message]) -> int:
    """From where the next card's buttons are numbered, so that no two have one id."""
    return 100 * len(drawn)


def _together(drawn: Sequence[Message]) -> Iterator[Message]:
    """As few messages as hold them all."""
    held: Message | None = None
    for message in drawn:
        if held is None:
            held = message
            continue
        blocks = (*held.blocks, {"type": "divider"}, *message.blocks)
        if len(blocks) <= MOST_BLOCKS and _length(blocks) <= LONGEST_JSON:
            held = Message(text=f"{held.text}\n{message.text}", blocks=blocks)
        else:
            yield held
            held = message
    if held is not None:
        yield held
