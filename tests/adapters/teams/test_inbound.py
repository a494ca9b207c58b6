"""What Teams sends, read: whatever arrives is read as something or as nothing, and never raises."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, strategies as st

from adapters.payloads import BadPayload
from adapters.slash import ListAccounts, NotSpoken, Spoken, Verb
from adapters.teams import inbound
from adapters.teams.inbound import Activity, Kind, Room
from adapters.teams.listeners.commands import asked
from tests.fakes import teams_requests as ask
from tests.fakes.teams_connector import BOT, TENANT, Someone


USER = "A0000000-0000-4000-8000-00000000000B"
REED = Someone(user=USER, name="Sam Reed")
URL = "https://smba.trafficmanager.net/uk/"
ROOM = "19:facebook@thread.tacv2"

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)
NAMES = (
    *("type", "id", "name", "text", "value", "from", "recipient", "conversation", "serviceUrl"),
    *("channelData", "entities", "attachments", "membersAdded", "membersRemoved", "replyToId"),
)


def read(body: object) -> Activity:
    found = inbound.read(body)
    assert isinstance(found, Activity)
    return found


@given(st.dictionaries(st.sampled_from(NAMES), JSON))
def test_whatever_arrives_is_an_activity_or_is_not(body: dict[str, Any]) -> None:
    whole = ask.message(REED, URL, "help", ROOM)
    for sent in (body, whole | body):
        found = inbound.read(sent)
        assert isinstance(found, Activity | BadPayload)
        if isinstance(found, Activity) and found.kind is Kind.MESSAGE:
            asked(found)


@given(JSON)
def test_no_part_of_an_activity_is_believed_to_have_a_shape(part: object) -> None:
    for name in NAMES:
        for body in (ask.message(REED, URL, "help"), ask.installed(REED, URL, ROOM)):
            inbound.read(body | {name: part})


def test_a_message_is_read_with_its_sender_and_its_place() -> None:
    found = read(ask.message(REED, URL, "channels facebook", f"{ROOM};messageid=17"))
    assert found.kind is Kind.MESSAGE
    assert found.words == "channels facebook"
    assert found.origin.conversation == ROOM
    assert found.origin.thread == f"{ROOM};messageid=17"
    assert found.origin.room is Room.CHANNEL
    assert (found.origin.bot, found.origin.tenant) == (BOT, TENANT)
    assert found.sender is not None
    assert found.sender.user == USER.lower()
    assert "facebook" not in repr(found).replace(ROOM, "")


@pytest.mark.parametrize(
    ("text", "entities", "words"),
    [
        ("<at>Schoolgate</at> help", True, "help"),
        ("help <at>Schoolgate</at>", True, "help"),
        ("<at>Schoolgate</at>&nbsp;help", True, "help"),
        ("<at>Schoolgate</at>\xa0help", True, "help"),
        ("<at>Schoolgate</at> ask <at>Mr Lund</at>", True, "ask Mr Lund"),
        ("<at>Schoolgate</at> help", False, "help"),
        ("ask <at>Mr Lund</at>", False, "ask Mr Lund"),
        ("5 < 7 & 9 > 3", False, "5 < 7 & 9 > 3"),
    ],
)
def test_the_mention_of_us_is_no_part_of_what_was_said(
    text: str, *, entities: bool, words: str
) -> None:
    at = {"type": "mention", "mentioned": {"id": BOT}, "text": "<at>Schoolgate</at>"}
    body = ask.activity("message", REED, URL, ROOM, text=text)
    assert read(body | ({"entities": [at]} if entities else {})).words == words


def test_who_came_and_who_went() -> None:
    assert read(ask.installed(REED, URL)).kind is Kind.INSTALLED
    assert read(ask.removed(REED, URL)).kind is Kind.LEFT
    assert read(ask.came(REED, URL, ROOM, "29:x")).kind is Kind.MEMBERS
    assert read(ask.came(REED, URL, ROOM, BOT)).kind is Kind.INSTALLED
    went = ask.activity("conversationUpdate", REED, URL, ROOM, membersRemoved=[{"id": BOT}])
    assert read(went).kind is Kind.LEFT
    assert read(ask.activity("typing", REED, URL)).kind is Kind.OTHER


@pytest.mark.parametrize("missing", ["conversation", "serviceUrl", "type"])
def test_what_happened_nowhere_is_no_activity(missing: str) -> None:
    body = ask.message(REED, URL, "help")
    del body[missing]
    assert isinstance(inbound.read(body), BadPayload)


@pytest.mark.parametrize(
    ("conversation", "room"),
    [
        ({"id": "a:1", "conversationType": "personal"}, Room.PERSONAL),
        ({"id": "a:1"}, Room.GROUP),
        ({"id": "19:meeting_x@thread.v2"}, Room.GROUP),
        ({"id": "19:meeting_x@thread.v2", "conversationType": "meeting"}, Room.GROUP),
        ({"id": "19:meeting_x@thread.v2", "conversationType": "personal"}, Room.GROUP),
        ({"id": "19:a_b@unq.gbl.spaces", "conversationType": "personal"}, Room.GROUP),
        ({"id": "a:1", "conversationType": ["personal"]}, Room.GROUP),
    ],
    ids=str,
)
def test_a_chat_is_somebody_s_own_only_where_teams_says_so(
    conversation: dict[str, Any], room: Room
) -> None:
    body = ask.message(REED, URL, "help")
    found = read(body | {"conversation": {"tenantId": TENANT, **conversation}})
    assert found.origin.room is room


PERSONAL: tuple[tuple[str, object], ...] = (
    ("help", Spoken(Verb.HELP)),
    ("/help", Spoken(Verb.HELP)),
    ("Queue", Spoken(Verb.QUEUE)),
    ("channels", ListAccounts()),
    ("channels facebook", ListAccounts("facebook")),
    ("/channels primary school", ListAccounts("primary school")),
    ("/report She wrote to a child", Spoken(Verb.REPORT, "She wrote to a child")),
    ("schoolgate pause It rains", Spoken(Verb.PAUSE, "It rains")),
    ("schoolgate quiz", NotSpoken("/schoolgate quiz", "")),
    # Words that begin a post.
    ("report cards go home on Friday", None),
    ("Help us at the fair on Saturday!", None),
    ("channels of communication are open", None),
    ("propose The fair is on Saturday.", None),
    ("/propose The fair", None),
    ("", None),
)


@pytest.mark.parametrize(("text", "meant"), PERSONAL)
def test_what_somebody_writes_to_us_alone(text: str, meant: object) -> None:
    assert asked(read(ask.message(REED, URL, text))) == meant


def test_in_a_channel_everything_behind_our_name_is_a_command() -> None:
    for text, meant in (
        ("channels primary school", ListAccounts("primary school")),
        ("use-here facebook", Spoken(Verb.USE_HERE, "facebook")),
        ("report", Spoken(Verb.REPORT)),
        ("", Spoken(Verb.HELP)),
    ):
        assert asked(read(ask.message(REED, URL, text, ROOM))) == meant
    assert isinstance(asked(read(ask.message(REED, URL, "make tea", ROOM))), NotSpoken)
