"""``schoolgate doctor``: all at once, each with its remedy, and nothing changed by looking."""

from __future__ import annotations

import asyncio
import json
import shutil
import socket
import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from adapters.images.inspector import CannotInspect, SubprocessInspector
from bot.cli import execute
from bot.doctor import machine, people
from bot.doctor.command import examine, exit_code
from bot.doctor.model import Severity
from bot.settings import load
from bot.status import Limits
from bot.wiring import build
from storage import schema
from storage.crypto import Keys
from storage.database import Stamp
from tests.bot.doctor.installation import (
    BOT,
    NOBODY_THERE,
    SECRETS,
    Installed,
    by_hand,
)
from tests.bot.installation import APP_YAML, SLACK_ON, write_settings
from tests.fakes.chat import FakeClock
from tests.storage.newer import become_newer


if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

Said = pytest.CaptureFixture[str]


def test_a_good_installation_has_no_problem(installed: Installed) -> None:
    assert installed.examined() == ()


# -- one thing wrong at a time ---------------------------------------------------------------------


def letter(here: Installed) -> None:
    (here.data / "schoolgate.db").write_text("this is a letter to the governors\n" * 100)


def secret_file(here: Installed) -> None:
    file = here.folder / "keys"
    file.write_text(here.environ.pop("SCHOOLGATE_KEYS"))
    file.chmod(0o644)
    here.environ["SCHOOLGATE_KEYS_FILE"] = str(file)


def no_folder(here: Installed) -> None:
    shutil.rmtree(here.data)
    here.data.write_text("a file")


def says(name: str, value: str) -> Callable[[Installed], None]:
    def change(here: Installed) -> None:
        here.environ[f"SCHOOLGATE_{name}"] = value

    return change


def both(*changes: Callable[[Installed], None]) -> Callable[[Installed], None]:
    def change(here: Installed) -> None:
        for one in changes:
            one(here)

    return change


MANUAL = says("DATABASE__AUTO_UPGRADE", "false")
NOWHERE = '[{ "folder": "nowhere", "belongs_to": "the chair" }]'
AT_HOME = '[{ "folder": "data", "belongs_to": "nobody" }]'
OLD = (datetime.now(UTC) - timedelta(days=40)).isoformat(sep=" ")  # noqa: TID251 -- an old list

