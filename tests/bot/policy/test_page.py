"""The page about packs: its tables are those of the packs, and it leaves no key out."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from bot.policy.page import BEGIN, END, main, tables, written
from moderation.policies.loader import TOP_LEVEL, shipped, shipped_ids
from moderation.policies.overlay import PARTS
from moderation.policies.rules import EXAMPLE_KEYS, RULE_KEYS
from moderation.policies.settings import BOUNDS


if TYPE_CHECKING:
    import pytest


PAGE = Path(__file__).resolve().parents[3] / "docs" / "policy-packs.md"
WRITTEN = ("`{}`", "{} =", "[{}]")


def test_the_tables_are_current() -> None:
    text = PAGE.read_text(encoding="utf-8")
    assert written(text) == text, "run `make policy-page`"


def test_every_rule_of_every_pack_stands_in_the_table() -> None:
    rows = tables().splitlines()
    for name in shipped_ids():
        for rule in shipped(name).rules:
            [row] = [line for line in rows if line.startswith(f"| `{rule.id}` |")]
            assert rule.clause in row


def test_every_key_is_explained() -> None:
    text = PAGE.read_text(encoding="utf-8")
    prose = text[: text.index(BEGIN)] + text[text.index(END) :]
    for key in {*TOP_LEVEL, *RULE_KEYS, *EXAMPLE_KEYS, *PARTS, *BOUNDS}:
        assert any(form.format(key) in prose for form in WRITTEN), key


def test_it_is_written_between_its_marks_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "page.md"
    file.write_text(f"before\n{BEGIN}\nold\n{END}\nafter\n", encoding="utf-8")
    monkeypatch.setattr("sys.argv", ["page", str(file)])
    main()
    text = file.read_text(encoding="utf-8")
    assert text == f"before\n{BEGIN}\n\n{tables()}\n\n{END}\nafter\n"
    assert written(text) == text
