"""What ``schoolgate doctor`` says of Teams."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.doctor import teams as doctor
from bot.doctor.model import Severity
from tests.bot.chat.teams_office import FACEBOOK_ROOM
from tests.fakes.teams_connector import Drops, Fault, Says
from tests.fakes.trust import NAMES, REED


if TYPE_CHECKING:
    from bot.doctor.model import Problem
    from tests.bot.chat.teams_office import TeamsOffice


def codes(found: tuple[Problem, ...]) -> set[str]:
    return {problem.code for problem in found}


async def test_what_lets_us_in_is_tried(teams: TeamsOffice) -> None:
    settings = teams.application.settings
    assert codes(await doctor.look(settings)) == {"teams_pictures"}
    refused: tuple[tuple[str, Fault, str], ...] = (
        ("token", Says(401, body='{"error": "invalid_client"}'), "teams"),
        ("token", Drops(), "teams"),
        ("metadata", Says(503), "teams_keys"),
        ("metadata", Says(200, body='{"jwks_uri": "http://example.org/keys"}'), "teams_keys"),
        ("keys", Says(200, body='{"keys": 7}'), "teams_keys"),
        ("keys", Drops(), "teams_keys"),
    )
    for what, fault, code in refused:
        # A lost connection is tried once more by the client, for what may be asked twice.
        teams.teams.fail(what, fault, *((fault,) if isinstance(fault, Drops) else ()))
        found = await doctor.look(settings)
        assert codes(found) == {"teams_pictures", code}, (what, fault)
        assert found[0].severity is Severity.ERROR
        assert all(problem.remedy for problem in found)
        teams.teams.clear()


async def test_the_playground_is_nothing_to_work_with(teams: TeamsOffice) -> None:
    chat = teams.application.settings.chat
    playing = chat.teams.model_copy(update={"mode": "playground"})
    settings = teams.application.settings.model_copy(
        update={"chat": chat.model_copy(update={"teams": playing})}
    )
    assert codes(await doctor.look(settings)) == {"teams_playground"}


async def test_whoever_cannot_be_written_to_is_shown(teams: TeamsOffice) -> None:
    for person in NAMES:
        await teams.install(person)
    assert await doctor.homes(teams.application) == ()
    teams.someone(REED).installed = False
    room = teams.someone(REED).chat
    teams.teams.rooms[room].here = False
    await teams.say(REED, "help")
    (problem,) = await doctor.homes(teams.application)
    assert problem.code == "unreachable"
    assert "One person in Teams hasn't written to Schoolgate yet" in problem.said
    assert REED in problem.remedy


async def test_a_channel_with_a_guest_is_shown(teams: TeamsOffice) -> None:
    for person in NAMES:
        await teams.install(person)
    visitor = teams.teams.add_person("c0000000-0000-4000-8000-000000000002", role="guest")
    teams.teams.rooms[FACEBOOK_ROOM].members.add(visitor.user)
    (problem,) = await doctor.homes(teams.application)
    assert problem.code == "conversation"
    assert "guests" in problem.said
