"""Cases in which no pupil is named, however much it looks so: N1 to N14."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, Any

from evaluation.content import ordinary
from evaluation.flagged import CHECKS
from evaluation.model import Case, Category, Concern, Want
from evaluation.names import names_of


if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from evaluation.model import Half, Pupil

FOLDER = Path(__file__).parent
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday")

MUST_NOT_FLAG = (
    Category(id="N1", title="Words that are names, first in a sentence", want=Want.PASS),
    Category(id="N2", title="Houses, teams, cups", want=Want.PASS),
    Category(id="N3", title="Headlines in capitals", want=Want.PASS),
    Category(id="N4", title="Places", want=Want.PASS),
    Category(id="N5", title="Staff", want=Want.PASS),
    Category(id="N6", title="Well-known people", want=Want.PASS),
    Category(id="N7", title="Characters and titles", want=Want.PASS),
    Category(id="N8", title="Months, days, subjects", want=Want.PASS),
    Category(id="N9", title="Brands and products", want=Want.PASS),
    Category(id="N10", title="Hashtags of common words", want=Want.PASS),
    Category(id="N11", title="Names that run together into words", want=Want.PASS),
    Category(id="N12", title="Pupils who may be named", want=Want.PASS),
    Category(id="N13", title="Visitors with a pupil's first name", want=Want.NO_BLOCK),
    Category(id="N14", title="Ordinary posts", want=Want.PASS),
)


@cache
def quiet_of(half: Half) -> Mapping[str, Any]:
    """The half's ``quiet`` sentences and ``padding``."""
    return tomllib.loads((FOLDER / half / "sentences.toml").read_text(encoding="utf-8"))


def quiet_cases(half: Half, pupils: Sequence[Pupil], each: int) -> Iterator[Case]:
    """Up to ``each`` for each category (never one twice), and every ordinary post."""
    told = quiet_of(half)
    padding = told["padding"]["sentences"]
    for category in MUST_NOT_FLAG:
        random = Random(f"{half}{category.id}")
        seen: set[str] = set()
        for at in range(each * 2):
            if category.id == "N14" or len(seen) == each:
                break
            said = _said(half, category, pupils, random, at)
            pad = random.choice(padding)
            text = random.choice((said, f"{said} {pad}", f"{pad} {said}"))
            if text not in seen:
                seen.add(text)
                yield _case(category, text)
    for text in ordinary(half):
        yield _case(MUST_NOT_FLAG[-1], text)


def _case(category: Category, text: str) -> Case:
    return Case(
        concern=Concern.NAMES,
        category=category.id,
        family=category.id,
        want=category.want,
        text=text,
        names_allowed=category.id == "N12",
        checks=CHECKS,
    )


def _said(half: Half, category: Category, pupils: Sequence[Pupil], random: Random, at: int) -> str:
    names, told = names_of(half), quiet_of(half)
    match category.id:
        case "N11":
            return random.choice(names.traps)[2]
        case "N12":
            pupil = random.choice([p for p in pupils if not (p.first_is_word or p.last_is_word)])
            frame = random.choice(told["frames"]["sentence"])
            return str(frame.replace("{name}", f"{pupil.first} {pupil.last}"))
        case "N13":
            pupil = random.choice(pupils)
            last = random.choice(told["padding"]["visitors"].split(", "))
            return f"Thank you to our visitor {pupil.first} {last} for the talk on bridges."
        case _:
            listed = told["quiet"][category.id]
            return _filled(listed[at % len(listed)], half, random)


def _filled(template: str, half: Half, random: Random) -> str:
    names = names_of(half)
    last = random.choice(names.word_lasts)
    slots = {
        "first": random.choice(names.word_firsts),
        "last": last,
        "last_upper": last.upper(),
        "weekday": random.choice(WEEKDAYS),
        "weekday_upper": random.choice(WEEKDAYS).upper(),
        "staff": random.choice(names.staff),
        "public": random.choice(names.public),
    }
    return re.sub(r"\{(\w+)\}", lambda match: slots[match[1]], template)
