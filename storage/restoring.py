"""A backup checked, and put in the place of what is there: whole or not at all.

    async with unpacked(file, keys, beside=data, at=now) as found:
        found.problems                                  everything that is wrong with it
        await put_in_place(found, place, keys, at=now)  only where nothing is

What had been on its way when the backup was made may have gone out since. So nothing is handed out
by itself after a restore: a person is asked for each.
"""

from __future__ import annotations

import asyncio
import json
import shutil
import sqlite3
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar, Final

import sqlalchemy as sa

from moderation.kernel import AccountId, Asked, Conflict, Operator, PostId, SubjectRef
from storage import archive, copying, delivery_tables as d, schema, tables as t
from storage.archive import BadArchive, Manifest
from storage.audit.chain import Audit
from storage.database import Database, Stamp, keep_private
from storage.examining import examined, facts_of, settled, whole
from storage.faults import NotReady, RuleBroken, StoreFault
from storage.pausing import Pausing, pause
from storage.reach import Standing
from storage.releases import Releases
from storage.session import Session
from storage.staging import staged, sync


if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from storage.backup import Place
    from storage.crypto import Keys

NEWER: Final = "a newer version of Schoolgate made it: restore it with that one"
KEPT: Final = frozenset({"alembic_version", "installation", "key_check", "pack", "schema_reach"})
"""Tables that a database has rows in before anybody used it."""
JOURNALS: Final = ("-wal", "-shm")


