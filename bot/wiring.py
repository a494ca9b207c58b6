"""The one composition root: which part is made of which. ``run``, ``demo`` and the tests use it.

    application = build(settings, stamp=Stamp.REAL, platforms={Platform.SLACK: connect_slack})
    lifecycle.run(application, settings.listen.host, settings.listen.port)

Nothing is opened before :meth:`Application.start`.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING, Final, get_args

import structlog
from aiohttp import web as http

from adapters.images.inspector import SubprocessInspector
from adapters.publishing.folder import FolderPublisher
from adapters.publishing.handover import HandoverPublisher
from bot.audit.keeper import Keeper, keeper_of
from bot.clock import Ticker
from bot.metrics import Figures, MeasuredService, histograms
from bot.metrics_page import MetricsPage
from bot.pictures import Pictures
from bot.readiness import Readiness
from bot.relay.draw_holds import HoldDrawer
from bot.relay.draw_imports import ImportDrawer
from bot.relay.draw_incidents import IncidentDrawer
from bot.relay.draw_posts import PostDrawer, Posts as DrawnPosts, ReadyDrawer
from bot.relay.draw_record import RecordDrawer
from bot.relay.draw_watch import WatchDrawer
from bot.relay.drawing import Drawers, Reach
from bot.relay.relay import Relay
from bot.relay.workshop import Workshop
from bot.rounds import MIDNIGHT, MORNING, NIGHT, RECHECK_EVERY, Rounds
from bot.schools import KnownSchools, packs_of
from bot.settings import Settings
from bot.status import Status, gather
from bot.system import SystemClock, Ulids
from bot.web import build as build_web
from moderation.holds.model import HOLD
from moderation.imports.commands import Timed as TimedImport
from moderation.imports.effects import IMPORT
from moderation.incidents.commands import Timed as TimedReport
from moderation.incidents.model import INCIDENT
from moderation.kernel import Platform
from moderation.oversight.model import WATCH
from moderation.oversight.subject import Watches
from moderation.ports import Chat, Clock, Ids
from moderation.posts.commands import Timed
from moderation.posts.facts import FactFinder
from moderation.posts.model import POST, READY
from moderation.posts.subject import Posts
from moderation.record.model import RECORD
from moderation.service import Service
from storage import schema
from storage.blobs import FileBlobStore
from storage.commands import DataclassCodec
from storage.crypto import Keys
from storage.database import Database, Stamp
from storage.failpoints import UNARMED, Failpoints
from storage.faults import NotReady
from storage.probe import probe
from storage.unit_of_work import Units


if TYPE_CHECKING:
    from moderation.ports import Publisher

log = structlog.get_logger(__name__)

RELAY: Final = "relay"
RELAY_EVERY: Final = timedelta(seconds=1)
"""At most this late without being woken."""
ROUNDS_AT_ONCE: Final = 20
SIGNING_EVERY: Final = timedelta(minutes=1)
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
        self.ticker.wake(RELAY)

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


def build(
    settings: Settings,
    *,
    stamp: Stamp,
    platforms: Mapping[Platform, Connect],
    clock: Clock | None = None,
    ids: Ids | None = None,
    failpoints: Failpoints = UNARMED,
) -> Application:
    """Make every part. ``settings.keys`` holds at least one key; only tests give ``failpoints``.

    Raises :class:`~storage.faults.NotReady` for keys or an address that can't be used.
    """
    clock, ids = clock or SystemClock(), ids or Ulids()
    schools = KnownSchools(settings)
    database = Database(settings.database_url.get_secret_value())
    keys = Keys(tuple(key.get_secret_value() for key in settings.keys))
    units = Units(
        database,
        keys,
        packs=packs_of(settings),
        commands=DataclassCodec(*get_args(Timed), *get_args(TimedImport), TimedReport),
        now=clock.now,
        failpoints=failpoints,
    )
    chats: dict[Platform, Chat] = {}
    registry, decisions, answers = histograms()
    service = MeasuredService(
        took=decisions,
        units=units,
        schools=schools,
        posts=Posts(FactFinder(schools, ids)),
        watches=Watches(schools),
        platforms=chats.keys(),
    )
    blobs = FileBlobStore(settings.paths.data / "pictures", keys.seal, keys.open)
    reach = Reach(units=units, chats=chats)
    # The scheduler goes by the machine's time, whatever the rest is told.
    ticker = Ticker(SystemClock(), schools.zone)
    rounds = Rounds(
        service=service,
        units=units,
        schools=schools,
        clock=clock,
        wrote=partial(ticker.wake, RELAY),
    )
    keeper = keeper_of(settings, units, schools, clock, partial(ticker.wake, RELAY))
    workshop = Workshop(
        units=units,
        service=service,
        drawers=_drawers(units, schools, clock, reach),
        reach=reach,
        publisher=_publisher(settings, blobs, clock),
        clock=clock,
        owner=ids.new(),
        failpoints=failpoints,
    )
    relay = Relay(workshop)
    pictures = Pictures(
        units=units, blobs=blobs, inspector=SubprocessInspector(), service=service, clock=clock
    )
    _set_ticks(ticker, relay, rounds, pictures, keeper)
    readiness = Readiness(
        store=lambda: probe(database, keys, stamp, clock.now()), tick_age=ticker.last_tick_age
    )

    async def look() -> Status:
        async with units.read() as unit:
            return await gather(unit, schools, clock.now())

    figures = Figures(
        look=look,
        readiness=readiness,
        tick_age=ticker.last_tick_age,
        jobs=ticker.counts,
        decisions=decisions,
        answers=answers,
        registry=registry,
    )
    pages = build_web(readiness.missing, keeper.concerns)
    pages.middlewares.append(figures.middleware())
    return Application(
        settings=settings,
        stamp=stamp,
        clock=clock,
        ids=ids,
        keys=keys,
        schools=schools,
        database=database,
        units=units,
        blobs=blobs,
        service=service,
        pictures=pictures,
        chats=chats,
        reach=reach,
        relay=relay,
        rounds=rounds,
        keeper=keeper,
        ticker=ticker,
        readiness=readiness,
        web=pages,
        figures=figures,
        metrics=_metrics(settings, figures),
        platforms=platforms,
    )


def _set_ticks(
    ticker: Ticker, relay: Relay, rounds: Rounds, pictures: Pictures, keeper: Keeper
) -> None:
    async def deliver() -> None:
        for _ in range(ROUNDS_AT_ONCE):
            # What is claimed is brought to its end, and nothing more is claimed at the end.
            if ticker.stopping or not await relay.tick():
                return

    ticker.every(RELAY, RELAY_EVERY, deliver)
    ticker.every("recheck", RECHECK_EVERY, rounds.recheck)
    ticker.every("catch_up", RECHECK_EVERY, pictures.catch_up)
    ticker.daily("look", MORNING, rounds.look)
    ticker.once("look_if_late", rounds.look_if_late)
    ticker.daily("turn_the_day", MIDNIGHT, rounds.turn_the_day)
    ticker.daily("forget", NIGHT, rounds.forget)
    ticker.every("sign_when_due", SIGNING_EVERY, keeper.when_due)
    ticker.every("hand_out_checkpoints", RECHECK_EVERY, keeper.hand_out)
    ticker.daily("walk_the_record", NIGHT, keeper.night)


def _drawers(units: Units, schools: KnownSchools, clock: Clock, reach: Reach) -> Drawers:
    posts = DrawnPosts(units=units, schools=schools, clock=clock, reach=reach)
    return Drawers(
        {
            POST: PostDrawer(posts=posts),
            READY: ReadyDrawer(posts=posts),
            HOLD: HoldDrawer(units=units, schools=schools, clock=clock, reach=reach),
            WATCH: WatchDrawer(units=units, schools=schools, clock=clock, reach=reach),
            RECORD: RecordDrawer(units=units, schools=schools, clock=clock),
            IMPORT: ImportDrawer(units=units, schools=schools, clock=clock, reach=reach),
            INCIDENT: IncidentDrawer(units=units, schools=schools, clock=clock, reach=reach),
        }
    )


def _metrics(settings: Settings, figures: Figures) -> MetricsPage | None:
    place = settings.metrics.place
    return None if place is None else MetricsPage(figures, *place)


def _publisher(settings: Settings, blobs: FileBlobStore, clock: Clock) -> Publisher:
    folder = settings.publishing.folder
    if settings.publishing.to == "folder" and folder is not None:
        return FolderPublisher(folder, blobs, clock)
    return HandoverPublisher(blobs)
