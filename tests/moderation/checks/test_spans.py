"""Places in a text: joined, and asked whether they touch."""

from __future__ import annotations

from hypothesis import given, strategies as st

from moderation.checks.spans import Spans, merged


PLACES = st.lists(
    st.tuples(st.integers(0, 40), st.integers(1, 9)).map(lambda pair: (pair[0], sum(pair)))
)


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
