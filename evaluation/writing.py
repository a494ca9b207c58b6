"""Ways of writing that families of both halves are made of."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING


if TYPE_CHECKING:
    from collections.abc import Mapping
    from random import Random

    from evaluation.model import Pupil


_LETTERS = str.maketrans("łŁøØđĐðıßæÆ", "lLoOdDdisaA")


def whole(pupil: Pupil) -> str:
    """First name and surname as the school writes them."""
    return f"{pupil.first} {pupil.last}"


def bare(name: str) -> str:
    """Without marks on its letters."""
    parts = unicodedata.normalize("NFKD", name.translate(_LETTERS))
    return "".join(part for part in parts if not unicodedata.combining(part))


def run(name: str) -> str:
    """Its plain letters in one, as in a hashtag or an address."""
    return re.sub(r"[^A-Za-z]", "", bare(name))


def camel(*names: str) -> str:
    """Each word with a capital, in one."""
    words = [word for name in names for word in re.findall(r"[A-Za-z']+", bare(name))]
    return "".join(run(word[:1].upper() + word[1:]) for word in words)


def lower(*names: str) -> str:
    """All in small letters, in one."""
    return "".join(run(name) for name in names).lower()


def slug(*names: str, mark: str = "-") -> str:
    """Small plain words with a mark between them."""
    words = [lower(word) for name in names for word in re.split(r"[\s-]+", name)]
    return mark.join(word for word in words if word)


def swapped(name: str, letters: Mapping[str, str], random: Random, most: int = 2) -> str | None:
    """The name with up to ``most`` of its letters exchanged; ``None`` if it has none of them."""
    places = [at for at, letter in enumerate(name) if letter in letters]
    if not places:
        return None
    chosen = set(random.sample(places, min(most, len(places))))
    return "".join(letters[c] if at in chosen else c for at, c in enumerate(name))


def long_enough(name: str, least: int = 5) -> bool:
    """Whether one slip leaves the name itself and no other: one plain word of some length."""
    return name.isalpha() and len(name) >= least


def halves(pupil: Pupil) -> tuple[str, str] | None:
    """Both halves of a double-barrelled surname."""
    first, mark, second = pupil.last.partition("-")
    return (first, second) if mark and len(first) > 3 < len(second) else None  # noqa: PLR2004


def year_word(pupil: Pupil) -> str:
    """``Reception`` or ``Year 4``."""
    return "Reception" if pupil.year == "R" else f"Year {pupil.year}"
