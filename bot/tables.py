"""Reading a table that a school's office exported: a workbook, or text in whatever dress it comes.

The decisions are small and fixed, so that the same file is always read the same way:

* *encoding*: a byte order mark decides; else UTF-16 where the first line alternates with zero
  bytes; else UTF-8; else Windows-1252, unless the text is UTF-8 with a few damaged bytes.
* *header*: the first of the top rows that names columns which the caller knows; else the first.
* *delimiter*: the one with which such a row is found; else whichever of comma, semicolon and tab
  gives the first row the most columns.
* *sheet*: the only one with something in it, or the only one with such a row.

The quoting is that of RFC 4180. Nothing is guessed about a damaged file: :class:`TableError` says
in one sentence what is wrong and where, and never repeats what a cell holds, because a file
without a header has children's names where the header should be.
"""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, islice
from typing import TYPE_CHECKING

from bot import workbooks
from moderation.kernel import SchoolgateError


if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


LARGEST_FILE = 200_000_000
"""Bytes."""
LONGEST_LINE = 1_000_000
"""Characters."""
MOST_ROWS = 2_000_000
MOST_COLUMNS = 500
LONGEST_COLUMN_NAME = 100

DELIMITERS = {",": "commas", ";": "semicolons", "\t": "tabs"}
"""In the order in which a tie is decided."""

SAVE_AS_CSV = "open it in the program it came from and save it as CSV"

SIGNATURES = (
    (
        b"\xd0\xcf\x11\xe0",
        f"This is an older Excel or Word file, or one with a password: {SAVE_AS_CSV} or .xlsx.",
    ),
    (b"%PDF", f"This is a PDF, not a table: {SAVE_AS_CSV}."),
    (b"{\\rtf", f"This is a Word document, not a table: {SAVE_AS_CSV}."),
    (b"\x89PNG", "This is a picture, not a table."),
    (b"\xff\xd8\xff", "This is a picture, not a table."),
    (b"\x1f\x8b", "This is a compressed file: unpack it first."),
    (b"\xff\xfe\x00\x00", "This is UTF-32 text: save it as “CSV UTF-8”."),
    (b"\x00\x00\xfe\xff", "This is UTF-32 text: save it as “CSV UTF-8”."),
)

BYTE_ORDER_MARKS = (
    (b"\xef\xbb\xbf", "utf-8", "UTF-8"),
    (b"\xff\xfe", "utf-16-le", "UTF-16"),
    (b"\xfe\xff", "utf-16-be", "UTF-16"),
)

CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f]")
NOT_UTF8 = re.compile("[\udc80-\udcff]")
BEYOND_ASCII = re.compile("[\u0080-\ud7ff\ue000-\U0010ffff]")
DELIMITER_LINE = re.compile(r'"?sep=([,;\t])"?[ ]*(?:\r\n?|\n)', re.IGNORECASE)
MARKUP = re.compile(r"\s*<")
TRANSFER_FILE = re.compile(r"<\s*CTfile\b", re.IGNORECASE)
NO_TRANSFER_FILE = (
    "This is a Common Transfer File. It carries what Schoolgate must not hold (health, contacts, "
    "needs): delete this copy, and export a list with number, names, year and class instead."
)
BEGINNING = 5000
"""Characters, within which an XML file names its kind."""
TITLES = 20
"""So many rows may stand above the one that names the columns."""
NAME_GAPS = re.compile(r"[\s_\-\u2010-\u2015]+")


class TableError(SchoolgateError):
    """The file can't be read as a table. Its text is one plain sentence without any cell's text."""

    def about(self, path: Path) -> str:
        """The sentence, and the file's name where it doesn't say it."""
        sentence, name = str(self), called(path)
        return sentence if name in sentence else f"{name}: {sentence}"


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Table:
    """Rows of named cells. ``repr`` shows sizes alone: the cells may be children's names.

    ``columns`` are normalised (:func:`column_name`), distinct and never empty. A row is its line in
    the file, counted from 1, and a stripped value (perhaps "") for each column. Empty rows are left
    out. ``header_line`` is the first row's line. ``assumed`` is a sentence for the report.
    """

    columns: tuple[str, ...]
    rows: tuple[tuple[int, Mapping[str, str]], ...]
    assumed: str
    header_line: int = 1

    def __repr__(self) -> str:
        return f"Table({len(self.columns)} columns, {len(self.rows)} rows)"


Knows = Callable[[Sequence[str]], bool]
"""Whether these normalised names are those of columns, rather than a title or somebody's data."""


def knows_none(_names: Sequence[str]) -> bool:
    """For a table whose first row names its columns, whatever it calls them."""
    return False


def read_table(path: Path, knows: Knows = knows_none) -> Table:
    """The table in this file. Raises :class:`TableError`."""
    return parse_table(_read(path), knows)


