"""Figures for a monitoring system, in Prometheus' text form.

Labels hold schools by their ids of app.yaml, and words of this program: queues, states, jobs,
commands, routes. Never a person, an account, a post or a conversation. What the database knows is
read when it is asked for; what this process did is counted as it happens.
"""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator, Mapping
from dataclasses import dataclass, field
from importlib.metadata import version
from typing import TYPE_CHECKING, Final

import structlog
from aiohttp import web
from prometheus_client import CollectorRegistry, Histogram, ProcessCollector, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from bot.readiness import Readiness
from bot.status import Status
from moderation.kernel import Accepted, Repeated, SchoolgateError, SchoolId
from moderation.service import Service


if TYPE_CHECKING:
    from aiohttp.typedefs import Handler, Middleware

    from bot.status import SchoolStatus
    from moderation.kernel import Asked
    from moderation.service import Command, Outcome

log = structlog.get_logger(__name__)

BUCKETS: Final = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
LATE: Final = (0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0, 300.0, 900.0, 3600.0)
FRESH: Final = 5.0
"""Seconds for which one look at the database will do: two monitors may ask at once."""
DAY: Final = 86_400


@dataclass(frozen=True, slots=True)
class MeasuredService(Service):
    """The service, with how long each decision took."""

    took: Histogram

    async def do(self, command: Command, asked: Asked) -> Outcome:
        """As :meth:`moderation.service.Service.do`."""
        began = time.perf_counter()
        ended = "failed"
        try:
            outcome = await Service.do(self, command, asked)
            ended = _ended(outcome)
            return outcome
        finally:
            seconds = time.perf_counter() - began
            self.took.labels(type(command).__name__, ended).observe(seconds)


def _ended(outcome: Outcome) -> str:
    match outcome:
        case Accepted():
            return "accepted"
        case Repeated():
            return "repeated"
        case _:
            return "refused"


@dataclass(slots=True, kw_only=True)
class Figures:
    """What is known of this process, and on being asked of the database.

    ``look`` reads the database, ``tick_age`` is in seconds, ``jobs`` counts (job, outcome), and
    ``readiness`` is what ``/readyz`` answers.
    """

    look: Callable[[], Awaitable[Status]]
    readiness: Readiness
    tick_age: Callable[[], float]
    jobs: Counter[tuple[str, str]]
    decisions: Histogram
    answers: Histogram
    registry: CollectorRegistry
    now: Callable[[], float] = time.monotonic
    _seen: tuple[float, Status | None] | None = None
    _looking: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def page(self) -> bytes:
        """All of it. Where the database doesn't answer, it says so and the rest is still there."""
        status, missing = await self._status(), await self.readiness.missing()
        found = CollectorRegistry()
        found.register(_Read(self, status, ready=not missing))
        return generate_latest(self.registry) + generate_latest(found)

    async def _status(self) -> Status | None:
        async with self._looking:
            if self._seen is None or self.now() - self._seen[0] > FRESH:
                status: Status | None = None
                try:
                    async with asyncio.timeout(self.readiness.slowest):
                        status = await self.look()
                except (SchoolgateError, TimeoutError, OSError) as error:
                    log.warning("metrics.without_database", exc_info=error)
                self._seen = (self.now(), status)
            return self._seen[1]

    def middleware(self) -> Middleware:
        """Times every answer under its route as written in the source, never the address."""

        @web.middleware
        async def timed(request: web.Request, handler: Handler) -> web.StreamResponse:
            began = time.perf_counter()
            try:
                return await handler(request)
            finally:
                resource = request.match_info.route.resource
                route = "none" if resource is None else resource.canonical
                method = request.method if request.method in METHODS else "other"
                self.answers.labels(route, method).observe(time.perf_counter() - began)

        return timed


