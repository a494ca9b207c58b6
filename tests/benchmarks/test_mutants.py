"""What the page of mutants says of modules of which only some were tried."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from benchmarks.mutants import LEAST, Module, drawn, faults, interval, lot, page, share, tried


if TYPE_CHECKING:
    from pathlib import Path

NAME = "moderation.checks.spans"
KEYS = [f"{NAME}.x_merged__mutmut_{at}" for at in range(1, 201)]
BODY = "def x_merged__mutmut_{at}(places):\n    return {at}\n"


def results(tmp_path: Path, codes: dict[str, int | None]) -> Path:
    """What mutmut leaves of one module."""
    source = tmp_path / "moderation/checks/spans.py"
    source.parent.mkdir(parents=True, exist_ok=True)
    functions = [BODY.format(at=at) for at in (*range(1, 201), "orig")]
    source.write_text("\n".join(functions).replace("return orig", "return 0"), encoding="utf-8")
    meta = source.with_name("spans.py.meta")
    meta.write_text(json.dumps({"exit_code_by_key": codes}), encoding="utf-8")
    return tmp_path


def module(noticed: int, count: int, total: int) -> Module:
    return Module(
        total=total,
        tried=count,
        noticed=noticed,
        survivors=(),
        measured="14 September 2026",
        commit="abc",
    )


def test_a_lot_is_the_same_every_time_and_begins_every_larger_one(tmp_path: Path) -> None:
    of = results(tmp_path, dict.fromkeys(KEYS))

    assert drawn(KEYS) == drawn(reversed(KEYS)) != KEYS
    assert lot(of, 80, [NAME]) == drawn(KEYS)[:80]
    assert lot(of, 80, ["moderation.checks.fold"]) == []


def test_what_was_tried_already_is_drawn_and_not_tried_again(tmp_path: Path) -> None:
    first = drawn(KEYS)[:20]
    of = results(tmp_path, dict.fromkeys(KEYS) | dict.fromkeys(first, 1))

    assert lot(of, 30, [NAME]) == drawn(KEYS)[20:30]


@pytest.mark.parametrize("count", [LEAST, LEAST + 7, len(KEYS)])
def test_the_beginning_of_the_lot_counts_and_nothing_else_that_was_tried(
    tmp_path: Path, count: int
) -> None:
    codes: dict[str, int | None] = dict.fromkeys(drawn(KEYS)[:count], 1)
    codes = dict.fromkeys(KEYS) | codes | {drawn(KEYS)[3]: 0}
    if count < len(KEYS) - 1:
        codes[drawn(KEYS)[-1]] = 0

    (found,) = tried(results(tmp_path, codes), "today", "abc").values()

    assert (found.total, found.tried, found.noticed) == (len(KEYS), count, count - 1)
    (alive,) = found.survivors
    assert (alive.where, alive.was) == (f"{NAME}.merged", "return 0")


def test_too_small_a_lot_says_nothing(tmp_path: Path) -> None:
    codes: dict[str, int | None] = dict.fromkeys(drawn(KEYS)[: LEAST - 1], 1)

    assert tried(results(tmp_path, dict.fromkeys(KEYS) | codes), "today", "abc") == {}


def test_a_small_module_counts_when_all_of_it_was_tried(tmp_path: Path) -> None:
    few = dict.fromkeys(KEYS[:5], 1)

    (found,) = tried(results(tmp_path, dict(few)), "today", "abc").values()
    assert (found.by_lot, found.noticed) == (False, 5)
    assert tried(results(tmp_path, few | {KEYS[0]: None}), "today", "abc") == {}


def test_a_room_counts_each_module_by_its_size() -> None:
    all_tried, by_lot = module(90, 100, 100), module(40, 80, 300)

    assert share([all_tried, by_lot]) == pytest.approx((90 + 150) / 400)
    low, high = interval([all_tried, by_lot])
    # Wilson's interval of 40 in 80 is 39.3 to 60.7 %.
    assert (low, high) == pytest.approx(((90 + 117.9) / 400, (90 + 182.1) / 400), abs=1e-3)
    assert interval([all_tried]) == pytest.approx((0.9, 0.9))


def test_the_page_says_what_was_tried_by_lot_and_how_sure_it_is() -> None:
    said = page({NAME: module(40, 80, 300), "storage.crypto": module(9, 10, 10)}, {}, [], [])

    assert f"| `{NAME}` | 40 | 80 of 300, by lot | 50.0% (39.3% to 60.7%) |" in said
    assert "| `storage.crypto` | 9 | 10 | 90.0% |" in said
    told = page({NAME: module(9, 10, 10)}, {}, ["storage.crypto"], [NAME])
    assert "never tried, or too few of them: `storage.crypto`" in told
    assert f"changed after they were measured: `{NAME}`." in told
    wrong = faults({NAME: module(40, 80, 300)}, {})
    assert "moderation/checks: 50.0% noticed, fewer than 85 %" in wrong
