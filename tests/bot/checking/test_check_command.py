"""``schoolgate check``: what goes in, what comes out, and which exit code."""

from __future__ import annotations

import json
from datetime import date
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, strategies as st
from PIL import Image

from bot.checking.files import network_of
from bot.checking.report import harmless, report
from moderation.checks.context import Context
from moderation.checks.engine import judge
from moderation.checks.model import Draft, outcome
from moderation.kernel import AccountId
from moderation.policies.loader import shipped
from tests.bot.checking.office import FILES, PUPILS, lines, run


if TYPE_CHECKING:
    from pathlib import Path


# -- one text ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "code", "told"),
    [
        ("Our beans are tall.", 0, "Nothing stands against this."),
        ("Look at www.example.org", 1, "Please check before this goes out."),
        ("Well done Amelia Khan", 2, "This can't go out yet."),
    ],
)
@pytest.mark.usefixtures("office")
def test_the_exit_code_says_what_the_answer_says(text: str, code: int, told: str) -> None:
    result = run(text, *FILES)
    assert result.exit_code == code
    assert result.stdout.startswith(told)


@pytest.mark.usefixtures("office")
def test_the_words_the_reason_and_the_clause_are_told_plainly() -> None:
    result = run("Well done Amelia Khan, from Mrs Khan", *FILES)
    assert "“Amelia Khan” This looks like a pupil in Year 4: A.K." in result.stdout
    assert "Our rule for every post: no pupil is named (CARD-NAME-1)" in result.stdout
    assert "\x1b" not in result.stdout
    assert result.stdout.count("CARD-NAME-1") == 1


def test_without_a_roster_one_note_says_so() -> None:
    result = run("Well done Amelia Khan", "--json")
    assert result.exit_code == 0
    (answered,) = lines(result)
    assert answered["outcome"] == "clear"
    (finding,) = answered["findings"]
    assert finding == {
        "check": "pupil_names",
        "category": "not_checked",
        "clause": "CARD-NAME-1",
        "severity": "note",
        "field": "post",
        "start": None,
        "end": None,
        "reason": "Names weren't checked, because there is no pupil list for this school.",
    }


@pytest.mark.usefixtures("office")
def test_an_empty_roster_is_asked_about() -> None:
    result = run("Our beans", "--roster", "empty.csv", "--json")
    assert result.exit_code == 1
    assert [one["category"] for one in lines(result)[0]["findings"]] == ["empty_roster"]


def test_a_text_comes_from_standard_input() -> None:
    assert run("-", given="Ring 07700 900123\n").exit_code == 2
    assert run("-", given=b"\xef\xbb\xbfOur beans").exit_code == 0
    assert run("-", given=b"\xff\xfe\x00").exit_code == 65


@pytest.mark.usefixtures("office")
def test_a_school_tells_its_own_pupils_from_the_others() -> None:
    result = run("Tobias Lindqvist and Amelia Khan", *FILES, "--school", "oakfield", "--json")
    found = {one["category"]: one["severity"] for one in lines(result)[0]["findings"]}
    assert found == {"other_school": "flag", "full_name": "block"}
    everybody = run("Tobias Lindqvist", *FILES, "--json")
    assert lines(everybody)[0]["findings"][0]["category"] == "full_name"


@pytest.mark.usefixtures("office")
def test_a_school_of_the_settings_brings_its_own_addresses() -> None:
    text = "See https://oakfield.example/news or ring 01632 960123"
    assert run(text).exit_code == 1
    assert run(text, "--school", "oakfield").exit_code == 0
    assert run(text, "--school", "oakfield", "--config", "app.yaml").exit_code == 0


def test_settings_that_the_policy_does_not_allow_stop_the_check(office: Path) -> None:
    looser = office / "looser.yaml"
    own = "policy: step\n    settings: { pupil_names: with_written_consent }"
    app = (office / "app.yaml").read_text(encoding="utf-8")
    looser.write_text(app.replace("policy: step", own, 1), encoding="utf-8")
    result = run("Well done Amelia Khan!", "--school", "oakfield", "--config", str(looser))
    assert result.exit_code == 78
    assert "pupil_names would be looser than the policy's never" in result.stderr


def test_a_policy_of_ones_own_is_read_from_its_file(tmp_path: Path) -> None:
    step = shipped("step")
    file = tmp_path / "mine.toml"
    file.write_text(step.source.replace('id = "step"', 'id = "mine"', 1), encoding="utf-8")
    assert run("Ring 07700 900123", "--policy", str(file)).exit_code == 2


# -- wrong use -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "code", "told"),
    [
        ((), 64, "Give either a text or --jsonl FILE"),
        (("x", "--jsonl", "-"), 64, "Give either a text or --jsonl FILE"),
        (("x", "--policy", "steq"), 78, "Did you mean step?"),
        (("x", "--policy", "nothing.toml"), 78, "nothing.toml can't be read"),
        (("x", "--config", "nothing.yaml"), 78, "nothing.yaml"),
        (("x", "--school", "oakfeld"), 78, "Did you mean oakfield?"),
        (("x", "--roster", "nothing.csv"), 65, "^There is no file nothing.csv.\n"),
        (("x", "--roster", "."), 65, "is a folder, not a file.\n"),
        (("x", "--roster", "consents.csv"), 65, "legal_forename"),
        (("x", "--consents", "pupils.csv"), 65, "no column “purpose”"),
        (("--jsonl", "nothing.jsonl"), 65, "nothing.jsonl can't be opened"),
    ],
)
@pytest.mark.usefixtures("office")
def test_wrong_use_is_told_in_a_sentence(arguments: tuple[str, ...], code: int, told: str) -> None:
    result = run(*arguments)
    assert result.exit_code == code
    assert told.removeprefix("^") in result.stderr
    assert not told.startswith("^") or result.stderr == told[1:]
    assert result.stdout == ""
    assert "Traceback" not in result.output


