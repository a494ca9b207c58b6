"""How somebody in Teams is answered: to them alone, once, and also where something goes wrong."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import structlog

from adapters.sentences import NOT_YET
from adapters.teams.answers import ADD_ME
from adapters.teams.listeners.commands import STANDS_THERE
from adapters.teams.presses import execute
from moderation.incidents.present import EMERGENCY
from moderation.kernel import SubjectRef
from moderation.posts.model import State
from moderation.views import Intent
from tests.bot.chat.teams_office import FACEBOOK_ROOM, action, filled, titles
from tests.fakes import teams_requests as ask
from tests.fakes.teams_connector import Says
from tests.fakes.trust import FACEBOOK, LUND, NOVAK, OKAFOR, REED
from tests.parity import shows


if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    import pytest

    from tests.bot.chat.teams_office import TeamsOffice

WORDS = "The fair is on Saturday."


# -- for their eyes alone --------------------------------------------------------------------------


async def test_what_somebody_reads_in_a_channel_is_in_their_own_card(teams: TeamsOffice) -> None:
    post = await teams.propose(REED, WORDS, FACEBOOK)
    card = teams.message(FACEBOOK_ROOM)
    standing, drawings = len(teams.teams.messages[FACEBOOK_ROOM]), card.drawings
    history = execute("History", Intent(verb="post.history", id=post))
    url = teams.teams.service_url
    heard = await teams.send(
        ask.pressed(teams.someone(OKAFOR), url, history, FACEBOOK_ROOM, card.id)
    )
    assert heard.body["type"] == "application/vnd.microsoft.card.adaptive"
    assert "Sam Reed" in str(heard.card)
    assert len(teams.teams.messages[FACEBOOK_ROOM]) == standing
    assert card.drawings == drawings


async def test_an_old_client_gets_nothing_that_would_stay(teams: TeamsOffice) -> None:
    post = await teams.propose(REED, WORDS, FACEBOOK)
    card = teams.message(FACEBOOK_ROOM)
    pressed = execute("History", Intent(verb="post.history", id=post))
    url = teams.teams.service_url
    before = len(teams.private(OKAFOR))
    await teams.send(ask.submitted(teams.someone(OKAFOR), url, pressed, FACEBOOK_ROOM, card.id))
    (said,) = teams.private(OKAFOR)[before:]
    assert "too old" in said.text
    assert not said.card


async def test_whoever_cannot_be_answered_privately_hears_how(teams: TeamsOffice) -> None:
    person = teams.someone(OKAFOR)
    person.installed = teams.teams.rooms[person.chat].here = False
    await teams.say(OKAFOR, "queue", FACEBOOK_ROOM)
    assert teams.message(FACEBOOK_ROOM).text == ADD_ME
    assert teams.private(OKAFOR) == []


@shows("report", on="teams")
async def test_a_report_is_written_and_sent_in_the_private_chat(teams: TeamsOffice) -> None:
    await teams.say(REED, "/report Somebody wrote our pupils privately")
    form = teams.private(REED)[-1]
    sent = action(form.card, "Send the report") if "Send the report" in titles(form.card) else None
    found = sent or action(form.card, titles(form.card)[0])
    inputs = filled(found, words="Somebody wrote our pupils privately")
    url = teams.teams.service_url
    body = ask.pressed(teams.someone(REED), url, found, card=form.id, **inputs)
    for _ in range(2):
        assert (await teams.send(body)).status == 200
    cards = [it for it in teams.private(NOVAK) if it.card]
    assert len(cards) == 1
    assert not any("privately" in text for text in teams.teams.texts(FACEBOOK_ROOM))


async def test_a_stranger_who_reports_hears_first_what_to_do_now(teams: TeamsOffice) -> None:
    teams.someone(LUND).role = "guest"
    await teams.say(LUND, "report")
    assert teams.private(LUND)[-1].text.startswith(EMERGENCY)


# -- once ------------------------------------------------------------------------------------------


async def test_a_message_that_is_delivered_twice_is_answered_once(teams: TeamsOffice) -> None:
    body = ask.message(teams.someone(REED), teams.teams.service_url, "help")
    await asyncio.gather(*(teams.answer(body) for _ in range(5)))
    await teams.quiet()
    assert len(teams.private(REED)) == 1


@shows("pause", on="teams")
async def test_a_pause_that_is_delivered_after_a_restart_too_counts_once(
    teams: TeamsOffice,
) -> None:
    body = ask.message(teams.someone(NOVAK), teams.teams.service_url, "/pause A parent rang.")
    await teams.send(body)
    teams.connected.front.turns._bot._hear.parts.once._heard.clear()  # noqa: SLF001 -- as after a restart
    await teams.send(body)
    async with teams.application.units.read() as unit:
        history = await unit.audit.history(SubjectRef("hold", "oakfield"))
    assert len(history) == 1


# -- where something goes wrong --------------------------------------------------------------------


async def test_a_throttled_answer_comes_all_the_same_and_once(teams: TeamsOffice) -> None:
    teams.teams.fail("send", Says(429, retry="1"), Says(412, retry="1"))
    await teams.say(REED, "help")
    assert len(teams.private(REED)) == 1


async def test_a_lost_answer_is_not_said_twice(teams: TeamsOffice) -> None:
    teams.teams.fail("send", Says(502, done=True))
    await teams.say(REED, "help")
    assert len(teams.private(REED)) == 1


async def test_our_fault_is_said_with_a_number_that_the_log_knows(
    teams: TeamsOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    door = type(teams.connected.front.turns._bot._hear.parts.door)  # noqa: SLF001

    async def breaks(*_a: object, **_k: object) -> None:
        raise RuntimeError("Zephyrine Quillfeather")

    await teams.propose(REED, WORDS, FACEBOOK)
    monkeypatch.setattr(door, "queue", breaks)
    monkeypatch.setattr(door, "do", breaks)
    with structlog.testing.capture_logs() as logged:
        await teams.say(OKAFOR, "queue")
        heard = await teams.press(OKAFOR, teams.message(FACEBOOK_ROOM), "Approve")
    numbers = [it["request"] for it in logged if it["event"] == "teams.failed"]
    assert numbers[0] in teams.private(OKAFOR)[-1].text
    assert numbers[1] in heard.said
    assert heard.status == 200


async def test_a_slow_store_is_waited_for_and_what_came_late_is_told(
    teams: TeamsOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    post = await teams.propose(REED, WORDS, FACEBOOK)
    card = teams.message(FACEBOOK_ROOM)
    parts = teams.connected.front.turns._bot._hear.parts  # noqa: SLF001
    door, go_on = type(parts.door), asyncio.Event()
    does: Callable[..., Awaitable[object]] = door.do

    async def slowly(*a: object, **k: object) -> object:
        await go_on.wait()
        return await does(*a, **k)

    monkeypatch.setattr(door, "do", slowly)
    teams.connected.patience.seconds = 0.05
    heard = await teams.answer(teams.pressing(OKAFOR, card, "Approve"))
    assert heard.said == NOT_YET
    before = len(teams.private(OKAFOR))
    go_on.set()
    await teams.quiet()
    assert (await teams.post(post)).state is State.RELEASED
    assert len(teams.private(OKAFOR)) > before


async def test_a_concern_written_in_a_channel_is_said_to_stand_there(teams: TeamsOffice) -> None:
    await teams.say(REED, "report Somebody wrote our pupils privately", FACEBOOK_ROOM)
    assert any(STANDS_THERE in it.text for it in teams.private(REED))
    assert any("Send" in str(titles(it.card)) for it in teams.private(REED) if it.card)
    assert not any("wrote our pupils" in it for it in teams.teams.texts(FACEBOOK_ROOM))
    await teams.say(OKAFOR, "report", FACEBOOK_ROOM)
    await teams.say(NOVAK, "report Somebody wrote our pupils privately")
    for person in (OKAFOR, NOVAK):
        assert not any(STANDS_THERE in it.text for it in teams.private(person))
