"""Reading an .xlsx workbook: each sheet's rows as text, as somebody sees them in the spreadsheet.

Nothing is run and nothing is fetched: a workbook with macros is refused, formulas give the value
that was saved with them, links to other files stay closed. Before anything is unpacked, its size
is looked at: a small file may hold terabytes. Sentences never repeat what a cell holds.
"""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import TYPE_CHECKING, Any, Final
from xml.etree.ElementTree import ParseError

import openpyxl
from openpyxl.utils.exceptions import InvalidFileException

from moderation.kernel import SchoolgateError


if TYPE_CHECKING:
    from collections.abc import Iterator


SIGNATURE: Final = b"PK\x03\x04"
LARGEST_UNPACKED: Final = 100_000_000
"""Bytes of all parts together: a list of 30,000 pupils unpacks to about a fifth of it."""
MOST_PARTS: Final = 1000
MOST_ROWS: Final = 200_000
MOST_COLUMNS: Final = 500

SAVE: Final = "open it in the program it came from and save the list as CSV or .xlsx"
ZEROS: Final = re.compile("0+")
EXACT: Final = 10**15
"""From here on a spreadsheet has rounded the number."""
FAULTS: Final = (
    InvalidFileException,
    KeyError,
    ValueError,
    TypeError,
    AttributeError,
    IndexError,
    OverflowError,
    EOFError,
    OSError,
    NotImplementedError,
    RuntimeError,
    ParseError,
    zipfile.BadZipFile,
    zlib.error,
)
"""What a damaged workbook raises in the library, which checks little."""


class NoWorkbookError(SchoolgateError):
    """The file is no workbook that can be read. Its text is one plain sentence."""


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Sheet:
    """One visible sheet: the rows that aren't empty, with their numbers. ``repr`` shows sizes."""

    rows: tuple[tuple[int, list[str]], ...]

    def __repr__(self) -> str:
        return f"Sheet({len(self.rows)} rows)"


def sheets(data: bytes) -> tuple[Sheet, ...]:
    """Every visible sheet with something in it. Raises :class:`NoWorkbookError`."""
    _examined(data)
    try:
        book = openpyxl.load_workbook(
            io.BytesIO(data), read_only=True, data_only=True, keep_links=False
        )
        found = [
            Sheet(rows=tuple(_rows(sheet)))
            for sheet in book.worksheets
            if sheet.sheet_state == "visible"
        ]
    except FAULTS:
        raise NoWorkbookError(f"This workbook is damaged: {SAVE}.") from None
    return tuple(sheet for sheet in found if sheet.rows)


def _examined(data: bytes) -> None:
    """Refuse what isn't a plain workbook of a believable size, by its list of contents alone."""
    try:
        parts = zipfile.ZipFile(io.BytesIO(data)).infolist()
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError):
        raise NoWorkbookError(f"This workbook or zip file is damaged: {SAVE}.") from None
    names = {part.filename for part in parts}
    if any(name.casefold().endswith("vbaproject.bin") for name in names):
        raise NoWorkbookError(
            "This workbook holds macros, which may do anything: "
            "save it as “Excel Workbook (.xlsx)”."
        )
    if any(part.flag_bits & 1 for part in parts):
        raise NoWorkbookError("This file is locked with a password: save it without one.")
    if "xl/workbook.xml" not in names:
        raise NoWorkbookError(_no_workbook(names))
    if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > LARGEST_UNPACKED:
        raise NoWorkbookError(
            "This workbook is far too large once unpacked: save only the list, as CSV."
        )


def _no_workbook(names: set[str]) -> str:
    if "word/document.xml" in names:
        return f"This is a Word document, not a table: {SAVE}."
    if "xl/workbook.bin" in names:
        return "This is a binary workbook (.xlsb): save it as “Excel Workbook (.xlsx)”."
    if "content.xml" in names:
        return "This is an OpenDocument file: save the list as CSV or .xlsx."
    return "This is a zip file: unpack it first, and import the list that is in it."


def _rows(sheet: Any) -> Iterator[tuple[int, list[str]]]:  # noqa: ANN401 -- the library is untyped
    # What the file says of its own size may be wrong.
    sheet.reset_dimensions()
    for number, row in enumerate(sheet.iter_rows(max_col=MOST_COLUMNS + 1), start=1):
        if number > MOST_ROWS:
            raise NoWorkbookError(
                f"This sheet has over {MOST_ROWS:,} rows: export one school at a time."
            )
        cells = [_text(cell) for cell in row]
        while cells and not cells[-1]:
            cells.pop()
        if cells:
            yield number, cells


def _text(cell: Any) -> str:  # noqa: ANN401 -- the library is untyped
    """A cell as it is seen: numbers with their leading zeros, days as 2026-09-01."""
    value = cell.value
    if value is None:
        return ""
    if cell.data_type == "e":
        raise NoWorkbookError(
            f"Cell {cell.coordinate} holds a formula that failed: mend it and save again."
        )
    match value:
        case bool():
            return "yes" if value else "no"
        case int() | float():
            return _number(value, cell.number_format or "")
        case datetime():
            return value.date().isoformat() if value.time() == time() else value.isoformat(" ")
        case date():
            return value.isoformat()
        case _:
            return str(value).strip()


def _number(value: float, number_format: str) -> str:
    if abs(value) >= EXACT:
        return f"{value:.3E}"
    if value != int(value):
        return repr(value)
    digits = str(int(value))
    return digits.zfill(len(number_format)) if ZEROS.fullmatch(number_format) else digits
