"""consents.csv: what each family allowed, refused or took back.

Columns: ``pupil_id,school,purpose,scope,status,given_on,expires_on,informed_by``. A blank
status allows nothing. A refusal and a permission for the same scope may stand side by side: the
refusal counts. Reasons are never read, whatever column they stand in.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import TYPE_CHECKING

from bot.imports.cells import Cells, Setting
from bot.imports.gather import Layout, gather, repeated
from bot.imports.parsed import RowProblem
from bot.imports.wording import folded
from moderation.accounts.model import TEXT_LIMITS
from moderation.checks.model import Consent, Purpose, Status
from moderation.kernel import AccountId, PupilKey, SchoolId


if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

    from bot.imports.cells import Named
    from bot.imports.parsed import About, Parsed
    from bot.tables import Table


LAYOUT = Layout(
    needed=(
        "pupil_id",
        "school",
        "purpose",
        "scope",
        "status",
        "given_on",
        "expires_on",
        "informed_by",
    )
)
EVERYWHERE = "all"
WHAT_SCOPE = "Write the id of an account, a network such as facebook, or all."
"""The scope of every account: no account id and no platform may look like it."""


class InformedBy(StrEnum):
    """Who told the school."""

    PARENT_OR_CARER = "parent_or_carer"
    PUPIL = "pupil"
    OTHER = "other"


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class ConsentRecord:
    """One row. ``status`` is ``None`` where nobody answered. ``repr`` shows the line alone."""

    line: int
    school: SchoolId
    number: str
    purpose: Purpose
    scope: str
    status: Status | None
    given_on: date | None
    expires_on: date | None
    informed_by: InformedBy | None

    @property
    def about(self) -> About:
        return (self.school, self.number)

    def consent(self, pupil: PupilKey) -> Consent | None:
        """What is stored under our own opaque key; nothing where nobody answered."""
        if self.status is None:
            return None
        return Consent(
            pupil=pupil,
            purpose=self.purpose,
            scope=self.scope,
            status=self.status,
            given_on=self.given_on,
            expires_on=self.expires_on,
            informed_by="" if self.informed_by is None else str(self.informed_by),
        )

    def __repr__(self) -> str:
        return f"ConsentRecord(line={self.line})"


def parse(
    table: Table,
    *,
    schools: Mapping[SchoolId, Named] | None,
    school: SchoolId | None,
    today: date,
    scopes: Collection[str] | None = None,
) -> Parsed[ConsentRecord]:
    """Read the file as :mod:`bot.imports` says.

    ``scopes`` are the register's account ids and platforms; networks that are known by themselves
    and ``all`` are added. With ``None`` any word is taken as a scope.
    """
    setting = Setting(schools=schools, school=school, quotes=False)
    known = folded((*(scopes or ()), *TEXT_LIMITS, EVERYWHERE))
    return gather(
        table,
        LAYOUT,
        setting,
        lambda cells: _read(cells, today, known, anything=scopes is None),
        _clashes,
    )


def against_the_roll(
    parsed: Parsed[ConsentRecord],
    *,
    on_roll: Collection[About],
    left: Collection[About],
    accounts: Mapping[AccountId, SchoolId],
    trust: SchoolId,
) -> Parsed[ConsentRecord]:
    """Refuse the rows that the school's own roll and register contradict.

    ``on_roll`` and ``left`` are (school, pupil's number) of those who are here and who have left;
    ``accounts`` says whose each account is. A permission for a page of another school would be read
    by nobody; one for the trust's page is good at every school of it.
    """
    return parsed.without(_strangers(parsed.rows, on_roll, left, accounts, trust))


def _strangers(
    rows: Iterable[ConsentRecord],
    on_roll: Collection[About],
    left: Collection[About],
    accounts: Mapping[AccountId, SchoolId],
    trust: SchoolId,
) -> Iterator[RowProblem]:
    for row in rows:
        if row.about in left:
            yield RowProblem(row.line, "pupil_id", "This pupil has left the school.")
        elif row.about not in on_roll:
            yield RowProblem(row.line, "pupil_id", "This pupil isn't on the school's roll.")
        owner = accounts.get(AccountId(row.scope), row.school)
        if owner not in (row.school, trust):
            yield RowProblem(row.line, "scope", "This account belongs to another school.")


def _read(
    cells: Cells, today: date, scopes: Mapping[str, str], *, anything: bool
) -> ConsentRecord | None:
    number = cells.identifier("pupil_id", spaced=True)
    school = cells.school()
    if number and school is not None:
        cells.about = (school, number)
    purpose = cells.choice("purpose", Purpose, needed=True)
    scope = _scope(cells, scopes, anything=anything)
    status = cells.choice("status", Status)
    given, expires = cells.day("given_on"), cells.day("expires_on")
    if given is not None and given > today:
        cells.wrong("given_on", "This day hasn't come yet.")
    if given is not None and expires is not None and expires < given:
        cells.wrong("expires_on", "This is before the day in “given_on”.")
    informed_by = cells.choice("informed_by", InformedBy)
    if cells.problems or school is None or purpose is None:
        return None
    return ConsentRecord(
        line=cells.line,
        school=school,
        number=number,
        purpose=purpose,
        scope=scope,
        status=status,
        given_on=given,
        expires_on=expires,
        informed_by=informed_by,
    )


def _scope(cells: Cells, known: Mapping[str, str], *, anything: bool) -> str:
    """A misspelt scope would make a refusal count nowhere, so it must be one we know."""
    written = cells.text("scope", needed=True)
    if not written:
        return ""
    scope = known.get(written.casefold())
    if scope is None and anything:
        return written
    if scope is None:
        cells.unknown("scope", written, "account or network", known, WHAT_SCOPE)
        return ""
    return scope


def _clashes(
    records: Sequence[ConsentRecord], _known: Sequence[tuple[int, About]]
) -> Iterator[RowProblem]:
    yield from repeated(
        (
            (row.line, (row.about, row.purpose, row.scope, row.status, row.informed_by))
            for row in records
        ),
        "scope",
        lambda other: f"Line {other} says the same of this pupil, purpose and scope.",
    )
