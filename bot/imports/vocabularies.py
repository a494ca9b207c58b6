"""A school's own words: those it explained before, and those that are explained with this file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from bot.imports import headings
from bot.imports.answers import IGNORE, Types, matters
from moderation.accounts.model import TEXT_LIMITS
from moderation.imports.model import Kind, Sort, Word
from moderation.imports.words import Explain, KnownWords, Unheard
from moderation.kernel import Asked, Operator


if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from bot.imports.desk import Errand
    from bot.tables import Table
    from moderation.imports.words import Heard
    from moderation.service import Service


FROM_SYSTEMS: Final = frozenset({Kind.PUPILS, Kind.CONSENTS})
WHOLE_FILE: Final = "(the whole file)"
"""The word under which it is on record what a file of one type was said to be about."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Vocabulary:
    """What words mean while one file is read."""

    headings: Mapping[str, str]
    types: Types
    remembered: bool

    def table(self, errand: Errand) -> Table:
        """The file, with the header that these words tell."""
        if errand.again is None or not self.remembered:
            return errand.table
        return errand.again(headings.knows(errand.kind, self.headings, self.types.known))


async def heard(service: Service, errand: Errand, now: datetime) -> tuple[Vocabulary, str]:
    """What counts for this file, and remembered from now on; or a sentence on why it doesn't."""
    school, said = errand.school, tuple(_said(errand))
    if school is None or errand.kind not in FROM_SYSTEMS:
        return _vocabulary(errand, said), ""
    if said:
        scopes = {
            scope.casefold(): word.word
            for word in said
            if word.sort is Sort.CONSENT
            for _purpose, scope in matters(word.means)
        }
        explain = Explain(
            school=school,
            words=said,
            by=errand.said_by,
            scopes=scopes,
            networks=frozenset(network.casefold() for network in TEXT_LIMITS),
            keep=not errand.dry_run,
        )
        asked = Asked(by=Operator(), key=f"words:{school}:{now.isoformat()}", at=now)
        answer = await service.note(explain, asked)
        if answer.why is not None:
            return _vocabulary(errand, ()), _why(answer, answer.why, errand)
    asked = Asked(by=Operator(), key="", at=now)
    known = await service.ask(KnownWords(school=school), asked)
    newer = {(word.sort, word.word) for word in said}
    older = (word for word in known if (word.sort, word.word) not in newer)
    return _vocabulary(errand, (*older, *said)), ""


def _said(errand: Errand) -> Iterator[Word]:
    for heading, column in errand.headings.items():
        yield Word(kind=errand.kind, sort=Sort.HEADING, word=heading, means=column)
    for name, means in errand.types.items():
        yield Word(kind=errand.kind, sort=Sort.CONSENT, word=name, means=means)
    if errand.only:
        yield Word(kind=errand.kind, sort=Sort.CONSENT, word=WHOLE_FILE, means=errand.only)


def _vocabulary(errand: Errand, words: tuple[Word, ...]) -> Vocabulary:
    mine = [word for word in words if word.kind is errand.kind]
    types = {word.word: matters(word.means) for word in mine if word.sort is Sort.CONSENT}
    types.pop(WHOLE_FILE, None)
    return Vocabulary(
        headings={word.word: word.means for word in mine if word.sort is Sort.HEADING},
        types=Types(known=types, only=next(iter(matters(errand.only)), None)),
        remembered=bool(mine),
    )


def _why(answer: Heard, why: Unheard, errand: Errand) -> str:
    match why:
        case Unheard.NOBODY:
            return f"--said-by names {errand.said_by}, who isn't in the register."
        case Unheard.NOT_THEIRS:
            return (
                f"{errand.said_by} can't say what a consent allows: at this school or the trust "
                "that is a head, a deputy, the business manager or the data protection officer."
            )
        case Unheard.NO_SCOPE:
            return (
                f"There is no account or network of this school by the scope given for "
                f"“{answer.word}”: write the id of an account, a network such as facebook, all, or "
                f"“={IGNORE}”."
            )
