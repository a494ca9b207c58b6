"""The Chat port against a server that plays Teams: what each answer means to the relay."""

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

from adapters.teams.chat import TeamsChat
from adapters.teams.client import (
    LATER,
    LONGEST_TOLD,
    MENDED,
    SOON,
    CannotAsk,
    ClientSecret,
    Connector,
    NoTokens,
    UnknownService,
    fault,
    open_session,
)
from adapters.teams.drawing import Drawing
from adapters.teams.inbound import Activity, Kind, Room, read
from adapters.teams.places import ASK_AGAIN, Place, Places, loads
from moderation.kernel import Identity, Platform
from moderation.ports import Ambiguous, Conversation, Delivered, Gone, Rejected, RetryAfter
from tests.fakes.cards import full, plain
from tests.fakes.teams_connector import (
    APP,
    BOT,
    PASSWORD,
    TENANT,
    Drops,
    FakeTeams,
    Fault,
    Hangs,
    Says,
)
from tests.fakes.teams_shelf import FakeShelf, activity_in


if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from moderation.ports import Delivery

ROOM, HALL = "19:office@thread.tacv2", "19:hall@thread.tacv2"
OFFICE = Conversation(Platform.TEAMS, ROOM)
USER, ABSENT = "a0000000-0000-4000-8000-000000000001", "a0000000-0000-4000-8000-000000000002"
LUND, SHAH = Identity(Platform.TEAMS, USER), Identity(Platform.TEAMS, ABSENT)
IMPATIENT = aiohttp.ClientTimeout(total=1.0, sock_connect=0.5)


@dataclass(slots=True)
class Desk:
    teams: FakeTeams
    chat: TeamsChat
    places: Places
    shelf: FakeShelf
    connector: Connector
    seconds: list[float] = field(default_factory=lambda: [1000.0])

    async def post(self, key: str = "k", title: str = "one") -> Delivery:
        return await self.chat.post(OFFICE, plain(title), key)

    async def posted(self, key: str = "k", title: str = "one") -> str:
        answer = await self.post(key, title)
        assert isinstance(answer, Delivered)
        return answer.ref


@pytest.fixture
async def desk() -> AsyncIterator[Desk]:
    async with FakeTeams() as teams, open_session(IMPATIENT) as session:
        teams.add_person(USER)
        teams.add_person(ABSENT, installed=False)
        teams.add_channel(ROOM, [USER])
        teams.add_channel(HALL, [USER])
        seconds = [1000.0]
        now = lambda: seconds[0]  # noqa: E731 -- a clock
        secret = ClientSecret(session, f"{teams.identity_url}{TENANT}", APP, PASSWORD, now=now)
        connector, shelf = Connector(session, secret, lambda _address: True), FakeShelf()
        places = Places(shelf=shelf, connector=connector, now=now)
        assert places.note(activity_in(teams, ROOM))
        chat = TeamsChat(connector, places, Drawing(mint=lambda: "request-1"), now=now)
        yield Desk(teams, chat, places, shelf, connector, seconds)
        assert teams.complaints == []


# -- one message for each key ----------------------------------------------------------------------


async def test_twenty_at_once_with_one_key_are_one_message(desk: Desk) -> None:
    answers = await asyncio.gather(*(desk.post() for _ in range(20)))
    assert len(set(answers)) == 1
    assert len(desk.teams.messages[ROOM]) == 1


async def test_after_a_lost_answer_the_card_may_stand_twice_and_both_are_redrawn(
    desk: Desk,
) -> None:
    desk.teams.fail("send", Says(502, done=True))
    assert await desk.post() == Ambiguous("http_502")
    await desk.posted()
    assert len(desk.teams.messages[ROOM]) == 2


async def test_a_deleted_message_is_gone_and_is_shown_anew_under_its_key(desk: Desk) -> None:
    ref = await desk.posted()
    desk.teams.messages[ROOM].clear()
    for _ in range(2):
        assert await desk.chat.update(OFFICE, ref, plain("two")) == Gone()
    assert desk.teams.messages[ROOM] == []
    assert await desk.posted() != ref
    assert len(desk.teams.messages[ROOM]) == 1


