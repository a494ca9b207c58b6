"""Names with one slip of the keyboard: a letter left out, put in, struck wrong, or two exchanged.

Every name of the index is kept under itself with each of its letters left out; so is a word that
is asked for. Two that are one slip apart meet there, whatever the number of names.
"""

from __future__ import annotations

from typing import TYPE_CHECKING


if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator


LEAST = 4
"""Letters of a name, and of a word, below which one slip makes another name of it."""
LONGEST = 24


class Slips:
    """Folded names, asked for what is one slip away from a word. ``repr`` tells no name."""

    def __init__(self, names: Iterable[str]) -> None:
        self._under: dict[str, list[str]] = {}
        for name in names:
            if LEAST <= len(name) <= LONGEST:
                for left in {name, *_one_less(name)}:
                    self._under.setdefault(left, []).append(name)

    def __repr__(self) -> str:
        return f"Slips({len(self._under)} entries)"

    def near(self, word: str) -> tuple[str, ...]:
        """The names that are exactly one slip away, in alphabetical order."""
        if not LEAST <= len(word) <= LONGEST:
            return ()
        met = {name for left in {word, *_one_less(word)} for name in self._under.get(left, ())}
        return tuple(sorted(name for name in met if one_slip(word, name)))


def _one_less(name: str) -> Iterator[str]:
    return (name[:at] + name[at + 1 :] for at in range(len(name)))


def one_slip(one: str, other: str) -> bool:
    """Whether one edit (insertion, deletion, substitution, exchange of neighbours) parts them.

    The optimal string alignment distance of 1: F. J. Damerau, A technique for computer detection
    and correction of spelling errors, Communications of the ACM 7 (1964).
    """
    if one == other or abs(len(one) - len(other)) > 1:
        return False
    at = 0
    shorter = min(len(one), len(other))
    while at < shorter and one[at] == other[at]:
        at += 1
    rest, others = one[at:], other[at:]
    if len(one) != len(other):
        longer, less = (rest, others) if len(rest) > len(others) else (others, rest)
        return longer[1:] == less
    exchanged = rest[:2] == others[1::-1] and rest[2:] == others[2:]
    return rest[1:] == others[1:] or exchanged
