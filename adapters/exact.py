"""Words that must be read exactly, whatever platform shows them. Pure.

Characters that nobody can see, but that change what is read (direction overrides, zero-width ones),
are shown by their number. A marked address can be opened, and opens where it says.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from moderation.views import Tone


if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from moderation.views import Mark

_ADDRESS: Final = re.compile(
    r"(?P<scheme>https?://)?(?P<user>[^\s/?#@\\]+@)?(?P<host>[^\s/?#@:\\\[\]%]+)"
    r"(?P<port>:\d{1,5})?"
    r"(?P<rest>[/?#][^\s\\]*)?",
    re.IGNORECASE,
)
_HOST: Final = re.compile(r"(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]*[a-z0-9]")
_BEFORE: Final = re.compile(r"(?:^|[\s(\[\"'“‘])$")
_AFTER: Final = re.compile(r"[.,;:!?)\]\"'”’]*(?:\s|$)")

_GRAVITY: Final = (Tone.DONE, Tone.WAITING, Tone.CARE, Tone.STOPPED)
_JOINERS: Final = frozenset("\u200c\u200d")
_VARIATION: Final = frozenset("\ufe0e\ufe0f")
_TAGS: Final = "".join(map(chr, range(0xE0020, 0xE0080)))
_BLACK_FLAG: Final = "\N{WAVING BLACK FLAG}"


@dataclass(frozen=True, slots=True)
class Link:
    """An address that can be opened. ``host`` says where it leads, unless it says so itself."""

    address: str
    host: str = ""


@dataclass(frozen=True, slots=True)
class Stretch:
    """Code points ``start`` to ``end`` (half-open) under one tone, or under none."""

    start: int
    end: int
    tone: Tone | None


# -- what can't be seen ---------------------------------------------------------------------------


def deceives(text: str, place: int) -> bool:
    """Whether the character there can't be seen and could change what is read."""
    char = text[place]
    if char in "\n\t" or char in _VARIATION or text[place : place + 2] == "\r\n":
        return False
    if char in _TAGS:
        # The flags of England, Scotland and Wales are a black flag and letters nobody sees.
        return not text[:place].rstrip(_TAGS).endswith(_BLACK_FLAG)
    if char in _JOINERS and 0 < place < len(text) - 1:
        # They build families of emoji, and letters of Persian and of India's scripts.
        around = unicodedata.category(text[place - 1]), unicodedata.category(text[place + 1])
        return not (around[0] in {"So", "Sk", "Mn", "Mc", "Lo"} and around[1] in {"So", "Lo"})
    return unicodedata.category(char) in {"Cc", "Cf", "Cs", "Co", "Zl", "Zp"}


def name(char: str) -> str:
    """What a character is called, in lower case."""
    return unicodedata.name(char, "control character").lower()


def code(char: str) -> str:
    """Its number as Unicode writes it: U+202E."""
    return f"U+{ord(char):04X}"


# -- marked words ---------------------------------------------------------------------------------


def stretches(text: str, marks: Iterable[Mark]) -> Iterator[Stretch]:
    """Cut ``text`` at the marks, nothing lost. Where marks overlap the graver tone is taken."""
    tones: list[Tone | None] = [None] * len(text)
    for mark in sorted(marks, key=lambda mark: _GRAVITY.index(mark.tone)):
        for place in range(max(0, mark.start), min(mark.end, len(text))):
            tones[place] = mark.tone
    start = 0
    for place in range(1, len(tones) + 1):
        if place == len(tones) or tones[place] != tones[start]:
            yield Stretch(start, place, tones[start])
            start = place


def link(text: str, start: int, end: int) -> Link | None:
    """The marked address, for whoever must state that they opened it: whole, http or https only.

    It is built anew around the host in ASCII, so that what is said is what opens.
    """
    before, after = text[:start], text[end:]
    found = _ADDRESS.fullmatch(text[start:end])
    if found is None or not _BEFORE.search(before) or not _AFTER.match(after):
        return None
    if any(deceives(text, place) for place in range(start, end)):
        return None
    try:
        host = found["host"].encode("idna").decode("ascii").lower()
    except UnicodeError:
        return None
    if not _HOST.fullmatch(host):
        return None
    scheme = (found["scheme"] or "https://").lower()
    address = f"{scheme}{host}{found['port'] or ''}{found['rest'] or ''}"
    plain = found["user"] is None and host == found["host"].lower()
    return Link(address, "" if plain else host)
