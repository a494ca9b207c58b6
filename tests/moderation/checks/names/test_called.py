"""What people of a name are called: the list itself."""

from __future__ import annotations

from importlib.resources import files

import pytest

from moderation.checks.names.called import also_called


def test_every_line_holds_plain_names_and_none_twice() -> None:
    text = (files("moderation.checks.names") / "called.txt").read_text(encoding="utf-8")
    for line in text.splitlines():
        if line and not line.startswith("#"):
            names = line.replace(":", " ").split()
            assert line.count(":") == 1, line
            assert all(name.isascii() and name.isalpha() and name.islower() for name in names), line
            assert len(names) == len(set(names)) > 1, line


def test_spellings_and_short_forms_belong_to_a_name() -> None:
    assert {"catherine", "kate", "katie"} <= set(also_called("katherine"))
    assert "katherine" not in also_called("katherine")
    assert {"mohammed", "mo"} <= set(also_called("muhammad"))


def test_the_remarks_of_the_list_call_nobody_anything() -> None:
    assert not any(map(also_called, ("#", "how", "one", "name", "and", "british", "schools")))


@pytest.mark.parametrize(
    ("name", "other"),
    [("oksana", "oxana"), ("oxana", "oksana"), ("alexei", "aleksei"), ("alex", "aleks")],
)
def test_one_sound_is_spelt_with_an_x_or_with_two_letters(name: str, other: str) -> None:
    assert other in also_called(name)
    assert name not in also_called(name)


@pytest.mark.parametrize("name", ["rex", "dax", "max", "xenia"])
def test_neither_a_short_name_nor_its_first_letter_is_spelt_otherwise(name: str) -> None:
    assert not any("ks" in other for other in also_called(name))


def test_a_short_form_leads_back_only_where_it_can_mean_one_name() -> None:
    assert "oliver" in also_called("ollie")
    assert also_called("sam") == ()
    assert also_called("nobody") == ()
