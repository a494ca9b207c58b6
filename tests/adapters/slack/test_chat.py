"""The Chat port against a server that plays Slack: what each answer means to the relay."""

from __future__ import annotations

import asyncio
import logging
import socket
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING

import aiohttp
import pytest
import structlog

from adapters.lanes import Lanes
from adapters.slack.chat import EVENT, SlackChat
from adapters.slack.client import (
    LATER,
    LONGEST_TOLD,
    MENDED,
    SOON,
    CannotAsk,
    Line,
    open_line,
)
from adapters.slack.render import render
from adapters.slack.speaker import Speakers
from moderation.kernel import Identity, Platform
from moderation.ports import Ambiguous, Conversation, Delivered, Gone, Rejected, RetryAfter
from moderation.views import Media
from tests.fakes.cards import full, plain
from tests.fakes.slack_api import (
    BOT_TOKEN,
    Babbles,
    Broken,
    Drops,
    FakeSlack,
    Fault,
    Hangs,
    RateLimited,
    Refuses,
)
from tests.fakes.slack_files import no_pictures
from tests.fakes.slack_workspace import BOT_USER, TEAM


if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from moderation.kernel import BlobId
    from moderation.ports import Delivery
    from moderation.views import Card

OFFICE = Conversation(Platform.SLACK, "C0OFFICE01")
HALL = Conversation(Platform.SLACK, "C0HALL0001")
LUND = Identity(Platform.SLACK, "U0LUND0001")
POST, UPDATE = "chat.postMessage", "chat.update"
IMPATIENT = aiohttp.ClientTimeout(total=0.2, sock_connect=0.2)


@dataclass(slots=True)
class Desk:
    slack: FakeSlack
    line: Line
    chat: SlackChat
    seconds: list[float] = field(default_factory=lambda: [1000.0])

    async def post(self, key: str = "k", title: str = "one") -> Delivery:
        return await self.chat.post(OFFICE, plain(title), key)

    async def posted(self, key: str = "k", title: str = "one") -> str:
        answer = await self.post(key, title)
        assert isinstance(answer, Delivered)
        return answer.ref


@pytest.fixture
async def desk() -> AsyncIterator[Desk]:
    async with FakeSlack() as slack:
        slack.workspace.add_channel(OFFICE.id)
        slack.workspace.add_channel(HALL.id)
        slack.workspace.add_user(LUND.id)
        line = open_line(BOT_TOKEN, slack.api_url, times=IMPATIENT)
        seconds = [1000.0]
        now = lambda: seconds[0]  # noqa: E731 -- a clock
        speakers = Speakers(line.client, team=TEAM, now=now)
        chat = SlackChat(line.client, no_pictures, speakers, now=now)
        yield Desk(slack, line, chat, seconds)
        await line.close()
        assert slack.complaints == []


# -- what is sent ----------------------------------------------------------------------------------


async def test_a_card_is_drawn_within_slacks_limits_and_parses_nothing(desk: Desk) -> None:
    assert isinstance(await desk.chat.post(OFFICE, full(), "k"), Delivered)
    (call,) = desk.slack.called(POST)
    drawn = render(full(), {})
    assert call.arguments["text"] == drawn.text
    assert call.arguments["blocks"] == list(drawn.blocks)
    for switch in ("mrkdwn", "unfurl_links", "unfurl_media"):
        assert call.arguments[switch] is False


async def test_a_message_carries_its_key_and_nothing_else_of_its_subject(desk: Desk) -> None:
    await desk.posted("card:post:01POST")
    (call,) = desk.slack.called(POST)
    metadata = {"event_type": EVENT, "event_payload": {"key": "card:post:01POST"}}
    assert call.arguments["metadata"] == metadata


async def test_an_update_sends_the_text_as_well(desk: Desk) -> None:
    ref = await desk.posted()
    await desk.chat.update(OFFICE, ref, plain("two"))
    (message,) = desk.slack.workspace.messages[OFFICE.id]
    drawn = render(plain("two"), {})
    assert (message.text, message.blocks) == (drawn.text, list(drawn.blocks))
    # An update's text is otherwise read as if somebody had typed it.
    assert message.body["parse"] == "none"


