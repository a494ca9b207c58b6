"""How people, pupils and years are spoken of."""

from __future__ import annotations

from moderation.checks.names.roster import year_of


def year_name(raw: str) -> str:
    """A year group in full: "Year 4", "Reception"; anything else as the office wrote it."""
    return year_of(raw) or raw.strip()


def year_short(raw: str) -> str:
    """A year group where there is little room: "Y4", "Reception"."""
    full = year_name(raw)
    return f"Y{full.removeprefix('Year ')}" if full.startswith("Year ") else full
