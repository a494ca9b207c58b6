"""A video in Teams: from somebody's telephone to those who watch it before they say yes."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

import pytest

from adapters.door import Uploaded
from adapters.taking_in import VIDEO_TOO_LARGE
from adapters.teams import compose_views as draw, files, payload
from adapters.teams.files import BROKE_OFF, CANNOT_ASK, ELSEWHERE, Files
from adapters.teams.listeners.compose import PICTURES_STAY
from adapters.teams.listeners.messages import FETCHING_A_VIDEO
from adapters.teams.parts import NOT_WATCHED, WATCH
from adapters.writing import SAID_IN_IT
from bot.chat import teams as connecting
from bot.chat.doors import door_of
from moderation.checks.model import Pictured, Who
from moderation.kernel import Identity, Platform, PostId
from moderation.ports import Unusable
from moderation.posts.commands import Propose, Withdraw
from moderation.posts.model import Attachment, Content, State
from moderation.posts.present import unusable
from moderation.views import Intent
from tests.adapters.teams.pressing import inputs, sends, within
from tests.adapters.videos import films
from tests.bot.chat.teams_office import FACEBOOK_ROOM, TeamsOffice, opened, titles, user_of
from tests.fakes import teams_requests as ask
from tests.fakes.teams_drive import Drive, Hands
from tests.fakes.trust import ADE, BELL, FACEBOOK, HART, OAK, OKAFOR, REED
from tests.parity import shows
from tests.proves import proves


if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Mapping

    from moderation.kernel import PersonId
    from moderation.posts.model import Post
    from tests.applications import Applications
    from tests.bot.chat.teams_office import Heard
    from tests.fakes.teams_connector import Posted

PUBLIC: Final = "https://schoolgate.example/"
BEANS: Final = "Our beans are up!"
SAID: Final = "Tom: These are our beans."
NOBODY: Final = Pictured(Who.NOBODY)
FILM: Final = films.from_a_telephone().made()
PROPOSED: Final = {
    "commandId": "propose",
    "messagePayload": {
        "body": {"contentType": "html", "content": f"<p>{BEANS}</p>"},
        "attachments": [{"contentType": "reference", "name": "beans.mp4"}],
    },
}
Json = dict[str, Any]


@dataclass
class Garden:
    """The office, and the OneDrive of those in it."""

    office: TeamsOffice
    drive: Drive

    async def send(self, *attachments: Json, words: str = "", by: PersonId = REED) -> None:
        await self.office.say(by, words, attachments=list(attachments))

    def told(self, person: PersonId = REED) -> list[str]:
        return [it.text for it in self.office.private(person)]

    @property
    def draft(self) -> Posted:
        """Sam Reed's newest."""
        return [it for it in self.office.private(REED) if "Your draft" in str(it.card)][-1]

    async def drafted(self) -> None:
        """A draft that only waits to be proposed."""
        await self.send(self.drive.keep("beans.mp4", FILM), words=BEANS)
        for reply in ("facebook", "nobody", f"video: {SAID}"):
            await self.office.say(REED, reply)

    async def proposed(self) -> Posted:
        """The card of a post with a video, as those see it who may say yes."""
        await self.drafted()
        await self.office.press(REED, self.draft, "Make this a post")
        return self.office.message(FACEBOOK_ROOM)

    async def approve(self, person: PersonId, message: Posted, *, watched: bool = True) -> Heard:
        """With what they state; some client lets it through without."""
        [form] = [it for it in within(message.card) if _opens(it, "Approve")]
        [tick] = [it["id"] for it in inputs(form["card"]) if it["type"] == "Input.Toggle"]
        data = sends(form["card"], "Approve", {tick: payload.TICKED})
        return await self._sent(person, message, data if watched else data | {tick: ""})

    async def _sent(self, person: PersonId, message: Posted, data: Json) -> Heard:
        action = {"verb": data["verb"], "data": data}
        url = self.office.teams.service_url
        someone = self.office.someone(person)
        return await self.office.send(ask.pressed(someone, url, action, FACEBOOK_ROOM, message.id))

    async def get(self, path: str, **headers: str) -> tuple[int, dict[str, str], bytes]:
        async with self.office.client.get(path, headers=headers) as answer:
            return answer.status, dict(answer.headers), await answer.read()

    async def by_the_door(self, alt: str) -> Post:
        """A post with a video; how one is written is tried elsewhere."""
        door, by = door_of(self.office.application), Identity(Platform.TEAMS, user_of(REED))
        kept = await door.upload_video(coming(FILM), by=by)
        assert isinstance(kept, Uploaded)
        video = Attachment(blob=kept.blob, alt=alt, file_name="beans.mp4")
        content = Content(text=BEANS, accounts=(FACEBOOK,), attachments=(video,), pictured=NOBODY)
        asks = Propose(post=PostId(self.office.application.ids.new()), content=content)
        await door.do(asks, by=by, key=f"seed:{asks.post}")
        await self.office.settle()
        return await self.newest()

    async def revised(self, post: Post) -> Heard:
        """Somebody presses *Change it*."""
        revise = Intent(verb="post.revise", id=post.id, rev=post.revision.number)
        return await self._sent(REED, self.office.private(REED)[-1], payload.data(revise))

    async def corrected(self, form: Heard, typed: dict[str, str]) -> Heard:
        data = sends(form.card, draw.PROPOSE, typed)
        return await self._sent(REED, self.office.private(REED)[-1], data)

    async def newest(self) -> Post:
        async with self.office.application.units.read() as unit:
            [post] = await unit.posts.recent(OAK, 1)
        return post


