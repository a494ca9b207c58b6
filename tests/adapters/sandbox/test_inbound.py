from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, strategies as st

from adapters import slash
from adapters.intents import OpenPost
from adapters.payloads import BadPayload
from adapters.sandbox import inbound
from adapters.sandbox.inbound import (
    Compose,
    ListAccounts,
    NoSuchCommand,
    PausePosts,
    Pressed,
    SayWho,
    ShowHelp,
    ShowQueue,
    StartPosts,
    WriteReport,
    pressed,
    typed,
    written,
)
from adapters.written import Written
from moderation.checks.model import Pictured, Who
from moderation.kernel import AccountId, BlobId, FindingKey, PersonId, PostId, PupilKey
from moderation.posts import commands as ask
from moderation.posts.model import Attachment, Content


LONDON = ZoneInfo("Europe/London")
BLOB = "sha256:" + "ab" * 32
INTENT = {"v": 1, "verb": "post.approve", "id": "01J", "rev": 2}
FORM: dict[str, Any] = {
    "post": "01J",
    "seen": 0,
    "accounts": ["oakfield-facebook"],
    "text": "Our choir sings on Friday.",
    "pictures": [],
    "who": "not_said",
    "pupils": [],
    "goes_out": "",
}
PICTURE = {"blob": BLOB, "alt": " A choir ", "name": "choir.jpg"}
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text() | st.floats(allow_nan=False),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=8,
)


def read(**changes: object) -> Written:
    form = written(FORM | changes, LONDON)
    assert isinstance(form, Written)
    return form


def refused(**changes: object) -> str:
    form = written(FORM | changes, LONDON)
    assert isinstance(form, BadPayload)
    return form.sentence


# -- buttons --------------------------------------------------------------------------------------


def test_a_button_with_its_form_becomes_a_command() -> None:
    press = pressed({"intent": INTENT, "values": {"confirm:k1": "yes"}, "request": "12345678-a"})
    assert isinstance(press, Pressed)
    assert press.asks == ask.Approve(
        post=PostId("01J"), seen=2, confirmed=frozenset({FindingKey("k1")})
    )


def test_the_intent_may_be_the_buttons_own_string() -> None:
    press = pressed({"intent": json.dumps(INTENT | {"verb": "post.open"})})
    assert isinstance(press, Pressed)
    assert press.asks == OpenPost(post=PostId("01J"))


def test_pressing_twice_is_one_request_and_two_people_are_two() -> None:
    first, again = pressed({"intent": INTENT}), pressed({"intent": INTENT})
    assert isinstance(first, Pressed)
    assert isinstance(again, Pressed)
    assert first.key(PersonId("lund")) == again.key(PersonId("lund"))
    assert first.key(PersonId("lund")) != first.key(PersonId("okafor"))
    asked = pressed({"intent": INTENT, "request": "12345678"})
    assert isinstance(asked, Pressed)
    assert asked.key(PersonId("lund")) != first.key(PersonId("lund"))


def test_approve_and_next_is_the_same_yes() -> None:
    plain = pressed({"intent": INTENT})
    in_the_queue = pressed({"intent": INTENT | {"arg": "next"}})
    assert isinstance(plain, Pressed)
    assert isinstance(in_the_queue, Pressed)
    assert plain.asks == in_the_queue.asks
    assert plain.key(PersonId("lund")) == in_the_queue.key(PersonId("lund"))


@pytest.mark.parametrize(
    "payload",
    [
        None,
        [],
        {},
        {"intent": {}},
        {"intent": "{"},
        {"intent": INTENT | {"verb": "post.override"}},
        {"intent": INTENT, "values": []},
        {"intent": INTENT, "values": {"reason": 7}},
        {"intent": INTENT, "values": {"reason": "\ud800"}},
        {"intent": INTENT, "request": "; drop"},
        {"intent": INTENT, "request": 7},
    ],
    ids=str,
)
def test_a_broken_press_is_answered_in_a_sentence(payload: object) -> None:
    answer = pressed(payload)
    assert isinstance(answer, BadPayload)
    assert answer.sentence.endswith(".")