class NotEmpty(NotReady):
    """Something is there already."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Restored:
    """What the record keeps of it. ``events`` is the last line of the record as it was restored."""

    tag: ClassVar[str] = "backup:restored"
    made_at: datetime
    events: int
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Unpacked:
    """A backup laid out in ``folder`` and looked through.

    ``unsure`` are posts that were approved or handed out and not known as posted.
    """

    folder: Path
    manifest: Manifest
    problems: tuple[str, ...]
    unsure: int = 0


# -- looking -------------------------------------------------------------------------------------


@asynccontextmanager
async def unpacked(
    file: Path, keys: Keys, *, beside: Path, at: datetime
) -> AsyncIterator[Unpacked]:
    """Lay it out in a folder of its own in ``beside``, bring it up to date there, look it through.

    Raises :class:`~storage.archive.BadArchive` where it isn't whole, and :class:`OSError`.
    """
    with staged(beside) as folder:
        manifest = await asyncio.to_thread(archive.unpack, file, folder, keys)
        problems = await asyncio.to_thread(_not_as_listed, folder, manifest)
        if not problems:
            problems = await asyncio.to_thread(_brought_up_to_date, folder, at)
        if not problems:
            problems = await examined(folder, keys)
        unsure = 0 if problems else await asyncio.to_thread(_unsure, folder)
        yield Unpacked(folder=folder, manifest=manifest, problems=problems, unsure=unsure)


def _not_as_listed(folder: Path, manifest: Manifest) -> tuple[str, ...]:
    path = folder / archive.DATABASE
    if problems := whole(path):
        return problems
    try:
        facts = facts_of(path)
    except sqlite3.Error:
        return ("the database in it isn't one of Schoolgate's",)
    listed = (manifest.rows, manifest.revision, manifest.stamp, manifest.events, manifest.last_hash)
    if listed != (facts.rows, facts.revision, facts.stamp, facts.events, facts.last_hash):
        return ("its rows aren't those that its list counts",)
    return ()


def _brought_up_to_date(folder: Path, at: datetime) -> tuple[str, ...]:
    url = copying.url_of(folder / archive.DATABASE)
    if schema.standing(url) in (Standing.NEWER, Standing.TOO_NEW):
        return (NEWER,)
    schema.upgrade(url, at=at)
    settled(folder / archive.DATABASE)
    return ()


def _unsure(folder: Path) -> int:
    with copying.connected(copying.url_of(folder / archive.DATABASE)) as connection:
        select = sa.select(sa.func.count()).where(t.post.c.state.in_(("approved", "released")))
        found: int = connection.execute(select).scalar_one()
    settled(folder / archive.DATABASE)
    return found


# -- putting -------------------------------------------------------------------------------------


async def put_in_place(
    found: Unpacked,
    place: Place,
    keys: Keys,
    *,
    at: datetime,
    over: bool = False,
    pausing: Pausing | None = None,
) -> Path | None:
    """Let it be what Schoolgate starts with. ``found`` is used up.

    ``over`` replaces what is there: a SQLite file is kept beside under the name that is answered,
    rows of PostgreSQL are gone. ``pausing`` says which posts wait until somebody starts them again.
    Raises :class:`NotEmpty`, :class:`~storage.faults.NotReady` while Schoolgate is running, and
    :class:`~moderation.kernel.Conflict` where something else is at work.
    """
    if found.problems or found.manifest.stamp != Stamp.REAL.value:
        raise BadArchive("; ".join(found.problems) or "it is of a demonstration")
    used = not await asyncio.to_thread(is_empty, place)
    if used and not over:
        raise NotEmpty("the database isn't empty")
    await _nothing_goes_out_by_itself(found, keys, at, pausing)
    aside = None
    if place.is_sqlite:
        aside = await _put_file(found, place, at, keep=used)
    else:
        await _put_rows(found, place, at)
    await asyncio.to_thread(_set_others_aside, found, place, at)
    return aside


def is_empty(place: Place) -> bool:
    """Whether nobody ever used the database; also where there is none."""
    try:
        if schema.standing(place.url) is Standing.NONE:
            return True
    except StoreFault:
        return not place.is_sqlite or not place.file.stat().st_size
    with copying.connected(place.url) as connection:
        names = sa.inspect(connection).get_table_names()
        return not any(
            connection.execute(
                sa.select(sa.literal(1)).select_from(sa.table(name)).limit(1)
            ).first()
            for name in names
            if name not in KEPT
        )


async def _nothing_goes_out_by_itself(
    found: Unpacked, keys: Keys, at: datetime, pausing: Pausing | None
) -> None:
    """Ask a person about all that was on its way, and say in the record what happened."""
    database = Database(copying.url_of(found.folder / archive.DATABASE))
    await database.open()
    try:
        async with database.writing() as connection:
            session = Session(connection, keys, writes=True)
            await _plan_what_was_asked_for(session, at)
            under_way = d.release.c.state.in_(("ready", "sending"))
            lapsed = {"state": "sending", "lease_owner": "restore", "lease_until": at}
            await session.execute(
                d.release.update()
                .where(under_way)
                .values(attempts=d.release.c.attempts + 1, **lapsed)
            )
            made_at = found.manifest.made_at
            event = Restored(made_at=made_at, events=found.manifest.events, at=at)
            asked = Asked(by=Operator(), key=f"restore:{made_at.isoformat()}", at=at)
            subject = SubjectRef("backup", made_at.isoformat())
            await Audit(session).append(asked, subject, 0, (event,))
            if pausing is not None:
                await pause(session, pausing, asked)
            await session.commit()
    finally:
        await database.close()
    await asyncio.to_thread(settled, found.folder / archive.DATABASE)


async def _plan_what_was_asked_for(session: Session, at: datetime) -> None:
    """What was decided and not yet planned is planned, so that it is asked about too."""
    waiting = sa.and_(d.effect.c.kind == "hand_out", d.effect.c.state == "ready")
    for row in (await session.execute(sa.select(d.effect).where(waiting))).all():
        with suppress(RuleBroken):  # called back since it was asked for
            account = AccountId(json.loads(row.body)["account"])
            await Releases(session).plan(PostId(row.subject_id), account, at)
    await session.execute(d.effect.update().where(waiting).values(state="done"))


async def _put_rows(found: Unpacked, place: Place, at: datetime) -> None:
    """PostgreSQL: pictures first, because nobody speaks of them yet; then all rows at once."""
    await asyncio.to_thread(schema.upgrade, place.url, at=at)
    database = Database(place.url)
    await database.open()
    try:
        if await database.is_served():
            raise NotReady("Schoolgate is running on this database: stop it first")
    finally:
        await database.close()
    await asyncio.to_thread(_put_pictures, found, place)
    await asyncio.to_thread(copying.imported, found.folder / archive.DATABASE, place.url)


async def _put_file(found: Unpacked, place: Place, at: datetime, *, keep: bool) -> Path | None:
    """SQLite: pictures first, then the file by one rename. ``keep``: the file that is there."""
    claim = Database(place.url)
    await asyncio.to_thread(place.file.parent.mkdir, mode=0o700, parents=True, exist_ok=True)
    claim.claim()
    try:
        return await asyncio.to_thread(_rename_file, found, place, at, keep=keep)
    finally:
        await claim.close()


def _rename_file(found: Unpacked, place: Place, at: datetime, *, keep: bool) -> Path | None:
    target, ours = place.file, found.folder / archive.DATABASE
    with staged(target.parent) as near:
        if ours.stat().st_dev != near.stat().st_dev:
            ours = Path(shutil.copy(ours, near / archive.DATABASE))
        keep_private(ours)
        aside = target.with_name(f"{target.name}{_before(at)}")
        if target.exists() and target.stat().st_size:
            _set_aside(target, aside)
        _put_pictures(found, place)
        ours.replace(target)
    if not keep:
        aside.unlink(missing_ok=True)
    for name in JOURNALS:
        Path(f"{target}{name}").unlink(missing_ok=True)
    sync(target.parent)
    return aside if keep else None


def _set_aside(target: Path, aside: Path) -> None:
    """A second name for the file that is replaced; what stood in its journal is in it."""
    busy = False
    try:
        settled(target)
    except sqlite3.OperationalError:
        busy = True
    except sqlite3.DatabaseError:  # damaged, which may be why it is restored
        for name in JOURNALS:
            with suppress(FileNotFoundError):
                Path(f"{target}{name}").rename(f"{aside}{name}")
    if busy:
        raise Conflict("another process is using the database")
    aside.hardlink_to(target)


def _before(at: datetime) -> str:
    return f".before-{at:%Y%m%dT%H%M%S}"


def _put_pictures(found: Unpacked, place: Place) -> None:
    """Each by one rename. Until the rows are there too, nobody speaks of them."""
    for name, path in archive.files_in(found.folder).items():
        if name != archive.DATABASE:
            target = place.data / name
            target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            path.replace(target)
            sync(target.parent)


def _set_others_aside(found: Unpacked, place: Place, at: datetime) -> None:
    """Pictures that only the replaced database spoke of: nobody would ever clear them away."""
    for path in place.pictures.glob("??/*"):
        name = path.relative_to(place.data)
        if name.as_posix() not in found.manifest.files:
            target = place.data / f"{archive.PICTURES}{_before(at)}" / path.parent.name / path.name
            target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            path.replace(target)
