"""What is heard twice counts once; what has no name can't be told apart."""

from __future__ import annotations

from adapters.hearing import Once, Tries


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


def test_a_form_sent_with_other_words_is_another_request() -> None:
    tries = Tries()
    first, other = {"reason": "Which day?"}, {"reason": "Which Friday?"}
    names = [tries.name("request", it) for it in (first, first, other, other, first)]
    assert names == ["request", "request", "request-2", "request-2", "request"]
    assert tries.name("", first) == tries.name("", other) == ""
    assert "Friday" not in repr(tries)
