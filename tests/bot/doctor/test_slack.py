"""What ``schoolgate doctor`` says of Slack: its token, and where cards are shown."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from adapters.slack.manifest import DIRECT_MESSAGES, SCOPES
from bot.doctor.command import exit_code
from tests.bot.doctor.installation import (
    PLACE,
    Installed,
    by_hand,
)
from tests.fakes.slack_api import FakeSlack, Hangs, Refuses


if TYPE_CHECKING:
    from collections.abc import Callable


def in_slack(change: Callable[[FakeSlack], None]) -> Callable[[Installed], None]:
    def arrange(here: Installed) -> None:
        here.arrange = change

    return arrange


def shared(slack: FakeSlack) -> None:
    slack.workspace.channels[PLACE].flags["is_ext_shared"] = True


def guest(slack: FakeSlack) -> None:
    slack.workspace.users["U0HEAD"].flags["is_restricted"] = True


def gone(slack: FakeSlack) -> None:
    del slack.workspace.channels[PLACE]


def without(scope: str) -> Callable[[FakeSlack], None]:
    def change(slack: FakeSlack) -> None:
        slack.granted = tuple(it for it in SCOPES if it != scope)

    return change


def beyond(slack: FakeSlack) -> None:
    slack.granted = (*SCOPES, *DIRECT_MESSAGES)


def hearing_messages(here: Installed) -> None:
    here.environ["SCHOOLGATE_CHAT__SLACK__DIRECT_MESSAGES"] = "true"
    here.arrange = beyond


def a_wrong_app_token(here: Installed) -> None:
    here.environ |= {"SCHOOLGATE_CHAT__SLACK__MODE": "socket", "SLACK_APP_TOKEN": "xapp-wrong"}


@pytest.mark.parametrize(
    ("wrong", "codes", "code"),
    [
        (in_slack(lambda slack: slack.fail("auth.test", Refuses("token_revoked"))), {"slack"}, 78),
        (in_slack(lambda slack: slack.fail("auth.test", Hangs())), {"slack"}, 78),
        (a_wrong_app_token, {"slack"}, 78),
        (in_slack(without("chat:write")), {"slack"}, 78),
        (in_slack(without("users:read.email")), {"slack_permission"}, 1),
        (in_slack(without("")), set(), 0),
        (in_slack(beyond), {"slack_permission_unused"}, 1),
        (hearing_messages, set(), 0),
        (in_slack(shared), {"conversation"}, 1),
        (in_slack(guest), {"conversation"}, 1),
        (in_slack(gone), {"conversation"}, 1),
        (by_hand("DELETE FROM home"), {"no_conversation"}, 1),
    ],
    ids=[
        "revoked",
        "silent",
        "another app's",
        "mute",
        "not recognising",
        "sound",
        "reading messages for nothing",
        "reading messages to us",
        "shared",
        "a guest",
        "gone",
        "none chosen",
    ],
)
def test_slack_is_looked_at(
    installed: Installed, wrong: Callable[[Installed], None], codes: set[str], code: int
) -> None:
    wrong(installed)
    found = installed.examined()
    assert {problem.code for problem in found} == codes
    assert exit_code(found) == code
    assert all(problem.remedy for problem in found)
