"""Connects Slack: one workspace, over requests that it sends or a socket that we open."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from adapters.patience import Patience
from adapters.slack import compose_desk, transport
from adapters.slack.answers import Answers
from adapters.slack.app import build
from adapters.slack.chat import SlackChat
from adapters.slack.client import Line, open_line
from adapters.slack.connecting import CannotConnect, installed
from adapters.slack.files import NotTaken, Pictures, fetch
from adapters.slack.manifest import Wanted, scopes
from adapters.slack.names import Commands
from adapters.slack.parts import Parts
from adapters.slack.speaker import Speakers
from adapters.slack.transport import Front, Socket
from bot.application import Plugged
from bot.chat.pictures import Previews, StoredShelf
from bot.door.staff import StaffDoor
from bot.settings_chat import is_loopback
from moderation.kernel import Platform
from storage.database import Stamp
from storage.faults import NotReady


if TYPE_CHECKING:
    from pydantic import SecretStr

    from bot.application import Application
    from bot.settings_chat import Slack

ONLY_A_DEMO: Final = (
    "This database holds a demonstration, which never goes to a real workspace. Set "
    "SCHOOLGATE_DATABASE__URL to another one, or chat.slack.api_url to a test server."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Connected:
    """What has to be ended, in this order."""

    patience: Patience
    line: Line
    socket: Socket | None

    async def unplug(self) -> None:
        """Hear nothing more, bring to its end what was heard, and close."""
        if self.socket is not None:
            self.socket.quiesce()
        await self.patience.finish()
        if self.socket is not None:
            await self.socket.close()
        await self.line.close()


async def connect(application: Application) -> Plugged:
    """The workspace that the bot's token is for.

    Raises :class:`~storage.faults.NotReady` where Slack doesn't let us in.
    """
    slack = application.settings.chat.slack
    if application.stamp is Stamp.DEMO and not is_loopback(slack.api_url):
        raise NotReady(ONLY_A_DEMO)
    line = open_line(_secret(slack.bot_token), slack.api_url)
    try:
        return await _plugged(application, slack, line)
    except CannotConnect as wrong:
        await line.close()
        raise NotReady(str(wrong)) from None
    except BaseException:
        await line.close()
        raise


async def _plugged(application: Application, slack: Slack, line: Line) -> Plugged:
    client = line.client
    home = await installed(client, scopes(Wanted(direct_messages=slack.direct_messages)))
    if slack.workspace and slack.workspace != home.team:
        raise CannotConnect(
            f"SLACK_BOT_TOKEN is for the workspace {home.team}, but chat.slack.workspace is "
            f"{slack.workspace}. Correct the one that is wrong."
        )
    speakers = Speakers(client, team=home.team, enterprise=home.enterprise)
    shelf = StoredShelf(platform=Platform.SLACK, units=application.units, clock=application.clock)
    # Asked for when one is shown: tests put another inspector in its place.
    previews = Previews(blobs=application.blobs, inspector=application.pictures.inspector)
    pictures = Pictures(client, shelf, previews.of)
    parts = Parts(
        door=door_of(application),
        speakers=speakers,
        answers=Answers(client=client, pictures=pictures.of),
        clock=application.clock,
        ids=application.ids,
        zone=application.schools.zone,
        commands=Commands(**slack.commands.model_dump()),
        incoming=Handed(line),
        patience=Patience(late=application.wake),
    )
    secret = _secret(slack.signing_secret) if slack.mode == "http" else ""
    app = build(parts, home, signing_secret=secret)
    socket = None
    if slack.mode == "socket":
        socket = Socket(app, _secret(slack.app_token), client)
        await socket.open()
    connected = _Connected(patience=parts.patience, line=line, socket=socket)
    return Plugged(
        chat=SlackChat(client, pictures.of, speakers),
        pages=Front(app=app, secret=secret).pages() if secret else None,
        prefix=transport.PREFIX if secret else "",
        unplug=connected.unplug,
    )


@dataclass(frozen=True, slots=True)
class Handed:
    """Implements :class:`adapters.slack.compose_desk.Incoming`."""

    line: Line

    async def fetch(self, file: str) -> compose_desk.Fetched | compose_desk.NotFetched:
        """A file that somebody handed in, by Slack's id."""
        found = await fetch(self.line.client, {"id": file})
        if isinstance(found, NotTaken):
            return compose_desk.NotFetched(found)
        return compose_desk.Fetched(found.content, found.name)


def door_of(application: Application) -> StaffDoor:
    """The staff's door, as every platform goes through it."""
    return StaffDoor(
        service=application.service,
        units=application.units,
        pictures=application.pictures,
        blobs=application.blobs,
        clock=application.clock,
        changed=application.wake,
        ids=application.ids,
    )


def _secret(value: SecretStr | None) -> str:
    """Whatever is missing was refused with the settings."""
    return value.get_secret_value() if value is not None else ""
