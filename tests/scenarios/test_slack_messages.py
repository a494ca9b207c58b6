"""A message is enough: a post begins, is asked about and proposed in a chat with us, on a phone."""

from __future__ import annotations

import asyncio
import itertools
import json
import os
import time
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from adapters.slack.listeners.messages import NOT_YET
from adapters.slack.names import EVENTS_PATH
from adapters.slack.transport import signature_of
from adapters.taking_in import NO_FILES
from moderation.checks.model import Pictured, Who
from moderation.jottings import present
from moderation.jottings.model import Standing
from moderation.kernel import Identity, Platform
from moderation.ports import Conversation
from moderation.posts.model import State
from tests.adapters.images.pictures import encoded, photo, png
from tests.adapters.videos import films
from tests.fakes.slack_workspace import TEAM
from tests.fakes.trust import AMELIA, FACEBOOK, HART, KOFI, LUND, MARSH, OKAFOR, REED, X
from tests.parity import shows
from tests.proves import proves
from tests.scenarios.slack_stage import (
    FACEBOOK_ROOM,
    SECRET,
    X_ROOM,
    Hand,
    SlackStage,
    verbs,
    words,
)


if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from moderation.jottings.model import Jotting
    from moderation.posts.model import Post
    from tests.applications import Applications
    from tests.fakes.slack_workspace import File, Message

FAIR = "The summer fair is on Saturday at ten. Everybody is welcome."
NAMED = "Amelia Khan of 4B has won the chess cup."
ALT = "A banner between two trees in the sunshine"
SENT = itertools.count(1)
QUICK = os.environ.get("SIZE", "quick") == "quick"
"""Where everything is quicker, and the order is the same."""


@pytest.fixture
async def stage(applications: Applications) -> AsyncIterator[SlackStage]:
    applications.settings["SCHOOLGATE_CHAT__SLACK__DIRECT_MESSAGES"] = "true"
    async with SlackStage(applications).opened() as made:
        yield made


@dataclass
class Phone:
    """Somebody's chat with us. ``taps`` counts what a thumb does, letters aside."""

    hand: Hand
    taps: int = 0
    sent: list[dict[str, Any]] = field(default_factory=list)

    @property
    def stage(self) -> SlackStage:
        return self.hand.stage

    async def writes(self, said: str = "", *files: File, **event: object) -> None:
        """The box, each picture with its two taps, and Send."""
        self.taps += 2 + 2 * len(files)
        await self.post(await self.body(said, *files, **event))

    async def body(self, said: str, *files: File, **event: object) -> dict[str, Any]:
        chat = self.stage.application.chats[Platform.SLACK]
        place = await chat.private(Identity(Platform.SLACK, self.hand.id))
        assert place is not None
        number = next(SENT)
        ts = f"1790000000.{number:06d}"
        shared = {
            "subtype": "file_share",
            "files": [self.stage.slack.file_payload(it.id) for it in files],
        }
        return {
            "type": "event_callback",
            "team_id": TEAM,
            "api_app_id": "A0SCHOOL01",
            "event_id": f"Ev0M{number}",
            "event_time": 1_790_000_000,
            "event": {
                "type": "message",
                "channel_type": "im",
                "user": self.hand.id,
                "channel": place.id,
                "text": said,
                "ts": ts,
                "event_ts": ts,
                **(shared if files else {}),
                **event,
            },
        }

    async def post(self, body: dict[str, Any]) -> None:
        await self.delivers(body)
        await self.stage.settle()

    async def delivers(self, body: dict[str, Any]) -> None:
        """The same, without waiting for what follows."""
        self.sent.append(body)
        raw, stamp = json.dumps(body).encode(), str(int(time.time()))
        answer = await self.stage.http.post(
            EVENTS_PATH,
            data=raw,
            headers={
                "Content-Type": "application/json",
                "X-Slack-Request-Timestamp": stamp,
                "X-Slack-Signature": signature_of(SECRET, stamp, raw),
            },
        )
        assert answer.status == 200

    async def presses(self, button: str, message: Message | None = None) -> None:
        self.taps += 1
        await self.hand.presses(button, message or self.card)

    @property
    def cards(self) -> list[Message]:
        return [it for it in self.hand.direct if present.TITLE in words(it)]

    @property
    def card(self) -> Message:
        """The newest draft's."""
        return self.cards[-1]

    @property
    def answer(self) -> str:
        """The newest message that is no draft."""
        return words([it for it in self.hand.direct if present.TITLE not in words(it)][-1])

    async def draft(self) -> Jotting:
        """The newest open one."""
        place = Conversation(Platform.SLACK, self.sent[0]["event"]["channel"])
        async with self.stage.application.units.read() as unit:
            found = await unit.jottings.newest(self.hand.person, place)
        assert found is not None
        return found[0]

    async def written(self) -> tuple[Post, ...]:
        async with self.stage.application.units.read() as unit:
            return await unit.posts.by_author(self.hand.person, 10)