METHODS: Final = frozenset({"GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "PATCH"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Measures:
    """What is timed as it happens, in a registry of this application's own."""

    registry: CollectorRegistry
    decisions: Histogram
    answers: Histogram
    lateness: Histogram

    def late(self, what: str, seconds: float) -> None:
        """Something that was due was done so much later. ``what`` is a word of this program."""
        self.lateness.labels(what).observe(seconds)


def measures() -> Measures:
    """Nothing measured yet."""
    registry = CollectorRegistry()
    ProcessCollector(registry=registry)
    decisions = Histogram(
        "schoolgate_decision_seconds",
        "From a command to its committed decision.",
        ("command", "outcome"),
        buckets=BUCKETS,
        registry=registry,
    )
    answers = Histogram(
        "schoolgate_ack_seconds",
        "From a request to its answer.",
        ("route", "method"),
        buckets=BUCKETS,
        registry=registry,
    )
    lateness = Histogram(
        "schoolgate_due_lateness_seconds",
        "From when something fell due, or was to be tried again, until it was done.",
        ("what",),
        buckets=LATE,
        registry=registry,
    )
    return Measures(registry=registry, decisions=decisions, answers=answers, lateness=lateness)


class _Read(Collector):
    """One look, as Prometheus' families."""

    def __init__(self, figures: Figures, status: Status | None, *, ready: bool) -> None:
        self._figures = figures
        self._status = status
        self._ready = ready

    def collect(self) -> Iterator[Metric]:
        """Every family."""
        figures = self._figures
        info = GaugeMetricFamily("schoolgate_info", "Which program it is.", labels=("version",))
        info.add_metric((version("schoolgate"),), 1)
        yield info
        yield _one("ready", "Whether it may be sent work: what /readyz answers.", self._ready)
        yield _one(
            "database_read", "Whether the figures below could be read.", self._status is not None
        )
        yield _one("tick_age_seconds", "Since a job of the clock last ended.", figures.tick_age())
        jobs = CounterMetricFamily(
            "schoolgate_clock_jobs", "Jobs of the clock that went wrong.", labels=("job", "outcome")
        )
        for (job, outcome), count in sorted(figures.jobs.items()):
            jobs.add_metric((job, outcome), count)
        yield jobs
        if self._status is not None:
            yield from _queues(self._status)
            yield from _record(self._status)
            yield from _schools(self._status)


def _one(name: str, said: str, value: float) -> Metric:
    return GaugeMetricFamily(f"schoolgate_{name}", said, value=value)


QUEUES: Final = ("effects", "cards", "notices", "releases")


def _queues(status: Status) -> Iterator[Metric]:
    depth = GaugeMetricFamily(
        "schoolgate_outbox_depth",
        "What is due and not done (waiting), or may have gone out and waits for a person (unsure).",
        labels=("queue", "state"),
    )
    dead = GaugeMetricFamily(
        "schoolgate_dead_letters", "What was given up, until a person looks.", labels=("queue",)
    )
    oldest = GaugeMetricFamily(
        "schoolgate_outbox_oldest_age_seconds",
        "How late the oldest of the waiting is; 0 where nothing waits.",
        labels=("queue",),
    )
    for queue in QUEUES:
        these = [item for item in status.backlogs if item.queue == queue]
        depth.add_metric((queue, "waiting"), sum(item.waiting for item in these))
        depth.add_metric((queue, "unsure"), sum(item.unsure for item in these))
        dead.add_metric((queue,), sum(item.dead for item in these))
        ages = [
            (status.at - item.oldest).total_seconds() for item in these if item.oldest is not None
        ]
        oldest.add_metric((queue,), max(0.0, *ages) if ages else 0.0)
    yield from (depth, dead, oldest)


def _record(status: Status) -> Iterator[Metric]:
    record = status.record
    yield _one("audit_events", "How long the record is.", record.events)
    yield _one(
        "audit_unanchored_events",
        "Lines of the record that no signed checkpoint covers yet.",
        max(0, record.events - record.signed),
    )
    yield _one("pictures_waiting", "Pictures that nobody has looked at.", status.pictures_waiting)


def _schools(status: Status) -> Iterator[Metric]:
    schools = status.schools
    ages = {
        one.school: age.total_seconds() / DAY
        for one in schools
        if (age := one.roster_age(status.at)) is not None
    }
    yield _by_school("roster_age_days", "Since the list of pupils last came in.", ages)
    yield _by_school(
        "pupils",
        "Pupils on the list, leavers too; 0 where there is none.",
        {one.school: one.pupils or 0 for one in schools if not one.is_trust},
    )
    counts: dict[str, tuple[str, Callable[[SchoolStatus], int]]] = {
        "accounts": ("Open accounts.", lambda one: one.accounts),
        "lists_refused": (
            "Lists left for import that were refused and wait for a corrected one.",
            lambda one: one.refused,
        ),
        "accounts_uncovered": (
            "Open accounts with fewer moderators or administrators here than the policy asks for.",
            lambda one: one.uncovered,
        ),
        "accounts_quiet": (
            "Open accounts without a post for the policy's number of days.",
            lambda one: one.quiet,
        ),
    }
    for name, (said, count) in counts.items():
        yield _by_school(name, said, {one.school: count(one) for one in schools})
    stuck = GaugeMetricFamily(
        "schoolgate_posts_stuck", "Posts that have stood too long.", labels=("school", "why")
    )
    for one in schools:
        stuck.add_metric((one.school, "in_review"), one.stuck.in_review)
        stuck.add_metric((one.school, "overdue"), one.stuck.overdue)
        stuck.add_metric((one.school, "unposted"), one.stuck.unposted)
    yield stuck


def _by_school(name: str, said: str, values: Mapping[SchoolId, float]) -> Metric:
    family = GaugeMetricFamily(f"schoolgate_{name}", said, labels=("school",))
    for school, value in values.items():
        family.add_metric((school,), value)
    return family
