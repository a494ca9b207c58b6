"""Small pieces of sentences about words that aren't known."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rapidfuzz import fuzz, process


if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping


NEAR_ENOUGH = 60.0
"""Percent of characters in common, from which one word may be meant for another."""
LONGEST_LIST = 9
FEW = 3
LONGEST_QUOTE = 40


def meant(word: str, spellings: Mapping[str, str], look_up: str = "") -> str:
    """The meaning that ``word`` comes nearest to; where none is near, what there is.

    ``spellings`` maps what may be written (folded) to what is meant. Where that is too much to
    list, ``look_up`` says where to find it, or else the nearest few are named. The answer is a
    sentence with a space before it, or "" where nothing is known at all.
    """
    if not spellings:
        return ""
    found = process.extract(
        word[:200].casefold(), spellings.keys(), scorer=fuzz.ratio, limit=len(spellings)
    )
    nearest = tuple(dict.fromkeys(spellings[spelling] for spelling, _score, _place in found))
    if found[0][1] >= NEAR_ENOUGH:
        return f" Did you mean {nearest[0]}?"
    if len(nearest) <= LONGEST_LIST:
        return f" There is {listed(tuple(dict.fromkeys(spellings.values())), 'and')}."
    return f" {look_up}" if look_up else f" The nearest are {listed(nearest[:FEW], 'and')}."


def folded(words: Iterable[str]) -> dict[str, str]:
    """Spellings for words that are known by themselves."""
    return {word.casefold(): word for word in words}


def listed(words: Collection[str], last: str = "or") -> str:
    """“a, b or c”."""
    *others, final = words
    return f"{', '.join(others)} {last} {final}" if others else final


def quoted(word: str) -> str:
    """A cell of a file about staff or accounts, on one line and not too long."""
    plain = " ".join(word.split())
    short = plain if len(plain) <= LONGEST_QUOTE else plain[:LONGEST_QUOTE].rstrip() + "…"
    return f"“{short}”"