FAULTS: dict[str, tuple[Callable[[Installed], object], str]] = {
    "the data folder is open": (lambda here: here.data.chmod(0o755), "data_readable"),
    "the settings can be changed": (lambda here: here.config.chmod(0o666), "settings_writable"),
    "a secret can be read": (secret_file, "secret_readable"),
    "the data folder is a file": (no_folder, "data_folder"),
    "the database is a letter": (letter, "database"),
    "a guard is gone": (by_hand("DROP TRIGGER publication_by_two"), "database"),
    "a table was changed": (by_hand("ALTER TABLE watch ADD COLUMN note TEXT"), "database"),
    "it is a demo": (
        by_hand("DROP TRIGGER installation_is_insert_only", "UPDATE installation SET stamp='demo'"),
        "database",
    ),
    "the keys are others": (says("KEYS", Keys.new().to_text()), "database"),
    "the database is a queue": (says("DATABASE__URL", "sqlite:///:memory:"), "database_place"),
    "no database, and none is made": (
        both(MANUAL, lambda here: (here.data / "schoolgate.db").unlink()),
        "no_database",
    ),
    "an older one, and it isn't updated": (
        both(MANUAL, by_hand("UPDATE alembic_version SET version_num = '0000'")),
        "database_behind",
    ),
    "an older one that will be updated": (
        by_hand("UPDATE alembic_version SET version_num = '0000'"),
        "database_behind",
    ),
    "a newer one": (
        lambda here: become_newer(here.url, serves_from=schema.head()),
        "database_newer",
    ),
    "a too new one": (
        lambda here: become_newer(here.url, serves_from="9000"),
        "database_too_new",
    ),
    "posts go to a file": (
        both(says("PUBLISHING__TO", "folder"), says("PUBLISHING__FOLDER", "app.yaml")),
        "publishing_folder",
    ),
    "checkpoints stay at home": (says("AUDIT__PLACES", "[]"), "no_witness"),
    "a witness is away": (says("AUDIT__PLACES", NOWHERE), "witness_away"),
    "a witness is at home": (says("AUDIT__PLACES", AT_HOME), "witness_at_home"),
    "a platform is off": (says("CHAT__SLACK__ENABLED", "false"), "settings"),
    "no list": (by_hand("DELETE FROM pupil", "DELETE FROM roll"), "no_roster"),
    "an empty list": (by_hand("DELETE FROM pupil"), "no_roster"),
    "a list of unknown age": (by_hand("DELETE FROM roster_received"), "roster_age"),
    "an old list": (by_hand(f"UPDATE roster_received SET at = '{OLD}'"), "roster_old"),
    "nobody moderates": (by_hand("DELETE FROM account_grant"), "uncovered"),
    "no account": (by_hand("DELETE FROM account_grant", "DELETE FROM account"), "no_accounts"),
    "no head": (by_hand("DELETE FROM appointment WHERE role = 'headteacher'"), "no_head"),
    "no safeguarding lead": (
        by_hand("DELETE FROM appointment WHERE role = 'safeguarding_lead'"),
        "no_safeguarding_lead",
    ),
    "no number to ring": (lambda here: here.config.write_text(APP_YAML), "no_safeguarding_phone"),
    "a lost card": (
        by_hand(
            "INSERT INTO card (subject_kind, subject_id, platform, conversation, wanted, shown,"
            " failures, state, due_at, attempts)"
            " VALUES ('watch', 'oak', 'slack', 'C1', 1, 0, 0, 'dead', '2026-01-01', 12)"
        ),
        "dead_letters",
    ),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_each_fault_is_found_with_its_remedy(installed: Installed, fault: str) -> None:
    change, code = FAULTS[fault]
    change(installed)
    problems = installed.examined()
    assert code in {problem.code for problem in problems}
    for problem in problems:
        assert problem.said
        assert problem.remedy
        assert "\n" not in problem.said + problem.remedy
    others = {problem.code for problem in problems} - {code}
    # What follows from it may be said too; nothing else is.
    assert others <= {"uncovered", "no_accounts"}, others


def test_a_school_s_database_is_none_for_the_playground(installed: Installed) -> None:
    """Where nobody is asked who they are, it is not opened: also by whoever only looks."""
    says("CHAT__TEAMS__ENABLED", "true")(installed)
    says("CHAT__TEAMS__MODE", "playground")(installed)
    found = {problem.code: problem for problem in installed.examined()}
    assert found.keys() == {"database", "teams_playground"}
    assert found["database"].severity is Severity.ERROR
    assert "set chat.teams.mode to service" in found["database"].remedy
    assert "a demonstration's database alone" in found["teams_playground"].said


def test_a_port_in_use_by_another_program(installed: Installed) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        installed.environ |= {"SCHOOLGATE_METRICS__LISTEN": f"127.0.0.1:{port}"}
        assert installed.codes() == {"metrics_port"}
        taken.settimeout(0)
        del installed.environ["SCHOOLGATE_METRICS__LISTEN"]
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        installed.environ["SCHOOLGATE_LISTEN__PORT"] = str(silent.getsockname()[1])
        [problem] = installed.examined()
    assert problem.code == "port"
    assert problem.remedy == "Stop that one, or choose another port."


def test_everything_is_said_at_once(installed: Installed) -> None:
    """Settings, places, database and register, though the settings themselves have a fault."""
    installed.data.chmod(0o755)
    installed.environ |= {
        "SCHOOLGATE_LISTEN__PORT": "many",
        "SCHOOLGATE_PUBLISHING__TO": "the moon",
        "SCHOOLGATE_KEYS": Keys.new().to_text(),
    }
    found = [(problem.code, problem.severity) for problem in installed.examined()]
    assert found.count(("settings", Severity.ERROR)) == 2
    assert {code for code, _ in found} == {"settings", "data_readable", "database"}
    assert [severity for _, severity in found] == sorted(severity for _, severity in found)


@pytest.mark.parametrize(
    "broken", ["trust: 3\nschools: 4\n", "schools: []\n", "trust: { id: a, name: A }\n"]
)
def test_without_schools_the_rest_is_looked_at(installed: Installed, broken: str) -> None:
    installed.config.write_text(broken)
    installed.data.chmod(0o755)
    assert installed.codes() == {"settings", "data_readable"}


def test_a_file_that_cannot_be_read_is_said(installed: Installed) -> None:
    installed.config.write_text("trust: [")
    assert installed.codes() == {"settings"}


def test_two_equal_secrets_are_said_and_the_rest_is_looked_at(installed: Installed) -> None:
    installed.environ["SCHOOLGATE_SIGNING_KEY"] = installed.environ["SCHOOLGATE_KEYS"]
    installed.data.chmod(0o755)
    assert installed.codes() == {"settings", "data_readable"}


def test_looking_changes_nothing(installed: Installed) -> None:
    """Not even a key that would be new to the database is remembered."""
    new = f"{Keys.new().to_text()},{installed.environ['SCHOOLGATE_KEYS']}"
    installed.environ["SCHOOLGATE_KEYS"] = new
    before = kept(installed)
    assert installed.examined() == ()
    assert kept(installed) == before


def kept(here: Installed) -> tuple[list[str], list[tuple[object, ...]]]:
    with closing(sqlite3.connect(here.data / "schoolgate.db")) as raw:
        return list(raw.iterdump()), raw.execute("SELECT * FROM key_check").fetchall()


def test_in_an_empty_folder_nothing_is_made(tmp_path: Path) -> None:
    here = Installed(tmp_path, SECRETS | SLACK_ON | BOT | {"SCHOOLGATE_LISTEN__PORT": "0"})
    write_settings(tmp_path)
    assert here.codes() == {"no_witness"}
    assert list(tmp_path.iterdir()) == [here.config]


# -- what can't be arranged from outside -----------------------------------------------------------


class Unstartable(SubprocessInspector):
    async def inspect(self, content: bytes) -> tuple[object, bytes]:  # type: ignore[override]
        raise CannotInspect(str(len(content)))


async def test_pictures_that_cannot_be_opened() -> None:
    assert await machine.pictures(SubprocessInspector(reader="sh")) == ()
    [problem] = await machine.pictures(SubprocessInspector(reader="no-such-program"))
    assert (problem.code, problem.severity) == ("reader", Severity.WARNING)
    assert "tesseract" in problem.remedy
    [problem] = await machine.pictures(Unstartable())
    assert (problem.code, problem.severity) == ("pictures", Severity.WARNING)


def test_the_clock() -> None:
    now = datetime(2026, 11, 21, tzinfo=UTC)
    assert not list(machine.clock(now, newest=now, database=now + timedelta(seconds=4)))
    for wrong in (
        {"newest": now + timedelta(minutes=3), "database": None},
        {"newest": None, "database": now - timedelta(seconds=6)},
    ):
        [problem] = machine.clock(now, **wrong)
        assert (problem.code, problem.severity) == ("clock", Severity.WARNING)
    [problem] = machine.clock(datetime(1970, 1, 1, tzinfo=UTC), newest=now, database=None)
    assert problem.severity is Severity.ERROR


async def test_a_policy_past_its_review_is_said_once_for_all_schools(installed: Installed) -> None:
    settings = load(installed.config, installed.environ)
    later = FakeClock(datetime(2099, 1, 1, tzinfo=UTC))
    application = build(settings, stamp=Stamp.REAL, platforms={}, clock=later)
    await application.database.open()
    looked = await people.look(application, Limits())
    await application.database.close()
    found = [problem.code for problem in looked.problems]
    assert (found.count("policy_review"), found.count("roster_old")) == (1, 2)


# -- the command -----------------------------------------------------------------------------------


def test_in_words_and_as_json(
    installed: Installed, capsys: Said, monkeypatch: pytest.MonkeyPatch
) -> None:
    installed.environ |= NOBODY_THERE
    for name, value in installed.environ.items():
        monkeypatch.setenv(name, value)
    installed.data.chmod(0o755)
    arguments = ["doctor", "--config", str(installed.config)]
    problems = asyncio.run(examine(installed.config, installed.environ, Limits()))
    code = execute(arguments)
    lines = capsys.readouterr().out.splitlines()
    assert code == exit_code(problems)
    assert [f"  - {problem.said}" for problem in problems] == [
        line for line in lines if line.startswith("  - ")
    ]
    assert f"    → chmod 700 {installed.data}" in lines
    assert execute([*arguments, "--json"]) == code
    told = json.loads(capsys.readouterr().out)
    assert told["exit"] == code
    assert told["problems"] == [problem.as_json() for problem in problems]


def test_exit_codes(installed: Installed) -> None:
    assert exit_code(installed.examined()) == 0
    installed.data.chmod(0o755)
    assert exit_code(installed.examined()) == 1
    installed.environ["SCHOOLGATE_LISTEN__PORT"] = "many"
    assert exit_code(installed.examined()) == 78
