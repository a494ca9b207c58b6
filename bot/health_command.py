"""``schoolgate health``: ask a running Schoolgate whether it can be sent work."""

from __future__ import annotations

import json
from dataclasses import dataclass
from enum import StrEnum
from http.client import HTTPConnection, HTTPException
from typing import TYPE_CHECKING, Final

import typer

from bot.command_line import HERE, Config, Exit, say, settings_of


if TYPE_CHECKING:
    from bot.settings import Listen

PATIENCE: Final = 4.0
"""Seconds. A container's health check gives five."""

WORDS: Final = {
    "starting": "it is still starting",
    "stopping": "it is stopping",
    "clock": "its clock has not ticked for a minute",
    "database": "its database doesn't take a write",
    "schema": "its database isn't as it should be: see schoolgate db check",
    "guards": "somebody has changed its database's guards: see schoolgate db check",
}
CONCERNS: Final = {
    "record": "The record doesn't check. See: schoolgate audit verify",
    "checkpoints": "A place can't be given its checkpoints. See: schoolgate doctor",
}
"""What it says although it is ready."""


def health(config: Config = HERE) -> None:
    """Ask the running Schoolgate whether it is ready. Exit 0 when it is, 1 when not."""
    listen = settings_of(config).listen
    if listen.port == 0:
        say("Any free port is set (listen.port: 0), so nobody can know which.", error=True)
        raise typer.Exit(Exit.CONFIGURATION)
    answer = ask(listen)
    if answer.said:
        say(answer.said, error=True)
        raise typer.Exit(Exit.NOT_SO)
    say("Schoolgate is ready.")
    say(*answer.concerns, error=True)


class Heard(StrEnum):
    """Who answers on the port."""

    NOTHING = "nothing"
    ANOTHER = "another"
    SCHOOLGATE = "schoolgate"


@dataclass(frozen=True, slots=True)
class Answer:
    """``said`` is what is wrong, in one sentence; "" where Schoolgate is ready.

    ``concerns`` are sentences about what somebody should look at all the same.
    """

    heard: Heard
    said: str = ""
    concerns: tuple[str, ...] = ()


def ask(listen: Listen) -> Answer:
    """Ask whoever is there; at most :data:`PATIENCE`."""
    # Where it listens on every address, its own machine's is one of them.
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(listen.host, listen.host)  # noqa: S104 -- a comparison
    connection = HTTPConnection(host, listen.port, timeout=PATIENCE)
    try:
        connection.request("GET", "/readyz")
        answer = json.loads(connection.getresponse().read(10_000))
        missing = [WORDS.get(key, str(key)) for key in answer["missing"]]
        concerns = tuple(CONCERNS.get(key, str(key)) for key in answer.get("concerns", ()))
    except (OSError, HTTPException):
        said = f"Nothing answers on port {listen.port}. Start it with: schoolgate run"
        return Answer(Heard.NOTHING, said)
    except (ValueError, KeyError, TypeError):
        return Answer(Heard.ANOTHER, f"What answers on port {listen.port} isn't Schoolgate.")
    finally:
        connection.close()
    said = f"Schoolgate is not ready: {'; '.join(missing)}." if missing else ""
    return Answer(Heard.SCHOOLGATE, said, concerns)
