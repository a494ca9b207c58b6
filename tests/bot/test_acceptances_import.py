"""``schoolgate import-acceptances`` as it is typed."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from bot.cli import execute
from tests.bot.imports.sheets import STAFF
from tests.bot.imports.typist import Typist
from tests.bot.installation import APP_YAML, secrets, write_settings
from tests.proves import proves


if TYPE_CHECKING:
    from pathlib import Path

Said = pytest.CaptureFixture[str]
ASKS = APP_YAML.replace(
    "domains: [oak.example] }", "domains: [oak.example], settings: { accept_policy: 2026-09 } }"
)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Said) -> Path:
    """An installation that asks for the policy, with the trust's people in its register."""
    monkeypatch.setenv("SCHOOLGATE_CONFIG", str(write_settings(tmp_path, ASKS)))
    monkeypatch.setenv("SCHOOLGATE_DATABASE__URL", f"sqlite:///{tmp_path / 'schoolgate.db'}")
    for name, value in secrets().items():
        monkeypatch.setenv(name, value)
    typist = Typist(tmp_path, capsys)
    staff = [(id_, name, f"{id_}@oak.example", *rest) for id_, name, _, *rest in STAFF]
    assert typist.type("people", typist.staff(*staff)).code == 0
    return tmp_path


def typed(said: Said, *arguments: str) -> tuple[int, str, str]:
    said.readouterr()
    code = execute(list(arguments))
    out, err = said.readouterr()
    assert "Traceback" not in out + err
    return code, out, err


def brought(folder: Path, said: Said, text: str, *options: str) -> tuple[int, str, str]:
    file = folder / "accepted.csv"
    file.write_text(text, encoding="utf-8")
    return typed(said, "import-acceptances", str(file), "--school", "oak", *options)


def accepted(said: Said) -> dict[str, tuple[str, str, str]]:
    lines = json.loads(typed(said, "acceptances", "--json")[1])["acceptances"]
    return {
        line["person"]: (line["edition"], line["accepted"], line["where"])
        for line in lines
        if line["accepted"]
    }


@proves("AUR-ACK-2")
def test_an_acceptance_made_elsewhere_is_kept_with_person_edition_day_and_place(
    folder: Path, capsys: Said
) -> None:
    text = "Person,Accepted on\nann,2026-09-04\nbob,04/09/2026\nhead,not yet\n"
    options = ("--edition", "2026-09", "--where", "HR system")
    code, out, err = brought(folder, capsys, text, *options)
    assert (code, err) == (0, "")
    assert out == "Two acceptances noted.\nNot yet, by the list: 1.\n"
    day = ("2026-09", "2026-09-04T00:00:00+01:00", "HR system")
    assert accepted(capsys) == {"ann": day, "bob": day}
    with closing(sqlite3.connect(folder / "schoolgate.db")) as raw:
        [row] = raw.execute(
            "SELECT count(*) FROM audit_event WHERE tag = 'policy:accepted_elsewhere'"
        )
    assert row == (2,)

    code, out, _ = brought(folder, capsys, text.replace("not yet", "2026-09-05"), *options)
    assert (code, out) == (0, "One acceptance noted.\nNoted before: 2.\n")
    assert accepted(capsys)["ann"] == day


def test_our_own_list_can_be_brought_back(folder: Path, capsys: Said) -> None:
    text = "person,edition,accepted,where\nann,2025-09,2025-09-04T09:30:00+01:00,slack\n"
    assert brought(folder, capsys, text, "--older")[0] == 0
    lines = typed(capsys, "acceptances", "--csv")[1]
    assert "2025-09,2025-09-04T09:30:00+01:00,slack" in lines
    assert brought(folder, capsys, lines)[0] == 0


@pytest.mark.parametrize("edition", ["2026-90", "2027-09", "2025-09"])
def test_an_edition_that_nobody_knows_is_asked_about(
    folder: Path, capsys: Said, edition: str
) -> None:
    text = f"person,accepted,edition\nann,2026-09-04,2026-09\nbob,2026-09-04,{edition}\n"
    code, out, err = brought(folder, capsys, text, "--where", "paper")
    assert (code, out) == (65, "")
    assert err == (
        f"Line 3: {edition} is neither today's edition (2026-09) nor one that was accepted here "
        "before; if it is right, say --older.\nNothing was noted.\n"
    )
    assert accepted(capsys) == {}

    assert brought(folder, capsys, text, "--where", "paper", "--older")[0] == 0
    assert accepted(capsys)["bob"][0] == edition
    more = f"person,accepted,edition\nhead,2026-09-05,{edition}\n"
    code, out, _ = brought(folder, capsys, more, "--where", "paper")
    assert (code, out) == (0, "One acceptance noted.\n")


