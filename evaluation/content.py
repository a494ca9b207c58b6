"""Cases for the rules of content: minimal pairs, and ordinary posts without any fault."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, Any

from evaluation.disguise import filled
from evaluation.model import Case, Concern, Want


if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from evaluation.model import Half

FOLDER = Path(__file__).parent
PAIR = ("hit", "miss")


@cache
def functionalities() -> Mapping[str, Mapping[str, str]]:
    """Each by its id, in the order of the file: title, and where they differ check, group, kind."""
    return tomllib.loads((FOLDER / "functionalities.toml").read_text(encoding="utf-8"))


@cache
def pairs_of(half: Half) -> Mapping[str, Any]:
    """The half's ``slots`` and ``pairs``."""
    return tomllib.loads((FOLDER / half / "content.toml").read_text(encoding="utf-8"))


def content_cases(half: Half, each: int) -> Iterator[Case]:
    """At most ``each`` pairs for each functionality, the same every time, none of them twice."""
    told = pairs_of(half)
    slots = {
        name: tuple(word.strip() for word in listed.split(","))
        for name, listed in told["slots"].items()
    }
    for functionality, about in functionalities().items():
        seen: set[tuple[str, ...]] = set()
        pairs = told["pairs"][functionality]
        for at in range(each * 3):
            drawn = f"{functionality}{at}"
            both = tuple(filled(text, slots, Random(drawn)) for text in pairs[at % len(pairs)])
            if both in seen or len(seen) >= each:
                continue
            seen.add(both)
            for part, text in zip(PAIR, both, strict=True):
                yield Case(
                    concern=Concern.CONTENT,
                    category=functionality,
                    family=part,
                    want=Want.NOTICE if part == "hit" else Want.PASS,
                    text=text,
                    comment=about.get("kind", "comment") == "comment",
                    checks=frozenset({about.get("check", "removal_criteria")}),
                    group=about.get("group", "other"),
                )


def ordinary(half: Half) -> tuple[str, ...]:
    """Posts in which nothing is wrong."""
    return _paragraphs(FOLDER / half / "posts.txt")


def remarks(half: Half) -> tuple[str, ...]:
    """Comments in which nothing is wrong."""
    return _paragraphs(FOLDER / half / "comments.txt")


def _paragraphs(path: Path) -> tuple[str, ...]:
    return tuple(path.read_text(encoding="utf-8").strip().split("\n\n"))
