"""The stores that the contract suites run against."""

from __future__ import annotations

from tests.databases import units


__all__ = ["units"]
