"""Tables as offices export them: the same rows in whatever dress, or a sentence."""

from __future__ import annotations

import re
from pathlib import Path
from typing import NamedTuple

import pytest
from hypothesis import given, strategies as st

from bot import tables
from bot.tables import Table, TableError, column_name, parse_table, read_table


class Dress(NamedTuple):
    """How the same table may be written down."""

    delimiter: str
    line_end: str
    quote_all: bool


class Encoding(NamedTuple):
    mark: bytes
    codec: str
    said: str


UNICODE = (
    Encoding(b"", "utf-8", "UTF-8"),
    Encoding(b"\xef\xbb\xbf", "utf-8", "UTF-8"),
    Encoding(b"\xff\xfe", "utf-16-le", "UTF-16"),
    Encoding(b"\xfe\xff", "utf-16-be", "UTF-16"),
    Encoding(b"", "utf-16-le", "UTF-16"),
    Encoding(b"", "utf-16-be", "UTF-16"),
)
WORDS = {",": "commas", ";": "semicolons", "\t": "tabs"}
MARKS = ',;\t"\n '

dresses = st.builds(
    Dress, st.sampled_from(",;\t"), st.sampled_from(["\n", "\r\n", "\r"]), st.booleans()
)
names = st.from_regex(r"[a-z][a-z0-9]{0,8}(_[a-z0-9]{1,8})?", fullmatch=True)
headers = st.lists(names, min_size=2, max_size=6, unique=True)
anything = st.text(
    st.characters(exclude_categories=("Cs", "Cc")) | st.sampled_from(MARKS), max_size=12
)
# No byte of these continues a UTF-8 sequence, so that they can't be mistaken for one.
western = st.text(
    st.characters(min_codepoint=0xC0, max_codepoint=0xFF) | st.sampled_from(MARKS + "abc"),
    max_size=12,
)


def grids(cells: st.SearchStrategy[str]) -> st.SearchStrategy[list[list[str]]]:
    """A header and some rows as wide."""
    return headers.flatmap(
        lambda header: st.lists(
            st.lists(cells, min_size=len(header), max_size=len(header)), max_size=8
        ).map(lambda rows: [header, *rows])
    )


def written(grid: list[list[str]], dress: Dress) -> tuple[str, list[int]]:
    """The file's text, and the line where each row begins."""

    def cell(value: str) -> str:
        if dress.quote_all or any(mark in value for mark in MARKS):
            return '"' + value.replace('"', '""') + '"'
        return value

    text, begins = "", []
    for row in grid:
        begins.append(1 + len(re.findall("\r\n|\r|\n", text)))
        text += dress.delimiter.join(map(cell, row)) + dress.line_end
    return text, begins


def expected(grid: list[list[str]], begins: list[int]) -> list[tuple[int, dict[str, str]]]:
    header, *rows = grid
    stripped = [[value.strip() for value in row] for row in rows]
    return [
        (line, dict(zip(header, row, strict=True)))
        for line, row in zip(begins[1:], stripped, strict=True)
        if any(row)
    ]


@given(grids(anything), dresses, st.sampled_from(UNICODE))
def test_every_table_is_read_back_in_every_encoding_and_with_every_delimiter(
    grid: list[list[str]], dress: Dress, encoding: Encoding
) -> None:
    text, begins = written(grid, dress)

    table = parse_table(encoding.mark + text.encode(encoding.codec))

    assert table.columns == tuple(grid[0])
    assert list(table.rows) == expected(grid, begins)
    assert table.assumed == (
        f"Read as {encoding.said} text with {WORDS[dress.delimiter]} between the columns."
    )


@given(grids(western), dresses)
def test_every_western_table_is_read_back_from_windows_1252(
    grid: list[list[str]], dress: Dress
) -> None:
    text, begins = written(grid, dress)

    table = parse_table(text.encode("cp1252"))

    assert list(table.rows) == expected(grid, begins)
    assert ("Windows-1252" in table.assumed) is not text.isascii()


@given(
    st.binary(max_size=400) | anything.map(str.encode) | anything.map(lambda t: t.encode("utf-16"))
)
def test_no_bytes_do_more_than_be_refused(data: bytes) -> None:
    try:
        table = parse_table(data)
    except TableError:
        return

    assert table.columns
    assert all(set(row) == set(table.columns) for _line, row in table.rows)
    assert all(value == value.strip() for _line, row in table.rows for value in row.values())


def read(text: str) -> Table:
    return parse_table(text.encode())


def test_a_header_is_compared_without_case_spaces_and_hyphens() -> None:
    table = read("Legal Forename,  YEAR-group ,Teams - AAD object ID\nAda,4,x\n")

    assert table.columns == ("legal_forename", "year_group", "teams_aad_object_id")
    assert table.rows == (
        (2, {"legal_forename": "Ada", "year_group": "4", "teams_aad_object_id": "x"}),
    )


@given(st.text(max_size=30))
def test_a_column_name_once_normalised_stays_as_it_is(text: str) -> None:
    name = column_name(text)

    assert not re.search(r"[\s-]|^_|_$|__", name)
    assert column_name(name) == name


def test_empty_rows_are_left_out_and_lines_still_count() -> None:
    table = read('\n\na,b\n\n1,"two\nlines"\n , \n,,\n3,4,,\n')

    assert table.header_line == 3
    assert table.rows == ((5, {"a": "1", "b": "two\nlines"}), (9, {"a": "3", "b": "4"}))


