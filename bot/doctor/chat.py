"""The chat platforms: whether they let us in, with which permissions, and where cards are shown."""

from __future__ import annotations

from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Final

from adapters.slack.client import Line, open_line
from adapters.slack.connecting import CannotConnect, installed, opened
from adapters.slack.manifest import Wanted, scopes
from adapters.slack.places import Places, Unsafe
from bot.doctor.model import Problem, error, warning
from moderation.kernel import Platform


if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from pydantic import SecretStr

    from bot.application import Application
    from bot.settings import Settings
    from bot.settings_chat import Slack
    from moderation.homes.model import Home

MANIFEST: Final = (
    "Take the manifest from schoolgate manifest slack, install the app again, and set its token."
)
UNUSED: Final = "Slack has given the permission {}, which Schoolgate doesn't use."
INSTALL_ANEW: Final = (
    "Paste the manifest from schoolgate manifest slack, remove the app from the workspace, install "
    "it again, and set its new token: Slack takes no permission back from a token that it gave."
)
CHOOSE: Final = "In another conversation, type: {} use-here {}"
NOWHERE: Final = "No conversation is chosen for any account, so each card goes to people privately."


async def look(settings: Settings) -> tuple[Problem, ...]:
    """Whether the platforms that are switched on let us in. Asks them, and changes nothing."""
    slack = settings.chat.slack
    if not slack.enabled:
        return ()
    try:
        async with _line(slack) as line:
            home = await installed(line.client, scopes(_wanted(slack)))
            if slack.mode == "socket":
                await opened(line.client, _secret(slack.app_token))
    except CannotConnect as wrong:
        said, _, remedy = str(wrong).partition(". ")
        return (error("slack", f"{said}.", remedy or MANIFEST, "slack"),)
    lacking = (
        warning("slack_permission", f"Slack hasn't given the permission {scope}: {why}.", MANIFEST)
        for scope, why in scopes(_wanted(slack)).items()
        if scope in home.missing
    )
    beyond = (
        warning("slack_permission_unused", UNUSED.format(scope), INSTALL_ANEW)
        for scope in home.unused
    )
    return (*lacking, *beyond)


async def homes(application: Application) -> tuple[Problem, ...]:
    """Whether the conversations that cards are shown in are there, and for staff alone."""
    slack = application.settings.chat.slack
    if not slack.enabled:
        return ()
    async with application.units.read() as unit:
        chosen = await unit.homes.on(Platform.SLACK)
        accounts = await unit.accounts.all()
    command = slack.commands.schoolgate
    if accounts and not chosen:
        remedy = (
            f"In the conversation of your moderators, type: {command} use-here {accounts[0].id}"
        )
        return (warning("no_conversation", NOWHERE, remedy, "slack"),)
    async with _line(slack) as line:
        places = Places(line.client)
        return tuple(
            [
                warning("conversation", *_unsafe(home, why, command), home.place)
                for home in chosen
                if (why := await _why(places, home)) is not None
            ]
        )


async def _why(places: Places, home: Home) -> Unsafe | None:
    conversation = home.on(Platform.SLACK)
    return None if conversation is None else await places.judge(conversation.id)


def _unsafe(home: Home, why: Unsafe, command: str) -> tuple[str, str]:
    said = str(why).partition(". ")[0].rstrip(".")
    return f"Cards of {home.place}: {said}.", CHOOSE.format(command, home.place)


def _wanted(slack: Slack) -> Wanted:
    return Wanted(direct_messages=slack.direct_messages)


@asynccontextmanager
async def _line(slack: Slack) -> AsyncIterator[Line]:
    line = open_line(_secret(slack.bot_token), slack.api_url)
    try:
        yield line
    finally:
        await line.close()


def _secret(value: SecretStr | None) -> str:
    return value.get_secret_value() if value is not None else ""
