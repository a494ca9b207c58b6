"""One conversation on two platforms: proposed in one, decided in the other, and one person is one.

Slack and Teams are both there, each played by a server of its own; the application is one.
"""

from __future__ import annotations

from contextlib import AsyncExitStack
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import pytest
from aiohttp.test_utils import TestClient, TestServer

from adapters.slack.limits import problems
from bot.chat import slack, teams
from moderation.kernel import Identity, Platform
from moderation.ports import Conversation
from moderation.posts.model import State
from tests.bot.chat import office as in_slack
from tests.bot.chat.office import FACEBOOK_PLACE, Office, labels, user_of as slack_user
from tests.bot.chat.teams_office import FACEBOOK_ROOM, TeamsOffice, titles, user_of as teams_user
from tests.fakes.slack_api import BOT_TOKEN, FakeSlack
from tests.fakes.teams_connector import APP, PASSWORD, TENANT, FakeTeams
from tests.fakes.trust import FACEBOOK, LUND, NAMES, OKAFOR, REED, know


if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from bot.application import Application, Plugged
    from tests.applications import Applications

WORDS = "The fair is on Saturday."


@dataclass(slots=True)
class Both:
    """Reed writes in Slack, Lund decides in Teams, and Mrs Okafor has an account in either."""

    slack: Office
    teams: TeamsOffice

    async def quiet(self) -> None:
        await self.slack.quiet()
        await self.teams.quiet()


@pytest.fixture
async def both(applications: Applications) -> AsyncIterator[Both]:
    async with AsyncExitStack() as stack:
        fake_slack = await stack.enter_async_context(FakeSlack(limits=problems))
        fake_teams = await stack.enter_async_context(FakeTeams())
        applications.settings |= {
            "SCHOOLGATE_CHAT__SLACK__ENABLED": "true",
            "SCHOOLGATE_CHAT__SLACK__API_URL": fake_slack.api_url,
            "SLACK_BOT_TOKEN": BOT_TOKEN,
            "SLACK_SIGNING_SECRET": in_slack.SECRET,
            "SCHOOLGATE_CHAT__TEAMS__ENABLED": "true",
            "SCHOOLGATE_CHAT__TEAMS__APP_ID": APP,
            "SCHOOLGATE_CHAT__TEAMS__TENANT_ID": TENANT,
            "SCHOOLGATE_CHAT__TEAMS__APP_PASSWORD": PASSWORD,
            "SCHOOLGATE_CHAT__TEAMS__CONNECTOR_URL": fake_teams.connector_url,
            "SCHOOLGATE_CHAT__TEAMS__IDENTITY_URL": fake_teams.identity_url,
        }
        for person in NAMES:
            fake_slack.workspace.add_user(slack_user(person))
            fake_teams.add_person(teams_user(person))
        fake_slack.workspace.add_channel(FACEBOOK_PLACE, [slack_user(it) for it in NAMES])
        fake_teams.add_channel(FACEBOOK_ROOM, [teams_user(it) for it in NAMES])
        held_slack: list[slack.Workspace] = []
        held_teams: list[teams.Office] = []

        async def to_slack(application: Application) -> Plugged:
            held_slack.append(await slack.opened(application))
            return held_slack[0].plugged()

        async def to_teams(application: Application) -> Plugged:
            held_teams.append(await teams.opened(application))
            return held_teams[0].plugged()

        application = await applications.start({Platform.SLACK: to_slack, Platform.TEAMS: to_teams})
        await _move_in(application)
        client = TestClient(TestServer(application.web))
        await client.start_server()
        office = Office(applications, fake_slack, application, client, held_slack[0])
        other = TeamsOffice(applications, fake_teams, application, client, held_teams[0])
        await other.install(LUND, FACEBOOK_ROOM)
        try:
            yield Both(office, other)
            assert fake_slack.complaints == []
            assert fake_teams.complaints == []
        finally:
            await client.close()
            await applications.stop(application)


