"""What every chat promises, the fake as well as the real ones that run without a network."""

from __future__ import annotations

from collections.abc import AsyncGenerator, AsyncIterator, Callable
from contextlib import aclosing
from dataclasses import dataclass, replace

import pytest

from adapters.sandbox.chat import SandboxChat
from adapters.slack.chat import SlackChat
from adapters.slack.client import open_line
from adapters.slack.render import render
from adapters.slack.speaker import Speakers
from adapters.teams.chat import TeamsChat
from adapters.teams.client import ClientSecret, Connector, open_session
from adapters.teams.drawing import Drawing
from adapters.teams.places import Places
from moderation.kernel import Identity, Platform
from moderation.ports import Chat, Conversation, Delivered, Gone, Rejected
from moderation.views import Card
from tests.fakes.cards import full, plain
from tests.fakes.chat import FakeChat, FakeClock, FakeIds, FakeJournal
from tests.fakes.slack_api import BOT_TOKEN, FakeSlack
from tests.fakes.slack_files import no_pictures
from tests.fakes.slack_workspace import TEAM
from tests.fakes.teams_connector import APP, PASSWORD, TENANT, FakeTeams
from tests.fakes.teams_shelf import FakeShelf, activity_in


FACEBOOK = Conversation(Platform.SANDBOX, "channel:oakfield-facebook")
X = Conversation(Platform.SANDBOX, "channel:oakfield-x")
A_SLACK_CHANNEL = Conversation(Platform.SLACK, "C1")
LUND = Identity(Platform.SANDBOX, "lund")
OKAFOR = Identity(Platform.SANDBOX, "okafor")


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """A chat, and a look at what stands in one of its conversations.

    ``here`` and ``there`` are two of them; ``lund`` and ``okafor`` two people it can reach.
    """

    chat: Chat
    shown: Callable[[str], tuple[Card, ...]]
    here: Conversation = FACEBOOK
    there: Conversation = X
    elsewhere: Conversation = A_SLACK_CHANNEL
    lund: Identity = LUND
    okafor: Identity = OKAFOR


async def _fake() -> AsyncIterator[Subject]:
    chat = FakeChat()
    yield Subject(chat=chat, shown=chat.cards)


async def _sandbox() -> AsyncIterator[Subject]:
    chat = await SandboxChat.open(FakeJournal(), FakeClock(), FakeIds())
    yield Subject(
        chat=chat, shown=lambda id_: tuple(message.card for message in chat.messages(id_))
    )


async def _slack() -> AsyncIterator[Subject]:
    """What stands in Slack is read back by drawing the test's cards once more."""
    async with FakeSlack() as slack:
        for channel in ("C0FACEBOOK", "C0TWITTER1"):
            slack.workspace.add_channel(channel)
        for user in ("U0LUND0001", "U0OKAFOR01"):
            slack.workspace.add_user(user)
        line = open_line(BOT_TOKEN, slack.api_url)
        chat = SlackChat(line.client, no_pictures, Speakers(line.client, team=TEAM))

        def shown(conversation: str) -> tuple[Card, ...]:
            standing = slack.workspace.messages[conversation]
            return tuple(_read_back(message.text, message.blocks) for message in standing)

        yield Subject(
            chat=chat,
            shown=shown,
            here=Conversation(Platform.SLACK, "C0FACEBOOK"),
            there=Conversation(Platform.SLACK, "C0TWITTER1"),
            elsewhere=Conversation(Platform.TEAMS, "19:x"),
            lund=Identity(Platform.SLACK, "U0LUND0001"),
            okafor=Identity(Platform.SLACK, "U0OKAFOR01"),
        )
        await line.close()
        assert slack.complaints == []


async def _teams() -> AsyncIterator[Subject]:
    """What stands in Teams is read back by drawing the test's cards once more."""
    people = {
        "lund": "a0000000-0000-4000-8000-000000000001",
        "okafor": "a0000000-0000-4000-8000-000000000002",
    }
    async with FakeTeams() as teams, open_session() as session:
        for channel in ("19:facebook@thread.tacv2", "19:x@thread.tacv2"):
            teams.add_channel(channel, people.values())
        for user in people.values():
            teams.add_person(user)
        secret = ClientSecret(session, f"{teams.identity_url}{TENANT}", APP, PASSWORD)
        connector = Connector(session, secret, lambda _address: True)
        places = Places(shelf=FakeShelf(), connector=connector)
        places.note(activity_in(teams, "19:facebook@thread.tacv2"))
        drawing = Drawing(mint=lambda: "request-1")

        async def drawn(card: Card) -> tuple[Card, object]:
            return card, (await drawing.message(card))["attachments"]

        known = [await drawn(card) for card in CARDS]

        def shown(conversation: str) -> tuple[Card, ...]:
            standing = [it.activity["attachments"] for it in teams.messages[conversation]]
            return tuple(next(card for card, it in known if it == found) for found in standing)

        yield Subject(
            chat=TeamsChat(connector, places, drawing),
            shown=shown,
            here=Conversation(Platform.TEAMS, "19:facebook@thread.tacv2"),
            there=Conversation(Platform.TEAMS, "19:x@thread.tacv2"),
            lund=Identity(Platform.TEAMS, people["lund"]),
            okafor=Identity(Platform.TEAMS, people["okafor"]),
        )
        assert teams.complaints == []


