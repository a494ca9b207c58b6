"""The manifest as an operator gets it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
import yaml

from adapters.slack.manifest import SCOPES, problems
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
    assert "im:history" in made["oauth_config"]["scopes"]["bot"]
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
