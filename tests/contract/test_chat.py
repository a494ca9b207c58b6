"""What every chat promises, the fake as well as the real ones that run without a network."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from adapters.sandbox.chat import SandboxChat
from moderation.kernel import Identity, Platform
from moderation.ports import Chat, Conversation, Delivered, Gone, Rejected
from tests.fakes.cards import full, plain
from tests.fakes.chat import FakeChat, FakeClock, FakeIds, FakeJournal


if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine

    from moderation.views import Card


class Subject:
    """A chat, and a look at what stands in one of its conversations."""

    def __init__(self, chat: Chat, shown: Callable[[str], tuple[Card, ...]]) -> None:
        self.chat = chat
        self.shown = shown


async def _fake() -> Subject:
    chat = FakeChat()
    return Subject(chat, chat.cards)


async def _sandbox() -> Subject:
    chat = await SandboxChat.open(FakeJournal(), FakeClock(), FakeIds())
    return Subject(chat, lambda id_: tuple(message.card for message in chat.messages(id_)))


@pytest.fixture(params=[_fake, _sandbox], ids=["fake", "sandbox"])
async def subject(request: pytest.FixtureRequest) -> Subject:
    make: Callable[[], Coroutine[None, None, Subject]] = request.param
    return await make()


CHANNEL = Conversation(Platform.SANDBOX, "channel:oakfield-facebook")
OTHER = Conversation(Platform.SANDBOX, "channel:oakfield-x")


async def _posted(subject: Subject, to: Conversation, card: Card, key: str) -> str:
    delivery = await subject.chat.post(to, card, key)
    assert isinstance(delivery, Delivered)
    return delivery.ref


async def test_cards_stand_in_the_order_in_which_they_came(subject: Subject) -> None:
    cards = tuple(plain(title) for title in ("one", "two", "three"))
    for card in cards:
        await _posted(subject, CHANNEL, card, card.title)
    assert subject.shown(CHANNEL.id) == cards
    assert subject.shown(OTHER.id) == ()


async def test_the_same_key_shows_one_message(subject: Subject) -> None:
    first = await _posted(subject, CHANNEL, plain(), "key")
    again = await _posted(subject, CHANNEL, plain("changed meanwhile"), "key")
    assert first == again
    assert subject.shown(CHANNEL.id) == (plain(),)


async def test_one_key_in_two_conversations_is_two_messages(subject: Subject) -> None:
    here = await _posted(subject, CHANNEL, plain(), "key")
    there = await _posted(subject, OTHER, plain(), "key")
    assert here != there
    assert subject.shown(CHANNEL.id) == subject.shown(OTHER.id) == (plain(),)


async def test_an_update_redraws_the_card_where_it_stands(subject: Subject) -> None:
    ref = await _posted(subject, CHANNEL, plain("first"), "1")
    await _posted(subject, CHANNEL, plain("second"), "2")
    changed = replace(full(), title="first, changed")
    assert await subject.chat.update(CHANNEL, ref, changed) == Delivered(ref)
    assert subject.shown(CHANNEL.id) == (changed, plain("second"))


async def test_an_update_of_the_same_card_changes_nothing(subject: Subject) -> None:
    ref = await _posted(subject, CHANNEL, plain(), "1")
    assert await subject.chat.update(CHANNEL, ref, plain()) == Delivered(ref)
    assert subject.shown(CHANNEL.id) == (plain(),)


async def test_an_update_of_what_is_not_there_says_so(subject: Subject) -> None:
    ref = await _posted(subject, CHANNEL, plain(), "1")
    assert await subject.chat.update(CHANNEL, "nothing", plain("no")) == Gone()
    assert await subject.chat.update(OTHER, ref, plain("no")) == Gone()
    assert subject.shown(CHANNEL.id) == (plain(),)


async def test_another_platforms_conversation_is_rejected(subject: Subject) -> None:
    answer = await subject.chat.post(Conversation(Platform.SLACK, "C1"), plain(), "1")
    assert isinstance(answer, Rejected)


async def test_a_private_conversation_is_always_the_same(subject: Subject) -> None:
    lund = Identity(Platform.SANDBOX, "lund")
    first, again = await subject.chat.private(lund), await subject.chat.private(lund)
    assert first == again == Conversation(Platform.SANDBOX, "person:lund")
    assert await subject.chat.private(Identity(Platform.SANDBOX, "okafor")) != first
    assert await subject.chat.private(Identity(Platform.TEAMS, "lund")) is None
