"""The address where Teams sends everything: who is let in, and what anybody may send there."""

from __future__ import annotations

import asyncio
import json
import time
from dataclasses import replace
from io import BytesIO
from typing import TYPE_CHECKING, Any

import jwt
import pytest
import structlog
from aiohttp.test_utils import TestClient, TestServer

from adapters.teams.app import Front
from bot.chat.teams import opened
from moderation.posts.model import State
from storage.database import Stamp
from storage.faults import NotReady
from tests.bot.chat.teams_office import FACEBOOK_ROOM
from tests.fakes import teams_requests as ask
from tests.fakes.teams_connector import APP, KID, Says, key_of
from tests.fakes.trust import FACEBOOK, OKAFOR, REED


if TYPE_CHECKING:
    from tests.bot.chat.teams_office import TeamsOffice

WORDS = "The fair is on Saturday."
OTHER = "33333333-3333-4333-8333-333333333333"
FORGED: tuple[tuple[str, dict[str, Any]], ...] = (
    ("another bot's", {"aud": OTHER}),
    ("for nobody", {"aud": None}),
    ("for two", {"aud": [OTHER]}),
    ("of another issuer", {"iss": "https://api.botframework.example"}),
    ("of no issuer", {"iss": None}),
    ("expired", {"exp": int(time.time()) - 3600}),
    ("without an end", {"exp": None}),
    ("not yet good", {"nbf": int(time.time()) + 3600}),
    ("for another service", {"serviceurl": "https://smba.trafficmanager.net/uk/"}),
    ("for no service", {"serviceurl": None}),
    ("signed by somebody else", {"key": "mallory"}),
    ("of an unknown key", {"kid": "another"}),
    ("of no key", {"kid": None}),
)


async def test_a_token_that_is_not_for_us_is_401(teams: TeamsOffice) -> None:
    await _refused(teams, {what: teams.teams.signed(**claims) for what, claims in FORGED})


async def _refused(teams: TeamsOffice, tokens: dict[str, str]) -> None:
    post = await teams.propose(REED, WORDS, FACEBOOK)
    sent = teams.pressing(OKAFOR, teams.message(FACEBOOK_ROOM), "Approve")
    for what, token in tokens.items():
        with structlog.testing.capture_logs() as logged:
            heard = await teams.answer(sent, token)
        assert (heard.status, heard.body) == (401, {}), what
        assert (await teams.post(post)).state is State.IN_REVIEW
        warned = [it["event"] for it in logged if it["log_level"] == "warning"]
        assert warned == ["teams.not_trusted"]
    # The same, signed as it should be, is let in: what was refused was the signature.
    assert (await teams.answer(sent)).status == 200
    assert (await teams.post(post)).state is State.APPROVED


async def test_no_token_and_no_token_at_all_is_401(teams: TeamsOffice) -> None:
    for token in (None, "", "garbage", "a.b.c", "x" * 8_000):
        heard = await teams.send(
            ask.message(teams.someone(REED), teams.teams.service_url, "help"), token
        )
        assert heard.status == 401
    none = jwt.encode({"aud": APP, "iss": "https://api.botframework.com"}, "", algorithm="none")
    await _refused(teams, {"unsigned": none})


async def test_a_key_that_microsoft_has_not_endorsed_for_teams_is_401(teams: TeamsOffice) -> None:
    teams.teams.endorsements = ["directline"]
    teams.connected.front.trust.keys._known.clear()  # type: ignore[union-attr]  # noqa: SLF001
    teams.connected.front.trust.keys._asked_at = None  # type: ignore[union-attr]  # noqa: SLF001
    heard = await teams.send(ask.message(teams.someone(REED), teams.teams.service_url, "help"))
    assert heard.status == 401


async def test_a_token_signed_with_our_public_key_as_a_secret_is_401(teams: TeamsOffice) -> None:
    """The oldest trick with these tokens (RFC 8725, 2.1)."""
    claims = {"iss": "https://api.botframework.com", "aud": APP, "exp": int(time.time()) + 600}
    secret = str(key_of("microsoft").public_key().public_numbers().n).encode()
    token = jwt.encode(claims, secret, algorithm="HS256", headers={"kid": KID})
    await _refused(teams, {"signed with the public key": token})


async def test_another_tenant_is_401(teams: TeamsOffice) -> None:
    body = ask.message(teams.someone(REED), teams.teams.service_url, "help")
    theirs = {"channelData": {"tenant": {"id": OTHER}}}
    for changed in (
        theirs,
        {"channelData": {}, "conversation": {"id": "a:1", "conversationType": "personal"}},
        {"conversation": body["conversation"] | {"tenantId": OTHER}},
    ):
        assert (await teams.send(body | changed)).status == 401
    assert (await teams.send(body)).status == 200


SERVICES: tuple[object, ...] = (
    "https://smba.trafficmanager.net.example/uk/",
    "https://example.org/",
    "http://smba.trafficmanager.net/uk/",
    "https://smba.trafficmanager.net@example.org/",
    "https://smba.trafficmanager.net:444/",
    "//smba.trafficmanager.net/",
    "file:///etc/passwd",
    "https://[",
    "",
    None,
    7,
)


