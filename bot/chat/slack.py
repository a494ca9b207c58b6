"""Connects Slack: one workspace, over requests that it sends or a socket that we open."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Final

import structlog

from adapters.greeting import Greeter
from adapters.patience import Patience
from adapters.slack import transport
from adapters.slack.answers import Answers
from adapters.slack.app import build
from adapters.slack.chat import SlackChat
from adapters.slack.client import Line, open_line
from adapters.slack.connecting import CannotConnect, installed
from adapters.slack.fetching import NotTaken, fetch
from adapters.slack.files import Pictures
from adapters.slack.films import Films
from adapters.slack.manifest import Wanted, scopes
from adapters.slack.names import Commands
from adapters.slack.parts import Parts
from adapters.slack.places import Places, Unsafe
from adapters.slack.reading import Readings
from adapters.slack.speaker import Speakers
from adapters.slack.transport import Front, Socket
from adapters.taking_in import Fetched, Moving, NotFetched
from bot.application import Plugged
from bot.chat.doors import door_of
from bot.chat.home_rounds import HomeRounds, Judge, Verdict, watch
from bot.chat.picture_rounds import PictureRounds, tend
from bot.chat.pictures import Previews, StoredShelf
from bot.settings_chat import is_loopback
from moderation.kernel import Platform
from storage.database import Stamp
from storage.faults import NotReady


if TYPE_CHECKING:
    from pydantic import SecretStr

    from bot.application import Application
    from bot.settings_chat import Slack
    from moderation.ports import Conversation

log = structlog.get_logger(__name__)

CONNECTED: Final = "slack.connected"
ONLY_A_DEMO: Final = (
    "This database holds a demonstration, which never goes to a real workspace. Set "
    "SCHOOLGATE_DATABASE__URL to another one, or chat.slack.api_url to a test server."
)

READINGS_EVERY: Final = timedelta(minutes=1)
"""How long after midnight a list of children may still stand in a dialog that nobody closed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Workspace:
    """One that is connected."""

    chat: SlackChat
    patience: Patience
    line: Line
    rounds: PictureRounds
    homes: HomeRounds
    readings: Readings
    front: Front | None = None
    socket: Socket | None = None

    def plugged(self) -> Plugged:
        """As the application holds it."""
        return Plugged(
            chat=self.chat,
            pages=self.front.pages() if self.front is not None else None,
            prefix=transport.PREFIX if self.front is not None else "",
            unplug=self.close,
        )

    async def close(self) -> None:
        """Hear nothing more, bring to its end what was heard, and close."""
        if self.socket is not None:
            self.socket.quiesce()
        await self.patience.finish()
        await self.readings.end_all()
        if self.socket is not None:
            await self.socket.close()
        await self.line.close()


async def connect(application: Application) -> Plugged:
    """The workspace that the bot's token is for.

    Raises :class:`~storage.faults.NotReady` where Slack doesn't let us in.
    """
    return (await opened(application)).plugged()


async def opened(application: Application) -> Workspace:
    """As :func:`connect`, with its parts to be seen."""
    slack = application.settings.chat.slack
    if application.stamp is Stamp.DEMO and not is_loopback(slack.api_url):
        raise NotReady(ONLY_A_DEMO)
    line = open_line(_secret(slack.bot_token), slack.api_url)
    try:
        return await _opened(application, slack, line)
    except CannotConnect as wrong:
        await line.close()
        raise NotReady(str(wrong)) from None
    except BaseException:
        await line.close()
        raise


async def _opened(application: Application, slack: Slack, line: Line) -> Workspace:
    client = line.client
    home = await installed(client, scopes(Wanted(direct_messages=slack.direct_messages)))
    if slack.workspace and slack.workspace != home.team:
        raise CannotConnect(
            f"SLACK_BOT_TOKEN is for the workspace {home.team}, but chat.slack.workspace is "
            f"{slack.workspace}. Correct the one that is wrong."
        )
    speakers = Speakers(client, team=home.team, enterprise=home.enterprise)
    shelf = StoredShelf(platform=Platform.SLACK, units=application.units, clock=application.clock)
    pictures = Pictures(client, shelf, Previews(application).of)
    rounds = tend(application, Platform.SLACK, pictures.tidy)
    homes = watch(application, Platform.SLACK, lambda: _judge(line))
    # Before the relay delivers anything.
    await homes.look()
    films = Films(client, shelf, application.pictures.video)
    answers = Answers(client=client, pictures=pictures.of, films=films)
    readings = Readings(answers=answers, clock=application.clock)
    application.ticker.every("end_readings", READINGS_EVERY, readings.end)
    door, patience = door_of(application), Patience(late=application.wake)
    parts = Parts(
        door=door,
        greeter=Greeter(door, patience),
        speakers=speakers,
        answers=answers,
        readings=readings,
        clock=application.clock,
        ids=application.ids,
        zone=application.schools.zone,
        commands=Commands(**slack.commands.model_dump()),
        incoming=Handed(line),
        joined=homes.look,
        direct_messages=slack.direct_messages,
        patience=patience,
    )
    chat = SlackChat(client, pictures.of, speakers, refused=pictures.refused)
    connected = Workspace(
        chat=chat,
        patience=parts.patience,
        line=line,
        rounds=rounds,
        homes=homes,
        readings=readings,
    )
    if slack.mode == "http":
        secret = _secret(slack.signing_secret)
        front = Front(app=build(parts, home, signing_secret=secret), secret=secret)
        log.info(CONNECTED, workspace=home.team)
        return replace(connected, front=front)
    socket = Socket(build(parts, home), _secret(slack.app_token), client)
    try:
        await socket.open()
    except BaseException:
        await socket.close()
        raise
    log.info(CONNECTED, workspace=home.team)
    return replace(connected, socket=socket)


def _judge(line: Line) -> Judge:
    places = Places(line.client)

    async def judge(conversation: Conversation) -> Verdict:
        why = await places.judge(conversation.id)
        told = why is not Unsafe.CANNOT_ASK
        return Verdict("" if why is None else why.here, asked=told)

    return judge


@dataclass(frozen=True, slots=True)
class Handed:
    """Implements :class:`adapters.slack.compose_desk.Incoming`."""

    line: Line

    async def fetch(self, file: str) -> Fetched | Moving | NotFetched:
        """A file that somebody handed in, by Slack's id."""
        found = await fetch(self.line.client, {"id": file})
        return NotFetched(found) if isinstance(found, NotTaken) else found


def _secret(value: SecretStr | None) -> str:
    """Whatever is missing was refused with the settings."""
    return value.get_secret_value() if value is not None else ""
