"""Grown-ups and well-known people, so that their names aren't taken for a pupil's."""

from __future__ import annotations

from functools import cache, lru_cache
from importlib.resources import files
from typing import TYPE_CHECKING

from moderation.checks.names.tokens import Gap, atoms
from moderation.checks.names.words import PARTICLES, TITLES


if TYPE_CHECKING:
    from collections.abc import Iterable

    from moderation.checks.names.tokens import Atom


MOST_WORDS = 6
"""Words that a name has, titles left out."""


class People:
    """Names of people who aren't pupils. ``repr`` tells their number alone."""

    def __init__(self, names: Iterable[str]) -> None:
        self._names: dict[str, list[tuple[str, ...]]] = {}
        self._lasts: set[str] = set()
        self._count = 0
        for name in names:
            words = untitled(name)
            if not words:
                continue
            self._count += 1
            self._lasts.add(words[-1])
            self._lasts.update(word for word in words[1:] if word not in PARTICLES)
            if len(words) > 1:
                self._names.setdefault(words[0], []).append(words)

    def __repr__(self) -> str:
        return f"People({self._count} names)"

    def __bool__(self) -> bool:
        return self._count > 0

    def has_last(self, form: str) -> bool:
        """Whether somebody has this surname."""
        return form in self._lasts

    def named_in(self, text: tuple[Atom, ...]) -> frozenset[int]:
        """The indices of atoms that belong to one of these people's full names."""
        covered: set[int] = set()
        for at, atom in enumerate(text):
            for form in atom.forms:
                for name in self._names.get(form, ()):
                    window = text[at : at + len(name)]
                    if len(window) == len(name) and _same(window, name):
                        covered.update(range(at, at + len(name)))
        return frozenset(covered)


def untitled(name: str) -> tuple[str, ...]:
    """The folded words of a name without its titles."""
    words = [atom.form for atom in atoms(name)]
    while words and words[0] in TITLES:
        words = words[1:]
    return tuple(words)


def titled(name: str) -> bool:
    """Whether a title stands before it, so that it is a grown-up's."""
    return len(untitled(name)) < len(atoms(name))


def whole_name(name: str) -> bool:
    """Whether it has a first name and a surname, or a title and a surname; no sentence."""
    bare = untitled(name)
    least = 1 if titled(name) else 2
    return least <= len(bare) <= MOST_WORDS and all(map(str.isalpha, bare))


def same_name(one: str, other: str) -> bool:
    """However the two are written."""
    return [atom.form for atom in atoms(one)] == [atom.form for atom in atoms(other)]


@cache
def everybody_knows() -> People:
    """People and characters whom everybody knows: ``well_known.txt``."""
    text = (files("moderation.checks.names") / "well_known.txt").read_text(encoding="utf-8")
    return People(line for line in text.splitlines() if line and not line.startswith("#"))


@lru_cache(maxsize=64)
def people_called(names: tuple[str, ...]) -> People:
    """The same people again, without reading their names again for every post."""
    return People(names)


def _same(window: tuple[Atom, ...], name: tuple[str, ...]) -> bool:
    # "Amelia, Zoe and Kofi" are three, whoever is called Amelia Zoe.
    joined = all(atom.gap not in {Gap.BREAK, Gap.COMMA} for atom in window[1:])
    return joined and all(word in atom.forms for atom, word in zip(window, name, strict=True))
