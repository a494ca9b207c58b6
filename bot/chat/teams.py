"""Connects Microsoft Teams: one bot in the tenants that it serves."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Final

import aiohttp
import structlog

from adapters.greeting import Greeter
from adapters.patience import Patience
from adapters.teams import app, listeners, rooms
from adapters.teams.answers import Answers
from adapters.teams.app import Front
from adapters.teams.chat import TeamsChat
from adapters.teams.client import LOGIN, ClientSecret, Connector, NoTokens, open_session
from adapters.teams.drawing import Drawing, nobody
from adapters.teams.files import Files
from adapters.teams.hearing import LONGEST, Hear, Parts
from adapters.teams.places import Places
from adapters.teams.rooms import Unsafe
from adapters.teams.speaker import Speakers
from adapters.teams.trust import METADATA, Keys, Trust
from adapters.teams.turns import Turns
from bot.application import Plugged
from bot.chat.doors import door_of
from bot.chat.home_rounds import HomeRounds, Verdict, watch
from bot.chat.media import ROUTE, Media
from bot.chat.teams_shelf import StoredPlaces
from moderation.kernel import Platform
from storage.database import Stamp
from storage.faults import NotReady


if TYPE_CHECKING:
    from adapters.teams.client import Tokens
    from adapters.teams.inbound import Origin
    from bot.application import Application
    from bot.settings_chat import Teams
    from moderation.ports import Conversation

log = structlog.get_logger(__name__)

CONNECTED: Final = "teams.connected"
ONLY_A_DEMO: Final = (
    "This database holds a demonstration, which never goes to real people in Teams. Set "
    "SCHOOLGATE_DATABASE__URL to another one, or chat.teams.mode to playground."
)
NO_DEMO: Final = (
    "This is a school's own database, and in Teams' playground nobody is asked who they are. Set "
    "SCHOOLGATE_DATABASE__URL to another one, or chat.teams.mode to service."
)
LOOK_EVERY: Final = timedelta(seconds=30)
"""Another process may have heard of a conversation that this one doesn't know."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Office:
    """A bot that is connected."""

    chat: TeamsChat
    patience: Patience
    places: Places
    homes: HomeRounds
    front: Front
    session: aiohttp.ClientSession

    def plugged(self) -> Plugged:
        """As the application holds it."""
        return Plugged(
            chat=self.chat, pages=self.front.pages(), prefix=app.PREFIX, unplug=self.close
        )

    async def close(self) -> None:
        """Bring to its end what was heard, and close."""
        await self.patience.finish()
        await self.session.close()


async def connect(application: Application) -> Plugged:
    """The bot of ``chat.teams``. Raises :class:`~storage.faults.NotReady` where it may not be."""
    return (await opened(application)).plugged()


async def opened(application: Application) -> Office:
    """As :func:`connect`, with its parts to be seen."""
    teams = application.settings.chat.teams
    if application.stamp is Stamp.DEMO and not teams.is_a_test:
        raise NotReady(ONLY_A_DEMO)
    if application.stamp is Stamp.REAL and teams.playground:
        raise NotReady(NO_DEMO)
    session = open_session()
    try:
        return await _opened(application, teams, session)
    except BaseException:
        await session.close()
        raise


async def _opened(application: Application, teams: Teams, session: aiohttp.ClientSession) -> Office:
    tokens, trust = tokens_of(teams, session), trust_of(teams, session)
    connector = Connector(session, tokens, trust.is_service)
    patience = Patience(late=application.wake, seconds=LONGEST)
    places = Places(
        shelf=StoredPlaces(units=application.units, clock=application.clock),
        connector=connector,
        begin=patience.begin,
    )
    await places.load()
    application.ticker.every("look_at_teams_places", LOOK_EVERY, places.look)
    speakers = Speakers(connector, tenants=teams.tenants, own=places.own)
    media = Media(application, teams.public_url)
    application.web.router.add_get(ROUTE, media.show)
    # Microsoft's test client draws no view of one's own: it says so in the card's place.
    viewers = nobody if teams.playground else places.viewers
    drawing = Drawing(mint=application.ids.new, pictures=media.of, viewers=viewers)
    judging = Judging(places=places, connector=connector, speakers=speakers)
    homes = watch(application, Platform.TEAMS, lambda: judging.verdict)
    # Before the relay delivers anything.
    await homes.look()
    door = door_of(application)
    parts = Parts(
        door=door,
        greeter=Greeter(door, patience),
        speakers=speakers,
        answers=Answers(connector=connector, places=places, drawing=drawing),
        connector=connector,
        places=places,
        clock=application.clock,
        ids=application.ids,
        zone=application.schools.zone,
        judge=judging.sentence,
        files=Files(session, tokens, trust.is_service),
        patience=patience,
        joined=homes.look,
    )
    hear = Hear(parts)
    listeners.register(hear)
    front = Front(trust, places, Turns(connector, hear))
    log.info(CONNECTED, cause=teams.mode)
    return Office(
        chat=TeamsChat(connector, places, drawing),
        patience=patience,
        places=places,
        homes=homes,
        front=front,
        session=session,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Judging:
    """Whether cards may stand in a conversation."""

    places: Places
    connector: Connector
    speakers: Speakers

    async def sentence(self, origin: Origin) -> str:
        """Why not, to whoever asked there; "" where they may."""
        why = await self._why(origin.conversation)
        return "" if why is None else str(why)

    async def verdict(self, conversation: Conversation) -> Verdict:
        """The same, for the rounds."""
        why = await self._why(conversation.id)
        return Verdict("" if why is None else why.here, asked=why is not Unsafe.CANNOT_ASK)

    async def _why(self, conversation: str) -> Unsafe | None:
        return await rooms.judge(
            conversation, places=self.places, connector=self.connector, speakers=self.speakers
        )


def trust_of(teams: Teams, session: aiohttp.ClientSession) -> Trust:
    """Who is let in."""
    keys = None if teams.playground else keys_of(teams, session)
    return Trust(
        app_id=teams.app_id or "", tenants=teams.tenants, keys=keys, beside=teams.connector_url
    )


def keys_of(teams: Teams, session: aiohttp.ClientSession) -> Keys:
    """Microsoft's signing keys."""
    metadata = teams.identity_url and f"{teams.identity_url}v1/.well-known/openidconfiguration"
    return Keys(session, metadata or METADATA)


def tokens_of(teams: Teams, session: aiohttp.ClientSession) -> Tokens:
    """What lets us in."""
    if teams.playground:
        return NoTokens()
    secret = teams.app_password.get_secret_value() if teams.app_password is not None else ""
    login = teams.identity_url.rstrip("/") or LOGIN
    return ClientSecret(session, f"{login}/{teams.tenant_id}", teams.app_id or "", secret)