@given(JSON)
def test_no_payload_is_a_fault(payload: object) -> None:
    assert isinstance(pressed(payload), BadPayload)
    assert isinstance(written(payload, LONDON), BadPayload)
    typed(payload)


@given(st.binary())
def test_no_body_is_a_fault(raw: bytes) -> None:
    inbound.body(raw)


# -- the form -------------------------------------------------------------------------------------


def test_the_form_is_a_proposal_and_later_a_correction() -> None:
    content = Content(text=FORM["text"], accounts=(AccountId("oakfield-facebook"),))
    assert read().asks == ask.Propose(post=PostId("01J"), content=content)
    assert read(seen=2).asks == ask.Revise(post=PostId("01J"), seen=2, content=content)


def test_the_words_are_kept_exactly() -> None:
    text = "  Zoë’s\n\n\U0001f389  "
    assert read(text=text).content.text == text


def test_other_words_are_another_request() -> None:
    lund = PersonId("lund")
    assert read().key(lund) == read().key(lund)
    assert read().key(lund) != read(text="Other words.").key(lund)


def test_pictures_keep_their_order_and_their_descriptions() -> None:
    other = PICTURE | {"blob": "sha256:" + "cd" * 32, "alt": ""}
    assert read(pictures=[PICTURE, other]).content.attachments == (
        Attachment(blob=BlobId(BLOB), alt="A choir", file_name="choir.jpg"),
        Attachment(blob=BlobId("sha256:" + "cd" * 32), alt="", file_name="choir.jpg"),
    )


@pytest.mark.parametrize("who", ["not_said", "nobody", "not_recognisable"])
def test_who_is_in_it_is_said_about_pictures(who: str) -> None:
    assert read(pictures=[PICTURE], who=who).content.pictured == Pictured(Who(who))
    assert read(who=who).content.pictured == Pictured()


def test_pupils_are_named_by_their_keys() -> None:
    form = read(pictures=[PICTURE], who="these", pupils=["p1", "p2", "p1"])
    assert form.content.pictured == Pictured(Who.THESE, frozenset({PupilKey("p1"), PupilKey("p2")}))
    assert "at least one pupil" in refused(pictures=[PICTURE], who="these", pupils=[])


@pytest.mark.parametrize(
    ("said", "instant"),
    [
        ("2026-11-19T08:00", datetime(2026, 11, 19, 8, 0, tzinfo=UTC)),
        ("2026-07-01T08:00", datetime(2026, 7, 1, 7, 0, tzinfo=UTC)),
        ("2026-07-01T08:00:00", datetime(2026, 7, 1, 7, 0, tzinfo=UTC)),
        ("2026-10-25T01:30", datetime(2026, 10, 25, 0, 30, tzinfo=UTC)),
        ("", None),
    ],
)
def test_a_time_is_local_to_the_school(said: str, instant: datetime | None) -> None:
    assert read(goes_out=said).content.not_before == instant


def test_a_time_that_the_clocks_skip_is_said() -> None:
    assert "clocks go forward" in refused(goes_out="2026-03-29T01:30")


@pytest.mark.parametrize(
    "said", ["tomorrow", "2026-13-01T08:00", "2026-11-19T08:00+00:00", "9" * 40]
)
def test_a_time_that_is_none_is_said(said: str) -> None:
    assert refused(goes_out=said)


def test_a_time_before_all_times_is_said() -> None:
    form = written(FORM | {"goes_out": "0001-01-01T00:00"}, ZoneInfo("Asia/Tokyo"))
    assert isinstance(form, BadPayload)


