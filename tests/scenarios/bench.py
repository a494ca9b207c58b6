"""The model's small school in a real store, with the real service in front of it.

    bench = Bench(memory)                  # or one over an opened database
    bench.begin(bounds)
    bench.do(move)                         # a move of the model, asked of the service
    bench.post, bench.broken               # what is stored, and which promises that broke

The same witness judges as in ``tests/model``: it sees who really spoke, and what the store holds.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any, cast

from moderation.checks.model import Consent, PupilName, Purpose, Severity, Status
from moderation.checks.names.roster import Roster
from moderation.holds import commands as holds
from moderation.kernel import Asked, Later, PostId, Refused, Repeated, SchoolId, Timer
from moderation.oversight.subject import Watches
from moderation.people.model import Pupil
from moderation.policies.model import Check, Pack, Rule
from moderation.policies.settings import HeadteacherApproves, PackSettings
from moderation.ports import Inspection, PictureFormat, Unusable
from moderation.posts import commands as ask
from moderation.posts.evolution import evolve
from moderation.posts.facts import FactFinder
from moderation.posts.subject import Posts
from moderation.service import Service, Units
from tests import builders as some
from tests.fakes.units import FakeUnits
from tests.model import moves as can, world
from tests.model.moves import Move
from tests.model.search import Evolve, Machine
from tests.model.witness import Seen, Today, broken, remember
from tests.model.world import Access, Bounds, Checks


if TYPE_CHECKING:
    import asyncio
    from collections.abc import AsyncIterator

    from moderation.kernel import Identity
    from moderation.people.ports import School
    from moderation.posts.events import Event
    from moderation.posts.model import Post, State
    from moderation.service import Command, Outcome


MakeUnits = Callable[[Mapping[SchoolId, Pack], Callable[[], datetime]], Units]
"""A store: how to make units of work with these packs and this clock."""


def memory(packs: Mapping[SchoolId, Pack], now: Callable[[], datetime]) -> Units:
    return FakeUnits(packs=packs, roster=Roster, now=now)


@dataclass(frozen=True, slots=True)
class OneSchool:
    """Implements :class:`~moderation.people.ports.Schools`: Oak, in a trust of its own."""

    trust: SchoolId = some.TRUST
    zone = UTC

    def get(self, school: SchoolId) -> School | None:
        del school
        return None

    def ids(self) -> tuple[SchoolId, ...]:
        return (some.OAK,)


def pack(bounds: Bounds) -> Pack:
    """Three rules: a link is confirmed, a word needs the head, a picture needs a consent."""
    wanted = HeadteacherApproves.ALWAYS if bounds.head else HeadteacherApproves.NEVER
    link = Rule(
        id=world.LINK.rule,
        clause="ONE",
        check=Check.LINKS,
        severity=Severity.FLAG,
        why="There is a link.",
        category="link",
        confirm="opened",
        words=("link",),
    )
    word = replace(
        link,
        id=world.WORD.rule,
        severity=Severity.BLOCK,
        confirm="",
        category="word",
        allowable=True,
        words=("head may allow",),
    )
    consent = Rule(
        id=world.CONSENT.rule,
        clause="TWO",
        check=Check.IMAGE_CONSENT,
        severity=Severity.BLOCK,
        why="A family said no.",
    )
    return Pack(
        id="small",
        version="1",
        title="A small policy",
        review_date=date(2030, 1, 1),
        settings=PackSettings(
            seconds=bounds.seconds,
            headteacher_approves=wanted,
            headteacher_counts_as_second=bounds.head_counts,
            expire_after_days=world.LIFETIME.days,
            keep_draft_days=world.LIFETIME.days,
        ),
        clauses={"ONE": "Our policy, one", "TWO": "Our policy, two"},
        confirmations={"opened": "I have opened the link."},
        lists={},
        rules=(link, word, consent),
        digest="sha256:" + f"{bounds.seconds}{bounds.head:d}{bounds.head_counts:d}".rjust(64, "0"),
        source="",
    )


@dataclass(slots=True)
class Noting:
    """Units that note the commands for later of whatever is committed."""

    inner: Units
    later: dict[str, Later] = field(default_factory=dict)

    @asynccontextmanager
    async def write(self) -> AsyncIterator[Any]:
        async with self.inner.write() as unit:
            yield _NotingUnit(unit, self.later)

    @asynccontextmanager
    async def read(self) -> AsyncIterator[Any]:
        async with self.inner.read() as unit:
            yield unit


class _NotingUnit:
    def __init__(self, inner: Any, later: dict[str, Later]) -> None:  # noqa: ANN401 -- any store's
        self._inner = inner
        self._later = later
        self._new: dict[str, Later] = {}

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 -- whatever the store offers
        return getattr(self._inner, name)

    async def record(self, *given: Any) -> None:  # noqa: ANN401 -- handed on as it came
        await self._inner.record(*given)
        self._new |= {effect.key: effect for effect in given[-1] if isinstance(effect, Later)}

    async def commit(self) -> None:
        await self._inner.commit()
        for key, later in self._new.items():
            self._later.setdefault(key, later)


@dataclass(frozen=True, slots=True)
class FaultyPosts(Posts):
    """The posts' door with another ``evolve``, for faults on purpose."""

    changed: Evolve = evolve

    def evolve(self, state: Post | None, event: Event) -> Post:
        return self.changed(state, event)


