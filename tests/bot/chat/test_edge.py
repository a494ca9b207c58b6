"""The edge that faces the internet: nothing unsigned gets in, and nothing makes it fall over."""

from __future__ import annotations

import json
import os
import random
import time
from collections import Counter
from dataclasses import replace
from io import BytesIO
from typing import TYPE_CHECKING, Any

import pytest

from adapters.slack import names
from adapters.slack.listeners.leftovers import UNKNOWN
from adapters.slack.speaker import Speakers
from adapters.slack.transport import LARGEST
from moderation.posts.model import State
from tests.bot.chat.everything import ANYTHING, examples, registered
from tests.bot.chat.office import FACEBOOK_PLACE, SECRET, opened, user_of
from tests.fakes import slack_requests as ask
from tests.fakes.slack_workspace import APP, TEAM
from tests.fakes.trust import FACEBOOK, OKAFOR, REED


if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable

    from adapters.slack.inbound import Sender
    from adapters.slack.speaker import Stranger
    from moderation.kernel import Identity, PostId
    from tests.applications import Applications
    from tests.bot.chat.everything import Example
    from tests.bot.chat.office import Office

TRIED = 3
"""Examples of one listener; with the others it is tried below."""
REQUESTS = {"quick": 300, "ci": 600, "full": 10_000}[os.environ.get("SIZE", "quick")]

Json = dict[str, Any]


@pytest.fixture
async def post(office: Office) -> PostId:
    return await office.propose(REED, "The fair is on Saturday.", FACEBOOK)


@pytest.fixture
def heard(monkeypatch: pytest.MonkeyPatch) -> list[Sender]:
    """Whom our handlers began to work for, one entry each time that one did."""
    asked: list[Sender] = []
    who = Speakers.who

    async def noted(speakers: Speakers, sender: Sender) -> Identity | Stranger:
        asked.append(sender)
        return await who(speakers, sender)

    # Before a handler does anything it finds out who speaks, once.
    monkeypatch.setattr(Speakers, "who", noted)
    return asked


def _approves(office: Office) -> ask.Sent:
    payload = office.pressing(OKAFOR, office.message(FACEBOOK_PLACE), "Approve")
    return ask.interactive(payload)


# -- signatures -----------------------------------------------------------------------------------


async def test_only_what_slack_signed_lately_gets_in(
    office: Office, post: PostId, heard: list[Sender]
) -> None:
    sent = _approves(office)
    good = sent.headers(SECRET)
    signature, timestamp = "X-Slack-Signature", "X-Slack-Request-Timestamp"
    wrong = [
        sent.headers("another secret"),
        sent.headers(SECRET, at=time.time() - 301),
        sent.headers(SECRET, at=time.time() + 600),
        {**good, signature: good[signature].upper()},
        {**good, signature: good[signature].removeprefix("v0=")},
        {**good, signature: "v0="},
        {**good, signature: "é" * 67},
        {**good, timestamp: str(int(good[timestamp]) + 1)},
        *({**good, timestamp: said} for said in ("", "now", "-1", "1e9", "9" * 400, "٣٤٥")),
        {name: it for name, it in good.items() if name != signature},
        {name: it for name, it in good.items() if name != timestamp},
        {"Content-Type": ask.FORM},
    ]
    for headers in wrong:
        assert (await office.send(sent, headers)).status == 401
    changed = replace(sent, body=sent.body + b"&x=1")
    assert (await office.send(changed, good)).status == 401
    assert heard == []
    assert (await office.post(post)).state is State.IN_REVIEW
    assert (await office.send(sent, good)).status == 200
    assert (await office.post(post)).state is State.RELEASED
    assert [it.user for it in heard] == [user_of(OKAFOR)]


async def test_headers_that_nobody_signs_steer_nothing(office: Office, post: PostId) -> None:
    sent = _approves(office)
    steered = {"X-Slack-Bolt-Lazy-Only": "1", "X-Slack-Bolt-Lazy-Function-Name": "_pressed"}
    assert (await office.send(sent, sent.headers(SECRET) | steered)).status == 200
    assert (await office.post(post)).state is State.RELEASED


async def test_what_is_far_too_large_is_not_read(office: Office, heard: list[Sender]) -> None:
    body = b"x" * (LARGEST + 1)
    headers = ask.Sent(body).headers(SECRET)
    async with office.client.post(ask.PATH, data=BytesIO(body), headers=headers) as answer:
        assert answer.status == 413
    assert heard == []


