"""A post is put right in Teams, by the form that stands in the card's place."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from adapters import writing
from adapters.payloads import BadPayload
from adapters.teams import compose_views as draw, payload
from adapters.teams.limits import problems
from bot.chat.doors import door_of
from moderation.checks.model import Pictured, Who
from moderation.kernel import Identity, Platform, PostId
from moderation.posts.commands import Propose
from moderation.posts.model import Attachment, Content, State
from moderation.views import Intent
from tests.adapters.images.pictures import png
from tests.adapters.slack.test_inert import strings
from tests.adapters.teams.pressing import inputs, sends
from tests.bot.chat.teams_office import user_of
from tests.fakes import teams_requests as ask
from tests.fakes.trust import AMELIA, FACEBOOK, LUND, OKAFOR, REED
from tests.parity import shows
from tests.proves import proves


if TYPE_CHECKING:
    from collections.abc import Mapping

    from moderation.kernel import PersonId
    from tests.bot.chat.teams_office import Heard, TeamsOffice

NAMED = "Amelia Khan of 4B has won the chess cup."
FAIR = "The fair is on Saturday."
TEXT, WHO = payload.words_id("text"), payload.words_id("who")
ALSO, STAFF = payload.many_id("also"), payload.many_id("staff")


async def opened(teams: TeamsOffice, post: PostId, person: PersonId = REED) -> Heard:
    """Somebody presses *Change it*."""
    return await press(teams, person, payload.data(revise(await seen(teams, post), post)))


def revise(rev: int, post: PostId) -> Intent:
    return Intent(verb="post.revise", id=post, rev=rev)


async def seen(teams: TeamsOffice, post: PostId) -> int:
    return (await teams.post(post)).revision.number


async def press(teams: TeamsOffice, person: PersonId, data: Mapping[str, Any]) -> Heard:
    """Whatever a card of theirs sends."""
    action = {"verb": data["verb"], "data": dict(data)}
    url = teams.teams.service_url
    heard = await teams.send(ask.pressed(teams.someone(person), url, action))
    if heard.card:
        assert problems(heard.card) == ()
    return heard


async def put_right(
    teams: TeamsOffice, shown: Heard, typed: Mapping[str, str], person: PersonId = REED
) -> Heard:
    return await press(teams, person, sends(shown.card, draw.PROPOSE, typed))


async def with_picture(teams: TeamsOffice) -> PostId:
    """A draft with a picture of which nothing is said yet."""
    door, by = door_of(teams.application), Identity(Platform.TEAMS, user_of(REED))
    taken = await door.upload(png(), file_name="cup.png", by=by)
    blob = getattr(taken, "blob", None)
    assert blob is not None
    post = PostId(teams.application.ids.new())
    content = Content(text=FAIR, accounts=(FACEBOOK,), attachments=(Attachment(blob=blob, alt=""),))
    await door.do(Propose(post=post, content=content), by=by, key=f"seed:{post}")
    await teams.settle()
    return post


@shows("revise", "stopped", on="teams")
async def test_what_was_stopped_is_put_right_and_goes_on(teams: TeamsOffice) -> None:
    post = await teams.propose(REED, NAMED, FACEBOOK)
    assert (await teams.post(post)).state is State.DRAFT
    form = await opened(teams, post)
    assert next(it for it in inputs(form.card) if it["id"] == TEXT)["value"] == NAMED
    done = await put_right(teams, form, {TEXT: FAIR})
    assert "Waiting for a second yes" in str(done.card)
    stored = await teams.post(post)
    assert (stored.state, stored.content.text) == (State.IN_REVIEW, FAIR)


async def test_what_still_is_wrong_stands_at_its_field_and_is_kept_when_it_is_meant(
    teams: TeamsOffice,
) -> None:
    post = await teams.propose(REED, NAMED, FACEBOOK)
    form = await opened(teams, post)
    other = "Amelia Khan has won it."
    again = await put_right(teams, form, {TEXT: other})
    said = list(strings(again.card["body"]))
    assert any(it.startswith("“Amelia Khan”") for it in said)
    assert next(it for it in inputs(again.card) if it["id"] == TEXT)["value"] == other
    assert (await teams.post(post)).content.text == NAMED
    await put_right(teams, again, {})
    stored = await teams.post(post)
    assert (stored.state, stored.content.text) == (State.DRAFT, other)


async def test_sent_twice_it_is_one_version(teams: TeamsOffice) -> None:
    post = await teams.propose(REED, NAMED, FACEBOOK)
    form = await opened(teams, post)
    for _ in range(2):
        assert (await put_right(teams, form, {TEXT: FAIR})).status == 200
    assert (await teams.post(post)).revision.number == 2


async def test_nobody_else_may_change_it(teams: TeamsOffice) -> None:
    post = await teams.propose(REED, NAMED, FACEBOOK)
    form = await opened(teams, post)
    for heard in (await opened(teams, post, LUND), await put_right(teams, form, {}, LUND)):
        assert not inputs(heard.card)
        assert "can't change that post" in str(heard.body)


@shows("pupils", on="teams")
async def test_a_picture_is_described_and_its_child_found_by_name(teams: TeamsOffice) -> None:
    post = await with_picture(teams)
    form = await opened(teams, post)
    alt = next(it["id"] for it in inputs(form.card) if it["id"].startswith("f_alt:"))
    search = next(it for it in inputs(form.card) if it["id"] == ALSO)
    found = await look_up(teams, search, "Ame")
    assert [it["value"] for it in found] == [AMELIA]
    empty = await put_right(teams, form, {WHO: Who.THESE.value})
    assert {writing.NO_ALT, writing.NO_PUPILS} <= set(strings(empty.card))
    named = {WHO: Who.THESE.value, alt: "A cup on a table", ALSO: found[0]["value"]}
    await put_right(teams, form, named)
    stored = (await teams.post(post)).content
    assert stored.pictured.pupils == {AMELIA}
    assert [it.alt for it in stored.attachments] == ["A cup on a table"]


@shows("pupils", on="teams")
async def test_of_a_class_it_is_asked_who_is_not_in_it(teams: TeamsOffice) -> None:
    post = await with_picture(teams)
    form = await opened(teams, post)
    alt = next(it["id"] for it in inputs(form.card) if it["id"].startswith("f_alt:"))
    who = next(it for it in inputs(form.card) if it["id"] == WHO)
    whole = next(it["value"] for it in who["choices"] if it["value"].startswith(writing.FORM))
    asks = await put_right(teams, form, {WHO: whole, alt: "A cup on a table"})
    but = next(it for it in inputs(asks.card) if it["id"] == payload.many_id("but"))
    assert (await teams.post(post)).revision.number == 1
    others = [it["value"] for it in but["choices"] if it["value"] != AMELIA]
    await put_right(teams, asks, {but["id"]: ",".join(others)})
    stored = (await teams.post(post)).content.pictured
    assert stored == Pictured(Who.THESE, frozenset({AMELIA}))


@shows("colleagues", on="teams")
@proves("STEP-STAFF-2", platform="teams")
async def test_a_colleague_who_would_rather_not_be_shown_is_found_by_name_and_stops_it(
    teams: TeamsOffice,
) -> None:
    async with teams.application.units.write() as unit:
        lund = await unit.people.get(LUND)
        assert lund is not None
        await unit.people.save((replace(lund, may_be_shown=False),))
        await unit.commit()
    post = await with_picture(teams)
    form = await opened(teams, post)
    alt = next(it["id"] for it in inputs(form.card) if it["id"].startswith("f_alt:"))
    search = next(it for it in inputs(form.card) if it["id"] == STAFF)
    assert await look_up(teams, search, "Nobody") == []
    [found] = await look_up(teams, search, "lun")
    assert (found["value"], found["title"]) == (LUND, "Mr Erik Lund · staff")
    [okafor] = await look_up(teams, search, "Okafor")
    both = f"{LUND},{okafor['value']}"
    filled = {WHO: Who.NOBODY.value, alt: "A cup on a table", STAFF: both}
    wrong = await put_right(teams, form, filled)
    assert any("would rather not be shown: E.L. " in it for it in strings(wrong.card))
    again = next(it for it in inputs(wrong.card) if it["id"] == STAFF)
    assert {it["title"] for it in again["choices"]} == {
        *("Mr Erik Lund · staff", "Mrs Ngozi Okafor · business manager")
    }
    assert (await teams.post(post)).revision.number == 1
    await put_right(teams, wrong, {STAFF: okafor["value"]})
    stored = (await teams.post(post)).content.pictured
    assert stored == Pictured(Who.NOBODY, staff=frozenset({OKAFOR}))
    reopened = await opened(teams, post)
    (kept,) = next(it for it in inputs(reopened.card) if it["id"] == STAFF)["choices"]
    assert kept["value"] == OKAFOR


async def look_up(teams: TeamsOffice, search: Mapping[str, Any], typed: str) -> list[Any]:
    value = {
        "queryText": typed,
        "queryOptions": {"skip": 0, "top": 15},
        "dataset": search["choices.data"]["dataset"],
    }
    url = teams.teams.service_url
    heard = await teams.send(ask.invoke(teams.someone(REED), url, "application/search", value))
    found: list[Any] = heard.body["value"]["results"]
    return found


@pytest.mark.parametrize("dataset", ["films/1", "pupils/", "pupils/nothing", 7])
async def test_another_search_finds_nothing(teams: TeamsOffice, dataset: object) -> None:
    search = {"choices.data": {"dataset": dataset}}
    assert await look_up(teams, search, "Ame") == []


async def test_a_forged_form_changes_nothing(teams: TeamsOffice) -> None:
    post = await teams.propose(REED, NAMED, FACEBOOK)
    form = await opened(teams, post)
    data = sends(form.card, draw.PROPOSE, {TEXT: FAIR})
    assert isinstance(payload.read({**data, "memo": "x" * 9_999}), BadPayload)
    for change in ({"memo": "no JSON"}, {"request": ""}):
        heard = await press(teams, REED, {**data, **change})
        assert "That can't be read." in str(heard.body)
    assert (await teams.post(post)).content.text == NAMED


async def test_there_is_a_way_back_without_filling_anything_in(teams: TeamsOffice) -> None:
    post = await teams.propose(REED, NAMED, FACEBOOK)
    form = await opened(teams, post)
    back = next(it for it in form.card["actions"] if it["title"] == draw.GO_BACK)
    assert back["associatedInputs"] == back["fallback"]["associatedInputs"] == "none"
    card = await press(teams, REED, back["data"])
    assert "Change it" in str(card.card)
    assert (await teams.post(post)).revision.number == 1
