"""Official numbers: whose figures are somebody's, by a check figure and what is said of them."""

from __future__ import annotations

import pytest

from moderation.checks.official import official_numbers


@pytest.mark.parametrize(
    ("text", "found"),
    [
        # ten figures that end with the right one, of the numbers that are given out
        ("ring 4000000004 now", ["4000000004"]),
        ("ring 4000000005 now", []),
        # others where they stand 3-3-4, or are called so nearby
        ("ring 1234567881 now", []),
        ("ring 123 456 7881 now", ["123 456 7881"]),
        ("ring 123 4567881 now", []),
        ("ring 123456 7881 now", []),
        ("nhs, and then: 1234567881", ["1234567881"]),
        ("1234567881 (nhs)", ["1234567881"]),
        ("nhs, and then, much later than before: 1234567881", []),
        # a check letter that is among those of pupil numbers
        ("a123456789012", ["a123456789012"]),
        ("a123456789013", []),
        ("i123456789012", []),
    ],
)
def test_a_number_is_somebodys_by_its_check_figure(text: str, found: list[str]) -> None:
    assert sorted({text[start:end] for start, end in official_numbers(text)}) == found