def parse_table(data: bytes, knows: Knows = knows_none) -> Table:
    """The table in these bytes. Raises :class:`TableError`."""
    if data.startswith(workbooks.SIGNATURE):
        rows = _sheet(data, knows)
        return _table(rows, knows, "Read as an Excel workbook.", ragged=True)
    text, encoding = _decode(data)
    hint = DELIMITER_LINE.match(text)
    delimiter = hint[1] if hint else _delimiter(text, knows)
    records = _records(text, delimiter, skip=1 if hint else 0)
    assumed = f"Read as {encoding} text with {DELIMITERS[delimiter]} between the columns."
    return _table(records, knows, assumed, ragged=False)


def _table(
    records: Iterable[tuple[int, list[str]]], knows: Knows, assumed: str, *, ragged: bool
) -> Table:
    """From the header on. ``ragged`` rows may be shorter: a workbook leaves empty cells out."""
    rows = iter(records)
    top = list(islice(rows, TITLES))
    at = _header_at(top, knows) or 0
    header_line, header = top[at] if top else (1, [])
    columns = _columns(header)
    if not columns:
        raise TableError("This file is empty: the first row must name the columns.")
    data: Iterator[tuple[int, list[str]]] = chain(top[at + 1 :], rows)
    if ragged:
        data = iter([(line, [*cells, *[""] * (len(columns) - len(cells))]) for line, cells in data])
    named = f" Its columns are named in line {header_line}." if at else ""
    return Table(
        columns=columns,
        rows=tuple(_rows(data, columns)),
        assumed=f"{assumed}{named}",
        header_line=header_line,
    )


def _header_at(rows: Sequence[tuple[int, list[str]]], knows: Knows) -> int | None:
    """Which of the top rows names columns."""
    for at, (_line, cells) in enumerate(rows[:TITLES]):
        if knows([column_name(cell) for cell in cells]):
            return at
    return None


def _sheet(data: bytes, knows: Knows) -> tuple[tuple[int, list[str]], ...]:
    try:
        sheets = workbooks.sheets(data)
    except workbooks.NoWorkbookError as wrong:
        raise TableError(str(wrong)) from None
    if len(sheets) > 1:
        sheets = tuple(sheet for sheet in sheets if _header_at(sheet.rows, knows) is not None)
        if len(sheets) != 1:
            raise TableError("More than one sheet holds something: keep only the list, and save.")
    return sheets[0].rows if sheets else ()


def column_name(text: str) -> str:
    """A column's name as compared: lower case, one underscore for spaces and hyphens."""
    folded = unicodedata.normalize("NFKC", text).casefold().replace("\ufeff", "")
    return NAME_GAPS.sub("_", folded.strip()).strip("_")


def called(path: Path) -> str:
    """What to call a file or folder in a sentence: ``.`` has no name of its own."""
    return path.name or path.resolve().name or str(path)


# -- bytes ---------------------------------------------------------------------------------------


