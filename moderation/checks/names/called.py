"""What somebody of a name may also be called: other spellings of it, and its short forms."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING


if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping


def also_called(name: str) -> tuple[str, ...]:
    """Other names, in no order, for a folded first name; none for most names."""
    return _table().get(name, ())


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
