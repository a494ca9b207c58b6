"""Somebody from outside joins a channel after it was chosen: cards leave it, and come back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import pytest

from bot.chat import slack
from moderation.kernel import Platform
from moderation.ports import Conversation
from tests.bot.chat.office import FACEBOOK_PLACE, user_of
from tests.fakes import slack_requests as ask
from tests.fakes.slack_api import Broken
from tests.fakes.slack_workspace import APP, TEAM
from tests.fakes.trust import ADE, FACEBOOK, LUND, OKAFOR, REED


if TYPE_CHECKING:
    from collections.abc import Callable

    from moderation.kernel import PersonId
    from tests.bot.chat.office import Office

GUEST: Final = "U0GUEST001"
WORDS: Final = "The fair is on Saturday."
HERE: Final = Conversation(Platform.SLACK, FACEBOOK_PLACE)


def join(office: Office) -> None:
    office.slack.workspace.add_user(GUEST, is_restricted=True)
    office.slack.workspace.channels[FACEBOOK_PLACE].members.add(GUEST)


def leave(office: Office) -> None:
    office.slack.workspace.channels[FACEBOOK_PLACE].members.discard(GUEST)


def share(office: Office) -> None:
    office.slack.workspace.channels[FACEBOOK_PLACE].flags["is_ext_shared"] = True


async def look(office: Office) -> None:
    await office.workspace.homes.look()
    await office.settle()


def private(office: Office, person: PersonId) -> tuple[str, ...]:
    return office.slack.workspace.texts(office.slack.workspace.direct(user_of(person)).id)


def event(kind: str, **told: object) -> ask.Sent:
    happened: dict[str, Any] = {"type": kind, "channel": FACEBOOK_PLACE, **told}
    return ask.happened(
        {
            "type": "event_callback",
            "event_id": f"Ev0{kind.upper()}",
            "team_id": TEAM,
            "api_app_id": APP,
            "event": happened,
        }
    )


@pytest.mark.parametrize(
    ("change", "why"),
    [
        (join, "there are guests in this channel"),
        (share, "this channel is shared with another organisation"),
    ],
    ids=["guest", "shared"],
)
async def test_cards_leave_a_channel_that_others_can_read(
    office: Office, change: Callable[[Office], None], why: str
) -> None:
    await look(office)
    await office.propose(REED, WORDS, FACEBOOK)
    assert WORDS in str(office.message(FACEBOOK_PLACE).body)
    change(office)
    await look(office)
    (card,) = office.slack.workspace.messages[FACEBOOK_PLACE]
    assert WORDS not in str(card.body)
    assert f"Cards are no longer shown here: {why}." in card.text
    # Whoever may say yes has it privately now, and so it goes with the next one.
    assert any(WORDS in text for text in private(office, OKAFOR))
    await office.propose(REED, "Football on Friday.", FACEBOOK)
    assert len(office.slack.workspace.messages[FACEBOOK_PLACE]) == 1
    assert any("Football" in text for text in private(office, LUND))


async def test_who_may_choose_another_channel_hears_of_it_once(office: Office) -> None:
    join(office)
    await look(office)
    await look(office)
    (told,) = [text for text in private(office, ADE) if "their channel" in text]
    assert "there are guests in this channel" in told
    assert not any("their channel" in text for text in private(office, REED))


async def test_who_could_not_be_told_is_told_later(office: Office) -> None:
    join(office)
    office.slack.fail("chat.postMessage", *[Broken(503)] * 4)
    await look(office)
    await look(office)
    assert len([it for it in private(office, ADE) if "their channel" in it]) == 1


async def test_when_the_guest_is_gone_the_cards_come_back(office: Office) -> None:
    await office.propose(REED, WORDS, FACEBOOK)
    join(office)
    await look(office)
    leave(office)
    await look(office)
    (card,) = office.slack.workspace.messages[FACEBOOK_PLACE]
    assert WORDS in card.text
    assert office.application.reach.closed == {}


async def test_an_outage_opens_nothing_and_closes_nothing(office: Office) -> None:
    await look(office)
    office.slack.fail("conversations.info", *[Broken(503)] * 2)
    await look(office)
    assert office.application.reach.closed == {}
    join(office)
    await look(office)
    office.slack.fail("conversations.info", *[Broken(503)] * 2)
    await look(office)
    assert HERE in office.application.reach.closed


async def test_what_was_never_judged_gets_no_card(office: Office) -> None:
    office.slack.fail("conversations.info", *[Broken(503)] * 2)
    await look(office)
    await office.propose(REED, WORDS, FACEBOOK)
    assert office.slack.workspace.messages[FACEBOOK_PLACE] == []
    assert any(WORDS in text for text in private(office, OKAFOR))
    await look(office)
    assert office.application.reach.closed == {}


@pytest.mark.parametrize("kind", ["member_joined_channel", "channel_shared"])
async def test_slack_tells_at_once_that_somebody_joined(office: Office, kind: str) -> None:
    await office.propose(REED, WORDS, FACEBOOK)
    join(office)
    heard = await office.send(event(kind, user=GUEST))
    assert heard.status == 200
    assert WORDS not in str(office.message(FACEBOOK_PLACE).body)


async def test_a_new_process_looks_before_it_delivers(office: Office) -> None:
    join(office)
    await office.house.stop(office.application)
    again = await office.house.start({Platform.SLACK: slack.connect})
    assert HERE in again.reach.closed
    await office.house.stop(again)
