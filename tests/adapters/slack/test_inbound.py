"""What Slack sends, read: whatever arrives, it is somebody's, or nobody's, and never a fault."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, strategies as st

from adapters.payloads import BadPayload, dumps
from adapters.slack import inbound
from adapters.slack.inbound import Origin, Sender
from moderation.views import Intent
from tests.fakes import slack_requests as ask


INTENT = Intent(verb="post.approve", id="01POST", rev=2)
BUTTON = {"type": "button", "action_id": "do:1", "value": dumps(INTENT)}
PRESSED = ask.pressed(
    BUTTON,
    user="U0REED",
    channel="C0OFFICE",
    ts="1.2",
    trigger="t",
    response_url="https://hooks.slack.com/x",
)
TYPED = ask.command("/channels", " x ", user="U0REED", channel="C0OFFICE", trigger="t")
EVENT = ask.mentioned("hi", user="U0REED", channel="C0OFFICE")
VIEW = ask.submitted({"id": "V0VIEW", "type": "modal"}, {}, user="U0REED")
REAL = [PRESSED, TYPED, EVENT, VIEW]


@pytest.mark.parametrize("body", REAL, ids=["pressed", "typed", "event", "view"])
def test_every_kind_of_request_says_who_sent_it(body: dict[str, Any]) -> None:
    sender = inbound.sender(body)
    assert sender is not None
    assert (sender.user, sender.workspace) == ("U0REED", "T0OAKFIELD")


def test_somebodys_own_team_is_told_apart_from_where_they_did_it() -> None:
    body = PRESSED | {"user": {"id": "U0AWAY", "team_id": "T0AWAY"}}
    assert inbound.sender(body) == Sender(user="U0AWAY", workspace="T0OAKFIELD", team="T0AWAY")
    shared = EVENT | {"event": {**EVENT["event"], "user_team": "T0AWAY"}}
    assert inbound.sender(shared) == Sender(user="U0REED", workspace="T0OAKFIELD", team="T0AWAY")


def test_where_it_was_done() -> None:
    assert inbound.origin(PRESSED) == Origin(
        channel="C0OFFICE", ts="1.2", trigger="t", response_url="https://hooks.slack.com/x"
    )
    assert inbound.origin(TYPED).channel == "C0OFFICE"
    assert inbound.origin(EVENT) == Origin(channel="C0OFFICE")
    assert inbound.origin(VIEW).view == "V0VIEW"
    assert inbound.origin({"view": {"id": "V1", "type": "home"}}).home
    assert inbound.origin({"container": {"is_ephemeral": True}}).ephemeral
    assert not inbound.origin({"container": {"is_ephemeral": "yes"}}).ephemeral


def test_what_was_typed_is_what_was_meant() -> None:
    read = inbound.typed(TYPED | {"text": " a &lt;b&gt; &amp;amp; c <@U0X|sam> "})
    assert read.words == "a <b> &amp; c"
    assert "a <b>" not in repr(read)


@pytest.mark.parametrize(
    "changed",
    [
        {"actions": []},
        {"actions": [BUTTON, BUTTON]},
        {"actions": "do:1"},
        {"actions": [{**BUTTON, "value": "x"}]},
        {"actions": [{**BUTTON, "action_id": None}]},
        {"actions": [{"type": "overflow", "action_id": "more:1", "selected_option": "x"}]},
    ],
)
def test_a_button_that_cannot_be_read_is_said_so(changed: dict[str, Any]) -> None:
    assert isinstance(inbound.pressed(PRESSED | changed), BadPayload)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)
KEYS = sorted({key for body in REAL for key in body} | {"message", "view", "container"})


@given(
    st.sampled_from(REAL),
    st.dictionaries(st.sampled_from(KEYS), JSON, max_size=4),
)
def test_whatever_arrives_is_read_or_nobodys(body: dict[str, Any], changed: dict[str, Any]) -> None:
    odd = body | changed
    sender = inbound.sender(odd)
    assert sender is None or (sender.user and sender.workspace)
    origin = inbound.origin(odd)
    assert all(isinstance(it, str) for it in (origin.channel, origin.ts, origin.trigger))
    inbound.pressed(odd)
    assert len(inbound.message(odd).words) <= inbound.LONGEST_WORDS
    assert len(inbound.typed(odd).command) <= inbound.LONGEST_ID