async def test_other_ways_to_the_address(office: Office) -> None:
    async with office.client.get(ask.PATH) as answer:
        assert answer.status == 405
    async with office.client.post("/slack/actions") as answer:
        assert answer.status == 404


@pytest.mark.usefixtures("post")
async def test_nothing_of_a_request_is_logged(office: Office) -> None:
    sent = _approves(office)
    await office.send(sent, sent.headers("another secret"))
    for body in (b"payload=%7B%22Zephyrine", b'{"Zephyrine": ', b"Zephyrine \xff\xfe"):
        await office.send(ask.Sent(body))
        await office.send(ask.Sent(body, ask.JSON))
    await office.type(REED, "/report", "Zephyrine was hurt.")
    await office.type(REED, "/schoolgate", "Zephyrine")
    await office.submit(REED, office.dialog(), words="Zephyrine was hurt.")
    log = office.house.log.getvalue()
    assert log
    for told in ("Zephyrine", SECRET, "xoxb-", "response/", "hurt"):
        assert told not in log


# -- retries --------------------------------------------------------------------------------------


async def test_a_request_that_comes_again_has_one_effect(office: Office, post: PostId) -> None:
    sent = _approves(office)
    for retry in range(4):
        more = {"X-Slack-Retry-Num": str(retry), "X-Slack-Retry-Reason": "http_timeout"}
        assert (await office.send(replace(sent, more=more))).status == 200
    assert len((await office.post(post)).approvals) == 1


# -- whatever arrives -----------------------------------------------------------------------------

ODD: tuple[Any, ...] = (
    *(None, True, -1, 10**30, "", "\0", "\ud800", "x" * 5000),
    *([], [[]], {}, {"id": {}}),
)


def _mutated(payload: Any, draw: random.Random) -> Any:  # noqa: ANN401 -- JSON of any shape
    """One thing in it is something else, or gone, or twice."""
    if isinstance(payload, dict) and payload and draw.random() < 0.9:
        key = draw.choice(sorted(payload))
        if draw.random() < 0.15:
            return {name: it for name, it in payload.items() if name != key}
        return payload | {key: _mutated(payload[key], draw)}
    if isinstance(payload, list) and payload and draw.random() < 0.9:
        at = draw.randrange(len(payload))
        return [*payload[:at], _mutated(payload[at], draw), *payload[at:][draw.randrange(2) :]]
    return draw.choice(ODD)


def _sent(kind: str, payload: Any, draw: random.Random) -> ask.Sent:  # noqa: ANN401 -- as above
    match kind:
        case "typed" if isinstance(payload, dict):
            # A form holds strings alone, in UTF-8.
            written = {
                name: it if isinstance(it, str) else json.dumps(it) for name, it in payload.items()
            }
            lone = any("\ud800" in it for it in written.values())
            sent = ask.Sent(b"command=%ED%A0%80") if lone else ask.typed(written)
        case "happened":
            sent = ask.happened(payload)
        case _:
            sent = ask.interactive(payload)
    if sent.body and draw.random() < 0.2:
        body = bytearray(sent.body)
        for _ in range(draw.randint(1, 5)):
            body[draw.randrange(len(body))] = draw.randrange(256)
        sent = replace(sent, body=bytes(body[: draw.randint(1, len(body))]))
    kinds = (sent.content_type, ask.JSON, ask.FORM, "text/plain; charset=utf-16", "")
    return replace(sent, content_type=draw.choice(kinds)) if draw.random() < 0.2 else sent


@pytest.fixture
async def hearing(applications: Applications) -> AsyncIterator[Office]:
    """An office in which messages to us are heard as well."""
    async with opened(applications, SCHOOLGATE_CHAT__SLACK__DIRECT_MESSAGES="true") as made:
        yield made


async def _everything(office: Office) -> tuple[PostId, tuple[Example, ...]]:
    """A post in review, and an example of all that is listened for."""
    post = await office.propose(REED, "The fair is on Saturday.", FACEBOOK)
    await office.type(REED, "/propose", "The pond is full of frogs.")
    writing = office.dialog()
    await office.press(OKAFOR, office.message(FACEBOOK_PLACE), "Reject")
    return post, examples(office, post, writing, office.dialog())