def reed(stage: SlackStage) -> Phone:
    return Phone(stage.as_(REED))


@shows("jot-words", on="slack")
async def test_a_text_takes_three_taps_once_the_account_is_known(stage: SlackStage) -> None:
    phone = reed(stage)
    await phone.writes("The first one of all.")
    assert "Which account?" in words(phone.card)
    await phone.writes("facebook")
    assert "Facebook" in phone.answer
    assert present.COMPLETE in phone.answer
    await phone.presses(present.MAKE)
    phone.taps = 0
    await phone.writes(FAIR)
    assert FAIR in words(phone.card)
    assert "Facebook" in words(phone.card)
    await phone.presses(present.MAKE)
    assert phone.taps == 3
    post, _ = await phone.written()
    assert (post.state, post.content.text) == (State.IN_REVIEW, FAIR)
    assert post.content.accounts == (FACEBOOK,)
    assert FAIR in stage.room(FACEBOOK_ROOM)
    assert "It is a post now" in words(phone.card)
    assert FAIR not in words(phone.card)


@shows("jot-picture", on="slack")
async def test_a_class_photo_takes_seven_taps(stage: SlackStage) -> None:
    phone = reed(stage)
    await phone.writes(FAIR, phone.hand.image(png()))
    assert "Who is in the picture?" in words(phone.card)
    await phone.writes(f"x\nclass 4B all but Kofi F\npicture: {ALT}")
    assert "4B without Kofi F" in phone.answer
    assert present.COMPLETE in phone.answer
    await phone.presses(present.MAKE)
    assert phone.taps == 7
    [post] = await phone.written()
    assert post.state is State.IN_REVIEW
    assert post.content.accounts == (X,)
    assert post.content.pictured == Pictured(Who.THESE, frozenset({AMELIA}))
    [picture] = post.content.attachments
    assert picture.alt == ALT
    assert FAIR in stage.room(X_ROOM)


@shows("jot-words", on="slack")
async def test_everything_can_be_said_by_replies_alone(stage: SlackStage) -> None:
    phone = reed(stage)
    await phone.writes("", phone.hand.image(png()))
    assert "What shall the post say?" in words(phone.card)
    for said in (FAIR, "facebook and x", "nobody can be recognised", ALT, "post"):
        await phone.writes(said)
    [post] = await phone.written()
    assert post.content.text == FAIR
    assert set(post.content.accounts) == {FACEBOOK, X}
    assert post.content.pictured == Pictured(Who.NOT_RECOGNISABLE)
    assert [it.alt for it in post.content.attachments] == [ALT]
    assert any("It is in front of the moderators now." in words(it) for it in phone.hand.direct)
    assert phone.hand.told == []


