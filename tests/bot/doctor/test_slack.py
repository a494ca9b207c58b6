"""What ``schoolgate doctor`` says of Slack: its token, and where cards are shown."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

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


@pytest.mark.parametrize(
    ("wrong", "codes", "code"),
    [
        (in_slack(lambda slack: slack.fail("auth.test", Refuses("token_revoked"))), {"slack"}, 78),
        (in_slack(lambda slack: slack.fail("auth.test", Hangs())), {"slack"}, 78),
        (in_slack(shared), {"conversation"}, 1),
        (in_slack(guest), {"conversation"}, 1),
        (in_slack(gone), {"conversation"}, 1),
        (by_hand("DELETE FROM home"), {"no_conversation"}, 1),
    ],
    ids=["revoked", "silent", "shared", "a guest", "gone", "none chosen"],
)
def test_slack_is_looked_at(
    installed: Installed, wrong: Callable[[Installed], None], codes: set[str], code: int
) -> None:
    wrong(installed)
    found = installed.examined()
    assert {problem.code for problem in found} == codes
    assert exit_code(found) == code
    assert all(problem.remedy for problem in found)
