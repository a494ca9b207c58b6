"""The settings as a whole: what a run lacks, what depends on what, every problem at once."""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING

import pytest

from bot.settings import SettingsError, load
from bot.settings_values import MAKE_BOTH_KEYS
from tests.bot.settings.written import GOOD, KEY, OTHER, SHIPPED, problems


if TYPE_CHECKING:
    from pathlib import Path


def test_the_shipped_file_is_valid_and_says_the_two_things_a_run_lacks() -> None:
    settings = load(SHIPPED, {})
    assert [school.id for school in settings.schools] == ["oakfield", "brookside"]
    assert settings.schools[0].holidays[0].start == date(2026, 12, 21)
    keys, chat = settings.missing_for_run()
    assert keys == (
        "A key is missing: set SCHOOLGATE_KEYS and, for signing, SCHOOLGATE_SIGNING_KEY. "
        + MAKE_BOTH_KEYS
    )
    assert chat.startswith("A chat platform is missing")


def test_the_shipped_file_holds_no_secret() -> None:
    assert not re.search(r"^[^#]*(key|token|secret|password):", SHIPPED.read_text(), re.MULTILINE)


def test_nothing_is_missing_with_keys_and_a_platform(config: Path) -> None:
    settings = load(
        config,
        {
            "SCHOOLGATE_KEYS": KEY,
            "SCHOOLGATE_SIGNING_KEY": OTHER,
            "SCHOOLGATE_CHAT__SLACK__ENABLED": "true",
            "SCHOOLGATE_CHAT__SLACK__BOT_TOKEN": "xoxb-1",
            "SCHOOLGATE_CHAT__SLACK__SIGNING_SECRET": "s",
        },
    )
    assert settings.missing_for_run() == ()


def test_relative_folders_start_at_the_file(config: Path) -> None:
    settings = load(
        config,
        {"SCHOOLGATE_PUBLISHING__TO": "folder", "SCHOOLGATE_PUBLISHING__FOLDER": "outbox"},
    )
    assert settings.paths.data == config.parent / "data"
    assert settings.publishing.folder == config.parent / "outbox"
    assert settings.database_url.get_secret_value() == (
        f"sqlite:///{config.parent}/data/schoolgate.db"
    )


@pytest.mark.parametrize(
    ("url", "written", "effective"),
    [
        (None, None, True),
        ("sqlite:///x.db", None, True),
        ("postgresql://h/x", None, False),
        ("postgresql://h/x", "true", True),
        (None, "false", False),
    ],
)
def test_only_sqlite_upgrades_by_itself(
    config: Path, url: str | None, written: str | None, *, effective: bool
) -> None:
    given_values = {"DATABASE__URL": url, "DATABASE__AUTO_UPGRADE": written}
    environ = {f"SCHOOLGATE_{name}": value for name, value in given_values.items() if value}
    assert load(config, environ).auto_upgrade is effective


def test_every_problem_is_said_at_once(tmp_path: Path) -> None:
    text = """
lisen: { port: 1 }
trust: { id: Bad Id, nme: x }
schools: [{ id: oakfield, name: Oakfield, policy: step, domains: ["https://oakfield.example"] }]
listen: { port: 99999 }
"""
    assert set(
        problems(
            tmp_path / "app.yaml",
            text,
            SCHOOLGATE_TRUST__TIME_ZONE="Mars/North",
            SCHOOLGATE_DATABSE__URL="x",
        )
    ) == {
        (
            "app.yaml: trust.id must be a short name of small letters, digits and hyphens, "
            "not “Bad Id”."
        ),
        "app.yaml: trust.name is missing. It is the trust's name.",
        (
            "SCHOOLGATE_TRUST__TIME_ZONE: trust.time_zone must be a time zone such as "
            "Europe/London, not “Mars/North”."
        ),
        "app.yaml: trust.nme is not a setting. Did you mean name?",
        (
            "app.yaml: schools[1].domains[1] must be a list of hosts such as school.example, "
            "without https://, not “https://oakfield.example”."
        ),
        (
            "app.yaml: listen.port must be a whole number from 1 to 65535, or 0 for any free port, "
            "not “99999”."
        ),
        "app.yaml: lisen is not a setting. Did you mean listen?",
        "SCHOOLGATE_DATABSE__URL: databse is not a setting. Did you mean database?",
    }