@shows("colleagues", on="slack")
@proves("STEP-STAFF-2", platform="slack")
async def test_colleagues_in_a_picture_are_told_by_name_and_asked_about(stage: SlackStage) -> None:
    async with stage.application.units.write() as unit:
        lund = await unit.people.get(LUND)
        assert lund is not None
        await unit.people.save((replace(lund, may_be_shown=False),))
        await unit.commit()
    phone = reed(stage)
    await phone.writes(FAIR, phone.hand.image(png()))
    await phone.writes(f"x\nnobody\npicture: {ALT}")
    assert present.NAME_COLLEAGUES in words(phone.card)
    await phone.writes("colleagues: Mrs Nobody")
    assert "I find nobody called “Mrs Nobody” on the staff list." in phone.answer
    await phone.writes("colleagues: Mr")
    assert "“Mr” could be more than one colleague." in phone.answer
    await phone.writes("colleagues: Mr Lund and Mrs Okafor")
    assert "Colleagues in it: Mr Erik Lund and Mrs Ngozi Okafor." in phone.answer
    assert (await phone.draft()).pictured == Pictured(Who.NOBODY, staff=frozenset({LUND, OKAFOR}))
    await phone.presses(present.MAKE)
    assert await phone.written() == ()
    assert "would rather not be shown: E.L. " in words(phone.card)
    await phone.writes("colleagues: Okafor")
    await phone.presses(present.MAKE)
    [post] = await phone.written()
    assert post.state is State.IN_REVIEW
    assert post.content.pictured == Pictured(Who.NOBODY, staff=frozenset({OKAFOR}))


async def test_everything_can_be_said_by_buttons_as_well(stage: SlackStage) -> None:
    phone = reed(stage)
    await phone.writes(FAIR, phone.hand.image(png()))
    for button, filled in (
        ("Choose the account", {"accounts": ("X · ",)}),
        ("Say who is in it", {"who": ("All of 4B",), "names": "Kofi F", "staff": "Okafor"}),
        ("Describe", {"alt:1": ALT}),
    ):
        await phone.presses(button)
        dialog = await phone.hand.dialog()
        for name, value in filled.items():
            where = next(it for it in dialog.fields if it.endswith(name) or name in it)
            if isinstance(value, str):
                dialog.write(where, value)
            else:
                options = dialog.block(where)["element"]["options"]
                labels = [it["text"]["text"] for it in options]
                dialog.choose(where, *(it for it in labels if it.startswith(value)))
        await phone.hand.sends(dialog)
        await stage.settle()
    draft = await phone.draft()
    assert draft.accounts == (X,)
    assert draft.pictured == Pictured(Who.THESE, frozenset({AMELIA}), frozenset({OKAFOR}))
    assert [it.alt for it in draft.pictures] == [ALT]
    assert {"jotting.make", "jotting.forget"} <= verbs(phone.card)


@proves("CARD-NAME-1", platform="slack")
async def test_what_the_checks_stop_comes_back_on_the_draft_with_its_words(
    stage: SlackStage,
) -> None:
    phone = reed(stage)
    await phone.writes(NAMED)
    await phone.writes("x")
    await phone.presses(present.MAKE)
    assert await phone.written() == ()
    assert NAMED in words(phone.card)
    assert "This can't go out yet" in words(phone.card)
    await phone.writes(f"text: {FAIR}")
    await phone.writes("post")
    [post] = await phone.written()
    assert post.content.text == FAIR
    assert "Amelia" not in stage.room(X_ROOM)


async def test_asked_for_again_it_is_kept_to_ask_the_head(stage: SlackStage) -> None:
    phone = reed(stage)
    await phone.writes(NAMED)
    await phone.writes("x")
    before = phone.card
    await phone.presses(present.MAKE, before)
    assert await phone.written() == ()
    await phone.presses(present.MAKE)
    [post] = await phone.written()
    assert post.state is State.DRAFT
    assert NAMED not in stage.room(X_ROOM)


async def test_not_a_post_is_forgotten_at_once(stage: SlackStage) -> None:
    phone = reed(stage)
    await phone.writes(FAIR, phone.hand.image(png()))
    draft = await phone.draft()
    await phone.presses(present.FORGET)
    async with stage.application.units.read() as unit:
        stored = await unit.jottings.get(draft.id)
    assert stored is not None
    left = stored[0]
    assert (left.standing, left.text, left.pictures) == (Standing.FORGOTTEN, "", ())
    assert FAIR not in words(phone.card)
    await phone.writes(FAIR)
    await phone.writes("forget it")
    assert present.FORGOTTEN in phone.answer
    assert await phone.written() == ()


