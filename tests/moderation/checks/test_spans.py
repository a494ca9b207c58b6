"""Places in a text: joined, and asked whether they touch."""

from __future__ import annotations

import pytest
from hypothesis import given, strategies as st

from moderation.checks.spans import Spans, merged


PLACES = st.lists(
    st.tuples(st.integers(0, 40), st.integers(1, 9)).map(lambda pair: (pair[0], sum(pair)))
)


@pytest.mark.parametrize(
    ("start", "end", "touching"),
    [
        (0, 2, False),
        (0, 3, True),
        (3, 4, True),
        (4, 6, False),
        (4, 7, True),
        (8, 9, True),
        (9, 12, False),
        (1, 10, True),
    ],
)
def test_places_side_by_side_share_no_letter(start: int, end: int, *, touching: bool) -> None:
    assert Spans([(6, 9), (2, 4)]).touch(start, end) is touching
    assert not Spans([]).touch(start, end)


def test_overlapping_places_are_joined_and_neighbours_are_not() -> None:
    assert merged([(4, 8), (1, 3), (3, 5), (4, 6)]) == ((1, 3), (3, 8))


@given(PLACES)
def test_joined_places_cover_the_same_letters_and_never_overlap(
    places: list[tuple[int, int]],
) -> None:
    joined = merged(places)
    assert {at for low, high in joined for at in range(low, high)} == {
        at for low, high in places for at in range(low, high)
    }
    ends = [end for _, end in joined]
    assert all(start >= end for (start, _), end in zip(joined[1:], ends, strict=False))


@given(PLACES, st.integers(0, 50), st.integers(1, 9))
def test_touching_is_sharing_a_letter(
    places: list[tuple[int, int]], start: int, length: int
) -> None:
    end = start + length
    shared = any(low < end and start < high for low, high in places)
    assert Spans(places).touch(start, end) is shared
