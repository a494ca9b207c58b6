"""Connects the sandbox, and fills a new demo with its people, pupils, accounts and story."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from importlib.resources import files
from typing import TYPE_CHECKING, Final

from adapters.sandbox.app import build as build_page
from adapters.sandbox.chat import SandboxChat
from bot.application import Plugged
from bot.demo.door import SandboxDoor
from bot.demo.examples import EXAMPLES
from bot.demo.journal import StoredJournal
from bot.demo.story import Stage, StoryBroken, tell
from bot.imports.load import load_all
from moderation.kernel import Platform
from moderation.ports import Conversation, Unusable
from storage.faults import NotReady


if TYPE_CHECKING:
    from bot.application import Application
    from moderation.kernel import BlobId
    from moderation.ports import Clock


PREFIX: Final = "/sandbox/"
TOLD: Final = "demo-ready"
"""A file that says the story was told to its end."""
WRITTEN_ON: Final = date(2026, 11, 21)
"""The day that the files' dates were written for: permissions don't run out on the demo."""


class StoryClock:
    """The real clock, except while the demo's past is told."""

    def __init__(self, real: Clock) -> None:
        self._real = real
        self._set: datetime | None = None

    def now(self) -> datetime:
        return self._set or self._real.now()

    def set(self, moment: datetime) -> None:
        """Stand still at this moment."""
        self._set = moment.astimezone(UTC)

    def follow(self) -> None:
        """Go with the real time again."""
        self._set = None


async def connect(application: Application, clock: StoryClock) -> Plugged:
    """The sandbox as a platform. A database without people is a new demo: its story is told."""
    journal = StoredJournal(application.units)
    chat = await SandboxChat.open(journal, application.clock, application.ids)
    application.chats[Platform.SANDBOX] = chat
    async with application.units.read() as unit:
        new = not await unit.people.at(
            frozenset({application.schools.trust, *application.schools.ids()})
        )
    told = application.settings.paths.data / TOLD
    if new:
        await _fill(application, clock, chat)
        told.touch(mode=0o600)
    elif not told.exists():
        raise NotReady(f"The demo in {told.parent} was stopped half made. Remove it and try again.")
    door = SandboxDoor(
        service=application.service,
        units=application.units,
        pictures=application.pictures,
        blobs=application.blobs,
        clock=application.clock,
        changed=application.wake,
        ids=application.ids,
    )
    trust = application.schools.get(application.schools.trust)
    pages = build_page(
        door,
        chat,
        clock=application.clock,
        ids=application.ids,
        zone=application.schools.zone,
        title=trust.name if trust is not None else "Schoolgate",
        examples={example.name: example.words for example in EXAMPLES},
    )
    return Plugged(chat=chat, pages=pages, prefix=PREFIX, front=True)


async def _fill(application: Application, clock: StoryClock, chat: SandboxChat) -> None:
    await load_all(
        files(__package__),
        service=application.service,
        units=application.units,
        schools=application.schools,
        ids=application.ids,
        clock=application.clock,
        sandbox=True,
        written_on=WRITTEN_ON,
    )
    await _open_channels(application)
    now = clock.now().astimezone(application.schools.zone)

    async def settle() -> None:
        await application.relay.drain()

    async def all_read() -> None:
        for conversation in chat.conversations():
            await chat.look(conversation)

    stage = Stage(
        service=application.service,
        units=application.units,
        clock=clock,
        ids=application.ids,
        now=now - timedelta(minutes=1),
        add_picture=lambda content: _add(application, content),
        settle=settle,
        look=application.rounds.look,
        all_read=all_read,
    )
    try:
        await tell(stage)
    finally:
        clock.follow()
    await application.rounds.turn_the_day()
    await application.relay.drain()


async def _open_channels(application: Application) -> None:
    """Every open account gets a channel of its own."""
    today = application.clock.now().astimezone(application.schools.zone).date()
    async with application.units.write() as unit:
        for account in await unit.accounts.all():
            if not account.closed(today):
                place = Conversation(Platform.SANDBOX, f"channel:{account.id}")
                await unit.homes.use(account.id, place)
        await unit.commit()


async def _add(application: Application, content: bytes) -> BlobId:
    blob, looking = await application.pictures.arrive(content)
    if await looking in tuple(Unusable):
        raise StoryBroken("a demo picture can't be used")
    return blob
