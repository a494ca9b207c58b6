"""What is heard twice counts once; what has no name can't be told apart."""

from __future__ import annotations

from adapters.hearing import Once


def test_a_repetition_is_known() -> None:
    once = Once()
    assert [once.is_new(name) for name in ("a", "b", "a", "b", "c")] == [1, 1, 0, 0, 1]


def test_what_has_no_name_is_always_new() -> None:
    once = Once()
    assert all(once.is_new("") for _ in range(3))


def test_the_oldest_is_forgotten_first() -> None:
    once = Once(most=2)
    assert all(once.is_new(name) for name in ("a", "b", "c"))
    assert not once.is_new("b")
    assert once.is_new("a")
