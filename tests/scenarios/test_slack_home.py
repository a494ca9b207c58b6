"""The Home tab: one queue, one's own posts, one's accounts; drawn anew after every click in it."""

from __future__ import annotations

import json
import time
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import pytest

from adapters.slack import home
from adapters.slack.limits import problems
from adapters.slack.names import EVENTS_PATH, HOME_REPORT, HOME_WRITE
from adapters.slack.transport import signature_of
from moderation.accounts.model import MonthOrDay
from moderation.people.model import AccountRole, Grant
from moderation.posts.model import State
from tests.fakes.slack_dialog import Dialog
from tests.fakes.slack_workspace import TEAM
from tests.fakes.trust import (
    ADE,
    BELL,
    FACEBOOK,
    LUND,
    NOVAK,
    OKAFOR,
    PRICE,
    REED,
    grants,
)
from tests.parity import shows
from tests.proves import proves
from tests.scenarios.slack_stage import CLOSED, FACEBOOK_ROOM, SECRET, Hand, SlackStage, post_of


if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from moderation.kernel import PersonId, PostId
    from tests.applications import Applications

Json = dict[str, Any]


@pytest.fixture
async def stage(applications: Applications) -> AsyncIterator[SlackStage]:
    async with SlackStage(applications).opened() as made:
        yield made


@dataclass
class Home:
    """Somebody's tab, and their fingers on it."""

    hand: Hand
    events: int = 0

    @property
    def tab(self) -> Json:
        found = dict(self.hand.stage.slack.workspace.homes[self.hand.id])
        assert problems(found) == ()
        return found

    @property
    def words(self) -> str:
        return Dialog(self.tab).words()

    @property
    def buttons(self) -> dict[str, Json]:
        rows = [block for block in self.tab["blocks"] if block["type"] == "actions"]
        items = [item for row in rows for item in row["elements"]]
        found = {it["text"]["text"]: it for it in items if it["type"] == "button"}
        for menu in (it for it in items if it["type"] == "overflow"):
            for option in menu["options"]:
                found[option["text"]["text"]] = {**menu, "selected_option": option}
        return found

    async def opens(self, *, tab: str = "home", event: str = "") -> None:
        self.events += 1
        happened = {
            "type": "event_callback",
            "team_id": TEAM,
            "event_id": event or f"Ev0{self.hand.id}{self.events}",
            "event": {
                "type": "app_home_opened",
                "user": self.hand.id,
                "channel": "D0HOME",
                "tab": tab,
            },
        }
        raw, stamp = json.dumps(happened).encode(), str(int(time.time()))
        answer = await self.hand.stage.http.post(
            EVENTS_PATH,
            data=raw,
            headers={
                "Content-Type": "application/json",
                "X-Slack-Request-Timestamp": stamp,
                "X-Slack-Signature": signature_of(SECRET, stamp, raw),
            },
        )
        assert answer.status == 200
        await self.hand.stage.settle()

    async def presses(self, label: str) -> None:
        stage = self.hand.stage
        button = self.buttons[label]
        action = {name: it for name, it in button.items() if name != "options"}
        await stage.send(
            {
                "type": "block_actions",
                "trigger_id": stage.slack.trigger(self.hand.id),
                "container": {"type": "view", "view_id": "V0HOME"},
                "view": {"id": "V0HOME", **self.tab},
                "actions": [{**action, "block_id": "b", "action_ts": "1.2"}],
                "user": {"id": self.hand.id, "team_id": TEAM, "username": "somebody"},
                "team": {"id": TEAM, "domain": "oakfield"},
            }
        )
        await stage.settle()


async def propose(stage: SlackStage, who: PersonId, *texts: str) -> list[PostId]:
    made = []
    for text in texts:
        dialog = await stage.as_(who).types("/propose", text, where=FACEBOOK_ROOM)
        assert await stage.as_(who).sends(dialog) == CLOSED
        await stage.settle()
        made.append(post_of(dialog))
    return made


FAIR, CONCERT, WALK = "The fair is on Saturday.", "The concert is at six.", "The walk is long."


@shows("queue", on="slack")
async def test_one_queue_is_decided_from_the_home_tab(stage: SlackStage) -> None:
    fair, concert, walk = await propose(stage, REED, FAIR, CONCERT, WALK)
    okafor = Home(stage.as_(OKAFOR))
    await okafor.opens()
    assert "Three posts wait for you" in okafor.words
    assert FAIR in okafor.words
    assert CONCERT not in okafor.words
    assert "Two more posts after this one." in okafor.words

    await okafor.presses("Approve and next")
    post = await stage.post(fair)
    assert post is not None
    assert [it.person for it in post.approvals] == [OKAFOR]
    assert CONCERT in okafor.words
    assert FAIR not in okafor.words
    assert "Two posts wait for you" in okafor.words

    await okafor.presses("Ask for a change and next")
    dialog = await okafor.hand.dialog()
    dialog.write("reason", "Which concert?")
    assert await okafor.hand.sends(dialog) == CLOSED
    await stage.settle()
    post = await stage.post(concert)
    assert post is not None
    assert post.state is State.CHANGES_REQUESTED
    assert WALK in okafor.words
    # The last one has nothing behind it.
    assert "Approve and next" not in okafor.buttons
    await okafor.presses("Approve")
    assert "Nothing waiting for you" in okafor.words
    last = await stage.post(walk)
    assert last is not None
    assert last.approvals