def _opens(action: Mapping[str, Any], title: str) -> bool:
    return action.get("type") == "Action.ShowCard" and action["title"] == title


@asynccontextmanager
async def _garden(
    applications: Applications, monkeypatch: pytest.MonkeyPatch, public_url: str
) -> AsyncIterator[Garden]:
    drive = await Drive().open()
    monkeypatch.setattr(connecting, "Files", partial(Files, shared=drive.is_share))
    async with opened(applications, SCHOOLGATE_CHAT__TEAMS__PUBLIC_URL=public_url) as office:
        yield Garden(office, drive)
    await drive.close()


@pytest.fixture
async def garden(
    applications: Applications, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Garden]:
    async with _garden(applications, monkeypatch, PUBLIC) as made:
        yield made


@pytest.fixture
async def hidden(
    applications: Applications, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Garden]:
    """Where Teams can fetch nothing from us."""
    async with _garden(applications, monkeypatch, "") as made:
        yield made


async def coming(content: bytes) -> AsyncIterator[bytes]:
    yield content


async def left(garden: Garden) -> list[str]:
    """What lies in the store of pictures."""
    folder = garden.office.application.settings.paths.data / "pictures"
    return [it.name for it in folder.rglob("*") if it.is_file() and it.name != "lock"]


def watched(card: object) -> list[str]:
    """The paths of the videos that can be watched from a card."""
    found = (it for it in within(card) if it.get("title") == WATCH)
    return [urlsplit(it["url"]).path for it in found]


@shows("video", on="teams")
@proves("HARM-VID-1", platform="teams")
async def test_a_video_is_watched_to_its_end_by_everybody_who_says_yes(garden: Garden) -> None:
    shared = await garden.proposed()
    assert garden.drive.asked[0].keys().isdisjoint({"Authorization", "Cookie"})
    told = "A video of 0:04. No automatic check looks inside a video."
    assert any(told in it for it in garden.told())
    assert told in str(shared.card)
    assert SAID in str(shared.card)
    [path] = watched(shared.card)

    status, headers, whole = await garden.get(path)
    assert (status, headers["Content-Type"], len(whole)) == (200, "video/mp4", len(FILM))
    assert films.SECRET not in whole
    assert b"three" in whole

    unwatched = await garden.approve(OKAFOR, shared, watched=False)
    assert "watched" in str(unwatched.body)
    assert (await garden.newest()).approvals == ()
    await garden.approve(OKAFOR, shared)
    # The headteacher is asked as for a picture, and watches it as well.
    shared = garden.office.message(FACEBOOK_ROOM)
    assert (await garden.newest()).state is State.IN_REVIEW
    assert "watched" in str((await garden.approve(ADE, shared, watched=False)).body)
    await garden.approve(ADE, shared)
    assert (await garden.newest()).state is State.RELEASED
    handed_out = [it.card for it in garden.office.private(BELL) if watched(it.card)]
    assert watched(handed_out[-1]) == [path]


async def test_a_player_asks_for_pieces_and_gets_no_more_once_the_post_is_over(
    garden: Garden,
) -> None:
    await garden.by_the_door(SAID)
    [path] = watched(garden.office.message(FACEBOOK_ROOM).card)
    _, headers, whole = await garden.get(path)
    size = len(whole)
    for asked, start, end in (
        ("bytes=0-1", 0, 2),
        ("bytes=0-", 0, size),
        ("bytes=100-199", 100, 200),
        ("bytes=-7", size - 7, size),
        (f"bytes=10-{size + 10}", 10, size),
    ):
        status, headers, piece = await garden.get(path, Range=asked)
        assert (status, piece) == (206, whole[start:end])
        assert headers["Content-Range"] == f"bytes {start}-{end - 1}/{size}"
    assert headers["Content-Disposition"] == "inline"
    assert headers["Accept-Ranges"] == "bytes"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Cache-Control"] == "no-store"
    assert "media-src 'self'" in headers["Content-Security-Policy"]
    status, headers, none = await garden.get(path, Range=f"bytes={size}-")
    assert (status, none, headers["Content-Range"]) == (416, b"", f"bytes */{size}")
    async with garden.office.client.head(path) as answer:
        assert (answer.status, answer.headers["Content-Length"]) == (200, str(size))

    for foreign in (f"/media/{'0' * 32}", path[:-1], f"{path}0"):
        assert (await garden.get(foreign, Range="bytes=0-1"))[0] == 404
    post, by = (await garden.newest()).id, Identity(Platform.TEAMS, user_of(REED))
    door = door_of(garden.office.application)
    await door.do(Withdraw(post=post), by=by, key=f"end:{post}")
    await garden.office.settle()
    assert (await garden.get(path, Range="bytes=0-1"))[0] == 404
    assert watched(garden.office.message(FACEBOOK_ROOM).card) == []
    assert path.rpartition("/")[2] not in garden.office.house.log.getvalue()