async def test_a_picture_that_was_deleted_in_slack_costs_the_card_nothing_but_itself(
    desk: Desk,
) -> None:
    """By a rule of the workspace, say, that deletes files after a while."""
    blobs = [it.blob for part in full().parts if isinstance(part, Media) for it in part.pictures]
    file = desk.slack.workspace.add_file(b"x", name="p.png", mimetype="image/png", by=BOT_USER)
    shown = {blob: file.id for blob in blobs if blob is not None}
    assert shown

    async def pictures(_card: Card) -> dict[BlobId, str]:
        return shown

    staff = Speakers(desk.line.client, team=TEAM)
    chat = SlackChat(desk.line.client, pictures, staff, now=lambda: desk.seconds[0])
    answer = await chat.post(OFFICE, full(), "k")
    assert isinstance(answer, Delivered)
    (message,) = desk.slack.workspace.messages[OFFICE.id]
    assert "slack_file" in str(message.blocks)
    desk.slack.fail(UPDATE, Refuses("invalid_blocks"))
    assert await chat.update(OFFICE, answer.ref, full()) == answer
    assert message.blocks == list(render(full(), {}).blocks)
    desk.slack.fail(POST, Refuses("invalid_blocks"))
    assert isinstance(await chat.post(OFFICE, full(), "another"), Delivered)
    assert len(desk.slack.called(POST)) == 3


# -- one message for each key ----------------------------------------------------------------------


async def test_twenty_at_once_with_one_key_are_one_message(desk: Desk) -> None:
    answers = await asyncio.gather(*(desk.post() for _ in range(20)))
    assert len(set(answers)) == 1
    assert len(desk.slack.workspace.messages[OFFICE.id]) == 1


async def test_after_a_lost_answer_the_key_is_free_and_the_card_may_stand_twice(
    desk: Desk,
) -> None:
    """Slack can't be asked what stands there; the port says so, and the relay knows."""
    desk.slack.fail(POST, Broken(502, done=True))
    assert await desk.post() == Ambiguous("http_502")
    await desk.posted()
    assert len(desk.slack.workspace.messages[OFFICE.id]) == 2


async def test_a_deleted_message_is_gone_and_is_shown_anew_under_its_key(desk: Desk) -> None:
    ref = await desk.posted()
    desk.slack.workspace.messages[OFFICE.id].clear()
    assert await desk.chat.update(OFFICE, ref, plain("two")) == Gone()
    assert await desk.posted() != ref


# -- what the answers mean -------------------------------------------------------------------------

SAME_FOR_BOTH: tuple[tuple[Fault, Delivery], ...] = (
    (RateLimited(30), RetryAfter(timedelta(seconds=30))),
    (RateLimited(0), RetryAfter(SOON)),
    (RateLimited(None), RetryAfter(SOON)),
    (RateLimited("soon"), RetryAfter(SOON)),
    (RateLimited("-5"), RetryAfter(SOON)),
    (RateLimited("9" * 400), RetryAfter(LONGEST_TOLD)),
    (Refuses("ratelimited"), RetryAfter(LATER)),
    (Refuses("service_unavailable"), RetryAfter(LATER)),
    (Refuses("channel_not_found"), Gone()),
    (Refuses("is_archived"), Gone()),
    (Refuses("not_in_channel"), Gone()),
    (Refuses("message_not_found"), Gone()),
    (Refuses("invalid_auth"), RetryAfter(MENDED)),
    (Refuses("account_inactive"), RetryAfter(MENDED)),
    (Refuses("token_revoked"), RetryAfter(MENDED)),
    (Refuses("missing_scope"), RetryAfter(MENDED)),
    (Refuses("invalid_blocks"), Rejected("invalid_blocks")),
    (Refuses("restricted_action"), Rejected("restricted_action")),
    (Refuses("a_word_that_is_new"), Rejected("a_word_that_is_new")),
    (Refuses("fatal_error"), Ambiguous("fatal_error")),
    (Refuses("internal_error"), Ambiguous("internal_error")),
    (Broken(500), Ambiguous("http_500")),
    (Broken(503, done=True), Ambiguous("http_503")),
    (Hangs(), Ambiguous("timeout")),
    (Hangs(done=True), Ambiguous("timeout")),
    (Drops(), Ambiguous("ServerDisconnectedError")),
    (Drops(done=True), Ambiguous("ServerDisconnectedError")),
    (Babbles(), Ambiguous("http_200")),
    (Babbles("", 204), Ambiguous("http_204")),
    (Babbles("OK", kind="text/plain"), Ambiguous("AttributeError")),
    (Babbles("{", kind="application/json"), Ambiguous("http_200")),
    (Babbles("[]", kind="application/json"), Ambiguous("http_200")),
)


