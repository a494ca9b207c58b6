"""The names that schools are invented from: written by hand, by origin, a list for each half."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any


if TYPE_CHECKING:
    from collections.abc import Iterator

    from evaluation.model import Half

FOLDER = Path(__file__).parent


@dataclass(frozen=True, slots=True, kw_only=True)
class Names:
    """One half's names.

    ``shorts`` maps a first name to what its bearers are called; ``variants`` maps a name to other
    spellings of it. ``word_firsts`` and ``word_lasts`` are words of English too. ``echoes`` are
    first names of well-known people, characters and places. ``staff`` are written as on a staff
    list. ``traps`` are pupils whose two names run together into an English word, with a sentence.
    """

    origins: tuple[str, ...]
    firsts: Mapping[str, tuple[str, ...]]
    lasts: Mapping[str, tuple[str, ...]]
    shorts: Mapping[str, tuple[str, ...]]
    variants: Mapping[str, tuple[str, ...]]
    word_firsts: tuple[str, ...]
    word_lasts: tuple[str, ...]
    echoes: tuple[str, ...]
    staff: tuple[str, ...]
    public: tuple[str, ...]
    traps: tuple[tuple[str, str, str], ...]

    @property
    def reserved(self) -> frozenset[str]:
        """Full names, in lower case, that no pupil may have by chance."""
        return _reserved((*self.staff, *self.public))

    def parts(self) -> Iterator[str]:
        """Every name that a pupil may have, one by one."""
        for table in (self.firsts, self.lasts):
            for listed in table.values():
                yield from listed
        yield from self.word_firsts
        yield from self.word_lasts


@cache
def _reserved(names: tuple[str, ...]) -> frozenset[str]:
    return frozenset(name.casefold() for name in names)


@cache
def names_of(half: Half) -> Names:
    """The half's names, read from its ``names.toml``."""
    told = tomllib.loads((FOLDER / half / "names.toml").read_text(encoding="utf-8"))
    origins: dict[str, Any] = told["origin"]
    return Names(
        origins=tuple(origins),
        firsts={origin: _split(lists["first"]) for origin, lists in origins.items()},
        lasts={origin: _split(lists["last"]) for origin, lists in origins.items()},
        shorts={first: _split(listed) for first, listed in told["short"].items()},
        variants=dict(_spellings(told["words"]["variants"])),
        word_firsts=_split(told["words"]["first"]),
        word_lasts=_split(told["words"]["last"]),
        echoes=_split(told["words"]["echoes"]),
        staff=_split(told["people"]["staff"]),
        public=_split(told["people"]["public"]),
        traps=tuple((first, last, said) for first, last, said in told["people"]["traps"]),
    )


def _split(listed: str) -> tuple[str, ...]:
    """Names between commas, over as many lines as they take."""
    return tuple(name for part in listed.split(",") if (name := " ".join(part.split())))


def _spellings(groups: list[str]) -> Iterator[tuple[str, tuple[str, ...]]]:
    for group in groups:
        alike = _split(group)
        for name in alike:
            yield name, tuple(other for other in alike if other != name)