async def test_a_message_says_what_it_is_about_to_whoever_is_only_notified(desk: Desk) -> None:
    await desk.chat.post(OFFICE, full(), "k")
    (message,) = desk.teams.messages[ROOM]
    assert message.activity["summary"]
    assert message.card["fallbackText"]


# -- what the answers mean -------------------------------------------------------------------------

SAME_FOR_BOTH: tuple[tuple[Fault, Delivery], ...] = (
    (Says(429, retry="30"), RetryAfter(timedelta(seconds=30))),
    (Says(429, retry="0"), RetryAfter(SOON)),
    (Says(429), RetryAfter(LATER)),
    (Says(429, retry="soon"), RetryAfter(LATER)),
    (Says(429, retry="-5"), RetryAfter(LATER)),
    (Says(429, retry="9" * 400), RetryAfter(LONGEST_TOLD)),
    (Says(412, "PreconditionFailed"), RetryAfter(LATER)),
    (Says(412, retry="7"), RetryAfter(timedelta(seconds=7))),
    (Says(409, "Conflict"), RetryAfter(LATER)),
    (Says(404, "ConversationNotFound"), Gone()),
    (Says(404, "ActivityNotFoundInConversation"), Gone()),
    (Says(403, "BotNotInConversationRoster"), Gone()),
    (Says(403, "MessageWritesBlocked"), Gone()),
    (Says(410), Gone()),
    (Says(401, "Unauthorized"), RetryAfter(MENDED)),
    (Says(403, "BotDisabledByAdmin"), RetryAfter(MENDED)),
    (Says(400, "BadSyntax"), Rejected("BadSyntax")),
    (Says(413, "MessageSizeTooBig"), Rejected("MessageSizeTooBig")),
    (Says(413, body="<html>too large</html>"), Rejected("http_413")),
    (Says(400, body="\xff"), Rejected("http_400")),
    (Says(302, body=""), Ambiguous("http_302")),
    (Says(500), Ambiguous("http_500")),
    (Says(502, "BadGateway"), Ambiguous("http_502")),
    (Says(503, done=True), Ambiguous("http_503")),
    (Says(504, "GatewayTimeout", done=True), Ambiguous("http_504")),
    (Hangs(), Ambiguous("timeout")),
)


@pytest.mark.parametrize(("fault", "meant"), SAME_FOR_BOTH, ids=str)
async def test_what_teams_answers_is_said_in_the_ports_words(
    desk: Desk, fault: Fault, meant: Delivery
) -> None:
    ref = await desk.posted("before")
    desk.teams.fail("update", fault)
    assert await desk.chat.update(OFFICE, ref, plain("two")) == meant
    desk.seconds[0] += 4000
    desk.teams.fail("send", fault)
    assert await desk.post("k") == meant
    # Nothing is sent twice by the client itself.
    assert len(desk.teams.called("send")) == 2
    assert len(desk.teams.called("update")) == 1


@pytest.mark.parametrize("done", [True, False])
async def test_a_lost_connection_is_ambiguous_and_a_message_is_not_sent_again(
    desk: Desk, *, done: bool
) -> None:
    ref = await desk.posted("before")
    desk.teams.fail("send", Drops(done=done))
    assert await desk.post() == Ambiguous("ServerDisconnectedError")
    assert len(desk.teams.messages[ROOM]) == 1 + done
    # An update is: the same in the same place is one update (RFC 9110, 9.2.2).
    desk.teams.fail("update", Drops(done=done))
    assert await desk.chat.update(OFFICE, ref, plain("two")) == Delivered(ref)
    assert desk.teams.messages[ROOM][0].text.startswith("two")


async def test_an_answer_that_names_no_message_is_ambiguous(desk: Desk) -> None:
    desk.teams.fail("send", Says(200, body="OK"))
    assert await desk.post() == Ambiguous("no_id_in_the_answer")


async def test_an_update_needs_no_id_in_the_answer(desk: Desk) -> None:
    ref = await desk.posted()
    desk.teams.fail("update", Says(202, body="", done=True))
    assert await desk.chat.update(OFFICE, ref, plain("two")) == Delivered(ref)


