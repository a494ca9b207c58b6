"""What every platform says and reads in the form in which a post is written. Pure."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Final

from adapters import cutting
from moderation.checks.model import Who
from moderation.words import count


if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from adapters.door import FormChoice, Stop

FORM: Final = "form:"
"""Begins the value of a choice that is a whole class."""
MOST_TOLD: Final = 3
"""Points under one field; the rest is counted."""
LONGEST_TOLD: Final = 600

PICTURE_TOO: Final = "The message's picture will come along."
WRITER: Final = "Whoever wrote the message counts as its author too, and can't say yes to it."
ACCURATE: Final = "By proposing you say: I believe this is accurate."
NO_WHO: Final = "Please say who is in it."
NO_PUPILS: Final = "Please name at least one pupil, or choose another answer."
NO_ALT: Final = "Please write one sentence for people who can't see it."
NO_CAPTIONS: Final = "Please write what is said in it, or that nobody speaks."
SAID_IN_IT: Final = "What is said in the video"
WORD_FOR_WORD: Final = "Word for word, or: nobody speaks."
VIDEO_TOO: Final = "The message's video will come along."
NO_TEXT: Final = "Please write what the post should say."
NO_ACCOUNT: Final = "Please choose an account."
AS_IT_IS: Final = (
    "If that is wrong, press again: it is kept as your draft, and you can ask the headteacher."
)
COLLEAGUES: Final = "Colleagues in it"
COLLEAGUES_HINT: Final = "So that nobody is shown who would rather not be."
A_COLLEAGUE: Final = "A colleague"
WHOSE: Final[tuple[tuple[Who, str], ...]] = (
    (Who.NOBODY, "No pupils"),
    (Who.NOT_RECOGNISABLE, "No pupil can be recognised"),
    (Who.THESE, "Only the pupils I name"),
)


# -- choices ---------------------------------------------------------------------------------------


def form_value(key: str) -> str:
    """A class as the value of a choice: short, whatever the office calls it."""
    return FORM + hashlib.sha256(key.encode("utf-8", "surrogatepass")).hexdigest()[:16]


def mark(blob: str) -> str:
    """A stored picture, as it stands in a field's name."""
    return blob.removeprefix("sha256:")


def form_of(value: str, classes: Iterable[FormChoice]) -> str:
    """The class's key behind a choice's value, or ""."""
    return next((it.key for it in classes if form_value(it.key) == value), "")


# -- what is wrong ---------------------------------------------------------------------------------


def point(stop: Stop) -> str:
    """What a check stops: the words first, then why, then the policy's line."""
    words = f"“{cutting.short(stop.line.words, 80)}”: " if stop.line.words else ""
    policy = f" {stop.line.policy} ({stop.line.clause})" if stop.line.policy else ""
    return f"{words}{stop.line.reason}{policy}"


def told(points: Sequence[str]) -> str:
    """The first points that one field is about; the rest is counted."""
    more = len(points) - MOST_TOLD
    shown = [*points[:MOST_TOLD], *([f"And {count(more)} more."] if more > 0 else [])]
    return cutting.cut("\n".join(shown), LONGEST_TOLD)


def stopped(stops: Iterable[Stop], place: Callable[[str], str]) -> dict[str, str]:
    """What the checks stop, by field: words first, then why, then the policy's line.

    ``place`` says where on the form stands what the checks call ``text`` or ``alt[0]``.
    """
    by_field: dict[str, list[str]] = {}
    for stop in stops:
        by_field.setdefault(place(stop.field), []).append(point(stop))
    wrong = {name: told(points) for name, points in by_field.items()}
    if wrong:
        # Whoever knows better must be able to say so: a draft can be disputed, a form can't.
        last = list(wrong)[-1]
        wrong[last] += f"\n{AS_IT_IS}"
    return wrong
