"""What somebody of a name may also be called: other spellings of it, and its short forms."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

from moderation.checks.names.slips import one_slip


if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping


def also_called(name: str) -> tuple[str, ...]:
    """Other names, in no order, for a folded first name; none for most names."""
    return (*_table().get(name, ()), *_spelt_otherwise(name))


def _spelt_otherwise(name: str) -> tuple[str, ...]:
    """``Oxana`` for Oksana, ``Aleksei`` for Alexei: one sound that two alphabets spell."""
    others = {name.replace("ks", "x"), name[:1] + name[1:].replace("x", "ks")} - {name}
    return tuple(sorted(others)) if len(name) >= _LEAST_SPELT else ()


_ENDINGS = ("", "y", "ie", "ey", "i", "o", "s", "a", "z", "zy", "ee", "ies", "ys")
_LEAST_STEM = 3
_LEAST_SPELT = 4
_LEAST_FOR_TWO = 4
"""Letters of a name that is cut down to two."""


def shortens(short: str, name: str) -> bool:
    """Whether a name is cut down as any may be: Abhi for Abhishek, Seun for Oluwaseun, Jossie.

    Both folded. What is one slip away is asked about as a slip; what no rule makes of a name
    (Kasia of Katarzyna) stands in the table.
    """
    if len(short) > len(name) or short == name or one_slip(short, name):
        return False
    if len(short) == _LEAST_STEM - 1:
        return name.startswith(short) and len(name) >= _LEAST_FOR_TWO
    stems = {short.removesuffix(ending) for ending in _ENDINGS}
    return name.endswith(short) or any(_begins(name, stem) for stem in stems)


def _begins(name: str, stem: str) -> bool:
    """Whether a stem begins a name, its last letter doubled or not: Josephine with ``joss``."""
    doubled = stem[-2:-1] == stem[-1:]
    begins = name.startswith(stem) or (doubled and name.startswith(stem[:-1]))
    return begins and len(stem) >= _LEAST_STEM


@cache
def _table() -> Mapping[str, tuple[str, ...]]:
    found: dict[str, set[str]] = {}
    longs: dict[str, list[tuple[str, ...]]] = {}
    for spellings, shorts in _lines():
        for name in spellings:
            found.setdefault(name, set()).update({*spellings, *shorts} - {name})
        for short in shorts:
            longs.setdefault(short, []).append(spellings)
    for short, lines in longs.items():
        # Ollie is Oliver. Ali by itself may be Alice or Alistair: that would be guessing.
        if len(lines) == 1 and short not in found:
            found[short] = set(lines[0])
    return {name: tuple(sorted(others)) for name, others in found.items()}


def _lines() -> Iterator[tuple[tuple[str, ...], tuple[str, ...]]]:
    text = (files("moderation.checks.names") / "called.txt").read_text(encoding="utf-8")
    for line in text.splitlines():
        if line and not line.startswith("#"):
            spellings, _, shorts = line.partition(":")
            yield tuple(spellings.split()), tuple(shorts.split())