async def test_where_nobody_listens_nothing_was_heard() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{taken.getsockname()[1]}/"
        async with open_session(IMPATIENT) as session:
            connector = Connector(session, NoTokens(), lambda _address: True)
            shelf = FakeShelf()
            known = Place(conversation=ROOM, room=Room.CHANNEL, service_url=url, bot=BOT)
            await shelf.keep(known)
            places = Places(shelf=shelf, connector=connector)
            await places.load()
            chat = TeamsChat(connector, places, Drawing(mint=lambda: "request-1"))
            hall = Conversation(Platform.TEAMS, HALL)
            assert await chat.post(hall, plain(), "k") == RetryAfter(SOON)
            assert await chat.update(OFFICE, "1", plain()) == RetryAfter(SOON)
            with pytest.raises(CannotAsk):
                await chat.private(LUND)


# -- what lets us in -------------------------------------------------------------------------------


async def test_a_token_is_asked_for_once_and_again_before_it_ends(desk: Desk) -> None:
    for number in range(3):
        await desk.posted(str(number))
    assert desk.teams.tokens_asked == 1
    desk.seconds[0] += 3600
    await desk.posted("later")
    assert desk.teams.tokens_asked == 2


async def test_a_token_that_is_not_taken_any_more_is_another_the_next_time(desk: Desk) -> None:
    await desk.posted("a")
    desk.teams.forget_tokens()
    assert await desk.post("b") == RetryAfter(MENDED)
    desk.seconds[0] += MENDED.total_seconds()
    await desk.posted("b")
    assert len(desk.teams.messages[ROOM]) == 2


@pytest.mark.parametrize("fault", [Says(401, body="{}"), Says(503), Drops(), Hangs()], ids=str)
async def test_a_wrong_secret_is_for_the_operator_and_not_for_a_dead_letter(
    desk: Desk, fault: Fault
) -> None:
    desk.teams.fail("token", fault)
    with structlog.testing.capture_logs() as logged:
        assert await desk.post() == RetryAfter(MENDED)
    assert [it["event"] for it in logged if it["log_level"] == "error"] == ["teams.not_let_in"]
    assert desk.teams.called("send") == ()


