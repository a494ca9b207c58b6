"""To the headteacher and to whoever posts it, in Slack: asked, allowed, taken, posted."""

from __future__ import annotations

from typing import TYPE_CHECKING

from moderation.posts.model import State
from tests.bot.chat.office import FACEBOOK_PLACE, labels, user_of
from tests.fakes import slack_requests as ask
from tests.fakes.slack_dialog import Dialog
from tests.fakes.trust import ADE, BELL, FACEBOOK, LUND, OKAFOR, REED


if TYPE_CHECKING:
    from moderation.kernel import PersonId
    from tests.bot.chat.office import Office
    from tests.fakes.slack_workspace import Message

WHY = "Her parents asked us to name her."
HINT = "may be entitled to read this"


def with_button(office: Office, person: PersonId, label: str) -> Message:
    """The newest private message to somebody that has this button."""
    place = office.slack.workspace.direct(user_of(person)).id
    found = [it for it in office.slack.workspace.messages[place] if label in labels(it)]
    assert found, [labels(it) for it in office.slack.workspace.messages[place]]
    return found[-1]


def has_button(office: Office, person: PersonId, label: str) -> bool:
    place = office.slack.workspace.direct(user_of(person)).id
    return any(label in labels(it) for it in office.slack.workspace.messages[place])


async def test_what_is_stopped_is_allowed_once_by_the_headteacher(office: Office) -> None:
    post = await office.propose(REED, "Amelia Khan won the cup.", FACEBOOK)
    assert (await office.post(post)).state is State.DRAFT
    await office.press(
        REED, with_button(office, REED, "Ask the headteacher"), "Ask the headteacher"
    )
    assert HINT in Dialog(office.dialog().body).words()
    bare = await office.submit(REED, office.dialog(), reason=" ")
    assert bare.json["response_action"] == "errors"
    sent = await office.submit(REED, office.dialog(), reason=WHY)
    assert sent.json == {"response_action": "clear"}

    asked = with_button(office, ADE, "Allow this once")
    assert WHY in asked.text
    # Whoever isn't the head is told so before a word is typed.
    await office.press(OKAFOR, asked, "Allow this once")
    assert "submit" not in office.dialog().body
    await office.press(ADE, asked, "Allow this once")
    assert HINT in Dialog(office.dialog().body).words()
    done = await office.submit(ADE, office.dialog(), reason="Her parents have signed it.")
    assert done.json == {"response_action": "clear"}
    assert (await office.post(post)).state is State.IN_REVIEW
    assert "Allow this once" not in labels(office.message(asked.channel))


async def test_a_moderator_asks_the_headteacher_and_the_card_says_so(office: Office) -> None:
    post = await office.propose(REED, "The fair is on Saturday.", FACEBOOK)
    await office.press(LUND, office.message(FACEBOOK_PLACE), "Ask the headteacher")
    assert HINT in Dialog(office.dialog().body).words()
    await office.submit(LUND, office.dialog(), words="Is the date right?")
    asked = with_button(office, ADE, "Approve")
    assert "Is the date right?" in asked.text
    # Whoever else may say yes reads the question too, and can answer it as well.
    assert "Is the date right?" in office.message(FACEBOOK_PLACE).text
    await office.press(ADE, asked, "Approve")
    assert [it.person for it in (await office.post(post)).approvals] == [ADE]


async def test_the_first_poster_to_take_it_keeps_it(office: Office) -> None:
    post = await office.propose(REED, "The fair is on Saturday.", FACEBOOK)
    await office.press(OKAFOR, office.message(FACEBOOK_PLACE), "Approve")
    posters = [who for who in (REED, BELL, OKAFOR, LUND) if has_button(office, who, "I'll post it")]
    first, *others = posters
    assert others
    late = with_button(office, others[0], "I'll post it")
    pressed = office.pressing(others[0], late, "I'll post it")
    await office.press(first, with_button(office, first, "I'll post it"), "I'll post it")
    assert not any(has_button(office, who, "I'll post it") for who in posters)
    # Pressed on a card that was drawn before: it is said who has it.
    told = len(office.slack.responses)
    await office.send(ask.interactive(pressed))
    assert "Sam Reed" in " ".join(it.text for it in office.slack.responses[told:])

    await office.press(first, with_button(office, first, "I've posted it"), "I've posted it")
    await office.submit(first, office.dialog(), url="")
    assert (await office.post(post)).state is State.PUBLISHED
    assert "Posted" in office.message(FACEBOOK_PLACE).text
    assert not any(has_button(office, who, "I've posted it") for who in posters)
