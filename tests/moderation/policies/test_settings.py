"""Settings: typed, bounded, and never looser than the pack allows."""

from __future__ import annotations

from dataclasses import fields

import pytest

from moderation.people.model import Role
from moderation.policies.settings import (
    BOUNDS,
    STAND_IN_ROLES,
    HeadteacherApproves,
    NotAllowed,
    PackSettings,
    PupilNames,
    adjusted,
)


def test_every_setting_has_a_bound_that_its_default_keeps() -> None:
    names = {field.name for field in fields(PackSettings)} - {"loosenable"}
    assert names == set(BOUNDS)
    for name, bound in BOUNDS.items():
        default = getattr(PackSettings(), name)
        assert bound.read(list(default) if isinstance(default, tuple) else default) == default


def test_every_stand_in_is_a_role_that_people_can_have() -> None:
    assert set(STAND_IN_ROLES) <= set(Role)


STRICTER = [
    ("seconds", 2),
    ("headteacher_approves", "always"),
    ("headteacher_counts_as_second", False),
    ("stand_ins", ["deputy_headteacher", "trust_lead"]),
    ("expire_after_days", 3),
    ("minimum_moderators", 3),
]
LOOSER = [
    ("headteacher_approves", "never"),
    ("pupil_names", "with_written_consent"),
    ("who_may_propose", "staff"),
    ("stand_ins", ["deputy_headteacher", "acting_headteacher"]),
    ("expire_after_days", 30),
    ("minimum_moderators", 1),
]


@pytest.mark.parametrize(("name", "value"), STRICTER)
def test_a_school_may_be_stricter_than_its_pack(name: str, value: object) -> None:
    changed = adjusted(PackSettings(), {name: value})
    assert isinstance(changed, PackSettings)
    wanted = tuple(value) if isinstance(value, list) else value
    assert getattr(changed, name) == wanted


@pytest.mark.parametrize(("name", "value"), LOOSER)
def test_a_school_may_be_looser_only_where_the_pack_says_so(name: str, value: object) -> None:
    refused = adjusted(PackSettings(), {name: value})
    assert isinstance(refused, tuple)
    assert [problem.setting for problem in refused] == [name]
    allowed = adjusted(PackSettings(loosenable=frozenset({name})), {name: value})
    assert isinstance(allowed, PackSettings)


def test_every_wrong_change_is_told_at_once() -> None:
    refused = adjusted(
        PackSettings(),
        {"secondz": 1, "seconds": 3, "headteacher_approves": "sometimes", "stand_ins": ["cook"]},
    )
    assert isinstance(refused, tuple)
    assert all(isinstance(problem, NotAllowed) for problem in refused)
    assert [problem.setting for problem in refused] == [
        "secondz",
        "seconds",
        "headteacher_approves",
        "stand_ins",
    ]


def test_the_words_of_a_choice_go_from_loose_to_strict() -> None:
    assert list(HeadteacherApproves) == ["never", "images", "always"]
    assert list(PupilNames) == ["with_written_consent", "never"]
