"""The page about the rule names every part of it, and only codes and tests that exist."""

from __future__ import annotations

import re
from pathlib import Path

from moderation.posts.refusals import Refusal
from tests.model.faults import FAULTS


PAGE = Path(__file__).parents[2] / "docs" / "two-person-rule.md"
TEXT = PAGE.read_text(encoding="utf-8")
ROWS = re.findall(r"^\| (R\d+) \| (.+) \| (.*?) ?\| (.+) \|$", TEXT, re.MULTILINE)


def test_all_twelve_parts_are_there_with_codes_that_exist() -> None:
    assert [number for number, *_ in ROWS] == [f"R{number}" for number in range(1, 13)]
    codes = {code for _, _, told, _ in ROWS for code in re.findall(r"`(\w+)`", told)}
    assert codes <= set(Refusal)
    assert len(codes) > 12


def test_each_part_is_shown_by_tests_that_exist() -> None:
    for number, _, _, shown in ROWS:
        files = [PAGE.parent / path for path in re.findall(r"\((\.\./[^)]+)\)", shown)]
        sources = "".join(path.read_text(encoding="utf-8") for path in files)
        names = re.findall(r"`(test_\w+)`", shown)
        assert names, number
        for name in names:
            assert f"def {name}(" in sources, name


def test_the_faults_stand_as_they_are_tried() -> None:
    table = re.findall(
        r"^\| ([^|]+) \| [^|]+ \| (harmless|) ?\| (refused|) ?\|$", TEXT, re.MULTILINE
    )
    told = [(bool(harmless), bool(refused)) for _, harmless, refused in table]
    assert told == [(bool(fault.harmless), fault.refused_by_store) for fault in FAULTS]
