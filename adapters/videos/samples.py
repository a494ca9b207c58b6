"""Where a track's pictures or sound lie in the file: its sample tables (ISO/IEC 14496-12, 8.7)."""

from __future__ import annotations

import struct
from itertools import accumulate, pairwise
from typing import TYPE_CHECKING

from adapters.videos.boxes import Unfit, Unusable


if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

MOST_SAMPLES = 1 << 20
"""Of one track: four and a half hours at 60 pictures a second."""
MOST_CHUNKS = 1 << 18
_NIBBLE, _BYTE, _SHORT = 4, 8, 16

Ranges = list[tuple[int, int]]


def places(tables: Mapping[bytes, bytes], *, moment: int | None = None) -> Ranges:
    """The bytes of all samples as (start, end), one range a chunk, in the table's order.

    ``tables`` are the bodies of the boxes in a sample table. ``moment`` is how many bytes one
    moment of all channels takes in a track of plain sound, 0 where nobody can tell; QuickTime may
    write 1 for it. Raises :class:`Unusable` where they don't fit together.
    """
    offsets = _offsets(tables)
    counts = _counts(tables, len(offsets))
    total, sizes = _sizes(tables, moment)
    if sum(counts) != total:
        raise Unusable(Unfit.DAMAGED)
    if isinstance(sizes, int):
        lengths = [count * sizes for count in counts]
    else:
        before = [0, *accumulate(sizes)]
        ends = [0, *accumulate(counts)]
        lengths = [before[end] - before[begin] for begin, end in pairwise(ends)]
    return [(at, at + length) for at, length in zip(offsets, lengths, strict=True)]


def united(ranges: Ranges) -> Ranges:
    """The same bytes, ordered, as few ranges as possible."""
    found: Ranges = []
    for start, end in sorted(ranges):
        if found and start <= found[-1][1]:
            found[-1] = (found[-1][0], max(end, found[-1][1]))
        elif start < end:
            found.append((start, end))
    return found


def numbers(kind: str, body: bytes, at: int, count: int, most: int) -> tuple[int, ...]:
    """``count`` big-endian numbers of one ``kind`` (as :mod:`struct` calls it)."""
    if count > most:
        raise Unusable(Unfit.TOO_INTRICATE)
    return struct.unpack_from(f">{count}{kind}", body, at)


def _table(tables: Mapping[bytes, bytes], name: bytes) -> bytes:
    if name not in tables:
        raise Unusable(Unfit.DAMAGED)
    return tables[name]


def _offsets(tables: Mapping[bytes, bytes]) -> tuple[int, ...]:
    name, kind = (b"co64", "Q") if b"co64" in tables else (b"stco", "I")
    body = _table(tables, name)
    (count,) = struct.unpack_from(">4xI", body)
    return numbers(kind, body, 8, count, MOST_CHUNKS)


def _sizes(tables: Mapping[bytes, bytes], moment: int | None) -> tuple[int, int | Sequence[int]]:
    """How many samples there are, and the size of each, or of all."""
    if b"stz2" in tables:
        found = _small_sizes(tables[b"stz2"])
        return len(found), found
    body = _table(tables, b"stsz")
    size, count = struct.unpack_from(">4xII", body)
    if size == 0:
        return count, numbers("I", body, 12, count, MOST_SAMPLES)
    if moment is None:
        return count, size
    if not moment or size not in {1, moment}:
        raise Unusable(Unfit.UNKNOWN_SOUND)
    return count, moment


def _small_sizes(body: bytes) -> Sequence[int]:
    width, count = struct.unpack_from(">7xBI", body)
    if width == _SHORT:
        return numbers("H", body, 12, count, MOST_SAMPLES)
    if width == _BYTE:
        return numbers("B", body, 12, count, MOST_SAMPLES)
    if width != _NIBBLE:
        raise Unusable(Unfit.DAMAGED)
    pairs = numbers("B", body, 12, (count + 1) // 2, MOST_SAMPLES)
    return [nibble for pair in pairs for nibble in (pair >> 4, pair & 15)][:count]


def _counts(tables: Mapping[bytes, bytes], chunks: int) -> list[int]:
    """How many samples each chunk holds."""
    body = _table(tables, b"stsc")
    (count,) = struct.unpack_from(">4xI", body)
    table = numbers("I", body, 8, 3 * count, 3 * MOST_CHUNKS)
    firsts = [*table[0::3], chunks + 1]
    if chunks and (not table or firsts[0] != 1):
        raise Unusable(Unfit.DAMAGED)
    found: list[int] = []
    for at, samples in enumerate(table[1::3]):
        run = firsts[at + 1] - firsts[at]
        if run < 0 or len(found) + run > chunks:
            raise Unusable(Unfit.DAMAGED)
        found += [samples] * run
    return found
