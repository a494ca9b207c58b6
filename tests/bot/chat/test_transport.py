"""Both ways to be reached, and the end: what was heard is answered, and nothing is left behind."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest

from bot.chat import slack
from moderation.kernel import Platform
from moderation.posts.model import State
from storage.faults import NotReady
from tests.bot.chat.office import FACEBOOK_PLACE, SECRET, opened, user_of
from tests.fakes import slack_requests as ask
from tests.fakes.slack_api import APP_TOKEN, BOT_TOKEN, FakeSlack, Refuses
from tests.fakes.slack_workspace import TEAM
from tests.fakes.trust import FACEBOOK, OKAFOR, REED


if TYPE_CHECKING:
    from tests.applications import Applications
    from tests.bot.chat.office import Office

SOCKET = {"SCHOOLGATE_CHAT__SLACK__MODE": "socket", "SLACK_APP_TOKEN": APP_TOKEN}


# -- Socket Mode ----------------------------------------------------------------------------------


async def test_everything_goes_over_a_socket_too(applications: Applications) -> None:
    async with opened(applications, **SOCKET) as office:
        socket = office.slack.socket
        await socket.connected.wait()
        post = await office.propose(REED, "The fair is on Saturday.", FACEBOOK)
        payload = office.pressing(OKAFOR, office.message(FACEBOOK_PLACE), "Approve")
        assert await socket.send("interactive", payload) == {}
        await office.quiet()
        assert (await office.post(post)).state is State.RELEASED

        await office.type_over(socket, REED, "/channels")
        assert "Oakfield" in office.slack.responses[-1].text

        # Nothing is served over HTTP, whoever signs it.
        assert (await office.answer(ask.interactive(payload))).status == 404


async def test_a_dialog_is_answered_over_the_socket(applications: Applications) -> None:
    async with opened(applications, **SOCKET) as office:
        socket = office.slack.socket
        await socket.connected.wait()
        await office.type_over(socket, REED, "/report", "It worries me.")
        sent = office.sending(REED, office.dialog(), words=" ")
        answer = await socket.send("interactive", sent)
        assert list(answer["errors"]) == ["words"]
        sent = office.sending(REED, office.dialog(), words="It worries me.")
        assert await socket.send("interactive", sent) == {"response_action": "clear"}


async def test_a_lost_connection_is_opened_again(applications: Applications) -> None:
    async with opened(applications, **SOCKET) as office:
        socket = office.slack.socket
        async with asyncio.timeout(20):
            await socket.openings.get()
            await socket.disconnect()
            await socket.openings.get()
        event = ask.mentioned("hello", user=user_of(REED), channel=FACEBOOK_PLACE)
        for retry in range(2):
            await socket.send("events_api", event, accepts_response=False, retry=retry)
        await office.quiet()
        assert len(office.slack.workspace.ephemeral) == 1


# -- the end --------------------------------------------------------------------------------------


async def test_what_was_begun_is_ended_before_the_database_closes(office: Office) -> None:
    post = await office.propose(REED, "The fair is on Saturday.", FACEBOOK)
    payload = office.pressing(OKAFOR, office.message(FACEBOOK_PLACE), "Approve")
    heard = await office.answer(ask.interactive(payload))
    assert heard.status == 200
    await office.house.stop(office.application)
    assert office.slack.responses
    await office.application.database.open()
    assert (await office.post(post)).state is not State.IN_REVIEW
    await office.application.database.close()


# -- whether Slack lets us in ---------------------------------------------------------------------


async def _refusal(house: Applications, fake: FakeSlack, **settings: str) -> str:
    house.settings = {
        "SCHOOLGATE_CHAT__SLACK__ENABLED": "true",
        "SCHOOLGATE_CHAT__SLACK__API_URL": fake.api_url,
        "SLACK_BOT_TOKEN": BOT_TOKEN,
        "SLACK_SIGNING_SECRET": SECRET,
    } | settings
    with pytest.raises(NotReady) as refused:
        await house.start({Platform.SLACK: slack.connect})
    await house.stop(house.running[-1])
    return str(refused.value)


async def test_what_slack_refuses_is_a_sentence_with_its_remedy(
    applications: Applications,
) -> None:
    async with FakeSlack() as fake:
        wrong = await _refusal(applications, fake, SLACK_BOT_TOKEN="xoxb-wrong")  # noqa: S106
        assert "SLACK_BOT_TOKEN (xoxb-…) isn't one that Slack knows." in wrong
        for code, word in (
            ("token_revoked", "taken back"),
            ("missing_scope", "schoolgate manifest slack"),
            ("fatal_error", "Slack says no: fatal_error."),
        ):
            fake.fail("auth.test", Refuses(code))
            assert word in await _refusal(applications, fake)
        elsewhere = await _refusal(applications, fake, SCHOOLGATE_CHAT__SLACK__WORKSPACE="T0OTHER")
        assert TEAM in elsewhere
        socket = await _refusal(applications, fake, **SOCKET | {"SLACK_APP_TOKEN": "xapp-wrong"})
        assert "SLACK_APP_TOKEN (xapp-…) isn't one that Slack knows." in socket
        gone = await _refusal(
            applications, fake, SCHOOLGATE_CHAT__SLACK__API_URL="http://127.0.0.1:9/api/"
        )
        assert "Slack can't be reached at http://127.0.0.1:9/api/." in gone
        real = await _refusal(
            applications, fake, SCHOOLGATE_CHAT__SLACK__API_URL="https://slack.com/api/"
        )
        assert "holds a demonstration" in real