async def test_nothing_is_called_saved_while_the_store_stands_still(stage: SlackStage) -> None:
    """Heard at once, told truthfully within three seconds, and a draft only when it is one."""
    phone = reed(stage)
    if QUICK:
        stage.patience.seconds = 0.3
    body = await phone.body(FAIR)
    async with stage.stalled():
        began = time.monotonic()
        await phone.delivers(body)
        assert time.monotonic() - began < 1
        await asyncio.wait_for(stage.slack.wrote.wait(), 3)
        assert NOT_YET in phone.answer
        assert phone.cards == []
        async with stage.application.units.read() as unit:
            here = Conversation(Platform.SLACK, body["event"]["channel"])
            assert await unit.jottings.newest(REED, here) is None
    await stage.settle()
    assert (await phone.draft()).text == FAIR
    [card] = phone.cards
    assert "Which account?" in words(card)


async def test_the_same_message_counts_once(stage: SlackStage) -> None:
    phone = reed(stage)
    await phone.writes(FAIR)
    await phone.post(phone.sent[0])
    again = {**phone.sent[0], "event_id": "Ev0OTHER"}
    await phone.post(again)
    assert len(phone.cards) == 1
    await phone.writes("x")
    before = replace(phone.card)
    await phone.presses(present.MAKE, before)
    await phone.presses(present.MAKE, before)
    assert len(await phone.written()) == 1


async def test_within_the_hour_it_is_the_same_draft_and_later_another(stage: SlackStage) -> None:
    phone = reed(stage)
    picture = phone.hand.image(png())
    await phone.writes(FAIR, picture)
    await phone.writes("", picture)
    assert len((await phone.draft()).pictures) == 1
    assert len(phone.cards) == 1
    stage.house.clock.pass_by(timedelta(minutes=61))
    await phone.writes("x")
    assert len(phone.cards) == 1, "an answer is an answer, however late"
    stage.house.clock.pass_by(timedelta(minutes=61))
    await phone.writes("Something else has happened today.")
    assert len(phone.cards) == 2
    await phone.writes("new: And a third thing.")
    assert len(phone.cards) == 3


async def test_what_is_not_understood_changes_nothing(stage: SlackStage) -> None:
    phone = reed(stage)
    await phone.writes(FAIR, phone.hand.image(png()))
    for said, answer in (
        ("oh well, let me think about it for a while before I say any more to you", "I don't know"),
        ("class 4B all but Zebedee Q", "I find no pupil “Zebedee Q” there."),
        ("picture 7: a tree", "no such picture"),
        ("class 4B", ""),
    ):
        before = await phone.draft()
        await phone.writes(said)
        assert answer in phone.answer
        assert (await phone.draft() == before) is bool(answer)
    assert (await phone.draft()).pictured.pupils == {AMELIA, KOFI}


async def test_commands_are_understood_without_a_slash(stage: SlackStage) -> None:
    phone = reed(stage)
    await phone.writes("help")
    assert "A message to me" in phone.answer
    await phone.writes("queue")
    assert "Nothing waiting for you" in phone.answer
    await phone.writes("channels")
    assert "Facebook" in phone.answer
    # Nothing about children is left standing in a chat.
    await phone.writes("schoolgate photos 4B")
    assert "Please type /schoolgate photos and the class" in phone.answer
    assert phone.cards == []


@pytest.mark.parametrize("kind", ["mp4", "mov"])
async def test_a_video_is_a_draft_that_asks_what_is_said_in_it(
    stage: SlackStage, kind: str
) -> None:
    made = films.from_a_telephone()
    film = made if kind == "mp4" else replace(made, ftyp=films.QUICKTIME)
    phone = reed(stage)
    given = phone.hand.video(film.made(), f"beans.{kind}", "video/quicktime")
    await phone.writes("Our beans are taller than the fence.", given)
    said = words(phone.cards[-1])
    assert "Who is in the video?" in said
    assert "What is said in the video? Reply “video: …”" in said
    assert "A video of 0:04. No automatic check looks inside a video." in phone.answer
    await phone.writes("nobody")
    await phone.writes("video: Tom: These are our beans.")
    said = words(phone.cards[-1])
    assert "Said in the video: Tom: These are our beans." in said
    # There is room for one.
    other = replace(film, tracks=tuple(replace(it, matrix=films.TURNED) for it in film.tracks))
    await phone.writes("", phone.hand.video(other.made(), "more.mp4"))
    assert "A post takes one video. Nothing changed." in phone.answer


