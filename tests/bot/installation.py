"""What an operator has: a settings file for an invented trust, keys, and the command line."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.settings import Settings, load
from storage.crypto import Keys


if TYPE_CHECKING:
    from pathlib import Path


APP_YAML = """
trust: { id: trust, name: Hollybank Trust }
schools:
  - { id: oak, name: Oak Primary School, policy: step, domains: [oak.example] }
  - { id: elm, name: Elm Infant School, policy: step }
"""


def write_settings(folder: Path, text: str = APP_YAML) -> Path:
    path = folder / "app.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def secrets() -> dict[str, str]:
    """Fresh keys, as the environment has them."""
    return {
        "SCHOOLGATE_KEYS": Keys.new().to_text(),
        "SCHOOLGATE_SIGNING_KEY": Keys.new().to_text(),
    }


def ready_settings(folder: Path, **environ: str) -> Settings:
    return load(write_settings(folder), secrets() | environ)


SLACK_ON = {
    "SCHOOLGATE_CHAT__SLACK__ENABLED": "true",
    "SCHOOLGATE_CHAT__SLACK__BOT_TOKEN": "xoxb-1",
    "SCHOOLGATE_CHAT__SLACK__SIGNING_SECRET": "s",
}
TEAMS_ON = {
    "SCHOOLGATE_CHAT__TEAMS__ENABLED": "true",
    "SCHOOLGATE_CHAT__TEAMS__APP_ID": "11111111-1111-4111-8111-111111111111",
    "SCHOOLGATE_CHAT__TEAMS__TENANT_ID": "22222222-2222-4222-8222-222222222222",
    "SCHOOLGATE_CHAT__TEAMS__APP_PASSWORD": "s",
}
