"""The operator's file and environment: what is read, what is refused, and in which words."""

from __future__ import annotations

import base64
import re
from contextlib import suppress
from datetime import date
from itertools import pairwise
from pathlib import Path

import pytest
import yaml
from hypothesis import given, strategies as st

from bot.schools import packs_of
from bot.settings import SECRETS, SettingsError, load
from bot.settings_values import MAKE_A_KEY, MAKE_BOTH_KEYS
from moderation.kernel import SchoolId
from moderation.policies.loader import shipped
from moderation.policies.settings import HeadteacherApproves


SHIPPED = Path(__file__).parents[2] / "app.yaml"
KEY = base64.b64encode(bytes((i * 67 + 13) ** 2 % 251 for i in range(32))).decode()
OTHER = base64.b64encode(bytes((i * 59 + 7) ** 2 % 241 for i in range(32))).decode()
GOOD = """
trust: { id: hazelmere, name: Hazelmere Learning Trust }
schools:
  - { id: oakfield, name: Oakfield Primary School, policy: step }
"""


def _looks_random(key: bytes) -> bool:
    irregular = len({after - before for before, after in pairwise(key)}) > 4
    return len(set(key)) > 16 and irregular and any(byte > 126 for byte in key)


@pytest.fixture
def config(tmp_path: Path) -> Path:
    path = tmp_path / "app.yaml"
    path.write_text(GOOD, encoding="utf-8")
    return path


def problems(path: Path, text: str | bytes, **environ: str) -> tuple[str, ...]:
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    with pytest.raises(SettingsError) as refused:
        load(path, environ)
    return refused.value.problems


def test_the_shipped_file_is_valid_and_says_the_two_things_a_run_lacks() -> None:
    settings = load(SHIPPED, {})
    assert [school.id for school in settings.schools] == ["oakfield", "brookside"]
    assert settings.schools[0].holidays[0].start == date(2026, 12, 21)
    keys, chat = settings.missing_for_run()
    assert keys == (
        "A key is missing: set SCHOOLGATE_KEYS and, for signing, SCHOOLGATE_SIGNING_KEY. "
        + MAKE_BOTH_KEYS
    )
    assert chat.startswith("A chat platform is missing.")


def test_one_key_without_the_other_is_named_by_itself() -> None:
    sealing, _ = load(SHIPPED, {"SCHOOLGATE_SIGNING_KEY": OTHER}).missing_for_run()
    assert sealing == "A key is missing: set SCHOOLGATE_KEYS. " + MAKE_A_KEY
    signing, _ = load(SHIPPED, {"SCHOOLGATE_KEYS": KEY}).missing_for_run()
    assert signing == "A signing key is missing: set SCHOOLGATE_SIGNING_KEY. " + MAKE_A_KEY


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