class Bench:
    """One post of one school after another, each with a witness of its own."""

    def __init__(
        self, runner: asyncio.Runner, make_units: MakeUnits, *, in_memory: bool = False
    ) -> None:
        self.in_memory = in_memory
        self._run = runner.run
        self._make_units = make_units
        self._posts = 0
        self.machine = Machine()
        self.reached: Counter[State] = Counter()
        """How often each state was entered, over all posts."""

    def begin(self, bounds: Bounds) -> None:
        """A new post to be, with everybody's rights and every consent in place."""
        machine = self.machine
        self._posts += 1
        self.bounds = bounds
        self.id = PostId(f"post-{self._posts}")
        self.clock = some.TestClock()
        self.ids = some.CountedIds(prefix=f"{self.id}-")
        self.seen = Seen()
        self.post: Post | None = None
        self.broken: tuple[str, ...] = ()
        self.access, self.checks, self.held = Access.ALL, Checks.USUAL, False
        packs = dict.fromkeys((some.OAK, some.TRUST), pack(bounds))
        self.units = Noting(self._make_units(packs, self.clock.now))
        posts = FaultyPosts(FactFinder(OneSchool(), self.ids), machine.rules, machine.evolve)
        self.service = Service(
            units=self.units, schools=OneSchool(), posts=posts, watches=Watches(OneSchool())
        )
        self._run(self._prepare())

    async def _prepare(self) -> None:
        people, grants = world.staff(self.bounds, Access.ALL, second_bob=self.machine.second_bob)
        async with self.units.write() as unit:
            await unit.people.save(people)
            await unit.people.save_grants(frozenset({some.PAGE}), grants)
            await unit.accounts.save((some.account(),))
            await unit.rolls.save_pupils(some.OAK, (_pupil(),))
            await unit.rolls.save_consents(some.OAK, (_consent(Status.GRANTED),))
            await unit.inspections.arrive(world.PICTURE)
            await unit.inspections.add(_inspection())
            await unit.commit()

    # -- the world -------------------------------------------------------------------------------

    def now_is(
        self,
        access: Access | None = None,
        checks: Checks | None = None,
        *,
        held: bool | None = None,
    ) -> None:
        """Rights or consents are changed in the store; or the head pauses or starts posts."""
        self.access, self.checks = access or self.access, checks or self.checks
        self._run(self._change())
        if held is not None and held is not self.held:
            self.held = held
            self._run(self._pause_or_start())

    async def _pause_or_start(self) -> None:
        pause = holds.Pause(school=some.OAK, reason="A flood.")
        command: Command = pause if self.held else holds.Start(school=some.OAK)
        asked = Asked(by=some.identities(some.HEAD)[0], key=self.ids.new(), at=self.clock.at)
        outcome = await self.service.do(command, asked)
        assert not isinstance(outcome, Refused), outcome

    async def _change(self) -> None:
        people, grants = world.staff(self.bounds, self.access, second_bob=self.machine.second_bob)
        gone = self.checks is Checks.CONSENT_GONE
        status = Status.WITHDRAWN if gone else Status.GRANTED
        async with self.units.write() as unit:
            await unit.people.save(people)
            await unit.people.save_grants(frozenset({some.PAGE}), grants)
            await unit.rolls.save_consents(some.OAK, (_consent(status),))
            if self.checks is Checks.LOOKING:
                await unit.inspections.spoil(world.PICTURE, Unusable.DAMAGED)
                await unit.inspections.arrive(world.PICTURE)
            else:
                await unit.inspections.add(_inspection())
            await unit.commit()

    def clock_comes_round(self) -> None:
        """Whatever is due for this post is asked for, in its order, with the row's own key."""
        while due := self._due():
            later = due[0]
            del self.units.later[later.key]
            command = cast("ask.Timed", later.command)
            self.ask(Move(TIMED[type(command)]), command, Timer(), later.key)
            assert not self.broken, self.broken

    def _due(self) -> list[Later]:
        waiting = (
            item
            for item in self.units.later.values()
            if item.due <= self.clock.at and cast("ask.Timed", item.command).post == self.id
        )
        return sorted(waiting, key=lambda item: item.due)

    # -- asking ----------------------------------------------------------------------------------

    def do(self, move: Move, key: str | None = None) -> Outcome:
        """Ask the service for ``move``, as a chat would: with an identity and what was seen."""
        command = can.command(move, self.post, self.clock.at)
        mine = replace(command, post=self.id)
        return self.ask(move, mine, move.by or Timer(), key or self.ids.new())

    def play(self, move: Move) -> None:
        """One move of the model, whatever it is."""
        if move.of_the_world:
            self.now_is(move.access, move.checks, held=move.held)
        elif move.verb == "a day goes by":
            self.clock.tick(world.STEP)
        else:
            self.do(move)

    def ask(self, move: Move, command: Command, by: Identity | Timer, key: str) -> Outcome:
        before = self.post
        self.last = (move, command, by, key)
        outcome = self._run(self.service.do(command, Asked(by=by, key=key, at=self.clock.at)))
        self.post = self._run(self._stored())
        self.had_effect = isinstance(outcome, Repeated) or bool(
            not isinstance(outcome, Refused) and outcome.events
        )
        if isinstance(outcome, Refused | Repeated) or not outcome.events:
            assert self.post == before, "a refusal changes nothing"
            return outcome
        assert self.post is not None
        self.reached[self.post.state] += 1
        today = Today(
            bounds=self.bounds,
            access=self.access,
            checks=self.checks,
            now=self.clock.at,
            held=self.held,
            at_release=self.machine.at_release,
            at_clicks=self.machine.at_clicks,
        )
        then = remember(self.seen, move, before, self.post, today)
        self.broken = tuple(broken(self.seen, then, move, before, self.post, today))
        self.seen = then
        return outcome

    def again(self) -> tuple[Outcome, Post | None]:
        """The newest request arrives once more; and the post as it was before that."""
        before = self.post
        return self.ask(*self.last), before

    async def _stored(self) -> Post | None:
        async with self.units.read() as unit:
            found = await unit.posts.get(self.id)
        return found[0] if found is not None else None


TIMED = {
    ask.Release: "release",
    ask.Expire: "expire",
    ask.Remind: "remind",
    ask.AskHeadInTime: "ask the head",
    ask.RemindPosters: "remind the posters",
    ask.Recheck: "recheck",
    ask.Judge: "judge",
}


def _pupil() -> Pupil:
    name = PupilName(pupil=world.PUPIL, legal_forename="Wilhelmina", legal_surname="Osgood")
    return Pupil(key=world.PUPIL, school=some.OAK, number="1", name=name)


def _consent(status: Status) -> Consent:
    return Consent(pupil=world.PUPIL, purpose=Purpose.PHOTO, scope="all", status=status)


def _inspection() -> Inspection:
    return Inspection(
        blob=world.PICTURE, clean=world.PICTURE, format=PictureFormat.JPEG, width=8, height=8
    )
