"""What the doctor finds."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from bot.command_line import as_sentence


if TYPE_CHECKING:
    from collections.abc import Iterable


class Severity(StrEnum):
    """``ERROR``: it can't start, or must not. ``WARNING``: it runs, and somebody should look."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """One thing wrong. ``code`` is for programs; ``said`` and ``remedy`` are one sentence each.

    ``place`` is the school, the file or the folder that it is about, or "".
    """

    code: str
    severity: Severity
    said: str
    remedy: str
    place: str = ""

    def as_json(self) -> dict[str, str]:
        """The same for programs."""
        return {
            "code": self.code,
            "severity": self.severity.value,
            "place": self.place,
            "said": self.said,
            "remedy": self.remedy,
        }


def error(code: str, said: str, remedy: str, place: object = "") -> Problem:
    """It can't start."""
    return Problem(
        code=code, severity=Severity.ERROR, said=said, remedy=remedy, place=str(place or "")
    )


def warning(code: str, said: str, remedy: str, place: object = "") -> Problem:
    """Somebody should look."""
    return Problem(
        code=code, severity=Severity.WARNING, said=said, remedy=remedy, place=str(place or "")
    )


def from_sentences(code: str, sentences: Iterable[str], remedy: str) -> tuple[Problem, ...]:
    """Refusals of ours, whose last sentence is what to do; where there is one only, ``remedy``."""
    found = []
    for text in sentences:
        said, dot, last = text.rpartition(". ")
        found.append(error(code, f"{said}.", last) if dot else error(code, text, remedy))
    return tuple(found)


def from_refusal(code: str, texts: Iterable[str], remedy: str) -> tuple[Problem, ...]:
    """Faults of the store: ``what is wrong: what to do``; where there is no colon, ``remedy``."""
    found = []
    for text in texts:
        said, colon, todo = text.partition(": ")
        found.append(error(code, as_sentence(said), as_sentence(todo) if colon else remedy))
    return tuple(found)
