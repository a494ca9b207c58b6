"""Microsoft's keys: fetched when they are needed, kept for a day, and longer only in need."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pytest

from adapters.teams.client import open_session
from adapters.teams.trust import (
    ASK_AGAIN,
    KEYS_LAST,
    KEYS_LAST_IN_NEED,
    SERVICES,
    Keys,
    NoKeys,
    Trust,
    Untrusted,
    Why,
)
from tests.fakes import teams_requests as ask
from tests.fakes.teams_connector import APP, TENANT, FakeTeams, Says, Someone


if TYPE_CHECKING:
    from collections.abc import AsyncIterator

REED = Someone(user="a0000000-0000-4000-8000-000000000001", name="Sam Reed")


@dataclass(slots=True)
class Gate:
    teams: FakeTeams
    trust: Trust
    seconds: list[float] = field(default_factory=lambda: [1000.0])

    async def judged(self, **claims: Any) -> object:  # noqa: ANN401
        body = ask.message(REED, self.teams.service_url, "help")
        return await self.trust.judge(f"Bearer {self.teams.signed(**claims)}", body)


@pytest.fixture
async def gate() -> AsyncIterator[Gate]:
    async with FakeTeams() as teams, open_session() as session:
        seconds = [1000.0]
        metadata = f"{teams.identity_url}v1/.well-known/openidconfiguration"
        keys = Keys(session, metadata, now=lambda: seconds[0])
        trust = Trust(
            app_id=APP, tenants=frozenset({TENANT}), keys=keys, beside=teams.connector_url
        )
        yield Gate(teams, trust, seconds)


async def test_keys_are_kept_for_a_day(gate: Gate) -> None:
    for _ in range(3):
        assert await gate.judged() is None
    assert gate.teams.keys_asked == 1
    gate.seconds[0] += KEYS_LAST
    assert await gate.judged() is None
    assert gate.teams.keys_asked == 2


async def test_a_key_that_is_new_is_looked_for_but_not_for_every_forged_token(gate: Gate) -> None:
    assert await gate.judged() is None
    for _ in range(20):
        assert await gate.judged(kid="new") == Untrusted(Why.UNKNOWN_KEY)
    assert gate.teams.keys_asked == 1
    gate.seconds[0] += ASK_AGAIN
    for _ in range(20):
        assert await gate.judged(kid="new") == Untrusted(Why.UNKNOWN_KEY)
    assert gate.teams.keys_asked == 2


async def test_where_microsoft_is_down_known_keys_are_good_for_some_days(gate: Gate) -> None:
    assert await gate.judged() is None
    gate.seconds[0] += KEYS_LAST
    gate.teams.fail("metadata", Says(503))
    assert await gate.judged() is None
    gate.seconds[0] += KEYS_LAST_IN_NEED
    gate.teams.fail("metadata", Says(503))
    assert await gate.judged() == NoKeys()
    assert await gate.judged() == Untrusted(Why.UNKNOWN_KEY)
    gate.seconds[0] += ASK_AGAIN
    assert await gate.judged() is None


async def test_before_there_are_any_keys_nobody_is_let_in(gate: Gate) -> None:
    gate.teams.fail("metadata", Says(200, body="{}"), Says(200, body="[]"), Says(404))
    for _ in range(3):
        assert await gate.judged() == NoKeys()
    assert await gate.judged() is None


async def test_the_playground_lets_in_this_machine_alone(gate: Gate) -> None:
    here = Trust(app_id="", tenants=frozenset(), keys=None)
    for url, good in (
        ("http://localhost:56150/_connector", True),
        ("http://127.0.0.1:56150/", True),
        ("http://[::1]:1/", True),
        ("http://127.0.0.1.example/", False),
        ("http://192.168.0.7/", False),
        *((f"https://{host}/", False) for host in SERVICES),
    ):
        judged = await here.judge(None, ask.message(REED, url, "help"))
        assert (judged is None) is good, url
    assert gate.teams.calls == []


async def test_without_a_tenant_nobody_is_let_in(gate: Gate) -> None:
    open_to_all = Trust(
        app_id=APP, tenants=frozenset(), keys=gate.trust.keys, beside=gate.teams.connector_url
    )
    body = ask.message(REED, gate.teams.service_url, "help")
    token = f"Bearer {gate.teams.signed()}"
    assert await open_to_all.judge(token, body) == Untrusted(Why.OTHER_TENANT)