async def test_neither_a_log_nor_a_repr_holds_words_or_secrets(
    desk: Desk, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    desk.teams.fail("send", Says(400, "BadSyntax"), Says(500, body="Our choir sings"), Hangs())
    with structlog.testing.capture_logs() as logged:
        for key in "abc":
            await desk.post(key, "Our choir sings")
    told = f"{logged!r} {caplog.text} {desk.connector!r}"
    assert "choir" not in told
    assert PASSWORD not in told
    assert "nobody should log" not in told


# -- the pace --------------------------------------------------------------------------------------


async def test_a_busy_conversation_is_told_when_and_holds_up_no_other(desk: Desk) -> None:
    answers = [await desk.post(f"k{number}") for number in range(8)]
    assert [type(answer) for answer in answers[:5]] == [Delivered] * 5
    assert [type(answer) for answer in answers[5:]] == [RetryAfter] * 3
    hall = Conversation(Platform.TEAMS, HALL)
    assert isinstance(await desk.chat.post(hall, plain(), "k"), Delivered)
    desk.seconds[0] += 2
    for number in range(5, 8):
        await desk.posted(f"k{number}")
    assert len(desk.teams.messages[ROOM]) == 8


async def test_teams_own_retry_after_holds_that_conversation_alone(desk: Desk) -> None:
    desk.teams.fail("send", Says(429, retry="30"))
    assert await desk.post("a") == RetryAfter(timedelta(seconds=30))
    assert await desk.post("b") == RetryAfter(timedelta(seconds=30))
    assert len(desk.teams.called("send")) == 1
    hall = Conversation(Platform.TEAMS, HALL)
    assert isinstance(await desk.chat.post(hall, plain(), "k"), Delivered)
    desk.seconds[0] += 31
    await desk.posted("a")
    assert len(desk.teams.messages[ROOM]) == 1


# -- people and places -----------------------------------------------------------------------------


async def test_a_private_chat_is_opened_once_and_kept(desk: Desk) -> None:
    first = await desk.chat.private(LUND)
    assert first is not None
    assert await desk.chat.private(LUND) == first
    assert len(desk.teams.called("open")) == 1
    again = Places(shelf=desk.shelf, connector=desk.connector)
    await again.load()
    assert await again.private(USER) == first.id
    assert len(desk.teams.called("open")) == 1


async def test_whoever_has_not_the_app_cannot_be_reached_until_they_have(desk: Desk) -> None:
    for _ in range(3):
        assert await desk.chat.private(SHAH) is None
    assert len(desk.teams.called("open")) == 1
    desk.seconds[0] += ASK_AGAIN
    assert await desk.chat.private(SHAH) is None
    assert len(desk.teams.called("open")) == 2
    person = desk.teams.people[ABSENT]
    person.installed = desk.teams.rooms[person.chat].here = True
    desk.seconds[0] += ASK_AGAIN
    assert await desk.chat.private(SHAH) is not None


async def test_before_anybody_wrote_nobody_knows_where_teams_is(desk: Desk) -> None:
    nowhere = Places(shelf=FakeShelf(), connector=desk.connector)
    chat = TeamsChat(desk.connector, nowhere, Drawing(mint=lambda: "request-1"))
    assert await chat.private(LUND) is None
    assert await chat.post(OFFICE, plain(), "k") == Gone()
    assert await chat.update(OFFICE, "1", plain()) == Gone()
    assert desk.teams.calls == []


@pytest.mark.parametrize("fault", [Says(429, retry="3"), Says(502), Drops(), Says(401)], ids=str)
async def test_an_outage_makes_nobody_unreachable(desk: Desk, fault: Fault) -> None:
    desk.teams.fail("open", fault)
    with pytest.raises(CannotAsk):
        await desk.chat.private(LUND)
    assert await desk.chat.private(LUND) is not None


async def test_somebody_who_took_the_app_away_is_no_longer_reached(desk: Desk) -> None:
    there = await desk.chat.private(LUND)
    assert there is not None
    person = desk.teams.people[USER]
    person.installed = desk.teams.rooms[person.chat].here = False
    assert await desk.chat.post(there, plain(), "k") == Gone()
    assert await desk.chat.private(LUND) is None
    await asyncio.sleep(0)
    assert desk.shelf.kept[there.id].gone
    # They have it again, and it is the same chat.
    person.installed = desk.teams.rooms[person.chat].here = True
    desk.places.note(activity_in(desk.teams, ""))
    assert await desk.chat.private(LUND) == there
    assert isinstance(await desk.chat.post(there, plain(), "k"), Delivered)


async def test_a_channel_that_the_app_was_taken_from_is_gone(desk: Desk) -> None:
    left = activity_in(desk.teams, ROOM)
    assert not desk.places.note(left)
    raw = {**left.raw, "action": "remove"}
    gone = read(raw)
    assert isinstance(gone, Activity)
    assert gone.kind is Kind.LEFT
    assert not desk.places.note(gone)
    assert await desk.post() == Gone()
    assert desk.places.note(left)
    await desk.posted()


def test_a_place_is_read_back_as_it_was_kept() -> None:
    place = Place(
        conversation=ROOM, room=Room.CHANNEL, service_url="https://x/", tenant=TENANT, bot=BOT
    )
    assert loads(place.dumps()) == place
    for broken in ("", "{}", "[]", "7", '{"room": "cellar"}', place.dumps()[:-2]):
        assert loads(broken) is None


async def test_our_token_goes_to_no_address_that_requests_could_not_name(desk: Desk) -> None:
    """What is stored is judged again: the settings, or the row, may have changed since."""
    allowed = desk.teams.service_url
    guarded = Connector(desk.connector.session, desk.connector.tokens, lambda it: it == allowed)
    asked = len(desk.teams.calls)
    for address in ("https://example.org/", desk.teams.connector_url, ""):
        with pytest.raises(UnknownService):
            await guarded.send(address, ROOM, {"type": "message"})
    assert fault(UnknownService()) == Rejected("not_a_service_of_teams")
    assert len(desk.teams.calls) == asked
    shelf = FakeShelf()
    for name, address in (("19:a", "https://example.org/"), ("19:b", allowed)):
        await shelf.keep(
            Place(conversation=name, room=Room.CHANNEL, service_url=address, bot=BOT, tenant=TENANT)
        )
    places = Places(shelf=shelf, connector=guarded)
    await places.load()
    found = [places.at("19:a"), places.at("19:b")]
    assert [it.service_url for it in found if it is not None] == [allowed, allowed]
