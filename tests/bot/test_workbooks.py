"""Workbooks: what somebody sees in the spreadsheet is what is read, or a sentence says why not."""

from __future__ import annotations

import io
import zipfile
from datetime import date, datetime, time

import pytest
from hypothesis import given, strategies as st

from bot import workbooks
from bot.tables import TableError, parse_table
from bot.workbooks import NoWorkbookError, sheets
from tests.bot.workbook import workbook


HEADER = ["pupil_id", "surname"]
CANARY = "Zephyrine"


def rows(data: bytes) -> list[tuple[int, dict[str, str]]]:
    return [(line, dict(cells)) for line, cells in parse_table(data).rows]


def without(data: bytes, part: str, instead: bytes | None = None, name: str = "") -> bytes:
    """The same file with one part left out, put in or exchanged."""
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(file, "w") as new:
        for info in old.infolist():
            if info.filename != part:
                new.writestr(info.filename, old.read(info.filename))
        if instead is not None:
            new.writestr(name or part, instead)
    return file.getvalue()


def test_cells_are_read_as_they_are_seen() -> None:
    data = workbook(
        [
            ["number", "padded", "day", "moment", "told", "words", "part"],
            [123, 42, date(2026, 9, 1), datetime(2026, 9, 1, 8, 30), True, "  Zoë\xa0", 1.5],  # noqa: DTZ001 -- a spreadsheet knows no zone
            [4.0, "00042", datetime.combine(date(2026, 9, 1), time()), None, False, "", 7],
        ],
        formats={"B2": "00000"},
    )

    table = parse_table(data)

    assert table.assumed == "Read as an Excel workbook."
    assert [tuple(cells.values()) for _line, cells in table.rows] == [
        ("123", "00042", "2026-09-01", "2026-09-01 08:30:00", "yes", "Zoë", "1.5"),
        ("4", "00042", "2026-09-01", "", "no", "", "7"),
    ]


def test_a_number_that_a_spreadsheet_has_rounded_is_not_taken_for_one() -> None:
    assert (
        rows(workbook([HEADER, [8_200_400_123_456_789, "Reed"]]))[0][1]["pupil_id"] == "8.200E+15"
    )


def test_rows_keep_their_numbers_and_empty_ones_are_left_out() -> None:
    assert rows(workbook([HEADER, [], ["Z1", "Reed"], [None, ""], ["Z2"]])) == [
        (3, {"pupil_id": "Z1", "surname": "Reed"}),
        (5, {"pupil_id": "Z2", "surname": ""}),
    ]


def test_the_list_is_found_among_empty_and_hidden_sheets() -> None:
    data = workbook([], [[CANARY]], [HEADER, ["Z1", "Reed"]], hidden=[1])

    assert len(rows(data)) == 1


def test_two_sheets_with_something_in_them_are_not_chosen_between() -> None:
    with pytest.raises(TableError, match="More than one sheet"):
        parse_table(workbook([HEADER], [HEADER]))


def test_of_two_sheets_the_one_with_known_headings_is_the_list() -> None:
    data = workbook([["About this export"]], [["Pupils of today"], HEADER, ["Z1", "Reed"]])

    table = parse_table(data, lambda names: "pupil_id" in names)

    assert table.header_line == 2
    assert table.assumed == "Read as an Excel workbook. Its columns are named in line 2."
    assert len(table.rows) == 1


def test_a_formula_gives_its_value_and_a_failed_one_names_its_cell() -> None:
    data = workbook([HEADER, ["Z1", "=1/0"]])
    failed = without(
        data,
        "xl/worksheets/sheet1.xml",
        b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
        b'<row r="1"><c r="A1" t="inlineStr"><is><t>pupil_id</t></is></c></row>'
        b'<row r="2"><c r="A2" t="e"><v>#DIV/0!</v></c></row></sheetData></worksheet>',
    )

    with pytest.raises(TableError, match=r"Cell A2 holds a formula that failed"):
        parse_table(failed)


@pytest.mark.parametrize(
    ("part", "name", "sentence"),
    [
        ("", "xl/vbaProject.bin", "holds macros"),
        ("xl/workbook.xml", "word/document.xml", "a Word document"),
        ("xl/workbook.xml", "xl/workbook.bin", "a binary workbook"),
        ("xl/workbook.xml", "content.xml", "an OpenDocument file"),
        ("xl/workbook.xml", "pupils.csv", "a zip file: unpack it first"),
        ("xl/worksheets/sheet1.xml", "xl/worksheets/sheet1.xml", "damaged"),
        ("xl/workbook.xml", "xl/workbook.xml", "damaged"),
    ],
)
def test_what_is_no_plain_workbook_is_refused_in_a_sentence(
    part: str, name: str, sentence: str
) -> None:
    data = without(workbook([HEADER, [CANARY]]), part, CANARY.encode(), name)

    with pytest.raises(TableError) as refused:
        parse_table(data)

    assert sentence in str(refused.value)
    assert CANARY not in str(refused.value)


def test_a_workbook_too_large_once_unpacked_is_never_unpacked(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(workbooks, "LARGEST_UNPACKED", 1000)

    with pytest.raises(NoWorkbookError, match="far too large once unpacked"):
        sheets(workbook([HEADER]))


def test_rows_without_end_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workbooks, "MOST_ROWS", 3)

    with pytest.raises(NoWorkbookError, match="over 3 rows"):
        sheets(workbook([HEADER, *([["Z", "Q"]] * 4)]))


WHOLE = workbook([HEADER, [CANARY, 7]])


@given(st.data())
def test_no_damage_does_more_than_be_refused(data: st.DataObject) -> None:
    at = data.draw(st.integers(min_value=4, max_value=len(WHOLE) - 1))
    cut = data.draw(st.integers(min_value=0, max_value=20))
    damaged = WHOLE[:at] + data.draw(st.binary(max_size=20)) + WHOLE[at + cut :]

    try:
        parse_table(damaged)
    except TableError as refused:
        assert CANARY not in str(refused)  # noqa: PT017 -- it may also be read, which is fine
