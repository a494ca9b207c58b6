"""What was typed in a dialog stays in it until it is saved, and nothing of it is announced."""

from __future__ import annotations

import asyncio
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import pytest
import structlog

from adapters.door import Declined
from adapters.sentences import NOT_YET
from adapters.teams import payload
from adapters.teams.compose_views import ACCOUNTS, TEXT, WHEN
from adapters.teams.hearing import PRESS_AGAIN
from adapters.teams.payload import DAY_AND_TIME
from adapters.teams.presses import execute
from moderation.incidents.present import EMERGENCY
from moderation.views import Intent
from tests.bot.chat.teams_office import FACEBOOK_ROOM, action
from tests.bot.chat.test_teams_composing import (
    ENTERED,
    FAIR,
    NAMED,
    data,
    dialog,
    filled,
    invoke,
    told,
    used,
)
from tests.fakes import teams_requests as ask
from tests.fakes.trust import FACEBOOK, HART, NOVAK, OKAFOR, REED


if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterator

    from tests.bot.chat.teams_office import Heard, TeamsOffice

Json = dict[str, Any]

WORRY = "He says that he is afraid to go home."


def door_of(teams: TeamsOffice) -> type:
    return type(teams.connected.front.turns._bot._hear.parts.door)  # noqa: SLF001


@contextmanager
def stalled(teams: TeamsOffice, monkeypatch: pytest.MonkeyPatch, *names: str) -> Iterator[None]:
    """The store answers nothing that these ask, until the end."""
    door, go_on = door_of(teams), asyncio.Event()

    def waiting(does: Callable[..., Awaitable[object]]) -> Callable[..., Awaitable[object]]:
        async def slowly(*a: object, **k: object) -> object:
            await go_on.wait()
            return await does(*a, **k)

        return slowly

    for name in names:
        monkeypatch.setattr(door, name, waiting(getattr(door, name)))
    teams.connected.patience.seconds = 0.05
    try:
        yield
    finally:
        teams.connected.patience.seconds = 5
        go_on.set()


async def entered(teams: TeamsOffice, value: Json) -> Heard:
    """A dialog is sent, and what follows isn't waited for."""
    url = teams.teams.service_url
    asked = ask.invoke(teams.someone(REED), url, ENTERED, {"data": value}, FACEBOOK_ROOM)
    return await teams.answer(asked)


def values(card: Json) -> Json:
    """What stands in the inputs of a form, as a client sends it."""
    return {
        it["id"]: str(it.get("value", ""))
        for it in _inside(card)
        if str(it.get("type", "")).startswith("Input.")
    }


def _inside(card: object) -> Iterator[Json]:
    if isinstance(card, dict):
        yield card
    for inside in card.values() if isinstance(card, dict) else card:  # type: ignore[attr-defined]
        if isinstance(inside, dict | list):
            yield from _inside(inside)


async def a_report(teams: TeamsOffice) -> Json:
    """What a client sends of a report of a message."""
    form = dialog(await used(teams, REED, "report", body={"contentType": "text", "content": WORRY}))
    chosen = {
        it["id"]: it["choices"][0]["value"]
        for it in _inside(form)
        if it.get("choices") and not it.get("value")
    }
    return data(form, **values(form) | chosen)


# -- slow ------------------------------------------------------------------------------------------


