"""The one door: every command goes in here, is decided by its room, and is stored whole.

:meth:`Service.do` resolves who asks, opens one unit of work, lets the room's subject decide, and
commits. A :class:`~moderation.kernel.Conflict` (somebody was first) is decided again with what
stands now. :meth:`Service.ask` answers a query with today's rights.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Protocol, TypeGuard, TypeVar, assert_never, get_args

from moderation.absences import commands as absences
from moderation.absences.ports import AbsenceUnit
from moderation.absences.subject import Saying
from moderation.acceptances import commands as acceptances
from moderation.acceptances.ports import AcceptanceUnit
from moderation.acceptances.subject import Policies
from moderation.holds import commands as holds
from moderation.holds.ports import HoldUnit
from moderation.holds.subject import Holds
from moderation.homes import commands as homes
from moderation.homes.ports import HomeUnit
from moderation.homes.subject import Homes
from moderation.imports import commands as imports
from moderation.imports.facts import FactFinder
from moderation.imports.subject import Imports
from moderation.incidents import commands as incidents
from moderation.incidents.facts import FactFinder as ReportFinder
from moderation.incidents.ports import IncidentsUnit
from moderation.incidents.subject import Incidents
from moderation.jottings import commands as jottings
from moderation.jottings.ports import JottingsUnit
from moderation.jottings.subject import Jottings
from moderation.keeping import commands as keeping
from moderation.keeping.ports import KeepingUnit
from moderation.keeping.subject import Keeping
from moderation.kernel import (
    Accepted,
    Conflict,
    Event,
    Identity,
    Platform,
    Refused,
    Repeated,
    handle,
)
from moderation.links import commands as links
from moderation.links.facts import FactFinder as LinkFinder
from moderation.links.ports import LinksUnit
from moderation.links.subject import Links
from moderation.oversight.commands import Look
from moderation.oversight.ports import WatchUnit
from moderation.oversight.subject import Watches
from moderation.people.ports import Schools
from moderation.posts import commands as posts
from moderation.posts.model import Post
from moderation.posts.ports import PostsUnit
from moderation.posts.subject import Posts


if TYPE_CHECKING:
    from contextlib import AbstractAsyncContextManager

    from moderation.kernel import Asked

Command = (
    posts.Command
    | imports.Command
    | incidents.Command
    | holds.Command
    | homes.Command
    | jottings.Command
    | links.Command
    | absences.Command
    | acceptances.Command
    | keeping.Command
    | Look
)
"""Everything that can be asked for. mypy proves that :meth:`Service.do` knows each."""

KNOWN = frozenset(
    (
        *get_args(posts.Command),
        *get_args(imports.Command),
        *get_args(incidents.Command),
        *get_args(holds.Command),
        *get_args(jottings.Command),
        *get_args(links.Command),
        *get_args(absences.Command),
        *get_args(keeping.Command),
        *get_args(acceptances.Command),
        homes.UseHere,
        Look,
    )
)


def is_command(command: object) -> TypeGuard[Command]:
    """Whether the service takes this; what a row kept for later may be older than the code."""
    return type(command) in KNOWN


R_co = TypeVar("R_co", covariant=True)
TRIES = 3
"""A command that lost a race is decided again; three losses in a row are a fault."""


class Unit(
    KeepingUnit,
    HoldUnit,
    HomeUnit,
    JottingsUnit,
    LinksUnit,
    PostsUnit,
    WatchUnit,
    IncidentsUnit,
    AbsenceUnit,
    AcceptanceUnit,
    Protocol,
):
    """One transaction over everything."""

    async def commit(self) -> None:
        """Make it all true, or raise :class:`~moderation.kernel.Conflict` and leave nothing."""


class Units(Protocol):
    """Opens units of work. Leaving a ``write`` without ``commit`` leaves nothing behind."""

    def write(self) -> AbstractAsyncContextManager[Unit]: ...

    def read(self) -> AbstractAsyncContextManager[Unit]: ...


class Query(Protocol[R_co]):
    """A frozen question. ``read`` answers one person at one moment, with that person's rights."""

    async def read(self, unit: Unit, asked: Asked, schools: Schools) -> R_co: ...


Outcome = Accepted[object, Event] | Repeated[object] | Refused


