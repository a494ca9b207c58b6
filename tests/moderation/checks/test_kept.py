"""Kept names: they quieten what they are kept for, and never a child whom posts are checked for."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, strategies as st

from moderation.checks.context import Context
from moderation.checks.engine import judge
from moderation.checks.kept import Checked, counting
from moderation.checks.model import Draft, Finding, NotAPupil, PupilName, Severity
from moderation.checks.names.roster import Roster
from moderation.checks.trial import TODAY
from moderation.kernel import PupilKey
from moderation.policies.loader import shipped
from tests.proves import proves


PACK = shipped("step")
NAMES = (("Amelia", "Khan"), ("Zoe", "O'Brien"), ("Kofi", "Mensah"), ("Ahmed", "Al-Hassan"))
ELSEWHERE = (("Wren", "Tindall"), ("Ines", "Adeyemi"))


def _roster(names: tuple[tuple[str, str], ...]) -> Roster:
    return Roster(
        PupilName(pupil=PupilKey(f"{first}"), legal_forename=first, legal_surname=last)
        for first, last in names
    )


CHECKED = Checked(
    roster=_roster(NAMES), others=_roster(ELSEWHERE), unnamed=("Mrs Ngozi Okafor", "Sam Reed")
)
BARE = Context(
    today=TODAY,
    roster=CHECKED.roster,
    other_rosters=CHECKED.others,
    staff=("Mrs Ngozi Okafor", "Sam Reed", "Mr Erik Lund"),
    unnamed=CHECKED.unnamed,
)


def found(text: str, *kept: tuple[str, NotAPupil]) -> list[Finding]:
    """What a post is asked about where these names are kept."""
    counts = counting(kept, CHECKED)
    context = replace(BARE, grown_ups=counts.grown_ups, public_names=counts.others)
    return list(judge(Draft(text=text), PACK, context))


@proves("STEP-NAME-1")
@pytest.mark.parametrize(
    ("name", "kind", "text"),
    [
        ("Amelia Thistlewick", NotAPupil.VISITOR, "Amelia Thistlewick read her book to us."),
        ("amelia thistlewick", NotAPupil.OTHER, "AMELIA THISTLEWICK READ TO US."),
        ("Mr Mensah", NotAPupil.VISITOR, "Thank you, Mr Mensah!"),
        ("Sarah Khan", NotAPupil.STAFF, "Mrs Khan and Sarah Khan baked for us."),
        ("Amelia B. Khandoker", NotAPupil.PUBLIC, "Amelia B. Khandoker opened the library."),
        ("Amelia Kahn", NotAPupil.VISITOR, "We thank Amelia Kahn."),
    ],
)
def test_nobody_is_asked_about_a_name_that_is_kept(name: str, kind: NotAPupil, text: str) -> None:
    assert found(text)
    assert not found(text, (name, kind))


@pytest.mark.parametrize(
    "text",
    [
        "Amelia read her book to us.",
        "Ms Khan read to us.",
        "Amelia, Thistlewick and Kofi read to us.",
        "Amelia. Thistlewick, too.",
    ],
)
def test_only_the_whole_name_is_kept(text: str) -> None:
    kept = (("Amelia Thistlewick", NotAPupil.VISITOR), ("Khan Thistlewick", NotAPupil.VISITOR))
    assert found(text, *kept) == found(text)


@proves("STEP-NAME-1")
@pytest.mark.parametrize(
    "name",
    [
        "Amelia Khan",
        "KHAN, amelia",
        "Mrs Amelia Khan",
        "Amelia Jo Khan",
        "Jo Amelia Khan",
        "Amelia K",
        "Amelia K.",
        "A Khan",
        "Ms A. Khan",
        "Ahmed Hassan",
        "Wren Tindall",
        "Ngozi Okafor",
        "N Okafor",
        "Sam Reed",
    ],
)
def test_whoever_is_checked_for_is_so_whatever_is_kept(name: str) -> None:
    assert CHECKED.has(name)
    bare = name.removeprefix("Mrs ").removeprefix("Ms ")
    text = f"We thank {bare}, who won."
    for kind in NotAPupil:
        assert found(text, (name, kind)) == found(text) != []


def test_a_name_that_nobody_has_is_free() -> None:
    for name in ("Amelia Thistlewick", "Sarah A Khan", "Mr Mensah", "Mrs Okafor", "Wren T", "Jo B"):
        assert not CHECKED.has(name), name
    assert CHECKED.nearly("Amelia Kahn")
    assert not CHECKED.nearly("Amelia Thistlewick")
    assert not Checked().has("Amelia Khan")
    assert not Checked().nearly("Amelia Kahn")


WORDS = st.sampled_from(
    [part for name in (*NAMES, *ELSEWHERE) for part in name]
    + ["Thistlewick", "Ngozi", "Okafor", "Mrs", "Dr", "A", "K.", "van", "Kahn", "Jo"]
)
WHOSE = st.sampled_from(tuple(NotAPupil))
KEPT = st.lists(st.tuples(st.lists(WORDS, min_size=1, max_size=4).map(" ".join), WHOSE), max_size=6)
FRAMES = st.sampled_from(("Well done, {}!", "We saw {} today.", "{} won the cup.", "#{}", "({})"))


@proves("STEP-NAME-1")
@given(KEPT, st.sampled_from(NAMES), FRAMES)
def test_no_kept_name_hides_a_pupil(
    kept: list[tuple[str, NotAPupil]], pupil: tuple[str, str], frame: str
) -> None:
    """In full, and as a first name with the surname's first letter."""
    first, last = pupil
    for called in (f"{first} {last}", f"{last}, {first}", f"{first} {last[0]}."):
        text = frame.format(called)
        stops = {item.key for item in found(text) if item.severity is Severity.BLOCK}
        assert stops <= {item.key for item in found(text, *kept)}


def test_a_surname_behind_a_title_counts_for_colleagues_and_for_whoever_is_kept_with_one() -> None:
    kept = [
        ("Jo Thistlewick", NotAPupil.VISITOR),
        ("Mr Tom Field", NotAPupil.PUBLIC),
        ("Amelia Khan", NotAPupil.STAFF),
        ("Bo Marsh", NotAPupil.STAFF),
    ]
    counts = counting(kept, CHECKED)
    assert counts.grown_ups == ("Mr Tom Field", "Bo Marsh")
    assert counts.others == ("Jo Thistlewick",)


def test_nothing_shows_a_name() -> None:
    kept = counting([("Jo Thistlewick", NotAPupil.STAFF), ("Bo Field", NotAPupil.OTHER)], CHECKED)
    assert "Okafor" not in repr(CHECKED)
    assert not any(name in repr(kept) for name in ("Thistlewick", "Field"))