async def test_a_service_that_is_not_teams_is_401(teams: TeamsOffice) -> None:
    """Even with a token of Microsoft's for it: our own token would go there."""
    body = ask.message(teams.someone(REED), teams.teams.service_url, "help")
    for service in SERVICES:
        token = teams.teams.signed(serviceurl=service)
        heard = await teams.answer(body | {"serviceUrl": service}, token)
        assert heard.status == 401, service


async def test_another_channel_of_the_bot_framework_is_401(teams: TeamsOffice) -> None:
    body = ask.message(teams.someone(REED), teams.teams.service_url, "help")
    for channel in ("emulator", "directline", "", None):
        assert (await teams.send(body | {"channelId": channel})).status == 401


async def test_keys_are_asked_for_once_and_beside_the_requests(teams: TeamsOffice) -> None:
    before = teams.teams.keys_asked
    assert before == 1
    body = ask.message(teams.someone(REED), teams.teams.service_url, "help")
    await asyncio.gather(*(teams.answer(body | {"id": str(it)}) for it in range(20)))
    unknown = teams.teams.signed(kid="another")
    await asyncio.gather(*(teams.answer(body, unknown) for _ in range(20)))
    assert teams.teams.keys_asked == before


async def test_where_nobody_can_tell_microsoft_is_asked_to_come_again(teams: TeamsOffice) -> None:
    keys = teams.connected.front.trust.keys
    assert keys is not None
    keys._known.clear()  # noqa: SLF001 -- as after a restart
    keys._asked_at = None  # noqa: SLF001
    teams.teams.fail("keys", Says(503))
    body = ask.message(teams.someone(REED), teams.teams.service_url, "help")
    assert (await teams.send(body)).status == 503
    assert (await teams.send(body)).status == 200


NO_ACTIVITIES = (
    b"",
    b"null",
    b"[]",
    b"7",
    b"{",
    b"\xff",
    b"[" * 50_000,
    b'"' + b"x" * 900_000 + b'"',
)


async def test_what_is_no_activity_is_refused_and_is_no_fault_of_ours(teams: TeamsOffice) -> None:
    headers = {"Authorization": f"Bearer {teams.teams.signed()}"}
    for body in NO_ACTIVITIES:
        async with teams.client.post(ask.PATH, data=body, headers=headers) as answer:
            assert answer.status == 400
    async with teams.client.post(ask.PATH, data=BytesIO(b"x" * (1024 * 1024 + 1))) as answer:
        assert answer.status == 413


SHAPES: tuple[object, ...] = (None, 7, [], [None], {}, {"id": {}}, "x", [[]], {"action": 7})


async def test_shapes_that_nobody_expects_are_read_as_absent(teams: TeamsOffice) -> None:
    body = ask.message(teams.someone(REED), teams.teams.service_url, "help")
    for name in ("from", "recipient", "text", "entities", "attachments", "value", "id", "name"):
        for shape in SHAPES:
            for kind in ("message", "invoke", "conversationUpdate", "installationUpdate", "new"):
                changed = {**body, "type": kind, name: shape}
                heard = await teams.answer(changed)
                assert heard.status == 200, (name, shape, kind)
    await teams.quiet()


async def test_an_invoke_that_nobody_knows_is_answered(teams: TeamsOffice) -> None:
    for name in ("signin/verifyState", "fileConsent/invoke", "x", ""):
        sent = ask.invoke(teams.someone(REED), teams.teams.service_url, name, {})
        assert (await teams.send(sent)).status == 200


async def test_no_log_holds_what_was_written(teams: TeamsOffice) -> None:
    with structlog.testing.capture_logs() as logged:
        await teams.say(REED, "Zephyrine won the race")
        await teams.say(REED, "Zephyrine", attachments=[{"contentType": 7}])
        body = ask.message(teams.someone(REED), teams.teams.service_url, "Zephyrine")
        await teams.send(body, "garbage")
    assert "zephyrine" not in json.dumps(logged, default=str).casefold()


async def test_the_playground_opens_no_school_s_database(teams: TeamsOffice) -> None:
    held = teams.application
    chat = held.settings.chat
    playing = chat.teams.model_copy(update={"mode": "playground"})
    settings = held.settings.model_copy(update={"chat": chat.model_copy(update={"teams": playing})})
    with pytest.raises(NotReady, match="a school's own database, and in Teams' playground nobody"):
        await opened(replace(held, settings=settings, stamp=Stamp.REAL))


async def test_the_playground_answers_nobody_behind_a_proxy(teams: TeamsOffice) -> None:
    """Nobody is asked who they are there, so nobody else's machine may come near."""
    front = teams.connected.front
    playing = Front(replace(front.trust, keys=None, tenants=frozenset()), front.places, front.turns)
    body = ask.message(teams.someone(REED), teams.teams.service_url, "help")
    async with TestClient(TestServer(playing.pages())) as client:
        for headers in (
            {"X-Forwarded-For": "127.0.0.1"},
            {"x-forwarded-host": "localhost"},
            {"Forwarded": "for=127.0.0.1"},
            {"Host": "schoolgate.example"},
            {"Host": "127.0.0.1.example:8080"},
            {"Host": "["},
        ):
            async with client.post("/messages", json=body, headers=headers) as answer:
                assert answer.status == 403, headers
        for host in ("localhost:8080", "127.0.0.1", "[::1]:8080"):
            async with client.post("/messages", json=body, headers={"Host": host}) as answer:
                assert answer.status == 200, host
    await teams.quiet()