@pytest.mark.parametrize(
    "changes",
    [
        {"post": ""},
        {"post": None},
        {"post": "../etc"},
        {"seen": -1},
        {"seen": "1"},
        {"accounts": "oakfield"},
        {"accounts": ["a b"]},
        {"accounts": ["a"] * 100},
        {"text": None},
        {"text": "x" * (inbound.LONGEST_TEXT + 1)},
        {"text": "null \0"},
        {"text": "half \ud83c"},
        {"pictures": [{}]},
        {"pictures": [{"blob": "sha256:xyz", "alt": ""}]},
        {"pictures": [PICTURE | {"alt": 7}]},
        {"pictures": [PICTURE], "who": "everybody"},
        {"pictures": [PICTURE], "who": "these", "pupils": ["p1"] * 1000},
    ],
    ids=lambda changes: str(changes)[:40],
)
def test_a_form_that_no_page_sends_is_answered_in_a_sentence(changes: dict[str, Any]) -> None:
    assert refused(**changes).endswith(".")


# -- the command box ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("line", "meant"),
    [
        ("/channels", ListAccounts()),
        ("/channels facebook", ListAccounts("facebook")),
        ("  /Channels   stale ", ListAccounts("stale")),
        ("channels", ListAccounts()),
        ("channels uncovered", ListAccounts("uncovered")),
        ("/queue", ShowQueue()),
        ("queue", ShowQueue()),
        ("/help", ShowHelp()),
        ("", ShowHelp()),
        ("/whoami", SayWho()),
        ("/report", WriteReport()),
        ("report", WriteReport()),
        ("/report A message worries me.", WriteReport("A message worries me.")),
        ("/schoolgate report", WriteReport()),
        ("/schoolgate Report A message.", WriteReport("A message.")),
        ("/reprt", NoSuchCommand("/reprt", "/report")),
        ("Report cards go home today.", Compose("Report cards go home today.")),
        ("/schoolgate", ShowHelp()),
        ("/schoolgate help", ShowHelp()),
        ("/Schoolgate QUEUE", ShowQueue()),
        ("schoolgate whoami", SayWho()),
        ("/schoolgate pause a flood in the hall", PausePosts("a flood in the hall")),
        ("schoolgate pause", PausePosts()),
        ("/schoolgate start oakfield", StartPosts("oakfield")),
        ("/schoolgate paws", NoSuchCommand("/schoolgate paws", "/schoolgate pause")),
        ("Schoolgate help is at hand", Compose("Schoolgate help is at hand")),
        ("Schoolgate is our new helper", Compose("Schoolgate is our new helper")),
        ("/pause it all", NoSuchCommand("/pause", "/schoolgate pause")),
        ("/start", NoSuchCommand("/start", "/schoolgate start")),
        ("/propose", Compose()),
        ("/propose Our fair is on Friday.", Compose("Our fair is on Friday.")),
        ("Our fair is on Friday.", Compose("Our fair is on Friday.")),
        ("Queue here for tickets", Compose("Queue here for tickets")),
        ("Channels of the Thames, our new topic", Compose("Channels of the Thames, our new topic")),
        ("99 days to go", Compose("99 days to go")),
        ("/channel", NoSuchCommand("/channel", "/channels")),
        ("/propos", NoSuchCommand("/propos", "/propose")),
        ("/zzz else", NoSuchCommand("/zzz")),
        ("/", NoSuchCommand("/")),
        ("//", NoSuchCommand("/")),
    ],
)
def test_what_was_typed_is_understood(line: str, meant: object) -> None:
    assert typed(line) == meant


def test_a_concern_that_was_typed_is_in_no_repr() -> None:
    for line in ("/report Zephyrine is afraid.", "/schoolgate report Zephyrine is afraid."):
        assert "Zephyrine" not in repr(typed(line))
    assert "Zephyrine" not in repr(slash.schoolgate("report Zephyrine is afraid."))


def test_a_line_that_is_no_text_is_answered() -> None:
    assert isinstance(typed(7), BadPayload)
    assert isinstance(typed("x" * (inbound.LONGEST_TEXT + 1)), BadPayload)
