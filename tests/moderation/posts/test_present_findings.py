"""What the checks found, worded: one point is one line, and a link to it can be counted on."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from moderation.checks.model import Finding
from moderation.checks.pictures import without_permission
from moderation.kernel import PupilKey
from moderation.posts import present
from moderation.posts.present.findings import points
from moderation.views import Tone
from tests.moderation.posts import examples as some


if TYPE_CHECKING:
    from moderation.views import FindingLine


def consent(pupil: str, who: str, network: str = "Facebook") -> Finding:
    [rule] = [rule for rule in some.PACK.rules if rule.id == "picture-permission"]
    return Finding(
        check=rule.check,
        rule=rule.id,
        category="refused",
        clause=rule.clause,
        severity=rule.severity,
        field="post",
        start=None,
        end=None,
        reason=rule.why.format(who=who, where=network).replace("..", "."),
        about=f"{pupil} {network}",
    )


def lines(*found: Finding) -> tuple[FindingLine, ...]:
    groups = present.preview_groups(found, some.content(), some.PACK)
    return tuple(line for group in groups for line in group.lines)


def test_many_children_without_permission_are_one_point() -> None:
    found = (
        consent("p1", "J.T., Year 2"),
        consent("p2", "M.L."),
        consent("p3", "a child who isn't on our list"),
    )
    [line] = lines(*found)
    assert line.words == "J.T., Year 2; M.L; a child who isn't on our list"
    assert line.reason == (
        "We don't have permission to put three of these children on Facebook. "
        "Leave the picture out, crop it, or ask the office."
    )
    assert without_permission(found) == {PupilKey("p1"), PupilKey("p2"), PupilKey("p3")}


def unwilling(person: str, who: str) -> Finding:
    [rule] = [rule for rule in some.PACK.rules if rule.id == "colleague-not-to-be-shown"]
    made = consent(person, who)
    return replace(
        made,
        rule=rule.id,
        category=rule.category,
        clause=rule.clause,
        reason=rule.why.format(who=who).replace("..", "."),
        about=f"staff:{person}",
    )


def test_many_colleagues_are_one_point_apart_from_the_children_and_on_a_field_of_their_own() -> (
    None
):
    found = (unwilling("a", "N.O."), unwilling("b", "S.R."), consent("p1", "J.T., Year 2"))
    staff, child = lines(*found)
    assert staff.words == "N.O; S.R"
    assert staff.reason == (
        "We know that two of these colleagues would rather not be shown. "
        "Please choose another picture, or crop this one."
    )
    assert "J.T., Year 2" in child.reason
    [alone] = lines(unwilling("a", "N.O."))
    assert "would rather not be shown: N.O. Please" in alone.reason
    stops = dict(present.preview_stops(found, some.content(), some.PACK))
    assert stops.keys() == {"colleagues", "pupils"}
    assert without_permission(found) == {PupilKey("p1")}


def test_one_child_alone_is_said_as_before() -> None:
    [line] = lines(consent("p1", "J.T., Year 2"))
    assert (line.words, line.reason) == ("", consent("p1", "J.T., Year 2").reason)


def test_each_network_has_its_own_point() -> None:
    found = (
        consent("p1", "J.T."),
        consent("p2", "M.L."),
        consent("p1", "J.T.", "Instagram"),
        consent("p2", "M.L.", "Instagram"),
    )
    assert ["Instagram" in line.reason for line in lines(*found)] == [False, True]


def test_what_stops_a_post_is_told_by_the_field_it_lies_in() -> None:
    found = (some.NAMED, some.LINK, some.NOTE, consent("p1", "J.T."), consent("p2", "M.L."))
    stops = dict(present.preview_stops(found, some.content(), some.PACK))
    assert {field: line.clause for field, line in stops.items()} == {
        "text": some.NAMED.clause,
        "pupils": consent("p1", "J.T.").clause,
    }
    assert {line.tone for line in stops.values()} == {Tone.STOPPED}


def test_what_may_be_allowed_stands_alone() -> None:
    assert points((some.NAMED, some.NAMED, some.LINK)) == ((some.NAMED, some.NAMED), (some.LINK,))
