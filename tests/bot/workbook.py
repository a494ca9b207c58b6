"""Workbooks as an office saves them."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import openpyxl


if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping


def workbook(
    *sheets: Iterable[Iterable[object]],
    formats: Mapping[str, str] | None = None,
    hidden: Iterable[int] = (),
) -> bytes:
    """One with these sheets. ``formats`` gives cells of the first their number format."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for at, rows in enumerate(sheets):
        sheet = book.create_sheet()
        for row in rows:
            sheet.append(list(row))
        if at in hidden:
            sheet.sheet_state = "hidden"
    for cell, code in (formats or {}).items():
        book.worksheets[0][cell].number_format = code
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()
