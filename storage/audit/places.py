"""Checkpoints in folders outside the database, one small file for each.

A file is written whole or not at all, and never over another: on a share that others keep, nothing
of ours can harm what is there already. Names tell the trust and the number of lines, so that a
folder reads in order.
"""

from __future__ import annotations

import os
import secrets
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from storage.audit.notes import Note, read_notes


if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path


SUFFIX: Final = ".checkpoint.txt"
LARGEST: Final = 10_000_000
"""Bytes of one file: a folder's worth of checkpoints pasted into it."""
READABLE: Final = 0o644
"""A checkpoint names nobody, and those who keep it must be able to read it."""


@dataclass(frozen=True, slots=True)
class Held:
    """The checkpoints that were found, and what was wrong with the files: one sentence each."""

    notes: tuple[Note, ...]
    problems: tuple[str, ...] = ()


def file_name(note: Note) -> str:
    """``hazelmere-000001234.checkpoint.txt``."""
    return f"{note.origin.partition('/')[2]}-{note.seq:09}{SUFFIX}"


def read(where: Path) -> Held:
    """Every checkpoint in a folder's files, or in one file that may hold several.

    Raises ``OSError`` where it isn't there or can't be read.
    """
    files = [where]
    if where.is_dir():
        files = sorted(path for path in where.iterdir() if path.name.endswith(SUFFIX))
    notes: list[Note] = []
    problems: list[str] = []
    for path in files:
        with path.open("rb") as file:
            text = file.read(LARGEST).decode("utf-8", errors="replace")
        found, unread = read_notes(text)
        notes += found
        if unread or not found:
            problems.append(f"{path.name}: {unread or 'no'} lines of it are no checkpoint")
    return Held(tuple(notes), tuple(problems))


def give(folder: Path, notes: Iterable[Note], *, make: bool) -> int:
    """Put those into the folder that it lacks; how many. Raises ``OSError`` where it can't be.

    What a file says that is there already is looked at by whoever reads the folder.
    """
    if make:
        folder.mkdir(parents=True, exist_ok=True)
    there = {path.name for path in folder.iterdir()}
    lacking = [note for note in notes if file_name(note) not in there]
    for note in lacking:
        _write(folder / file_name(note), str(note))
    return len(lacking)


def try_out(folder: Path, *, make: bool) -> None:
    """Write a file there and take it away again. Raises ``OSError``."""
    if make:
        folder.mkdir(parents=True, exist_ok=True)
    path = folder / f".{secrets.token_hex(8)}.tmp"
    try:
        path.write_text("schoolgate\n", encoding="ascii")
    finally:
        with suppress(FileNotFoundError):
            path.unlink()


def _write(path: Path, text: str) -> None:
    """Whole or not at all, and on the disk when this returns."""
    draft = path.with_name(f".{path.name}.{secrets.token_hex(8)}.tmp")
    try:
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, READABLE), "wb") as out:
            out.write(text.encode())
            out.flush()
            os.fsync(out.fileno())
        draft.rename(path)
    finally:
        with suppress(FileNotFoundError):
            draft.unlink()
    # The name is on the disk only once its folder is; not every share can do this.
    with suppress(OSError):
        folder = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
