"""The product can't be told to die: no setting, option or variable arms a point."""

from __future__ import annotations

import ast
from inspect import signature
from pathlib import Path

from bot.wiring import build
from storage.failpoints import UNARMED, Point
from storage.unit_of_work import Units


ROOT = Path(__file__).parents[2]
PRODUCT = ("adapters", "bot", "migrations", "moderation", "storage")
SOURCES = [path for room in PRODUCT for path in sorted((ROOT / room).rglob("*.py"))]
COMPOSES = ROOT / "bot" / "wiring.py"


def handed_over(source: str) -> set[str]:
    """What is given as ``failpoints=`` anywhere in this source."""
    return {
        ast.unparse(keyword.value)
        for call in ast.walk(ast.parse(source))
        if isinstance(call, ast.Call)
        for keyword in call.keywords
        if keyword.arg == "failpoints"
    }


def test_nothing_in_the_product_arms_a_point() -> None:
    assert len(SOURCES) > 100
    for path in SOURCES:
        source = path.read_text(encoding="utf-8")
        allowed = {"failpoints"} if path == COMPOSES else set()
        assert handed_over(source) <= allowed, path
        # A picture's own process may be killed from outside; nobody kills himself.
        assert "getpid()" not in source, path


def test_the_composition_hands_on_what_it_was_given_and_no_more() -> None:
    assert handed_over(COMPOSES.read_text(encoding="utf-8")) == {"failpoints"}
    assert handed_over("build(settings, failpoints=Deadly(os.environ))") == {"Deadly(os.environ)"}


def test_by_itself_a_point_does_nothing() -> None:
    assert signature(Units).parameters["failpoints"].default is UNARMED
    assert signature(build).parameters["failpoints"].default is UNARMED
    for point in Point:
        UNARMED.reach(point, "unit")
