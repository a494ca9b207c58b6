"""What the headings of a school's own system mean: the list of ``headings.toml``, put to a table.

A file with our own column names stays as it is. In any other, each of our columns is taken from the
first heading that the list names for it. A heading that nobody knows is asked about where a name
that a child goes by might stand under it: a name that isn't read is a name that isn't checked.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any, Final

from bot.imports.parsed import RowProblem
from bot.tables import Table, column_name
from moderation.imports.model import Kind


if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from bot.tables import Knows


IGNORE: Final = "ignore"
NAME: Final = "name"
"""A column of ours that holds surname and forename at once."""
MIDDLE: Final = "middle_names"
"""A heading of theirs whose cells go with the legal forename."""
UNREAD: Final = "unread"
"""In the list: headings under which nobody's name stands."""
NOT_OURS: Final = frozenset({NAME, MIDDLE, UNREAD})
KEY: Final = "pupil_id"
NAMES: Final = ("legal_forename", "legal_surname")
_STANDS: Final = {
    KEY: "the school's own number of a pupil",
    NAMES[0]: "a pupil's legal forename",
    NAMES[1]: "a pupil's legal surname",
}
KNOWN_AS: Final = ("preferred_forename", "preferred_surname")
BY_ID: Final = {Kind.PEOPLE: "person_id", Kind.ACCOUNTS: "account_id"}
"""Columns of ours by which nobody else's list is known."""
ANSWERS: Final = frozenset({"purpose", "scope", "status"})
TYPED: Final = frozenset({"type", "status"})
BESIDES: Final = frozenset({"school", "purpose", "scope", "status", "informed_by", "reason"})
"""Columns of ours under no other name."""


class NoAnswer(ValueError):
    """What was typed with ``--heading`` says nothing. Its text is one plain sentence."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Read:
    """A table under our own column names. ``asks`` are headings that somebody has to explain."""

    table: Table
    asks: tuple[RowProblem, ...] = ()
    notes: tuple[str, ...] = ()


@cache
def _listed() -> dict[str, Any]:
    return tomllib.loads(files("bot.imports").joinpath("headings.toml").read_text("utf-8"))


@cache
def _aliases() -> Mapping[Kind, Mapping[str, tuple[str, ...]]]:
    """By kind and column, the normalised headings that mean it, ours first."""
    read = _listed()
    return {
        kind: {
            column: tuple(
                dict.fromkeys(
                    (column, *(column_name(one) for some in systems.values() for one in some))
                )
            )
            for column, systems in read[kind.value].items()
        }
        for kind in (Kind.PUPILS, Kind.CONSENTS)
    }


def columns(kind: Kind) -> tuple[str, ...]:
    """What a heading of such a file may be said to mean."""
    return tuple(column for column in _aliases().get(kind, {}) if column not in NOT_OURS)


def answers(kind: Kind, written: Iterable[str]) -> dict[str, str]:
    """``Chosen name=preferred_forename`` as a normalised heading and its column, or ``ignore``.

    Raises :class:`NoAnswer`.
    """
    may = (*columns(kind), *((NAME, MIDDLE) if kind is Kind.PUPILS else ()), IGNORE)
    found: dict[str, str] = {}
    for line in written:
        heading, equals, meaning = line.rpartition("=")
        column = column_name(meaning)
        if not equals or not column_name(heading) or column not in may:
            choices = ", ".join(may)
            raise NoAnswer(f"Write Heading=column, where the column is one of {choices}.")
        found[column_name(heading)] = column
    return found


def knows(kind: Kind, answered: Mapping[str, str], types: Iterable[str] = ()) -> Knows:
    """Whether a row names columns: a pupil's number, and a name, an answer or one of ``types``."""
    answers_stand_under = frozenset(types)

    def named(names: Sequence[str]) -> bool:
        if kind not in _aliases():
            return False
        means = {column for column in _taken(kind, tuple(names), answered) if column != IGNORE}
        wanted = {*NAMES, NAME} if kind is Kind.PUPILS else {"status"}
        return KEY in means and not (
            wanted.isdisjoint(means) and answers_stand_under.isdisjoint(names)
        )

    return named


def applied(kind: Kind, table: Table, answered: Mapping[str, str]) -> Read:
    """The table under our names; what is asked, where a child's name may stand unread."""
    if kind not in _aliases():
        return Read(table=table)
    taken = _taken(kind, table.columns, answered)
    if not answered and all(column == heading for column, heading in taken.items()):
        return Read(table=table)
    absent = [column for column in columns(kind) if column not in taken and kind is Kind.PUPILS]
    named = NAME in taken and not set(NAMES) & taken.keys()
    lacking = [
        column
        for column in (KEY, *(NAMES if kind is Kind.PUPILS and not named else ()))
        if column not in taken
    ]
    if lacking:
        told = kind is Kind.PUPILS and not {KEY, NAME, *NAMES}.isdisjoint(taken)
        return Read(table=table, asks=tuple(_lacking(table, lacking)) if told else ())
    read = Read(
        table=_renamed(table, taken, absent),
        notes=tuple(_unread(absent, named=named)),
    )
    if any(column in absent for column in KNOWN_AS) and kind is Kind.PUPILS:
        return replace(read, asks=tuple(_asked(table, taken, answered)))
    return read


