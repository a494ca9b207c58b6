"""Grown-ups' names: whole, titled, the same however they are written."""

from __future__ import annotations

import pytest

from moderation.checks.names.people import People, same_name, titled, untitled, whole_name
from moderation.checks.names.tokens import atoms


@pytest.mark.parametrize(
    ("name", "bare"),
    [
        ("Mrs Ngozi Okafor", ("ngozi", "okafor")),
        ("Prof. Dr. Ngozi Okafor", ("ngozi", "okafor")),
        ("Ngozi Okafor", ("ngozi", "okafor")),
        ("Mr", ()),
        ("", ()),
    ],
)
def test_titles_are_no_part_of_a_name(name: str, bare: tuple[str, ...]) -> None:
    assert untitled(name) == bare


@pytest.mark.parametrize(
    ("name", "is_titled", "is_whole"),
    [
        ("Ngozi Okafor", False, True),
        ("Okafor", False, False),
        ("Mrs Okafor", True, True),
        ("Mrs", True, False),
        ("", False, False),
        ("Ana Maria Jose Luz Elena Reyes", False, True),
        ("Ana Maria Jose Luz Elena del Reyes", False, False),
        ("Mrs Ana Maria Jose Luz Elena Reyes", True, True),
        ("Ngozi 07700", False, False),
    ],
)
def test_a_whole_name_has_a_surname_and_what_stands_before_it(
    name: str,
    is_titled: bool,  # noqa: FBT001
    is_whole: bool,  # noqa: FBT001
) -> None:
    assert titled(name) is is_titled
    assert whole_name(name) is is_whole


def test_a_name_is_the_same_in_another_dress() -> None:
    assert same_name("Zoë  Adeyemi", "ZOE adeyemi")
    assert not same_name("Zoë Adeyemi", "Zoë Adeyemi-Reed")
    assert not same_name("Zoë Adeyemi", "Adeyemi Zoë")


def test_people_tell_their_number_and_know_every_surname() -> None:
    people = People(["Mrs Ngozi van Okafor", "Sam Reed Lund", "Mr", "Cher"])

    assert repr(people) == "People(3 names)"
    assert [bool(people), bool(People([])), bool(People(["Mr"]))] == [True, False, False]
    assert all(map(people.has_last, ("okafor", "reed", "lund", "cher")))
    assert not any(map(people.has_last, ("ngozi", "van", "sam", "mrs")))


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("Well done Sam Reed", {2, 3}),
        ("Sam Reed met Ana de Luz", {0, 1, 3, 4, 5}),
        ("Sam, Reed and Ana", set()),
        ("Sam. Reed sang", set()),
        ("Reed Sam sang", set()),
        ("We sang to Sam", set()),
        ("Cher sang", set()),
    ],
)
def test_a_whole_name_is_told_from_its_parts(text: str, named: set[int]) -> None:
    people = People(["Mrs Sam Reed", "Ana de Luz", "Cher"])
    assert people.named_in(atoms(text)) == named