def test_an_enabled_platform_must_be_complete(tmp_path: Path) -> None:
    path = tmp_path / "app.yaml"
    (slack,) = problems(path, f"{GOOD}chat: {{slack: {{enabled: true, mode: socket}}}}")
    assert slack == (
        "app.yaml: chat.slack is enabled but incomplete. "
        "Set SCHOOLGATE_CHAT__SLACK__BOT_TOKEN, SCHOOLGATE_CHAT__SLACK__APP_TOKEN."
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


def test_ids_and_holidays_are_checked(tmp_path: Path) -> None:
    path = tmp_path / "app.yaml"
    (same,) = problems(path, GOOD.replace("id: oakfield", "id: hazelmere"))
    assert same.startswith("app.yaml: the id hazelmere is used twice.")
    backwards = "policy: step, holidays: [{from: 2026-12-24, to: 2026-12-23}]"
    (order,) = problems(path, GOOD.replace("policy: step", backwards))
    assert order == (
        "app.yaml: schools[1].holidays[1] ends before it starts. Swap “from” and “to”."
    )
    (none,) = problems(path, "trust: {id: a, name: A}\nschools: []\n")
    assert none.startswith("app.yaml: schools is empty.")


def test_a_name_with_nothing_after_it_counts_as_left_out(config: Path) -> None:
    expected = load(config, {})
    config.write_text(f"{GOOD}database:\n  # url: x\nlisten:\n  port:\n", encoding="utf-8")
    assert load(config, {}) == expected


def test_an_environment_variable_cannot_reach_into_a_plain_value(tmp_path: Path) -> None:
    (said, *_) = problems(tmp_path / "app.yaml", f"{GOOD}listen: x\n", SCHOOLGATE_LISTEN__PORT="1")
    assert said == "SCHOOLGATE_LISTEN__PORT sets a part of “listen”, which has no parts."


@given(st.text(max_size=200))
def test_no_text_makes_a_fault(tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    path = tmp_path_factory.getbasetemp() / "any.yaml"
    path.write_bytes(text.encode("utf-8", "surrogatepass"))
    # Any other exception than a refusal is a fault.
    with suppress(SettingsError):
        load(path, {})


def test_what_anybody_may_know_is_read_and_kept_apart_from_whom_to_ask(tmp_path: Path) -> None:
    path = tmp_path / "app.yaml"
    known = "['+44 (0)1632 960123', '(01632) 960123', office@oakfield.example, ZZ99 3VZ]"
    path.write_text(GOOD.replace("policy: step", f"policy: step, contacts: {known}"))
    (school,) = load(path, {}).schools
    assert school.contacts == (
        "+44 (0)1632 960123",
        "(01632) 960123",
        "office@oakfield.example",
        "ZZ99 3VZ",
    )
    assert school.office == "the school office"


@pytest.mark.parametrize("contact", ["1234", "the office", "office@", "zz99 3vz", "01632-x", "''"])
def test_a_contact_of_another_shape_is_refused(tmp_path: Path, contact: str) -> None:
    text = GOOD.replace("policy: step", f"policy: step, contacts: [{contact}]")
    (said,) = problems(tmp_path / "app.yaml", text)
    assert said.startswith("app.yaml: schools[1].contacts[1] must be a list of telephone numbers")


@pytest.mark.parametrize("number", ["01632 960209", "+44 1632 960209", "01632 960209 ext 5"])
def test_whom_to_ring_about_a_child_is_a_telephone_number(tmp_path: Path, number: str) -> None:
    path = tmp_path / "app.yaml"
    path.write_text(GOOD.replace("policy: step", f"policy: step, safeguarding_phone: '{number}'"))
    settings = load(path, {})
    assert settings.schools[0].safeguarding_phone == number
    assert settings.trust.safeguarding_phone is None


@pytest.mark.parametrize("number", ["999", "12", "the office", "''"])
def test_what_cannot_be_rung_is_refused(tmp_path: Path, number: str) -> None:
    text = GOOD.replace("policy: step", f"policy: step, safeguarding_phone: {number!r}")
    (said,) = problems(tmp_path / "app.yaml", text)
    assert said.startswith("app.yaml: schools[1].safeguarding_phone must be one telephone number")


def test_an_unknown_policy_names_the_nearest(tmp_path: Path) -> None:
    path = tmp_path / "app.yaml"
    (said,) = problems(path, GOOD.replace("policy: step", "policy: stepp"))
    assert said.startswith("app.yaml: schools[1].policy can't be followed. ")
    assert said.endswith("Did you mean step?")
    (trust,) = problems(path, GOOD.replace("Trust }", "Trust, policy: harrow }"))
    assert trust.startswith("app.yaml: trust.policy can't be followed. ")


def test_the_trust_follows_the_policy_that_its_schools_share(config: Path) -> None:
    assert load(config, {}).trust_policy == "step"


def test_any_free_port_can_be_asked_for(config: Path) -> None:
    assert load(config, {"SCHOOLGATE_LISTEN__PORT": "0"}).listen.port == 0


def test_what_the_command_line_reads_for_itself_is_no_setting(config: Path) -> None:
    environ = {"SCHOOLGATE_CONFIG": "x.yaml", "SCHOOLGATE_DEBUG": "1"}
    assert load(config, environ) == load(config, {})


# -- a school's own settings of its policy -------------------------------------------------------


def test_a_school_may_be_stricter_than_its_policy(config: Path) -> None:
    own = "policy: step, settings: { seconds: 2, headteacher_approves: always, expire_after_days: }"
    config.write_text(GOOD.replace("policy: step", own), encoding="utf-8")
    packs = packs_of(load(config, {}))
    oakfield, trust = packs[SchoolId("oakfield")], packs[SchoolId("hazelmere")]
    assert oakfield.settings.seconds == 2
    assert oakfield.settings.headteacher_approves is HeadteacherApproves.ALWAYS
    assert oakfield.settings.expire_after_days == shipped("step").settings.expire_after_days
    assert oakfield.digest != shipped("step").digest
    assert trust == shipped("step")


def test_the_trusts_own_settings_can_come_from_the_environment(config: Path) -> None:
    environ = {
        "SCHOOLGATE_TRUST__SETTINGS__SECONDS": "2",
        "SCHOOLGATE_TRUST__SETTINGS__HEADTEACHER_COUNTS_AS_SECOND": "false",
    }
    packs = packs_of(load(config, environ))
    assert packs[SchoolId("hazelmere")].settings.seconds == 2
    assert not packs[SchoolId("hazelmere")].settings.headteacher_counts_as_second
    assert packs[SchoolId("oakfield")] == shipped("step")


def test_every_setting_that_the_policy_does_not_allow_is_told(tmp_path: Path) -> None:
    own = "policy: step, settings: { headteacher_approves: never, secnds: 2, seconds: many }"
    told = problems(
        tmp_path / "app.yaml",
        GOOD.replace("policy: step", own),
        SCHOOLGATE_TRUST__SETTINGS__SECONDS="3",
    )
    assert told == (
        (
            "app.yaml: schools[1].settings: The setting headteacher_approves would be looser than "
            "the policy's images. The policy lets it be stricter only."
        ),
        "app.yaml: schools[1].settings: There is no setting secnds. Did you mean seconds?",
        "app.yaml: schools[1].settings: The setting seconds must be a whole number from 1 to 2.",
        (
            "SCHOOLGATE_TRUST__SETTINGS__SECONDS: trust.settings: The setting seconds must be from "
            "1 to 2, not 3."
        ),
    )


def test_settings_that_are_none_are_one_sentence(tmp_path: Path) -> None:
    (said,) = problems(
        tmp_path / "app.yaml", GOOD.replace("policy: step", "policy: step, settings: strict")
    )
    assert said == (
        "app.yaml: schools[1].settings must be the policy's settings to change, such as "
        "“seconds: 2”, not “strict”."
    )


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


def test_at_most_two_keys_sign(config: Path) -> None:
    both = f"{KEY},{OTHER}"
    assert len(load(config, {"SCHOOLGATE_SIGNING_KEY": both}).signing_key) == 2
    third = base64.b64encode(bytes((i * 61 + 5) ** 2 % 239 for i in range(32))).decode()
    with pytest.raises(SettingsError, match="SIGNING_KEY: signing_key holds more than two keys"):
        load(config, {"SCHOOLGATE_SIGNING_KEY": f"{both},{third}"})
