"""Whoever types ``schoolgate import``: files in a folder, commands, and what was answered."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from bot.cli import execute
from tests.bot.imports.sheets import ACCOUNTS, CONSENTS, PEOPLE, PUPILS, STAFF


if TYPE_CHECKING:
    from collections.abc import Iterable


NAME = "Zephyrine"


@dataclass(frozen=True, slots=True)
class Answer:
    code: int
    out: str
    err: str

    @property
    def data(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.out)
        return found


@dataclass(frozen=True, slots=True)
class Typist:
    """Writes files into a folder and types commands there."""

    folder: Path
    said: pytest.CaptureFixture[str]

    def write(
        self,
        name: str,
        columns: Iterable[str],
        rows: Iterable[Iterable[str]],
        encoding: str = "utf-8",
    ) -> str:
        names = tuple(columns)
        text = io.StringIO()
        writer = csv.writer(text)
        writer.writerow(names)
        for row in rows:
            cells = tuple(row)
            writer.writerow((*cells, *("" for _ in names[len(cells) :])))
        path = self.folder / name
        path.write_bytes(text.getvalue().encode(encoding))
        return str(path)

    def type(self, *arguments: str) -> Answer:
        code = execute(["import", *arguments])
        out, err = self.said.readouterr()
        assert "Traceback" not in out + err
        return Answer(code, out, err)

    def json(self, *arguments: str) -> Answer:
        answer = self.type(*arguments, "--json")
        assert answer.data["exit"] == answer.code
        return answer

    def staff(self, *rows: tuple[str, ...]) -> str:
        return self.write("people.csv", PEOPLE, rows or STAFF)

    def page(self, moderators: str = "ann;bob", **fields: str) -> str:
        row = {
            "account_id": "oak-page",
            "school": "oak",
            "platform": "facebook",
            "name": "Oak Primary",
            "master_administrator": "ann",
            "moderators": moderators,
            **fields,
        }
        return self.write("accounts.csv", ACCOUNTS, [[row.get(name, "") for name in ACCOUNTS]])

    def pupils(self, numbers: Iterable[int], school: str = "oak") -> str:
        rows = ((f"N{n}", school, NAME, "", f"Quill{n}", "", "Year 4", "4B") for n in numbers)
        return self.write("pupils.csv", PUPILS, rows)

    def consents(self, *rows: tuple[str, ...]) -> str:
        return self.write("consents.csv", CONSENTS, rows)