@pytest.mark.parametrize(("fault", "meant"), SAME_FOR_BOTH, ids=str)
async def test_what_slack_answers_is_said_in_the_ports_words(
    desk: Desk, fault: Fault, meant: Delivery
) -> None:
    ref = await desk.posted("before")
    desk.slack.fail(POST, fault)
    desk.slack.fail(UPDATE, fault)
    assert await desk.post("k") == meant
    assert await desk.chat.update(OFFICE, ref, plain("two")) == meant


async def test_nothing_is_sent_twice_by_the_client_itself(desk: Desk) -> None:
    for fault in (RateLimited(1), Broken(500), Broken(503), Drops()):
        before = len(desk.slack.called(POST))
        desk.slack.fail(POST, fault)
        await desk.post(str(fault))
        assert len(desk.slack.called(POST)) == before + 1
        desk.seconds[0] += 60


async def test_where_nobody_listens_nothing_was_heard() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        line = open_line(BOT_TOKEN, f"http://127.0.0.1:{taken.getsockname()[1]}/api/")
        chat = SlackChat(line.client, no_pictures, Speakers(line.client, team=TEAM))
        assert await chat.post(OFFICE, plain(), "k") == RetryAfter(SOON)
        assert await chat.update(OFFICE, "1.1", plain()) == RetryAfter(SOON)
        with pytest.raises(CannotAsk):
            await chat.private(LUND)
        await line.close()


async def test_a_wrong_token_is_for_the_operator_and_not_for_a_dead_letter(desk: Desk) -> None:
    line = open_line("xoxb-somebody-elses", desk.slack.api_url)
    chat = SlackChat(line.client, no_pictures, Speakers(line.client, team=TEAM))
    with structlog.testing.capture_logs() as logged:
        assert await chat.post(OFFICE, plain(), "k") == RetryAfter(MENDED)
    await line.close()
    assert {"event": "slack.not_let_in", "error": "invalid_auth", "log_level": "error"} in logged


async def test_logs_hold_codes_and_never_the_words_of_a_card(desk: Desk) -> None:
    desk.slack.fail(POST, Refuses("invalid_blocks"), Babbles("Our choir sings"), Broken(500))
    with structlog.testing.capture_logs() as logged:
        for key in "abc":
            await desk.post(key, "Our choir sings")
    assert len(logged) == 3
    assert "choir" not in repr(logged)