async def test_what_is_left_for_later_comes_round_again(stage: SlackStage) -> None:
    await propose(stage, REED, FAIR, CONCERT)
    okafor = Home(stage.as_(OKAFOR))
    await okafor.opens()
    await okafor.presses("Leave it for later")
    assert CONCERT in okafor.words
    await okafor.presses("Leave it for later")
    assert FAIR in okafor.words


async def test_i_m_on_it_is_said_in_the_home_tab_and_seen_in_the_others(stage: SlackStage) -> None:
    await propose(stage, REED, FAIR, CONCERT)
    okafor, lund = Home(stage.as_(OKAFOR)), Home(stage.as_(LUND))
    await okafor.opens()
    await okafor.presses("I'm on it")
    assert "You are looking at this until" in okafor.words
    assert "I'm no longer on it" in okafor.buttons
    assert FAIR in okafor.words
    await lund.opens()
    assert CONCERT in lund.words
    assert "Mrs Ngozi Okafor is looking at this until" in stage.room(FACEBOOK_ROOM)
    await okafor.presses("I'm no longer on it")
    assert "looking at this" not in stage.room(FACEBOOK_ROOM)


async def test_a_click_that_comes_too_late_is_told_and_the_tab_is_drawn_as_it_is(
    stage: SlackStage,
) -> None:
    await propose(stage, REED, FAIR)
    okafor, lund = Home(stage.as_(OKAFOR)), Home(stage.as_(LUND))
    await okafor.opens()
    await lund.opens()
    await okafor.presses("Approve")
    await lund.presses("Approve")
    told = await lund.hand.dialog()
    assert "Mrs Ngozi Okafor has already approved this." in told.words()
    assert "Nothing waiting for you" in lund.words


async def test_the_author_sees_how_their_posts_stand_and_changes_them_there(
    stage: SlackStage,
) -> None:
    [fair] = await propose(stage, REED, FAIR)
    okafor, reed = Home(stage.as_(OKAFOR)), Home(stage.as_(REED))
    await reed.opens()
    assert "One post" in reed.words
    assert "Look at it" in reed.buttons
    await okafor.opens()
    await okafor.presses("Request changes")
    dialog = await okafor.hand.dialog()
    dialog.write("reason", "On which Saturday?")
    await okafor.hand.sends(dialog)
    await reed.opens()
    assert "Changes asked for" in reed.words
    await reed.presses("Change it")
    dialog = await reed.hand.dialog()
    dialog.write("text", "The fair is on Saturday, 6 June.")
    assert await reed.hand.sends(dialog) == CLOSED
    await stage.settle()
    post = await stage.post(fair)
    assert post is not None
    assert post.state is State.IN_REVIEW
    assert "Waiting for a second yes" in reed.words


async def test_accounts_that_need_somebody_stand_first_and_only_one_s_own(
    stage: SlackStage,
) -> None:
    async with stage.application.units.write() as unit:
        lately = MonthOrDay(2026, 11, 2)
        facebook = await unit.accounts.get(FACEBOOK)
        assert facebook is not None
        await unit.accounts.save((replace(facebook, opened_on=lately),))
        second = Grant(account=FACEBOOK, person=OKAFOR, role=AccountRole.ADMINISTRATOR)
        of_facebook = {it for it in grants() if it.account == FACEBOOK}
        await unit.people.save_grants(frozenset({FACEBOOK}), (*of_facebook, second))
        await unit.commit()
    # Facebook would stand first by its name.
    oakfields = [
        "Instagram · Oakfield Pictures",
        "X · Oakfield PE and Sport",
        "Facebook · Oakfield Primary",
    ]
    for person, pages in (
        (ADE, oakfields),
        (LUND, oakfields),
        (BELL, oakfields),
        (PRICE, ["Facebook · Millbrook Infants"]),
        (NOVAK, []),
    ):
        await (tab := Home(stage.as_(person))).opens()
        _, _, mine = tab.words.partition("My accounts")
        listed = [line.strip().removesuffix(":") for line in mine.splitlines() if " · " in line]
        assert listed == pages, person
    assert "Three accounts, two need attention" in Home(stage.as_(ADE)).words
    assert "In good order" in Home(stage.as_(ADE)).words