async def test_nobody_says_yes_to_a_video_that_cannot_be_watched_there(hidden: Garden) -> None:
    await hidden.by_the_door(SAID)
    card = hidden.office.message(FACEBOOK_ROOM).card
    assert "Approve" not in titles(card)
    assert NOT_WATCHED in str(card)
    assert watched(card) == []


async def test_every_way_in_is_taken_or_said(garden: Garden) -> None:
    # Of whoever may not propose nothing is fetched.
    await garden.send(garden.drive.keep("beans.mp4", FILM), by=HART)
    assert "can't propose" in garden.told(HART)[-1]
    # What stands amid the words is fetched with our own token.
    address = garden.office.teams.keep(FILM)
    await garden.send({"contentType": "video/mp4", "contentUrl": address}, words=BEANS)
    assert "What is said in the video" in str(garden.draft.card)
    assert garden.drive.asked == []
    # What a message has that somebody proposes stays there.
    office = garden.office
    someone, url = office.someone(REED), office.teams.service_url
    used = ask.invoke(someone, url, "composeExtension/fetchTask", PROPOSED)
    heard = await office.send(used)
    assert PICTURES_STAY in str(heard.body)
    assert BEANS in str(heard.body)


async def test_it_is_said_at_once_and_a_concern_waits_for_no_video(garden: Garden) -> None:
    office = garden.office
    coming = garden.drive.keep("beans.mp4", FILM, Hands.SLOWLY)
    url, someone = office.teams.service_url, office.someone(REED)
    heard = await office.answer(ask.message(someone, url, BEANS, attachments=[coming]))
    assert heard.status == 200
    await office.answer(ask.message(someone, url, "report"))
    for _ in range(600):
        if any("Send it privately" in titles(it.card) for it in office.private(REED)):
            break
        await asyncio.sleep(0.05)
    else:
        raise AssertionError("the form of a concern didn't come")
    assert FETCHING_A_VIDEO in garden.told()
    assert "Your draft" not in str([it.card for it in office.private(REED)])
    garden.drive.let_go.set()
    await office.quiet()
    assert BEANS in str(garden.draft.card)


FRAGMENTS: Final = FILM.replace(b"beam", b"moof")
BROKEN: Final = (
    ("cut.mp4", FILM[:-1], Hands.OUT, unusable(Unusable.VIDEO_DAMAGED)),
    ("live.mov", FRAGMENTS, Hands.OUT, unusable(Unusable.VIDEO_IN_FRAGMENTS)),
    ("list.mp4", b"Surname,Forename", Hands.OUT, unusable(Unusable.NOT_A_VIDEO)),
    ("half.mp4", FILM, Hands.HALF, BROKE_OFF),
    ("led.mp4", FILM, Hands.AWAY, CANNOT_ASK.sentence),
    ("page.mov", FILM, Hands.A_PAGE, CANNOT_ASK.sentence),
)


async def test_what_cannot_be_used_is_said_in_words_and_leaves_nothing(
    garden: Garden, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, content, hands, why in BROKEN:
        await garden.send(garden.drive.keep(name, content, hands), words=f"{BEANS} {name}")
        assert any(f"{name}: {why}" in it for it in garden.told()), name
    elsewhere = garden.drive.keep("far.mp4", FILM)
    elsewhere["content"]["downloadUrl"] = "https://oakfield.sharepoint.com.evil.example/far.mp4"
    await garden.send(elsewhere)
    assert any(f"far.mp4: {ELSEWHERE.sentence}" in it for it in garden.told())
    assert len(garden.drive.asked) == len(BROKEN)
    # Not taken to its end, for which it would wait.
    monkeypatch.setattr(files, "LARGEST_VIDEO", len(FILM) - 1)
    await garden.send(garden.drive.keep("long.mp4", FILM, Hands.SLOWLY))
    assert any(f"long.mp4: {VIDEO_TOO_LARGE}" in it for it in garden.told())
    assert await left(garden) == []


async def test_captions_are_written_in_the_form_where_the_video_can_be_watched(
    garden: Garden,
) -> None:
    post = await garden.by_the_door("")
    assert post.state is State.DRAFT
    form = await garden.revised(post)
    [path] = watched(form.card)
    assert (await garden.get(path))[0] == 200
    [box] = [it for it in inputs(form.card) if it["id"].startswith("f_alt:")]
    assert box["label"] == f"{SAID_IN_IT} (beans.mp4)"
    done = await garden.corrected(form, {box["id"]: SAID})
    assert SAID in str(done.card)
    post = await garden.newest()
    assert (post.state, [it.alt for it in post.content.attachments]) == (State.IN_REVIEW, [SAID])
