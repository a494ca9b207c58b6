"""``schoolgate status``: a line for each school. Beside a running Schoolgate, or without one.

Exit codes: 0 nothing stands out; 1 something does; 64 wrong usage; 78 configuration.
"""

from __future__ import annotations

import asyncio
import json
from datetime import timedelta
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer
from rich.console import Console
from rich.table import Table

from bot.beside import opened
from bot.command_line import HERE, Config, Exit, say, settings_of
from bot.imports.folder import set_aside
from bot.status import Limits, SchoolStatus, Status, gather


if TYPE_CHECKING:
    from datetime import datetime

    from bot.settings import Settings

NEVER: Final = "never"
UNKNOWN: Final = "not known"


def status(
    config: Config = HERE,
    hours: Annotated[
        int, typer.Option(min=1, help="From when on a post in review, or unposted, is stuck.")
    ] = 72,
    roster_days: Annotated[
        int, typer.Option(min=1, help="From when on a list of pupils is old.")
    ] = 35,
    *,
    as_json: Annotated[bool, typer.Option("--json", help="Answer with one JSON object.")] = False,
) -> None:
    """Say how each school stands: lists, cover, stuck posts, deliveries."""
    limits = Limits(
        in_review=timedelta(hours=hours),
        unposted=timedelta(hours=hours),
        roster=timedelta(days=roster_days),
    )
    found = asyncio.run(_gathered(settings_of(config), limits))
    if as_json:
        say(json.dumps(described(found, limits), ensure_ascii=False))
    else:
        # As wide as it needs: a file or a pipe has no edge to break lines at.
        console = Console(highlight=False, markup=False, emoji=False)
        width = console.width if console.is_terminal else 200
        console.print(table(found, limits), soft_wrap=False, width=width)
    wrong = any(concerns(one, found, limits) for one in found.schools)
    raise typer.Exit(Exit.NOT_SO if wrong else Exit.DONE)


async def _gathered(settings: Settings, limits: Limits) -> Status:
    async with opened(settings) as application:
        schools = application.schools
        refused = await asyncio.to_thread(set_aside, settings.paths.data, schools)
        async with application.units.read() as unit:
            return await gather(unit, schools, application.clock.now(), limits, refused=refused)


def concerns(one: SchoolStatus, found: Status, limits: Limits) -> tuple[str, ...]:
    """Which columns of a school's line somebody should look at."""
    age = one.roster_age(found.at)
    old = not one.is_trust and (not one.pupils or age is None or age > limits.roster)
    there = {
        "roster": old or one.refused > 0,
        "cover": one.uncovered > 0,
        "stuck": one.stuck.total > 0,
        "deliveries": one.deliveries.dead + one.deliveries.unsure > 0
        or _late(one.deliveries.oldest, found.at, limits),
    }
    return tuple(name for name, wrong in there.items() if wrong)


def described(found: Status, limits: Limits) -> dict[str, Any]:
    """The same for programs: ages in whole seconds, counts, ids of app.yaml."""
    return {
        "at": found.at.isoformat(timespec="seconds"),
        "schools": [
            {
                "id": one.school,
                "name": one.name,
                "trust": one.is_trust,
                "pupils": one.pupils,
                "roster_age_seconds": _seconds(one.roster_age(found.at)),
                "lists_refused": one.refused,
                "accounts": one.accounts,
                "uncovered": one.uncovered,
                "quiet": one.quiet,
                "stuck": {
                    "in_review": one.stuck.in_review,
                    "overdue": one.stuck.overdue,
                    "unposted": one.stuck.unposted,
                },
                "deliveries": {
                    "waiting": one.deliveries.waiting,
                    "dead": one.deliveries.dead,
                    "unsure": one.deliveries.unsure,
                    "oldest_age_seconds": _age(one.deliveries.oldest, found.at),
                },
                "concerns": list(concerns(one, found, limits)),
            }
            for one in found.schools
        ],
        "pictures_waiting": found.pictures_waiting,
        "audit": {"events": found.record.events, "since_checkpoint": unsigned(found)},
    }


def unsigned(found: Status) -> int:
    """Events of the record that no signed checkpoint covers yet."""
    return max(0, found.record.events - found.record.signed)


def table(found: Status, limits: Limits) -> Table:
    """A line for each school; what stands out is marked, in words and not by colour alone."""
    lines = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    for title in ("School", "Pupils' list", "Cover", "Stuck posts", "Deliveries"):
        lines.add_column(title, overflow="fold")
    for one in found.schools:
        wrong = concerns(one, found, limits)
        cells = {
            "roster": _roster(one, found.at),
            "cover": _cover(one),
            "stuck": _stuck(one),
            "deliveries": _deliveries(one, found.at),
        }
        lines.add_row(
            one.name, *(f"! {text}" if name in wrong else text for name, text in cells.items())
        )
    return lines


def _roster(one: SchoolStatus, now: datetime) -> str:
    if one.is_trust:
        return "–"
    refused = f"; {one.refused} refused" if one.refused else ""
    if one.pupils is None:
        return f"{NEVER}{refused}"
    age = one.roster_age(now)
    return f"{UNKNOWN if age is None else _told(age)}, {one.pupils:,} pupils{refused}"


def _cover(one: SchoolStatus) -> str:
    if not one.accounts:
        return "no accounts"
    if one.uncovered:
        lacks = "lacks" if one.uncovered == 1 else "lack"
        return f"{one.uncovered} of {one.accounts} {lacks} people"
    return f"all {one.accounts}"


def _stuck(one: SchoolStatus) -> str:
    counts = {
        "in review": one.stuck.in_review,
        "overdue": one.stuck.overdue,
        "not posted": one.stuck.unposted,
    }
    return ", ".join(f"{count} {name}" for name, count in counts.items() if count) or "none"


def _deliveries(one: SchoolStatus, now: datetime) -> str:
    counts = {
        "waiting": one.deliveries.waiting,
        "given up": one.deliveries.dead,
        "unsure": one.deliveries.unsure,
    }
    told = ", ".join(f"{count} {name}" for name, count in counts.items() if count) or "none"
    oldest = one.deliveries.oldest
    return told if oldest is None else f"{told}, the oldest {_told(now - oldest)}"


def _told(age: timedelta) -> str:
    """In one unit, rounded down."""
    if age.days:
        return f"{age.days} day{'s' if age.days > 1 else ''}"
    seconds = max(0, int(age.total_seconds()))
    for size, name in ((3600, "h"), (60, "min")):
        if seconds >= size:
            return f"{seconds // size} {name}"
    return f"{seconds} s"


def _late(oldest: datetime | None, now: datetime, limits: Limits) -> bool:
    return oldest is not None and now - oldest > limits.late


def _age(oldest: datetime | None, now: datetime) -> int | None:
    return None if oldest is None else _seconds(now - oldest)


def _seconds(age: timedelta | None) -> int | None:
    return None if age is None else max(0, int(age.total_seconds()))
