"""people.csv: staff, governors, volunteers; their roles; their chat identities.

Columns: ``person_id,name,email,school,roles[,slack_user_id,teams_aad_object_id,from,until,
may_be_named,may_be_shown]``.
Schools and roles are separated by semicolons: each role is held at each school of the row. Somebody
with different roles at two schools, or at two times, has a row for each, alike in all else. Without
app.yaml (``schoolgate check``) only ``person_id`` and ``name`` are needed. A file without a chat
platform's column says nothing of anybody's account there. ``may_be_named`` is yes or no: whoever
would rather not be named in posts is a no; so is ``may_be_shown`` of being in their pictures. An
empty cell leaves it as it was, and one no among several rows is a no.
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from itertools import pairwise
from typing import TYPE_CHECKING

from bot.imports.cells import Cells, Setting
from bot.imports.gather import Layout, gather, repeated
from bot.imports.parsed import RowProblem
from bot.imports.wording import folded, listed, quoted
from bot.tables import column_name
from moderation.kernel import Identity, PersonId, Platform
from moderation.people.model import TEMPORARY, AccountRole, Appointment, Person, Role, Span


if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from bot.imports.cells import Named
    from bot.imports.parsed import About, Parsed
    from bot.tables import Table
    from moderation.kernel import SchoolId


SLACK = "slack_user_id"
TEAMS = "teams_aad_object_id"
NAMED = "may_be_named"
SHOWN = "may_be_shown"
COLUMNS: Mapping[Platform, str] = {Platform.SLACK: SLACK, Platform.TEAMS: TEAMS}
LAYOUT = Layout(
    needed=("person_id", "name", "email", "school", "roles"),
    optional=(*COLUMNS.values(), "from", "until", NAMED, SHOWN),
)
LAYOUT_OF_CHECK = Layout(needed=("person_id", "name"), optional=(*LAYOUT.needed, *LAYOUT.optional))

DATED = TEMPORARY | {Role.ACTING_HEADTEACHER}
"""Roles that end by themselves on a day known beforehand."""

SPELLINGS = folded(Role) | {
    "head": Role.HEADTEACHER,
    "acting_head": Role.ACTING_HEADTEACHER,
    "deputy": Role.DEPUTY_HEADTEACHER,
    "executive_head": Role.EXECUTIVE_HEADTEACHER,
    "dsl": Role.SAFEGUARDING_LEAD,
    "ddsl": Role.DEPUTY_SAFEGUARDING_LEAD,
    "dpo": Role.DATA_PROTECTION_OFFICER,
    "sbm": Role.BUSINESS_MANAGER,
    "chair": Role.CHAIR_OF_GOVERNORS,
    "ceo": Role.TRUST_LEAD,
    "teacher": Role.STAFF,
}
"""What offices write, folded, and the role that a sentence then names. Only roles are accepted."""

ALL_ROLES = f"There is {listed(tuple(Role), 'and')}."

EMAIL = re.compile(r"[^@\s;,<>\"]+@[^@\s;,<>\"]+\.[^@\s;,<>\".]{2,}")
LONGEST_EMAIL = 254  # RFC 5321, 4.5.3.1.3, less the angle brackets
SLACK_USER = re.compile(r"[UW][A-Z0-9]{5,20}")
ENTRA_OBJECT = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


class Answer(StrEnum):
    """Whether somebody may be named, or shown."""

    YES = "yes"
    NO = "no"


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonRecord:
    """One row: a person with the appointments that the row gives.

    ``answered`` is whether the row says if they may be named, ``answered_shown`` if they may be
    shown.
    """

    line: int
    person: Person
    answered: bool = False
    answered_shown: bool = False

    @property
    def about(self) -> About:
        return (self.person.id,)


def parse(
    table: Table,
    *,
    schools: Mapping[SchoolId, Named] | None,
    school: SchoolId | None,
    today: date,  # noqa: ARG001 - every parser is asked alike; a past or future appointment is good
) -> Parsed[PersonRecord]:
    """Read the file as :mod:`bot.imports` says."""
    setting = Setting(schools=schools, school=school, quotes=True)
    layout = LAYOUT if schools is not None else LAYOUT_OF_CHECK
    return gather(table, layout, setting, _read, _clashes)


def people(records: Iterable[PersonRecord]) -> tuple[Person, ...]:
    """Each person once, in the file's order, with the appointments of all their rows."""
    found: dict[PersonId, Person] = {}
    for record in records:
        person = record.person
        before = found.get(person.id)
        if before is not None:
            person = replace(
                person,
                appointments=before.appointments + person.appointments,
                may_be_named=before.may_be_named and person.may_be_named,
                may_be_shown=before.may_be_shown and person.may_be_shown,
            )
        found[person.id] = person
    return tuple(found.values())


