"""A word that isn't known: what it may have been meant for, or how to find out."""

from __future__ import annotations

import pytest
from hypothesis import given, strategies as st

from bot.imports.people import ALL_ROLES, SPELLINGS
from bot.imports.wording import folded, meant
from moderation.people.model import Role


NUMBERS = folded(f"person-{number:02}" for number in range(20))
DECIDING = {Role.HEADTEACHER, Role.ACTING_HEADTEACHER, Role.TRUST_LEAD, Role.CHAIR_OF_GOVERNORS}


def test_a_near_word_is_named() -> None:
    assert meant("person-O7", NUMBERS) == " Did you mean person-07?"
    assert meant("oka", folded(["oak", "elm"])) == " Did you mean oak?"


def test_where_none_is_near_a_few_are_listed_and_many_looked_up() -> None:
    assert meant("ghost", folded(["oak", "elm"])) == " There is oak and elm."
    assert meant("ghost", NUMBERS, "Ask the office.") == " Ask the office."
    assert meant("ghost", NUMBERS).startswith(" The nearest are person-")
    assert meant("ghost", {}) == ""


@pytest.mark.parametrize(
    "word", ["wizard", "cook", "x", "reception", "caretaker", "nurse", "ghost"]
)
def test_nobody_is_made_head_by_a_guess(word: str) -> None:
    told = meant(word, SPELLINGS, ALL_ROLES)
    assert not any(told == f" Did you mean {role}?" for role in DECIDING)


@given(st.text(max_size=30))
def test_every_word_is_answered_with_one_line(word: str) -> None:
    told = meant(word, SPELLINGS, ALL_ROLES)
    assert told.startswith((" Did you mean ", " There is staff, "))
    assert "\n" not in told
