"""Keys and other secrets: taken from where nobody reads along, and never repeated."""

from __future__ import annotations

import base64
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest
import yaml
from hypothesis import given, strategies as st

from bot.settings import SECRETS, SettingsError, load
from bot.settings_values import MAKE_A_KEY
from tests.bot.settings.written import GOOD, KEY, OTHER, SHIPPED, problems


if TYPE_CHECKING:
    from pathlib import Path


def _looks_random(key: bytes) -> bool:
    irregular = len({after - before for before, after in pairwise(key)}) > 4
    return len(set(key)) > 16 and irregular and any(byte > 126 for byte in key)


def test_one_key_without_the_other_is_named_by_itself() -> None:
    sealing, _ = load(SHIPPED, {"SCHOOLGATE_SIGNING_KEY": OTHER}).missing_for_run()
    assert sealing == "A key is missing: set SCHOOLGATE_KEYS. " + MAKE_A_KEY
    signing, _ = load(SHIPPED, {"SCHOOLGATE_KEYS": KEY}).missing_for_run()
    assert signing == "A signing key is missing: set SCHOOLGATE_SIGNING_KEY. " + MAKE_A_KEY


@pytest.mark.parametrize("path", sorted(SECRETS))
def test_a_secret_in_the_file_is_refused_and_not_repeated(
    tmp_path: Path, path: tuple[str, ...]
) -> None:
    secret = "postgresql://me:CANARY@h/x" if path == ("database", "url") else f"{KEY}CANARY"
    document = yaml.safe_load(GOOD)
    part = document
    for name in path[:-1]:
        part = part.setdefault(name, {})
    part[path[-1]] = secret
    said = problems(tmp_path / "app.yaml", yaml.safe_dump(document))
    variable = "SCHOOLGATE_" + "__".join(path).upper()
    assert any(
        ".".join(path) in one and f"set {variable}, or {variable}_FILE" in one for one in said
    )
    assert "CANARY" not in "".join(said)


@pytest.mark.parametrize("name", ["SCHOOLGATE_KEYS", "SCHOOLGATE_SIGNING_KEY"])
@pytest.mark.parametrize(
    "key",
    [
        "",
        "changeme",
        base64.b64encode(b"x" * 31).decode(),
        base64.b64encode(bytes(32)).decode(),
        base64.b64encode(bytes(range(32))).decode(),
        base64.b64encode(b"please-change-this-example-key-1").decode(),
        base64.b64encode(b"\x01\xfe" * 16).decode(),
        KEY[:-4],
        "not base64 at all!",
    ],
)
def test_a_short_or_example_key_is_refused_and_not_repeated(
    tmp_path: Path, name: str, key: str
) -> None:
    (said,) = problems(tmp_path / "app.yaml", GOOD, **{name: key})
    assert said.startswith(f"{name}: ")
    assert said.endswith(MAKE_A_KEY)
    assert not key or key not in said


@pytest.mark.parametrize(
    ("keys", "told"),
    [
        (KEY[:-4], "keys has 30 bytes, not 32. Was it copied whole? "),
        (f"SCHOOLGATE_KEYS={KEY}", "keys holds a line of an environment file. Keep what stands "),
        (f"export SCHOOLGATE_KEYS={KEY}\nSCHOOLGATE_SIGNING_KEY={OTHER}", "set -a; . FILE; set +a"),
        (f'"{KEY}"', "keys has quotation marks in its value. Take them away."),
        (f"{KEY},", "keys (key 2 of 2) is empty. "),
        (f"{KEY},changeme", "keys (key 2 of 2) has 6 bytes, not 32."),
        ("0123456789abcdef" * 4, "keys is hexadecimal, not base64. "),
        (f"{KEY} {OTHER}", "keys is not 32 bytes in base64. "),
    ],
)
def test_a_key_that_was_miscopied_is_told_what_to_do(tmp_path: Path, keys: str, told: str) -> None:
    (said,) = problems(tmp_path / "app.yaml", GOOD, SCHOOLGATE_KEYS=keys)
    assert told in said
    assert KEY[:8] not in said
    assert "\n" not in said


def test_a_key_in_the_other_alphabet_of_base64_is_the_same_key(config: Path) -> None:
    urlsafe = KEY.translate(str.maketrans("+/", "-_"))
    assert (
        load(config, {"SCHOOLGATE_KEYS": urlsafe}).keys
        == load(config, {"SCHOOLGATE_KEYS": KEY}).keys
    )


@given(st.binary(min_size=32, max_size=32).filter(_looks_random))
def test_a_key_drawn_at_random_is_taken(key: bytes) -> None:
    text = base64.b64encode(key).decode()
    assert load(SHIPPED, {"SCHOOLGATE_KEYS": text}).keys[0].get_secret_value() == key


def test_keys_keep_their_order_and_each_has_one_use(config: Path, tmp_path: Path) -> None:
    settings = load(config, {"SCHOOLGATE_KEYS": f"{KEY}, {OTHER}"})
    assert [base64.b64encode(key.get_secret_value()).decode() for key in settings.keys] == [
        KEY,
        OTHER,
    ]
    path = tmp_path / "app.yaml"
    assert "twice" in problems(path, GOOD, SCHOOLGATE_KEYS=f"{KEY},{KEY}")[0]
    (said,) = problems(path, GOOD, SCHOOLGATE_KEYS=KEY, SCHOOLGATE_SIGNING_KEY=KEY)
    assert "Make a second key" in said


def test_at_most_two_keys_sign(config: Path) -> None:
    both = f"{KEY},{OTHER}"
    assert len(load(config, {"SCHOOLGATE_SIGNING_KEY": both}).signing_key) == 2
    third = base64.b64encode(bytes((i * 61 + 5) ** 2 % 239 for i in range(32))).decode()
    with pytest.raises(SettingsError, match="SIGNING_KEY: signing_key holds more than two keys"):
        load(config, {"SCHOOLGATE_SIGNING_KEY": f"{both},{third}"})


def test_a_secret_can_come_from_a_file(config: Path, tmp_path: Path) -> None:
    (tmp_path / "keys").write_text(f"{KEY}\n", encoding="utf-8")
    environ = {"SCHOOLGATE_KEYS_FILE": str(tmp_path / "keys")}
    assert len(load(config, environ).keys) == 1
    with pytest.raises(SettingsError, match="are both set"):
        load(config, environ | {"SCHOOLGATE_KEYS": KEY})
    with pytest.raises(SettingsError, match="names a file that can't be read"):
        load(config, {"SCHOOLGATE_KEYS_FILE": str(tmp_path / "none")})
    with pytest.raises(SettingsError, match="port_file is not a setting"):
        load(config, {"SCHOOLGATE_LISTEN__PORT_FILE": str(tmp_path / "keys")})


def test_secrets_never_print(config: Path) -> None:
    settings = load(
        config,
        {
            "SCHOOLGATE_KEYS": KEY,
            "SCHOOLGATE_SIGNING_KEY": OTHER,
            "SCHOOLGATE_DATABASE__URL": "postgresql://me:CANARY@h/x",
            "SCHOOLGATE_CHAT__TEAMS__APP_PASSWORD": "CANARY",
        },
    )
    printed = f"{settings!r} {settings} {settings.model_dump_json()}"
    assert not any(secret in printed for secret in ("CANARY", KEY, OTHER))