def answered(records: Iterable[PersonRecord]) -> frozenset[PersonId]:
    """Those of whom some row says whether they may be named."""
    return frozenset(record.person.id for record in records if record.answered)


def answered_shown(records: Iterable[PersonRecord]) -> frozenset[PersonId]:
    """Those of whom some row says whether they may be shown."""
    return frozenset(record.person.id for record in records if record.answered_shown)


def speaks_of(table: Table) -> frozenset[Platform]:
    """The platforms for whose accounts the file has a column."""
    return frozenset(platform for platform, column in COLUMNS.items() if column in table.columns)


def against_the_register(
    parsed: Parsed[PersonRecord], owners: Mapping[Identity, PersonId]
) -> Parsed[PersonRecord]:
    """Refuse the rows that give somebody the chat identity of somebody else.

    ``owners`` are today's. An identity moves only when the same file takes it from its owner, so a
    row that is refused may leave others without what they were to be given.
    """
    found = parsed
    while problems := tuple(_taken(found.sound(), owners)):
        found = found.without(problems)
    return found


def _taken(
    records: Sequence[PersonRecord], owners: Mapping[Identity, PersonId]
) -> Iterator[RowProblem]:
    keeps = {record.person.id: record.person.identities for record in records}
    for record in records:
        for identity in record.person.identities:
            owner = owners.get(identity, record.person.id)
            if owner != record.person.id and identity in keeps.get(owner, (identity,)):
                said = f"This chat identity is that of {quoted(owner)}."
                yield RowProblem(record.line, COLUMNS[identity.platform], said)


def _read(cells: Cells) -> PersonRecord | None:
    identifier = cells.identifier("person_id")
    if identifier:
        cells.about = (identifier,)
    name = cells.name("name", needed=True)
    email = _email(cells)
    schools = cells.schools()
    roles = _roles(cells)
    identities = tuple(_identities(cells))
    span = Span(start=cells.day("from"), end=cells.day("until"))
    if span.start is not None and span.end is not None and span.end < span.start:
        cells.wrong("until", "This is before the day in “from”.")
    named, shown = cells.choice(NAMED, Answer), cells.choice(SHOWN, Answer)
    unended = [role for role in roles if role in DATED]
    if unended and not cells.text("until"):
        cells.wrong("until", f"The role {unended[0]} needs the day on which it ends.")
    if cells.problems:
        return None
    appointments = tuple(
        Appointment(school=place, role=role, span=span) for place in schools for role in roles
    )
    return PersonRecord(
        line=cells.line,
        person=Person(
            id=PersonId(identifier),
            name=name,
            email=email,
            appointments=appointments,
            identities=identities,
            may_be_named=named is not Answer.NO,
            may_be_shown=shown is not Answer.NO,
        ),
        answered=named is not None,
        answered_shown=shown is not None,
    )


def _email(cells: Cells) -> str:
    email = cells.text("email", longest=LONGEST_EMAIL)
    if email and not EMAIL.fullmatch(email):
        cells.wrong("email", "This isn't an e-mail address.")
    return email