CHANGED = replace(full(), title="first, changed")
CARDS = (*(plain(title) for title in ("one", "two", "three", "first", "second")), plain(), CHANGED)


def _read_back(text: str, blocks: list[object]) -> Card:
    drawn = {card: render(card, {}) for card in CARDS}
    (found,) = (card for card, it in drawn.items() if (it.text, list(it.blocks)) == (text, blocks))
    return found


@pytest.fixture(params=[_fake, _sandbox, _slack, _teams], ids=["fake", "sandbox", "slack", "teams"])
async def subject(request: pytest.FixtureRequest) -> AsyncIterator[Subject]:
    make: Callable[[], AsyncGenerator[Subject]] = request.param
    async with aclosing(make()) as made:
        async for it in made:
            yield it


async def _posted(subject: Subject, to: Conversation, card: Card, key: str) -> str:
    delivery = await subject.chat.post(to, card, key)
    assert isinstance(delivery, Delivered)
    return delivery.ref


async def test_cards_stand_in_the_order_in_which_they_came(subject: Subject) -> None:
    cards = tuple(plain(title) for title in ("one", "two", "three"))
    for card in cards:
        await _posted(subject, subject.here, card, card.title)
    assert subject.shown(subject.here.id) == cards
    assert subject.shown(subject.there.id) == ()


async def test_the_same_key_shows_one_message(subject: Subject) -> None:
    first = await _posted(subject, subject.here, plain(), "key")
    again = await _posted(subject, subject.here, plain("changed meanwhile"), "key")
    assert first == again
    assert subject.shown(subject.here.id) == (plain(),)


async def test_one_key_in_two_conversations_is_two_messages(subject: Subject) -> None:
    here = await _posted(subject, subject.here, plain(), "key")
    there = await _posted(subject, subject.there, plain(), "key")
    assert here != there
    assert subject.shown(subject.here.id) == subject.shown(subject.there.id) == (plain(),)


async def test_an_update_redraws_the_card_where_it_stands(subject: Subject) -> None:
    ref = await _posted(subject, subject.here, plain("first"), "1")
    await _posted(subject, subject.here, plain("second"), "2")
    assert await subject.chat.update(subject.here, ref, CHANGED) == Delivered(ref)
    assert subject.shown(subject.here.id) == (CHANGED, plain("second"))


async def test_an_update_of_the_same_card_changes_nothing(subject: Subject) -> None:
    ref = await _posted(subject, subject.here, plain(), "1")
    assert await subject.chat.update(subject.here, ref, plain()) == Delivered(ref)
    assert subject.shown(subject.here.id) == (plain(),)


async def test_an_update_of_what_is_not_there_says_so(subject: Subject) -> None:
    ref = await _posted(subject, subject.here, plain(), "1")
    assert await subject.chat.update(subject.here, "nothing", plain("no")) == Gone()
    assert await subject.chat.update(subject.there, ref, plain("no")) == Gone()
    assert subject.shown(subject.here.id) == (plain(),)


async def test_another_platforms_conversation_is_rejected(subject: Subject) -> None:
    answer = await subject.chat.post(subject.elsewhere, plain(), "1")
    assert isinstance(answer, Rejected)


async def test_a_private_conversation_is_always_the_same(subject: Subject) -> None:
    chat, lund = subject.chat, subject.lund
    first, again = await chat.private(lund), await chat.private(lund)
    assert first is not None
    assert first == again
    assert first.platform is lund.platform
    assert await chat.private(subject.okafor) not in {first, None}
    assert await chat.private(replace(lund, platform=subject.elsewhere.platform)) is None


async def test_a_private_conversation_can_be_written_to(subject: Subject) -> None:
    to = await subject.chat.private(subject.lund)
    assert to is not None
    ref = await _posted(subject, to, plain("first"), "1")
    assert await subject.chat.update(to, ref, plain("second")) == Delivered(ref)
    assert subject.shown(to.id) == (plain("second"),)
