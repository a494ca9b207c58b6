"""pupils.csv: the whole roster, and never a child in what is said about it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given, strategies as st

from bot.imports import pupils
from bot.imports.parsed import RefusedRow
from bot.imports.pupils import LAYOUT, LAYOUT_OF_CHECK
from moderation.checks.model import PupilName
from moderation.kernel import PupilKey, SchoolId
from tests.bot.imports.office import (
    HILLSIDE,
    OAKFIELD,
    SCHOOLS,
    TODAY,
    assert_whole,
    grids,
    said,
    written,
)


if TYPE_CHECKING:
    from bot.imports.parsed import Parsed
    from bot.imports.pupils import PupilRecord
    from bot.tables import Table


AMELIA = {
    "pupil_id": "Z99",
    "school": "oakfield",
    "legal_forename": "Amelia Zoë",
    "preferred_forename": "Millie",
    "legal_surname": "Kovač-Quill",
    "preferred_surname": "Quill",
    "year_group": "4",
    "form": "4B",
}
NOAH = {
    "pupil_id": "Z98",
    "school": "hillside",
    "legal_forename": "Noah",
    "legal_surname": "Q",
}


def file(*rows: dict[str, str]) -> Table:
    return written(LAYOUT.needed, rows)


def parse(table: Table, school: SchoolId | None = None) -> Parsed[PupilRecord]:
    return pupils.parse(table, schools=SCHOOLS, school=school, today=TODAY)


def test_a_pupil_is_read_whole() -> None:
    table = file(AMELIA, NOAH)
    parsed = parse(table)

    assert_whole(table, parsed)
    assert [record.about for record in parsed.rows] == [(OAKFIELD, "Z99"), (HILLSIDE, "Z98")]
    key = PupilKey("k")
    assert parsed.rows[0].name(key) == PupilName(
        pupil=key,
        legal_forename="Amelia Zoë",
        preferred_forename="Millie",
        legal_surname="Kovač-Quill",
        preferred_surname="Quill",
        year_group="4",
        form="4B",
    )
    assert parsed.rows[1].name(key) == PupilName(
        pupil=key, legal_forename="Noah", legal_surname="Q"
    )


def test_letters_are_composed_and_nothing_invisible_hides_in_a_name() -> None:
    parsed = parse(
        file(
            AMELIA
            | {"legal_forename": " Zoe\u0308 \u200bAnn\n\xa0Mae ", "legal_surname": "O\xadNeil"}
        )
    )

    assert parsed.rows[0].legal_forename == "Zoë Ann Mae"
    assert parsed.rows[0].legal_surname == "ONeil"


def test_a_number_may_hold_spaces_and_is_kept_as_it_is_written() -> None:
    assert parse(file(AMELIA | {"pupil_id": "H801 200 001"})).rows[0].number == "H801 200 001"
    assert parse(file(AMELIA | {"pupil_id": "000123"})).rows[0].number == "000123"


@pytest.mark.parametrize(
    ("cells", "column", "sentence"),
    [
        ({"pupil_id": ""}, "pupil_id", "This is empty."),
        ({"pupil_id": "8.2004E+12"}, "pupil_id", "A spreadsheet has rounded this number"),
        ({"school": "okfield"}, "school", "No such school. Did you mean oakfield?"),
        ({"school": "Kovač-Quill"}, "school", "No such school. There is oakfield, hillside and"),
        ({"school": "oakfield;hillside"}, "school", "One school only, please."),
        ({"legal_forename": ""}, "legal_forename", "a pupil with one name only has it in both"),
        ({"legal_surname": "--"}, "legal_surname", "This has no letters, so it isn't a name."),
        ({"legal_surname": "KovaÄ\x8d"}, "legal_surname", "The letters are damaged"),
        ({"preferred_forename": "ZoÃ«"}, "preferred_forename", "The letters are damaged"),
        ({"preferred_surname": "Q" * 121}, "preferred_surname", "This is over 120 characters"),
        ({"form": "x" * 41}, "form", "This is over 40 characters long."),
    ],
)
def test_a_wrong_cell_is_answered_in_a_sentence(
    cells: dict[str, str], column: str, sentence: str
) -> None:
    table = file(NOAH, AMELIA | cells)
    parsed = parse(table)

    assert_whole(table, parsed)
    ((line, where, what),) = said(parsed)
    assert (line, where) == (3, column)
    assert sentence in what


def test_one_pupil_twice_in_a_school_is_refused_in_every_row() -> None:
    table = file(AMELIA, NOAH, AMELIA | {"legal_surname": ""}, AMELIA)
    parsed = parse(table)

    assert_whole(table, parsed)
    doubled = [problem for problem in said(parsed) if problem[1] == "pupil_id"]
    assert doubled == [
        (2, "pupil_id", "Line 4 has the same pupil of this school."),
        (4, "pupil_id", "Line 2 has the same pupil of this school."),
        (5, "pupil_id", "Line 4 has the same pupil of this school."),
    ]
    assert [record.about for record in parsed.rows] == [(HILLSIDE, "Z98")]


def test_two_schools_may_use_the_same_number() -> None:
    assert parse(file(AMELIA, NOAH | {"pupil_id": "Z99"})).problems == ()


def test_what_a_refused_row_was_about_is_known_so_that_nobody_seems_to_have_left() -> None:
    parsed = parse(file(AMELIA | {"legal_surname": ""}, NOAH))

    assert parsed.refused == (RefusedRow(2, (OAKFIELD, "Z99")),)
    assert not parsed.blind
    assert parse(file(AMELIA | {"school": ""}, NOAH)).blind


def test_a_file_that_lacks_a_column_names_it_and_what_it_may_be_called() -> None:
    table = written(
        ["pupil_id", "school", "forename", "preferred_forename", "legal_surname", "year", "form"],
        [{"pupil_id": "Z99"}],
    )
    parsed = parse(table)

    assert not parsed.readable
    assert said(parsed) == [
        (
            1,
            "legal_forename",
            "The file has no column “legal_forename”. Is it the one named “forename”?",
        ),
        (1, "preferred_surname", "The file has no column “preferred_surname”."),
        (1, "year_group", "The file has no column “year_group”. Is it the one named “year”?"),
    ]


def test_a_file_without_a_header_gives_nobody_away() -> None:
    parsed = parse(written(AMELIA.values(), []))

    assert not parsed.readable
    for name in ("Amelia", "Millie", "Quill", "Z99"):
        assert name.casefold() not in str(said(parsed)).casefold()


def test_for_a_check_the_number_and_the_legal_names_are_enough() -> None:
    table = written(
        ["pupil_id", "legal_forename", "legal_surname"],
        [{"pupil_id": "Z99", "legal_forename": "Amelia", "legal_surname": "Quill"}],
    )
    unnamed = pupils.parse(table, schools=None, school=None, today=TODAY)
    named = pupils.parse(table, schools=None, school=SchoolId("elsewhere"), today=TODAY)

    assert unnamed.problems == named.problems == ()
    assert [record.about for record in unnamed.rows] == [("", "Z99")]
    assert [record.about for record in named.rows] == [("elsewhere", "Z99")]


def test_an_empty_roster_is_a_roster() -> None:
    parsed = parse(file())

    assert (parsed.rows, parsed.problems, parsed.readable) == ((), (), True)


MARK = "Qwyx"
marked = st.text(max_size=8).map(lambda text: f"{MARK}{text}")
faults = st.sampled_from(["", ";", "\ufffd", "1E+5", "x" * 121])


@given(
    grids(
        LAYOUT.needed,
        ["oakfield", "hillside", ""],
        st.tuples(marked | faults, faults).map("".join),
    )
)
def test_whatever_the_cells_every_row_is_a_record_or_a_problem_and_no_cell_is_repeated(
    table: Table,
) -> None:
    parsed = parse(table)

    assert_whole(table, parsed)
    for shown in (*map(repr, parsed.rows), repr(parsed), str(parsed.problems), str(parsed.refused)):
        assert MARK not in shown


@given(
    st.lists(
        st.fixed_dictionaries(
            {
                "pupil_id": st.from_regex(r"[A-Z][0-9]{12}", fullmatch=True),
                "school": st.sampled_from([OAKFIELD, HILLSIDE]),
            }
            | dict.fromkeys(
                LAYOUT.needed[2:],
                st.from_regex(
                    r"[A-ZÀ-ÖØ-ÞŁŞ][a-zß-öø-ÿłş]{0,9}([ '’-][A-Z][a-z]{1,8})?", fullmatch=True
                ),
            )
        ),
        unique_by=lambda row: (row["school"], row["pupil_id"]),
        max_size=8,
    )
)
def test_every_roster_is_read_back(rows: list[dict[str, str]]) -> None:
    parsed = parse(file(*rows))

    assert parsed.problems == ()
    assert [
        {"pupil_id": record.number}
        | {name: getattr(record, name) for name in LAYOUT.needed if name != "pupil_id"}
        for record in parsed.rows
    ] == rows


def test_a_check_reads_no_column_that_an_import_does_not() -> None:
    assert {*LAYOUT_OF_CHECK.needed, *LAYOUT_OF_CHECK.optional} == {
        *LAYOUT.needed,
        *LAYOUT.optional,
    }
