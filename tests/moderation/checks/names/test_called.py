"""What people of a name are called: the list itself."""

from __future__ import annotations

from importlib.resources import files

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


def test_a_short_form_leads_back_only_where_it_can_mean_one_name() -> None:
    assert "oliver" in also_called("ollie")
    assert also_called("sam") == ()
    assert also_called("nobody") == ()
