"""consents.csv: what each family allowed, refused or took back.

Columns: ``pupil_id,school,purpose,scope,status,given_on,expires_on,informed_by``. A blank
status allows nothing. A refusal and a permission for the same scope may stand side by side: the
refusal counts. Reasons are never read, whatever column they stand in.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from itertools import chain
from typing import TYPE_CHECKING, Final

from rapidfuzz import fuzz, process

from bot.imports.cells import Cells, Setting
from bot.imports.gather import Layout, gather, repeated
from bot.imports.parsed import RowProblem
from bot.imports.wording import folded
from moderation.accounts.model import TEXT_LIMITS
from moderation.checks.model import Consent, Purpose, Status
from moderation.kernel import AccountId, PupilKey, SchoolId


if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

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
ACCOUNTS_FIRST: Final = (
    "No accounts of this school are in the register yet. "
    "Import them first, then this file again: schoolgate import accounts FILE"
)
A_SLIP: Final = 85.0
"""Percent of letters in common with a known scope, from which another word is a slip."""


class InformedBy(StrEnum):
    """Who told the school."""

    PARENT_OR_CARER = "parent_or_carer"
    PUPIL = "pupil"
    OTHER = "other"


@dataclass(frozen=True, slots=True, kw_only=True)
class Pages:
    """What a scope may name: the register's ``accounts`` by whose they are, and ``platforms``.

    Networks that are known by themselves and ``all`` are added. ``trust`` owns accounts that
    count at every school.
    """

    accounts: Mapping[AccountId, SchoolId]
    platforms: Collection[str]
    trust: SchoolId

    def of(self, school: SchoolId) -> list[AccountId]:
        return [account for account, owner in self.accounts.items() if owner == school]

    def spellings(self) -> dict[str, str]:
        return folded((*self.accounts, *self.platforms, *TEXT_LIMITS, EVERYWHERE))

    def meant(self, written: str, school: SchoolId) -> str:
        """What is written may be a slip of this, or "". A page is never taken for a network.

        A network is wider than a page, so it is named for letters alone, one more or less.
        """
        own = folded((*self.of(school), *self.of(self.trust)))
        networks = folded((*self.platforms, *TEXT_LIMITS)) if written.isalpha() else {}
        near = {word: name for word, name in networks.items() if abs(len(word) - len(written)) <= 1}
        for known in (own, near):
            slip = process.extractOne(
                written.casefold(), known.keys(), scorer=fuzz.ratio, score_cutoff=A_SLIP
            )
            if slip is not None:
                return known[slip[0]]
        return ""


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
    pages: Pages | None = None,
) -> Parsed[ConsentRecord]:
    """Read the file as :mod:`bot.imports` says. With ``pages=None`` any word is a scope.

    A file that names a page while no account at all is in the register isn't taken in part.
    """
    setting = Setting(schools=schools, school=school, quotes=False)
    known = pages.spellings() if pages is not None else folded((*TEXT_LIMITS, EVERYWHERE))
    parsed = gather(
        table, LAYOUT, setting, lambda cells: _read(cells, today, known, pages), _clashes
    )
    unknown = [problem for problem in parsed.problems if problem.sentence == ACCOUNTS_FIRST]
    if pages is None or pages.accounts or not unknown:
        return parsed
    # Said once, not of every row; and what else is wrong with the file.
    others = (problem for problem in parsed.problems if problem not in unknown)
    first = RowProblem(table.header_line, "scope", ACCOUNTS_FIRST)
    return replace(parsed, rows=(), refused=(), problems=(first, *others), readable=False)


def against_the_roll(
    parsed: Parsed[ConsentRecord],
    *,
    on_roll: Collection[About],
    left: Collection[About],
    pages: Pages,
) -> Parsed[ConsentRecord]:
    """Refuse the rows that the school's own roll and register contradict.

    ``on_roll`` and ``left`` are (school, pupil's number) of those who are here and who have left.
    A row that is refused already is looked at as well, so that all its faults are told at once. A
    permission for a page of another school would be read by nobody; one for the trust's page is
    good at every school of it.
    """
    about = chain(
        ((row.line, row.about) for row in parsed.rows),
        ((row.line, row.about) for row in parsed.refused if row.about is not None),
    )
    return parsed.without((*_strangers(about, on_roll, left), *_elsewhere(parsed.rows, pages)))


def _strangers(
    rows: Iterable[tuple[int, About]], on_roll: Collection[About], left: Collection[About]
) -> Iterator[RowProblem]:
    for line, about in rows:
        if about in left:
            yield RowProblem(line, "pupil_id", "This pupil has left the school.")
        elif about not in on_roll:
            yield RowProblem(line, "pupil_id", "This pupil isn't on the school's roll.")


def _elsewhere(rows: Iterable[ConsentRecord], pages: Pages) -> Iterator[RowProblem]:
    for row in rows:
        owner = pages.accounts.get(AccountId(row.scope), row.school)
        if owner not in (row.school, pages.trust):
            yield RowProblem(row.line, "scope", "This account belongs to another school.")


def _read(
    cells: Cells, today: date, scopes: Mapping[str, str], pages: Pages | None
) -> ConsentRecord | None:
    number = cells.identifier("pupil_id", spaced=True)
    school = cells.school()
    if number and school is not None:
        cells.about = (school, number)
    purpose = cells.choice("purpose", Purpose, needed=True)
    scope = _scope(cells, school, scopes, pages)
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


def _scope(
    cells: Cells, school: SchoolId | None, known: Mapping[str, str], pages: Pages | None
) -> str:
    """A misspelt scope would make a refusal count nowhere, so it must be one we know."""
    written = cells.text("scope", needed=True)
    scope = known.get(written.casefold())
    if not written or scope is not None or pages is None:
        return scope or written
    if school is not None and (slip := pages.meant(written, school)):
        cells.wrong("scope", f"No such account or network. Did you mean {slip}?")
    elif school is not None and not pages.of(school):
        cells.wrong("scope", ACCOUNTS_FIRST)
    else:
        cells.wrong("scope", f"No such account or network. {WHAT_SCOPE}")
    return ""


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
