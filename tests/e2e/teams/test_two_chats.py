"""One conversation, two platforms: local-slack and Microsoft's client at once, one Schoolgate.

The people are the same in both, known there by other ids.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

import pytest

from tests.e2e.office import free_port, schoolgate, wait_for
from tests.e2e.slack import workspace as slack_
from tests.e2e.slack.workspace import Workspace
from tests.e2e.teams import playground as teams_
from tests.e2e.teams.playground import Playground, titles


if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.e2e.teams.playground import Message

pytestmark = pytest.mark.e2e

DECIDING = {"Approve", "Request changes", "Reject"}
WROTE_IT = "You wrote this"


@dataclass(frozen=True, slots=True)
class Both:
    """The two chats."""

    slack: Workspace
    teams: Playground

    def press(self, person: str, words: str, label: str) -> None:
        """Press a button of the newest card in Slack's channel that says so."""
        message = self.in_slack(words)
        [(block, button)] = [it for it in _buttons(message) if it[1]["text"]["text"] == label]
        self.slack.tell(
            "interact",
            channel=slack_.CHANNEL,
            messageTs=message["ts"],
            user=slack_.slack_id(person),
            action={
                "type": "button",
                "action_id": button["action_id"],
                "block_id": block.get("block_id", "buttons"),
                "value": button["value"],
            },
        )

    def in_slack(self, words: str) -> dict[str, Any]:
        """The card there, which is there sooner or later."""

        def found() -> list[dict[str, Any]]:
            standing = self.slack.messages(slack_.CHANNEL)
            return [it for it in standing if it.get("blocks") and words in str(it["blocks"])]

        wait_for(lambda: bool(found()), f"no card in Slack says {words}")
        return found()[-1]

    def in_teams(self, words: str) -> Message:
        """The card there."""
        return self.teams.card(teams_.CHANNEL, words)

    def both_final(self, words: str) -> None:
        """Nobody can decide anything any more, on either platform."""
        card = self.in_teams(words)
        wait_for(lambda: not DECIDING & set(titles(card.card)), "Teams' card is not final")
        assert "Ready to post" in card.words

        def decided() -> bool:
            labels = {it["text"]["text"] for _, it in _buttons(self.in_slack(words))}
            return not DECIDING & labels

        wait_for(decided, "Slack's card is not final")
        assert "Ready to post" in str(self.in_slack(words)["blocks"])


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Both]:
    """Both at work, and one account whose cards are shown in both."""
    if not slack_.PROGRAM.exists() or not teams_.PROGRAM.exists():
        pytest.skip("local-slack or the Playground isn't installed: scripts/need-… says why")
    folder, port = tmp_path_factory.mktemp("both"), free_port()
    with (
        slack_.workspace(folder, "http", port) as slack,
        teams_.playground(folder, port) as teams,
        schoolgate(
            folder,
            port,
            {**slack_.connected(slack, "http"), **teams_.connected()},
            {**slack_.ids(), **teams_.ids()},
        ),
    ):
        here = "use-here oakfield-facebook"
        teams.say("reed", "help")
        teams.say("bell", here, teams_.CHANNEL)
        slack.tell(
            "command",
            channel=slack_.CHANNEL,
            user=slack_.slack_id("bell"),
            command="/schoolgate",
            text=here,
        )
        told = "are shown here"
        wait_for(lambda: told in teams.words(teams_.CHANNEL), "no place was chosen in Teams")
        wait_for(lambda: told in slack.words(slack_.CHANNEL), "no place was chosen in Slack")
        yield Both(slack, teams)


def test_proposed_in_teams_and_approved_in_slack(both: Both) -> None:
    words = "The summer fair is on Monday at three."
    both.teams.say("reed", words)
    draft = both.teams.card(teams_.PERSONAL, "Your draft")
    both.teams.say("reed", "facebook")
    wait_for(lambda: "Make this a post" in titles(draft.card), "it could not be made")
    both.teams.press("reed", draft, "Make this a post")

    both.in_teams(words)
    both.in_slack(words)
    both.press("reed", words, "Approve")
    answered = partial(_reads, both.slack, WROTE_IT)
    wait_for(answered, "the author was not refused")
    assert "Approve" in titles(both.in_teams(words).card)

    both.press("lund", words, "Approve")
    both.both_final(words)


def test_proposed_in_slack_and_approved_in_teams(both: Both) -> None:
    words = "The book sale is on Thursday at nine."
    wait_for(lambda: bool(both.slack.direct("reed")), "the author heard nothing in Slack")
    chat = both.slack.direct("reed")
    both.slack.tell("message", channel=chat, user=slack_.slack_id("reed"), text=words)
    wait_for(lambda: words in both.slack.words(chat), "no draft came")
    both.slack.tell("message", channel=chat, user=slack_.slack_id("reed"), text="facebook")
    both.slack.tell("message", channel=chat, user=slack_.slack_id("reed"), text="post")

    card = both.in_teams(words)
    both.in_slack(words)
    assert WROTE_IT in str(both.teams.press("reed", card, "Approve"))
    assert "Approve" in titles(card.card)

    both.teams.press("lund", card, "Approve")
    both.both_final(words)


def _reads(slack: Workspace, words: str) -> bool:
    return words in slack.words(slack_.CHANNEL)


def _buttons(message: dict[str, Any]) -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
    for block in message.get("blocks", ()):
        if block["type"] == "actions":
            yield from ((block, it) for it in block["elements"] if it["type"] == "button")
