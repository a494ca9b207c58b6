"""The one composition root: which part is made of which. ``run``, ``demo`` and the tests use it.

    application = build(settings, stamp=Stamp.REAL, platforms={Platform.SLACK: connect_slack})
    lifecycle.run(application, settings.listen.host, settings.listen.port)

Nothing is opened before :meth:`bot.application.Application.start`.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING, Final, get_args

from aiohttp import web as http

from adapters.images.inspector import SubprocessInspector
from adapters.publishing.folder import FolderPublisher
from adapters.publishing.handover import HandoverPublisher
from bot.application import Application, Connect
from bot.audit.keeper import Keeper, keeper_of
from bot.clock import Ticker
from bot.imports.desk import Desk
from bot.imports.folder import FOLDER, Tray, set_aside
from bot.imports.reading import Reader
from bot.metrics import Figures, MeasuredService, Measures, measures
from bot.metrics_page import MetricsPage
from bot.pictures import Pictures
from bot.readiness import Readiness
from bot.relay.counting import Counting
from bot.relay.draw_absences import AbsenceDrawer
from bot.relay.draw_deliveries import DeliveriesDrawer
from bot.relay.draw_holds import HoldDrawer
from bot.relay.draw_imports import ImportDrawer
from bot.relay.draw_incidents import IncidentDrawer
from bot.relay.draw_jottings import JottingDrawer
from bot.relay.draw_links import LinkDrawer
from bot.relay.draw_names import NameDrawer
from bot.relay.draw_posts import PostDrawer, Posts as DrawnPosts, ReadyDrawer
from bot.relay.draw_record import RecordDrawer
from bot.relay.draw_tallies import TallyDrawer
from bot.relay.draw_watch import WatchDrawer
from bot.relay.drawing import Drawers, Reach
from bot.relay.relay import THEN, WRITTEN, Part, Relay
from bot.relay.workshop import Workshop
from bot.rounds import MIDNIGHT, MORNING, NIGHT, RECHECK_EVERY, Rounds
from bot.schools import KnownSchools, packs_of
from bot.settings import Settings
from bot.status import Status, gather
from bot.sweep import Sweep
from bot.system import SystemClock, Ulids
from bot.undelivered import Undelivered
from bot.web import build as build_web
from moderation.absences.commands import Timed as TimedAbsence
from moderation.absences.model import ABSENCE
from moderation.deliveries.model import DELIVERIES
from moderation.holds.model import HOLD
from moderation.imports.commands import Timed as TimedImport
from moderation.imports.effects import IMPORT
from moderation.incidents.commands import Timed as TimedReport
from moderation.incidents.model import INCIDENT
from moderation.jottings.commands import Timed as TimedJotting
from moderation.jottings.model import JOTTING
from moderation.keeping.commands import Timed as TimedName
from moderation.keeping.model import NAME
from moderation.kernel import Platform
from moderation.links.commands import LapseLink
from moderation.links.model import LINK
from moderation.oversight.model import WATCH
from moderation.oversight.subject import Watches
from moderation.ports import Chat, Clock, Ids
from moderation.posts.commands import Timed
from moderation.posts.facts import FactFinder
from moderation.posts.model import POST, READY
from moderation.posts.subject import Posts
from moderation.record.model import RECORD
from moderation.service import Service
from moderation.tallies.model import TALLY
from storage.blobs import FileBlobStore
from storage.commands import DataclassCodec
from storage.crypto import Keys
from storage.database import Database, Stamp
from storage.failpoints import UNARMED, Failpoints
from storage.probe import probe
from storage.unit_of_work import Units


if TYPE_CHECKING:
    from collections.abc import Mapping

    from moderation.ports import Publisher

RELAY_EVERY: Final = timedelta(seconds=1)
"""At most this late without being woken."""
ROUNDS_AT_ONCE: Final = 20
SIGNING_EVERY: Final = timedelta(minutes=1)


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
    ground = _ground(settings, stamp, clock or SystemClock(), ids or Ulids(), failpoints)
    measured = measures()
    work = _work(ground, measured, failpoints)
    sight = _sight(ground, work, measured)
    return Application(
        settings=settings,
        stamp=stamp,
        clock=ground.clock,
        ids=ground.ids,
        keys=ground.keys,
        schools=ground.schools,
        database=ground.database,
        units=ground.units,
        blobs=ground.blobs,
        service=work.service,
        pictures=work.pictures,
        chats=work.chats,
        reach=work.reach,
        relay=work.relay,
        rounds=work.rounds,
        keeper=work.keeper,
        ticker=work.ticker,
        readiness=sight.readiness,
        web=sight.web,
        figures=sight.figures,
        metrics=_metrics(settings, sight.figures),
        platforms=platforms,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Ground:
    """What every other part stands on."""

    settings: Settings
    stamp: Stamp
    clock: Clock
    ids: Ids
    keys: Keys
    schools: KnownSchools
    database: Database
    units: Units
    blobs: FileBlobStore


def _ground(
    settings: Settings, stamp: Stamp, clock: Clock, ids: Ids, failpoints: Failpoints
) -> _Ground:
    database = Database(settings.database_url.get_secret_value())
    keys = Keys(tuple(key.get_secret_value() for key in settings.keys))
    return _Ground(
        settings=settings,
        stamp=stamp,
        clock=clock,
        ids=ids,
        keys=keys,
        schools=KnownSchools(settings),
        database=database,
        units=Units(
            database,
            keys,
            packs=packs_of(settings),
            commands=DataclassCodec(
                *get_args(Timed),
                *get_args(TimedImport),
                TimedReport,
                TimedJotting,
                LapseLink,
                TimedAbsence,
                *get_args(TimedName),
            ),
            now=clock.now,
            failpoints=failpoints,
        ),
        blobs=FileBlobStore(settings.paths.data / "pictures", keys.seal, keys.open),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Work:
    """What decides, and what then goes on by itself."""

    service: Service
    pictures: Pictures
    chats: dict[Platform, Chat]
    reach: Reach
    relay: Relay
    rounds: Rounds
    undelivered: Undelivered
    keeper: Keeper
    ticker: Ticker
    sweep: Sweep
    tray: Tray


def _work(ground: _Ground, measured: Measures, failpoints: Failpoints) -> _Work:
    units, schools, clock = ground.units, ground.schools, ground.clock
    chats: dict[Platform, Chat] = {}
    service = MeasuredService(
        took=measured.decisions,
        units=units,
        schools=schools,
        posts=Posts(FactFinder(schools, ground.ids)),
        watches=Watches(schools),
        platforms=chats.keys(),
    )
    reach = Reach(units=units, chats=chats)
    # The scheduler goes by the machine's time, whatever the rest is told.
    ticker = Ticker(SystemClock(), schools.zone)
    wrote = partial(ticker.wake, *WRITTEN)
    work = _Work(
        service=service,
        pictures=Pictures(
            units=units,
            blobs=ground.blobs,
            inspector=SubprocessInspector(),
            service=service,
            clock=clock,
        ),
        chats=chats,
        reach=reach,
        relay=Relay(_workshop(ground, service, reach, measured, failpoints)),
        rounds=Rounds(service=service, units=units, schools=schools, clock=clock, wrote=wrote),
        undelivered=Undelivered(units=units, schools=schools, clock=clock, wrote=wrote),
        keeper=keeper_of(ground.settings, units, schools, clock, wrote),
        ticker=ticker,
        sweep=Sweep(units=units, blobs=ground.blobs, clock=clock),
        tray=Tray(
            desk=Desk(
                service=service,
                reader=Reader(units=units, schools=schools, ids=ground.ids),
                clock=clock,
            ),
            folder=ground.settings.paths.data / FOLDER,
            schools=schools,
            clock=SystemClock(),
        ),
    )
    _set_ticks(work)
    return work


def _workshop(
    ground: _Ground, service: Service, reach: Reach, measured: Measures, failpoints: Failpoints
) -> Workshop:
    return Workshop(
        units=ground.units,
        service=service,
        drawers=_drawers(ground.schools, ground.clock, reach, service.posts.finder),
        reach=reach,
        counting=Counting(schools=ground.schools, reach=reach, clock=ground.clock),
        publisher=_publisher(ground.settings, ground.blobs, ground.clock),
        clock=ground.clock,
        owner=ground.ids.new(),
        failpoints=failpoints,
        late=measured.late,
    )


def _set_ticks(work: _Work) -> None:
    ticker, rounds, keeper = work.ticker, work.rounds, work.keeper

    async def deliver(part: Part) -> None:
        for _ in range(ROUNDS_AT_ONCE):
            # What is claimed is brought to its end, and nothing more is claimed at the end.
            if ticker.stopping or not await work.relay.round(part):
                return
            ticker.wake(*THEN.get(part, ()))

    for part in Part:
        ticker.every(part, RELAY_EVERY, partial(deliver, part))
    ticker.every("recheck", RECHECK_EVERY, rounds.recheck)
    ticker.every("catch_up", RECHECK_EVERY, work.pictures.catch_up)
    ticker.every("tell_of_undelivered", RECHECK_EVERY, work.undelivered.tell)
    ticker.daily("look", MORNING, rounds.look)
    ticker.once("look_if_late", rounds.look_if_late)
    ticker.daily("turn_the_day", MIDNIGHT, rounds.turn_the_day)
    ticker.daily("forget", NIGHT, rounds.forget)
    ticker.daily("sweep_pictures", NIGHT, work.sweep.pictures)
    ticker.daily("read_imports", NIGHT, work.tray.read)
    ticker.every("sign_when_due", SIGNING_EVERY, keeper.when_due)
    ticker.every("hand_out_checkpoints", RECHECK_EVERY, keeper.hand_out)
    ticker.daily("walk_the_record", NIGHT, keeper.night)


def _drawers(schools: KnownSchools, clock: Clock, reach: Reach, judges: FactFinder) -> Drawers:
    posts = DrawnPosts(schools=schools, clock=clock, reach=reach)
    return Drawers(
        {
            POST: PostDrawer(posts=posts),
            READY: ReadyDrawer(posts=posts),
            HOLD: HoldDrawer(schools=schools, clock=clock, reach=reach),
            WATCH: WatchDrawer(schools=schools, clock=clock, reach=reach),
            DELIVERIES: DeliveriesDrawer(schools=schools, clock=clock, reach=reach),
            RECORD: RecordDrawer(schools=schools, clock=clock),
            ABSENCE: AbsenceDrawer(schools=schools, clock=clock),
            NAME: NameDrawer(schools=schools, clock=clock, reach=reach),
            LINK: LinkDrawer(schools=schools, clock=clock, reach=reach),
            IMPORT: ImportDrawer(schools=schools, clock=clock, reach=reach),
            INCIDENT: IncidentDrawer(schools=schools, clock=clock, reach=reach),
            TALLY: TallyDrawer(schools=schools, clock=clock, reach=reach),
            JOTTING: JottingDrawer(schools=schools, clock=clock, judges=judges),
        }
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Sight:
    """What can be seen of it from outside."""

    readiness: Readiness
    figures: Figures
    web: http.Application


def _sight(ground: _Ground, work: _Work, measured: Measures) -> _Sight:
    clock, ticker = ground.clock, work.ticker
    readiness = Readiness(
        store=lambda: probe(ground.database, ground.keys, ground.stamp, clock.now()),
        tick_age=ticker.last_tick_age,
    )

    async def look() -> Status:
        refused = await asyncio.to_thread(set_aside, ground.settings.paths.data, ground.schools)
        async with ground.units.read() as unit:
            return await gather(unit, ground.schools, clock.now(), refused=refused)

    figures = Figures(
        look=look,
        readiness=readiness,
        tick_age=ticker.last_tick_age,
        jobs=ticker.counts,
        decisions=measured.decisions,
        answers=measured.answers,
        registry=measured.registry,
    )
    pages = build_web(readiness.missing, work.keeper.concerns)
    pages.middlewares.append(figures.middleware())
    return _Sight(readiness=readiness, figures=figures, web=pages)


def _metrics(settings: Settings, figures: Figures) -> MetricsPage | None:
    place = settings.metrics.place
    return None if place is None else MetricsPage(figures, *place)


def _publisher(settings: Settings, blobs: FileBlobStore, clock: Clock) -> Publisher:
    folder = settings.publishing.folder
    if settings.publishing.to == "folder" and folder is not None:
        return FolderPublisher(folder, blobs, clock)
    return HandoverPublisher(blobs)
