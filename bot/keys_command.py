"""``schoolgate keys``: make the secrets that a real start needs, change them, look after them.

Exit codes: 0 done; 1 a value doesn't open or something isn't as it should be; 64 wrong usage;
78 configuration.
"""

from __future__ import annotations

import asyncio
import json
import os
import shlex
import sys
from contextlib import contextmanager
from pathlib import Path  # noqa: TC003 -- typer reads annotations while running
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer
from rich.console import Console

from bot.command_line import HERE, Config, Exit, say, settings_of
from bot.keyring import keys_of, opened
from bot.keys_report import rotation_report, usage_report
from bot.settings_sources import PREFIX
from bot.system import SystemClock
from moderation.kernel import Conflict
from storage.crypto import Keys


if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.keys_report import Report
    from bot.settings import Settings
    from storage.rotation import Progress

HELP = "Make the keys that children's data are sealed with, change them, look after them."
keys = typer.Typer(help=HELP)

AsJson = Annotated[bool, typer.Option("--json", help="Answer with one JSON object.")]


@keys.command("new")
def new(
    out: Annotated[
        Path | None, typer.Option(help="A file to be made, readable by you alone.")
    ] = None,
    config: Config = HERE,
    *,
    following: Annotated[
        bool,
        typer.Option("--next", help="A new key in front of those in use, for keys rotate."),
    ] = False,
) -> None:
    """Make the two secrets: the key that seals children's data, and the one that signs the record.

    With --next: SCHOOLGATE_KEYS alone, to be put in the place of the one in use.
    """
    sealing, signing = Keys.new().to_text(), Keys.new().to_text()
    lines = [f"{PREFIX}KEYS={sealing}", f"{PREFIX}SIGNING_KEY={signing}"]
    if following:
        # The record's own key is another matter: it stays.
        lines = [f"{PREFIX}KEYS={sealing},{keys_of(settings_of(config)).to_text()}"]
    if out is None:
        say(*lines)
        return
    try:
        handle = os.open(out, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        say(
            f"{out} is there already and may hold the only keys to your data. Name another file.",
            error=True,
        )
        raise typer.Exit(Exit.NOT_SO) from None
    with os.fdopen(handle, "w", encoding="ascii") as file:
        file.write("\n".join(lines) + "\n")
        file.flush()
        os.fsync(file.fileno())
    say(
        f"The keys are in {out}, which only you can read.",
        f"To use them: set -a; . {_sourced(out)}; set +a",
        "Keep a copy where no backup of the data lies. Without it no backup can be opened.",
    )


def _sourced(file: Path) -> str:
    """As the shell's dot takes it: a bare name would be looked for in PATH."""
    named = str(file) if len(file.parts) > 1 else f"./{file}"
    return shlex.quote(named)


@keys.command("check")
def check(config: Config = HERE, *, as_json: AsJson = False) -> None:
    """Say what each key sealed, whether all of it opens, and which key can be dropped."""
    _answer(asyncio.run(_checked(settings_of(config))), as_json=as_json)


@keys.command("rotate")
def rotate(config: Config = HERE, *, as_json: AsJson = False) -> None:
    """Seal everything with the first key of SCHOOLGATE_KEYS, while Schoolgate serves."""
    _answer(asyncio.run(_rotated(settings_of(config))), as_json=as_json)


async def _checked(settings: Settings) -> Report:
    async with opened(settings) as ring:
        with _progress("Opening") as progress:
            usage = await ring.usage(progress)
        return usage_report(ring.keys, usage)


async def _rotated(settings: Settings) -> Report:
    async with opened(settings) as ring:
        counted = await ring.counted()
        missing = [key for key in counted.sealed if key not in ring.keys.ids]
        if missing:
            # As keys check says it, without opening everything first.
            return usage_report(ring.keys, counted)
        if ring.keys.first_id not in counted.remembered and await ring.database.is_served():
            _refuse(
                "Schoolgate is running without the new key and couldn't read what it seals. "
                "Restart it with this SCHOOLGATE_KEYS first, then rotate."
            )
        try:
            with _progress("Sealing anew") as progress:
                done = await ring.rotate(SystemClock().now(), progress)
        except Conflict:
            _refuse(
                "The database is busy just now. What was sealed anew stays so; run it again to "
                "go on."
            )
        return rotation_report(ring.keys, done)


def _refuse(sentence: str) -> NoReturn:
    say(sentence, error=True)
    raise typer.Exit(Exit.NOT_SO)


def _answer(report: Report, *, as_json: bool) -> None:
    if as_json:
        say(json.dumps(report.data))
    else:
        say(*report.lines, error=not report.fine)
    if not report.fine:
        raise typer.Exit(Exit.NOT_SO)


@contextmanager
def _progress(doing: str) -> Iterator[Progress]:
    """A line that moves on a terminal; nothing in a pipe."""
    if not sys.stderr.isatty():
        yield lambda *_: None
        return
    with Console(stderr=True).status(f"{doing} …") as status:
        yield lambda place, seen, total: status.update(f"{doing}: {place} {seen:,} of {total:,}")
