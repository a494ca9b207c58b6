"""One slip of the keyboard: the quick way finds what comparing letter by letter finds."""

from __future__ import annotations

from hypothesis import given, strategies as st

from moderation.checks.names.slips import LEAST, LONGEST, Slips, one_slip


WORDS = st.text(alphabet="abc", min_size=LEAST, max_size=7)


def distance(one: str, other: str) -> int:
    """The optimal string alignment distance by its definition."""
    table = {(at, 0): at for at in range(len(one) + 1)}
    table |= {(0, at): at for at in range(len(other) + 1)}
    for i, a in enumerate(one, start=1):
        for j, b in enumerate(other, start=1):
            steps = [table[i - 1, j] + 1, table[i, j - 1] + 1, table[i - 1, j - 1] + (a != b)]
            if i > 1 and j > 1 and a == other[j - 2] and one[i - 2] == b:
                steps.append(table[i - 2, j - 2] + 1)
            table[i, j] = min(steps)
    return table[len(one), len(other)]


@given(WORDS, WORDS)
def test_one_slip_is_a_distance_of_one(one: str, other: str) -> None:
    assert one_slip(one, other) == (distance(one, other) == 1)


@given(st.sets(WORDS, max_size=30), WORDS)
def test_all_names_one_slip_away_are_found_and_no_others(names: set[str], word: str) -> None:
    assert Slips(names).near(word) == tuple(sorted(n for n in names if distance(n, word) == 1))


def test_a_short_name_has_no_slips() -> None:
    assert Slips(["jon"]).near("john") == ()
    assert Slips(["john"]).near("jon") == ()


def test_a_long_name_has_slips_up_to_a_length() -> None:
    longest = "a" * (LONGEST - 1) + "b"
    assert Slips([longest]).near("a" * LONGEST) == (longest,)
    assert Slips([f"a{longest}"]).near(longest) == ()
    assert Slips([longest]).near(f"a{longest}") == ()
    assert not one_slip("amelia", "ameliabo")


def test_it_shows_no_name() -> None:
    assert repr(Slips(["amelia"])) == "Slips(7 entries)"
