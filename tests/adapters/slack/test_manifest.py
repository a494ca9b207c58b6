"""The manifest: within Slack's limits, and no more is asked for than is used."""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING, Any

import pytest

from adapters.slack.listeners.places import EVENTS
from adapters.slack.manifest import (
    RESERVED,
    Wanted,
    manifest,
    problems,
    scopes,
)
from adapters.slack.names import Commands


if TYPE_CHECKING:
    from collections.abc import Callable

HTTP = Wanted(address="https://schoolgate.example.org/")
SOCKET = Wanted()
RENAMED = Wanted(commands=Commands(channels="/school-accounts"), direct_messages=True)


@pytest.mark.parametrize("wanted", [HTTP, SOCKET, RENAMED])
def test_slack_would_take_it(wanted: Wanted) -> None:
    assert problems(manifest(wanted)) == ()


@pytest.mark.parametrize("wanted", [HTTP, SOCKET, RENAMED])
def test_each_scope_says_what_it_is_for(wanted: Wanted) -> None:
    made: Any = manifest(wanted)
    asked = made["oauth_config"]["scopes"]["bot"]
    assert list(scopes(wanted)) == asked
    assert all(why.strip() for why in scopes(wanted).values())


@pytest.mark.parametrize("wanted", [HTTP, SOCKET])
def test_nothing_that_is_said_can_be_read(wanted: Wanted) -> None:
    made: Any = manifest(wanted)
    assert not [scope for scope in scopes(wanted) if scope.endswith(":history")]
    events = made["settings"]["event_subscriptions"]["bot_events"]
    assert not [event for event in events if event.startswith("message")]
    assert made["features"]["app_home"]["messages_tab_read_only_enabled"]


def test_direct_messages_are_one_scope_more() -> None:
    wanted = Wanted(direct_messages=True)
    made: Any = manifest(wanted)
    assert set(scopes(wanted)) - set(scopes(SOCKET)) == {"im:history"}
    assert "message.im" in made["settings"]["event_subscriptions"]["bot_events"]
    assert not made["features"]["app_home"]["messages_tab_read_only_enabled"]


def test_who_joins_a_channel_is_heard_of() -> None:
    made: Any = manifest(SOCKET)
    assert set(EVENTS) <= set(made["settings"]["event_subscriptions"]["bot_events"])


def test_every_address_is_the_one_that_is_served() -> None:
    made: Any = manifest(HTTP)
    address = "https://schoolgate.example.org/slack/events"
    assert made["settings"]["interactivity"]["request_url"] == address
    assert made["settings"]["interactivity"]["message_menu_options_url"] == address
    assert made["settings"]["event_subscriptions"]["request_url"] == address
    assert {one["url"] for one in made["features"]["slash_commands"]} == {address}


def test_socket_mode_names_no_address() -> None:
    assert "url" not in str(manifest(SOCKET))
    assert "https://" in str(manifest(HTTP))


def test_commands_can_be_called_otherwise() -> None:
    made: Any = manifest(RENAMED)
    called = [one["command"] for one in made["features"]["slash_commands"]]
    assert called == ["/propose", "/school-accounts", "/report", "/schoolgate"]


def _named(made: Any, **names: str) -> None:  # noqa: ANN401 -- JSON
    made["features"]["slash_commands"][0] |= names


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (lambda made: made["display_information"].update(name="S" * 36), "name of display"),
        (lambda made: made["display_information"].update(description="S" * 141), "description"),
        (lambda made: made["display_information"].update(long_description="Short"), "under 175"),
        (lambda made: made["features"]["bot_user"].update(display_name="S" * 81), "bot_user"),
        (lambda made: made["features"].update(shortcuts=[]), "shortcuts holds"),
        (lambda made: made["features"]["shortcuts"][0].update(name="S" * 25), "a shortcut"),
        (
            lambda made: made["features"]["shortcuts"].append(made["features"]["shortcuts"][0]),
            "one callback_id",
        ),
        (lambda made: made["features"].update(slash_commands=[]), "slash_commands holds"),
        (lambda made: _named(made, command="propose"), "can't be a command"),
        (lambda made: _named(made, command="/Propose"), "can't be a command"),
        (lambda made: _named(made, command="/channels"), "one name"),
        (lambda made: _named(made, command=min(RESERVED)), "Slack's own"),
        (lambda made: _named(made, description=""), "is missing"),
        (
            lambda made: made["settings"]["event_subscriptions"]["bot_events"].append("message.im"),
            "needs the scope im:history",
        ),
        (
            lambda made: made["settings"]["interactivity"].update(request_url="http://127.0.0.1/"),
            "public https://",
        ),
    ],
)
def test_what_slack_would_turn_down_is_found(spoil: Callable[[Any], None], said: str) -> None:
    made: Any = copy.deepcopy(manifest(HTTP))
    spoil(made)
    found = problems(made)
    assert [line for line in found if said in line], found
