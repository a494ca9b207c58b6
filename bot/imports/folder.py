"""The folder in which a school's system leaves its lists: ``imports/SCHOOL/`` in the data folder.

Read every night, and whenever somebody asks for it. A file that was taken is deleted: it is the
school's export, and a copy of children's names has no business lying about. One that wasn't is set
aside whole in ``refused/``, with a report beside it that says why and what to do.
"""

from __future__ import annotations

import asyncio
import os
import stat
from dataclasses import dataclass
from enum import StrEnum
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final

import structlog

from bot.imports.desk import Desk, Errand
from bot.imports.headings import knows
from bot.imports.printing import printed
from bot.imports.report import Outcome
from bot.imports.wording import listed
from bot.tables import TableError, read_table
from moderation.imports.model import Kind
from moderation.kernel import Conflict, SchoolId
from moderation.people.ports import Schools
from moderation.ports import Clock


if TYPE_CHECKING:
    from collections.abc import Mapping

    from bot.imports.report import Report

log = structlog.get_logger(__name__)

FOLDER: Final = "imports"
"""In the data folder."""
REFUSED: Final = "refused"
REPORT: Final = ".report.txt"
ENDINGS: Final = frozenset({".csv", ".txt", ".tsv", ".xlsx"})
ORDER: Final = (Kind.PUPILS, Kind.CONSENTS)
"""Pupils first: a permission is for somebody on the roll."""
OTHER_NAME: Final = (
    "Only .csv and .xlsx files are read whose names begin with pupils or consents. Give it such a "
    "name, or delete it."
)
SETTLED: Final = 60.0
"""Seconds since a file was last written to, before it counts as whole."""


class Came(StrEnum):
    """What became of a file."""

    TAKEN = "taken"
    SET_ASIDE = "set aside"
    LEFT = "left for later"
    UNKNOWN = "not read"


@dataclass(frozen=True, slots=True, kw_only=True)
class Read:
    """One file. ``why`` is the report of one that was set aside, and never a pupil's name.

    ``name`` is empty for a folder of no school.
    """

    school: str
    name: str
    came: Came
    why: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tray:
    """``folder`` holds a folder for each school, by its id. ``clock`` is the machine's."""

    desk: Desk
    folder: Path
    schools: Schools
    clock: Clock

    async def read(self) -> tuple[Read, ...]:
        """Take what is there, school by school. One file that fails harms no other."""
        found: list[Read] = []
        for school in self.schools.ids():
            for kind, path in await asyncio.to_thread(_files, self.folder / school):
                read = await self._one(school, kind, path)
                found.append(read)
                log.info("imports.read", school=school, kind=kind.value, came=read.came.value)
        return (*found, *await asyncio.to_thread(self._unknown))

    def _unknown(self) -> list[Read]:
        """What nobody will ever read: lists under other names, folders under other ids."""
        found: list[Read] = []
        schools = self.schools.ids()
        for folder in sorted(self.folder.iterdir()) if self.folder.is_dir() else ():
            known = folder.name in schools
            there = [path for path in _plain(folder) if not (known and _kind(path))]
            if there and not known:
                why = f"There is no school “{folder.name}”: name the folder {listed(schools)}."
                found.append(Read(school=folder.name, name="", came=Came.UNKNOWN, why=why))
                continue
            found += [
                Read(school=folder.name, name=path.name, came=Came.UNKNOWN, why=OTHER_NAME)
                for path in there
            ]
        return found

    async def _one(self, school: SchoolId, kind: Kind, path: Path) -> Read:
        before = await asyncio.to_thread(_seen, path)
        if before is None or self.clock.now().timestamp() - before[0] < SETTLED:
            return Read(school=school, name=path.name, came=Came.LEFT)
        try:
            table = await asyncio.to_thread(read_table, path, knows(kind, {}))
            again = partial(read_table, path)
            report = await self.desk.take(
                Errand(kind=kind, table=table, school=school, again=again)
            )
        except TableError as wrong:
            why = f"{wrong}\n"
        except Conflict:
            return Read(school=school, name=path.name, came=Came.LEFT)
        else:
            if report.outcome in (Outcome.DONE, Outcome.NOTHING):
                await asyncio.to_thread(_delete, path, before)
                return Read(school=school, name=path.name, came=Came.TAKEN)
            why = self._why(report)
        await asyncio.to_thread(_set_aside, path, why)
        return Read(school=school, name=path.name, came=Came.SET_ASIDE, why=why)

    def _why(self, report: Report) -> str:
        def name(school: SchoolId) -> str:
            known = self.schools.get(school)
            return school if known is None else known.name

        return printed(report, name).plain


def set_aside(data: Path, schools: Schools) -> Mapping[SchoolId, int]:
    """How many refused files of each school wait for somebody, in this data folder."""
    return {school: _refused(data / FOLDER / school / REFUSED) for school in schools.ids()}


def _refused(folder: Path) -> int:
    if not folder.is_dir():
        return 0
    return sum(
        path.suffix.casefold() in ENDINGS for path in folder.iterdir() if not _is_report(path)
    )


def _is_report(path: Path) -> bool:
    return path.name.endswith(REPORT)


def _files(folder: Path) -> list[tuple[Kind, Path]]:
    """``pupils….csv`` and ``consents….xlsx``, in the order in which they are read."""
    if not folder.is_dir():
        return []
    there = _plain(folder)
    return [(kind, path) for kind in ORDER for path in there if _kind(path) is kind]


def _plain(folder: Path) -> list[Path]:
    """The files in a folder, in order: no links, no folders, nothing hidden."""
    if not folder.is_dir():
        return []
    return sorted(
        path
        for path in folder.iterdir()
        if not path.name.startswith(".") and _seen(path) is not None
    )


def _kind(path: Path) -> Kind | None:
    """What a file says it holds, by its name."""
    if path.suffix.casefold() not in ENDINGS:
        return None
    return next((kind for kind in ORDER if path.name.casefold().startswith(kind.value)), None)


def _seen(path: Path) -> tuple[float, int] | None:
    """When the file was last written to, and its size; ``None`` for what is no plain file."""
    try:
        found = path.lstat()
    except FileNotFoundError:
        return None
    return (found.st_mtime, found.st_size) if stat.S_ISREG(found.st_mode) else None


def _delete(path: Path, read: tuple[float, int]) -> None:
    """Unless a newer one has come in its place meanwhile; and a refused one that it puts right."""
    if _seen(path) == read:
        path.unlink(missing_ok=True)
    aside = path.parent / REFUSED / path.name
    for mended in (aside, aside.with_name(f"{path.name}{REPORT}")):
        mended.unlink(missing_ok=True)


def _set_aside(path: Path, why: str) -> None:
    aside = path.parent / REFUSED
    aside.mkdir(mode=0o700, exist_ok=True)
    (aside / f"{path.name}{REPORT}").write_text(why, encoding="utf-8")
    os.replace(path, aside / path.name)  # noqa: PTH105 -- over an older one of this name
