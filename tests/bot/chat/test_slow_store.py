"""The database stands still: Slack hears in time, and nobody is told of what isn't so."""

from __future__ import annotations

import asyncio
import os
from typing import TYPE_CHECKING

import pytest

from adapters.hearing import SLOW
from adapters.sentences import NOT_YET
from adapters.slack.listeners.leftovers import UNKNOWN
from adapters.slack.parts import SAVED_LATE
from moderation.posts.model import State
from tests.bot.chat.office import FACEBOOK_PLACE
from tests.fakes import slack_requests as ask
from tests.fakes.trust import FACEBOOK, LUND, OKAFOR, REED
from tests.faults.test_slow_store import stalled


if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.bot.chat.office import Office

SIZE = os.environ.get("SIZE", "quick")
STALL = {"quick": 1.0, "ci": 1.0, "full": 5.0}[SIZE]
PATIENCE = 0.3 if STALL < 3 else 2.5
"""Seconds: below the full size everything is quicker, and the order is the same."""
ANSWERED = 3.0 if SIZE == "full" else 20.0
"""Seconds until somebody has read an answer; asked for on a machine alone."""


@pytest.fixture
def hurried(office: Office) -> Office:
    office.workspace.patience.seconds = PATIENCE
    return office


async def test_a_click_is_heard_at_once_and_called_saved_when_it_is(
    hurried: Office, trust_database: str, record_property: Callable[[str, object], None]
) -> None:
    office = hurried
    post = await office.propose(REED, "The fair is on Saturday.", FACEBOOK)
    press = ask.interactive(office.pressing(OKAFOR, office.message(FACEBOOK_PLACE), "Approve"))
    async with stalled(trust_database):
        heard = await office.answer(press)
        assert (heard.status, heard.text) == (200, "")
        assert heard.seconds < 1
        record_property("acknowledged within, seconds", round(heard.seconds, 2))
        await asyncio.wait_for(office.slack.responded.wait(), ANSWERED - heard.seconds)
        assert [told.text for told in office.slack.responses] == [NOT_YET]
        await asyncio.sleep(STALL - PATIENCE)
        assert len(office.slack.responses) == 1
    await office.quiet()
    assert (await office.post(post)).state is State.RELEASED
    _, last = office.slack.responses
    assert last.text not in {NOT_YET, ""}


async def test_a_dialog_keeps_its_words_until_they_are_saved(
    hurried: Office, trust_database: str
) -> None:
    office = hurried
    post = await office.propose(REED, "The fair is on Saturday.", FACEBOOK)
    await office.press(LUND, office.message(FACEBOOK_PLACE), "Reject")
    dialog = office.dialog()
    async with stalled(trust_database):
        sent = ask.interactive(office.sending(LUND, dialog, reason="The date is wrong."))
        heard = await office.answer(sent)
        assert heard.seconds < 3
        assert heard.json == {"response_action": "errors", "errors": {"reason": NOT_YET}}
        await asyncio.sleep(STALL - PATIENCE)
    await office.quiet()
    # What was still open says that it is saved now.
    assert SAVED_LATE in str(dialog.body["blocks"])
    assert (await office.post(post)).state is State.REJECTED


async def test_what_takes_longer_than_slack_waits_is_not_called_unknown(
    office: Office, trust_database: str
) -> None:
    post = await office.propose(REED, "The fair is on Saturday.", FACEBOOK)
    await office.press(LUND, office.message(FACEBOOK_PLACE), "Reject")
    sent = ask.interactive(office.sending(LUND, office.dialog(), reason="The date is wrong."))
    # As on a machine so busy that even saying "not yet" comes too late.
    office.workspace.patience.seconds = 3.5
    async with stalled(trust_database):
        heard = await office.answer(sent)
        assert heard.seconds >= 3
        assert UNKNOWN not in heard.text
    await office.quiet()
    assert (await office.post(post)).state is State.REJECTED


async def test_a_form_that_waits_says_so_and_then_stands_there(
    hurried: Office, trust_database: str
) -> None:
    office = hurried
    post = await office.propose(REED, "The fair is on Saturday.", FACEBOOK)
    # Only PostgreSQL can keep somebody from reading.
    payload = office.pressing(LUND, office.message(FACEBOOK_PLACE), "Reject")
    async with stalled(trust_database):
        assert (await office.answer(ask.interactive(payload))).seconds < 1
        await asyncio.sleep(STALL)
        shown = office.dialog().body
        assert ("submit" in shown) is trust_database.startswith("sqlite")
        assert "submit" in shown or SLOW in str(shown["blocks"])
    await office.quiet()
    assert "submit" in office.dialog().body
    assert (await office.post(post)).state is State.IN_REVIEW


async def test_a_database_that_is_gone_is_a_sentence_with_a_number(office: Office) -> None:
    await office.application.database.close()
    payload = office.typing(REED, "/report", "It worries me.")
    await office.answer(ask.typed(payload))
    await office.workspace.patience.finish(10)
    number = "give this number to whoever runs Schoolgate: "
    dialog = str(office.dialog().body["blocks"])
    assert number in dialog
    # Slack doesn't keep what is typed behind a slash, so it is given back.
    assert "It worries me." in dialog
    await office.answer(ask.typed(office.typing(REED, "/channels", "")))
    await office.workspace.patience.finish(10)
    said = office.slack.responses[-1].text
    assert said.partition(number)[2].rstrip(".") in office.house.log.getvalue()
    assert "worries" not in office.house.log.getvalue()
    await office.application.database.open()
    await office.type(REED, "/report", "It worries me.")
    assert "submit" in office.dialog().body
