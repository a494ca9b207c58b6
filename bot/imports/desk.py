"""The operator's desk: one file goes in, one report comes out.

Whole or not at all: one bad row refuses the file, unless the operator leaves bad rows out. What is
shown beforehand is what the core would decide at that moment; what counts is what it decides.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from bot.imports import headings, vocabularies
from bot.imports.answers import Answered, translated
from bot.imports.details import details
from bot.imports.outcomes import decided
from bot.imports.reading import Reader
from bot.imports.report import Outcome, Question, Report
from bot.imports.wording import listed
from bot.tables import Knows, Table
from moderation.imports import present
from moderation.imports.commands import Import
from moderation.imports.events import Event
from moderation.imports.model import Batch, BatchId, Kind, Pupils, touched
from moderation.imports.queries import Preview
from moderation.kernel import Accepted, Asked, Conflict, Operator, PersonId, Refused, SchoolId
from moderation.ports import Clock
from moderation.service import Service


if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime

    from bot.imports.parsed import RowProblem
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
    types: Mapping[str, str] = field(default_factory=dict)
    """What types of consent allow (:func:`bot.imports.answers.types`), as ``said_by`` says."""
    said_by: PersonId | None = None
    only: str = ""
    """What a file of one type is about, as ``photo:facebook``; by ``said_by`` as well."""
    again: Callable[[Knows], Table] | None = field(default=None, repr=False)
    """Reads the file afresh, for a header that only this school's own words tell."""


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
        vocabulary, amiss = await vocabularies.heard(self.service, errand, now)
        if amiss:
            return _unheard(errand, amiss)
        # A roll is long, and whoever presses meanwhile is answered: off the loop, here and below.
        table = await asyncio.to_thread(vocabulary.table, errand)
        if other := headings.looks_like(errand.kind, table.columns, vocabulary.types.known):
            return _mistaken(errand, table, other)
        named = await asyncio.to_thread(headings.applied, errand.kind, table, vocabulary.headings)
        if named.asks:
            return _asks(errand, table, Outcome.HEADINGS, named.asks)
        answered = Answered(table=named.table)
        if errand.kind is Kind.CONSENTS:
            answered = await asyncio.to_thread(translated, named.table, vocabulary.types)
        if answered.asks:
            return _asks(errand, table, Outcome.TYPES, answered.asks)
        read = await self.reader.read(errand.kind, answered, school=errand.school, today=today)
        report = _read(errand, read)
        report = replace(report, notes=(*report.notes, *named.notes, *answered.notes))
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
MOST_LINES = 20
"""Of the lines that a refused row takes along, so many are named."""
NOBODY_LEAVES = "A refused row may be about anybody, so nobody leaves the roll by this file."


NOTHING_YET = {
    Outcome.HEADINGS: "Nothing was imported yet: these headings aren't known.",
    Outcome.TYPES: "Nothing was imported yet: nobody has said what these types allow.",
}
WHO_SAYS = (
    "A head, a deputy, the business manager or the data protection officer says it; name them with "
    "--said-by, by person id."
)


def _asks(errand: Errand, table: Table, outcome: Outcome, asked: tuple[RowProblem, ...]) -> Report:
    """What somebody has to explain first."""
    more = (WHO_SAYS,) if outcome is Outcome.TYPES else ()
    return Report(
        kind=errand.kind,
        outcome=outcome,
        assumed=table.assumed,
        problems=asked,
        dry_run=errand.dry_run,
        sentences=(NOTHING_YET[outcome], *more),
    )


def _mistaken(errand: Errand, table: Table, other: Kind) -> Report:
    """The file is of another kind than was said."""
    return Report(
        kind=errand.kind,
        outcome=Outcome.REFUSED,
        assumed=table.assumed,
        dry_run=errand.dry_run,
        sentences=(
            f"This looks like the list of {other.value}, not of {errand.kind.value}.",
            f"To import it as such: schoolgate import {other.value} FILE",
            "Nothing was imported.",
        ),
    )


def _unheard(errand: Errand, why: str) -> Report:
    """What was said of types or headings doesn't count."""
    return Report(
        kind=errand.kind,
        outcome=Outcome.NO_SUCH_PERSON,
        assumed=errand.table.assumed,
        dry_run=errand.dry_run,
        sentences=(why, "Nothing was imported."),
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
        refused=len({row.line for row in parsed.refused}),
        dry_run=errand.dry_run,
        sentences=(WHOLE_OR_NOT, SKIP_BAD) if parsed.readable else (WHOLE_OR_NOT,),
        notes=tuple(_left_out(errand, parsed.held(), blind=blind)) if errand.skip_bad else (),
    )


def _left_out(errand: Errand, held: Sequence[int], *, blind: bool) -> Iterator[str]:
    """What --skip-bad leaves undone beside the refused rows themselves."""
    if blind:
        yield NOBODY_LEAVES
    if not held:
        return
    more = len(held) - MOST_LINES
    lines = [str(line) for line in held[:MOST_LINES]]
    if more > 0:
        lines.append(f"{more} more")
    whose = {Kind.PEOPLE: "person", Kind.ACCOUNTS: "account"}.get(errand.kind, "pupil")
    said = f"Line {lines[0]} is" if len(held) == 1 else f"Lines {listed(lines, 'and')} are"
    yield f"{said} left out too, because another row about the same {whose} is refused."


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
