"""Classes, years and ages: where a text tells one, and whom it fits."""

from __future__ import annotations

import pytest

from moderation.checks.model import PupilName
from moderation.checks.names.classes import class_mentions, whom_it_fits
from moderation.checks.names.roster import Roster
from moderation.kernel import PupilKey


FORMS = {
    "a": ("4B", "4"),
    "b": ("Willow", "4"),
    "c": ("Class 3", "3"),
    "d": ("", ""),
    "e": ("", "5"),
}
OURS = Roster(
    PupilName(
        pupil=PupilKey(key),
        legal_forename="Zoë",
        legal_surname="Khan",
        form=form,
        year_group=year,
    )
    for key, (form, year) in FORMS.items()
)
ALL = tuple(map(PupilKey, FORMS))


@pytest.mark.parametrize(
    ("text", "marked", "year", "form", "fits"),
    [
        ("Zoë of 4B sang", "4B", "", "4b", "a"),
        ("Zoë\u0301 \u2014 4B sang", "4B", "", "4b", "a"),
        ("Zoë in Willow class sang", "Willow class", "", "willow", "b"),
        ("Zoë in WILLOW\u200b CLASS", "WILLOW\u200b CLASS", "", "willow", "b"),
        ("Zoë in Class 3 sang", "Class 3", "", "class 3", "c"),
        ("Zoë in Year 4 sang", "Year 4", "Year 4", "", "abd"),
        ("Zoë in Y5 sang", "Y5", "Year 5", "", "de"),
        ("Zoë in Reception sang", "Reception", "Reception", "", "d"),
        # A class that nobody is in is as a number would be: it fits everybody.
        ("Zoë in Class 4 sang", "Class 4", "", "", "abcde"),
        ("Zoë, aged 8, sang", "aged 8", "", "", "abcde"),
        ("Zoë, a 9-year-old", "9-year-old", "", "", "abcde"),
        ("Zoë (9) sang", "(9)", "", "", "abcde"),
    ],
)
def test_a_class_is_found_where_it_stands_and_fits_those_in_it(
    text: str, marked: str, year: str, form: str, fits: str
) -> None:
    [mention] = class_mentions(text, OURS)
    assert text[mention.start : mention.end] == marked
    assert (mention.year, mention.form) == (year, form)
    assert whom_it_fits(mention, ALL, OURS) == tuple(fits)


def test_a_class_may_be_kept_with_the_word_itself() -> None:
    pupil = PupilName(
        pupil=PupilKey("a"), legal_forename="Zoë", legal_surname="Khan", form="Elm Class"
    )
    ours = Roster([pupil])
    [mention] = class_mentions("Zoë in Elm class", ours)
    assert mention.form == "elm class"
    assert whom_it_fits(mention, (PupilKey("a"),), ours) == ("a",)


@pytest.mark.parametrize("text", ["Zoë in Oak class sang", "Zoë of 5C sang", "A first class day"])
def test_a_form_that_nobody_is_in_is_no_class(text: str) -> None:
    assert class_mentions(text, OURS) == ()


def test_several_are_told_in_the_order_of_the_text() -> None:
    text = "Willow class, Year 3 and 4B"
    told = [text[mention.start : mention.end] for mention in class_mentions(text, OURS)]
    assert told == ["Willow class", "Year 3", "4B"]
