"""One folder as it should be, and a copy for each test."""

from __future__ import annotations

import asyncio
import shutil
from typing import TYPE_CHECKING

import pytest

from bot.settings import load
from bot.system import SystemClock
from bot.wiring import build
from storage import schema
from storage.database import Stamp
from tests.bot.doctor.installation import (
    BOT,
    SECRETS,
    Installed,
    write_register,
)
from tests.bot.installation import APP_YAML, SLACK_ON, write_settings


if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(scope="module")
def well(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder as it should be; tests take a copy."""
    folder = tmp_path_factory.mktemp("well")
    rung = APP_YAML.replace("Trust }", "Trust, safeguarding_phone: '01632 960300' }")
    settings = load(write_settings(folder, rung), SECRETS)
    url = settings.database_url.get_secret_value()
    schema.upgrade(url, at=SystemClock().now())

    async def fill() -> None:
        made = build(settings, stamp=Stamp.REAL, platforms={})
        await made.database.open()
        await schema.ready(made.database, made.keys, Stamp.REAL)
        async with made.units.write() as unit:
            await write_register(unit)
            await unit.commit()
        await made.database.close()

    asyncio.run(fill())
    return folder


@pytest.fixture
def installed(well: Path, tmp_path: Path) -> Installed:
    folder = tmp_path / "here"
    shutil.copytree(well, folder)
    (folder / "keeper").mkdir()
    places = '[{ "folder": "keeper", "belongs_to": "the data protection officer" }]'
    port = {"SCHOOLGATE_LISTEN__PORT": "0", "SCHOOLGATE_AUDIT__PLACES": places}
    return Installed(folder, SECRETS | SLACK_ON | BOT | port)
