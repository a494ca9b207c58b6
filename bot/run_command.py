"""``schoolgate run``: the real thing, with real keys, in the chat that staff work in."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Final

import typer

from bot import lifecycle, logs, wiring
from bot.chat import slack, teams
from bot.command_line import HERE, Config, Exit, say, settings_of
from bot.stamping import stamp_of
from moderation.kernel import Platform


if TYPE_CHECKING:
    from collections.abc import Mapping

    from bot.application import Connect
    from bot.settings import Settings

ADAPTERS: Final[Mapping[Platform, Connect]] = {
    Platform.SLACK: slack.connect,
    Platform.TEAMS: teams.connect,
}
"""The chat platforms that this version can connect."""


def run(config: Config = HERE) -> None:
    """Start Schoolgate, and serve until it is told to stop."""
    settings = settings_of(config)
    missing = settings.missing_for_run()
    if missing:
        say(*missing, error=True)
        say("To see it at work without any of it: schoolgate demo", error=True)
        raise typer.Exit(Exit.CONFIGURATION)
    platforms = platforms_of(settings, ADAPTERS)
    logs.configure(sys.stderr)
    application = wiring.build(settings, stamp=stamp_of(settings), platforms=platforms)
    lifecycle.run(application, settings.listen.host, settings.listen.port)


def platforms_of(
    settings: Settings, adapters: Mapping[Platform, Connect]
) -> Mapping[Platform, Connect]:
    """The platforms that are switched on."""
    chat = settings.chat
    parts = ((Platform.SLACK, chat.slack), (Platform.TEAMS, chat.teams))
    return {platform: adapters[platform] for platform, part in parts if part.enabled}
