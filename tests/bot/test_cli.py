"""What is typed, what is answered, and with which exit code."""

from __future__ import annotations

import socket
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from bot import cli
from bot.cli import execute
from bot.command_line import as_sentence
from bot.settings_values import MAKE_BOTH_KEYS
from tests.bot.installation import APP_YAML, write_settings


if TYPE_CHECKING:
    from pathlib import Path

Said = pytest.CaptureFixture[str]
NAME = "Zephyrine Quill"


@pytest.fixture
def config(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    path = write_settings(tmp_path)
    monkeypatch.setenv("SCHOOLGATE_CONFIG", str(path))
    return path


def answered(said: Said, *arguments: str) -> tuple[int, str, str]:
    code = execute(list(arguments))
    out, err = said.readouterr()
    assert "Traceback" not in out + err
    return code, out, err


def test_the_program_itself_ends_with_the_code() -> None:
    done = subprocess.run(
        [sys.executable, "-c", "from bot.cli import main; main()", "db", "nonsense"],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert done.returncode == 64
    assert done.stderr == ("No such command 'nonsense'.\nTo see what there is: schoolgate --help\n")


def test_help_names_every_command(capsys: Said) -> None:
    code, out, _ = answered(capsys, "--help")
    assert code == 0
    for command in ("run", "demo", "check", "import", "import-folder", "db", "health", "keys"):
        assert command in out
    assert answered(capsys, "run", "-h")[0] == 0


def test_nothing_typed_shows_the_help_as_wrong_usage(capsys: Said) -> None:
    code, out, _ = answered(capsys)
    assert code == 64
    assert "Usage: schoolgate" in out


def test_the_version(capsys: Said) -> None:
    assert answered(capsys, "--version") == (0, "schoolgate 0.1.0\n", "")


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        (["nonsense"], "No such command 'nonsense'."),
        (["run", "--nonsense"], "No such option: --nonsense."),
        (["run", "now"], "Got unexpected extra argument(s) (now)."),
        (["db"], "Missing command."),
        (
            ["demo", "--port", "abc"],
            "--port (or PORT) must be a whole number from 0 to 65535, not “abc”.\n",
        ),
        (
            ["demo", "--port", "65536"],
            "--port (or PORT) must be a whole number from 0 to 65535, not “65536”.\n",
        ),
        (["preview", "--platform", "slak"], "--platform can't be “slak”. Did you mean slack?\n"),
        (["keys", "old"], "No such command 'old'."),
    ],
)
def test_wrong_usage_is_64_and_a_sentence(capsys: Said, typed: list[str], said: str) -> None:
    code, out, err = answered(capsys, *typed)
    assert (code, out) == (64, "")
    assert err.startswith(said)
    assert err.count("\n") == 2


def test_wrong_settings_are_78_with_each_problem_on_its_line(capsys: Said, config: Path) -> None:
    config.write_text(APP_YAML.replace("step", "stepp", 1) + "listen: { port: x }\n")
    for command in (["run"], ["health"], ["db", "check"]):
        code, _, err = answered(capsys, *command)
        assert code == 78
        policy, port = err.splitlines()
        assert policy.endswith("Did you mean step?")
        assert port.startswith("app.yaml: listen.port must be a whole number")


def test_a_settings_file_that_is_not_there_is_78(capsys: Said, tmp_path: Path) -> None:
    code, _, err = answered(capsys, "run", "--config", str(tmp_path / "none.yaml"))
    assert code == 78
    assert "does not exist" in err


def test_what_is_unexpected_is_70_with_its_class_alone(
    capsys: Said, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cli, "COMMANDS", {"broken": f"{__name__}:broken"})
    code, out, err = answered(capsys, "broken")
    assert (code, out) == (70, "")
    assert "Something went wrong on our side (LookupError)." in err
    assert '"event": "command.failed"' in err
    assert NAME not in err
    monkeypatch.setenv("SCHOOLGATE_DEBUG", "1")
    with pytest.raises(LookupError):
        execute(["broken"])


def broken() -> None:
    raise LookupError(NAME)


def test_a_named_command_is_loaded_alone() -> None:
    """A container asks for its health twice a minute: without a web server or a database."""
    loads = "import sys; from bot.cli import execute; execute(['health', '--help']); "
    weighs = "print(sorted({'aiohttp', 'sqlalchemy', 'alembic', 'PIL'} & set(sys.modules)))"
    ended = subprocess.run(
        [sys.executable, "-c", loads + weighs], check=True, capture_output=True, text=True
    )
    assert ended.stdout.endswith("[]\n")


# -- run -----------------------------------------------------------------------------------------


def test_run_with_shipped_defaults_says_the_two_things_that_are_missing(
    capsys: Said, config: Path
) -> None:
    code, out, err = answered(capsys, "run", "--config", str(config))
    assert (code, out) == (78, "")
    key, chat, demo = err.splitlines()
    assert key == (
        "A key is missing: set SCHOOLGATE_KEYS and, for signing, SCHOOLGATE_SIGNING_KEY. "
        f"{MAKE_BOTH_KEYS}"
    )
    assert chat.startswith("A chat platform is missing: set chat.slack.enabled to true")
    assert demo.endswith("schoolgate demo")
    assert not (config.parent / "data").exists()


# -- demo ----------------------------------------------------------------------------------------


def test_a_port_in_use_is_78_and_a_sentence(capsys: Said, tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        code, _, err = answered(
            capsys, "demo", "--no-browser", "--port", str(port), "--data", str(tmp_path / "demo")
        )
    assert code == 78
    assert err == (
        f"Port {port} is in use by another program. Stop that one, or choose another port. "
        "For example: PORT=8123 make demo, or schoolgate demo --port 8123.\n"
    )


def test_a_folder_that_cannot_be_used_is_78_and_a_sentence(capsys: Said, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("not a folder")
    code, _, err = answered(capsys, "demo", "--no-browser", "--data", str(tmp_path / "file"))
    assert code == 78
    assert err == f"{tmp_path / 'file'} can't be used: File exists.\n"


def test_the_name_of_a_file_or_setting_keeps_its_first_letter() -> None:
    assert as_sentence("b1.backup is there already") == "b1.backup is there already."
    assert as_sentence("app.yaml: listen.port is 0.") == "app.yaml: listen.port is 0."
    assert as_sentence("data/old isn't empty") == "data/old isn't empty."
    assert as_sentence("no such command.") == "No such command."
    assert as_sentence("") == "."