async def test_a_list_of_pupils_is_not_read(stage: SlackStage) -> None:
    phone = reed(stage)
    listed = stage.slack.workspace.add_file(
        b"name,class", name="4B.csv", mimetype="text/csv", by=phone.hand.id
    )
    await phone.writes("", listed)
    assert NO_FILES in phone.answer
    assert phone.cards == []


async def test_an_eleventh_picture_is_told_as_one_too_many(stage: SlackStage) -> None:
    phone = reed(stage)
    many = [phone.hand.image(encoded(photo(40 + one), "PNG")) for one in range(11)]
    await phone.writes("Sports day.", *many)
    most = "at most 10 pictures, and nothing else"
    assert f"One file stays behind: a post begins with {most}." in phone.answer
    assert NO_FILES not in phone.answer
    assert len(phone.cards) == 1


async def test_whoever_may_not_propose_is_told_so(stage: SlackStage) -> None:
    phone = Phone(stage.as_(HART))
    await phone.writes(FAIR)
    assert "You can't propose posts" in phone.answer
    assert phone.cards == []


async def test_the_author_alone_sees_it(stage: SlackStage) -> None:
    phone = reed(stage)
    await phone.writes(FAIR)
    card = phone.card
    marsh = Phone(stage.as_(MARSH))
    await marsh.writes("Ours.")
    await marsh.presses(present.FORGET, card)
    assert (await phone.draft()).text == FAIR
    assert all(FAIR not in words(it) for it in (*marsh.hand.direct, *marsh.hand.told))
    assert any(present.NOT_HERE in words(it) for it in marsh.hand.told)


async def test_what_nobody_comes_back_to_is_forgotten_after_a_month(stage: SlackStage) -> None:
    phone = reed(stage)
    await phone.writes(FAIR)
    draft = await phone.draft()
    stage.house.clock.pass_by(timedelta(days=30, minutes=1))
    await stage.settle()
    async with stage.application.units.read() as unit:
        stored = await unit.jottings.get(draft.id)
    assert stored is not None
    assert (stored[0].standing, stored[0].text) == (Standing.FORGOTTEN, "")


@pytest.mark.parametrize(
    "event",
    [
        {"subtype": "message_changed"},
        {"subtype": "message_deleted"},
        {"bot_id": "B0OTHER"},
        {"channel_type": "channel"},
    ],
)
async def test_edits_bots_and_channels_are_not_heard(
    stage: SlackStage, event: dict[str, object]
) -> None:
    phone = reed(stage)
    await phone.writes(FAIR, **event)
    assert phone.hand.direct == []


async def test_where_it_is_off_nothing_is_heard(applications: Applications) -> None:
    async with SlackStage(applications).opened() as stage:
        phone = reed(stage)
        await phone.writes(FAIR)
        assert phone.hand.direct == []
        await phone.hand.stage.send(
            command="/schoolgate",
            text="help",
            user_id=phone.hand.id,
            team_id=TEAM,
            channel_id=X_ROOM,
            trigger_id=stage.slack.trigger(phone.hand.id),
            response_url=stage.slack.response_url(X_ROOM, phone.hand.id),
        )
        await stage.settle()
        [told] = phone.hand.told
        assert "/propose" in words(told)
        assert "A message to me" not in words(told)


async def test_a_concern_waits_for_nobody_s_confirmation(stage: SlackStage) -> None:
    """Whose account it is hasn't been confirmed yet; what to do now is said all the same."""
    address = "reed@oakfield.example"
    await stage.knows(REED, known=False)
    async with stage.application.units.write() as unit:
        found = await unit.people.get(REED)
        assert found is not None
        await unit.people.save((replace(found, email=address),))
        await unit.commit()
    phone = Phone(stage.as_(REED))
    stage.slack.workspace.users[phone.hand.id].email = address
    await phone.writes("What is this?")
    assert "has been asked" in words(phone.hand.told[-1])
    for said in ("report", "schoolgate report A child cried at the gate."):
        await phone.writes(said)
        assert "ring 999" in words(phone.hand.direct[-1])
