"""Taking a backup while Schoolgate serves: one moment of the database, and every picture of it.

    made = await back_up(place, keys, Path("schoolgate.backup"), at=now, version="1.2")

Nobody waits for it but who deletes a picture: while SQLite is copied, and for a moment on
PostgreSQL. What was copied is opened and walked before the archive is written.
"""

from __future__ import annotations

import asyncio
import os
import shutil
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from moderation.kernel import SchoolgateError
from storage import archive, copying, schema
from storage.archive import Manifest
from storage.blobs import FileBlobStore
from storage.database import parsed
from storage.examining import examined, facts_of, settled
from storage.faults import NotReady
from storage.reach import Standing
from storage.staging import staged, sync


if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from storage.crypto import Keys

OLDER: Final = (
    "it is of an older version, and is checked in full when it is restored: bring the database up "
    "to date with schoolgate db upgrade, then back up once more"
)


class TargetThere(SchoolgateError):
    """A file of that name is there already."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where one installation keeps its things: its database, and the folder with its pictures."""

    url: str
    data: Path

    @property
    def is_sqlite(self) -> bool:
        """Whether its database is a file."""
        return parsed(self.url).get_backend_name() == "sqlite"

    @property
    def file(self) -> Path:
        """The SQLite file."""
        return copying.path_of(self.url)

    @property
    def pictures(self) -> Path:
        """The folder of sealed pictures."""
        return self.data / archive.PICTURES


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """A backup that was written. ``problems`` were there before it, and are in it now."""

    manifest: Manifest
    size: int
    problems: tuple[str, ...]


async def back_up(
    place: Place, keys: Keys, target: Path, *, at: datetime, version: str, over: bool = False
) -> Made:
    """Write a backup to ``target`` (0600), whole or not at all; ``over`` replaces an older one.

    Raises :class:`TargetThere`, :class:`~storage.faults.NotReady` for a database that can't be
    copied, and :class:`OSError` where the disk fails.
    """
    with staged(place.data) as folder, staged(_folder_of(target, over=over)) as beside:
        await asyncio.to_thread(_freeze, place, keys, folder, at)
        problems = await _problems(folder, keys)
        facts = await asyncio.to_thread(facts_of, folder / archive.DATABASE)
        files = await asyncio.to_thread(_measured, folder)
        manifest = Manifest(
            version=version,
            made_at=at,
            dialect=parsed(place.url).get_backend_name(),
            revision=facts.revision,
            stamp=facts.stamp,
            rows=facts.rows,
            events=facts.events,
            last_hash=facts.last_hash,
            keys=facts.keys,
            files=files,
        )
        written = beside / "backup"
        await asyncio.to_thread(archive.write, written, folder, manifest, keys)
        size = written.stat().st_size
        _give_name(written, target, over=over)
    return Made(manifest=manifest, size=size, problems=problems)


def _folder_of(target: Path, *, over: bool) -> Path:
    if target.exists() and not over:
        raise TargetThere(f"{target} is there already")
    return target.absolute().parent


def _freeze(place: Place, keys: Keys, folder: Path, at: datetime) -> None:
    """The database as it stands, and every picture that it may speak of."""
    blobs = FileBlobStore(place.pictures, keys.seal, keys.open)
    copy = folder / archive.DATABASE
    if place.is_sqlite:
        if not place.file.exists():
            raise NotReady(f"there is no database at {place.file}")
        with blobs.nothing_deleted():
            copying.vacuumed(place.file, copy)
            _link(blobs, place.pictures, folder)
        return
    if schema.standing(place.url) is not Standing.CURRENT:
        raise NotReady("; ".join(schema.check(place.url)) or "another version made this database")
    with ExitStack() as snapshot:
        # Nothing goes between the moment of the rows and the names given to their pictures.
        with blobs.nothing_deleted():
            rows = snapshot.enter_context(copying.snapshot(place.url))
            _link(blobs, place.pictures, folder)
        copying.exported(rows, copy, at)
    settled(copy)


def _link(blobs: FileBlobStore, pictures: Path, folder: Path) -> None:
    """One more name for each file, so that nothing that is deleted later is missing."""
    for path in blobs.paths().values():
        target = folder / archive.PICTURES / path.relative_to(pictures)
        target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        try:
            os.link(path, target)
        except OSError:  # a file system without second names
            shutil.copyfile(path, target)


async def _problems(folder: Path, keys: Keys) -> tuple[str, ...]:
    url = copying.url_of(folder / archive.DATABASE)
    if await asyncio.to_thread(schema.standing, url) is not Standing.CURRENT:
        return (OLDER,)
    return await examined(folder, keys)


def _measured(folder: Path) -> Mapping[str, tuple[int, str]]:
    return {name: archive.measured(path) for name, path in archive.files_in(folder).items()}


def _give_name(written: Path, target: Path, *, over: bool) -> None:
    """A name that it has whole, or not at all; an older one is replaced only where that is said."""
    if over:
        written.replace(target)
    else:
        try:
            os.link(written, target)
        except FileExistsError:
            raise TargetThere(f"{target} is there already") from None
        except OSError:  # a file system without second names
            written.rename(target)
    sync(target.absolute().parent)
