"""Whatever is done to the record is found by whoever holds an earlier checkpoint.

Most of these attackers know every key but the one that signs, and leave a record that fits itself:
the walk alone finds nothing then, which is what checkpoints are for.
"""

from __future__ import annotations

import asyncio
import os
import random
import subprocess
import sys
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from bot.audit import verify
from bot.audit.export import Wanted, export
from storage.audit import places
from tests.bot.audit.desk import THEIRS, chained


if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from storage.audit.chain import StoredLine
    from tests.bot.audit.desk import Desk


pytestmark = pytest.mark.postgres
ROUNDS = {"quick": 1, "ci": 3, "full": 40}[os.environ.get("SIZE", "quick")]
BEFORE, AFTER = 8, 4
"""Posts proposed before the officer's last checkpoint, and after it; two lines each."""
MARK = BEFORE * 2 + 1
"""Lines under the officer's checkpoint: with the one that says which key signs."""

Lines = list["StoredLine"]
Attack = tuple[bool, "Callable[[Lines, int, random.Random], Sequence[StoredLine]]"]
"""Whether the record still fits itself afterwards, and what is done at a line before the mark."""


def flipped(line: StoredLine, random_: random.Random) -> StoredLine:
    assert line.payload is not None
    at = random_.randrange(len(line.payload))
    other = b"x" if line.payload[at : at + 1] != b"x" else b"y"
    return replace(line, payload=line.payload[:at] + other + line.payload[at + 1 :])


def somebody_else(line: StoredLine) -> StoredLine:
    return replace(line, link=replace(line.link, person_id="bob"))


def numbered(lines: Sequence[StoredLine]) -> Lines:
    """Numbered anew, with the hashes that they had."""
    return [
        replace(line, link=replace(line.link, seq=seq)) for seq, line in enumerate(lines, start=1)
    ]


def swapped(lines: Lines, at: int) -> Lines:
    other = (at + 3) % (MARK - 1)
    changed = list(lines)
    changed[at], changed[other] = changed[other], changed[at]
    return changed


ATTACKS: dict[str, Attack] = {
    "a field is flipped": (
        False,
        lambda lines, at, _: [*lines[:at], somebody_else(lines[at]), *lines[at + 1 :]],
    ),
    "a field is flipped, and its hash made again": (
        False,
        lambda lines, at, _: [
            *lines[:at],
            replace(
                somebody_else(lines[at]),
                hash=somebody_else(lines[at]).link.hash(),
            ),
            *lines[at + 1 :],
        ],
    ),
    "what happened is flipped": (
        False,
        lambda lines, at, random_: [*lines[:at], flipped(lines[at], random_), *lines[at + 1 :]],
    ),
    "what happened is taken away": (
        False,
        lambda lines, at, _: [*lines[:at], replace(lines[at], payload=None), *lines[at + 1 :]],
    ),
    "a line is deleted": (False, lambda lines, at, _: [*lines[:at], *lines[at + 1 :]]),
    "a line is deleted, and the rest numbered anew": (
        False,
        lambda lines, at, _: numbered([*lines[:at], *lines[at + 1 :]]),
    ),
    "a line is deleted, and the chain made again": (
        True,
        lambda lines, at, _: chained([*lines[:at], *lines[at + 1 :]]),
    ),
    "two lines change places": (False, lambda lines, at, _: numbered(swapped(lines, at))),
    "two lines change places, and the chain is made again": (
        True,
        lambda lines, at, _: chained(swapped(lines, at)),
    ),
    "a line is put in": (
        False,
        lambda lines, at, _: numbered([*lines[:at], somebody_else(lines[at]), *lines[at:]]),
    ),
    "a line is put in, and the chain made again": (
        True,
        lambda lines, at, _: chained([*lines[:at], somebody_else(lines[at]), *lines[at:]]),
    ),
    "a line is replaced, and the chain made again": (
        True,
        lambda lines, at, random_: chained(
            [*lines[:at], flipped(somebody_else(lines[at]), random_), *lines[at + 1 :]]
        ),
    ),
    "the end is cut off": (True, lambda lines, at, _: lines[: at + 1]),
    "the end is cut off and another one grown": (
        True,
        lambda lines, at, _: chained([*lines[:at], *(somebody_else(line) for line in lines[at:])]),
    ),
    "everything is gone": (True, lambda _lines, _at, _random: []),
}


@pytest.fixture
async def marked(desk: Desk) -> Desk:
    """The officer holds a checkpoint; then the record goes on, and is signed once more."""
    await desk.happen(BEFORE)
    await desk.keeper.night()
    await desk.happen(AFTER)
    await desk.without_guards()
    return desk


