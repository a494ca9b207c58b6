"""Reading typed values out of a parsed TOML table, keeping every problem instead of the first."""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from enum import StrEnum
from typing import TYPE_CHECKING, TypeVar


if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping


W = TypeVar("W", bound=StrEnum)

IDENTIFIER = re.compile(r"[a-z0-9]+(?:[-_.][a-z0-9]+)*")


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """One thing that is wrong: in which file, at which rule, on the line where that rule begins."""

    file: str
    says: str
    rule: str = ""
    line: int | None = None

    def __str__(self) -> str:
        line = f":{self.line}" if self.line else ""
        rule = f" rule {self.rule}:" if self.rule else ""
        return f"{self.file}{line}:{rule} {self.says}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Problems:
    """A list of problems that remembers where the reader stands."""

    file: str
    rule: str = ""
    line: int | None = None
    _found: list[Problem] = field(default_factory=list)

    def at(self, *, rule: str, line: int | None) -> Problems:
        """The same list, seen from inside a rule."""
        return replace(self, rule=rule, line=line)

    def add(self, says: str, *, line: int | None = None) -> None:
        self._found.append(
            Problem(file=self.file, rule=self.rule, line=line or self.line, says=says)
        )

    def listed(self) -> tuple[Problem, ...]:
        return tuple(self._found)


class Fields:
    """One TOML table. Every reader returns something usable and notes what was wrong."""

    def __init__(self, table: Mapping[str, object], problems: Problems, name: str = "") -> None:
        self._table = table
        self.problems = problems
        self._prefix = f"{name}." if name else ""

    def __contains__(self, key: str) -> bool:
        return key in self._table

    def __getitem__(self, key: str) -> object:
        return self._table[key]

    def _named(self, key: str) -> str:
        return f"{self._prefix}{key}"

    def only(self, known: Iterable[str]) -> None:
        """Note every key that isn't known, with the nearest that is."""
        known = tuple(known)
        for key in self._table:
            if key not in known:
                near = difflib.get_close_matches(key, known, n=1)
                advice = f", did you mean {near[0]}?" if near else ""
                self.problems.add(f"{self._named(key)} is not known{advice}")

    def required(self, key: str) -> object:
        if key not in self._table:
            self.problems.add(f"{self._named(key)} is missing")
        return self._table.get(key)

    def text(self, key: str, *, default: str | None = None) -> str:
        """A text that isn't blank; ``default`` makes it optional."""
        if default is not None and key not in self._table:
            return default
        value = self.required(key)
        if value is None:
            return ""
        if not isinstance(value, str) or not value.strip():
            self.problems.add(f"{self._named(key)} must be some text")
            return ""
        return value

    def identifier(self, key: str) -> str:
        """Lower-case letters and digits, joined by ``-``, ``_`` or ``.``."""
        value = self.text(key)
        if value and not IDENTIFIER.fullmatch(value):
            wanted = "must be lower-case letters and digits joined by - _ or ."
            self.problems.add(f"{self._named(key)} {wanted}")
        return value

    def boolean(self, key: str, *, default: bool | None = None) -> bool:
        if default is not None and key not in self._table:
            return default
        value = self.required(key)
        if value is not None and not isinstance(value, bool):
            self.problems.add(f"{self._named(key)} must be true or false")
        return value is True

    def date(self, key: str) -> date:
        """A TOML date without a time, e.g. ``2027-09-01``."""
        value = self.required(key)
        if isinstance(value, date) and not isinstance(value, datetime):
            return value
        if value is not None:
            self.problems.add(f"{self._named(key)} must be a date such as 2027-09-01")
        return date.min

    def word(self, key: str, words: type[W], *, default: W) -> W:
        """One value of an enum."""
        value = self.required(key)
        return self._one(self._named(key), value, words) or default

    def is_word(self, key: str, words: type[W]) -> bool:
        """Whether :meth:`word` reads what is written, or had to take its default."""
        return self._table.get(key) in list(words)

    def words(self, key: str, words: type[W]) -> frozenset[W]:
        """Several values of an enum, at least one."""
        values = self.list_of(key)
        if key in self._table and not values:
            self.problems.add(f"{self._named(key)} must name at least one of {', '.join(words)}")
        read = (self._one(self._named(key), value, words) for value in values)
        return frozenset(value for value in read if value is not None)

    def _one(self, name: str, value: object, words: type[W]) -> W | None:
        if value in list(words):
            return words(str(value))
        if value is not None:
            near = difflib.get_close_matches(str(value), list(words), n=1)
            advice = f"did you mean {near[0]}?" if near else f"there is {', '.join(words)}"
            self.problems.add(f"{name} can't be {value!r}: {advice}")
        return None

    def list_of(self, key: str, *, optional: bool = False) -> list[object]:
        value = self._table.get(key) if optional else self.required(key)
        if value is None:
            return []
        if not isinstance(value, list):
            self.problems.add(f"{self._named(key)} must be a list")
            return []
        return value

    def texts(self, key: str, *, optional: bool = True) -> tuple[str, ...]:
        """A list of texts that aren't blank."""
        values = self.list_of(key, optional=optional)
        good = [value for value in values if isinstance(value, str) and value.strip()]
        if len(good) != len(values):
            self.problems.add(f"{self._named(key)} must be a list of texts")
        return tuple(good)

    def table(self, key: str) -> Fields:
        """A table of its own; an absent one is empty."""
        value = self._table.get(key, {})
        if not isinstance(value, dict):
            self.problems.add(f"{self._named(key)} must be a table")
            value = {}
        return Fields(value, self.problems, self._named(key))

    def list_of_tables(self, key: str) -> list[dict[str, object]]:
        value = self._table.get(key, [])
        if not isinstance(value, list) or not all(isinstance(entry, dict) for entry in value):
            self.problems.add(f"{self._named(key)} must be written as [[{key}]]")
            return []
        return value

    def table_of_text(self, key: str) -> Mapping[str, str]:
        table = self.table(key)
        return {name: table.text(name) for name in table.keys()}  # noqa: SIM118  not a mapping

    def table_of_lists(self, key: str) -> Mapping[str, tuple[str, ...]]:
        table = self.table(key)
        return {name: table.texts(name) for name in table.keys()}  # noqa: SIM118  not a mapping

    def keys(self) -> tuple[str, ...]:
        return tuple(self._table)
