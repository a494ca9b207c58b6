"""``schoolgate``, with a chat platform of its own in memory: ``python -m tests.bot.starting run``.

A start that gets as far as its platforms was not refused, and says so.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot import cli, run_command
from moderation.kernel import Platform


if TYPE_CHECKING:
    from bot.application import Application, Plugged


async def connect(_application: Application) -> Plugged:
    raise RuntimeError("it was not refused")


ADAPTERS = {Platform.SLACK: connect, Platform.TEAMS: connect}

if __name__ == "__main__":
    vars(run_command)["ADAPTERS"] = ADAPTERS
    cli.main()
