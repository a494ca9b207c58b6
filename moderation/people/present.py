"""How people, pupils and years are spoken of."""

from __future__ import annotations

import re


_YEAR = re.compile(r"(?:year|yr|y)?\s*(\d{1,2})", re.IGNORECASE)
_RECEPTION = frozenset({"r", "rec", "reception", "yr", "year r", "0", "year 0", "y0"})


def year_name(raw: str) -> str:
    """A year group in full: "Year 4", "Reception"; anything else as the office wrote it."""
    written = raw.strip()
    if written.casefold() in _RECEPTION:
        return "Reception"
    found = _YEAR.fullmatch(written)
    return f"Year {int(found[1])}" if found else written


def year_short(raw: str) -> str:
    """A year group where there is little room: "Y4", "Reception"."""
    full = year_name(raw)
    return f"Y{full.removeprefix('Year ')}" if full.startswith("Year ") else full
