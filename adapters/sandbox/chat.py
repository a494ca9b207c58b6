"""The sandbox's own chat: conversations kept here, cards kept as they are and drawn when read.

Conversations are named ``channel:<account>``, ``school:<school>`` and ``person:<person>``.
"""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, Final, Protocol, TypeVar

from cattrs import BaseValidationError
from cattrs.preconf.json import make_converter
from cattrs.strategies import configure_tagged_union

from moderation import views
from moderation.kernel import CorruptStore, Identity, PersonId, Platform
from moderation.ports import Clock, Conversation, Delivered, Delivery, Gone, Ids, Rejected
from moderation.views import Card


if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Sequence


T = TypeVar("T")

MOST_WAITING: Final = 256
"""News kept for a page that is slow to read; past that the oldest goes. News only says: look."""

LOOKED: Final = "looked"
"""In the journal, the conversation of the lines that say when somebody last looked."""

_json = make_converter()
configure_tagged_union(views.Part, _json, tag_name="part")
configure_tagged_union(views.Field, _json, tag_name="field")


class Journal(Protocol):
    """Where messages outlive the process, sealed: a payload holds a draft's words."""

    async def append(self, ref: str, conversation: str, payload: str) -> None: ...

    async def replace(self, ref: str, payload: str) -> None: ...

    async def all(self) -> Sequence[tuple[str, str, str]]:
        """Every (ref, conversation, payload), in the order in which they were appended."""


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class _Kept:
    """What a journal's payload says."""

    key: str
    at: datetime
    changed_at: datetime | None = None
    card: Card


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Message:
    """A card in a conversation. ``changed_at`` is when its subject last changed what it says."""

    ref: str
    conversation: str
    key: str
    at: datetime
    changed_at: datetime | None
    card: Card

    def __repr__(self) -> str:
        return f"Message({self.ref})"


@dataclass(frozen=True, slots=True)
class _Looked:
    """What a journal's line says about somebody who has looked at their messages."""

    at: datetime


@dataclass(frozen=True, slots=True)
class News:
    """Something changed in a conversation ("" for: anywhere, look again)."""

    conversation: str
    title: str = ""
    state: str = ""


