"""Which tests of a large room a smaller run takes: always the same, whatever stands beside them."""

from __future__ import annotations

from zlib import crc32


def is_drawn(name: str, one_in: int) -> bool:
    """Whether the lot fell on it; it falls on one in so many names."""
    return crc32(name.encode()) % one_in == 0
