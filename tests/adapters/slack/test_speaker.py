"""Who is listened to: full members of our own workspace, and nobody on a guess."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings, strategies as st

from adapters.believing import BELIEVED, BELIEVED_IN_NEED, NOTHING
from adapters.slack.client import CannotAsk, Line, open_line
from adapters.slack.inbound import Sender
from adapters.slack.places import Places, Unsafe, conversation_is_safe
from adapters.slack.speaker import (
    SENTENCES,
    Speakers,
    Stranger,
    Why,
)
from moderation.kernel import Identity, Platform
from tests.fakes.slack_api import (
    BOT_TOKEN,
    Babbles,
    Broken,
    FakeSlack,
    Fault,
    Hangs,
    RateLimited,
    Refuses,
)
from tests.fakes.slack_workspace import BOT_USER, TEAM, UNSAID


if TYPE_CHECKING:
    from collections.abc import AsyncIterator


REED = "U0REED0001"
ORGANISATION = "E0TRUST001"
OUTAGES: tuple[Fault, ...] = (RateLimited(60), Broken(503), Babbles(), Refuses("internal_error"))


@dataclass(slots=True)
class Desk:
    slack: FakeSlack
    line: Line
    seconds: list[float] = field(default_factory=lambda: [1000.0])

    def speakers(self, enterprise: str = "") -> Speakers:
        return Speakers(
            self.line.client, team=TEAM, enterprise=enterprise, now=lambda: self.seconds[0]
        )


@pytest.fixture
async def desk() -> AsyncIterator[Desk]:
    async with FakeSlack() as slack:
        slack.workspace.add_user(REED)
        line = open_line(BOT_TOKEN, slack.api_url)
        yield Desk(slack, line)
        await line.close()


def sender(user: str = REED, workspace: str = TEAM, team: str = "") -> Sender:
    return Sender(user=user, workspace=workspace, team=team)


async def test_a_full_member_of_our_workspace_is_themselves(desk: Desk) -> None:
    assert await desk.speakers().who(sender()) == Identity(Platform.SLACK, REED)
    assert await desk.speakers().who(sender(team=TEAM)) == Identity(Platform.SLACK, REED)


@pytest.mark.parametrize(
    ("flags", "why"),
    [
        ({"is_restricted": True}, Why.GUEST),
        ({"is_restricted": True, "is_ultra_restricted": True}, Why.GUEST),
        ({"is_ultra_restricted": True}, Why.GUEST),
        ({"is_bot": True}, Why.BOT),
        ({"is_workflow_bot": True}, Why.BOT),
        ({"deleted": True}, Why.LEFT),
        ({"is_stranger": True}, Why.ELSEWHERE),
        ({"team": "T0ELSEWHERE"}, Why.ELSEWHERE),
        ({"id": "U0ANOTHER1"}, Why.UNKNOWN),
        ({"team_id": None}, Why.ELSEWHERE),
    ],
    ids=str,
)
async def test_strangers_are_told_why(desk: Desk, flags: dict[str, object], why: Why) -> None:
    desk.slack.workspace.add_user("U0STRANGE1", **flags)  # type: ignore[arg-type]
    assert await desk.speakers().who(sender("U0STRANGE1")) == Stranger(why)
    assert not await desk.speakers().is_member("U0STRANGE1")


async def test_an_address_is_told_when_slack_has_confirmed_it(desk: Desk) -> None:
    add = desk.slack.workspace.add_user
    add("U0SAM00001", email="sam@oakfield.example")
    add("U0SAM00002", email="sam@oakfield.example", is_email_confirmed=True)
    add("U0SAM00003", email="sam@oakfield.example", is_email_confirmed=False)
    add("U0SAM00004", email="sam@oakfield.example", is_email_confirmed=UNSAID)
    add("U0GUEST001", email="sam@oakfield.example", is_restricted=True)
    add("U0BARE0001", profile=None)
    speakers = desk.speakers()
    assert speakers.told("U0SAM00001").email == ""
    users = tuple(desk.slack.workspace.users)
    for user in users:
        await speakers.who(sender(user))
    told = "sam@oakfield.example"
    heard = [speakers.told(f"U0SAM0000{number}").email for number in (1, 2, 3, 4)]
    assert heard == [told, told, "", ""]
    assert speakers.told("U0GUEST001") == NOTHING
    assert speakers.told("U0BARE0001").email == ""
    assert len(desk.slack.called("users.info")) == len(users)


async def test_a_name_is_told_as_people_see_it(desk: Desk) -> None:
    profiles: dict[str, object] = {
        "U0SHOWN001": {"display_name": "Sam (PE)", "real_name": "Sam Reed"},
        "U0REAL0001": {"display_name": " \n", "real_name": "Sam \n Reed"},
        "U0LONG0001": {"display_name": "x" * 500},
        "U0HALF0001": {"display_name": "Sam\ud800"},
        "U0ODD00001": {"display_name": 7, "real_name": ["Sam"]},
        "U0BARE0001": None,
    }
    for user, profile in profiles.items():
        desk.slack.workspace.add_user(user, name="Somebody", profile=profile)
    speakers = desk.speakers()
    for user in profiles:
        await speakers.who(sender(user))
    assert [speakers.told(user).name for user in profiles] == [
        "Sam (PE)",
        "Sam Reed",
        "x" * 80,
        "Sam",
        "Somebody",
        "Somebody",
    ]


async def test_slackbot_and_we_ourselves_are_nobody(desk: Desk) -> None:
    for bot in ("USLACKBOT", BOT_USER):
        assert await desk.speakers().who(sender(bot)) == Stranger(Why.BOT)


async def test_another_workspace_isn_t_even_asked_about(desk: Desk) -> None:
    for other in (sender(workspace="T0ELSEWHERE"), sender(workspace=""), sender(team="T0OTHER")):
        assert await desk.speakers().who(other) == Stranger(Why.ELSEWHERE)
    assert desk.slack.called("users.info") == ()


async def test_an_unknown_account_is_a_stranger(desk: Desk) -> None:
    assert await desk.speakers().who(sender("U0NOBODY01")) == Stranger(Why.UNKNOWN)


async def test_in_an_organisation_membership_of_our_workspace_counts(desk: Desk) -> None:
    def member(*teams: str, of: str = ORGANISATION) -> dict[str, object]:
        return {"enterprise_user": {"enterprise_id": of, "teams": list(teams)}}

    add = desk.slack.workspace.add_user
    add("U0OURS0001", team="T0SISTER01", **member("T0SISTER01", TEAM))  # type: ignore[arg-type]
    add("U0SISTER01", team="T0SISTER01", **member("T0SISTER01"))  # type: ignore[arg-type]
    add("U0FOREIGN1", team="T0FOREIGN1", **member(TEAM, of="E0OTHER"))  # type: ignore[arg-type]
    speakers = desk.speakers(ORGANISATION)
    ours = sender("U0OURS0001", team="T0SISTER01")
    assert await speakers.who(ours) == Identity(Platform.SLACK, "U0OURS0001")
    from_the_whole = sender("U0OURS0001", workspace=ORGANISATION)
    assert await speakers.who(from_the_whole) == Identity(Platform.SLACK, "U0OURS0001")
    for stranger in ("U0SISTER01", "U0FOREIGN1"):
        assert await speakers.who(sender(stranger)) == Stranger(Why.ELSEWHERE)
    # Outside an organisation what a user object says of one is worth nothing.
    alone = desk.speakers()
    assert await alone.who(sender("U0OURS0001")) == Stranger(Why.ELSEWHERE)
    assert await alone.who(sender(workspace=ORGANISATION)) == Stranger(Why.ELSEWHERE)


async def test_slack_is_asked_once_in_five_minutes(desk: Desk) -> None:
    speakers = desk.speakers()
    await asyncio.gather(*(speakers.who(sender()) for _ in range(20)))
    assert len(desk.slack.called("users.info")) == 1
    desk.slack.workspace.users[REED].deleted = True
    desk.seconds[0] += BELIEVED - 1
    assert await speakers.who(sender()) == Identity(Platform.SLACK, REED)
    desk.seconds[0] += 2
    assert await speakers.who(sender()) == Stranger(Why.LEFT)


@pytest.mark.parametrize("fault", OUTAGES, ids=str)
async def test_who_isn_t_known_and_can_t_be_asked_about_is_nobody(desk: Desk, fault: Fault) -> None:
    speakers = desk.speakers()
    desk.slack.fail("users.info", fault, fault)
    assert await speakers.who(sender()) == Stranger(Why.CANNOT_ASK)
    with pytest.raises(CannotAsk):
        await speakers.is_member(REED)
    assert await speakers.who(sender()) == Identity(Platform.SLACK, REED)


async def test_a_slack_that_doesn_t_answer_leaves_time_to_say_so(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("adapters.slack.speaker.ASKING", 0.05)
    desk.slack.fail("users.info", Hangs())
    assert await desk.speakers().who(sender()) == Stranger(Why.CANNOT_ASK)


async def test_in_an_outage_a_member_of_this_hour_is_believed_and_no_stranger_is(
    desk: Desk,
) -> None:
    speakers = desk.speakers()
    desk.slack.workspace.add_user("U0GUEST001", is_restricted=True)
    for user in (REED, "U0GUEST001"):
        await speakers.who(sender(user))
    desk.slack.fail("users.info", *[Broken(503)] * 3)
    desk.seconds[0] += BELIEVED_IN_NEED - 1
    assert await speakers.who(sender()) == Identity(Platform.SLACK, REED)
    assert await speakers.who(sender("U0GUEST001")) == Stranger(Why.CANNOT_ASK)
    desk.seconds[0] += 2
    assert await speakers.who(sender()) == Stranger(Why.CANNOT_ASK)


async def test_the_memory_is_bounded(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("adapters.believing.MOST_KNOWN", 3)
    speakers = desk.speakers()
    for number in range(6):
        await speakers.who(sender(f"U0NOBODY0{number}"))
    asked = len(desk.slack.called("users.info"))
    await speakers.who(sender("U0NOBODY05"))
    assert len(desk.slack.called("users.info")) == asked
    await speakers.who(sender("U0NOBODY00"))
    assert len(desk.slack.called("users.info")) == asked + 1


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    flags=st.fixed_dictionaries(
        {},
        optional=dict.fromkeys(
            ("is_bot", "is_restricted", "is_ultra_restricted", "is_stranger", "deleted"),
            st.booleans(),
        ),
    ),
    team=st.sampled_from([TEAM, "T0ELSEWHERE"]),
)
async def test_only_somebody_with_no_such_flag_at_all_is_a_member(
    desk: Desk, flags: dict[str, bool], team: str
) -> None:
    desk.slack.workspace.add_user("U0ANYBODY1", team=team, **flags)  # type: ignore[arg-type]
    full_member = team == TEAM and not any(flags.values())
    assert await desk.speakers().is_member("U0ANYBODY1") is full_member


def test_every_stranger_has_a_short_sentence() -> None:
    for why in Why:
        assert Stranger(why).sentence == SENTENCES[why]
        assert all(len(it.split()) <= 25 for it in SENTENCES[why].split(". "))


# -- places ----------------------------------------------------------------------------------------

CHANNEL = "C0OFFICE01"


async def test_a_channel_of_staff_alone_is_safe(desk: Desk) -> None:
    desk.slack.workspace.add_channel(CHANNEL, [REED])
    assert await conversation_is_safe(desk.line.client, CHANNEL) is None


@pytest.mark.parametrize(
    ("flags", "why"),
    [
        ({"is_ext_shared": True, "is_shared": True}, Unsafe.SHARED),
        ({"is_pending_ext_shared": True}, Unsafe.SHARED),
        ({"pending_connected_team_ids": ["T0OTHER"]}, Unsafe.SHARED),
        ({"is_shared": True}, Unsafe.SHARED),
        ({"is_shared": True, "is_org_shared": True}, None),
        ({"is_archived": True}, Unsafe.ARCHIVED),
        ({"is_member": False}, Unsafe.NOT_INVITED),
    ],
    ids=str,
)
async def test_a_shared_channel_gets_no_cards(
    desk: Desk, flags: dict[str, object], why: Unsafe | None
) -> None:
    desk.slack.workspace.add_channel(CHANNEL, [REED], **flags)
    assert await conversation_is_safe(desk.line.client, CHANNEL) is why


@pytest.mark.parametrize("few", [0, 50])
@pytest.mark.parametrize("flag", ["is_restricted", "is_ultra_restricted"])
async def test_one_guest_among_hundreds_is_found(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, flag: str, few: int
) -> None:
    monkeypatch.setattr("adapters.slack.places.FEW", few)
    staff = [f"U0STAFF{number:03d}" for number in range(30)]
    for user in staff:
        desk.slack.workspace.add_user(user)
    desk.slack.workspace.add_user("U0GUEST001", **{flag: True})  # type: ignore[arg-type]
    desk.slack.workspace.add_channel(CHANNEL, staff)
    desk.slack.pages_of(15)
    assert await conversation_is_safe(desk.line.client, CHANNEL) is None
    desk.slack.workspace.channels[CHANNEL].members.add("U0GUEST001")
    assert await conversation_is_safe(desk.line.client, CHANNEL) is Unsafe.GUESTS


async def test_a_member_whom_the_workspace_doesn_t_list_is_from_elsewhere(desk: Desk) -> None:
    desk.slack.workspace.add_channel(CHANNEL, [REED, "U0UNLISTED"])
    assert await conversation_is_safe(desk.line.client, CHANNEL) is Unsafe.SHARED
    desk.slack.workspace.add_user("U0UNLISTED", is_stranger=True)
    assert await conversation_is_safe(desk.line.client, CHANNEL) is Unsafe.SHARED


async def test_people_writing_to_each_other_are_no_channel(desk: Desk) -> None:
    direct = desk.slack.workspace.direct(REED).id
    assert await conversation_is_safe(desk.line.client, direct) is Unsafe.NO_CHANNEL
    assert desk.slack.called("conversations.info") == ()
    desk.slack.workspace.add_channel("G0GROUP001", [REED])
    desk.slack.workspace.channels["G0GROUP001"].user = REED
    assert await conversation_is_safe(desk.line.client, "G0GROUP001") is Unsafe.NO_CHANNEL


async def test_what_can_t_be_looked_at_is_not_safe(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert await conversation_is_safe(desk.line.client, "C0NOWHERE1") is Unsafe.NOT_INVITED
    desk.slack.workspace.add_channel(CHANNEL, [REED])
    for few, methods in (
        (50, ("conversations.info", "conversations.members", "users.info")),
        (0, ("users.list",)),
    ):
        monkeypatch.setattr("adapters.slack.places.FEW", few)
        for method in methods:
            for fault in OUTAGES:
                # One for each member whom it may ask about.
                desk.slack.fail(method, *[fault] * (2 if method == "users.info" else 1))
                assert await conversation_is_safe(desk.line.client, CHANNEL) is Unsafe.CANNOT_ASK
    monkeypatch.setattr("adapters.slack.places.MOST_PAGES", 1)
    desk.slack.pages_of(1)
    assert await conversation_is_safe(desk.line.client, CHANNEL) is Unsafe.TOO_LARGE


async def test_a_small_channel_of_a_large_workspace_never_reads_the_whole_list(desk: Desk) -> None:
    desk.slack.workspace.add_channel(CHANNEL, [REED])
    desk.slack.workspace.add_channel("C0SPORT001", [REED])
    look = Places(desk.line.client)
    assert [await look.judge(it) for it in (CHANNEL, "C0SPORT001")] == [None, None]
    assert desk.slack.called("users.list") == ()
    assert len(desk.slack.called("users.info")) == 2
    staff = [f"U0STAFF{number:03d}" for number in range(60)]
    for user in staff:
        desk.slack.workspace.add_user(user)
    for channel in ("C0LARGE001", "C0LARGE002"):
        desk.slack.workspace.add_channel(channel, staff)
        assert await look.judge(channel) is None
    assert len(desk.slack.called("users.list")) == 1
    assert len(desk.slack.called("users.info")) == 2


def test_every_refused_place_has_short_sentences() -> None:
    for why in Unsafe:
        assert all(len(it.split()) <= 25 for it in why.value.split(". "))
        assert why.here
