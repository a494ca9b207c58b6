"""Days on which somebody is away. Nobody's reason is kept: it may be about their health."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Final, NewType

from moderation.kernel import PersonId
from moderation.people.model import Span


ABSENCE: Final = "absence"
"""Kind of the subject. It has no card of its own."""
LONGEST: Final = timedelta(days=366)
FURTHEST: Final = timedelta(days=366)
"""How far ahead an absence may begin."""
KEPT: Final = timedelta(days=366)
"""How long one that is over stays with the person; the record keeps what was said."""

StatementId = NewType("StatementId", str)
"""Minted for each time that somebody says something about an absence."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """What somebody said, once; ``absences`` are all of the person's after it."""

    id: str
    person: PersonId
    absences: tuple[Span, ...]


def subject_of(person: PersonId, statement: StatementId) -> str:
    """What the record and the messages call a statement."""
    return f"{person}:{statement}"


def person_of(subject: str) -> PersonId:
    """Whom a statement is about."""
    return PersonId(subject.rpartition(":")[0])


def with_absence(absences: tuple[Span, ...], new: Span, today: date) -> tuple[Span, ...]:
    """These and a new one, in order, none overlapping.

    The newest word counts: one that covers the first day of ``new`` keeps its beginning and ends
    when ``new`` does. A later one that ``new`` runs into goes on to its own end.
    """
    start, end = new.start, new.end
    kept: list[Span] = []
    for old in absences:
        if start is None or end is None or _over(old, today - KEPT):
            continue
        if old.covers(start):
            start = old.start
        elif new.start is not None and _begins_within(old, new):
            end = None if old.end is None else max(end, old.end)
        else:
            kept.append(old)
    return tuple(sorted((*kept, Span(start=start, end=end)), key=_order))


def without(absences: tuple[Span, ...], day: date) -> tuple[Span, ...]:
    """The same, of somebody who is here again from ``day`` on: what covers it ends the day before.

    Later ones stay.
    """
    found: list[Span] = []
    for old in absences:
        if not old.covers(day):
            found.append(old)
        elif old.start is None or old.start < day:
            found.append(replace(old, end=day - timedelta(days=1)))
    return tuple(found)


def covering(absences: tuple[Span, ...], day: date) -> Span | None:
    """The absence of that day."""
    return next((span for span in absences if span.covers(day)), None)


def _begins_within(old: Span, new: Span) -> bool:
    return old.start is not None and new.covers(old.start)


def _over(old: Span, day: date) -> bool:
    return old.end is not None and old.end < day


def _order(span: Span) -> date:
    return span.start or date.min
