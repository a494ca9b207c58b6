"""Colleagues who would rather not be named: seen as pupils are, and never mentioned by name."""

from __future__ import annotations

import pytest

from moderation.checks.context import Context
from moderation.checks.engine import judge
from moderation.checks.model import Draft, Finding, Image, PupilName, Severity
from moderation.checks.names.roster import Roster
from moderation.checks.trial import TODAY
from moderation.kernel import BlobId, PupilKey
from moderation.policies.loader import shipped
from moderation.ports import Inspection, Look, PictureFormat
from tests.proves import proves


STAFF = ("Mrs Ngozi Okafor", "Sam Reed", "Mr Erik Lund", "Ms Clara Reed", "Dr Ode")
PACK = shipped("step")
PUPILS = Roster(
    (PupilName(pupil=PupilKey("p1"), legal_forename="Ngozi", legal_surname="Marsh"),),
)


def found(
    text: str, *unnamed: str, pupils: Roster = PUPILS, images: tuple[Image, ...] = ()
) -> list[Finding]:
    context = Context(today=TODAY, roster=pupils, staff=STAFF, unnamed=unnamed)
    draft = Draft(text=text, images=images)
    return [item for item in judge(draft, PACK, context) if item.category.startswith("staff_")]


@proves("STEP-STAFF-1")
@pytest.mark.parametrize(
    "text",
    [
        "Thank you, Mrs Okafor!",
        "Thank you, Mrs N. Okafor!",
        "Thank you, Mrs Ngozi Okafor!",
        "Thank you, Mrs. Okafor!",
        "Dr. Okafor came in.",
        "Thank you, Mrs. N. Okafor!",
        "Thank you, Mrs. Ngozi Okafor!",
        "Ngozi Okafor ran the fair.",
        "N. Okafor ran the fair.",
        "Okafor, Ngozi: first prize",
        "#ThankYouNgoziOkafor",
        "Ngоzi Okafor ran the fair.",  # noqa: RUF001 -- a Cyrillic letter, that is the case
    ],
)
def test_who_would_rather_not_is_named_by_no_post_as_it_stands(text: str) -> None:
    (one,) = found(text, "Mrs Ngozi Okafor")
    assert (one.category, one.severity, one.allowable) == ("staff_named", Severity.BLOCK, True)
    assert one.clause == "STEP-STAFF-1"
    assert not found(text)
    assert not found(text, "Mr Erik Lund")


@pytest.mark.parametrize(
    "text",
    [
        "Ngozi read us a story.",
        "Okafor scored twice.",
        "Thank you, Mrs Adaeze Okafor!",
        "Ngozi Okafer ran the fair.",
    ],
)
def test_what_may_be_somebody_else_is_asked_about(text: str) -> None:
    nobody = Roster(())
    (one,) = found(text, "Mrs Ngozi Okafor", pupils=nobody)
    assert (one.category, one.severity) == ("staff_perhaps", Severity.FLAG)
    assert one.confirm == "not_a_colleague"


@proves("STEP-STAFF-1")
@pytest.mark.parametrize(
    ("text", "marked"),
    [
        ("Mr Smith, Mrs. Jones and Mrs Okafor came.", "Mrs Okafor"),
        ("Thank you, Mrs, er, Dr Okafor!", "Dr Okafor"),
        ("Thank you, Mrs Ngozi Ngozi Okafor!", "Mrs Ngozi Ngozi Okafor"),
        ("Mrs Okafor came, and Okafor sang.", "Mrs Okafor"),
    ],
)
def test_the_words_that_name_a_colleague_are_marked_and_no_others(text: str, marked: str) -> None:
    first, *_ = found(text, "Mrs Ngozi Okafor", pupils=Roster(()))
    assert text[first.start : first.end] == marked
    assert first.category == "staff_named"


def test_a_title_with_its_full_stop_is_no_given_name() -> None:
    (one,) = found("Ngozi Okafor ran the fair.", "Dr. Ngozi Okafor", pupils=Roster(()))
    assert one.category == "staff_named"


def test_somebody_well_known_is_no_colleague() -> None:
    assert not found("Jacqueline Wilson wrote it.", "Mrs Ann Wilson", pupils=Roster(()))
    (one,) = found("Wilson wrote it.", "Mrs Ann Wilson", pupils=Roster(()))
    assert one.category == "staff_perhaps"


def test_whom_the_school_knows_in_public_is_no_colleague() -> None:
    context = Context(
        today=TODAY,
        roster=Roster(()),
        unnamed=("Mrs Ngozi Okafor",),
        public_names=("Zadie Okafor",),
    )
    for text, told in (("Zadie Okafor wrote it.", []), ("Okafor wrote it.", ["staff_perhaps"])):
        seen = [one.category for one in judge(Draft(text=text), PACK, context)]
        assert [one for one in seen if one.startswith("staff_")] == told


def test_three_given_names_are_too_many_between_a_title_and_a_surname() -> None:
    (one,) = found("Thank you, Mrs Ada Bisi Uche Okafor!", "Mrs Ngozi Okafor", pupils=Roster(()))
    assert (one.start, one.category) == (29, "staff_perhaps")


def test_a_surname_that_two_share_is_asked_about_unless_both_would_rather_not() -> None:
    (one,) = found("Thank you, Ms Reed!", "Ms Clara Reed")
    assert one.category == "staff_perhaps"
    (one,) = found("Thank you, Ms Reed!", "Ms Clara Reed", "Sam Reed")
    assert one.category == "staff_named"


def test_a_title_and_a_surname_are_enough_where_nothing_else_is_known() -> None:
    (one,) = found("Dr Ode came in.", "Dr Ode")
    assert one.category == "staff_named"
    assert not found("An ode to autumn.", "Dr Ode")


def test_to_miss_is_no_title() -> None:
    (one,) = found("We will miss Okafor a lot.", "Mrs Ngozi Okafor", pupils=Roster(()))
    assert one.category == "staff_perhaps"


def test_a_place_that_is_asked_about_for_a_pupil_is_not_asked_about_twice() -> None:
    assert not found("Ngozi read us a story.", "Mrs Ngozi Okafor")


def test_words_in_a_picture_and_descriptions_count_as_the_text_does() -> None:
    blob = BlobId("sha256:" + "0" * 64)
    look = Look(likeness="0" * 32, words="Head chef: Ngozi Okafor", read=True, faces=0)
    seen = Inspection(
        blob=blob,
        clean=blob,
        format=PictureFormat.JPEG,
        width=640,
        height=480,
        has_position=False,
        look=look,
    )
    image = Image(alt="Mrs Okafor cooks", file_name="okafor.jpg", inspection=seen)
    one, two = found("Lunch is served.", "Mrs Ngozi Okafor", images=(image,))
    assert {one.field, two.field} == {"alt[0]", "image[0]"}
    assert not found("Lunch is served.", "Sam Reed", images=(image,))


def test_nobody_is_named_in_a_reason_or_a_repr() -> None:
    reasons = [item.reason for item in found("Mrs Okafor and Ngozi Okafor", "Mrs Ngozi Okafor")]
    assert reasons
    context = Context(today=TODAY, staff=STAFF, unnamed=STAFF)
    assert not any("Okafor" in said for said in (*reasons, repr(context)))
