"""Somebody writes for the first time: found by their address, and theirs when people say so."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from html import unescape
from typing import TYPE_CHECKING

from bot.chat.doors import door_of
from moderation.kernel import Identity, Platform, SubjectRef
from moderation.links.commands import ConfirmLink
from moderation.links.model import LINK, link_of
from tests.bot.chat.office import FACEBOOK_PLACE, button, labels, user_of
from tests.fakes import slack_requests as ask
from tests.fakes.trust import ADE, BELL, LUND, NAMES, NOVAK, OKAFOR, PRICE, QUINN, REED, SHAH


if TYPE_CHECKING:
    from moderation.kernel import PersonId
    from tests.bot.chat.office import Office
    from tests.fakes.slack_workspace import Message

UNKNOWN = "I don't know you yet"
WAITS = "You can start when that is confirmed"


def address(person: PersonId) -> str:
    return f"{person}@oakfield.example"


async def unregistered(office: Office, *people: PersonId) -> None:
    """The list knows them by their address alone."""
    async with office.application.units.write() as unit:
        for person in people:
            found = await unit.people.get(person)
            assert found is not None
            bare = replace(found, identities=(), email=address(person))
            await unit.people.save((bare,))
        await unit.commit()
    for person in people:
        user = office.slack.workspace.users[user_of(person)]
        user.email = address(person).upper()


async def address_of(office: Office, person: PersonId) -> None:
    async with office.application.units.write() as unit:
        found = await unit.people.get(person)
        assert found is not None
        await unit.people.save((replace(found, email=address(person)),))
        await unit.commit()


def privately(office: Office, person: PersonId) -> Message | None:
    """The newest private message to somebody."""
    channel = office.slack.workspace.direct(user_of(person)).id
    messages = office.slack.workspace.messages.get(channel)
    return messages[-1] if messages else None


async def says(office: Office, person: PersonId) -> str:
    """What somebody is answered who asks who they are."""
    await office.type(person, "/schoolgate", "whoami")
    return office.slack.responses[-1].text


async def press(office: Office, person: PersonId, label: str) -> str:
    card = privately(office, person)
    assert card is not None
    await office.press(person, card, label)
    return office.slack.responses[-1].text


async def test_a_teacher_is_theirs_when_the_head_has_said_so(office: Office) -> None:
    await unregistered(office, REED)
    said = await says(office, REED)
    assert "I think you are on the school's list. Mrs Yemi Ade has been asked" in said
    card = privately(office, ADE)
    assert card is not None
    words = unescape(card.text)
    assert "Sam Reed <reed@oakfield.example> now writes from Slack, by the account below" in words
    assert "Name in Slack: Reed" in words
    assert "E-mail address in Slack: reed@oakfield.example" in words
    assert "Id in Slack: U0REED" in words
    assert "Poster" in card.text
    # Asked once, however often they click; and nobody else was.
    for _ in range(3):
        assert WAITS in await says(office, REED)
    assert len(office.slack.called("chat.postMessage")) == 1
    assert all(privately(office, who) is None for who in (OKAFOR, SHAH, QUINN, PRICE))
    assert "Sam Reed can use Schoolgate now" in await press(office, ADE, "Confirm")
    told = privately(office, REED)
    assert told is not None
    assert "You can use Schoolgate now" in told.text
    done = privately(office, ADE)
    assert done is not None
    assert labels(done) == ()
    assert "Sam Reed" in await says(office, REED)
    assert WAITS not in office.slack.responses[-1].text


async def test_what_an_account_is_called_is_shown_as_it_was_when_it_asked(office: Office) -> None:
    """Whoever holds it chooses the name: it is words, and proves nothing."""
    await unregistered(office, REED)
    user = office.slack.workspace.users[user_of(REED)]
    user.flags["profile"] = {
        **user.as_json()["profile"],
        "display_name": "<!channel> \u202e Head\nteacher " + "x" * 100,
    }
    await says(office, REED)
    card = privately(office, ADE)
    assert card is not None
    assert "<!channel>" not in card.text
    assert "\u202e" not in str(card.body)
    shown = unescape(card.text)
    [line] = [it for it in shown.splitlines() if it.startswith("Name in Slack")]
    assert "Head teacher xxx" in line
    assert len(line) < 110
    async with office.application.units.read() as unit:
        link = link_of(Identity(Platform.SLACK, user_of(REED)))
        events = await unit.audit.history(SubjectRef(LINK, link))
    assert events
    assert "Head teacher" not in str(events)
    # Called otherwise meanwhile, it is the same account, and the card tells what was asked about.
    user.flags["profile"] = {**user.as_json()["profile"], "display_name": "Somebody Else"}
    await press(office, ADE, "Confirm")
    done = privately(office, ADE)
    assert done is not None
    assert "Head teacher" in done.text
    assert "Somebody Else" not in done.text
    assert "Head teacher" not in office.house.log.getvalue()


async def test_for_a_moderator_two_people_say_so(office: Office) -> None:
    await unregistered(office, LUND)
    assert "have been asked to confirm" in await says(office, LUND)
    card = privately(office, SHAH)
    assert card is not None
    assert "two people need to say yes" in card.text
    assert "One more person needs to say yes" in await press(office, SHAH, "Confirm")
    assert WAITS in await says(office, LUND)
    # The same person twice is one person.
    again = office.slack.workspace.messages[card.channel][-1]
    await office.press(SHAH, again, "Confirm")
    assert WAITS in await says(office, LUND)
    await press(office, ADE, "Confirm")
    assert "Mr Erik Lund" in await says(office, LUND)
    async with office.application.units.read() as unit:
        assert await unit.people.who(Identity(Platform.SLACK, user_of(LUND))) == LUND


async def test_what_was_typed_is_given_back_to_whoever_waits(office: Office) -> None:
    await unregistered(office, REED)
    await office.type(REED, "/propose", "The fair is on Saturday.")
    assert "You typed: The fair is on Saturday." in office.slack.responses[-1].text


async def test_a_concern_waits_for_nobody_s_confirmation(office: Office) -> None:
    await unregistered(office, REED)
    await says(office, REED)
    told = len(office.slack.responses)
    await office.type(REED, "/report", "A child cried at the gate.")
    dialog = str(office.dialog().body["blocks"])
    assert "ring 999" in dialog
    assert "submit" not in office.dialog().body
    assert len(office.slack.responses) == told


async def test_a_concern_in_other_words_waits_for_nobody_s_confirmation(office: Office) -> None:
    await unregistered(office, REED)
    await says(office, REED)
    told = len(office.slack.responses)
    await office.type(REED, "/schoolgate", "report A child cried at the gate.")
    assert "ring 999" in str(office.dialog().body["blocks"])
    assert len(office.slack.responses) == told


async def test_a_guest_with_a_concern_hears_what_to_do_now(office: Office) -> None:
    office.slack.workspace.users[user_of(BELL)].flags["is_restricted"] = True
    await office.type(BELL, "/report", "A child cried at the gate.")
    said = office.slack.responses[-1].text
    assert said.startswith("If a child is in danger now, ring 999.")
    assert "Guests of this workspace" in said
    assert "You typed: A child cried at the gate." in said


async def test_a_no_stays_a_no(office: Office) -> None:
    await unregistered(office, REED)
    await says(office, REED)
    await press(office, ADE, "Decline")
    for _ in range(2):
        assert "isn't the one on its list" in await says(office, REED)
    assert len(office.slack.called("chat.postMessage")) == 1


async def test_nobody_confirms_themselves_or_what_isn_t_theirs(office: Office) -> None:
    await unregistered(office, LUND)
    await says(office, LUND)
    card = privately(office, ADE)
    assert card is not None
    link = link_of(Identity(Platform.SLACK, user_of(LUND)))
    forged = button(card, "Confirm")
    for person, heard in (
        (LUND, WAITS),
        (REED, "isn't yours to answer"),
        (OKAFOR, "Thank you. One more"),
        (PRICE, "isn't yours to answer"),
        (BELL, "isn't yours to answer"),
    ):
        user = user_of(person)
        pressed = ask.pressed(
            forged,
            user=user,
            channel=card.channel,
            ts=card.ts,
            trigger=office.slack.trigger(user),
            response_url=office.slack.response_url(card.channel, user),
            ephemeral=False,
        )
        await office.send(ask.interactive(pressed))
        assert heard in office.slack.responses[-1].text, person
    # A moderator who is the business manager counts as the second, and never as the first alone.
    async with office.application.units.read() as unit:
        stored = await unit.links.get(link)
    assert stored is not None
    assert stored[0].confirmed_by == (OKAFOR,)


async def test_an_address_helps_no_guest_no_stranger_and_nobody_twice(office: Office) -> None:
    await unregistered(office, REED, NOVAK)
    workspace = office.slack.workspace
    guest = user_of(BELL)
    workspace.users[guest].flags["is_restricted"] = True
    workspace.users[guest].email = address(REED)
    assert "Guests of this workspace" in await says(office, BELL)
    # Mrs Ade has an account here already: another one is for a file to register.
    await address_of(office, ADE)
    workspace.add_user("U0NEW1", email="")
    workspace.add_user("U0NEW2", email="nobody@oakfield.example")
    workspace.add_user("U0NEW3", email=address(NOVAK), is_email_confirmed=False)
    workspace.add_user("U0NEW4", email=address(ADE))
    for user in ("U0NEW1", "U0NEW2", "U0NEW3", "U0NEW4"):
        typed = ask.command(
            "/schoolgate",
            "whoami",
            user=user,
            channel=FACEBOOK_PLACE,
            trigger=office.slack.trigger(user),
            response_url=office.slack.response_url(FACEBOOK_PLACE, user),
        )
        await office.send(ask.typed(typed))
        assert UNKNOWN in office.slack.responses[-1].text, user
    assert office.slack.called("chat.postMessage") == ()


async def test_nobody_s_answer_is_no_after_a_fortnight(office: Office) -> None:
    await unregistered(office, REED)
    await says(office, REED)
    office.house.clock.pass_by(timedelta(days=14, minutes=1))
    await office.settle()
    card = privately(office, ADE)
    assert card is not None
    assert labels(card) == ()
    assert "Nobody answered in time" in card.text
    late = ConfirmLink(link=link_of(Identity(Platform.SLACK, user_of(REED))), seen=1)
    by = Identity(Platform.SLACK, user_of(ADE))
    answer = await door_of(office.application).do(late, by=by, key="late")
    assert answer.sentences == (
        "Nobody answered in time, so this no longer counts. Nothing changed.",
    )
    # Asked anew, the old card is the new one.
    assert "has been asked" in await says(office, REED)
    assert "can use Schoolgate now" in await press(office, ADE, "Confirm")


async def test_who_is_known_is_asked_about_once(office: Office) -> None:
    await says(office, REED)
    before = len(office.slack.called("users.info"))
    for _ in range(3):
        assert NAMES[REED][0] in await says(office, REED)
    assert len(office.slack.called("users.info")) == before