def looks_like(kind: Kind, columns: Sequence[str], types: Iterable[str] = ()) -> Kind | None:
    """The other kind whose headings these plainly are; ``None`` where they may be of this one.

    ``types`` are headings that a school has said to be types of consent.
    """
    there = frozenset(columns)
    if BY_ID.get(kind) in there:
        return None
    for other, key in BY_ID.items():
        if key in there:
            return other
    pupils, consents = (_taken(each, tuple(columns), {}) for each in (Kind.PUPILS, Kind.CONSENTS))
    names = not {*NAMES, NAME}.isdisjoint(pupils)
    if KEY in consents and (there >= ANSWERS or (not names and consents.keys() >= TYPED)):
        return None if kind is Kind.CONSENTS else Kind.CONSENTS
    # Each heading that says nothing of a pupil may be a type of consent.
    described = there <= _aliases_of(Kind.PUPILS) | {"school"} and there.isdisjoint(types)
    if KEY in pupils and names and (kind is not Kind.CONSENTS or described):
        return None if kind is Kind.PUPILS else Kind.PUPILS
    return None


def _aliases_of(kind: Kind) -> frozenset[str]:
    return frozenset(alias for aliases in _aliases()[kind].values() for alias in aliases)


def _taken(kind: Kind, headings: tuple[str, ...], answered: Mapping[str, str]) -> dict[str, str]:
    """By column of ours, the heading that it is taken from."""
    taken = {column: heading for heading, column in answered.items() if heading in headings}
    taken.pop(IGNORE, None)
    used = set(answered)
    for column, aliases in _aliases()[kind].items():
        for heading in aliases if column != UNREAD else ():
            if column not in taken and heading in headings and heading not in used:
                taken[column] = heading
                used.add(heading)
    return taken


def _renamed(table: Table, taken: Mapping[str, str], absent: Sequence[str]) -> Table:
    ours = {heading: column for column, heading in taken.items()}
    # A heading that is called like a column of ours, and was said to be none, steps aside.
    names = {
        heading: ours.get(heading, f"{heading}_" if heading in taken else heading)
        for heading in table.columns
    }
    empty = dict.fromkeys(absent, "")
    rows = tuple(
        (line, _with_middle({names[heading]: cell for heading, cell in cells.items()} | empty))
        for line, cells in table.rows
    )
    kept = (name for name in (*names.values(), *absent) if name != MIDDLE)
    return replace(table, columns=tuple(kept), rows=rows)


def _with_middle(row: dict[str, str]) -> dict[str, str]:
    """Middle names where a name check looks for them, after the legal forename."""
    middle, forename = row.pop(MIDDLE, ""), row.get(NAMES[0], "")
    if middle and forename:
        row[NAMES[0]] = f"{forename} {middle}"
    return row


def _lacking(table: Table, columns: Iterable[str]) -> Iterable[RowProblem]:
    """What a list of pupils can't be without, and no heading that is known names."""
    for column in columns:
        yield RowProblem(
            table.header_line,
            column,
            f"No heading says where {_STANDS[column]} stands. Export it too, or add --heading "
            f'"Its heading={column}".',
        )


def _asked(
    table: Table, taken: Mapping[str, str], answered: Mapping[str, str]
) -> Iterable[RowProblem]:
    known = {*taken.values(), *answered, *BESIDES}
    known |= _aliases_of(Kind.PUPILS)
    for heading in table.columns:
        if heading not in known:
            yield RowProblem(
                table.header_line,
                heading,
                "Does a child's name stand here? Add --heading "
                f'"{heading}=preferred_forename", or =preferred_surname, '
                f'or "{heading}={IGNORE}" if not.',
            )


@cache
def answer_words() -> Mapping[str, str]:
    """By normalised word, what a cell of answers says: a status, or "" where nobody answered."""
    said = _listed()["answers"]
    return {
        column_name(word): "" if status == "missing" else status
        for status, words in said.items()
        for word in words
    }


def about_pupils() -> frozenset[str]:
    """Every heading that says something of a pupil, and so is no type of consent."""
    return frozenset(
        heading
        for kind in (Kind.PUPILS, Kind.CONSENTS)
        for column, aliases in _aliases()[kind].items()
        for heading in (column, *aliases)
    )


def _unread(absent: Sequence[str], *, named: bool) -> Iterable[str]:
    lacking = [column for column in absent if column not in NAMES or not named]
    if lacking:
        yield f"The file has no {', no '.join(lacking)}: what it doesn't say can't be checked."