class SandboxChat:
    """A :class:`~moderation.ports.Chat`. Messages come back after a restart, oldest first."""

    def __init__(self, journal: Journal, clock: Clock, ids: Ids) -> None:
        self._journal = journal
        self._clock = clock
        self._ids = ids
        self._messages: dict[str, Message] = {}
        self._refs: dict[tuple[str, str], str] = {}
        self._looked: dict[str, datetime] = {}
        self._readers: set[asyncio.Queue[News]] = set()
        self._writing = asyncio.Lock()

    @classmethod
    async def open(cls, journal: Journal, clock: Clock, ids: Ids) -> SandboxChat:
        """Read back what was said. Raises :class:`~moderation.kernel.CorruptStore`."""
        chat = cls(journal, clock, ids)
        for ref, conversation, payload in await journal.all():
            if conversation == LOOKED:
                chat._looked[ref.removeprefix(f"{LOOKED}:")] = _read(ref, payload, _Looked).at
            else:
                chat._remember(_message(ref, conversation, payload))
        return chat

    # -- the port ------------------------------------------------------------------------------

    async def post(self, to: Conversation, card: Card, key: str) -> Delivery:
        """Show a new card; the same key shows one message in one conversation."""
        if to.platform is not Platform.SANDBOX:
            return Rejected("not_a_sandbox_conversation")
        async with self._writing:
            known = self._refs.get((to.id, key))
            if known is not None:
                return Delivered(known)
            message = Message(
                ref=self._ids.new(),
                conversation=to.id,
                key=key,
                at=self._clock.now(),
                changed_at=None,
                card=card,
            )
            await self._journal.append(message.ref, to.id, _payload(message))
            self._remember(message)
        self._announce(message)
        return Delivered(message.ref)

    async def update(self, at: Conversation, ref: str, card: Card) -> Delivery:
        """Redraw a card where it stands."""
        async with self._writing:
            known = self._messages.get(ref)
            if known is None or at != Conversation(Platform.SANDBOX, known.conversation):
                return Gone()
            if known.card == card:
                return Delivered(ref)
            # The same version in other words ("today" is Tuesday by now) is no change of its own.
            told = known.changed_at if card.version == known.card.version else self._clock.now()
            message = replace(known, card=card, changed_at=told)
            await self._journal.replace(ref, _payload(message))
            self._remember(message)
        self._announce(message)
        return Delivered(ref)

    async def private(self, to: Identity) -> Conversation | None:
        """Everybody in the sandbox can be reached; nobody elsewhere can be from here."""
        if to.platform is not Platform.SANDBOX:
            return None
        return Conversation(Platform.SANDBOX, private_id(PersonId(to.id)))

    # -- what the page reads -------------------------------------------------------------------

    def messages(self, conversation: str) -> tuple[Message, ...]:
        """A conversation's messages, oldest first."""
        return tuple(
            message for message in self._messages.values() if message.conversation == conversation
        )

    def conversations(self) -> tuple[str, ...]:
        """Where something stands, by what came first."""
        return tuple(dict.fromkeys(item.conversation for item in self._messages.values()))

    def unread(self, conversation: str) -> int:
        """How many messages have come since it was last looked at.

        A card that says something else since counts again; a message that was merely brought up to
        date doesn't, as in any chat.
        """
        since = self._looked.get(conversation)
        return sum(since is None or _said_at(item) > since for item in self.messages(conversation))

    async def look(self, conversation: str) -> None:
        """Somebody has looked at everything that stands there now."""
        ref, now = f"{LOOKED}:{conversation}", self._clock.now()
        async with self._writing:
            payload = _json.dumps(_Looked(now), _Looked)
            if conversation in self._looked:
                await self._journal.replace(ref, payload)
            else:
                await self._journal.append(ref, LOOKED, payload)
            self._looked[conversation] = now

    @asynccontextmanager
    async def listen(self) -> AsyncIterator[asyncio.Queue[News]]:
        """Hear of every change from now on."""
        queue: asyncio.Queue[News] = asyncio.Queue(MOST_WAITING)
        self._readers.add(queue)
        try:
            yield queue
        finally:
            self._readers.discard(queue)

    def nudge(self) -> None:
        """Tell every page to look again: something changed that is no message."""
        self._tell(News(""))

    def _remember(self, message: Message) -> None:
        self._messages[message.ref] = message
        self._refs[message.conversation, message.key] = message.ref

    def _announce(self, message: Message) -> None:
        self._tell(News(message.conversation, message.card.title, message.card.state))

    def _tell(self, news: News) -> None:
        for queue in self._readers:
            if queue.full():
                queue.get_nowait()
            queue.put_nowait(news)


def private_id(person: PersonId) -> str:
    """The name of a person's private conversation."""
    return f"person:{person}"


def _payload(message: Message) -> str:
    kept = _Kept(key=message.key, at=message.at, changed_at=message.changed_at, card=message.card)
    return _json.dumps(kept, _Kept)


def _said_at(message: Message) -> datetime:
    live = message.key.startswith("card:")
    return message.changed_at or message.at if live else message.at


def _read(ref: str, payload: str, kind: type[T]) -> T:
    try:
        return _json.loads(payload, kind)
    except (BaseValidationError, ValueError, TypeError, KeyError):
        # The cause would quote the payload, which may hold a draft's words.
        message = f"the sandbox's message {ref} can't be read"
        raise CorruptStore(message) from None


def _message(ref: str, conversation: str, payload: str) -> Message:
    kept = _read(ref, payload, _Kept)
    return Message(
        ref=ref,
        conversation=conversation,
        key=kept.key,
        at=kept.at,
        changed_at=kept.changed_at,
        card=kept.card,
    )