def test_nameless_columns_at_the_end_may_be_empty() -> None:
    assert read("a,b,,\n1,2,,\n").rows == ((2, {"a": "1", "b": "2"}),)


def test_delimiters_inside_quoted_names_and_in_cells_do_not_decide() -> None:
    assert read('d,"a;b;c"\n1,2\n').columns == ("d", "a;b;c")
    assert read("person,school\np1,a;b;c;d\n").rows == ((2, {"person": "p1", "school": "a;b;c;d"}),)


@pytest.mark.parametrize("first", ["sep=;\n", '"sep=;"\r\n', "SEP=;\r"])
def test_the_line_in_which_excel_names_the_delimiter_is_obeyed(first: str) -> None:
    table = read(f"{first}a,b;c\n1;2\n")

    assert table.columns == ("a,b", "c")
    assert [line for line, _row in table.rows] == [3]


def test_the_mark_with_which_old_programs_end_a_file_is_no_cell() -> None:
    assert read("a,b\n1,2\n\x1a").rows == ((2, {"a": "1", "b": "2"}),)


def test_apostrophes_and_pounds_of_windows_are_read() -> None:
    table = parse_table("name,fee\nO’Neill,£3 – é\n".encode("cp1252"))

    assert table.rows == ((2, {"name": "O’Neill", "fee": "£3 – é"}),)


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "is empty"),
        (b"\n , \r\n,,\n", "is empty"),
        (b"PK\x03\x04rest", "workbook or zip file is damaged: .* save the list as CSV or .xlsx"),
        (b"\xd0\xcf\x11\xe0rest", "older Excel or Word file.* save it as CSV"),
        (b"%PDF-1.7", "PDF.* save it as CSV"),
        (b"{\\rtf1 a,b}", "Word document"),
        (b"\x89PNG\r\n", "picture"),
        (b"\xff\xd8\xff\xe0", "picture"),
        (b"\x1f\x8b\x08", "compressed"),
        ("a,b\n1,2\n".encode("utf-32"), "UTF-32"),
        (b" \n<table><tr><td>a</td></tr></table>", "web page"),
        (b"a,b\n1,\x00\n", r"Line 2 holds a character that isn't text"),
        (b"a,b\r\r1,\x02\r", r"Line 3 holds a character that isn't text"),
        ("a,b\nJosé,ü\n".encode() + b"x,\xe9\n", "Line 3 is damaged"),
        (b"a,b\n1,\x81\n", "isn't whole Windows-1252"),
        (b"\xef\xbb\xbfa,b\n1,\xe9\n", "isn't whole UTF-8"),
        (b"\xff\xfea\x00,", "isn't whole UTF-16"),
        (b"a,b\x00\n", "Line 1 holds a character that isn't text"),
        (b"a,A ,b\n", "Columns 1 and 2 have the same name"),
        (b"a,,b\n", "Column 2 has no name"),
        (b"a," + b"x" * 101, "Column 2 has a name of over 100 characters"),
        (",".join(f"c{n}" for n in range(501)).encode(), "names 501 columns; at most 500"),
        (b",;\n1,2\n", "is empty"),
        (b"a,b\n1\n2,3\n", r"Line 2 is uneven: 1 cell under 2 column names\."),
        (b"a,b\n1,2,3\n\n4\n5,6\n", "uneven: 3 cells under 2 column names; 1 more line like it"),
        (b'a,b\n1,2\n"3,4\n5,6\n', "Line 3 has a quotation mark .* never closed"),
        (b'a,b\n"1"x,2\n', "Line 2 has a quotation mark in the wrong place"),
        (b'a,b\n1,"' + b"x\n" * 70_000, "Line 2 holds a cell too long"),
        (b"a,b\n" + b"x" * 1_000_001, "Line 2 is over 1,000,000 characters"),
    ],
)
def test_what_is_no_table_is_answered_in_a_sentence(data: bytes, sentence: str) -> None:
    with pytest.raises(TableError, match=sentence):
        parse_table(data)


def test_a_file_that_is_not_there_or_is_a_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(TableError, match=r"^There is no file pupils\.csv\.$"):
        read_table(tmp_path / "pupils.csv")
    monkeypatch.chdir(tmp_path)
    with pytest.raises(TableError, match=f"^{re.escape(tmp_path.name)} is a folder, not a file"):
        read_table(Path())
    with pytest.raises(TableError, match="is a folder"):
        read_table(tmp_path)
    with pytest.raises(TableError, match="can't be opened"):
        read_table(Path("a\0b"))


def test_a_file_is_read_up_to_200_megabytes(tmp_path: Path) -> None:
    path = tmp_path / "pupils.csv"
    path.write_bytes(b"a,b\n1,2\n")
    assert read_table(path).columns == ("a", "b")

    with path.open("r+b") as file:
        file.truncate(tables.LARGEST_FILE + 1)  # a hole: it takes no room on the disk
    with pytest.raises(TableError, match="over 200 MB"):
        read_table(path)


def test_neither_a_fault_nor_the_table_itself_repeats_a_cell() -> None:
    with pytest.raises(TableError) as caught:
        read("Amelia,Amelia\n")
    assert "melia" not in str(caught.value).casefold()
    assert repr(read("name,form\nAmelia,4B\n")) == "Table(2 columns, 1 rows)"
