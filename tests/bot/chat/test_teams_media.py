"""Pictures in cards of Teams, which fetches them from us by an address that ends with the post."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest

from adapters.door import Uploaded
from adapters.images.inspector import SubprocessInspector
from bot.chat.doors import door_of
from moderation.checks.model import Pictured, Who
from moderation.kernel import Identity, Platform, PostId, SubjectRef
from moderation.posts.commands import Propose, Withdraw
from moderation.posts.model import POST, Attachment, Content
from tests.adapters.images.pictures import png
from tests.bot.chat.teams_office import FACEBOOK_ROOM, X_ROOM, opened, titles, user_of
from tests.fakes import teams_requests as ask
from tests.fakes.trust import AMELIA, FACEBOOK, MARSH, OKAFOR, REED, X


if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator

    from moderation.kernel import AccountId
    from tests.applications import Applications
    from tests.bot.chat.teams_office import TeamsOffice

BY = Identity(Platform.TEAMS, user_of(REED))
PUBLIC = "https://schoolgate.example/"
NOBODY = Pictured(Who.NOBODY)


@pytest.fixture
async def public(applications: Applications) -> AsyncIterator[TeamsOffice]:
    async with opened(applications, SCHOOLGATE_CHAT__TEAMS__PUBLIC_URL=PUBLIC) as office:
        yield office


async def _proposed(
    office: TeamsOffice, pictured: Pictured = NOBODY, account: AccountId = FACEBOOK
) -> PostId:
    office.application.pictures.inspector = SubprocessInspector()
    door = door_of(office.application)
    kept = await door.upload(png(), file_name="banner.png", by=BY)
    assert isinstance(kept, Uploaded)
    post = PostId(office.application.ids.new())
    content = Content(
        text="Our banner is up.",
        accounts=(account,),
        attachments=(Attachment(blob=kept.blob, alt="A blue banner.", file_name="banner.png"),),
        pictured=pictured,
    )
    await door.do(Propose(post=post, content=content), by=BY, key=f"seed:{post}")
    await office.settle()
    return post


def _images(card: object) -> Iterator[dict[str, str]]:
    match card:
        case dict():
            if card.get("type") == "Image":
                yield card
            for inside in card.values():
                yield from _images(inside)
        case list():
            for inside in card:
                yield from _images(inside)


async def test_a_picture_is_shown_to_whoever_has_its_address_until_the_post_is_over(
    public: TeamsOffice,
) -> None:
    post = await _proposed(public)
    card = public.message(FACEBOOK_ROOM).card
    [image] = _images(card)
    assert image["altText"] == "A blue banner."
    assert image["url"].startswith(f"{PUBLIC}media/")
    path = urlsplit(image["url"]).path
    async with public.client.get(path) as answer:
        assert (answer.status, answer.content_type) == (200, "image/jpeg")
        assert answer.headers["Cache-Control"] == "no-store"
        assert (await answer.read())[:3] == b"\xff\xd8\xff"
    assert "Approve" in titles(card)
    for wrong in (path[:-1], f"{path}0", "/media/", f"/media/{'0' * 32}"):
        async with public.client.get(wrong) as answer:
            assert answer.status == 404

    await door_of(public.application).do(Withdraw(post=post), by=BY, key=f"end:{post}")
    await public.settle()
    async with public.client.get(path) as answer:
        assert answer.status == 404
    assert list(_images(public.message(FACEBOOK_ROOM).card)) == []
    assert path.rpartition("/")[2] not in public.house.log.getvalue()


async def test_nobody_says_yes_to_a_picture_that_teams_cannot_fetch(teams: TeamsOffice) -> None:
    await _proposed(teams)
    card = teams.message(FACEBOOK_ROOM).card
    assert list(_images(card)) == []
    assert "Approve" not in titles(card)


async def test_who_is_in_it_is_read_in_ones_own_card_and_stays_nowhere(
    public: TeamsOffice,
) -> None:
    name = "Amelia Khan"
    post = await _proposed(public, Pictured(Who.THESE, frozenset({AMELIA})), X)
    message = public.message(X_ROOM)
    assert name not in str(message.activity)
    heard = await public.press(OKAFOR, message, "Who is in the picture")
    assert name in str(heard.card)
    standing = [it.activity for texts in public.teams.messages.values() for it in texts]
    assert name not in f"{standing}{public.house.log.getvalue()}"
    async with public.application.units.read() as unit:
        lines = await unit.audit.history(SubjectRef(POST, post))
    seen = [line.person for line in lines if line.tag == "post:pupils_seen"]
    assert seen == [OKAFOR]
    # Somebody of another school, and a client that would leave it in the chat.
    sent = public.pressing(MARSH, message, "Who is in the picture")
    assert name not in str((await public.send(sent)).body)
    action = {"fallback": {"data": sent["value"]["action"]["data"]}}
    url = public.teams.service_url
    await public.send(ask.submitted(public.someone(OKAFOR), url, action, X_ROOM, message.id))
    assert name not in str(public.teams.messages)
