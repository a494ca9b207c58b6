"""How a rude word is disguised: what stands after the bar in ``{curse|figures}``."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from evaluation.veil import unveiled


if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from random import Random


def _exchanged(letters: str, signs: str) -> Callable[[str], str]:
    table = str.maketrans(letters, signs)
    return lambda word: word.translate(table)


def _starred(word: str) -> str:
    return re.sub(r"(?<=\w)[aeiou]", "*", word, count=1)


def _long(word: str) -> str:
    return re.sub(r"([aeiou])", r"\1\1\1\1", word, count=1)


DISGUISES: Mapping[str, Callable[[str], str]] = {
    "capitals": str.upper,
    "figures": _exchanged("aeio", "4310"),
    "spaced": " ".join,
    "signs": _exchanged("asio", "@$!0"),
    "dotted": ".".join,
    "lines": "_".join,
    "dashes": "-".join,
    "starred": _starred,
    "long": _long,
    "invisible": lambda word: f"{word[:2]}\u200b{word[2:]}",
}

# A veiled word may stand in a slot's braces too: {{{word}}|dotted} would be hard to read, so
# {{word}|dotted} is the veiled word itself.
_SLOT = re.compile(r"\{([a-z_]+)(?:\|([a-z]+))?\}")
_VEILED = re.compile(r"\{\{([a-z]+)\}(?:\|([a-z]+))?\}")


def filled(template: str, slots: Mapping[str, tuple[str, ...]], random: Random) -> str:
    """The template with each slot filled, the same word wherever the slot stands again."""
    chosen = {name: unveiled(random.choice(words)) for name, words in slots.items()}

    def veiled(match: re.Match[str]) -> str:
        return DISGUISES.get(match[2] or "", str)(unveiled(f"{{{{{match[1]}}}}}"))

    def slot(match: re.Match[str]) -> str:
        return DISGUISES.get(match[2] or "", str)(chosen[match[1]])

    return _SLOT.sub(slot, _VEILED.sub(veiled, template))
