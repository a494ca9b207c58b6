"""The roster: who is asked for by which half of a name, and what may be said of them."""

from __future__ import annotations

import pytest

from moderation.checks.model import PupilName
from moderation.checks.names.roster import Roster, year_of
from moderation.kernel import PupilKey


def pupil(key: str, first: str, last: str, **more: str) -> PupilName:
    return PupilName(pupil=PupilKey(key), legal_forename=first, legal_surname=last, **more)


@pytest.mark.parametrize(
    ("written", "year"),
    [
        ("4", "Year 4"),
        ("Year 4", "Year 4"),
        ("Y4", "Year 4"),
        ("yr 04", "Year 4"),
        ("11", "Year 11"),
        ("R", "Reception"),
        ("Reception", "Reception"),
        ("Year R", "Reception"),
        ("N2", "Nursery"),
        ("nursery", "Nursery"),
        ("", ""),
        ("Owls", ""),
        ("Curriculum Year  4", "Year 4"),
        ("NC Year 4", "Year 4"),
        ("NCY4", "Year 4"),
        ("4.0", "Year 4"),
        ("Rec", "Reception"),
        ("YR", "Reception"),
        ("FS2", "Reception"),
        ("FS1", "Nursery"),
        ("Nursery 1", "Nursery"),
    ],
)
def test_a_year_group_is_read_however_the_office_writes_it(written: str, year: str) -> None:
    assert year_of(written) == year


def test_the_known_name_and_the_legal_name_both_count() -> None:
    ours = Roster(
        [pupil("a", "Katherine", "Lund", preferred_forename="Katie", preferred_surname="Boe")]
    )
    for first in ("katherine", "katie"):
        for last in ("lund", "boe"):
            assert ours.named(first, last) == ("a",)
    assert ours.label(PupilKey("a")) == "K.B."


def test_a_label_is_initials_and_year() -> None:
    ours = Roster([pupil("a", "Zoë", "o'Brien", year_group="Y6"), pupil("b", "Ann", "")])
    assert ours.label(PupilKey("a")) == "Z.O., Year 6"
    assert ours.label(PupilKey("b")) == "A."
    assert ours.label(PupilKey("stranger")) == ""


def test_a_middle_name_alone_is_nobody() -> None:
    ours = Roster([pupil("a", "Amelia Rose", "Khan")])
    assert ours.first("rose") == ()
    assert ours.named("rose", "khan") == ("a",)
    assert ours.first("ameliarose") == ("a",)


def test_a_pupil_of_one_name_is_still_known() -> None:
    ours = Roster([pupil("a", "Sukarno", ""), pupil("b", "", "")])
    assert ours.first("sukarno") == ("a",)
    assert len(ours) == 2
    assert PupilKey("a") in ours


def test_namesakes_are_both_answered() -> None:
    ours = Roster([pupil("a", "Ann", "Lee"), pupil("b", "Ann", "Lee"), pupil("c", "Ann", "Ray")])
    assert ours.named("ann", "lee") == ("a", "b")
    assert ours.first("ann") == ("a", "b", "c")


def test_forms_are_found_by_their_folded_name() -> None:
    ours = Roster([pupil("a", "Ann", "Lee", form="4B"), pupil("b", "Bo", "Ray", form="Willow")])
    assert ours.in_form("4b") == ("a",)
    assert ours.in_form("willow") == ("b",)
    assert ours.in_form("5b") == ()


def test_halves_of_two_letters_and_behind_an_apostrophe_are_known() -> None:
    ours = Roster([pupil("a", "Jo Ann", "Ng"), pupil("b", "D'Arcy", "O'Brien-Li")])
    assert ours.first("jo") == ("a",)
    assert ours.last("ng") == ("a",)
    assert ours.first("darcy") == ours.first("arcy") == ("b",)
    for last in ("obrien", "brien", "li", "obrienli"):
        assert ours.last(last) == ours.named("darcy", last) == ("b",)
    assert ours.last("o") == ours.last("an") == ()


def test_a_particle_alone_is_nobody_unless_it_is_all_there_is() -> None:
    ours = Roster([pupil("a", "Amal", "Al-Safi"), pupil("b", "Anan", "De")])
    assert ours.last("safi") == ours.last("alsafi") == ("a",)
    assert ours.last("al") == ()
    assert ours.last("de") == ("b",)


def test_a_name_said_twice_stays_a_first_name() -> None:
    ours = Roster([pupil("a", "Ann Rose Ann", "Lee")])
    assert ours.first("ann") == ("a",)
    assert ours.first("rose") == ()


def test_a_name_in_another_alphabet_is_kept_as_it_sounds() -> None:
    ours = Roster([pupil("a", "\u0421\u0430\u0448\u0430", "\u041e\u0440\u043b\u043e\u0432")])
    assert ours.named("sasha", "orlov") == ("a",)


def test_initials_year_and_what_is_written_are_told_of_each() -> None:
    both = (PupilKey("a"), PupilKey("b"))
    ours = Roster(
        [pupil("a", "Anne-Marie", "Lee", year_group="Y4"), pupil("b", "Katherine", "Ray")]
    )
    assert ours.initialled("al") == ("a",)
    assert ours.initialled("kr") == ("b",)
    assert ours.initialled("la") == ()
    assert [*map(ours.year, both), ours.year(PupilKey("stranger"))] == ["Year 4", "", ""]
    written = ("anne", "marie", "annemarie", "katherine")
    assert all(ours.is_written(form, both) for form in written)
    assert not any(ours.is_written(form, both) for form in ("annie", "katie", "lee"))
    assert not ours.is_written("anne", both[1:])
