"""The manifest as an operator gets it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any
from zipfile import ZipFile

import pytest
import yaml

from adapters.slack.manifest import SCOPES, problems
from adapters.teams.manifest import PACKAGE
from bot.cli import execute
from tests.bot.installation import APP_YAML, write_settings


if TYPE_CHECKING:
    from pathlib import Path

Said = pytest.CaptureFixture[str]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("SCHOOLGATE_CONFIG", str(write_settings(tmp_path)))
    return tmp_path


def answered(said: Said, *arguments: str) -> tuple[int, str, str]:
    code = execute(["manifest", *arguments])
    out, err = said.readouterr()
    return code, out, err


@pytest.mark.usefixtures("folder")
def test_it_is_yaml_that_slack_takes_with_a_reason_for_each_scope(capsys: Said) -> None:
    code, out, err = answered(capsys, "slack", "--address", "schoolgate.hollybank.example")
    assert (code, err) == (0, "")
    made: Any = yaml.safe_load(out)
    assert problems(made) == ()
    asked = made["settings"]["interactivity"]["request_url"]
    assert asked == "https://schoolgate.hollybank.example/slack/events"
    for scope, why in SCOPES.items():
        assert f"- {scope}  # {why}\n" in out
    assert "history" not in out
    assert "message.im" not in out


def test_the_settings_decide_what_it_asks_for(folder: Path, capsys: Said) -> None:
    chosen = """
chat:
  slack: { mode: socket, direct_messages: true, commands: { channels: /school-accounts } }
"""
    write_settings(folder, APP_YAML + chosen)
    code, out, _ = answered(capsys, "slack")
    assert code == 0
    made: Any = yaml.safe_load(out)
    assert made["settings"]["socket_mode_enabled"]
    asked = made["oauth_config"]["scopes"]["bot"]
    assert [scope for scope in asked if "history" in scope] == ["im:history"]
    called = [one["command"] for one in made["features"]["slash_commands"]]
    assert "/school-accounts" in called
    assert problems(made) == ()


@pytest.mark.usefixtures("folder")
@pytest.mark.parametrize(
    "address", [(), ("--address", "http://127.0.0.1:8080"), ("--address", "https://localhost")]
)
def test_without_a_public_address_it_says_what_to_do(
    address: tuple[str, ...], capsys: Said
) -> None:
    code, out, err = answered(capsys, "slack", *address)
    assert (code, out) == (64, "")
    assert "https://" in err


# -- Teams -----------------------------------------------------------------------------------------

TEAMS = """
chat:
  teams:
    app_id: 11111111-2222-3333-4444-555555555555
    public_url: https://schoolgate.hollybank.example/
"""
SAID = ("--publisher", "Hollybank Trust", "--website", "https://hollybank.example/schoolgate")


def test_teams_package_is_written_from_the_settings(folder: Path, capsys: Said) -> None:
    write_settings(folder, APP_YAML + TEAMS)
    out = folder / "not there yet"
    code, said, err = answered(capsys, "teams", "--out", str(out), *SAID, "--version", "1.2.3")
    assert (code, err) == (0, "")
    assert str(out / PACKAGE) in said
    assert "Upload new app" in said
    with ZipFile(out / PACKAGE) as zipped:
        made = json.loads(zipped.read("manifest.json"))
    assert made["version"] == "1.2.3"
    assert made["bots"][0]["botId"] == made["id"] == "11111111-2222-3333-4444-555555555555"
    assert made["validDomains"] == ["schoolgate.hollybank.example"]


@pytest.mark.parametrize(
    ("settings", "asked"),
    [
        ("", "Set chat.teams.app_id"),
        ("\nchat: { teams: { app_id: 11111111-2222-3333-4444-555555555555 } }\n", "public_url"),
    ],
)
def test_what_teams_has_to_know_is_asked_for(
    settings: str, asked: str, folder: Path, capsys: Said
) -> None:
    write_settings(folder, APP_YAML + settings)
    code, _, err = answered(capsys, "teams", "--out", str(folder), *SAID)
    assert code == 78
    assert asked in err


def test_a_package_that_teams_would_turn_down_is_not_written(folder: Path, capsys: Said) -> None:
    write_settings(folder, APP_YAML + TEAMS)
    wrong = ("--publisher", "Hollybank", "--website", "http://hollybank.example")
    code, _, err = answered(capsys, "teams", "--out", str(folder), *wrong)
    assert code == 78
    assert "websiteUrl: no public https:// address" in err
    assert not (folder / PACKAGE).exists()


def test_a_folder_that_cannot_be_written_is_named(folder: Path, capsys: Said) -> None:
    write_settings(folder, APP_YAML + TEAMS)
    code, _, err = answered(capsys, "teams", "--out", "/dev/null/here", *SAID)
    assert code == 78
    assert "can't be written" in err
