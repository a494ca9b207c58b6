"""Where settings come from: the file, the environment, and in which words each is refused."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, strategies as st

from bot.settings import SettingsError, load
from tests.bot.settings.written import GOOD, problems


if TYPE_CHECKING:
    from pathlib import Path


def test_the_environment_overrides_the_file(config: Path) -> None:
    environ = {"SCHOOLGATE_LISTEN__PORT": "8123", "SCHOOLGATE_LISTEN__HOST": "0.0.0.0"}  # noqa: S104 -- a value
    settings = load(config, environ)
    assert (settings.listen.host, settings.listen.port) == ("0.0.0.0", 8123)  # noqa: S104 -- a value


def test_a_list_can_come_from_the_environment(config: Path) -> None:
    schools = '[{"id": "elm", "name": "Elm", "policy": "step"}]'
    settings = load(config, {"SCHOOLGATE_SCHOOLS": schools})
    assert [school.id for school in settings.schools] == ["elm"]


def test_what_kubernetes_sets_for_a_service_of_this_name_is_left_alone(config: Path) -> None:
    environ = {"SCHOOLGATE_PORT": "tcp://10.0.0.1:80", "SCHOOLGATE_SERVICE_HOST": "10.0.0.1"}
    assert load(config, environ | {"SCHOOLGATE_PORT_80_TCP": "tcp://"}) == load(config, {})


def test_what_the_command_line_reads_for_itself_is_no_setting(config: Path) -> None:
    environ = {"SCHOOLGATE_CONFIG": "x.yaml", "SCHOOLGATE_DEBUG": "1"}
    assert load(config, environ) == load(config, {})


def test_a_name_with_nothing_after_it_counts_as_left_out(config: Path) -> None:
    expected = load(config, {})
    config.write_text(f"{GOOD}database:\n  # url: x\nlisten:\n  port:\n", encoding="utf-8")
    assert load(config, {}) == expected


def test_an_environment_variable_cannot_reach_into_a_plain_value(tmp_path: Path) -> None:
    (said, *_) = problems(tmp_path / "app.yaml", f"{GOOD}listen: x\n", SCHOOLGATE_LISTEN__PORT="1")
    assert said == "SCHOOLGATE_LISTEN__PORT sets a part of “listen”, which has no parts."


@pytest.mark.parametrize(
    ("text", "product"),
    [
        ("runtime: python311\nentrypoint: gunicorn main:app\n", "Google App Engine"),
        ("name: web\nservices:\n- name: api\n", "DigitalOcean"),
        ("name: site\nstatic_sites:\n- name: x\n", "DigitalOcean"),
        ("display_information:\n  name: Bot\nfeatures: {}\n", "Slack app manifest"),
        ("command: [gunicorn, app:app]\nenv:\n- name: X\n  value: y\n", "Databricks"),
        ("apiVersion: apps/v1\nkind: Deployment\n", "Kubernetes"),
        ('{"manifestVersion": "1.17", "id": "x"}', "Microsoft Teams app manifest"),
    ],
)
def test_another_products_file_is_named(tmp_path: Path, text: str, product: str) -> None:
    (said,) = problems(tmp_path / "app.yaml", text)
    assert product in said
    assert "--config FILE" in said


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "is empty"),
        ("- a\n- b\n", "is not a list of settings"),
        ("just words", "is not a list of settings"),
        ("1: x\n", "is not a list of settings"),
        ("trust: {\n", "is not valid YAML at line"),
        ("trust: *elsewhere\n", "an alias (*name) is used"),
        ("trust: {}\nlisten: {port: 1, port: 2}\n", "at line 2: “port” is written twice"),
        ("trust: !!python/name:os.system {}\n", "is not valid YAML at line 1"),
        (b"trust: \xff\xfe", "is not UTF-8 text"),
        ("a: " + "[" * 5000, "is not valid YAML"),
        ("#" * 1_000_001, "is over one megabyte"),
        ("a: 2026-99-99\n", "is not valid YAML"),
    ],
)
def test_an_unreadable_file_is_one_sentence(tmp_path: Path, text: str | bytes, said: str) -> None:
    (problem,) = problems(tmp_path / "app.yaml", text)
    assert problem.startswith("app.yaml ")
    assert said in problem


def test_a_missing_file_says_how_to_name_one(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"does not exist.*--config FILE"):
        load(tmp_path / "none.yaml", {})
    with pytest.raises(SettingsError, match="can't be read"):
        load(tmp_path, {})


@given(st.text(max_size=200))
def test_no_text_makes_a_fault(tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    path = tmp_path_factory.getbasetemp() / "any.yaml"
    path.write_bytes(text.encode("utf-8", "surrogatepass"))
    # Any other exception than a refusal is a fault.
    with suppress(SettingsError):
        load(path, {})
