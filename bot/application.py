"""The program as a whole, made by :mod:`bot.wiring`: how it starts, runs and ends.

Nothing is opened before :meth:`Application.start`.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Final

import structlog
from aiohttp import web as http

from bot.audit.keeper import Keeper
from bot.clock import Ticker
from bot.metrics import Figures
from bot.metrics_page import MetricsPage
from bot.pictures import Pictures
from bot.readiness import Readiness
from bot.relay.drawing import Reach
from bot.relay.relay import WRITTEN, Relay
from bot.rounds import Rounds
from bot.schools import KnownSchools
from bot.settings import Settings
from moderation.kernel import Platform
from moderation.ports import Chat, Clock, Ids
from moderation.service import Service
from storage import schema
from storage.blobs import FileBlobStore
from storage.crypto import Keys
from storage.database import Database, Stamp
from storage.faults import NotReady
from storage.unit_of_work import Units


log = structlog.get_logger(__name__)

PICTURES: Final = 3.0
"""Seconds that pictures being looked at get at the end; the rest is resumed at the next start."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plugged:
    """A platform as it is connected. ``pages`` are mounted under ``prefix`` (``/sandbox/``).

    ``front`` sends whoever opens the server's own address there. ``unplug`` ends its connections.
    """

    chat: Chat
    pages: http.Application | None = None
    prefix: str = ""
    front: bool = False
    unplug: Callable[[], Awaitable[None]] | None = None


@dataclass(slots=True, kw_only=True)
class Application:
    """Everything, made and not yet opened. Implements :class:`bot.lifecycle.Servable`."""

    settings: Settings
    stamp: Stamp
    clock: Clock
    ids: Ids
    keys: Keys
    schools: KnownSchools
    database: Database
    units: Units
    blobs: FileBlobStore
    service: Service
    pictures: Pictures
    chats: dict[Platform, Chat]
    """Filled by :meth:`start`; the relay looks into it whenever it delivers."""
    reach: Reach
    relay: Relay
    rounds: Rounds
    keeper: Keeper
    ticker: Ticker
    readiness: Readiness
    web: http.Application
    figures: Figures
    metrics: MetricsPage | None
    platforms: Mapping[Platform, Connect]
    _unplug: list[Callable[[], Awaitable[None]]] = field(default_factory=list)

    def wake(self) -> None:
        """Something was written: deliver it now."""
        self.ticker.wake(*WRITTEN)

    async def start(self) -> None:
        """Open the database, connect the platforms, go on where the last process ended.

        Raises :class:`~storage.faults.NotReady` where the database can't be used as it is.
        """
        try:
            await self._open()
        except OSError as wrong:
            raise NotReady(
                f"{wrong.filename or self.settings.paths.data} can't be used: {wrong.strerror}"
            ) from None
        if self.metrics is not None:
            await self.metrics.start()
        for platform, connect in self.platforms.items():
            plugged = await connect(self)
            self.chats[platform] = plugged.chat
            if plugged.unplug is not None:
                self._unplug.append(plugged.unplug)
            if plugged.pages is not None:
                self._mount(plugged.pages, plugged)
        waiting = await self.pictures.resume()
        self.ticker.start()
        log.info("application.started", count=waiting)

    def serving(self) -> None:
        """Connections are accepted from now on."""
        self.readiness.state = "serving"

    def quiesce(self) -> None:
        """Say that no more work should be sent."""
        self.readiness.state = "stopping"

    async def pause(self, seconds: float) -> None:
        """Begin nothing new, and give what runs ``seconds``."""
        await self.ticker.stop(seconds)

    async def stop(self, seconds: float) -> None:
        """Close everything; harmless for what was never opened."""
        self.quiesce()
        await self.ticker.stop(seconds)
        for unplug in self._unplug:
            await unplug()
        self._unplug.clear()
        await self.pictures.finish(min(seconds, PICTURES))
        if self.metrics is not None:
            await self.metrics.stop()
        await self.database.close()

    async def _open(self) -> None:
        path = self.database.path
        if path is not None:
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        # Before the schema is touched: a process of the version before may be using it.
        self.database.claim()
        if self.settings.auto_upgrade:
            url = self.settings.database_url.get_secret_value()
            await asyncio.to_thread(schema.upgrade, url, stamp=self.stamp, at=self.clock.now())
        await self.database.open()
        await schema.ready(self.database, self.keys, self.stamp)
        await self.units.store_packs()

    def _mount(self, pages: http.Application, plugged: Plugged) -> None:
        self.web.add_subapp(plugged.prefix, pages)
        if plugged.front:

            async def front(_request: http.Request) -> http.Response:
                raise http.HTTPFound(plugged.prefix)

            self.web.router.add_get("/", front)


Connect = Callable[[Application], Awaitable[Plugged]]
"""Connects one platform of an application whose database is open."""
