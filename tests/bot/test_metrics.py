"""The figures for a monitoring system: true ones, and never about a person."""

from __future__ import annotations

import asyncio
import json
from datetime import timedelta
from itertools import count
from typing import TYPE_CHECKING

import aiohttp
import pytest
from prometheus_client.parser import text_string_to_metric_families

from bot.settings import SettingsError, load
from moderation.people.model import AccountRole, Grant
from moderation.posts.model import READY
from moderation.service import KNOWN
from tests.bot.installation import APP_YAML, ready_settings, write_settings
from tests.bot.test_wiring import file_of, running
from tests.fakes.trust import (
    ACCOUNTS,
    AMELIA,
    BELL,
    CANARY_NAME,
    FACEBOOK,
    FACEBOOK_CHANNEL,
    INSTAGRAM,
    MARSH,
    MILL,
    MILL_PAGE,
    NAMES,
    OAK,
    OKAFOR,
    PUPILS,
    REED,
    TRUST,
)
from tests.scenarios.stage import Done, Stage
from tests.storage.newer import tamper


if TYPE_CHECKING:
    from pathlib import Path

    from moderation.kernel import AccountId
    from tests.applications import Applications

FOUR_HOURS = timedelta(hours=4)
"""After which those who are asked are reminded."""
Sample = tuple[str, tuple[tuple[str, str], ...]]

