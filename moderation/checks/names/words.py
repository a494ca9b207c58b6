"""Everyday knowledge that keeps the name check quiet. The words themselves are in ``words.txt``."""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files


LONGEST_WORD = 14


@cache
def _sections() -> dict[str, frozenset[str]]:
    text = (files("moderation.checks.names") / "words.txt").read_text(encoding="utf-8")
    found: dict[str, set[str]] = {}
    section = ""
    for line in text.splitlines():
        if line.startswith("["):
            section = line.strip("[]")
        elif not line.startswith("#"):
            found.setdefault(section, set()).update(line.split())
    return {name: frozenset(words) for name, words in found.items()}


EVERYDAY = _sections()["everyday"]
SOMETIMES = _sections()["sometimes"]
PARTICLES = _sections()["particles"]
TITLES = _sections()["titles"]
CROWNS = _sections()["crowns"]
AFTER_A_PLACE = _sections()["after_a_place"]
AFTER_AN_INITIAL = _sections()["after_an_initial"]
I_DO = _sections()["i_do"]
BEFORE_A_LETTER = _sections()["before_a_letter"]
PEOPLE_DO = _sections()["people_do"]
WEAKLY_DO = _sections()["weakly_do"]
PERSON_BEFORE = _sections()["person_before"]
HONOURED = _sections()["honoured"]
PLACES = _sections()["places"]
PLACE_BEFORE = _sections()["place_before"]
JOURNEYS = _sections()["journeys"]
FAMILIES = _sections()["families"]
MONTHS = _sections()["months"]
NEVER_IN_LOWER_CASE = _sections()["never_in_lower_case"]


ABBREVIATIONS = frozenset(
    {"ai", "am", "bb", "cd", "dj", "dt", "eu", "hq", "id", "it", "ks", "mp", "ok", "pa", "pc"}
    | {"pe", "pm", "qr", "re", "rt", "ta", "tv", "uk", "un", "us", "vr"}
)
"""Two letters that are nobody's initials."""
CHEERS = frozenset({"bday", "bravo", "congrats", "hbd", "hooray", "hurrah", "woohoo", "yay"})
"""What stands in a tag before a name, and may be a name itself elsewhere."""


_CHEER = re.compile(
    r"(?:a?(?:big|huge|massive)?)(?:bravo|congrat(?:s|z|ulations)|goodluck|happybirthday|hbd|hooray"
    r"|hurrah|proudof|soproudof|thanks|thankyou|welldone|wellplayed|yay)(?:to|for)?(?:our)?"
)


def is_cheer(text: str) -> bool:
    """Whether folded letters before a name in a tag cheer it: ``#WellDoneGraceHall``."""
    return bool(_CHEER.fullmatch(text))


def are_words(text: str, least: int = 2) -> bool:
    """Whether a run of lower-case letters falls into everyday words, e.g. ``welldone``."""
    reachable = {0}
    for end in range(1, len(text) + 1):
        starts = range(max(0, end - LONGEST_WORD), end - least + 1)
        if any(
            start in reachable and (text[start:end] in EVERYDAY or text[start:end] in CHEERS)
            for start in starts
        ):
            reachable.add(end)
    return len(text) in reachable
