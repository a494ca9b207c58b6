"""The demo's examples show what they promise, on the demo's own pupils and staff."""

from __future__ import annotations

from importlib.resources import as_file, files

import pytest

from bot.demo.examples import EXAMPLES, Example
from tests.bot.checking.office import lines, run


DEMO = files("bot.demo")
PROMISED = {
    "A pupil's full name": ("block", {"full_name"}),
    "A name in disguise": ("block", {"full_name"}),
    "A first name and a class": ("block", {"name_and_class"}),
    "Somebody's own number": ("block", {"mobile_phone"}),
    "A short link": ("flag", {"shortener"}),
    "Advertising": ("flag", {"advertising"}),
    "Nothing at all": ("clear", set()),
}


def test_every_example_promises_something() -> None:
    assert [example.name for example in EXAMPLES] == list(PROMISED)


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example.name)
def test_the_checks_see_what_is_in_an_example(example: Example) -> None:
    outcome, categories = PROMISED[example.name]
    with as_file(DEMO / "pupils.csv") as roster, as_file(DEMO / "people.csv") as staff:
        result = run(
            example.words, "--json", "--school", "oakfield",
            "--roster", str(roster), "--staff", str(staff),
        )  # fmt: skip
    (answered,) = lines(result)
    assert answered["outcome"] == outcome
    assert {finding["category"] for finding in answered["findings"]} == categories