async def _move_in(application: Application) -> None:
    known = {
        REED: (Identity(Platform.SLACK, slack_user(REED)),),
        LUND: (Identity(Platform.TEAMS, teams_user(LUND)),),
        OKAFOR: (
            Identity(Platform.SLACK, slack_user(OKAFOR)),
            Identity(Platform.TEAMS, teams_user(OKAFOR)),
        ),
    }
    async with application.units.write() as unit:
        await know(unit, known)
        await unit.homes.use(FACEBOOK, Conversation(Platform.SLACK, FACEBOOK_PLACE))
        await unit.homes.use(FACEBOOK, Conversation(Platform.TEAMS, FACEBOOK_ROOM))
        await unit.commit()


async def test_proposed_in_slack_and_approved_in_teams(both: Both) -> None:
    post = await both.slack.propose(REED, WORDS, FACEBOOK)
    here, there = both.slack.message(FACEBOOK_PLACE), both.teams.message(FACEBOOK_ROOM)
    assert WORDS in here.text
    assert WORDS in str(there.card)
    await both.teams.press(LUND, there, "Approve")
    await both.quiet()
    assert (await both.slack.post(post)).state is State.RELEASED
    # One decision, and the cards of both platforms are final.
    assert "Approve" not in labels(both.slack.message(FACEBOOK_PLACE))
    assert "Approve" not in titles(there.card)
    assert both.slack.message(FACEBOOK_PLACE).ts == here.ts
    assert both.teams.message(FACEBOOK_ROOM) is there


async def test_proposed_in_teams_and_approved_in_slack(both: Both) -> None:
    async with both.teams.application.units.write() as unit:
        found = await unit.people.get(REED)
        assert found is not None
        moved = replace(found, identities=(Identity(Platform.TEAMS, teams_user(REED)),))
        await unit.people.save((moved,))
        await unit.commit()
    post = await both.teams.propose(REED, WORDS, FACEBOOK)
    there = both.teams.message(FACEBOOK_ROOM)
    await both.slack.press(OKAFOR, both.slack.message(FACEBOOK_PLACE), "Approve")
    await both.quiet()
    assert (await both.teams.post(post)).state is State.RELEASED
    assert "Approve" not in labels(both.slack.message(FACEBOOK_PLACE))
    assert "Approve" not in titles(there.card)


async def test_one_person_on_two_platforms_is_no_second_person(both: Both) -> None:
    """Written in Slack, said yes to in Teams: it is the same Mrs Okafor."""
    async with both.slack.application.units.write() as unit:
        grants = await unit.people.grants(frozenset({FACEBOOK}))
        mine = next(it for it in grants if it.person == REED)
        await unit.people.save_grants(
            frozenset({FACEBOOK}), (*grants, replace(mine, person=OKAFOR))
        )
        await unit.commit()
    post = await both.slack.propose(OKAFOR, WORDS, FACEBOOK)
    there = both.teams.message(FACEBOOK_ROOM)
    heard = await both.teams.press(OKAFOR, there, "Approve")
    assert "You wrote this, so somebody else needs to say yes." in heard.said
    await both.slack.press(OKAFOR, both.slack.message(FACEBOOK_PLACE), "Approve")
    assert (await both.slack.post(post)).approvals == ()
    await both.teams.press(LUND, there, "Approve")
    await both.quiet()
    assert (await both.slack.post(post)).state is State.RELEASED


async def test_a_yes_on_both_platforms_at_once_counts_once(both: Both) -> None:
    post = await both.slack.propose(REED, WORDS, FACEBOOK)
    here, there = both.slack.message(FACEBOOK_PLACE), both.teams.message(FACEBOOK_ROOM)
    pressed = both.teams.pressing(OKAFOR, there, "Approve")
    await both.slack.press(OKAFOR, here, "Approve")
    assert (await both.teams.send(pressed)).status == 200
    await both.quiet()
    assert len((await both.slack.post(post)).approvals) == 1


async def test_a_school_in_which_one_platform_is_down_goes_on_in_the_other(both: Both) -> None:
    post = await both.slack.propose(REED, WORDS, FACEBOOK)
    both.teams.teams.forget_tokens()
    await both.slack.press(OKAFOR, both.slack.message(FACEBOOK_PLACE), "Approve")
    assert (await both.slack.post(post)).state is State.RELEASED
    assert "Approve" not in labels(both.slack.message(FACEBOOK_PLACE))
