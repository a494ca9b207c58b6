"""The folder that a school's system writes into: taken, or set aside with a report."""

from __future__ import annotations

import json
import os
import time
from typing import TYPE_CHECKING

import pytest

from bot.cli import execute
from bot.imports.folder import FOLDER, SETTLED
from tests.bot.imports.sheets import CONSENTS, PUPILS
from tests.bot.imports.typist import NAME, Typist
from tests.bot.installation import secrets, write_settings


if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def office(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Typist:
    monkeypatch.setenv("SCHOOLGATE_CONFIG", str(write_settings(tmp_path)))
    for name, value in secrets().items():
        monkeypatch.setenv(name, value)
    typist = Typist(tmp_path, capsys)
    assert typist.type("people", typist.staff()).code == 0
    return typist


def leaves(office: Typist, name: str, *rows: tuple[str, ...], age: float = SETTLED + 1) -> Path:
    """The school's system has written a file for Oakfield some time ago."""
    folder = office.folder / "data" / FOLDER / "oak"
    folder.mkdir(parents=True, exist_ok=True)
    columns = PUPILS if name.startswith("pupils") else CONSENTS
    office.write(name, columns, rows)
    path = folder / name
    (office.folder / name).rename(path)
    then = time.time() - age
    os.utime(path, (then, then))
    return path


def reads(office: Typist) -> tuple[int, str]:
    code = execute(["import-folder"])
    out, err = office.said.readouterr()
    assert NAME not in out + err
    return code, out


AMELIA = ("N1", "", NAME, "", "Quill", "", "4", "4B")
YES = ("N1", "", "photo", "all", "granted", "2026-09-01", "", "parent_or_carer")


def test_pupils_are_read_before_their_permissions_and_no_copy_stays(office: Typist) -> None:
    files = [leaves(office, "consents.csv", YES), leaves(office, "pupils-today.csv", AMELIA)]

    assert reads(office) == (
        0,
        "oak/pupils-today.csv: taken, and deleted.\noak/consents.csv: taken, and deleted.\n",
    )
    assert [path.exists() for path in files] == [False, False]
    again = office.json("consents", office.consents(("N1", "oak", *YES[2:])))
    assert again.data["outcome"] == "nothing_new"


def test_a_file_with_a_fault_is_set_aside_whole_with_a_report_and_the_others_are_read(
    office: Typist,
) -> None:
    bad = leaves(office, "pupils.csv", AMELIA, ("N2", "", "", "", "Quill", "", "4", "4B"))
    good = leaves(office, "pupils2.csv", AMELIA)
    before = bad.read_bytes()

    code, out = reads(office)

    assert code == 1
    assert "oak/pupils.csv: set aside in refused/, with a report." in out
    aside = bad.parent / "refused" / "pupils.csv"
    assert (bad.exists(), good.exists()) == (False, False)
    assert aside.read_bytes() == before
    report = aside.with_name("pupils.csv.report.txt").read_text("utf-8")
    assert "line 3" in report
    assert "legal_forename" in report
    assert "This is empty" in report
    assert NAME not in report


def test_what_needs_somebodys_word_is_set_aside_with_what_to_type(office: Typist) -> None:
    office.type("pupils", office.pupils(range(60)))
    leaves(office, "pupils.csv", AMELIA)

    code, out = reads(office)

    assert code == 1
    assert "--closing 59" in out


def test_no_table_at_all_is_set_aside(office: Typist) -> None:
    path = leaves(office, "pupils.csv", AMELIA)
    path.write_bytes(b"<CTfile/>")
    os.utime(path, (0, 0))

    code, out = reads(office)

    assert code == 1
    assert "Common Transfer File" in out


def test_a_file_that_may_still_be_written_to_is_left(office: Typist) -> None:
    path = leaves(office, "pupils.csv", AMELIA, age=0)

    assert reads(office) == (
        0,
        "oak/pupils.csv: left for later: it may still be written to.\n",
    )
    assert path.exists()


def test_links_and_other_files_are_left_alone(office: Typist) -> None:
    path = leaves(office, "pupils.csv", AMELIA)
    path.rename(path.parent / "staff.csv")
    (path.parent / "pupils.csv").symlink_to(path.parent / "staff.csv")

    code, out = reads(office)

    assert code == 1
    assert out.startswith("oak/staff.csv: not read. Only .csv and .xlsx files are read whose names")
    assert len(out.splitlines()) == 1
    assert (path.parent / "staff.csv").exists()


def test_a_folder_of_no_school_is_told_with_the_names_that_there_are(office: Typist) -> None:
    path = leaves(office, "pupils.csv", AMELIA)
    path.parent.rename(path.parent.with_name("oaks"))
    (path.parent.with_name("empty")).mkdir()

    code, out = reads(office)

    assert code == 1
    assert out.startswith("oaks/: not read. There is no school “oaks”: name the folder oak")
    assert len(out.splitlines()) == 1


def stands(office: Typist) -> tuple[list[str], int]:
    """What stands out at Oakfield, and how many of its lists were refused."""
    execute(["status", "--json"])
    [oak] = [it for it in json.loads(office.said.readouterr().out)["schools"] if it["id"] == "oak"]
    return oak["concerns"], oak["lists_refused"]


def test_a_refused_list_stands_out_until_a_corrected_one_is_taken(office: Typist) -> None:
    leaves(office, "pupils.csv", AMELIA)
    assert reads(office)[0] == 0
    assert stands(office) == ([], 0)
    bad = leaves(office, "pupils.csv", AMELIA, ("N2", "", "", "", "Quill", "", "4", "4B"))
    assert reads(office)[0] == 1
    assert stands(office) == (["roster"], 1)
    assert execute(["status"]) == 1
    assert "refused" in office.said.readouterr().out
    execute(["doctor", "--json"])
    assert "list_refused" in office.said.readouterr().out
    leaves(office, "pupils.csv", AMELIA)
    assert reads(office)[0] == 0
    assert stands(office) == ([], 0)
    # No copy of the children's names is left, and no report on one.
    assert list((bad.parent / "refused").iterdir()) == []
