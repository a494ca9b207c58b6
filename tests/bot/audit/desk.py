"""A record with a keeper, copies elsewhere, and somebody who can rewrite the database."""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import sqlalchemy as sa

from bot.audit.keeper import Keeper, Place
from bot.schools import KnownSchools
from moderation.kernel import Asked, Identity, Platform, PostId, SubjectRef
from moderation.posts.events import Proposed, Reminded
from storage import audit_tables, delivery_tables as t, guards
from storage.audit.links import Link, commitment
from storage.audit.notes import Signer
from storage.crypto import place
from storage.database import Database
from storage.unit_of_work import Units
from tests.bot.installation import ready_settings
from tests.databases import KEYS, units_on
from tests.fakes import samples as some
from tests.fakes.chat import FakeClock


if TYPE_CHECKING:
    from collections.abc import Sequence

    from moderation.kernel import SchoolId
    from storage.audit.chain import StoredLine


OURS, THEIRS, NEXT = (bytes([number]) * 31 + b"\x00" for number in (3, 5, 7))
TABLES = ("audit_event", "audit_checkpoint")


@dataclass
class Desk:
    """``own`` is Schoolgate's folder, ``dpo`` the data protection officer's share."""

    database: Database
    folder: Path
    units: Units = field(init=False)
    clock: FakeClock = field(init=False)
    keeper: Keeper = field(init=False)
    woken: int = 0
    number: int = 0

    def __post_init__(self) -> None:
        self.units = units_on(self.database)
        self.clock = FakeClock(some.NOON)
        self.dpo.mkdir()
        self.keeper = self.another(OURS)

    @property
    def own(self) -> Path:
        return self.folder / "own"

    @property
    def dpo(self) -> Path:
        return self.folder / "dpo"

    def another(self, *keys: bytes, folder: Path | None = None) -> Keeper:
        """A keeper with other keys; ``folder`` is then the only place that it knows."""
        schools = KnownSchools(ready_settings(self.folder))
        places = (
            (Place(self.own, "Schoolgate's own", ours=True), Place(self.dpo, "the officer"))
            if folder is None
            else (Place(folder, "Schoolgate's own", ours=True),)
        )
        return Keeper(
            units=self.units,
            schools=schools,
            clock=self.clock,
            signer=Signer(schools.trust, keys) if keys else None,
            places=places,
            wrote=self._wake,
        )

    def _wake(self) -> None:
        self.woken += 1

    async def happen(self, count: int = 1, school: SchoolId = some.OAK, text: str = "") -> None:
        """So many posts are proposed, one after the other."""
        for _ in range(count):
            self.number += 1
            self.clock.pass_by(timedelta(minutes=1))
            name = f"p{self.number}"
            asked = Asked(
                by=Identity(Platform.SLACK, "U-ann"),
                key=name,
                at=self.clock.now(),
                person=some.ANN,
            )
            first = some.revision(name, text=text or f"The words of {name}")
            post = replace(some.post(name, first), school=school)
            proposed = Proposed(post=PostId(name), school=school, revision=first)
            async with self.units.write() as unit:
                if self.number == 1:
                    await unit.people.save(some.STAFF)
                await unit.posts.put(name, post, 0)
                happened = (proposed, Reminded(at=asked.at))
                await unit.record(asked, SubjectRef("post", name), 1, happened, ())
                await unit.commit()

    # -- whoever can rewrite the database --------------------------------------------------------

    async def without_guards(self) -> None:
        async with self.database.writing() as connection:
            for guard in guards.GUARDS:
                if guard.table in TABLES:
                    on = "" if self.database.dialect == "sqlite" else f" ON {guard.table}"
                    await connection.execute(sa.text(f"DROP TRIGGER {guard.name}{on}"))
            await connection.commit()

    async def with_guards_again(self) -> None:
        """As somebody would who doesn't want to be noticed."""
        async with self.database.writing() as connection:
            for statement in await connection.run_sync(guards.statements, TABLES):
                await connection.exec_driver_sql(statement)
            await connection.commit()

    async def lines(self) -> tuple[StoredLine, ...]:
        async with self.units.read() as unit:
            return tuple([line async for line in unit.audit.lines()])

    async def put(self, lines: Sequence[StoredLine]) -> None:
        """Make these the whole record. Whoever does this knows even the key that seals."""
        async with self.database.writing() as connection:
            await connection.execute(t.audit_payload.delete())
            await connection.execute(t.audit_event.delete())
            for line in lines:
                link = line.link
                row = {name: getattr(link, name) for name in Link.__slots__}
                row["link_salt"] = link.link_salt or None
                await connection.execute(t.audit_event.insert(), row | {"hash": line.hash})
                if line.salt is not None and line.payload is not None:
                    text = {"salt": line.salt.hex(), "payload": line.payload.decode()}
                    where = place("audit_payload", "body", str(link.seq))
                    body = KEYS.seal(json.dumps(text).encode(), where)
                    await connection.execute(
                        t.audit_payload.insert(), {"seq": link.seq, "body": body}
                    )
            await connection.commit()

    async def forget_checkpoints(self) -> None:
        """And that anything was asked, or anybody told."""
        async with self.database.writing() as connection:
            await connection.execute(audit_tables.audit_checkpoint.delete())
            await connection.execute(t.effect.delete())
            await connection.execute(t.inbox.delete())
            await connection.commit()


def chained(lines: Sequence[StoredLine]) -> list[StoredLine]:
    """The same lines numbered anew and with every hash made again: a record that fits itself."""
    made: list[StoredLine] = []
    previous = ""
    for seq, line in enumerate(lines, start=1):
        kept = line.link.commitment
        if line.salt is not None and line.payload is not None:
            kept = commitment(line.salt, line.payload)
        link = replace(line.link, seq=seq, prev_hash=previous, commitment=kept)
        previous = link.hash()
        made.append(replace(line, link=link, hash=previous))
    return made
