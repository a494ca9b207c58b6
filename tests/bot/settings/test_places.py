"""The trust and its schools: whom to ask, and their own settings of their policies."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bot.schools import packs_of
from bot.settings import load
from moderation.kernel import SchoolId
from moderation.policies.loader import shipped
from moderation.policies.model import Severity
from moderation.policies.settings import HeadteacherApproves
from tests.bot.settings.written import GOOD, problems


if TYPE_CHECKING:
    from pathlib import Path


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


def test_a_school_may_be_stricter_about_single_rules(config: Path) -> None:
    own = "policy: step, rules: { coarse-language: block, promise: { headteacher: true } }"
    config.write_text(GOOD.replace("policy: step", own), encoding="utf-8")
    packs = packs_of(load(config, {"SCHOOLGATE_TRUST__RULES__OPINION": "block"}))
    rules = {rule.id: rule for rule in packs[SchoolId("oakfield")].rules}
    assert rules["coarse-language"].severity is Severity.BLOCK
    assert rules["promise"].headteacher
    trusts = {rule.id: rule for rule in packs[SchoolId("hazelmere")].rules}
    assert trusts["opinion"].severity is Severity.BLOCK
    assert trusts["coarse-language"].severity is Severity.FLAG


def test_every_rule_that_may_not_be_changed_so_is_told(tmp_path: Path) -> None:
    own = "policy: step, rules: { promise: note, promis: block }"
    told = problems(
        tmp_path / "app.yaml",
        GOOD.replace("policy: step", own),
        SCHOOLGATE_TRUST__RULES__OPINION="stop",
    )
    assert told == (
        (
            "app.yaml: schools[1].rules: The rule promise would be milder than the policy's. "
            "The policy lets it be stricter only."
        ),
        "app.yaml: schools[1].rules: The policy has no rule promis. Did you mean promise?",
        (
            "SCHOOLGATE_TRUST__RULES__OPINION: trust.rules: The rule opinion can be note, flag, "
            "block."
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