def test_a_dry_run_counts_and_notes_nothing(folder: Path, capsys: Said) -> None:
    text = (
        "person,accepted,edition\nann,2026-09-04,2026-09\nbob,2026-09-04,2025-09\n"
        "head,2026-09-04,2025-09\n"
    )
    options = ("--where", "paper", "--older", "--dry-run")
    code, out, err = brought(folder, capsys, text, *options)
    assert (code, err) == (0, "")
    assert out == (
        "Three acceptances would be noted.\nEdition 2025-09: 2.\nEdition 2026-09: 1.\n"
        "Nothing was noted.\n"
    )
    assert accepted(capsys) == {}


def test_a_list_that_fails_in_its_middle_leaves_nothing(folder: Path, capsys: Said) -> None:
    with closing(sqlite3.connect(folder / "schoolgate.db")) as raw:
        raw.execute(
            "CREATE TRIGGER no_bob BEFORE INSERT ON acceptance WHEN NEW.person_id = 'bob' "
            "BEGIN SELECT RAISE(ABORT, 'no disk'); END"
        )
        raw.commit()
    text = "person,accepted\nann,2026-09-04\nbob,2026-09-04\nhead,2026-09-04\n"
    options = ("--edition", "2026-09", "--where", "paper")
    code, out, _ = brought(folder, capsys, text, *options)
    assert (code, out) == (78, "")
    assert accepted(capsys) == {}
    with closing(sqlite3.connect(folder / "schoolgate.db")) as raw:
        raw.execute("DROP TRIGGER no_bob")
        raw.commit()
    code, out, _ = brought(folder, capsys, text + "ann,2026-09-04\n", *options)
    assert (code, out) == (0, "Three acceptances noted.\nNoted before: 1.\n")


def test_whoever_works_here_no_more_holds_up_the_whole_list(folder: Path, capsys: Said) -> None:
    text = "person,accepted\nann,2026-09-04\nzed,2026-09-04\n"
    typist = Typist(folder, capsys)
    staff = [(id_, name, f"{id_}@oak.example", *rest) for id_, name, _, *rest in STAFF]
    ended = ("", "", "2025-09-01", "2026-02-28")
    staff.append(("zed", "Mr Zed Ash", "zed@oak.example", "oak", "staff", *ended))
    assert typist.type("people", typist.staff(*staff)).code == 0
    code, out, err = brought(folder, capsys, text, "--edition", "2026-09", "--where", "paper")
    assert (code, out) == (65, "")
    assert err == "Line 3: They work nowhere at this school today.\nNothing was noted.\n"
    assert accepted(capsys) == {}


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("person,accepted\nnobody,2026-09-04\n", "Line 2: Nobody of this school has this id"),
        ("person,accepted\nann,soon\n", "Line 2: Write a date as 2026-09-01 or 01/09/2026."),
        ("person,accepted\nann,2099-09-04\n", "Line 2: That day hasn't come yet."),
        ("person,accepted,edition\nann,2026-09-04,two words\n", "Line 2: The edition must be"),
        ("person,accepted,where\nann,2026-09-04,<b>\n", "Line 2: Where it was said must be"),
        ("person,when\nann,2026-09-04\n", "No column says when: name one accepted."),
        ("who,accepted\nann,2026-09-04\n", "No column says who: name one person."),
    ],
)
def test_a_list_with_a_wrong_line_is_taken_not_at_all(
    folder: Path, capsys: Said, text: str, problem: str
) -> None:
    good = "bob,2026-09-04\n" if text.count(",") == 2 else ""
    options = ("--edition", "2026-09", "--where", "paper")
    code, out, err = brought(folder, capsys, text + good, *options)
    assert (code, out) == (65, "")
    assert err.startswith(problem)
    assert err.endswith("Nothing was noted.\n")
    assert accepted(capsys) == {}


def test_what_the_list_doesnt_say_the_options_must(folder: Path, capsys: Said) -> None:
    text = "person,accepted\nann,2026-09-04\n"
    code, _, err = brought(folder, capsys, text)
    assert code == 65
    assert err.startswith("No column says edition: name one edition, or --edition.")
    code, _, err = brought(folder, capsys, text, "--edition", "2026-09")
    assert err.startswith("No column says where: name one where, or --where.")


def test_people_are_found_by_their_address(folder: Path, capsys: Said) -> None:
    text = "E-mail,Date\nANN@oak.example,2026-09-04\n"
    options = ("--edition", "2026-09", "--where", "paper")
    code, out, err = brought(folder, capsys, text, *options)
    assert (code, out) == (0, "One acceptance noted.\n"), err


def test_another_school_and_no_file_are_one_sentence(folder: Path, capsys: Said) -> None:
    file = str(folder / "none.csv")
    code, _, err = typed(capsys, "import-acceptances", file, "--school", "ash")
    assert code == 64
    assert "oak" in err
    code, _, err = typed(capsys, "import-acceptances", file, "--school", "oak")
    assert code == 65
    assert "There is no file" in err
