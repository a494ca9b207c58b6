"""Small pieces of sentences about words that aren't known."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rapidfuzz import fuzz, process


if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping


NEAR_ENOUGH = 60.0
"""Percent of characters in common, from which one word may be meant for another."""
LONGEST_LIST = 9
LONGEST_QUOTE = 40


def meant(word: str, spellings: Mapping[str, str]) -> str:
    """The meaning that ``word`` comes nearest to, or all there are where none is near.

    ``spellings`` maps what may be written (folded) to what is meant. The answer is a sentence with
    a space before it, or "" where nothing is known at all.
    """
    if not spellings:
        return ""
    spelling, score, _place = process.extractOne(
        word[:200].casefold(), spellings.keys(), scorer=fuzz.ratio
    )
    if score >= NEAR_ENOUGH:
        return f" Did you mean {spellings[spelling]}?"
    known = tuple(dict.fromkeys(spellings.values()))
    if len(known) <= LONGEST_LIST:
        return f" There is {listed(known, 'and')}."
    return f" The nearest is {spellings[spelling]}."


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
