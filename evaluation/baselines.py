"""What one would build first: lists of names, looked up in the text."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Protocol


if TYPE_CHECKING:
    from collections.abc import Sequence

    from evaluation.model import Case, Pupil

_WORD = re.compile(r"\w+")


class Baseline(Protocol):
    """``title`` heads its column."""

    title: str

    def notices(self, case: Case) -> bool:
        """Whether it sees a name anywhere in the draft."""
        ...


def everything(case: Case) -> str:
    """All that a case shows in public, a line each."""
    return "\n".join(part for part in (case.text, case.alt, case.file_name) if part)


class FullNames:
    """Each pupil's first name and surname, whole words in a row, whatever their case."""

    title = "full-name list"

    def __init__(self, pupils: Sequence[Pupil]) -> None:
        self._names = {_words(f"{pupil.first} {pupil.last}") for pupil in pupils}
        self._most = max(map(len, self._names), default=0)

    def notices(self, case: Case) -> bool:
        words = _words(everything(case))
        return any(
            words[at : at + length] in self._names
            for at in range(len(words))
            for length in range(1, self._most + 1)
        )


class NameParts(FullNames):
    """Each first name and each surname by itself."""

    title = "name-part list"

    def __init__(self, pupils: Sequence[Pupil]) -> None:
        super().__init__(pupils)
        self._names |= {_words(part) for pupil in pupils for part in (pupil.first, pupil.last)}


class Presidio:
    """Presidio's own recogniser for a list of words, given the pupils' full names."""

    title = "Presidio deny-list"

    def __init__(self, pupils: Sequence[Pupil]) -> None:
        """Raises :class:`ImportError` where Presidio isn't installed."""
        from presidio_analyzer import PatternRecognizer  # noqa: PLC0415  evaluate.lock alone has it

        names = sorted({f"{pupil.first} {pupil.last}" for pupil in pupils})
        self._recogniser = PatternRecognizer(supported_entity="PUPIL", deny_list=names)

    def notices(self, case: Case) -> bool:
        return bool(self._recogniser.analyze(text=everything(case), entities=["PUPIL"]))


def baselines(pupils: Sequence[Pupil]) -> tuple[Baseline, ...]:
    """All that can be had here: the third only where Presidio is installed."""
    simple: tuple[Baseline, ...] = (FullNames(pupils), NameParts(pupils))
    try:
        return (*simple, Presidio(pupils))
    except ImportError:
        return simple


def _words(text: str) -> tuple[str, ...]:
    return tuple(word.casefold() for word in _WORD.findall(text))
