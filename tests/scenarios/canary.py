"""The search for a name and a sentence that must stand nowhere in the clear."""

from __future__ import annotations

import base64
import secrets
import traceback
import zipfile
from dataclasses import dataclass, replace
from pathlib import Path

import sqlalchemy as sa

from bot.audit.export import Wanted, export
from storage.audit.notes import Signer
from storage.backup import Place, back_up
from storage.restoring import unpacked
from storage.tables import metadata
from tests.applications import KEYS
from tests.fakes.trust import (
    CANARY,
    CANARY_NAME,
    OAK,
)
from tests.scenarios.stage import Stage


SENTENCE = "quartzherons juggle lanternmoss"
WORDS = f"{CANARY_NAME}: {SENTENCE}"
HIDDEN = (*CANARY_NAME.split(), *SENTENCE.split())
FAULT = "gravelmoth"
"""What a failing part says, which may quote a row: in no log and no answer."""
FORBIDDEN = (*HIDDEN, FAULT)


def exposed(found: bytes, words: tuple[str, ...] = HIDDEN) -> set[str]:
    """Which of the words stand there in any of the forms in which bytes hold words."""
    folded = found.lower()
    return {
        word
        for word in words
        if any(form in folded for form in _plain(word)) or any(form in found for form in _64(word))
    }


def _plain(word: str) -> tuple[bytes, ...]:
    small = word.lower()
    said = small.encode()
    hexed = (form.encode().hex().encode() for form in (word, small, word.upper()))
    return (said, small.encode("utf-16-le"), small.encode("utf-16-be"), *hexed)


def _64(word: str) -> set[bytes]:
    """Base64 writes a word in three ways, by where it begins; its ends hang on what is beside."""
    return {
        base64.b64encode(bytes(shift) + said)[-(-8 * shift // 6) : 8 * (shift + len(said)) // 6]
        for said in (word.encode(), word.lower().encode(), word.upper().encode())
        for shift in range(3)
    }


def chained(error: BaseException) -> bytes:
    """All that anybody could print of it."""
    parts: list[str] = []
    found: BaseException | None = error
    while found is not None:
        parts += traceback.format_exception(found, chain=False)
        parts.append(repr(vars(found)))
        found = found.__cause__ or found.__context__
    return "".join(parts).encode()


@dataclass
class Search:
    """Looks into one thing after the other, and counts the bytes."""

    stage: Stage
    folder: Path
    seen: int = 0

    def into(self, found: bytes, where: str, words: tuple[str, ...] = HIDDEN) -> None:
        self.seen += len(found)
        assert not exposed(found, words), where

    def into_files(self, folder: Path) -> None:
        for path in _files(folder):
            self.into(path.read_bytes(), str(path.relative_to(self.folder)))

    async def what_is_said(self, raised: list[BaseException]) -> None:
        """The log, the figures, faults."""
        log = self.stage.house.log.getvalue().encode()
        assert b"relay.effect_failed" in log
        assert b"picture.failed" in log
        self.into(log, "the log", FORBIDDEN)
        self.into(await self.stage.application.figures.page(), "the figures", FORBIDDEN)
        for error in raised:
            self.into(chained(error), type(error).__name__, FORBIDDEN)

    async def rows(self) -> None:
        async with self.stage.application.database.reading() as connection:
            for table in metadata.sorted_tables:
                for row in await connection.execute(sa.select(table)):
                    parts = (_bytes(part) for part in row)
                    self.into(b"\n".join(parts), table.name)

    async def a_backup(self) -> None:
        app, now = self.stage.application, self.stage.house.clock.now()
        url = app.database.url.render_as_string(hide_password=False)
        file = self.folder / "school.backup"
        made = await back_up(Place(url=url, data=self.folder), KEYS, file, at=now, version="0")
        assert made.problems == ()
        self.into(file.read_bytes(), "the backup")
        async with unpacked(file, KEYS, beside=self.folder, at=now) as found:
            assert found.problems == ()
            self.into_files(found.folder)

    async def an_export(self) -> None:
        """For a governor, without the one pupil."""
        app, target = self.stage.application, self.folder / "export.zip"
        async with app.units.read() as unit:
            [pupil] = [pupil for pupil in await unit.rolls.pupils(OAK) if pupil.key == CANARY]
        signer = Signer(app.schools.trust, [secrets.token_bytes(32)])
        await export(replace(app.keeper, signer=signer), Wanted(pupils=(pupil,)), target)
        self.into_files(self.folder / "checkpoints")
        with zipfile.ZipFile(target) as packed:
            for name in packed.namelist():
                self.into(packed.read(name), f"export: {name}", tuple(CANARY_NAME.split()))


def _files(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


def _bytes(part: object) -> bytes:
    return bytes(part) if isinstance(part, bytes | memoryview) else str(part).encode()
