"""Colleagues who would rather not be shown: said to be in it, or looked for by who approves."""

from __future__ import annotations

from dataclasses import replace

import pytest

from moderation.checks.colleagues import initials
from moderation.checks.context import Context, TakenDown
from moderation.checks.engine import judge
from moderation.checks.model import Draft, Finding, Image, Kind, Pictured, Severity, Who
from moderation.checks.names.roster import Roster
from moderation.checks.pictures import without_permission
from moderation.checks.trial import TODAY
from moderation.kernel import BlobId, PersonId
from moderation.policies.loader import shipped
from moderation.policies.model import Check, Pack
from moderation.ports import Film, Inspection, Look, PictureFormat
from tests.proves import proves


PACK = shipped("step")
OKAFOR, REED, LUND = map(PersonId, ("okafor", "reed", "lund"))
LIKENESS, TURNED = "0f" * 16, "a5" * 16
BLOB = BlobId("sha256:" + "0" * 64)
STILL = Inspection(
    blob=BLOB,
    clean=BLOB,
    format=PictureFormat.JPEG,
    width=10,
    height=10,
    look=Look(read=True, faces=0, likeness=LIKENESS, mirrored=TURNED),
)
MOVING = replace(
    STILL, format=PictureFormat.MP4, look=None, film=Film(parts=(BLOB,), size=1, seconds=1)
)
CONTEXT = Context(today=TODAY, roster=Roster(()), unshown={OKAFOR: "N.O.", REED: "S.R."})


def draft(*staff: PersonId, seen: Inspection | None = STILL, **more: object) -> Draft:
    said = Pictured(Who.NOBODY, staff=frozenset(staff))
    made = Draft(text="Our fair", images=(Image(alt="The stall", inspection=seen),), pictured=said)
    return replace(made, **more)  # type: ignore[arg-type]


def found(of: Draft, context: Context = CONTEXT, pack: Pack = PACK) -> list[Finding]:
    return [it for it in judge(of, pack, context) if it.category.startswith("staff_")]


@proves("STEP-STAFF-2")
@pytest.mark.parametrize("name", ["step", "aur", "cc", "harm", "met"])
@pytest.mark.parametrize("seen", [STILL, MOVING, None])
def test_each_who_would_rather_not_be_shown_stops_pictures_and_videos(
    name: str, seen: Inspection | None
) -> None:
    one, two = found(draft(OKAFOR, REED, LUND, seen=seen), pack=shipped(name))
    for it, who in ((one, "N.O."), (two, "S.R.")):
        assert (it.category, it.severity, it.allowable) == ("staff_shown", Severity.BLOCK, False)
        assert it.clause == "STEP-STAFF-2"
        assert it.field == "post"
        assert f"would rather not be shown: {who} " in it.reason
    assert one.key != two.key
    assert without_permission((one, two)) == frozenset()


@pytest.mark.parametrize("who", list(Who))
def test_whatever_is_said_of_pupils(who: Who) -> None:
    said = Pictured(who, staff=frozenset({OKAFOR}))
    (one,) = found(draft(pictured=said))
    assert one.category == "staff_shown"


@proves("STEP-STAFF-2")
def test_where_no_colleague_is_named_the_approver_says_that_none_of_them_is_in_it() -> None:
    (one,) = found(draft())
    assert (one.category, one.severity) == ("staff_not_said", Severity.FLAG)
    assert (one.confirm, one.clause) == ("no_unwilling_colleague", "STEP-STAFF-2")
    assert "no colleague who would rather not be shown" in PACK.confirmations[one.confirm]
    assert not found(draft(LUND))
    assert not found(draft(), replace(CONTEXT, unshown={}))
    assert not found(draft(OKAFOR), replace(CONTEXT, unshown={}))
    assert not found(draft(images=()))


def test_a_picture_that_came_down_is_known_again() -> None:
    context = replace(
        CONTEXT, taken_down=(TakenDown(TURNED, frozenset(), frozenset({OKAFOR, LUND})),)
    )
    one, two = found(draft(), context)
    assert (one.category, one.severity, one.allowable) == ("staff_taken_down", Severity.BLOCK, True)
    assert (one.field, two.category) == ("image[0]", "staff_not_said")
    # Who is named is asked about as such, and who may be shown again is no reason.
    assert [it.category for it in found(draft(OKAFOR), context)] == ["staff_shown"]
    willing = replace(context, unshown={REED: "S.R."})
    assert [it.category for it in found(draft(), willing)] == ["staff_not_said"]
    other = replace(context, taken_down=(TakenDown("f0" * 16, frozenset(), frozenset({OKAFOR})),))
    assert [it.category for it in found(draft(), other)] == ["staff_not_said"]
    assert len(found(draft(seen=MOVING), context)) == 1


def test_a_policy_that_has_not_heard_of_it_stops_whom_it_is_told_of_and_asks_nothing() -> None:
    """Its rule for every other permission speaks of children, and doesn't answer here."""
    old = replace(PACK, rules=tuple(it for it in PACK.rules if it.clause != "STEP-STAFF-2"))
    assert any(it.check is Check.IMAGE_CONSENT and not it.category for it in old.rules)
    (one,) = found(draft(OKAFOR), pack=old)
    assert (one.severity, one.allowable) == (Severity.BLOCK, False)
    assert "would rather not be shown: N.O." in one.reason
    assert not found(draft(), pack=old)


def test_a_comment_with_a_picture_shows_nobody_either() -> None:
    (one,) = found(draft(OKAFOR, kind=Kind.COMMENT))
    assert one.severity is Severity.BLOCK


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("Mrs Ngozi Okafor", "N.O."),
        ("Sam Reed", "S.R."),
        ("Dr. Ode", "O."),
        ("Hana van der Novak", "H.N."),
        ("Cher", "C."),
        ("élan Vital", "É.V."),
        ("", ""),
    ],
)
def test_a_colleague_is_told_by_initials(name: str, told: str) -> None:
    assert initials(name) == told
