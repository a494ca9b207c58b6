"""How long a start takes and what it needs, with twelve schools and 30,000 pupils.

    python -m benchmarks.bench_start [PUPILS]

The start is that of ``schoolgate run`` in a process of its own, with a chat in memory in place of a
platform: settings, database, keys, guards, policies, clock, until connections are accepted. The
lists of pupils are read at the first post of each school; that is measured after it.
"""

from __future__ import annotations

import asyncio
import json
import os
import sqlite3
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

from bot import logs
from bot.application import Application, Plugged
from bot.settings import load
from bot.system import SystemClock
from bot.wiring import build
from moderation.checks.model import PupilName
from moderation.kernel import Platform, PupilKey, SchoolId
from moderation.people.model import Pupil
from storage import schema
from storage.crypto import Keys
from storage.database import Stamp


PUPILS = 30_000
SCHOOLS = 12
STARTS = 5
FORENAMES = ("Ada", "Ben", "Cleo", "Dev", "Elif", "Finn", "Gita", "Hugo", "Iris", "Jon", "Kai")
SURNAMES = ("Abara", "Brook", "Coyle", "Dunn", "Ekström", "Farr", "Gill", "Holt", "Ivanov", "Judd")


def pupils(school: str, count: int) -> tuple[Pupil, ...]:
    """Invented, and no two alike."""
    made = []
    for number in range(count):
        key = PupilKey(f"{school}-{number:05}")
        name = PupilName(
            pupil=key,
            legal_forename=f"{FORENAMES[number % 11]}{chr(97 + number // 110 % 26)}",
            legal_surname=f"{SURNAMES[number // 11 % 10]}{chr(97 + number // 2860 % 26)}",
            year_group=f"Year {number % 7}",
        )
        made.append(Pupil(key=key, school=SchoolId(school), number=str(key), name=name))
    return tuple(made)


def settings_file(folder: Path) -> Path:
    """Twelve schools under one trust."""
    schools = [{"id": f"s{n}", "name": f"School {n}", "policy": "step"} for n in range(SCHOOLS)]
    written = {"trust": {"id": "trust", "name": "Trust"}, "schools": schools}
    path = folder / "app.yaml"
    # JSON is YAML.
    path.write_text(json.dumps(written), encoding="utf-8")
    return path


async def fill(config: Path, environ: dict[str, str], count: int) -> None:
    """The database with everybody in it."""
    settings = load(config, environ)
    schema.upgrade(settings.database_url.get_secret_value(), at=SystemClock().now())
    made = build(settings, stamp=Stamp.REAL, platforms={})
    await made.database.open()
    await schema.ready(made.database, made.keys, Stamp.REAL)
    for school in settings.schools:
        async with made.units.write() as unit:
            await unit.rolls.save_pupils(SchoolId(school.id), pupils(school.id, count // SCHOOLS))
            await unit.commit()
    await made.database.close()


def started(config: Path, environ: dict[str, str], *, rosters: bool) -> dict[str, float]:
    """One start in a process of its own: seconds until it is ready, and megabytes."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    began = time.perf_counter()
    process = subprocess.Popen(  # noqa: S603 -- ourselves
        [sys.executable, "-m", "benchmarks.bench_start", "serve", str(config), str(int(rosters))],
        env=kept | environ,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    assert process.stdout is not None  # noqa: S101 -- a pipe was asked for
    found = {}
    for line in process.stdout:
        name, value = line.split()
        found[name] = time.perf_counter() - began if name == "ready" else float(value)
    if process.wait() != 0:
        raise SystemExit("the start failed")
    return found


async def serve(config: Path, *, rosters: bool) -> None:
    """Start, say so, read the lists where asked, and end."""

    async def connect(_application: Application) -> Plugged:
        return Plugged(chat=_Deaf())  # type: ignore[arg-type] # nothing is ever sent

    logs.configure(sys.stderr)
    settings = load(config, os.environ)
    application = build(
        settings, stamp=Stamp.REAL, platforms={Platform.SLACK: connect}, clock=SystemClock()
    )
    await application.start()
    print("ready 0", flush=True)
    print("started_mb", resident(), flush=True)
    if rosters:
        began = time.perf_counter()
        async with application.units.read() as unit:
            for school in settings.schools:
                await unit.rolls.roster(SchoolId(school.id))
            print("own_lists", time.perf_counter() - began, flush=True)
            began = time.perf_counter()
            await unit.rolls.others(SchoolId(settings.schools[0].id))
            print("others_list", time.perf_counter() - began, flush=True)
        print("lists_mb", resident(), flush=True)
    await application.stop(5)


class _Deaf:
    """A chat that nothing is sent to."""


def resident() -> float:
    """Megabytes of this process in memory, from Linux's /proc/self/statm."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


def main(count: int = PUPILS) -> None:
    """Print the figures."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        environ = {
            "SCHOOLGATE_KEYS": Keys.new().to_text(),
            "SCHOOLGATE_SIGNING_KEY": Keys.new().to_text(),
            "PYTHONPATH": str(Path(__file__).parents[1]),
        }
        config = settings_file(folder)
        asyncio.run(fill(config, environ, 0))
        empty = [started(config, environ, rosters=False) for _ in range(STARTS)]
        asyncio.run(fill(config, environ, count))
        full = [started(config, environ, rosters=False) for _ in range(STARTS)]
        last = started(config, environ, rosters=True)
        with sqlite3.connect(folder / "data" / "schoolgate.db") as raw:
            [(there,)] = raw.execute("SELECT count(*) FROM pupil")
    print(f"{there:,} pupils of {SCHOOLS} schools, median of {STARTS} starts")
    for title, runs in (("without pupils", empty), ("with all pupils", full)):
        seconds = median(run["ready"] for run in runs)
        memory = median(run["started_mb"] for run in runs)
        print(f"  {title:<16} ready in {seconds:.2f} s, {memory:.0f} MB")
    print(f"  each school's own list, read once: {last['own_lists'] / SCHOOLS * 1000:.0f} ms")
    print(f"  the list of all other schools, read once: {last['others_list']:.2f} s")
    print(f"  with every school's list and one of all others: {last['lists_mb']:.0f} MB")


if __name__ == "__main__":
    if sys.argv[1:2] == ["serve"]:
        asyncio.run(serve(Path(sys.argv[2]), rosters=sys.argv[3] == "1"))
    else:
        main(int(sys.argv[1]) if sys.argv[1:] else PUPILS)
