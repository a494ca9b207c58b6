"""``schoolgate status``: a line for each school, and nothing about anybody."""

from __future__ import annotations

import asyncio
import json
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from bot.cli import execute
from bot.status import Limits, gather
from bot.status_command import concerns, described, table
from tests.bot.installation import ready_settings, secrets, write_settings
from tests.bot.test_wiring import running
from tests.fakes.trust import (
    CANARY_NAME,
    FACEBOOK,
    FACEBOOK_CHANNEL,
    MARSH,
    MILL,
    MILL_PAGE,
    NAMES,
    OAK,
    OKAFOR,
    REED,
)
from tests.scenarios.stage import Done, Stage
from tests.storage.newer import tamper


if TYPE_CHECKING:
    from pathlib import Path

    from bot.status import Status
    from tests.applications import Applications

Said = pytest.CaptureFixture[str]
LIMITS = Limits()


@pytest.fixture
async def stage(applications: Applications) -> Stage:
    return await Stage(applications).open()


async def found(stage: Stage) -> Status:
    app = stage.application
    async with app.units.read() as unit:
        return await gather(unit, app.schools, app.clock.now(), refused={})


def of(status: Status, school: str) -> dict[str, Any]:
    told = described(status, LIMITS)["schools"]
    return next(one for one in told if one["id"] == school)


async def test_each_school_has_its_own_line(stage: Stage) -> None:
    app = stage.application
    async with app.units.write() as unit:
        await unit.rolls.received(OAK, app.clock.now())
        await unit.commit()
    draft = await stage.as_(REED).propose(f"Well done {CANARY_NAME}!", FACEBOOK)
    await stage.as_(REED).revise(draft.post, "Well done!")
    await stage.as_(OKAFOR).press(stage.card(FACEBOOK_CHANNEL, draft.post), "Approve")
    mine = await stage.as_(MARSH).propose("Sports morning is at nine.", MILL_PAGE)
    assert isinstance(mine.answer, Done)
    tamper(stage.house.url, "UPDATE card SET state = 'dead' WHERE conversation = 'person:marsh'")
    stage.house.clock.pass_by(timedelta(days=3, hours=1))
    status = await found(stage)
    oak, mill = of(status, OAK), of(status, MILL)
    assert oak["roster_age_seconds"] == (3 * 24 + 1) * 3600
    assert oak["stuck"] == {"in_review": 0, "overdue": 0, "unposted": 1}
    assert (oak["accounts"], oak["uncovered"]) == (3, 3)
    assert "3 of 3 lack people" in plain(status)
    assert mill["stuck"] == {"in_review": 1, "overdue": 0, "unposted": 0}
    assert mill["deliveries"]["dead"] == 1
    assert oak["deliveries"]["dead"] == 0
    assert mill["roster_age_seconds"] is None
    assert mill["pupils"] == 1
    assert [one["id"] for one in described(status, LIMITS)["schools"]] == [
        OAK, MILL, app.schools.trust,
    ]  # fmt: skip
    said = json.dumps(described(status, LIMITS)) + repr(status) + plain(status)
    assert not any(name in said for name in (CANARY_NAME, "Quillfeather", "Well done"))
    assert not any(full in said for full, *_ in NAMES.values())


def plain(status: Status) -> str:
    return "\n".join(
        " | ".join(str(cell) for cell in column.cells) for column in table(status, LIMITS).columns
    )


@pytest.mark.postgres
async def test_a_post_that_should_have_gone_out_is_overdue(stage: Stage) -> None:
    draft = await stage.as_(REED).propose(
        "The fair is on Saturday.", FACEBOOK, goes_out="2026-11-19T09:00"
    )
    await stage.as_(OKAFOR).press(stage.card(FACEBOOK_CHANNEL, draft.post), "Approve")
    # Nothing is let happen: as if the clock stood still.
    stage.house.clock.pass_by(timedelta(hours=21, minutes=10))
    assert of(await found(stage), OAK)["stuck"]["overdue"] == 0
    stage.house.clock.pass_by(timedelta(minutes=10))
    status = await found(stage)
    assert of(status, OAK)["stuck"]["overdue"] == 1
    assert "deliveries" in concerns(status.schools[0], status, LIMITS)
    await stage.settle()
    assert of(await found(stage), OAK)["stuck"]["overdue"] == 0


# -- the command ---------------------------------------------------------------------------------


async def test_it_looks_beside_a_running_one(tmp_path: Path, capsys: Said) -> None:
    keys = secrets()
    with pytest.MonkeyPatch.context() as patch:
        for name, value in keys.items():
            patch.setenv(name, value)
        config = write_settings(tmp_path)
        async with running(ready_settings(tmp_path, **keys)):
            capsys.readouterr()
            code = await asyncio.to_thread(execute, ["status", "--config", str(config)])
            lines = capsys.readouterr().out.splitlines()
            assert code == 1
            # The head hears of the policy's review as well, whom no chat of this test reaches.
            lines = [line for line in lines if not line.startswith(" ")]
            assert [line.split("  ")[0] for line in lines] == [
                "School",
                "Oak Primary School",
                "Elm Infant School",
                "Hollybank Trust",
            ]
            assert ["! never" in line for line in lines] == [False, True, True, False]
            code = await asyncio.to_thread(execute, ["status", "--json", "--config", str(config)])
            told = json.loads(capsys.readouterr().out)
            assert code == 1
            assert "roster" in told["schools"][0]["concerns"]
            assert set(told["schools"][2]["concerns"]) <= {"deliveries"}


def test_it_makes_no_database(
    tmp_path: Path, capsys: Said, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in secrets().items():
        monkeypatch.setenv(name, value)
    code = execute(["status", "--config", str(write_settings(tmp_path))])
    assert (code, list(tmp_path.iterdir())) == (78, [tmp_path / "app.yaml"])
    assert "There is no database at" in capsys.readouterr().err


def test_it_needs_the_key(tmp_path: Path, capsys: Said, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SCHOOLGATE_KEYS", raising=False)
    assert execute(["status", "--config", str(write_settings(tmp_path))]) == 78
    assert capsys.readouterr().err.startswith("A key is missing: set SCHOOLGATE_KEYS.")
