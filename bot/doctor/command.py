"""``schoolgate doctor``: look at everything, and say what to do. Changes nothing.

Exit codes: 0 nothing is wrong; 1 it runs, and somebody should look; 64 wrong usage; 70 our fault;
78 it can't start.
"""

from __future__ import annotations

import asyncio
import json
import os
from datetime import timedelta
from typing import TYPE_CHECKING, Annotated, Final

import typer

from bot.beside import opened
from bot.command_line import HERE, Config, Exit, say
from bot.doctor import chat, configuration, machine, people, places, store, teams
from bot.doctor.model import Problem, Severity
from bot.run_command import ADAPTERS
from bot.status import Limits
from bot.system import SystemClock


if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from adapters.images.inspector import SubprocessInspector
    from bot.application import Connect
    from bot.settings import Settings
    from moderation.kernel import Platform

OUTCOMES: Final = {Exit.DONE: "well", Exit.NOT_SO: "look", Exit.CONFIGURATION: "cannot_start"}


def doctor(
    config: Config = HERE,
    roster_days: Annotated[
        int, typer.Option(min=1, help="From when on a list of pupils is old.")
    ] = 35,
    *,
    as_json: Annotated[bool, typer.Option("--json", help="Answer with one JSON object.")] = False,
) -> None:
    """Look at settings, folders, database, register and machine; say what to do about each."""
    limits = Limits(roster=timedelta(days=roster_days))
    problems = asyncio.run(examine(config, os.environ, limits))
    code = exit_code(problems)
    if as_json:
        found = [problem.as_json() for problem in problems]
        answer = {"outcome": OUTCOMES[code], "exit": int(code), "problems": found}
        say(json.dumps(answer, ensure_ascii=False))
    else:
        say(*_told(problems))
    raise typer.Exit(code)


async def examine(
    config: Path,
    environ: Mapping[str, str],
    limits: Limits,
    adapters: Mapping[Platform, Connect] = ADAPTERS,
    inspector: SubprocessInspector | None = None,
) -> tuple[Problem, ...]:
    """Every problem there is, what stops the start first. Nothing is written."""
    found = configuration.look(config, environ, adapters)
    problems, settings = [*found.problems], found.settings
    if settings is not None:
        kept = places.look(config, settings, environ)
        problems += [*kept, *await asyncio.to_thread(machine.ports, settings)]
        of_chat = (*await chat.look(settings), *await teams.look(settings))
        problems += of_chat
        open_to_us = False
        if not any(problem.code == places.DATABASE for problem in kept):
            of_store, open_to_us = await store.look(settings)
            problems += of_store
        now = SystemClock().now()
        if open_to_us and found.schools:
            problems += await _register(settings, limits, reached=not of_chat)
        else:
            problems += machine.clock(now, newest=None, database=None)
    problems += await machine.pictures(inspector)
    ranked = sorted(dict.fromkeys(problems), key=lambda one: one.severity is not Severity.ERROR)
    return tuple(ranked)


async def _register(settings: Settings, limits: Limits, *, reached: bool) -> list[Problem]:
    async with opened(settings) as application:
        looked = await people.look(application, limits)
        homes: tuple[Problem, ...] = ()
        if reached:
            homes = (*await chat.homes(application), *await teams.homes(application))
        now = application.clock.now()
    newest = looked.status.record.newest
    return [*looked.problems, *homes, *machine.clock(now, newest=newest, database=looked.database)]


def exit_code(problems: tuple[Problem, ...]) -> Exit:
    """78 where anything stops the start, 1 where somebody should look, 0 where nothing is wrong."""
    if any(problem.severity is Severity.ERROR for problem in problems):
        return Exit.CONFIGURATION
    return Exit.NOT_SO if problems else Exit.DONE


def _told(problems: tuple[Problem, ...]) -> list[str]:
    """Two lines for each: what is wrong, and what to do."""
    if not problems:
        return ["Everything is as it should be."]
    lines = []
    titles = {Severity.ERROR: "It can't start:", Severity.WARNING: "Look at this:"}
    for severity, title in titles.items():
        these = [problem for problem in problems if problem.severity is severity]
        if these:
            lines.append(title)
        for problem in these:
            lines += [f"  - {problem.said}", f"    → {problem.remedy}"]
    return lines