INVISIBLE = ("", "   \n", "\u200b\u200b\ufeff", "\u00a0\u2060")


@pytest.mark.parametrize("text", INVISIBLE)
def test_where_there_is_nothing_to_read_there_is_nothing_to_check(text: str) -> None:
    result = run(text)
    assert (result.exit_code, result.stderr) == (65, "There are no words to check.\n")
    assert run("-", given=text).exit_code == 65


@pytest.mark.parametrize("text", INVISIBLE)
def test_a_line_without_words_is_judged_by_its_pictures_alone(office: Path, text: str) -> None:
    Image.new("RGB", (8, 8), "green").save(office / "green.png")
    nothing = {"id": 1, "text": text}
    described = {"id": 2, "text": text, "alt": [""], "pupils": "none"}
    pictured = {"id": 3, "text": text, "images": ["green.png"], "alt": ["Beans"]}
    given = "\n".join(map(json.dumps, (nothing, described, pictured)))
    result = run("--jsonl", "-", *FILES, given=given)
    assert result.exit_code == 65
    bare, *judged = lines(result)
    assert bare == {"id": 1, "error": "There are no words to check."}
    found = [[one["category"] for one in answered["findings"]] for answered in judged]
    assert found == [["missing"], ["not_said"]]


def test_colleagues_in_a_picture_are_asked_of_the_staff_list(office: Path) -> None:
    staff = office / "wishes.csv"
    staff.write_text("person_id,name,may_be_shown\nnovak,Ms Hana Novak,no\nlund,Mr Lund,\n")
    says: tuple[dict[str, object], ...] = (
        {"colleagues": ["novak", "lund"]},
        {"colleagues": ["lund"]},
        {},
        {"colleagues": 1},
    )
    post = {"text": "Our fair", "alt": ["A stall"], "pupils": "none"}
    given = "\n".join(json.dumps({"id": at, **post, **said}) for at, said in enumerate(says))
    *answers, wrong = lines(run("--jsonl", "-", "--staff", str(staff), given=given))
    found = [[one["category"] for one in answered["findings"]] for answered in answers]
    assert [[it for it in each if it.startswith("staff_")] for each in found] == [
        *(["staff_shown"], [], ["staff_not_said"])
    ]
    assert wrong == {"id": 3, "error": "“colleagues” must be a list of texts."}


def test_a_wrong_policy_file_tells_rule_and_line(tmp_path: Path) -> None:
    file = tmp_path / "mine.toml"
    file.write_text(shipped("step").source.replace('"links"', '"lnks"', 1), encoding="utf-8")
    result = run("x", "--policy", str(file))
    assert result.exit_code == 78
    assert "rule link: check can't be 'lnks': did you mean links?" in result.stderr


def test_a_policy_file_whose_example_comes_out_otherwise_is_told(tmp_path: Path) -> None:
    file = tmp_path / "mine.toml"
    source = shipped("step").source.replace('"Text me on +44 7700 900 123"', '"Text me"', 1)
    file.write_text(source, encoding="utf-8")
    result = run("x", "--policy", str(file))
    assert result.exit_code == 78
    assert result.stderr == "mine.toml: rule mobile-number misses its example 'Text me'\n"


def test_a_row_that_cant_be_read_is_told_without_its_name(office: Path) -> None:
    (office / "pupils.csv").write_text(PUPILS + "A1,oakfield,Maja,,Nowak,,,\n", encoding="utf-8")
    result = run("x", "--roster", "pupils.csv")
    assert result.exit_code == 65
    assert "line 5" in result.stderr
    assert "Maja" not in result.output


def test_a_roster_needs_only_the_ids_and_the_names(office: Path) -> None:
    (office / "pupils.csv").write_text(
        "pupil_id,legal_forename,legal_surname\n1,Amelia,Khan\n2,Sukarno,\n", encoding="utf-8"
    )
    assert run("Well done Amelia Khan", "--roster", "pupils.csv").exit_code == 2
    assert run("Well done Sukarno", "--roster", "pupils.csv").exit_code == 1


# -- what a person sees --------------------------------------------------------------------------


def test_the_marked_words_are_marked_and_nothing_reaches_the_terminal() -> None:
    text = "Ring 07700 900123\x1b[31m now\u202e"
    step = shipped("step")
    context = Context(today=date(2026, 9, 14))
    findings = judge(Draft(text=text), step, context)
    shown = report(text, step, outcome(findings), findings)
    assert "\x1b" not in shown.plain
    assert "\u202e" not in shown.plain
    marked = [
        shown.plain[span.start : span.end] for span in shown.spans if "on red" in str(span.style)
    ]
    assert marked == ["07700 900123"]


@given(st.text())
def test_harmless_text_keeps_its_places(text: str) -> None:
    shown = harmless(text)
    assert len(shown) == len(text)
    assert "\x1b" not in shown


@pytest.mark.parametrize(
    ("account", "network"),
    [
        ("oakfield-facebook", "facebook"),
        ("Instagram", "instagram"),
        ("oakfield-x", "x"),
        ("oakfield", None),
        ("facebook-and-instagram", None),
    ],
)
def test_an_accounts_network_is_read_from_its_id(account: str, network: str | None) -> None:
    assert network_of(AccountId(account)) == network
