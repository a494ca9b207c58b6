"""Microsoft Teams: whether it lets us in, where cards are shown, whom the bot can't write to."""

from __future__ import annotations

from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Final

from adapters.teams import rooms
from adapters.teams.client import CannotAsk, Connector, open_session
from adapters.teams.places import Places
from adapters.teams.speaker import Speakers
from bot.chat.teams import keys_of, tokens_of, trust_of
from bot.chat.teams_shelf import StoredPlaces
from bot.doctor.model import Problem, error, warning
from moderation.kernel import Platform
from moderation.words import capital, counted


if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from adapters.teams.client import Tokens
    from adapters.teams.rooms import Unsafe
    from bot.application import Application
    from bot.settings import Settings
    from bot.settings_chat import Teams
    from moderation.homes.model import Home

NO_TOKEN: Final = "Microsoft gives the bot no token: {}."  # noqa: S105 -- a sentence
REGISTRATION: Final = (
    "Look at chat.teams.app_id, tenant_id and the secret: it may have ended. Make another under "
    "Certificates & secrets of the app registration, and set SCHOOLGATE_CHAT__TEAMS__APP_PASSWORD."
)
NO_KEYS: Final = "Microsoft's signing keys can't be fetched: {}. Nothing from Teams is let in."
NETWORK: Final = "Let this machine reach {}."
NO_PICTURES: Final = (
    "Cards in Teams show no pictures, so posts with pictures can't be approved there."
)
PUBLIC: Final = "Set chat.teams.public_url to the https:// address where Teams reaches this server."
PLAYGROUND: Final = (
    "chat.teams.mode is playground: whoever reaches this machine may be anybody, so it opens a "
    "demonstration's database alone."
)
SERVICE: Final = "Set chat.teams.mode to service before anybody works with it."
CHOOSE: Final = "In another channel, write: @Schoolgate use-here {}"
NOWHERE: Final = "No channel is chosen for any account, so each card goes to people privately."
FIRST: Final = "In the channel of your moderators, write: @Schoolgate use-here {}"
UNREACHABLE: Final = "{} in Teams {} written to Schoolgate yet, so their chat with it isn't known."
SETUP_POLICY: Final = (
    "See that these people have the app, by a setup policy in the Teams admin centre: {}."
)


async def look(settings: Settings) -> tuple[Problem, ...]:
    """Whether Microsoft lets us in, where Teams is switched on. Asks, and changes nothing."""
    teams = settings.chat.teams
    if not teams.enabled:
        return ()
    if teams.playground:
        return (warning("teams_playground", PLAYGROUND, SERVICE, "teams"),)
    found: list[Problem] = []
    async with open_session() as session:
        try:
            await tokens_of(teams, session).bearer()
        except CannotAsk as wrong:
            found.append(error("teams", NO_TOKEN.format(wrong), REGISTRATION, "teams"))
        keys = keys_of(teams, session)
        why = await keys.why_not()
        if why:
            remedy = NETWORK.format(keys.metadata)
            found.append(error("teams_keys", NO_KEYS.format(why), remedy, "teams"))
    if not teams.public_url:
        found.append(warning("teams_pictures", NO_PICTURES, PUBLIC, "teams"))
    return tuple(found)


async def homes(application: Application) -> tuple[Problem, ...]:
    """Whether channels are for staff alone, and people can be written to."""
    teams = application.settings.chat.teams
    if not teams.enabled:
        return ()
    schools = application.schools
    async with application.units.read() as unit:
        chosen = await unit.homes.on(Platform.TEAMS)
        accounts = await unit.accounts.all()
        everybody = await unit.people.at(frozenset((*schools.ids(), schools.trust)))
    users = {
        identity.id: person.id
        for person in everybody
        for identity in person.identities
        if identity.platform is Platform.TEAMS
    }
    found: list[Problem] = []
    if accounts and not chosen:
        found.append(warning("no_conversation", NOWHERE, FIRST.format(accounts[0].id), "teams"))
    async with _asking(application, teams) as (places, connector):
        speakers = Speakers(connector, tenants=teams.tenants)
        for home in chosen:
            why = await _why(home, places, connector, speakers)
            if why is not None:
                said = str(why).partition(". ")[0].rstrip(".")
                remedy = CHOOSE.format(home.place)
                found.append(
                    warning("conversation", f"Cards of {home.place}: {said}.", remedy, home.place)
                )
        lost = [person for user, person in users.items() if not places.reaches(user)]
    if lost:
        people = capital(counted(len(lost), "person", "people"))
        what = UNREACHABLE.format(people, "hasn't" if len(lost) == 1 else "haven't")
        found.append(
            warning("unreachable", what, SETUP_POLICY.format(", ".join(sorted(lost))), "teams")
        )
    return tuple(found)


async def _why(
    home: Home, places: Places, connector: Connector, speakers: Speakers
) -> Unsafe | None:
    conversation = home.on(Platform.TEAMS)
    if conversation is None:
        return None
    return await rooms.judge(conversation.id, places=places, connector=connector, speakers=speakers)


@asynccontextmanager
async def _asking(
    application: Application, teams: Teams
) -> AsyncIterator[tuple[Places, Connector]]:
    async with open_session() as session:
        tokens: Tokens = tokens_of(teams, session)
        connector = Connector(session, tokens, trust_of(teams, session).is_service)
        shelf = StoredPlaces(units=application.units, clock=application.clock)
        places = Places(shelf=shelf, connector=connector)
        await places.load()
        yield places, connector
