"""The STEP pack keeps what it says: every example, every clause, plain words."""

from __future__ import annotations

from datetime import date

import pytest

from moderation.checks.trial import run, try_examples
from moderation.policies.loader import shipped
from moderation.policies.model import Check, Rule
from moderation.policies.settings import HeadteacherApproves, PupilNames
from tests.proves import proves


STEP = shipped("step")


@proves("STEP-REM-1", "STEP-REM-2", "STEP-REM-3", "STEP-REM-4")
@proves("STEP-CONF-1", "STEP-OPIN-1", "STEP-COMMIT-1", "STEP-AGE-1", "CC-PRIV-1", "AUR-ALT-1")
@pytest.mark.parametrize("rule", STEP.rules, ids=lambda rule: rule.id)
def test_every_rule_hits_and_misses_as_its_examples_say(rule: Rule) -> None:
    for example in rule.hits:
        found = [finding.rule for finding in run(example, STEP)]
        assert rule.id in found, f"{rule.id} misses {example}"
    for example in rule.misses:
        found = [finding.rule for finding in run(example, STEP)]
        assert rule.id not in found, f"{rule.id} hits {example}"


def test_a_pack_can_be_tried_by_its_author() -> None:
    assert try_examples(STEP) == ()


@proves("STEP-HEAD-2")
def test_the_headteacher_sees_every_picture() -> None:
    assert STEP.settings.headteacher_approves is HeadteacherApproves.IMAGES
    assert "headteacher_approves" not in STEP.settings.loosenable


def test_no_pupil_is_named_and_nobody_may_loosen_that() -> None:
    assert STEP.settings.pupil_names is PupilNames.NEVER
    assert "pupil_names" not in STEP.settings.loosenable


def test_the_policy_knows_that_its_own_review_is_overdue() -> None:
    assert STEP.overdue(date(2026, 9, 1))


def test_one_wording_serves_every_reason_for_a_missing_permission() -> None:
    for category in ("refused", "withdrawn", "expired", "missing"):
        named = [rule for rule in STEP.rules if rule.category == category]
        assert not [rule for rule in named if rule.check is Check.IMAGE_CONSENT]
