"""What is counted against Teams' limits is what is sent, in every script."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from adapters.teams import envelope
from adapters.teams.client import open_session
from tests.bot.chat.teams_office import FACEBOOK_ROOM
from tests.fakes import teams_requests as ask
from tests.fakes.trust import FACEBOOK, OKAFOR, REED


if TYPE_CHECKING:
    from tests.bot.chat.teams_office import TeamsOffice

CYRILLIC: Final = "Ярмарка открывается в субботу."
TAMIL: Final = "சனிக்கிழமை கண்காட்சி திறக்கிறது."


@pytest.mark.parametrize("words", [CYRILLIC, TAMIL, "\ud800 alone"])
async def test_a_message_is_sent_in_as_many_bytes_as_were_counted(words: str) -> None:
    came: list[bytes] = []

    async def takes(request: web.Request) -> web.Response:
        came.append(await request.read())
        return web.Response()

    page = web.Application()
    page.router.add_post("/", takes)
    told = {"type": "message", "text": words * 50}
    async with TestServer(page) as server, open_session(aiohttp.ClientTimeout(5)) as session:
        await session.post(server.make_url("/"), json=told)
    assert b"\\u" not in came[0]
    assert len(came[0]) == envelope.length(told)


@pytest.mark.parametrize("words", [CYRILLIC, TAMIL])
async def test_an_invoke_is_answered_in_as_many_bytes_as_were_counted(
    teams: TeamsOffice, words: str
) -> None:
    await teams.propose(REED, words, FACEBOOK)
    card = teams.message(FACEBOOK_ROOM)
    see = card.card["refresh"]["action"]
    url = teams.teams.service_url
    body = ask.pressed(teams.someone(OKAFOR), url, see, FACEBOOK_ROOM, card.id)
    headers = {"Authorization": f"Bearer {teams.teams.signed()}"}
    async with teams.client.post(ask.PATH, json=body, headers=headers) as answer:
        raw = await answer.read()
        told = await answer.json()
    assert b"\\u" not in raw
    assert words.split(maxsplit=1)[0].encode() in raw
    assert len(raw) == envelope.length(told)