WORDS: dict[str, set[str]] = {
    "school": {OAK, MILL, TRUST},
    "queue": {"effects", "cards", "notices", "releases"},
    "state": {"waiting", "unsure"},
    "why": {"in_review", "overdue", "unposted"},
    "command": {command.__name__ for command in KNOWN},
    "outcome": {"accepted", "repeated", "refused", "failed", "missed", "overlapped"},
    "what": {command.__name__ for command in KNOWN}
    | {"Show", "Tell", "HandOut", "release", "notice"},
    "method": {"GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "PATCH", "other"},
}
"""Every word that these labels may hold."""
SHAPES = {"le", "version", "job", "route"}
"""Labels whose values stand in our source."""


@pytest.fixture
async def stage(applications: Applications) -> Stage:
    return await Stage(applications).open()


async def figures(stage: Stage) -> dict[Sample, float]:
    stage.application.readiness.state = "serving"
    text = (await stage.application.figures.page()).decode()
    return {
        (sample.name, tuple(sorted(sample.labels.items()))): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def value(found: dict[Sample, float], name: str, **labels: str) -> float:
    return found[f"schoolgate_{name}", tuple(sorted(labels.items()))]


async def much_happens(stage: Stage) -> None:
    """Posts in every state, refusals, a name that is stopped, and a card that nobody takes."""
    reed, okafor, bell = stage.as_(REED), stage.as_(OKAFOR), stage.as_(BELL)
    for text in (f"Well done {CANARY_NAME}!", "Well done Amelia Khan!"):
        await reed.propose(text, FACEBOOK)
    draft = await reed.propose("The fair is on Saturday.", FACEBOOK)
    shared = stage.card(FACEBOOK_CHANNEL, draft.post)
    await reed.press(shared, "Approve")
    assert isinstance(await okafor.press(shared, "Approve"), Done)
    await bell.press(stage.card(BELL, draft.post, READY), "I've posted it")
    await reed.propose("Instagram sees the garden.", INSTAGRAM, pupils=(AMELIA,))
    await stage.as_(MARSH).propose("Sports morning is at nine.", MILL_PAGE)
    await stage.application.rounds.look()
    await stage.settle()


async def test_labels_hold_schools_and_words_of_ours_and_never_a_person(stage: Stage) -> None:
    await much_happens(stage)
    text = (await stage.application.figures.page()).decode()
    for name, labels in await figures(stage):
        for label, held in labels:
            assert label in WORDS.keys() | SHAPES, (name, label)
            assert held in WORDS.get(label, {held}), (name, label, held)
    secret = [CANARY_NAME, *CANARY_NAME.split(), *ACCOUNTS]
    secret += [word for person, (full, *_) in NAMES.items() for word in (person, full)]
    secret += [word for key, (_, first, last, *_) in PUPILS.items() for word in (key, first, last)]
    there = {word for word in secret if f'"{word}"' in text or f'"{word.lower()}"' in text}
    assert there == set()
    assert CANARY_NAME.split()[1].lower() not in text.lower()


async def second_administrator(stage: Stage, account: AccountId) -> None:
    grant = Grant(account=account, person=OKAFOR, role=AccountRole.ADMINISTRATOR)
    async with stage.application.units.write() as unit:
        held = await unit.people.grants(frozenset({account}))
        await unit.people.save_grants(frozenset({account}), (*held, grant))
        await unit.commit()


async def test_the_figures_are_true(stage: Stage) -> None:
    await much_happens(stage)
    before = await figures(stage)
    assert value(before, "ready") == 1
    assert value(before, "database_read") == 1
    assert value(before, "accounts", school=OAK) == 3
    assert value(before, "accounts_uncovered", school=OAK) == 3
    assert value(before, "pupils", school=OAK) == 3
    assert value(before, "audit_events") == value(before, "audit_unanchored_events") > 5
    assert value(before, "posts_stuck", school=MILL, why="in_review") == 0
    accepted = value(before, "decision_seconds_count", command="Propose", outcome="accepted")
    assert accepted == 5
    assert value(before, "decision_seconds_count", command="Approve", outcome="refused") == 1
    assert value(before, "dead_letters", queue="cards") == 0

    url = stage.house.url
    tamper(url, "UPDATE card SET state = 'dead' WHERE conversation = 'person:marsh'")
    tamper(url, "UPDATE effect SET state = 'ready' WHERE kind = 'show'")
    await second_administrator(stage, FACEBOOK)
    stage.house.clock.pass_by(timedelta(hours=73))
    stage.application.figures.now = lambda: 1e9
    after = await figures(stage)
    assert value(after, "posts_stuck", school=MILL, why="in_review") == 1
    assert value(after, "accounts_uncovered", school=OAK) == 2
    assert value(after, "dead_letters", queue="cards") == 1
    assert value(after, "outbox_depth", queue="effects", state="waiting") > 0
    assert value(after, "outbox_oldest_age_seconds", queue="effects") >= 73 * 3600


async def test_a_release_that_was_posted_by_hand_is_no_dead_letter(stage: Stage) -> None:
    await much_happens(stage)
    url = stage.house.url
    where = "" if url.startswith("sqlite") else " ON release"
    tamper(url, f"DROP TRIGGER release_only_once{where}")
    stage.application.figures.now = map(float, count(int(1e9), 1000)).__next__
    for state, post, dead, unsure in (
        ("rejected", "published", 0, 0),
        ("rejected", "released", 1, 0),
        ("ambiguous", "released", 0, 1),
    ):
        tamper(url, f"UPDATE release SET state = '{state}'", f"UPDATE post SET state = '{post}'")
        found = await figures(stage)
        assert value(found, "dead_letters", queue="releases") == dead
        assert value(found, "outbox_depth", queue="releases", state="unsure") == unsure


async def test_an_ages_list_is_told_by_school(stage: Stage) -> None:
    async with stage.application.units.write() as unit:
        await unit.rolls.received(OAK, stage.application.clock.now() - timedelta(days=40))
        await unit.commit()
    found = await figures(stage)
    assert value(found, "roster_age_days", school=OAK) == 40
    assert ("schoolgate_roster_age_days", (("school", MILL),)) not in found


async def test_what_falls_due_is_measured_from_then_until_it_was_done(stage: Stage) -> None:
    await stage.as_(REED).propose("The fair is on Saturday.", FACEBOOK)
    await stage.settle()
    told = await figures(stage)
    assert value(told, "due_lateness_seconds_count", what="Show") >= 1
    assert value(told, "due_lateness_seconds_sum", what="Show") == 0
    assert value(told, "due_lateness_seconds_sum", what="notice") == 0
    stage.house.clock.pass_by(FOUR_HOURS + timedelta(seconds=90))
    await stage.settle()
    late = await figures(stage)
    assert value(late, "due_lateness_seconds_count", what="Remind") == 1
    assert value(late, "due_lateness_seconds_sum", what="Remind") == 90


async def test_without_its_database_the_page_says_so(tmp_path: Path) -> None:
    settings = ready_settings(tmp_path, SCHOOLGATE_METRICS__LISTEN="127.0.0.1:0")
    async with running(settings) as (application, url):
        # Beside it: who holds the event loop up waits for ever for its transaction to end.
        gone = ("DROP TABLE inbox", "DROP TABLE effect")
        await asyncio.to_thread(tamper, f"sqlite:///{file_of(settings)}", *gone)
        assert application.metrics is not None
        text = await got(f"http://127.0.0.1:{application.metrics.port}/metrics")
        assert "schoolgate_database_read 0.0" in text
        assert "schoolgate_ready 0.0" in text
        assert "process_resident_memory_bytes" in text
        assert url


async def got(address: str, status: int = 200) -> str:
    async with aiohttp.ClientSession() as client, client.get(address) as answer:
        assert answer.status == status
        return await answer.text()


async def test_they_have_a_port_of_their_own_that_ends_with_the_server(tmp_path: Path) -> None:
    settings = ready_settings(tmp_path, SCHOOLGATE_METRICS__LISTEN="127.0.0.1:0")
    async with running(settings) as (application, url):
        assert application.metrics is not None
        own = f"http://127.0.0.1:{application.metrics.port}"
        await got(f"{url}healthz")
        text = await got(f"{own}/metrics")
        assert 'schoolgate_ack_seconds_count{method="GET",route="/healthz"} 1.0' in text
        await got(f"{own}/healthz", 404)
        await got(f"{url}metrics", 404)
    with pytest.raises(aiohttp.ClientConnectorError):
        await got(f"{own}/metrics")


async def test_left_out_nothing_more_is_served(tmp_path: Path) -> None:
    async with running(ready_settings(tmp_path)) as (application, _):
        assert application.metrics is None


def place(folder: Path, listen: str, *, open_to_network: bool = False) -> tuple[str, int] | None:
    written = {"listen": listen, "open_to_network": open_to_network}
    config = write_settings(folder, f"{APP_YAML}metrics: {json.dumps(written)}\n")
    return load(config, {}).metrics.place


@pytest.mark.parametrize("host", ["127.0.0.1", "127.8.0.1", "localhost", "[::1]"])
def test_this_machine_may_be_named_in_many_ways(tmp_path: Path, host: str) -> None:
    assert place(tmp_path, f"{host}:9464") == (host.strip("[]"), 9464)


@pytest.mark.parametrize("host", ["0.0.0.0", "[::]", "192.0.2.1", "metrics.example"])  # noqa: S104 -- settings
def test_outsiders_read_nothing_unless_told_so(tmp_path: Path, host: str) -> None:
    with pytest.raises(SettingsError, match="can be read from outside this machine"):
        place(tmp_path, f"{host}:9464")
    told = place(tmp_path, f"{host}:9464", open_to_network=True)
    assert told == (host.strip("[]"), 9464)


@pytest.mark.parametrize("listen", ["127.0.0.1", "9464", "127.0.0.1:99999", "::1:9464", "a b:1"])
def test_what_is_no_place_is_refused(tmp_path: Path, listen: str) -> None:
    with pytest.raises(SettingsError, match="must be an address and a port"):
        place(tmp_path, listen)


def test_the_pages_port_is_taken(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"metrics.listen and listen.port name the same port"):
        place(tmp_path, "127.0.0.1:8080")
