"""The operator's desk: one file goes in, one report comes out.

Whole or not at all: one bad row refuses the file, unless the operator leaves bad rows out. What is
shown beforehand is what the core would decide at that moment; what counts is what it decides.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from bot.imports import headings
from bot.imports.details import details
from bot.imports.outcomes import decided
from bot.imports.reading import Reader
from bot.imports.report import Outcome, Question, Report
from bot.tables import Table
from moderation.imports import present
from moderation.imports.commands import Import
from moderation.imports.events import Event
from moderation.imports.model import Batch, BatchId, Kind, Pupils, touched
from moderation.imports.queries import Preview
from moderation.kernel import Accepted, Asked, Conflict, Operator, PersonId, Refused, SchoolId
from moderation.ports import Clock
from moderation.service import Service


if TYPE_CHECKING:
    from datetime import datetime

    from bot.imports.headings import Read as Named
    from bot.imports.reading import Read
    from moderation.imports.model import Content
    from moderation.imports.queries import Previewed


@dataclass(frozen=True, slots=True, kw_only=True)
class Errand:
    """One file, and how the operator wants it taken."""

    kind: Kind
    table: Table = field(repr=False)
    school: SchoolId | None = None
    dry_run: bool = False
    skip_bad: bool = False
    closing: int | None = None
    confirmed_by: tuple[PersonId, ...] = ()
    headings: Mapping[str, str] = field(default_factory=dict)
    """What headings mean that nobody knew (:func:`bot.imports.headings.answers`)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """Takes one errand after the other."""

    service: Service
    reader: Reader
    clock: Clock

    async def take(self, errand: Errand) -> Report:
        """The file's report; by then everything is written, or nothing.

        Raises :class:`~moderation.kernel.Conflict` when others kept changing the register, and what
        the store raises.
        """
        now = self.clock.now()
        today = now.astimezone(self.reader.schools.zone).date()
        named = headings.applied(errand.kind, errand.table, errand.headings)
        if named.asks:
            return _asks(errand, named)
        read = await self.reader.read(errand.kind, named.table, school=errand.school, today=today)
        report = _read(errand, read)
        report = replace(report, notes=(*report.notes, *named.notes))
        if read.content is None or (report.problems and not errand.skip_bad):
            return report
        command = self._command(errand, read.content)
        asked = Asked(by=Operator(), key=f"import:{command.batch.id}", at=now)
        found = await self.service.ask(Preview(command=command), asked)
        report = _compared(report, found)
        if errand.dry_run:
            return decided(report, found, found.decided, command)
        outcome = await self.service.do(command, asked)
        match outcome:
            case Refused():
                return decided(report, found, outcome, command)
            case Accepted(events=events):
                await self._received(read.content, now)
                ours = tuple(event for event in events if isinstance(event, Event))
                return decided(report, found, ours, command)
            case _:
                # Its key was made a moment ago.
                raise AssertionError("a new import was seen before")

    async def _received(self, content: Content, at: datetime) -> None:
        """A list that says nothing new is as fresh as one that does: whoever watches its age knows.

        After the import's own transaction: losing this costs a warning that comes too early.
        """
        if not isinstance(content, Pupils):
            return
        with suppress(Conflict):
            async with self.reader.units.write() as unit:
                for roll in content.rolls:
                    await unit.rolls.received(roll.school, at)
                await unit.commit()

    def _command(self, errand: Errand, content: Content) -> Import:
        batch = Batch(
            id=BatchId(self.reader.ids.new()),
            kind=errand.kind,
            received_at=self.clock.now(),
            content=content,
            touches=touched(content),
        )
        return Import(batch=batch, closing=errand.closing, confirmed_by=errand.confirmed_by)


WHOLE_OR_NOT = "Nothing was imported: a file is taken whole or not at all."
SKIP_BAD = "Correct these rows, or leave them out with --skip-bad."
NOBODY_LEAVES = "A refused row may be about anybody, so nobody leaves the roll by this file."


NOTHING_YET = "Nothing was imported yet: these headings aren't known."


def _asks(errand: Errand, named: Named) -> Report:
    """The headings that somebody has to explain first."""
    return Report(
        kind=errand.kind,
        outcome=Outcome.HEADINGS,
        assumed=errand.table.assumed,
        problems=named.asks,
        dry_run=errand.dry_run,
        sentences=(NOTHING_YET,),
    )


def _read(errand: Errand, read: Read) -> Report:
    """What reading alone found: the whole report where the file is refused."""
    parsed = read.parsed
    # Without a header the first row is somebody's data: of a child's nothing is repeated.
    header_is_known = parsed.readable or errand.kind not in (Kind.PUPILS, Kind.CONSENTS)
    blind = errand.kind is Kind.PUPILS and parsed.blind
    return Report(
        kind=errand.kind,
        outcome=Outcome.REFUSED,
        assumed=parsed.assumed,
        ignored=parsed.ignored_columns if header_is_known else (),
        problems=parsed.problems,
        refused=len(parsed.refused),
        dry_run=errand.dry_run,
        sentences=(WHOLE_OR_NOT, SKIP_BAD) if parsed.readable else (WHOLE_OR_NOT,),
        notes=(NOBODY_LEAVES,) if blind and errand.skip_bad else (),
    )


def _compared(report: Report, found: Previewed) -> Report:
    """With the difference."""
    plan, around = found.plan, found.around
    return replace(
        report,
        sentences=(),
        counts=plan.counts,
        summary=present.summary(report.kind, plan.counts),
        schools=plan.by_school,
        closing=plan.counts.closed if report.kind is Kind.PUPILS else None,
        details=details(found),
        rights=present.sentences(found.changes, around),
        asked=tuple(
            Question(
                school=place,
                of=around.schools.get(place, place),
                people=people,
                names=tuple(around.names.get(person, person) for person in people),
            )
            for place, people in around.asked.items()
        ),
    )
