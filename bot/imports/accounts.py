"""accounts.csv: the register of official accounts, and who may do what on each.

Columns: ``account_id,school,platform,name,url,master_administrator,administrators,moderators,
posters,opened_on,closed_on``. People are person ids separated by semicolons; an account may have
several masters, and no posters. Dates may be known to the month only.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from rapidfuzz import fuzz, process

from bot.imports.cells import Cells, Setting
from bot.imports.consents import EVERYWHERE
from bot.imports.gather import Layout, gather, repeated
from bot.imports.parsed import RowProblem
from bot.imports.wording import folded, quoted
from moderation.accounts.model import TEXT_LIMITS, Account
from moderation.kernel import AccountId, PersonId
from moderation.people.model import AccountRole, Grant, Standing


if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence
    from datetime import date

    from bot.imports.cells import Named
    from bot.imports.parsed import About, Parsed
    from bot.tables import Table
    from moderation.kernel import SchoolId


RIGHTS = {
    "master_administrator": AccountRole.MASTER_ADMINISTRATOR,
    "administrators": AccountRole.ADMINISTRATOR,
    "moderators": AccountRole.MODERATOR,
    "posters": AccountRole.POSTER,
}
LAYOUT = Layout(
    needed=(
        "account_id",
        "school",
        "platform",
        "name",
        "url",
        *RIGHTS,
        "opened_on",
        "closed_on",
    )
)

ACCOUNT = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")
PLATFORM = re.compile(r"[a-z0-9][a-z0-9 ._+&()/-]{0,39}")
MISSPELT = 85.0
PEOPLE_FIRST = (
    "Nobody is in the register yet, so nobody can be given a right. "
    "Import the people first, then this file again: schoolgate import people FILE"
)
LOOK_UP = "Write a person_id as it stands in the file of people."
"""Percent of letters in common with a known network, from which another name is a slip."""
LONGEST_URL = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountRecord:
    """One row: an account, and the rights that the row gives."""

    line: int
    account: Account
    rights: tuple[tuple[AccountRole, PersonId], ...]

    @property
    def about(self) -> About:
        return (self.account.id,)

    def grants(self, standing: Standing) -> tuple[Grant, ...]:
        return tuple(
            Grant(account=self.account.id, person=person, role=role, standing=standing)
            for role, person in self.rights
        )


def parse(
    table: Table,
    *,
    schools: Mapping[SchoolId, Named] | None,
    school: SchoolId | None,
    today: date,  # noqa: ARG001 - every parser is asked alike; a planned closure is good
    people: Collection[PersonId] | None = None,
) -> Parsed[AccountRecord]:
    """Read the file as :mod:`bot.imports` says. ``people`` are those that rights may name.

    With ``None`` any person id is taken.
    """
    setting = Setting(schools=schools, school=school, quotes=True)
    known = None if people is None else frozenset(people)
    column = _first_right(table) if known is not None and not known else ""
    if not column:
        return gather(table, LAYOUT, setting, lambda cells: _read(cells, known), _clashes)
    # Said once, not of everybody; and what else is wrong with the file.
    found = gather(table, LAYOUT, setting, lambda cells: _read(cells, None), _clashes)
    first = RowProblem(table.header_line, column, PEOPLE_FIRST)
    return replace(found, rows=(), refused=(), problems=(first, *found.problems), readable=False)


def _first_right(table: Table) -> str:
    """The first column in which somebody is named, or ""."""
    named = (column for column in RIGHTS for _, row in table.rows if row.get(column, "").strip())
    return next(named, "")


def _read(cells: Cells, people: frozenset[PersonId] | None) -> AccountRecord | None:
    identifier = cells.identifier("account_id")
    if identifier:
        cells.about = (identifier,)
        if not ACCOUNT.fullmatch(identifier):
            cells.wrong("account_id", "Use letters, digits, dots, hyphens and underscores only.")
    school = cells.school()
    platform = _platform(cells)
    if identifier.casefold() in {EVERYWHERE, platform, *TEXT_LIMITS}:
        # A photo permission names an account or a platform: it must be clear which.
        cells.wrong("account_id", "This is the name of a network, or “all”: choose a longer id.")
    name = cells.text("name", needed=True)
    url = _url(cells)
    rights = tuple(_rights(cells, people))
    opened, closed = cells.month_or_day("opened_on"), cells.month_or_day("closed_on")
    if opened is not None and closed is not None and closed.last < opened.first:
        cells.wrong("closed_on", "This is before the day in “opened_on”.")
    if cells.problems or school is None:
        return None
    return AccountRecord(
        line=cells.line,
        account=Account(
            id=AccountId(identifier),
            school=school,
            platform=platform,
            name=name,
            url=url,
            opened_on=opened,
            closed_on=closed,
        ),
        rights=rights,
    )


def _platform(cells: Cells) -> str:
    written = cells.text("platform", needed=True)
    platform = written.casefold()
    if not platform or platform in TEXT_LIMITS:
        return platform
    if not PLATFORM.fullmatch(platform):
        cells.wrong("platform", "Write the network's name, such as facebook.")
        return ""
    slip = process.extractOne(
        platform, TEXT_LIMITS.keys(), scorer=fuzz.ratio, score_cutoff=MISSPELT
    )
    if slip is not None:
        # Text limits and photo permissions go by this word, so a slip would cost both.
        cells.wrong("platform", f"{quoted(written)} looks like a slip: is it {slip[0]}?")
    return platform


def _url(cells: Cells) -> str:
    url = cells.text("url", longest=LONGEST_URL)
    if not url:
        return ""
    try:
        parts = urlsplit(url)
        host, user = parts.hostname, parts.username
    except ValueError:
        host, user, parts = None, None, urlsplit("")
    if parts.scheme not in {"http", "https"} or not host or " " in url:
        cells.wrong("url", "Write the whole web address, beginning with https://.")
    elif user is not None:
        cells.wrong("url", "This address holds a log-in: leave it out.")
    return url


def _rights(
    cells: Cells, people: frozenset[PersonId] | None
) -> Iterator[tuple[AccountRole, PersonId]]:
    for column, role in RIGHTS.items():
        for word in cells.items(column):
            if people is not None and PersonId(word) not in people:
                cells.unknown(column, word, "person", folded(people), LOOK_UP)
            else:
                yield role, PersonId(word)


def _clashes(
    _records: Sequence[AccountRecord], known: Sequence[tuple[int, About]]
) -> Iterator[RowProblem]:
    # Consents compare ids without case, so ids that differ in nothing else are one.
    yield from repeated(
        ((line, about[0].casefold()) for line, about in known),
        "account_id",
        lambda other: f"Line {other} has the same account.",
    )