def turns(name: str) -> Iterator[tuple[int, random.Random]]:
    """Where each turn of an attack begins: the same places every time."""
    random_ = random.Random(name)  # noqa: S311
    for _ in range(ROUNDS):
        yield random_.randrange(MARK - 1), random_


def offline(exported: Path, kept: Path) -> list[tuple[int, str]]:
    record, _ = verify.check(verify.Export(exported), verify.kept(kept), [])
    return record.problems


async def test_it_is_found_against_an_earlier_checkpoint(
    marked: Desk, record_property: Callable[[str, object], None]
) -> None:
    before = list(await marked.lines())
    held = places.read(marked.dpo)
    assert [note.seq for note in held.notes] == [MARK]
    for number, (name, (fits_itself, attack)) in enumerate(ATTACKS.items()):
        found = 0
        for turn, (at, random_) in enumerate(turns(name)):
            after = attack(before, at, random_)
            assert after != before
            await marked.put(after)
            async with marked.units.read() as unit:
                alone = await unit.audit.verify()
            assert (alone.problems == ()) == fits_itself, name
            looked = await marked.keeper.look(by=held)
            target = marked.folder / f"{number}-{turn}.zip"
            assert (await export(marked.keeper, Wanted(), target)).problems
            found += bool(looked.report.problems) and bool(offline(target, marked.dpo))
        record_property(f"found: {name}", f"{found} of {ROUNDS}")
        assert found == ROUNDS, name


async def test_signing_it_all_again_with_another_key_is_found(
    marked: Desk, record_property: Callable[[str, object], None]
) -> None:
    """Whoever has the whole server makes a new record, a new key and new checkpoints."""
    before = list(await marked.lines())
    held = places.read(marked.dpo)
    for number, name in enumerate(name for name, (fits, _) in ATTACKS.items() if fits):
        found = 0
        for turn, (at, random_) in enumerate(turns(name)):
            await marked.put(ATTACKS[name][1](before, at, random_))
            await marked.forget_checkpoints()
            forged = marked.folder / f"forged-{number}-{turn}"
            target = marked.folder / f"forged-{number}-{turn}.zip"
            written = await export(marked.another(THEIRS, folder=forged), Wanted(), target)
            assert written.problems == (), "the forger's own server is content"
            problems = [what for _, what in offline(target, marked.dpo)]
            ours = await marked.keeper.look(by=held)
            theirs = await marked.keeper.look(by=places.read(forged))
            found += (
                any("signed by another key" in what for what in problems)
                and any("your checkpoint of" in what for what in problems)
                and bool(ours.report.problems)
                and any("another key" in warning for warning in theirs.warnings)
            )
        record_property(f"found, signed again: {name}", f"{found} of {ROUNDS}")
        assert found == ROUNDS, name


async def test_nothing_is_signed_over_a_broken_record(marked: Desk) -> None:
    lines = list(await marked.lines())
    await marked.put(chained([*lines[:3], *lines[4:]]))
    for _ in range(2):
        await marked.keeper.night()
        marked.clock.pass_by(timedelta(hours=26))
        await marked.keeper.when_due()
    async with marked.units.read() as unit:
        assert [note.seq for note in await unit.checkpoints.all()] == [MARK]
    assert marked.keeper.amiss() == ("The record doesn't check. See: schoolgate audit verify",)


def asked(*arguments: Path | str) -> subprocess.CompletedProcess[str]:
    """No site packages, no environment, nothing of ours: what a governor's computer has."""
    command = [sys.executable, "-I", "-S", verify.__file__, *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


@pytest.mark.ci("postgresql")
async def test_a_reader_with_python_alone_can_tell(marked: Desk) -> None:
    target = marked.folder / "export.zip"
    assert (await export(marked.keeper, Wanted(), target)).problems == ()
    answer = await asyncio.to_thread(asked, target, "--checkpoints", marked.dpo)
    assert (answer.returncode, answer.stderr) == (0, "")
    assert "complete and unaltered" in answer.stdout
    assert "They begin with exactly the" in answer.stdout
    away = marked.folder / "nowhere"
    answer = await asyncio.to_thread(asked, target, "--checkpoints", away)
    assert answer.returncode == 2
    assert answer.stderr == f"There is no file or folder {away}: where are your checkpoints?\n"
    answer = await asyncio.to_thread(asked, away)
    assert answer.returncode == 2
    assert answer.stderr == f"There is no {away}: is this an export of the record?\n"
    lines = list(await marked.lines())
    await marked.put(chained([*lines[:3], *lines[4:]]))
    broken = marked.folder / "broken.zip"
    await export(marked.another(THEIRS, folder=marked.folder / "forged"), Wanted(), broken)
    answer = await asyncio.to_thread(asked, broken, "--checkpoints", marked.dpo)
    assert answer.returncode == 1
    assert "NOT whole" in answer.stdout
    assert "your checkpoint" in answer.stdout