@pytest.mark.parametrize(
    ("variable", "token", "begins"),
    [
        ("SLACK_BOT_TOKEN", "xapp-1-zephyr", "xoxb-"),
        ("SLACK_BOT_TOKEN", "xoxp-1-zephyr", "xoxb-"),
        ("SLACK_APP_TOKEN", "xoxb-1-zephyr", "xapp-"),
    ],
)
def test_a_token_of_another_kind_is_told_from_the_right_one(
    tmp_path: Path, variable: str, token: str, begins: str
) -> None:
    path = tmp_path / "app.yaml"
    path.write_text(f"{GOOD}chat: {{slack: {{enabled: true, mode: socket}}}}", encoding="utf-8")
    good = {"SLACK_BOT_TOKEN": "xoxb-1", "SLACK_APP_TOKEN": "xapp-1"}
    load(path, good)
    with pytest.raises(SettingsError) as wrong:
        load(path, good | {variable: token})
    [said] = wrong.value.problems
    assert f"a token of another kind in {variable}" in said
    assert f"begins with {begins}:" in said
    assert "zephyr" not in said


def test_an_enabled_platform_must_be_complete(tmp_path: Path) -> None:
    path = tmp_path / "app.yaml"
    (slack,) = problems(path, f"{GOOD}chat: {{slack: {{enabled: true, mode: socket}}}}")
    assert slack == (
        "app.yaml: chat.slack is enabled but incomplete. Set SLACK_BOT_TOKEN, SLACK_APP_TOKEN."
    )
    (teams,) = problems(path, f"{GOOD}chat: {{teams: {{enabled: true}}}}")
    assert "SCHOOLGATE_CHAT__TEAMS__APP_ID" in teams


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ("publishing: {to: folder}", "publishing goes to a folder but names none."),
        ("publishing: {to: twitter}", "must be handover or folder, not “twitter”."),
        ("database: {url: 'mysql://h/x'}", "database has a url of no known kind."),
        ("listen: 8080", "listen must be host and port, not “8080”."),
        ("listen: {prot: 1}", "listen.prot is not a setting. Did you mean port?"),
        ("zzz: 1", "zzz is not a setting. Known here: trust, schools,"),
    ],
)
def test_one_wrong_setting_is_one_sentence(tmp_path: Path, more: str, said: str) -> None:
    (problem,) = problems(tmp_path / "app.yaml", f"{GOOD}{more}\n")
    assert said in problem


@pytest.mark.parametrize("more", ["zzz: 1", "database: {zzz: 1}", "chat: {slack: {zzz: 1}}"])
def test_only_what_may_stand_there_is_called_known(tmp_path: Path, more: str) -> None:
    (problem,) = problems(tmp_path / "app.yaml", f"{GOOD}{more}\n")
    known = problem.partition("Known here: ")[2].rstrip(".").split(", ")
    assert known[0]
    assert not {"keys", "signing_key", "bot_token", "signing_secret", "app_token"} & set(known)


def test_any_free_port_can_be_asked_for(config: Path) -> None:
    assert load(config, {"SCHOOLGATE_LISTEN__PORT": "0"}).listen.port == 0


def test_checkpoints_have_a_folder_of_ours_and_places_that_others_keep(config: Path) -> None:
    assert load(config, {}).audit.checkpoints == config.parent / "data" / "checkpoints"
    given = '[{"folder": "share", "belongs_to": "the data protection officer"}]'
    environ = {"SCHOOLGATE_AUDIT__PLACES": given, "SCHOOLGATE_AUDIT__CHECKPOINTS": "kept"}
    audit = load(config, environ).audit
    assert audit.checkpoints == config.parent / "kept"
    (place,) = audit.places
    assert (place.folder, place.belongs_to) == (
        config.parent / "share",
        "the data protection officer",
    )
    environ["SCHOOLGATE_AUDIT__CHECKPOINTS"] = "share"
    with pytest.raises(SettingsError, match="one folder twice"):
        load(config, environ)


# -- Slack ---------------------------------------------------------------------------------------


SLACK_ON = {
    "SCHOOLGATE_CHAT__SLACK__ENABLED": "true",
    "SLACK_BOT_TOKEN": "xoxb-1",
    "SLACK_SIGNING_SECRET": "s",
}


def test_slacks_secrets_have_their_usual_names_too(tmp_path: Path) -> None:
    path = tmp_path / "app.yaml"
    path.write_text(GOOD, encoding="utf-8")
    slack = load(path, SLACK_ON | {"SLACK_APP_TOKEN": "xapp-1"}).chat.slack
    assert slack.bot_token is not None
    assert slack.bot_token.get_secret_value() == "xoxb-1"
    assert slack.api_url == "https://slack.com/api/"
    same = SLACK_ON | {"SCHOOLGATE_CHAT__SLACK__BOT_TOKEN": "xoxb-1"}
    assert load(path, same).chat.slack.enabled
    other = SLACK_ON | {"SCHOOLGATE_CHAT__SLACK__BOT_TOKEN": "xoxb-2"}
    (said,) = problems(path, GOOD, **other)
    assert said == (
        "SCHOOLGATE_CHAT__SLACK__BOT_TOKEN and SLACK_BOT_TOKEN are both set, and differ. Keep one."
    )


