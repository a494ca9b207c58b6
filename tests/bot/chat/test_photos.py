"""Who may not be shown: read in a dialog of Slack's, and gone with it."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from adapters.sentences import OUTDATED
from moderation.kernel import SubjectRef
from tests.bot.chat.office import user_of
from tests.fakes import slack_requests as ask
from tests.fakes.slack_api import Broken
from tests.fakes.slack_workspace import TEAM
from tests.fakes.trust import HART, MARSH, OAK, OKAFOR, REED
from tests.parity import shows
from tests.proves import proves


if TYPE_CHECKING:
    from tests.bot.chat.office import Office


CHILD = "Kofi Farrow"
"""Whose permission was refused."""


def shown(office: Office) -> str:
    return str(office.dialog().body["blocks"])


async def readings(office: Office) -> list[Any]:
    async with office.application.units.read() as unit:
        return list(await unit.audit.history(SubjectRef("photos", OAK)))


def everything_that_stays(office: Office) -> str:
    workspace = office.slack.workspace
    standing = [it.body for texts in workspace.messages.values() for it in texts]
    passing = [it.body for it in (*office.slack.responses, *workspace.ephemeral)]
    return f"{standing}{passing}"


@shows("photos", on="slack")
@proves("STEP-CONS-1", "AUR-CONS-1", platform="slack")
async def test_a_class_is_read_in_a_dialog_and_nowhere_else(office: Office) -> None:
    heard = await office.type(REED, "/schoolgate", "photos 4b")
    assert (heard.status, heard.text) == (200, "")
    assert office.dialog().user == user_of(REED)
    said = shown(office)
    assert CHILD in said
    assert "refused" in said
    assert "Amelia" not in said
    assert "until midnight" in said
    assert CHILD not in everything_that_stays(office)
    assert CHILD not in office.house.log.getvalue()
    [seen] = await readings(office)
    assert (seen.tag, seen.person) == ("photos:seen", REED)
    assert seen.payload["form"] == "4B"
    assert CHILD not in str(seen.payload)


async def test_one_account_of_several(office: Office) -> None:
    await office.type(REED, "/schoolgate", "photos 4B facebook")
    assert "Oakfield Primary" in shown(office)
    assert "Oakfield Pictures" not in shown(office)
    await office.type(REED, "/schoolgate", "photos 4B tiktok")
    assert "No account of yours is called that." in shown(office)


async def test_what_there_is_instead_of_an_unknown_class(office: Office) -> None:
    await office.type(REED, "/schoolgate", "photos")
    assert "Which class? There are: 4B, 5A." in shown(office)
    await office.type(REED, "/schoolgate", "photos 9Z")
    assert "There are: 4B, 5A." in shown(office)
    for person in (HART, MARSH):
        await office.type(person, "/schoolgate", "photos 4B")
        assert CHILD not in shown(office)
        assert "5A" not in shown(office)
    assert await readings(office) == []


async def test_at_midnight_what_is_still_open_is_emptied(office: Office) -> None:
    clock, workspace = office.house.clock, office.workspace
    await office.type(REED, "/schoolgate", "photos 4B")
    dialog = office.dialog()
    clock.pass_by(timedelta(hours=11, minutes=59))  # from noon
    await workspace.readings.end()
    assert CHILD in str(dialog.body["blocks"])
    clock.pass_by(timedelta(minutes=1))
    await workspace.readings.end()
    assert OUTDATED in str(dialog.body["blocks"])
    assert CHILD not in str(office.slack.workspace.views)
    assert workspace.readings.open == {}


async def test_a_dialog_that_was_closed_is_left_alone(office: Office) -> None:
    await office.type(REED, "/schoolgate", "photos 4B")
    dialog = office.dialog()
    closed = {
        "type": "view_closed",
        "user": {"id": user_of(REED)},
        "team": {"id": TEAM},
        "view": {**dialog.body, "id": dialog.id},
        "is_cleared": False,
    }
    await office.send(ask.interactive(closed))
    assert office.workspace.readings.open == {}


async def test_slack_that_is_busy_at_midnight_is_asked_again(office: Office) -> None:
    await office.type(REED, "/schoolgate", "photos 4B")
    dialog = office.dialog()
    office.house.clock.pass_by(timedelta(hours=12))
    office.slack.fail("views.update", Broken())
    await office.workspace.readings.end()
    assert CHILD in str(dialog.body["blocks"])
    await office.workspace.readings.end()
    assert CHILD not in str(dialog.body["blocks"])


async def test_who_stops_takes_the_lists_along(office: Office) -> None:
    await office.type(REED, "/schoolgate", "photos 4B")
    await office.type(OKAFOR, "/schoolgate", "photos 4B")
    await office.house.stop(office.application)
    assert CHILD not in str(office.slack.workspace.views)