def _read(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            data = file.read(LARGEST_FILE + 1)
    except FileNotFoundError:
        raise TableError(f"There is no file {path.name}.") from None
    except IsADirectoryError:
        raise TableError(f"{called(path)} is a folder, not a file.") from None
    except (OSError, ValueError):
        raise TableError(
            f"{path.name} can't be opened: is it open in another program, or not yours to read?"
        ) from None
    if len(data) > LARGEST_FILE:
        raise TableError(
            f"This file is over {LARGEST_FILE // 1_000_000} MB: export one school at a time."
        )
    return data


def _decode(data: bytes) -> tuple[str, str]:
    """The text, and the encoding's name for the report."""
    for signature, sentence in SIGNATURES:
        if data.startswith(signature):
            raise TableError(sentence)
    text, encoding = _characters(data)
    text = text.removeprefix("\ufeff").removesuffix("\x1a")
    stray = CONTROL.search(text)
    if stray is not None:
        line = _line_of(text, stray.start())
        raise TableError(f"Line {line} holds a character that isn't text: {SAVE_AS_CSV}.")
    if MARKUP.match(text):
        if TRANSFER_FILE.search(text, 0, BEGINNING):
            raise TableError(NO_TRANSFER_FILE)
        raise TableError(f"This is a web page or an XML file, not a table: {SAVE_AS_CSV}.")
    return text, encoding


def _characters(data: bytes) -> tuple[str, str]:
    for mark, codec, name in BYTE_ORDER_MARKS:
        if data.startswith(mark):
            return _strictly(data.removeprefix(mark), codec, name), name
    for codec in ("utf-16-le", "utf-16-be"):
        if _begins_like(data, codec):
            return _strictly(data, codec, "UTF-16"), "UTF-16"
    try:
        return data.decode("utf-8"), "UTF-8"
    except UnicodeDecodeError as error:
        if _mostly_utf8(data):
            line = _line_of(data.decode("latin-1"), error.start)
            raise TableError(f"Line {line} is damaged: save it again as “CSV UTF-8”.") from None
    return _strictly(data, "cp1252", "Windows-1252"), "Windows-1252"


def _strictly(data: bytes, codec: str, name: str) -> str:
    try:
        return data.decode(codec)
    except UnicodeDecodeError:
        raise TableError(f"This isn't whole {name} text: save it again as “CSV UTF-8”.") from None


def _begins_like(data: bytes, codec: str) -> bool:
    """Whether the first line is Latin text in this UTF-16. No other text has its zero bytes."""
    beginning = data[: 2 * LONGEST_COLUMN_NAME].decode(codec, errors="replace").lstrip("\r\n")
    line = re.split("[\r\n]", beginning, maxsplit=1)[0]
    return bool(line) and all("\t" <= character <= "\xff" for character in line)


def _mostly_utf8(data: bytes) -> bool:
    """Whether more of the characters beyond ASCII are whole UTF-8 than are not."""
    text = data.decode("utf-8", errors="surrogateescape")
    return len(BEYOND_ASCII.findall(text)) > len(NOT_UTF8.findall(text))


def _line_of(text: str, position: int) -> int:
    return len(re.split("\r\n|\r|\n", text[:position]))


# -- rows ----------------------------------------------------------------------------------------


def _delimiter(text: str, knows: Knows) -> str:
    """The delimiter with which columns are named, that names the most.

    Where none does, the one that gives the first row the most columns, with no quotation mark left
    over.
    """
    named = {found: each for each in DELIMITERS if (found := _named(text, each, knows))}
    if named:
        return named[max(named)]

    def score(delimiter: str) -> tuple[bool, int]:
        try:
            _line, cells = next(_records(text, delimiter), (1, []))
        except TableError:
            return False, 0
        return not any('"' in cell for cell in cells), len(cells)

    return max(DELIMITERS, key=score)


def _named(text: str, delimiter: str, knows: Knows) -> int:
    """How many columns the header has; 0 where there is none that is known."""
    try:
        top = list(islice(_records(text, delimiter), TITLES))
    except TableError:
        return 0
    at = _header_at(top, knows)
    return 0 if at is None else len(top[at][1])


def _records(text: str, delimiter: str, skip: int = 0) -> Iterator[tuple[int, list[str]]]:
    """Each row that isn't empty: the line where it begins, and its stripped cells."""
    lines = islice(_lines(text), skip, None)
    reader = csv.reader(lines, delimiter=delimiter, strict=True, skipinitialspace=True)
    while True:
        line = skip + reader.line_num + 1
        try:
            cells = [cell.strip() for cell in next(reader)]
        except StopIteration:
            return
        except csv.Error as error:
            # The reader's messages are for programmers; it has two, and the second says "limit".
            sentence = (
                "holds a cell too long to be one; a quotation mark may never be closed."
                if "limit" in str(error)
                else "has a quotation mark in the wrong place, or one that is never closed."
            )
            raise TableError(f"Line {line} {sentence}") from None
        if any(cells):
            yield line, cells


def _lines(text: str) -> Iterator[str]:
    for number, line in enumerate(io.StringIO(text, newline=""), start=1):
        if len(line) > LONGEST_LINE:
            raise TableError(
                f"Line {number} is over {LONGEST_LINE:,} characters long: this isn't a table."
            )
        yield line


def _columns(header: list[str]) -> tuple[str, ...]:
    names = [column_name(cell) if any(map(str.isalnum, cell)) else "" for cell in header]
    while names and not names[-1]:
        names.pop()
    if len(names) > MOST_COLUMNS:
        raise TableError(
            f"The first row names {len(names):,} columns; at most {MOST_COLUMNS} can be read."
        )
    first: dict[str, int] = {}
    for number, name in enumerate(names, start=1):
        if not name:
            raise TableError(f"Column {number} has no name in the first row.")
        if len(name) > LONGEST_COLUMN_NAME:
            raise TableError(
                f"Column {number} has a name of over {LONGEST_COLUMN_NAME} characters."
            )
        if name in first:
            raise TableError(f"Columns {first[name]} and {number} have the same name.")
        first[name] = number
    return tuple(names)


def _rows(
    records: Iterator[tuple[int, list[str]]], columns: tuple[str, ...]
) -> Iterator[tuple[int, Mapping[str, str]]]:
    width = len(columns)
    uneven: list[tuple[int, int]] = []
    for count, (line, cells) in enumerate(records, start=1):
        if count > MOST_ROWS:
            raise TableError(f"This file has over {MOST_ROWS:,} rows: export one school at a time.")
        # Spreadsheets pad rows with empty cells; a cell too many that holds something is a fault.
        if len(cells) < width or any(cells[width:]):
            uneven.append((line, len(cells)))
        elif not uneven:
            yield line, dict(zip(columns, cells, strict=False))
    if uneven:
        line, there = uneven[0]
        more = len(uneven) - 1
        others = f"; {_counted(more, 'more line')} like it" if more else ""
        raise TableError(
            f"Line {line} is uneven: {_counted(there, 'cell')} under"
            f" {_counted(width, 'column name')}{others}. Give every line as many cells as there are"
            " column names, or export the list again, as .xlsx."
        )


def _counted(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"