def test_what_is_listened_for_is_known() -> None:
    """The corpus is made of this; were nothing noted here, nothing would be tried below."""
    heard = {f"{kind} {getattr(name, 'pattern', name)}" for kind, name in registered()}
    assert len(heard) > 30
    assert {"command /propose", "event message", r"block_action whole:\d{1,4}"} <= heard
    assert {f"block_action {names.HOME_WRITE}", "options compose_whom"} <= heard


async def test_each_listener_hears_what_it_is_registered_for(
    hearing: Office, heard: list[Sender]
) -> None:
    _, each = await _everything(hearing)
    await hearing.quiet()
    heard.clear()
    unheard: list[str] = []
    count: Counter[str] = Counter()
    for example in each:
        count[example.name] += 1
        if count[example.name] > TRIED:
            continue
        before, told = len(heard), len(hearing.slack.responses)
        answer = await hearing.answer(example.sent)
        assert answer.status == 200, example.name
        await hearing.workspace.patience.finish(10)
        if len(heard) == before:
            unheard.append(example.name)
        # Whatever nobody else hears is heard by the last, who says that it isn't known.
        said = " ".join((answer.text, *(it.text for it in hearing.slack.responses[told:])))
        assert (UNKNOWN in said) <= (ANYTHING in example.name), example.name
    await hearing.quiet()
    assert "slack.failed" not in hearing.house.log.getvalue()
    # Of these nobody asks who did it: a token, a channel that others read, what isn't for us.
    ours = {"app_uninstalled", "tokens_revoked", "member_joined_channel", "channel_shared"}
    quiet = {f"event {name}" for name in (*ours, ANYTHING)} | {f"view_closed {ANYTHING}"}
    assert quiet <= set(unheard) <= quiet | {"event message", f"options {ANYTHING}"}


async def test_no_request_makes_it_fall_over(
    hearing: Office,
    heard: list[Sender],
    record_property: Callable[[str, object], None],
) -> None:
    office = hearing
    post, each = await _everything(office)
    kinds = sorted({example.name for example in each})
    by_name = {name: [it for it in each if it.name == name] for name in kinds}
    heard.clear()
    draw = random.Random(20_261_121)  # noqa: S311 -- the same each time
    statuses: dict[int, int] = {}
    for number in range(REQUESTS):
        # Each listener as often as each other, however many buttons it hears.
        example = draw.choice(by_name[draw.choice(kinds)])
        kind, payload = example.kind, example.payload
        for _ in range(draw.randint(0, 3)):
            payload = _mutated(payload, draw)
        sent = _sent(kind, payload, draw)
        signed = number % 2 == 0
        headers = sent.headers(SECRET if signed else "another secret")
        before = len(heard)
        status = (await office.answer(sent, headers)).status
        # What is answered at once goes on behind it.
        await office.workspace.patience.finish(10)
        statuses[status] = statuses.get(status, 0) + 1
        assert status < 500, sent
        assert len(heard) - before <= (1 if signed else 0), sent
        assert signed or status == 401, sent
    await office.quiet()
    # Acknowledged is not yet heard: a listener that falls over says so here alone.
    assert "slack.failed" not in office.house.log.getvalue()
    record_property("answers by status", str(dict(sorted(statuses.items()))))
    assert statuses[200] > REQUESTS // 10
    assert len(heard) > REQUESTS // 10
    # Nobody said anything in their own words, and one yes is at most one.
    assert len((await office.post(post)).approvals) <= 1


# -- shown the door -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("event", "logged"),
    [
        ({"type": "app_uninstalled"}, True),
        ({"type": "tokens_revoked", "tokens": {"oauth": [], "bot": ["U0SCHOOLGATE"]}}, True),
        ({"type": "tokens_revoked", "tokens": {"oauth": ["U0REED"]}}, False),
    ],
    ids=["uninstalled", "the bot's token", "a person's token"],
)
async def test_who_runs_us_reads_that_we_were_sent_away(
    office: Office, event: Json, *, logged: bool
) -> None:
    payload = {
        "type": "event_callback",
        "event_id": "Ev0AWAY",
        "team_id": TEAM,
        "api_app_id": APP,
        "event": event,
    }
    assert (await office.send(ask.happened(payload))).status == 200
    assert ('"slack.not_let_in"' in office.house.log.getvalue()) is logged
