"""What families answered, as a school's own system writes it: put into our columns.

Three shapes are read beside ours. *Long*: a row is a pupil and a type of consent. *Wide*: each type
has a column. *One type*: the file is about one purpose and scope, which the operator names.

A type means nothing before somebody of the school has said what it allows
(:mod:`moderation.imports.words`): until then its answers are left out, and the report says so. An
answer that nobody gave yet is no permission. Nothing here repeats a cell, unless it is made of the
words that consents are about: any other may be a name, when columns have slipped.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final

from bot.imports.dates import NoDate, read_day
from bot.imports.headings import about_pupils, answer_words
from bot.imports.parsed import RowProblem
from bot.imports.wording import listed
from bot.tables import Table, column_name
from moderation.checks.model import Purpose
from moderation.imports.model import Matter


if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Sequence


OURS: Final = frozenset({"purpose", "scope", "status"})
BESIDES: Final = frozenset({"school", "reason", "reasons", "notes", "comment", "comments"})
"""Columns of any file that are neither a type nor read."""
IGNORE: Final = "ignore"
IT: Final = "it"
"""The type of every answer in a file of one type."""

UNKNOWN_ANSWER: Final = (
    "This answer isn't known: write yes, no or withdrawn, or leave it empty where nobody answered."
)
WHAT_WAS_ASKED: Final = (
    "The file holds answers and doesn't say to what. Add --purpose and --scope, such as "
    "--purpose photo --scope facebook, with --school and --said-by."
)
PARENTS: Final = re.compile(r"parent|carer|mother|father|guardian|mum|dad|family|contact")
PUPILS: Final = re.compile(r"pupil|student|child")

TELLING: Final = re.compile(
    r"(?:^|_)(?:photos?|photographs?|photography|images?|pictures?|videos?|film|filming|website|web|social"
    r"|media|online|internet|facebook|twitter|instagram|youtube|tiktok|consent|permission|press|newspapers?"
    r"|publicity|publications?|displays?|marketing|prospectus|newsletters?|trips?|visits?)(?:_|$)"
)
MOST_NAMED: Final = 30


class NoType(ValueError):
    """What was typed with ``--type`` says nothing. Its text is one plain sentence."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """A table in our own columns.

    ``matters`` is all that the file speaks of, ``None`` for a file of ours, which speaks of
    everything. ``asks`` are types that somebody has to explain, ``problems`` answers that can't be
    read.
    """

    table: Table
    matters: frozenset[Matter] | None = None
    asks: tuple[RowProblem, ...] = ()
    problems: tuple[RowProblem, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Types:
    """What types allow, by their normalised names; ``only`` is what the whole file is about."""

    known: Mapping[str, tuple[Matter, ...]] = field(default_factory=dict)
    only: Matter | None = None


@dataclass(frozen=True, slots=True)
class _Answer:
    """What one row says under one heading; ``type`` is its normalised name."""

    line: int
    heading: str
    type: str
    said: str
    cells: Mapping[str, str] = field(repr=False)


def types(written: Iterable[str]) -> dict[str, str]:
    """``Photos on Facebook=photo:facebook`` as a normalised type and its meaning.

    One type may be named more than once, for as many purposes and scopes. Raises :class:`NoType`.
    """
    found: defaultdict[str, list[str]] = defaultdict(list)
    for line in written:
        name, equals, meaning = line.rpartition("=")
        word = meaning.strip().casefold()
        if not equals or not column_name(name) or not (word == IGNORE or _matter(word)):
            purposes = listed([purpose.value for purpose in Purpose])
            raise NoType(
                f"Write Type=purpose:scope, where the purpose is {purposes} and the scope an "
                "account, a network or all; or Type=ignore."
            )
        found[column_name(name)].append(word)
    return {name: " ".join(dict.fromkeys(words)) for name, words in found.items()}


def matters(means: str) -> tuple[Matter, ...]:
    """``photo:facebook video:all`` as purposes with scopes; nothing for what is to be ignored."""
    found = (_matter(word) for word in means.split())
    return tuple(matter for matter in found if matter is not None)


def _matter(word: str) -> Matter | None:
    purpose, _colon, scope = word.partition(":")
    known = purpose in {each.value for each in Purpose}
    return (Purpose(purpose), scope) if known and scope and not scope.split()[1:] else None


def translated(table: Table, known: Types) -> Answered:
    """The table in our columns, one row for each pupil and matter."""
    if table.columns and set(table.columns) >= OURS and known.only is None:
        return Answered(table=table)
    if "pupil_id" not in table.columns:
        return Answered(table=table)
    if known.only is not None:
        # “Consent” is a type in a list of many, and the answer in a list of one.
        column = next((name for name in ("status", "type") if name in table.columns), "")
        if not column:
            return Answered(table=table)
        said = [_Answer(line, column, IT, row[column], row) for line, row in table.rows]
        return _put(table, said, {IT: (known.only,)}, ())
    if {"type", "status"} <= set(table.columns):
        said = [
            _Answer(line, "status", column_name(row["type"]), row["status"], row)
            for line, row in table.rows
        ]
        unknown = _unknown_cells(said, known.known)
    elif "status" not in table.columns:
        headings = [name for name in table.columns if name not in about_pupils() | BESIDES]
        said = [
            _Answer(line, name, name, row[name], row)
            for line, row in table.rows
            for name in headings
        ]
        unknown = tuple(
            RowProblem(table.header_line, name, _how(name))
            for name in headings
            if name not in known.known
        )
    elif {"purpose", "scope"}.isdisjoint(table.columns):
        return Answered(
            table=table, asks=(RowProblem(table.header_line, "status", WHAT_WAS_ASKED),)
        )
    else:
        return Answered(table=table)
    return _put(table, said, known.known, unknown)


def _put(
    table: Table,
    said: Sequence[_Answer],
    known: Mapping[str, tuple[Matter, ...]],
    unknown: tuple[RowProblem, ...],
) -> Answered:
    answers = [answer for answer in said if known.get(answer.type)]
    if twice := _meant_twice({answer.type for answer in answers}, known):
        return Answered(table=table, asks=(RowProblem(table.header_line, twice[0], twice[1]),))
    if not answers:
        return Answered(table=table, asks=unknown or (_none_at_all(table),))
    problems = (
        *(
            RowProblem(answer.line, answer.heading, UNKNOWN_ANSWER)
            for answer in answers
            if _status(answer.said) is None
        ),
        *_untyped(said, answers),
    )
    rows = tuple(_rows(answers, known))
    columns = ("pupil_id", "school", "purpose", "scope", "status", "given_on", "expires_on")
    return Answered(
        table=replace(table, columns=(*columns, "informed_by"), rows=rows),
        matters=frozenset(matter for answer in answers for matter in known[answer.type]),
        problems=problems,
        notes=tuple(_left_out(unknown)),
    )


def _untyped(said: Sequence[_Answer], answers: Sequence[_Answer]) -> Iterator[RowProblem]:
    """Rows without a type, and with them all that the file says of the same pupil."""
    first: dict[str, int] = {}
    for answer in said:
        if not answer.type:
            yield RowProblem(answer.line, "type", "This is empty.")
            first.setdefault(answer.cells["pupil_id"], answer.line)
    for answer in answers:
        if (line := first.get(answer.cells["pupil_id"])) is not None:
            sentence = f"Line {line} speaks of the same pupil, and has no type."
            yield RowProblem(answer.line, "type", sentence)


def _rows(
    answers: Sequence[_Answer], known: Mapping[str, tuple[Matter, ...]]
) -> Iterator[tuple[int, Mapping[str, str]]]:
    """Each answer for each matter. Of the same yes of both parents, the later one is taken."""
    found: dict[tuple[str, ...], tuple[int, dict[str, str]]] = {}
    for answer in answers:
        cells, read = answer.cells, _status(answer.said)
        status, unread = read or "", str(answer.line) if read is None else ""
        informed = _informed(cells.get("informed_by", ""))
        for purpose, scope in known[answer.type]:
            row = {
                "pupil_id": cells["pupil_id"],
                "school": cells.get("school", ""),
                "purpose": purpose.value,
                "scope": scope,
                "status": status,
                "given_on": cells.get("given_on", ""),
                "expires_on": cells.get("expires_on", ""),
                "informed_by": informed,
            }
            same = (row["school"], row["pupil_id"], purpose.value, scope, status, informed, unread)
            if same not in found or _when(row) > _when(found[same][1]):
                found[same] = (answer.line, row)
    yield from sorted(found.values(), key=lambda each: each[0])


def _when(row: Mapping[str, str]) -> str:
    try:
        return read_day(row["given_on"]).isoformat() if row["given_on"] else ""
    except NoDate:
        # Whoever reads the row says what is wrong with it.
        return "9999"


def _status(said: str) -> str | None:
    word = column_name(said)
    if not word:
        return ""
    return answer_words().get(word)


def _informed(said: str) -> str:
    word = said.casefold()
    if not word.strip():
        return ""
    if PARENTS.search(word):
        return "parent_or_carer"
    return "pupil" if PUPILS.search(word) else "other"


# -- types that nobody explained -------------------------------------------------------------------


def _how(name: str) -> str:
    return f'What does it allow? Add --type "{name}=photo:facebook", or "{name}={IGNORE}".'


def _unknown_cells(
    said: Iterable[_Answer], known: Mapping[str, tuple[Matter, ...]]
) -> tuple[RowProblem, ...]:
    first: dict[str, int] = {}
    for answer in said:
        if answer.type and answer.type not in known:
            first.setdefault(answer.type, answer.line)
    return tuple(
        RowProblem(line, "type", _how(name) if TELLING.search(name) else _how("what stands there"))
        for name, line in list(first.items())[:MOST_NAMED]
    )


def _meant_twice(
    there: Collection[str], known: Mapping[str, tuple[Matter, ...]]
) -> tuple[str, str] | None:
    """Two types that say the same: a yes to one isn't a yes to the other."""
    first: dict[Matter, str] = {}
    for name in sorted(there):
        for matter in known[name]:
            if matter in first:
                purpose, scope = matter
                return name, (
                    f"This type and “{first[matter]}” both mean {purpose.value}:{scope}. "
                    f'Say with --type what only one of them means, or --type "{name}={IGNORE}".'
                )
            first[matter] = name
    return None


def _none_at_all(table: Table) -> RowProblem:
    return RowProblem(
        table.header_line,
        "type",
        "The file has no answer that counts: no type in it is one that somebody explained.",
    )


def _left_out(unknown: Sequence[RowProblem]) -> Iterator[str]:
    for problem in unknown:
        where = f"line {problem.line}, {problem.column}"
        yield f"Left out, because nobody said what it allows ({where}). {problem.sentence}"
