"""``schoolgate import`` as it is typed: what it answers, what it writes, and its exit code."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys

import pytest

from storage.database import Database
from tests.bot.imports.sheets import ACCOUNTS, CONSENTS, PEOPLE, PUPILS, STAFF
from tests.bot.imports.typist import NAME, Typist
from tests.bot.installation import secrets
from tests.bot.workbook import workbook


# -- done -----------------------------------------------------------------------------------------


def test_a_first_file_is_done_at_once(typist: Typist) -> None:
    answer = typist.type("people", typist.staff())
    assert answer.code == 0
    assert answer.err == ""
    assert answer.out.splitlines()[0] == "Read as UTF-8 text with commas between the columns."
    assert "Five people are new." in answer.out
    assert "Done." in answer.out
    assert "Nobody was in the register yet, so this counts as yours." in answer.out
    page = typist.type("accounts", typist.page())
    assert "No account was in the register yet, so this counts as yours." in page.out
    again = typist.json("people", typist.staff())
    assert (again.code, again.data["outcome"]) == (0, "nothing_new")
    assert again.data["difference"]["unchanged"] == 5


def test_accounts_before_people_are_told_what_comes_first(typist: Typist) -> None:
    answer = typist.type("accounts", typist.page())
    assert answer.code == 1
    assert "The file is refused:" in answer.out
    assert answer.out.count("Import the people first, then this file again") == 1
    assert "There is no person" not in answer.out
    rows = [dict(row) for row in typist.json("accounts", typist.page()).data["problems"]]
    assert [row["line"] for row in rows] == [1]
    # With people in it, whoever isn't there is named, as ever.
    assert typist.type("people", typist.staff()).code == 0
    assert typist.type("accounts", typist.page()).code == 0


def test_a_file_without_a_platforms_column_takes_nobodys_account_there_away(
    typist: Typist,
) -> None:
    assert typist.type("people", typist.staff()).code == 0
    kept = {name: at for at, name in enumerate(PEOPLE) if name != "slack_user_id"}
    rows = [(*row, *[""] * (len(PEOPLE) - len(row))) for row in STAFF]
    file = typist.write(
        "people.csv", tuple(kept), [[row[at] for at in kept.values()] for row in rows]
    )
    answer = typist.json("people", file)
    assert (answer.code, answer.data["outcome"]) == (0, "nothing_new")


@pytest.mark.parametrize(
    ("encoding", "read_as"),
    [("utf-8-sig", "UTF-8"), ("utf-16", "UTF-16"), ("cp1252", "Windows-1252")],
)
def test_the_report_says_what_was_assumed(typist: Typist, encoding: str, read_as: str) -> None:
    rows = (("zoë", "Zoë Reed", "", "oak", "staff"),)
    file = typist.write("people.csv", PEOPLE, rows, encoding)
    assert f"Read as {read_as} text with commas" in typist.json("people", file).data["read_as"]


def test_columns_that_are_not_read_are_named(typist: Typist) -> None:
    rows = [(*row, "", "", "07700 900123") for row in STAFF]
    file = typist.write("people.csv", (*PEOPLE, "home phone"), rows)
    assert "Ignored, neither read nor stored: home_phone." in typist.type("people", file).out


def test_the_difference_is_told_id_by_id(office: Typist) -> None:
    file = office.staff(("bob", "Mr Robert Lund", "b@oak.example", "oak", "staff", "U0000BOB1"))
    answer = office.json("people", file)
    assert answer.code == 0
    assert answer.data["details"] == [
        {"id": "bob", "how": "changed", "what": ["name", "e-mail address"]}
    ]
    assert answer.data["notes"] == ["Four people not in the file: left as before."]


def test_a_dry_run_writes_nothing(typist: Typist) -> None:
    answer = typist.type("people", typist.staff(), "--dry-run")
    assert answer.code == 0
    assert "Five people are new." in answer.out
    assert "nothing was written" in answer.out
    assert typist.json("people", typist.staff()).data["difference"]["added"] == 5


def test_school_fills_a_missing_column(typist: Typist) -> None:
    columns = tuple(name for name in PUPILS if name != "school")
    row = ("N1", NAME, "", "Quill", "", "Year 4", "4B")
    file = typist.write("pupils.csv", columns, [row])
    assert typist.type("pupils", file).code == 1
    answer = typist.json("pupils", file, "--school", "OAK")
    assert answer.code == 0
    assert answer.data["schools"].keys() == {"oak"}


def test_a_workbook_of_the_schools_own_system_is_taken(office: Typist) -> None:
    rows: list[list[object]] = [
        ["Oakfield, pupils on roll"],
        ["Adno", "Legal Surname", "Legal Forename", "Preferred Forename", "Year", "Reg Group"],
        *([number, f"Quill{number}", NAME, "", "R", "RB"] for number in range(1, 4)),
    ]
    file = office.folder / "export.xlsx"
    file.write_bytes(workbook(rows, formats={f"A{line}": "000000" for line in (3, 4, 5)}))
    answer = office.type("pupils", str(file), "--school", "oak")
    assert answer.code == 0
    assert "Read as an Excel workbook. Its columns are named in line 2." in answer.out
    assert "The file has no preferred_surname: what it doesn't say can't be checked." in answer.out
    assert NAME not in answer.out
    consents = office.consents(("000002", "oak", "photo", "all", "granted"))
    assert office.json("consents", consents).data["difference"]["added"] == 1


def test_a_heading_that_nobody_knows_is_asked_about_before_anything_is_imported(
    office: Typist,
) -> None:
    columns = ("Adno", "Surname", "Forename", "Usual name")
    file = office.write("pupils.csv", columns, [("7", "Quill", NAME, "Zee")])
    asked = office.type("pupils", file, "--school", "oak")
    assert asked.code == 3
    assert "Nothing was imported yet: these headings aren't known." in asked.out
    assert "What are these columns?" in asked.out
    assert '"usual_name=preferred_forename"' in asked.out
    assert NAME not in asked.out
    assert "Zee" not in asked.out
    said = ("--school", "oak", "--heading", "Usual name=preferred_forename")
    assert office.json("pupils", file, *said).data["difference"]["added"] == 1


# -- 1: rows refused ------------------------------------------------------------------------------


def test_one_bad_row_refuses_the_file(typist: Typist) -> None:
    bad = ("eve", "Eve Stone", "not-an-address", "oka", "staff", "", "")
    file = typist.staff(*STAFF, bad)
    answer = typist.type("people", file)
    assert answer.code == 1
    assert "One row refused:" in answer.out
    assert "line 7" in answer.out
    assert "This isn't an e-mail address." in answer.out
    assert "Did you mean oak?" in answer.out
    assert "whole or not at all" in answer.out
    assert typist.json("people", typist.staff()).data["difference"]["added"] == 5


def test_what_came_in_is_told_by_school(typist: Typist) -> None:
    assert typist.type("people", typist.staff()).code == 0
    answer = typist.type("pupils", typist.pupils(range(2)))
    assert "\n  Oak Primary School: two pupils are new\n" in answer.out


def test_the_rest_is_taken_when_bad_rows_are_left_out(typist: Typist) -> None:
    bad = ("eve", "Eve Stone", "not-an-address", "oak", "staff", "", "")
    answer = typist.json("people", typist.staff(*STAFF, bad), "--skip-bad")
    assert (answer.code, answer.data["outcome"]) == (1, "done")
    assert answer.data["refused_rows"] == 1
    assert answer.data["difference"]["added"] == 5
    assert typist.json("people", typist.staff()).data["outcome"] == "nothing_new"


def test_a_row_that_a_bad_one_takes_along_is_named(typist: Typist) -> None:
    """Else a wish not to be shown is lost without a word, because of a slip in another row."""
    columns = (*PEOPLE, "may_be_shown")

    def row(number: int, school: str = "oak") -> tuple[str, ...]:
        role = "supply" if number else "staff"
        day = f"2027-01-{number:02}" if number else ""
        return ("ann", "Ms Ann Reed", "", school, role, "", "", day, day, "no")

    def noted(rows: int) -> str:
        lines = (*map(row, range(rows)), row(0, "nowhere"), STAFF[1])
        file = typist.write("people.csv", columns, lines)
        assert typist.json("people", file, "--dry-run").data["notes"] == []
        answer = typist.json("people", file, "--skip-bad", "--dry-run")
        assert answer.data["difference"]["added"] == 1
        note: str = answer.data["notes"][0]
        return note

    why = "left out too, because another row about the same person is refused."
    assert noted(1) == f"Line 2 is {why}"
    assert noted(2) == f"Lines 2 and 3 are {why}"
    assert noted(25).endswith(f" 20, 21 and 5 more are {why}")


def test_a_change_of_a_wish_is_told(typist: Typist) -> None:
    columns = (*PEOPLE, "may_be_named", "may_be_shown")

    def asking(named: str, shown: str) -> list[str]:
        row = (*STAFF[0], *[""] * (len(PEOPLE) - len(STAFF[0])), named, shown)
        file = typist.write("people.csv", columns, [row])
        (detail,) = typist.json("people", file).data["details"]
        found: list[str] = detail["what"]
        return found

    assert asking("yes", "no")[-1] == "may_be_shown no"
    assert asking("no", "yes") == ["may_be_named yes → no", "may_be_shown no → yes"]


def test_a_missing_column_is_named(typist: Typist) -> None:
    """And nothing of the row that stands where the names of columns should."""
    columns = [name for name in PUPILS if name != "legal_forename"]
    file = typist.write("pupils.csv", columns, [])
    answer = typist.type("pupils", file)
    assert answer.code == 1
    assert "The file has no column “legal_forename”." in answer.out
    headless = typist.write("pupils.csv", ("N1", "oak", NAME), [])
    for arguments in ((), ("--json",), ("--skip-bad",)):
        answer = typist.type("pupils", headless, *arguments)
        assert answer.code == 1
        assert NAME.casefold() not in (answer.out + answer.err).casefold()


def test_rights_of_people_we_do_not_know(office: Typist) -> None:
    answer = office.type("accounts", office.page(moderators="ann;bib"))
    assert answer.code == 1
    assert "There is no person “bib”. Did you mean bob?" in answer.out


def test_a_chat_identity_of_somebody_else(office: Typist) -> None:
    file = office.staff(("bob", "Mr Bob Lund", "", "oak", "staff", "U0000ANN1"))
    answer = office.json("people", file)
    assert answer.code == 1
    (problem,) = answer.data["problems"]
    assert problem == {
        "line": 2,
        "column": "slack_user_id",
        "sentence": "This chat identity is that of “ann”.",
    }


def test_consents_of_strangers(office: Typist) -> None:
    office.type("pupils", office.pupils(range(60)))
    office.type("pupils", office.pupils(range(1, 60)))
    elm = {"account_id": "elm-page", "school": "elm", "moderators": "elle"}
    office.type("accounts", office.page(**elm), "--confirmed-by", "lead")
    good = ("N1", "oak", "photo", "all", "granted", "2026-09-07", "", "parent_or_carer")
    file = office.consents(
        good,
        ("N0", "oak", "photo", "all", "granted"),
        ("N99", "oak", "photo", "all", "granted"),
        ("N2", "oak", "photo", "elm-page", "refused"),
        ("N3", "oak", "photo", "facebook", "refused"),
    )
    answer = office.json("consents", file)
    assert answer.code == 1
    assert [(one["line"], one["column"], one["sentence"]) for one in answer.data["problems"]] == [
        (3, "pupil_id", "This pupil has left the school."),
        (4, "pupil_id", "This pupil isn't on the school's roll."),
        (5, "scope", "This account belongs to another school."),
    ]
    taken = office.json("consents", file, "--skip-bad")
    assert (taken.code, taken.data["difference"]["added"]) == (1, 2)


def test_consents_before_the_accounts(typist: Typist) -> None:
    typist.type("pupils", typist.pupils(range(3)))
    file = typist.consents(("N1", "oak", "photo", "oak-facebook", "granted"))
    answer = typist.type("consents", file)
    assert answer.code == 1
    assert "No accounts of this school are in the register yet. Import them first" in answer.out
    assert "schoolgate import accounts FILE" in answer.out
    assert "Did you mean" not in answer.out
    assert "--skip-bad" not in answer.out


WIDE = ("Adno", "Surname", "Forename", "Local walks")
LONG = ("Adno", "Consent Type", "Consent Status", "Informed By")


@pytest.mark.parametrize(
    ("kind", "columns", "other"),
    [
        ("consents", PUPILS, "pupils"),
        ("consents", WIDE[:3], "pupils"),
        ("consents", PEOPLE, "people"),
        ("pupils", CONSENTS, "consents"),
        ("pupils", LONG, "consents"),
        ("pupils", ACCOUNTS, "accounts"),
        ("accounts", PEOPLE, "people"),
        ("accounts", PUPILS, "pupils"),
        ("people", ACCOUNTS, "accounts"),
        ("people", CONSENTS, "consents"),
        ("people", WIDE, "pupils"),
    ],
)
def test_a_file_of_another_kind_is_told(
    typist: Typist, kind: str, columns: tuple[str, ...], other: str
) -> None:
    file = typist.write("list.csv", columns, [(NAME,)])
    answer = typist.type(kind, file, *(("--school", "oak") if "Adno" in columns else ()))
    assert answer.code == 1
    assert f"This looks like the list of {other}, not of {kind}." in answer.out
    assert f"schoolgate import {other} FILE" in answer.out
    assert "Nothing was imported" in answer.out
    assert "column" not in answer.out.partition("\n")[2]
    assert NAME not in answer.out


@pytest.mark.parametrize(
    ("kind", "columns"),
    [
        *(("pupils", one) for one in (PUPILS, WIDE, (*WIDE, "Consent", "Response"))),
        *(("consents", one) for one in (CONSENTS, WIDE, LONG, (*PUPILS, "Website"))),
        ("people", (*PEOPLE, "account_id")),
        ("accounts", (*ACCOUNTS, "person_id")),
        ("people", ("N1", "oak", NAME)),
    ],
)
def test_a_file_that_may_be_of_its_kind_is_read_as_such(
    typist: Typist, kind: str, columns: tuple[str, ...]
) -> None:
    file = typist.write("list.csv", columns, [])
    assert "This looks like" not in typist.type(kind, file).out


def test_every_fault_of_a_line_is_told_at_once(office: Typist) -> None:
    office.type("pupils", office.pupils(range(3)))
    office.type("pupils", office.pupils(range(1, 3)), "--closing", "1")
    file = office.consents(
        ("N1", "oak", "photo", "all", "granted", "", "", "mum"),
        ("N99", "oak", "photo", "all", "yes", "", "", "mum"),
        ("N0", "oak", "photo", "nowhere", "granted"),
    )
    problems = office.json("consents", file).data["problems"]
    assert [(one["line"], one["column"]) for one in problems] == [
        (2, "informed_by"),
        (3, "status"),
        (3, "informed_by"),
        (3, "pupil_id"),
        (4, "scope"),
        (4, "pupil_id"),
    ]


# -- 64, 65, 78 -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("pupilz", "pupils.csv"), "KIND can't be “pupilz”. Did you mean pupils?"),
        (("grid", "pupils.csv"), "There is people, accounts, pupils, consents."),
        (("pupils", "p.csv", "--closing", "x"), "--closing must be a whole number from 0, not “x”"),
        (("pupils", "pupils.csv", "--school", "oka"), "There is no school “oka”"),
        (("pupils", "pupils.csv", "--school", "trust"), "there is no school “trust”"),
        (("people", "people.csv", "--closing", "3"), "only pupils leave a roll"),
        (("pupils", "pupils.csv", "--confirmed-by", "head"), "pupils give nobody rights"),
        (("pupils", "pupils.csv", "--closing", "-1"), "closing"),
        (("pupils", "pupils.csv", "--heading", "Chosen"), "Heading=column"),
        (("consents", "c.csv", "--type", "Web=photo:all"), "--said-by a person of it"),
        (("consents", "c.csv", "--type", "Web", "--school", "oak"), "Type=purpose:scope"),
        (("consents", "c.csv", "--purpose", "photo"), "go together"),
        (("consents", "c.csv", "--purpose", "photo", "--scope", " "), "an account's id"),
        (("pupils",), "file"),
        (("pupils", "pupils.csv", "--nonsense"), "nonsense"),
    ],
)
def test_wrong_usage(typist: Typist, arguments: tuple[str, ...], said: str) -> None:
    answer = typist.type(*arguments)
    assert answer.code == 64
    assert said.casefold() in answer.err.casefold()


def test_a_confirmer_who_is_nobody(office: Typist) -> None:
    answer = office.type("accounts", office.page(moderators="ann;head"), "--confirmed-by", "leed")
    assert answer.code == 64
    assert "names leed, who isn't in the register" in answer.out


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (None, "There is no file pupils.csv."),
        (b"", "This file is empty"),
        (b"PK\x03\x04 a workbook", "This workbook or zip file is damaged"),
        (
            b"<CTfile><Header/></CTfile>",
            "Common Transfer File. It carries what Schoolgate must not",
        ),
        (b"pupil_id,school\nN1\n", "Line 2 is uneven"),
    ],
)
def test_a_file_that_cannot_be_read(typist: Typist, content: bytes | None, said: str) -> None:
    path = typist.folder / "pupils.csv"
    if content is not None:
        path.write_bytes(content)
    answer = typist.type("pupils", str(path))
    assert (answer.code, answer.out) == (65, "")
    assert said in answer.err
    told = typist.json("pupils", str(path))
    assert told.code == 65
    assert said in told.data["sentences"][0]


def test_without_a_key(typist: Typist, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SCHOOLGATE_KEYS")
    answer = typist.type("people", typist.staff())
    assert answer.code == 78
    assert "A key is missing" in answer.err


def test_without_settings(typist: Typist, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SCHOOLGATE_CONFIG", str(typist.folder / "elsewhere.yaml"))
    assert typist.type("people", typist.staff()).code == 78


def test_a_database_that_is_not_ready(typist: Typist, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SCHOOLGATE_DATABASE__AUTO_UPGRADE", "false")
    answer = typist.type("people", typist.staff())
    assert answer.code == 78
    assert "db upgrade" in answer.err


def test_another_key_than_the_databases(office: Typist, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SCHOOLGATE_KEYS", secrets()["SCHOOLGATE_KEYS"])
    answer = office.type("people", office.staff())
    assert answer.code == 78
    assert "keys" in answer.err


# -- as a program ---------------------------------------------------------------------------------


def test_beside_a_running_server(office: Typist) -> None:
    """One `schoolgate run` holds the file; an import opens it beside."""
    database = Database(f"sqlite:///{office.folder}/data/schoolgate.db")
    database.claim()
    try:
        assert office.type("pupils", office.pupils(range(3))).code == 0
    finally:
        asyncio.run(database.close())


def test_as_a_program(office: Typist) -> None:
    """In a pipe: no colour, no line broken to a width, the code as the process's own."""
    file = office.page(moderators="ann;bob;head")
    done = subprocess.run(
        [sys.executable, "-c", "from bot.cli import main; main()", "import", "accounts", file],
        env={**os.environ, "COLUMNS": "40"},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert done.returncode == 3, done.stderr
    assert "\x1b" not in done.stdout
    asked = next(line for line in done.stdout.splitlines() if line.startswith("For Oak"))
    assert len(asked) > 40