@pytest.mark.parametrize(
    ("address", "allowed"),
    [
        ("https://slack.com/api/", True),
        ("https://slack.com/api", True),
        ("https://slack-gov.com/api/", True),
        ("http://127.0.0.1:3100/api/", True),
        ("http://localhost:3100/api/", True),
        ("http://[::1]:3100/api/", True),
        ("http://slack.com/api/", False),
        ("https://slack.com.example/api/", False),
        ("https://127.0.0.1.example/api/", False),
        ("http://10.0.0.1/api/", False),
        ("http://me@127.0.0.1/api/", False),
        ("http://127.0.0.1:0/api/", False),
        ("http://127.0.0.1:x/api/", False),
        ("http://127.0.0.1/api/?x=1", False),
        ("ftp://127.0.0.1/", False),
        ("slack", False),
    ],
)
def test_a_token_goes_to_slack_or_to_this_machine(
    tmp_path: Path, address: str, *, allowed: bool
) -> None:
    path = tmp_path / "app.yaml"
    path.write_text(GOOD, encoding="utf-8")
    environ = SLACK_ON | {"SCHOOLGATE_CHAT__SLACK__API_URL": address}
    if allowed:
        assert load(path, environ).chat.slack.api_url.endswith("/")
    else:
        (said,) = problems(path, GOOD, **environ)
        assert said.startswith("SCHOOLGATE_CHAT__SLACK__API_URL: chat.slack.api_url must be ")


@pytest.mark.parametrize(
    ("commands", "wrong"),
    [
        ("{ propose: propose }", "a slash, then"),
        ("{ propose: /Propose }", "a slash, then"),
        ("{ report: /who }", "none of Slack's own commands"),
        ("{ propose: /report }", "has one name for two commands"),
        ("{ reprot: /x }", "Did you mean report?"),
    ],
)
def test_commands_are_called_as_slack_can_call_them(
    tmp_path: Path, commands: str, wrong: str
) -> None:
    text = f"{GOOD}chat: {{ slack: {{ commands: {commands} }} }}\n"
    (said,) = problems(tmp_path / "app.yaml", text)
    assert wrong in said


TEAMS = {
    "ENABLED": "true",
    "APP_ID": "11111111-1111-4111-8111-11111111111A",
    "TENANT_ID": "22222222-2222-4222-8222-22222222222B",
    "APP_PASSWORD": "s",
}


def _teams(**changed: str) -> dict[str, str]:
    return {f"SCHOOLGATE_CHAT__TEAMS__{name}": it for name, it in (TEAMS | changed).items()}


def test_teams_is_one_tenant(config: Path) -> None:
    teams = load(config, _teams()).chat.teams
    assert teams.tenants == frozenset({TEAMS["TENANT_ID"].lower()})
    assert not teams.is_a_test


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"APP_ID": "app"}, "must be the bot's application id"),
        ({"TENANT_ID": "common"}, "must be the tenant's id"),
        ({"PUBLIC_URL": "http://schoolgate.example"}, "must be the https:// address"),
        ({"PUBLIC_URL": "https://me@schoolgate.example"}, "must be the https:// address"),
        ({"CONNECTOR_URL": "https://example.org/"}, "must be a test server on this machine"),
        ({"IDENTITY_URL": "http://127.0.0.1:1/"}, "has one of two test servers"),
        ({"MODE": "open"}, "must be service or playground"),
    ],
    ids=str,
)
def test_what_teams_may_not_be_set_to(config: Path, changed: dict[str, str], said: str) -> None:
    with pytest.raises(SettingsError) as wrong:
        load(config, _teams(**changed))
    assert any(said in problem for problem in wrong.value.problems), wrong.value.problems


def test_the_playground_never_leaves_this_machine(config: Path) -> None:
    playing = {
        "SCHOOLGATE_CHAT__TEAMS__ENABLED": "true",
        "SCHOOLGATE_CHAT__TEAMS__MODE": "playground",
    }
    assert load(config, playing).chat.teams.is_a_test
    with pytest.raises(SettingsError) as wrong:
        load(config, playing | {"SCHOOLGATE_LISTEN__HOST": "0.0.0.0"})  # noqa: S104 -- refused
    assert any("which lets anybody in" in problem for problem in wrong.value.problems)
    public = "SCHOOLGATE_CHAT__TEAMS__PUBLIC_URL"
    assert load(config, playing | {public: "http://127.0.0.1:8080/"}).chat.teams.is_a_test
    with pytest.raises(SettingsError) as wrong:
        load(config, playing | {public: "https://schoolgate.example/"})
    assert any("which lets anybody in" in problem for problem in wrong.value.problems)
