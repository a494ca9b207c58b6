"""The page that compares the platforms is current, and no mark on it can be trusted blindly."""

from __future__ import annotations

import pytest

from tests.parity import NOT_SHOWN, PAGE, all_shown, known, marks, page, shows
from tests.proves import PLATFORMS, BadMark


# One process reads all the tests, once.
pytestmark = pytest.mark.xdist_group("sources")


def test_the_committed_page_is_current() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(all_shown()), "run `make parity-page`"


@pytest.mark.parametrize("platform", PLATFORMS)
def test_what_a_platform_is_said_to_have_is_shown(platform: str) -> None:
    shown = {it.row for it in all_shown() if it.platform == platform}
    assert shown == {row.id for row in known().values() if platform in row.manner}


def test_every_row_is_about_every_platform() -> None:
    for row in known().values():
        assert set(row.manner) | set(row.without) == set(PLATFORMS)
        assert not set(row.manner) & set(row.without)
        assert all(why.endswith(".") for why in row.without.values())


@pytest.mark.parametrize("wrong", ["approves", "Approve", ""])
def test_an_unknown_row_is_refused(wrong: str) -> None:
    with pytest.raises(BadMark, match=r"docs/conversation\.toml"):
        shows("approve", wrong, on="slack")


def test_a_mark_without_a_row_is_refused() -> None:
    with pytest.raises(BadMark, match="names nothing"):
        shows(on="slack")


def test_an_unknown_platform_is_refused() -> None:
    with pytest.raises(BadMark, match="known are sandbox, slack, teams"):
        shows("approve", on="irc")  # type: ignore[arg-type] # the mistake under test


def test_what_a_platform_is_said_to_be_without_cannot_be_shown_there() -> None:
    with pytest.raises(BadMark, match="said to be without"):
        shows("jot-words", on="sandbox")


@pytest.mark.parametrize(
    "mark", ["shows('nothing', on='slack')", "shows(ROW, on='slack')", "shows('approve')"]
)
def test_a_mark_that_cannot_be_trusted_names_its_line(mark: str) -> None:
    with pytest.raises(BadMark, match=r"tests/test_y\.py:2: "):
        list(marks(f"\n@{mark}\ndef test_it(): ...\n", "tests/test_y.py"))


def test_the_page_names_the_tests_of_each_cell() -> None:
    source = "@shows('approve', on='slack')\nasync def test_a_yes(): ...\n"
    text = page(tuple(marks(source, "tests/slack/test_a.py")))
    [line] = [it for it in text.splitlines() if it.startswith("| says yes")]
    assert line.count("[a yes](../tests/slack/test_a.py)") == 1
    assert line.count(NOT_SHOWN) == 2
    assert "**1 of " in text