@dataclass(frozen=True, slots=True)
class Service:
    """Built once, in ``bot.wiring``. Holds no state of its own.

    ``platforms`` are those on which people can be reached; they may be connected later.
    """

    units: Units
    schools: Schools
    posts: Posts
    watches: Watches
    platforms: Collection[Platform] = field(default=(), kw_only=True)

    async def do(self, command: Command, asked: Asked) -> Outcome:
        """Take one command all the way, or raise and leave nothing behind.

        Raises :class:`~moderation.kernel.Conflict` after three lost races.
        """
        for _ in range(TRIES - 1):
            try:
                return await self._once(command, asked)
            except Conflict:
                continue
        return await self._once(command, asked)

    async def together(
        self,
        commands: Sequence[tuple[Command, Asked]],
        *,
        passing: Collection[str] = (),
        store: bool = True,
    ) -> tuple[Outcome, ...]:
        """Take all of them in one unit of work, or none: the outcome of each, in their order.

        Nothing is stored where one is refused for a reason that isn't in ``passing``, or where
        ``store`` is false. Raises :class:`~moderation.kernel.Conflict` after three lost races.
        """
        for _ in range(TRIES - 1):
            try:
                return await self._all(commands, passing, store=store)
            except Conflict:
                continue
        return await self._all(commands, passing, store=store)

    async def weigh(self, command: Command, asked: Asked) -> Outcome:
        """What would come of it now. Nothing is stored."""
        async with self.units.write() as unit:
            return await self._decided(command, await _resolved(unit, asked), unit)

    async def ask(self, query: Query[R_co], asked: Asked) -> R_co:
        """Answer ``query`` for whoever asks."""
        async with self.units.read() as unit:
            return await query.read(unit, await _resolved(unit, asked), self.schools)

    async def note(self, query: Query[R_co], asked: Asked) -> R_co:
        """Answer a ``query`` whose asking is itself recorded, under ``asked.key``."""
        async with self.units.write() as unit:
            answer = await query.read(unit, await _resolved(unit, asked), self.schools)
            await unit.commit()
            return answer

    async def _once(self, command: Command, asked: Asked) -> Outcome:
        async with self.units.write() as unit:
            outcome = await self._taken(command, asked, unit)
            if _changes(outcome):
                await unit.commit()
            return outcome

    async def _all(
        self, commands: Sequence[tuple[Command, Asked]], passing: Collection[str], *, store: bool
    ) -> tuple[Outcome, ...]:
        async with self.units.write() as unit:
            outcomes = tuple(
                [await self._taken(command, asked, unit) for command, asked in commands]
            )
            refused = (outcome for outcome in outcomes if isinstance(outcome, Refused))
            held_up = any(not outcome.codes <= set(passing) for outcome in refused)
            if store and not held_up and any(map(_changes, outcomes)):
                await unit.commit()
            return outcomes

    async def _taken(self, command: Command, asked: Asked, unit: Unit) -> Outcome:
        outcome = await self._decided(command, await _resolved(unit, asked), unit)
        if isinstance(outcome, Accepted) and isinstance(outcome.state, Post) and outcome.events:
            await self.posts.remember(unit, outcome.state, outcome.events)
        return outcome

    async def _decided(self, command: Command, asked: Asked, unit: Unit) -> Outcome:
        match command:
            case Look():
                return await handle(self.watches, command, asked, unit)
            case homes.UseHere():
                return await handle(Homes(self.schools), command, asked, unit)
            case holds.Pause() | holds.Start():
                return await handle(Holds(self.schools), command, asked, unit)
            case (
                posts.Propose()
                | posts.Revise()
                | posts.Judge()
                | posts.Dispute()
                | posts.Allow()
                | posts.Decline()
                | posts.Approve()
                | posts.RequestChanges()
                | posts.Reject()
                | posts.LiftVeto()
                | posts.AskHead()
                | posts.Withdraw()
                | posts.Stop()
                | posts.MarkPosted()
                | posts.SayNotPosted()
                | posts.Attend()
                | posts.TakePosting()
                | posts.LookAway()
                | posts.Release()
                | posts.Recheck()
                | posts.Remind()
                | posts.AskHeadInTime()
                | posts.Expire()
                | posts.RemindPosters()
                | posts.AskWhetherPosted()
            ):
                return await handle(self.posts, command, asked, unit)
            case (
                imports.Import()
                | imports.ConfirmImport()
                | imports.DeclineImport()
                | imports.ReplaceImport()
                | imports.LapseImport()
            ):
                taking = Imports(FactFinder(self.schools)).taking(command)
                return await handle(taking, command, asked, unit)
            case (
                incidents.ReportConcern()
                | incidents.Acknowledge()
                | incidents.Finish()
                | incidents.Climb()
            ):
                finder = ReportFinder(self.schools, self.platforms)
                return await handle(Incidents(finder).taking(), command, asked, unit)
            case (
                jottings.Begin()
                | jottings.Say()
                | jottings.NoteStopped()
                | jottings.Make()
                | jottings.Forget()
                | jottings.Lapse()
            ):
                return await handle(Jottings(self.schools).taking(), command, asked, unit)
            case (
                links.RequestLink() | links.ConfirmLink() | links.DeclineLink() | links.LapseLink()
            ):
                subject = Links(LinkFinder(self.schools)).taking(command)
                return await handle(subject, command, asked, unit)
            case (
                keeping.AskName()
                | keeping.AgreeName()
                | keeping.DeclineName()
                | keeping.DropName()
                | keeping.LapseName()
                | keeping.EndName()
            ):
                return await handle(Keeping(self.schools), command, asked, unit)
            case absences.SayAway() | absences.SayBack() | absences.BeginAbsence():
                return await handle(Saying(self.schools), command, asked, unit)
            case acceptances.AcceptPolicy() | acceptances.AcceptedElsewhere():
                return await handle(Policies(self.schools), command, asked, unit)
            case _ as never:
                assert_never(never)


def _changes(outcome: Outcome) -> bool:
    return isinstance(outcome, Accepted) and bool(outcome.events)


async def _resolved(unit: Unit, asked: Asked) -> Asked:
    """Who asks, as a person: two identities of one person are one person, here and nowhere else."""
    if not isinstance(asked.by, Identity):
        return replace(asked, person=None)
    return replace(asked, person=await unit.people.who(asked.by))
