"""``schoolgate run`` beside the chats that are pretended, with the demo's school in it."""

from __future__ import annotations

import csv
import json
import os
import random
import re
import socket
import subprocess
import sys
import time
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from urllib.request import Request, urlopen

import yaml

from storage.crypto import Keys


if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

ROOT: Final = Path(__file__).resolve().parents[2]
DEMO: Final = ROOT / "bot" / "demo"
PATIENCE: Final = 60.0
READY: Final = re.compile(r"Schoolgate is ready: ")
LISTS: Final = ("people", "accounts", "pupils", "consents")


@contextmanager
def schoolgate(
    folder: Path, port: int, chats: Mapping[str, str], ids: Mapping[str, Mapping[str, str]]
) -> Iterator[None]:
    """Schoolgate at work on ``port``, with the demo's school imported as an office would.

    ``chats`` is the environment that connects them; ``ids`` are a column of people's ids in each,
    by person.
    """
    environ = {**_environ(port), **chats}
    config = folder / "app.yaml"
    config.write_text(_settings(folder), encoding="utf-8")
    _said(environ, folder, "db", "upgrade")
    for kind in LISTS:
        _said(environ, folder, "import", kind, str(_list(kind, folder, ids)))
    log = folder / "schoolgate.log"
    with log.open("wb") as out:
        process = subprocess.Popen(
            [*_ours(), "run", "--config", str(config)],
            cwd=folder,
            env=environ,
            stdout=out,
            stderr=subprocess.STDOUT,
        )
    try:
        wait_for(
            lambda: bool(READY.search(log.read_text())) or process.poll() is not None,
            "Schoolgate did not start",
        )
        assert process.poll() is None, log.read_text()
        yield
    finally:
        process.terminate()
        assert process.wait(PATIENCE) == 0, log.read_text()
        assert "Traceback" not in log.read_text(), log.read_text()


def rows(kind: str) -> list[dict[str, str]]:
    """One of the demo's lists."""
    with (DEMO / f"{kind}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def names() -> dict[str, str]:
    """What the demo's people are called, by their ids."""
    return {row["person_id"]: row["name"] for row in rows("people")}


def free_port() -> int:
    """A port below those that systems give to connections: nobody takes it before we do."""
    for port in random.sample(range(20_000, 32_000), 100):
        with suppress(OSError), socket.create_server(("127.0.0.1", port)):
            return port
    raise OSError("no port is free")


def wait_for(what: Callable[[], bool], otherwise: str, seconds: float = PATIENCE) -> None:
    """Look again and again until it is so."""
    end = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < end, otherwise
        time.sleep(0.1)


def asked(url: str, body: object = None) -> dict[str, Any]:
    """What a server on this machine answers; ``body`` makes it a POST."""
    data = None if body is None else json.dumps(body).encode()
    request = Request(url, data, {"Content-Type": "application/json"})  # noqa: S310 -- loopback
    with urlopen(request, timeout=60) as answer:  # noqa: S310
        found: dict[str, Any] = json.load(answer)
        return found


# -- leaves --------------------------------------------------------------------------------------


def _settings(folder: Path) -> str:
    settings = yaml.safe_load((DEMO / "app.yaml").read_text(encoding="utf-8"))
    settings["paths"] = {"data": str(folder / "data")}
    return yaml.safe_dump(settings)


def _environ(port: int) -> dict[str, str]:
    return {
        **{name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ},
        "PYTHONPATH": str(ROOT),
        "SCHOOLGATE_KEYS": Keys.new().to_text(),
        "SCHOOLGATE_SIGNING_KEY": Keys.new().to_text(),
        "SCHOOLGATE_LISTEN__PORT": str(port),
    }


def _list(kind: str, folder: Path, ids: Mapping[str, Mapping[str, str]]) -> Path:
    """The demo's file; of people, with their ids in the chats."""
    found = rows(kind)
    if kind == "people":
        found = [
            row | {column: of.get(row["person_id"], "") for column, of in ids.items()}
            for row in found
        ]
    path = folder / f"{kind}.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, found[0].keys())
        writer.writeheader()
        writer.writerows(found)
    return path


def _ours() -> list[str]:
    return [sys.executable, "-c", "import sys; from bot.cli import main; sys.exit(main())"]


def _said(environ: Mapping[str, str], folder: Path, *arguments: str) -> None:
    command = [*_ours(), *arguments, "--config", str(folder / "app.yaml")]
    done = subprocess.run(
        command, cwd=folder, env=dict(environ), capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
