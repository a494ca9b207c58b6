"""What has to last, and what concerns nobody else, comes by private message: each kind of it.

Nothing of it is an ephemeral message, which is gone with the next start of somebody's Slack and may
never be seen on a phone.
"""

from __future__ import annotations

import importlib
import itertools
import os
import pkgutil
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

import moderation
from adapters.slack.chat import SlackChat
from adapters.slack.speaker import Speakers
from bot.gallery import gallery
from bot.relay.drawing import Drawers, NoAudience, NoCard, Reach, Told
from bot.relay.relay import Relay
from moderation.kernel import Asked, Audience, Identity, Platform, SubjectRef, Tell
from moderation.views import Card
from tests.bot.chat.office import user_of
from tests.fakes.slack_workspace import TEAM
from tests.fakes.trust import ADE, NOVAK, OKAFOR, REED


if TYPE_CHECKING:
    from moderation.kernel import BlobId, PersonId
    from storage.unit_of_work import Unit
    from tests.bot.chat.office import Office
    from tests.fakes.slack_workspace import Message

KIND = "everything"
SIZE = os.environ.get("SIZE", "quick")


def messages() -> tuple[str, ...]:
    """Every kind of private message that any room has."""
    found: list[str] = []
    for room in pkgutil.iter_modules(moderation.__path__):
        if not room.ispkg:
            continue
        name = f"moderation.{room.name}.effects"
        if importlib.util.find_spec(name) is not None:
            kinds = getattr(importlib.import_module(name), "Message", None)
            if kinds is not None:
                assert issubclass(kinds, StrEnum)
                found += [str(kind) for kind in kinds]
    return tuple(found)


@dataclass(frozen=True, slots=True)
class Everything(NoCard, NoAudience):
    """Draws a private message of each kind; how it is worded is tried elsewhere."""

    cards: Mapping[str, Card] = field(repr=False)

    async def notice(self, unit: Unit, tell: Tell, person: PersonId) -> Told | None:
        del unit, person
        return Told(self.cards[tell.message])


async def no_pictures(_card: Card) -> dict[BlobId, str]:
    return {}


def of_the_relay(office: Office, cards: Mapping[str, Card]) -> Relay:
    """The real one, over the real adapter; hours pass between any two messages."""
    shop, client = office.application.relay.workshop, office.workspace.line.client
    passing = itertools.count(0, 3_600)
    chat = SlackChat(
        client, no_pictures, Speakers(client, team=TEAM), now=lambda: float(next(passing))
    )
    reach = Reach(units=shop.units, chats={Platform.SLACK: chat})
    return Relay(replace(shop, reach=reach, drawers=Drawers({KIND: Everything(cards)})))


def whispered(office: Office) -> list[Message]:
    """All that only one person saw, and that nobody finds again."""
    return [*office.slack.workspace.ephemeral, *office.slack.responses]


async def test_each_kind_of_private_message_is_a_direct_message(office: Office) -> None:
    examples = gallery() if SIZE == "full" else gallery()[::5]
    kinds = messages()
    assert {"incident.please_ring", "post.head_asked", "link.linked", "hold.paused"} <= set(kinds)
    cards = dict(zip(kinds, itertools.cycle(it.card for it in examples), strict=False))
    cards |= {f"example:{it.name}": it.card for it in examples}
    subject = SubjectRef(KIND, "1")
    tells = [Tell(Audience.PERSON, kind, subject, person=OKAFOR) for kind in cards]
    by, at = Identity(Platform.SLACK, user_of(REED)), office.house.clock.now()
    async with office.application.units.write() as unit:
        await unit.effects.add(Asked(by=by, key="walk", at=at), subject, 1, tells)
        await unit.commit()
    await of_the_relay(office, cards).drain(1_000)

    private = office.slack.workspace.direct(user_of(OKAFOR))
    said = office.slack.called("chat.postMessage")
    assert len(said) == len(office.slack.workspace.messages[private.id]) == len(cards)
    assert {call.arguments["channel"] for call in said} == {private.id}
    assert private.id.startswith("D")
    assert office.slack.called("chat.postEphemeral") == ()
    assert whispered(office) == []


async def test_a_report_climbs_by_direct_messages_alone(office: Office) -> None:
    await office.type(REED, "/report", "A child cried at the gate.")
    await office.submit(REED, office.dialog(), words="A child cried at the gate.")
    workspace = office.slack.workspace
    lead = office.message(workspace.direct(user_of(NOVAK)).id)
    await office.press(NOVAK, lead, "Read it")
    # Unanswered, it goes on to whoever is next; in the end its reporter is told whom to ring.
    for _ in range(6):
        office.house.clock.pass_by(timedelta(minutes=10, seconds=1))
        await office.settle()
    told = {
        channel.user
        for channel in workspace.channels.values()
        for message in workspace.messages.get(channel.id, ())
        if "concern" in message.text or "report" in message.text
    }
    assert {user_of(REED), user_of(NOVAK), user_of(ADE)} <= told
    assert "" not in told
    reporters = workspace.texts(workspace.direct(user_of(REED)).id)
    assert any("Please ring" in text for text in reporters)
    # Who wrote it hears at once that it went out, and nothing of it besides.
    [answer] = whispered(office)
    assert (answer.user, answer.text.splitlines()[0][:10]) == (user_of(REED), "Thank you.")
    assert "cried" not in answer.text
    assert answer.blocks[0]["type"] == "rich_text"
    assert len(answer.blocks) == 1
