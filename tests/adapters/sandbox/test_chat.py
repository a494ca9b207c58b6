from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from adapters.sandbox import chat as sandbox
from adapters.sandbox.chat import News, SandboxChat
from moderation.kernel import CorruptStore, Platform
from moderation.ports import Conversation, Delivered
from tests.fakes.cards import full, plain
from tests.fakes.chat import FakeClock, FakeIds, FakeJournal


CHANNEL = Conversation(Platform.SANDBOX, "channel:oakfield-facebook")


async def _open(journal: FakeJournal, clock: FakeClock | None = None) -> SandboxChat:
    return await SandboxChat.open(journal, clock or FakeClock(), FakeIds())


async def test_messages_come_back_after_a_restart_as_they_were() -> None:
    journal, clock = FakeJournal(), FakeClock()
    before = await _open(journal, clock)
    first = await before.post(CHANNEL, plain(), "1")
    await before.post(CHANNEL, plain("second"), "2")
    clock.pass_by(timedelta(minutes=4))
    assert isinstance(first, Delivered)
    await before.update(CHANNEL, first.ref, full())

    after = await _open(journal, clock)
    assert after.messages(CHANNEL.id) == before.messages(CHANNEL.id)
    assert after.messages(CHANNEL.id)[0].card == full()
    assert await after.post(CHANNEL, plain(), "1") == first


async def test_the_time_of_a_message_is_when_it_came_and_when_it_changed() -> None:
    clock = FakeClock()
    chat = await _open(FakeJournal(), clock)
    came = clock.now()
    delivery = await chat.post(CHANNEL, plain(), "1")
    assert isinstance(delivery, Delivered)
    clock.pass_by(timedelta(minutes=4))
    await chat.update(CHANNEL, delivery.ref, plain())
    (message,) = chat.messages(CHANNEL.id)
    assert (message.at, message.changed_at) == (came, None)
    # "today" is Tuesday by now: the same version in other words.
    await chat.update(CHANNEL, delivery.ref, plain(state="Approved on Tuesday"))
    (message,) = chat.messages(CHANNEL.id)
    assert (message.card.state, message.changed_at) == ("Approved on Tuesday", None)
    await chat.update(CHANNEL, delivery.ref, replace(plain(state="Approved"), version=2))
    (message,) = chat.messages(CHANNEL.id)
    assert (message.at, message.changed_at) == (came, clock.now())


async def test_everybody_who_listens_hears_of_a_change() -> None:
    chat = await _open(FakeJournal())
    async with chat.listen() as one, chat.listen() as two:
        delivery = await chat.post(CHANNEL, plain("A", "Waiting"), "1")
        assert isinstance(delivery, Delivered)
        await chat.update(CHANNEL, delivery.ref, plain("A", "Approved"))
        chat.nudge()
        heard = [News(CHANNEL.id, "A", "Waiting"), News(CHANNEL.id, "A", "Approved"), News("")]
        for queue in (one, two):
            assert [queue.get_nowait() for _ in range(queue.qsize())] == heard
    await chat.post(CHANNEL, plain(), "2")
    assert one.empty()


async def test_the_same_key_twice_at_once_is_one_message() -> None:
    chat = await _open(FakeJournal())
    answers = await asyncio.gather(*(chat.post(CHANNEL, plain(), "1") for _ in range(8)))
    assert len(set(answers)) == 1
    assert len(chat.messages(CHANNEL.id)) == 1


async def test_a_page_that_does_not_read_stops_nobody() -> None:
    chat = await _open(FakeJournal())
    async with chat.listen() as queue:
        for _ in range(sandbox.MOST_WAITING + 5):
            chat.nudge()
        assert queue.qsize() == sandbox.MOST_WAITING


@pytest.mark.parametrize(
    "payload",
    ["", "null", "[]", "{}", '{"key": "1", "at": "2026-11-18T15:20:00+00:00", "card": {"secret"'],
)
async def test_a_message_that_cannot_be_read_stops_the_start_and_is_not_quoted(
    payload: str,
) -> None:
    journal = FakeJournal({"01X": (CHANNEL.id, payload)})
    with pytest.raises(CorruptStore, match="01X") as caught:
        await _open(journal)
    assert "secret" not in str(caught.value)
    assert caught.value.__cause__ is None


async def test_a_message_shows_nothing_of_its_card_in_a_log() -> None:
    chat = await _open(FakeJournal())
    await chat.post(CHANNEL, full(), "1")
    assert "Amelia" not in repr(chat.messages(CHANNEL.id))


PRIVATE = Conversation(Platform.SANDBOX, "person:reed")


async def test_unread_is_what_has_come_since_somebody_looked_also_after_a_restart() -> None:
    journal, clock = FakeJournal(), FakeClock()
    chat = await _open(journal, clock)
    assert chat.unread(PRIVATE.id) == 0
    for key in ("notice:1", "notice:2"):
        await chat.post(PRIVATE, plain(), key)
    await chat.post(CHANNEL, plain(), "card:post:1")
    assert chat.unread(PRIVATE.id) == 2
    for _ in range(2):
        await chat.look(PRIVATE.id)
        assert chat.unread(PRIVATE.id) == 0
        clock.pass_by(timedelta(minutes=1))
    await chat.post(PRIVATE, plain(), "notice:3")

    again = await _open(journal, clock)
    assert again.unread(PRIVATE.id) == 1
    assert again.messages(PRIVATE.id) == chat.messages(PRIVATE.id)
    assert again.conversations() == (PRIVATE.id, CHANNEL.id)


async def test_a_card_that_says_something_else_is_unread_again_and_a_message_is_not() -> None:
    clock = FakeClock()
    chat = await _open(FakeJournal(), clock)
    refs = [await chat.post(PRIVATE, plain(), key) for key in ("card:incident:1", "notice:1")]
    await chat.look(PRIVATE.id)
    clock.pass_by(timedelta(minutes=1))
    for ref, unread in zip(refs, (1, 1), strict=True):
        assert isinstance(ref, Delivered)
        await chat.update(PRIVATE, ref.ref, replace(plain(state="Ms Novak has it"), version=2))
        assert chat.unread(PRIVATE.id) == unread


async def test_a_line_about_looking_that_is_damaged_is_a_fault() -> None:
    journal = FakeJournal()
    await (await _open(journal)).look(PRIVATE.id)
    journal.rows["looked:person:reed"] = ("looked", "{}")
    with pytest.raises(CorruptStore):
        await _open(journal)