async def test_whoever_has_nothing_is_told_how_to_begin(stage: SlackStage) -> None:
    stage.slack.workspace.add_user("U0NEW", name="New Colleague")
    tab = Home(type(stage.as_(REED))(stage, "new"))  # type: ignore[arg-type]
    await tab.opens()
    assert home.BEGIN in tab.words
    assert "I don't know you yet" in tab.words
    assert {home.WRITE, home.REPORT} <= set(tab.buttons)


async def test_the_tab_begins_a_post_and_a_report(stage: SlackStage) -> None:
    reed = Home(stage.as_(REED))
    await reed.opens()
    assert {it["action_id"] for it in reed.buttons.values()} >= {HOME_WRITE, HOME_REPORT}
    await reed.presses(home.WRITE)
    dialog = await reed.hand.dialog()
    dialog.choose("accounts", _first(dialog))
    dialog.write("text", FAIR)
    assert await reed.hand.sends(dialog) == CLOSED
    await stage.settle()
    assert "It is in front of the moderators now." in reed.words
    await reed.presses(home.REPORT)
    assert "999" in (await reed.hand.dialog()).words()


def _first(dialog: Dialog) -> str:
    groups = dialog.block("accounts")["element"]["option_groups"]
    label: str = groups[0]["options"][0]["text"]["text"]
    return label


async def test_a_guest_reads_nothing_there_but_why(stage: SlackStage) -> None:
    stage.slack.workspace.add_user("U0GUEST", name="A Guest", is_restricted=True)
    tab = Home(type(stage.as_(REED))(stage, "guest"))  # type: ignore[arg-type]
    await tab.opens()
    assert len(tab.tab["blocks"]) == 1
    assert not tab.buttons


async def test_the_tab_of_messages_and_an_event_that_comes_twice_draw_nothing(
    stage: SlackStage,
) -> None:
    await propose(stage, REED, FAIR)
    okafor = Home(stage.as_(OKAFOR))
    await okafor.opens(tab="messages")
    assert okafor.hand.id not in stage.slack.workspace.homes
    await okafor.opens(event="Ev0SAME")
    stage.slack.workspace.homes.clear()
    await okafor.opens(event="Ev0SAME")
    assert stage.slack.workspace.homes == {}


async def test_the_longest_words_and_many_posts_still_fit(stage: SlackStage) -> None:
    await propose(stage, REED, *(f"{FAIR} {number} {'All welcome. ' * 200}" for number in range(9)))
    okafor, reed = Home(stage.as_(OKAFOR)), Home(stage.as_(REED))
    await okafor.opens()
    assert "Nine posts wait for you" in okafor.words
    await reed.opens()
    assert "Nine posts" in reed.words
    assert "Look at number 9" in reed.buttons


@shows("policy", on="slack")
@proves("AUR-ACK-1", platform="slack")
async def test_the_policy_is_accepted_on_the_home_tab(applications: Applications) -> None:
    """What was typed into the dialog stays there until its writer has accepted."""
    own = {"accept_policy": "2026-09"}
    oakfield = {"id": "oakfield", "name": "Oakfield Primary", "policy": "step", "settings": own}
    millbrook = {"id": "millbrook", "name": "Millbrook Infants", "policy": "step"}
    applications.settings["SCHOOLGATE_SCHOOLS"] = json.dumps([oakfield, millbrook])
    async with SlackStage(applications).opened() as stage:
        dialog = await stage.as_(REED).types("/propose", FAIR, where=FACEBOOK_ROOM)
        kept = await stage.as_(REED).sends(dialog)
        assert kept["response_action"] == "errors"
        assert "/schoolgate policy" in str(kept["errors"])
        reed = Home(stage.as_(REED))
        await reed.opens()
        assert "Please read and accept it" in reed.words
        await reed.presses("I have read it and accept it")
        assert "Please read and accept it" not in reed.words
        assert await stage.as_(REED).sends(dialog) == CLOSED
        await stage.settle()
        await approved_once_accepted(stage, post_of(dialog))


async def approved_once_accepted(stage: SlackStage, post: PostId) -> None:
    """A moderator presses first: the policy's button comes with the answer, to them alone."""
    okafor, asked = stage.as_(OKAFOR), stage.slack.workspace.messages[FACEBOOK_ROOM][-1]
    await okafor.presses("Approve", asked)
    waiting = await stage.post(post)
    assert waiting is not None
    assert waiting.state is State.IN_REVIEW
    alone = okafor.told[-1]
    assert "Please read and accept it" in str(alone.blocks)
    await okafor.presses("I have read it and accept it", alone)
    await okafor.presses("Approve", asked)
    released = await stage.post(post)
    assert released is not None
    assert released.state is State.RELEASED