def _roles(cells: Cells) -> tuple[Role, ...]:
    written = cells.items("roles")
    if not written and not cells.checking:
        cells.wrong("roles", "This is empty: write at least one role, such as staff.")
    roles = []
    for word in written:
        name = column_name(word)
        if name in {AccountRole.MODERATOR, AccountRole.POSTER}:
            cells.wrong(
                "roles", f"{quoted(word)} is a right on one account: see the accounts file."
            )
        elif name in set(Role):
            roles.append(Role(name))
        else:
            cells.unknown("roles", word, "role", SPELLINGS, ALL_ROLES)
    return tuple(dict.fromkeys(roles))


def _identities(cells: Cells) -> Iterator[Identity]:
    slack = cells.text(SLACK).upper()
    if SLACK_USER.fullmatch(slack):
        yield Identity(Platform.SLACK, slack)
    elif slack:
        cells.wrong(SLACK, "A Slack member ID begins with U or W, such as U024BE7LH.")
    teams = cells.text(TEAMS).lower()
    if ENTRA_OBJECT.fullmatch(teams):
        yield Identity(Platform.TEAMS, teams)
    elif teams:
        cells.wrong(TEAMS, "An Entra object ID has 32 hex digits in five groups.")


# -- what rows say of each other -----------------------------------------------------------------


def _clashes(
    records: Sequence[PersonRecord], _known: Sequence[tuple[int, About]]
) -> Iterator[RowProblem]:
    of_person: dict[PersonId, list[PersonRecord]] = {}
    for record in records:
        of_person.setdefault(record.person.id, []).append(record)
    for rows in of_person.values():
        yield from _unlike(rows)
    yield from _doubled(records)
    yield from _shared(records)


def _unlike(rows: Sequence[PersonRecord]) -> Iterator[RowProblem]:
    """Rows of one person_id that don't describe one person."""
    first = rows[0].person
    if any(
        (row.person.name, row.person.email, set(row.person.identities))
        != (first.name, first.email, set(first.identities))
        for row in rows
    ):
        for row in rows:
            other = next(other for other in rows if other is not row)
            yield RowProblem(
                row.line,
                "person_id",
                f"Line {other.line} has this id with another name, address or chat identity.",
            )


def _doubled(records: Sequence[PersonRecord]) -> Iterator[RowProblem]:
    """One role of one person at one school, given twice for the same time."""
    held: defaultdict[tuple[PersonId, SchoolId, Role], list[tuple[date, date, int]]]
    held = defaultdict(list)
    for record in records:
        for appointment in record.person.appointments:
            start = appointment.span.start or date.min
            end = appointment.span.end or date.max
            key = (record.person.id, appointment.school, appointment.role)
            held[key].append((start, end, record.line))
    for spans in held.values():
        for (_start, end, line), (start, _end, later) in pairwise(sorted(spans)):
            # Ordered by start: if any two overlap, two neighbours do.
            if start <= end:
                for here, there in ((line, later), (later, line)):
                    yield RowProblem(
                        here, "roles", f"Line {there} gives this person the same role and time."
                    )


def _shared(records: Sequence[PersonRecord]) -> Iterator[RowProblem]:
    """Two people with one address or one chat identity are one person who would count as two."""
    first_rows = {record.person.id: record for record in reversed(records)}.values()
    rows = sorted(first_rows, key=lambda record: record.line)
    yield from repeated(
        ((row.line, row.person.email.casefold()) for row in rows if row.person.email),
        "email",
        lambda other: f"Line {other} has the same address for somebody else: each has their own.",
    )
    for platform, column in ((Platform.SLACK, SLACK), (Platform.TEAMS, TEAMS)):
        yield from repeated(
            (
                (row.line, identity)
                for row in rows
                for identity in row.person.identities
                if identity.platform is platform
            ),
            column,
            lambda other: f"Line {other} has the same chat identity for somebody else.",
        )
