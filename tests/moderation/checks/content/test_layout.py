"""The rules of content can be read: one pattern a line, and lists of words that fit a screen."""

from __future__ import annotations

import re
from importlib.resources import files

import pytest

from moderation.checks.content.book import FILES


WIDTH = 100
A_PATTERN = re.compile(r"    (\"[^\"]*\"|'[^']*'),")
"""A pattern can't be broken; it may be as long as it is."""


@pytest.mark.parametrize("name", FILES)
def test_a_line_is_one_pattern_or_fits(name: str) -> None:
    text = (files("moderation.checks.content") / f"{name}.toml").read_text(encoding="utf-8")
    wide = [line for line in text.splitlines() if len(line) > WIDTH]
    assert [line[:60] for line in wide if not A_PATTERN.fullmatch(line)] == []
