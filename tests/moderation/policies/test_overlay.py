"""A school's own changes to single rules: stricter always, milder only where the rule lets it."""

from __future__ import annotations

import pytest
from hypothesis import given, strategies as st

from moderation.policies.loader import PackError, load_pack, shipped, shipped_ids, with_changes
from moderation.policies.model import Pack, Rule, Severity
from moderation.policies.overlay import PARTS, STRICTER, overlaid


STEP = shipped("step")
MET = shipped("met")


def rule(name: str, changes: object) -> Rule:
    pack = with_changes(STEP, {}, {name: changes})
    (found,) = [one for one in pack.rules if one.id == name]
    return found


def refused(changes: dict[str, object]) -> list[str]:
    with pytest.raises(PackError) as caught:
        with_changes(STEP, {}, changes)
    return [str(problem) for problem in caught.value.problems]


def test_a_flag_may_become_a_stop_that_the_headteacher_may_allow_once() -> None:
    changed = rule("coarse-language", "block")
    assert (changed.severity, changed.confirm, changed.allowable) == (Severity.BLOCK, "", True)


def test_or_one_that_nobody_may() -> None:
    assert not rule("coarse-language", {"severity": "block", "allowable": False}).allowable
    assert not rule("threat", {"allowable": False}).allowable


def test_a_note_may_become_a_flag_with_its_statement() -> None:
    changed = rule("words-not-read", {"severity": "flag", "confirm": "names_read"})
    assert (changed.severity, changed.confirm) == (Severity.FLAG, "names_read")


def test_the_headteacher_may_be_asked_as_well() -> None:
    assert rule("promise", {"headteacher": True}).headteacher


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"coarse-language": "note"}, "would be milder than the policy's"),
        ({"threat": {"severity": "flag", "confirm": "fair"}}, "would be milder than the policy's"),
        ({"picture-permission": {"allowable": True}}, "would be milder than the policy's"),
        ({"pupil-list-empty": {"headteacher": False}}, "would be milder than the policy's"),
        ({"words-not-read": "flag"}, "needs confirm, the statement that an approver ticks"),
        ({"threat": {"confirm": "fair"}}, "has confirm, which belongs to a flag"),
        ({"promise": {"allowable": True}}, "has allowable, which belongs to a block"),
        ({"promise": {"confirm": "fairly"}}, "has a confirm that the policy has no words for"),
        ({"promise": {"headteacher": "yes"}}, "has headteacher, which must be true or false"),
        ({"promise": {"severty": "block"}}, "has no severty: did you mean severity?"),
        ({"promise": "stop"}, "can be note, flag, block."),
        ({"promise": 3}, "can be note, flag, block."),
        ({"promise": {1: 2}}, "has no 1: severity, confirm, allowable, headteacher"),
        ({"promise": {"confirm": ["fair"]}}, "has a confirm that the policy has no words for"),
        ({"promise": {}}, "says nothing to change"),
        ({"promis": "block"}, "The policy has no rule promis. Did you mean promise?"),
    ],
)
def test_what_isnt_allowed_or_cant_be_read_is_refused(
    changes: dict[str, object], said: str
) -> None:
    [problem] = refused(changes)
    assert said in problem
    assert problem.startswith("step: ")


def test_everything_that_is_wrong_is_told_at_once() -> None:
    assert len(refused({"promise": "stop", "coarse-language": "note", "nothing": "block"})) == 3


def test_a_rule_that_may_be_made_milder_may_be() -> None:
    milder: dict[str, object] = {"private-business": "note"}
    pack = with_changes(MET, {}, milder)
    (changed,) = [one for one in pack.rules if one.id == "private-business"]
    assert (changed.severity, changed.confirm) == (Severity.NOTE, "")
    assert refused(milder)


def test_the_changes_are_part_of_what_is_kept_and_of_its_digest() -> None:
    pack = with_changes(STEP, {"seconds": 2}, {"coarse-language": "block", "promise": "block"})
    assert pack.digest != STEP.digest
    assert load_pack(pack.source, name="step") == pack
    assert pack.settings.seconds == 2
    assert with_changes(STEP, {}, {}) == STEP
    assert with_changes(STEP, {}, {"threat": "block"}) == STEP


SEVERITIES = st.sampled_from(Severity)
PACKS = st.sampled_from(shipped_ids()).map(shipped)


@given(pack=PACKS, data=st.data())
def test_whatever_is_accepted_is_no_milder_unless_the_pack_says_so(
    pack: Pack, data: st.DataObject
) -> None:
    old = data.draw(st.sampled_from(pack.rules))
    changes = data.draw(
        st.fixed_dictionaries(
            {},
            optional={
                "severity": SEVERITIES,
                "confirm": st.sampled_from(sorted(pack.confirmations)),
                "allowable": st.booleans(),
                "headteacher": st.booleans(),
            },
        )
    )
    rules, problems = overlaid(pack.rules, {old.id: changes}, pack.confirmations)
    (new,) = [one for one in rules if one.id == old.id]
    if problems:
        assert new == old
        return
    if not old.loosen:
        assert STRICTER.index(new.severity) >= STRICTER.index(old.severity)
        assert new.headteacher >= old.headteacher
        if new.severity is old.severity is Severity.BLOCK:
            assert new.allowable <= old.allowable
    assert (new.severity is Severity.FLAG) == bool(new.confirm)
    assert new.severity is Severity.BLOCK or not new.allowable


def test_only_what_may_be_changed_changes() -> None:
    for old, new in zip(
        STEP.rules, with_changes(STEP, {}, {"promise": "block"}).rules, strict=True
    ):
        differing = {name for name in Rule.__slots__ if getattr(old, name) != getattr(new, name)}
        assert differing <= set(PARTS)