async def test_a_slow_store_leaves_the_form_of_a_post_as_it_was_filled_in(
    teams: TeamsOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent = filled(dialog(await used(teams, REED, "propose")), FAIR)
    with stalled(teams, monkeypatch, "draft"):
        again = dialog(await entered(teams, sent))
        assert NOT_YET in str(again)
        assert values(again)[payload.words_id(TEXT)] == FAIR
        assert values(again)[payload.many_id(ACCOUNTS)] == payload.items([FACEBOOK])
        # However often it is pressed, it says so once.
        twice = dialog(await entered(teams, data(again, **values(again))))
        assert str(twice).count(NOT_YET) == 1
    await teams.quiet()
    assert FAIR in str(teams.message(FACEBOOK_ROOM).card)
    before = len(teams.teams.messages[FACEBOOK_ROOM])
    assert "already" in told(await invoke(teams, REED, ENTERED, {"data": data(again, **sent)}))
    assert len(teams.teams.messages[FACEBOOK_ROOM]) == before


async def test_what_is_stopped_late_comes_back_privately_with_the_form(
    teams: TeamsOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent = filled(dialog(await used(teams, REED, "propose")), NAMED)
    standing = len(teams.teams.messages[FACEBOOK_ROOM])
    with stalled(teams, monkeypatch, "draft"):
        dialog(await entered(teams, sent))
    await teams.quiet()
    form = teams.private(REED)[-1]
    assert "Amelia Khan" in str(form.card)
    assert len(teams.teams.messages[FACEBOOK_ROOM]) == standing
    send = action(form.card, "Propose")
    better = values(form.card) | {payload.words_id(TEXT): FAIR}
    url = teams.teams.service_url
    heard = await teams.send(ask.pressed(teams.someone(REED), url, send, card=form.id, **better))
    assert heard.status == 200
    assert FAIR in str(teams.message(FACEBOOK_ROOM).card)


async def test_a_slow_report_keeps_its_words_and_is_announced_to_nobody(
    teams: TeamsOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent = await a_report(teams)
    standing = teams.teams.texts(FACEBOOK_ROOM)
    with stalled(teams, monkeypatch, "do"):
        again = dialog(await entered(teams, sent))
        assert NOT_YET in str(again)
        assert EMERGENCY in str(again)
        assert values(again)[payload.words_id("words")] == WORRY
    await teams.quiet()
    assert any("concern" in str(it.card).lower() for it in teams.private(NOVAK))
    assert teams.teams.texts(FACEBOOK_ROOM) == standing


async def test_after_a_restart_the_words_stay_and_nothing_else_is_lost(
    teams: TeamsOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent = await a_report(teams)
    teams.connected.front.turns._bot._hear.parts.open.forget()  # noqa: SLF001 -- as a restart does
    with stalled(teams, monkeypatch, "do"):
        again = dialog(await entered(teams, sent))
        assert values(again)[payload.words_id("words")] == WORRY
    assert data(again, **values(again)) == sent


async def test_nobody_else_is_shown_what_stands_in_a_dialog(
    teams: TeamsOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent = await a_report(teams)
    forged = {it: sent[it] for it in ("sg", "verb", "request")} | {payload.words_id("words"): "?"}

    async def breaks(*_a: object, **_k: object) -> None:
        raise RuntimeError

    monkeypatch.setattr(door_of(teams), "do", breaks)
    heard = await invoke(teams, HART, ENTERED, {"data": forged})
    assert WORRY not in str(heard.body)


# -- wrong -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("what", ["post", "report"])
async def test_a_fault_leaves_what_was_typed(
    teams: TeamsOffice, monkeypatch: pytest.MonkeyPatch, what: str
) -> None:
    post = filled(dialog(await used(teams, REED, "propose")), FAIR)
    sent = await a_report(teams) if what == "report" else post

    async def breaks(*_a: object, **_k: object) -> None:
        raise RuntimeError

    with monkeypatch.context() as broken, structlog.testing.capture_logs() as logged:
        broken.setattr(door_of(teams), "do", breaks)
        again = dialog(await invoke(teams, REED, ENTERED, {"data": sent}))
    assert next(it["request"] for it in logged if it["event"] == "teams.failed") in str(again)
    assert (WORRY if what == "report" else FAIR) in values(again).values()
    assert told(await invoke(teams, REED, ENTERED, {"data": data(again, **values(again))}))


async def test_a_report_that_is_declined_keeps_its_words(
    teams: TeamsOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent = await a_report(teams)

    async def declines(*_a: object, **_k: object) -> Declined:
        return Declined(sentences=("Not now.", EMERGENCY))

    monkeypatch.setattr(door_of(teams), "do", declines)
    again = dialog(await invoke(teams, REED, ENTERED, {"data": sent}))
    assert "Not now." in str(again)
    assert WORRY in values(again).values()


async def test_a_day_without_a_time_is_said_in_the_form(teams: TeamsOffice) -> None:
    sent = filled(dialog(await used(teams, REED, "propose")), FAIR)
    sent[payload.date_id(WHEN)] = "2026-11-30"
    again = dialog(await invoke(teams, REED, ENTERED, {"data": sent}))
    assert DAY_AND_TIME in str(again)
    assert values(again)[payload.words_id(TEXT)] == FAIR
    assert values(again)[payload.date_id(WHEN)] == "2026-11-30"


async def test_who_may_not_change_a_post_any_more_keeps_their_words(
    teams: TeamsOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    await teams.propose(REED, FAIR, FACEBOOK)
    fetched = {"data": {**action(teams.message(FACEBOOK_ROOM).card, "Change it")["data"]}}
    form = dialog(await invoke(teams, REED, "task/fetch", fetched))

    async def nobody(*_a: object, **_k: object) -> None:
        return None

    monkeypatch.setattr(door_of(teams), "draft", nobody)
    better = FAIR.replace("ten", "eleven")
    again = dialog(await invoke(teams, REED, "task/submit", {"data": filled(form, better)}))
    assert "You can't change that post" in str(again)
    assert better in values(again).values()


# -- said to nobody else ---------------------------------------------------------------------------


async def test_a_draft_that_is_kept_is_shown_privately_without_a_word_in_the_channel(
    teams: TeamsOffice,
) -> None:
    sent = {"data": filled(dialog(await used(teams, REED, "propose")), NAMED)}
    standing = teams.teams.texts(FACEBOOK_ROOM)
    await invoke(teams, REED, ENTERED, sent)
    assert "private chat" in told(await invoke(teams, REED, ENTERED, sent))
    assert "Amelia Khan" in str(teams.private(REED)[-1].card)
    assert teams.teams.texts(FACEBOOK_ROOM) == standing


async def test_what_could_not_be_shown_in_time_is_said_to_be_there(
    teams: TeamsOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A card for one person's eyes can't come late by a message, which would stay."""
    post = await teams.propose(REED, FAIR, FACEBOOK)
    card, url = teams.message(FACEBOOK_ROOM), teams.teams.service_url
    history = execute("History", Intent(verb="post.history", id=post))
    asked = ask.pressed(teams.someone(OKAFOR), url, history, FACEBOOK_ROOM, card.id)
    with stalled(teams, monkeypatch, "history"):
        assert (await teams.answer(asked)).said == NOT_YET
    await teams.quiet()
    assert teams.private(OKAFOR)[-1].text == PRESS_AGAIN
    assert "Sam Reed" in str((await teams.send(asked | {"id": "f:again"})).card)


async def test_a_redrawing_that_teams_asks_for_is_nobody_speaking(
    teams: TeamsOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    await teams.propose(REED, FAIR, FACEBOOK)
    card = teams.message(FACEBOOK_ROOM)
    before = len(teams.private(OKAFOR))
    greeter, heard = type(teams.connected.front.turns._bot._hear.parts.greeter), []  # noqa: SLF001

    async def greets(*_a: object, **_k: object) -> tuple[str, ...]:
        heard.append(1)
        return ("Welcome.",)

    monkeypatch.setattr(greeter, "hear", greets)
    see = {**card.card["refresh"]["action"]}
    url = teams.teams.service_url

    async def redrawn(**more: str) -> Heard:
        asked = ask.pressed(teams.someone(OKAFOR), url, see, FACEBOOK_ROOM, card.id, **more)
        return await teams.send(asked)

    assert FAIR in str((await redrawn(trigger="automatic")).card)
    assert heard == []

    async def breaks(*_a: object, **_k: object) -> None:
        raise RuntimeError

    with monkeypatch.context() as broken:
        broken.setattr(door_of(teams), "card", breaks)
        assert (await redrawn(trigger="automatic")).body["statusCode"] == 404
    with stalled(teams, monkeypatch, "card"):
        asked = ask.pressed(
            teams.someone(OKAFOR), url, see, FACEBOOK_ROOM, card.id, trigger="automatic"
        )
        assert (await teams.answer(asked)).body["statusCode"] == 404
    await teams.quiet()
    assert len(teams.private(OKAFOR)) == before
    teams.someone(OKAFOR).role = "guest"
    assert not (await redrawn(trigger="automatic")).said
