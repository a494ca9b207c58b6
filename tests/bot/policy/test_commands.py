"""``schoolgate policy`` as it is typed."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from bot.cli import execute
from bot.policy.told import differing, listed, shown
from moderation.policies.loader import shipped, shipped_ids, with_changes
from tests.bot.installation import APP_YAML, write_settings
from tests.proves import proves


if TYPE_CHECKING:
    from pathlib import Path

Said = pytest.CaptureFixture[str]
TODAY = date(2026, 11, 21)


def typed(said: Said, *arguments: str) -> tuple[int, str, str]:
    code = execute(["policy", *arguments])
    out, err = said.readouterr()
    assert "Traceback" not in out + err
    return code, out, err


def test_the_list_says_which_are_past_their_own_review() -> None:
    lines = {line.split()[0]: line for line in listed(map(shipped, shipped_ids()), TODAY)[1:]}
    assert "31 May 2019, overdue" in lines["step"]
    assert "31 March 2024, overdue" in lines["met"]
    assert "no day is named" in lines["aur"]
    assert "overdue" not in "".join(listed([shipped("met")], date(2024, 3, 31)))


def test_the_list_ends_with_what_to_do(capsys: Said) -> None:
    code, out, _ = typed(capsys, "list")
    assert code == 0
    assert all(name in out for name in shipped_ids())
    assert out.endswith("ask whoever owns the policy for its reviewed edition.\n")


@proves("STEP-HEAD-2", "AUR-INFL-1")
def test_a_policy_is_shown_clause_by_clause_in_the_words_that_people_read(capsys: Said) -> None:
    code, out, _ = typed(capsys, "show", "aur")
    assert code == 0
    assert "headteacher_approves: images (a school may loosen it)" in out
    begin = out.index("subjects that inflame go to the headteacher (AUR-INFL-1)")
    clause = out[begin : out.index("\n\n", begin)]
    assert "check politically-sensitive (in posts; needs the headteacher's yes; " in clause
    assert "each approver says “This speaks for the school" in clause
    assert "This is a subject that inflames." in clause


def test_every_rule_is_shown_once() -> None:
    for name in shipped_ids():
        pack = shipped(name)
        lines = list(shown(pack, TODAY))
        ids = [
            line.split()[1] for line in lines if line.startswith(("  stop", "  check", "  note"))
        ]
        assert sorted(ids) == sorted(rule.id for rule in pack.rules)
        assert "{" not in "".join(lines)


def test_what_a_school_changed_is_marked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Said
) -> None:
    own = "settings: { seconds: 2 }, rules: { promise: block }"
    text = APP_YAML.replace("domains: [oak.example]", own)
    monkeypatch.setenv("SCHOOLGATE_CONFIG", str(write_settings(tmp_path, text)))
    code, out, _ = typed(capsys, "show", "--school", "oak")
    assert code == 0
    assert "  seconds: 2 (changed by the school)" in out
    [promise] = [line for line in out.splitlines() if " promise " in line]
    assert promise.startswith("  stop")
    assert promise.endswith("changed by the school)")
    assert "changed by the school" not in typed(capsys, "show", "--school", "elm")[1]
    assert typed(capsys, "show", "--school", "ash")[0] == 64


def test_two_policies_are_held_against_each_other(capsys: Said) -> None:
    code, out, _ = typed(capsys, "diff", "step", "cc")
    assert code == 1
    assert "headteacher_approves: images → images (a school may loosen it)" in out
    assert "telephone-number, what happens: check → stop" in out
    assert "threat, clause: STEP-REM-1 → CC-CONT-1" in out
    assert "disrepute: only in cc (check, CC-CONT-1)" in out
    [asked] = [it for it in out.splitlines() if it.startswith("telephone-number, each approver")]
    assert asked.endswith("wants it to be public.” → none")
    for coded in (" true", " false", "loosenable", "applies_to"):
        assert coded not in out
    assert "disrepute: only in cc" in typed(capsys, "diff", "cc", "step")[1]
    assert typed(capsys, "diff", "met", "met") == (0, "Nothing differs.\n", "")


def test_every_change_of_a_school_is_a_difference() -> None:
    step = shipped("step")
    stricter = with_changes(step, {"stand_ins": []}, {"promise": {"headteacher": True}})
    assert list(differing(step, stricter)) == [
        (
            "stand_ins: acting_headteacher, deputy_headteacher, executive_headteacher, trust_lead, "
            "chair_of_governors → nobody"
        ),
        "promise, needs the headteacher's yes: no → yes",
    ]


def test_a_file_of_ones_own_is_read_and_tried(tmp_path: Path, capsys: Said) -> None:
    file = tmp_path / "mine.toml"
    source = shipped("step").source.replace('id = "step"', 'id = "mine"', 1)
    file.write_text(source, encoding="utf-8")
    code, out, _ = typed(capsys, "check", str(file))
    assert code == 0
    assert f"mine.toml can be read: {len(shipped('step').rules)} rules" in out
    assert "A school can follow only a policy that comes with Schoolgate." in out
    assert "It was to be reviewed on 31 May 2019" in out
    assert typed(capsys, "diff", "step", str(file))[0] == 0

    file.write_text(source.replace('"Text me on +44 7700 900 123"', '"Text me"'), encoding="utf-8")
    code, out, err = typed(capsys, "check", str(file))
    assert (code, out) == (65, "")
    assert err == "mine.toml: rule mobile-number misses its example 'Text me'\n"


@pytest.mark.parametrize("command", ["check", "show", "diff"])
def test_everything_that_is_wrong_with_a_file_is_told(
    tmp_path: Path, capsys: Said, command: str
) -> None:
    file = tmp_path / "mine.toml"
    source = shipped("step").source.replace('"links"', '"lnks"', 1)
    file.write_text(source.replace("[settings]", "[settings]\nsecondz = 1"), encoding="utf-8")
    more = ["step"] if command == "diff" else []
    code, out, err = typed(capsys, command, str(file), *more)
    assert (code, out) == (65, "")
    assert "secondz is not known" in err
    assert "did you mean links?" in err
    assert typed(capsys, command, str(tmp_path / "none.toml"), *more)[0] == 65


@pytest.mark.parametrize(
    "arguments", [("show", "stepp"), ("show",), ("show", "met", "--school", "oak"), ("diff", "met")]
)
def test_wrong_usage_is_one_plain_sentence(capsys: Said, arguments: tuple[str, ...]) -> None:
    code, out, err = typed(capsys, *arguments)
    assert (code, out) == (64, "")
    assert err


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (
            shipped("step")
            .source.replace("[lists]", '[lists]\nshortners = ["x.example"]')
            .encode(),
            "mine.toml: lists.shortners is read by no check, did you mean shorteners?\n",
        ),
        (b"\xff\xfe\x00", "mine.toml can't be read: it isn't text in UTF-8."),
        (None, "mine.toml can't be read: there is no such file."),
    ],
)
def test_a_file_is_refused_with_what_to_do(
    tmp_path: Path, capsys: Said, content: bytes | None, told: str
) -> None:
    file = tmp_path / "mine.toml"
    if content is not None:
        file.write_bytes(content)
    code, _, err = typed(capsys, "check", str(file))
    assert code == 65
    assert told in err