async def test_no_level_of_logging_writes_out_what_is_sent(
    desk: Desk, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    await desk.posted("k", "Our choir sings")
    desk.slack.fail(POST, Refuses("invalid_blocks"), Babbles("Our choir sings"))
    for key in "ab":
        await desk.post(key, "Our choir sings")
    assert "choir" not in caplog.text


async def test_an_archived_channel_and_one_the_bot_has_left_are_gone(desk: Desk) -> None:
    office = desk.slack.workspace.channels[OFFICE.id]
    office.is_archived = True
    assert await desk.post() == Gone()
    office.is_archived = False
    office.members.clear()
    assert await desk.post() == Gone()


# -- the pace --------------------------------------------------------------------------------------


async def test_a_busy_channel_is_told_when_and_holds_up_no_other(desk: Desk) -> None:
    answers = [await desk.post(f"k{number}") for number in range(6)]
    assert [type(answer) for answer in answers[:3]] == [Delivered] * 3
    assert answers[3:] == [RetryAfter(timedelta(seconds=wait)) for wait in (1, 2, 3)]
    assert isinstance(await desk.chat.post(HALL, plain(), "k"), Delivered)


async def test_whoever_was_told_when_gets_their_turn(desk: Desk) -> None:
    for number in range(5):
        await desk.post(f"k{number}")
    desk.seconds[0] += 1
    assert isinstance(await desk.post("k3"), Delivered)
    assert await desk.post("k4") == RetryAfter(timedelta(seconds=1))
    assert await desk.post("new") == RetryAfter(timedelta(seconds=2))


async def test_slacks_own_retry_after_holds_that_channel_alone(desk: Desk) -> None:
    desk.slack.fail(POST, RateLimited(30))
    assert await desk.post("a") == RetryAfter(timedelta(seconds=30))
    assert await desk.post("b") == RetryAfter(timedelta(seconds=30))
    assert len(desk.slack.called(POST)) == 1
    assert isinstance(await desk.chat.post(HALL, plain(), "k"), Delivered)
    desk.seconds[0] += 31
    assert isinstance(await desk.post("a"), Delivered)


def test_forty_in_a_morning_each_wait_once() -> None:
    seconds = [0.0]
    lanes = Lanes(lambda: seconds[0])
    waits = {str(number): lanes.wait("C1", str(number)) for number in range(40)}
    assert list(waits.values()) == [0.0] * 3 + [float(number) for number in range(1, 38)]
    for who, wait in waits.items():
        if wait:
            seconds[0] = wait
            assert lanes.wait("C1", who) == 0.0


def test_lanes_forget_what_is_long_over() -> None:
    seconds = [0.0]
    lanes = Lanes(lambda: seconds[0])
    for number in range(5_000):
        seconds[0] += 1
        assert lanes.wait(f"C{number}", "k") == 0.0
    assert len(lanes) < 1_100


# -- private conversations -------------------------------------------------------------------------


async def test_a_private_conversation_is_opened_once(desk: Desk) -> None:
    first = await desk.chat.private(LUND)
    assert first is not None
    assert await desk.chat.private(LUND) == first
    assert len(desk.slack.called("conversations.open")) == 1


@pytest.mark.parametrize(
    "flags",
    [
        {"deleted": True},
        {"is_bot": True},
        {"is_restricted": True},
        {"is_restricted": True, "is_ultra_restricted": True},
        {"is_stranger": True},
        {"team_id": "T0ELSEWHERE"},
    ],
    ids=str,
)
async def test_nobody_but_a_full_member_is_written_to(desk: Desk, flags: dict[str, object]) -> None:
    desk.slack.workspace.add_user("U0GUEST001", **flags)  # type: ignore[arg-type]
    guest = Identity(Platform.SLACK, "U0GUEST001")
    assert await desk.chat.private(guest) is None
    assert await desk.chat.private(Identity(Platform.SLACK, "U0NOBODY01")) is None
    assert desk.slack.called("conversations.open") == ()


@pytest.mark.parametrize("error", ["user_disabled", "cannot_dm_bot", "user_not_found"])
async def test_somebody_whom_slack_won_t_open_for_can_t_be_reached(desk: Desk, error: str) -> None:
    desk.slack.fail("conversations.open", Refuses(error))
    assert await desk.chat.private(LUND) is None


@pytest.mark.parametrize("fault", [RateLimited(3), Broken(), Drops(), Refuses("internal_error")])
async def test_an_outage_makes_nobody_unreachable(desk: Desk, fault: Fault) -> None:
    desk.slack.fail("conversations.open", fault)
    with pytest.raises(CannotAsk):
        await desk.chat.private(LUND)
    assert await desk.chat.private(LUND) is not None


async def test_somebody_who_has_left_is_no_longer_reached(desk: Desk) -> None:
    assert await desk.chat.private(LUND) is not None
    desk.slack.workspace.users[LUND.id].deleted = True
    desk.seconds[0] += 600
    assert await desk.chat.private(LUND) is None
