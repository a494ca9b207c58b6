"""Files that were built, or broken, to do harm: each gets an answer, and none can swell."""

from __future__ import annotations

import struct
from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, strategies as st

from adapters.videos import boxes, cleaning, samples
from adapters.videos.boxes import Unfit
from adapters.videos.cleaning import Film, cleaned, examine
from tests.adapters.videos import films as f
from tests.adapters.videos.films import Bytes


if TYPE_CHECKING:
    from collections.abc import Callable

WHOLE = f.from_a_telephone().made()


def with_(old: bytes, new: bytes, content: bytes = WHOLE) -> bytes:
    """``content`` with the first ``old`` replaced, place by place."""
    assert old in content
    assert len(old) == len(new)
    return content.replace(old, new, 1)


def after(name: bytes, skip: int, new: bytes, content: bytes = WHOLE) -> bytes:
    """``content`` with ``new`` written ``skip`` bytes behind a box's name."""
    at = content.index(name) + 4 + skip
    return content[:at] + new + content[at + len(new) :]


def a_film_of(track: f.Track) -> bytes:
    return f.Film(tracks=(track,)).made()


def deep() -> bytes:
    inside = b""
    for _ in range(5000):
        inside = f.box(b"moov", inside)
    return f.FTYP + inside + f.box(b"mdat", b"x")


def many() -> bytes:
    return f.FTYP + f.box(b"free") * (boxes.MOST_BOXES + 1) + WHOLE[len(f.FTYP) :]


def large_index() -> bytes:
    film = f.Film(tracks=(f.pictures(),), in_film=f.box(b"free", bytes(cleaning.LARGEST_INDEX)))
    return film.made()


def second_film() -> bytes:
    return WHOLE + f.box(b"moov", f.movie_header())


REFUSED: dict[str, tuple[Callable[[], bytes], Unfit]] = {
    "nothing": (lambda: b"", Unfit.NOT_A_VIDEO),
    "a photograph": (lambda: b"\xff\xd8\xff\xe0" + WHOLE, Unfit.NOT_A_VIDEO),
    "a still picture in the same boxes": (
        lambda: with_(b"ftypisom", b"ftypheic"),
        Unfit.NOT_A_VIDEO,
    ),
    "sound alone": (lambda: a_film_of(f.sound()), Unfit.NOT_A_VIDEO),
    "pictures that are switched off": (
        lambda: a_film_of(replace(f.pictures(), enabled=False)),
        Unfit.NOT_A_VIDEO,
    ),
    "only the beginning": (lambda: WHOLE[: len(WHOLE) // 2], Unfit.DAMAGED),
    "the last byte is missing": (lambda: WHOLE[:-1], Unfit.DAMAGED),
    "bytes behind the end": (lambda: WHOLE + b"PK", Unfit.DAMAGED),
    "no index": (lambda: f.FTYP + f.box(b"mdat", b"x"), Unfit.DAMAGED),
    "no media": (lambda: f.FTYP + f.box(b"moov", f.movie_header()), Unfit.DAMAGED),
    "two indices": (second_film, Unfit.DAMAGED),
    "a box shorter than its header": (
        lambda: WHOLE + struct.pack(">I4s", 7, b"free"),
        Unfit.DAMAGED,
    ),
    "a long box shorter than its header": (
        lambda: WHOLE + struct.pack(">I4sQ", 1, b"free", 15),
        Unfit.DAMAGED,
    ),
    "a box of sixteen exabytes": (
        lambda: WHOLE + struct.pack(">I4sQ", 1, b"free", (1 << 64) - 1),
        Unfit.DAMAGED,
    ),
    "a box without an end inside another": (
        lambda: f.Film(
            tracks=(f.pictures(),), in_film=struct.pack(">I4s", 0, b"udta"), index_first=True
        ).made(),
        Unfit.DAMAGED,
    ),
    "boxes in boxes in boxes": (deep, Unfit.DAMAGED),
    "very many boxes": (many, Unfit.TOO_INTRICATE),
    "a very large index": (large_index, Unfit.TOO_INTRICATE),
    "very many tracks": (
        lambda: f.Film(tracks=(f.pictures(),) * (cleaning.MOST_TRACKS + 1)).made(),
        Unfit.TOO_INTRICATE,
    ),
    "as many samples as there are numbers": (
        lambda: after(b"stsz", 8, b"\xff\xff\xff\xff"),
        Unfit.TOO_INTRICATE,
    ),
    "as many chunks as there are numbers": (
        lambda: after(b"stco", 4, b"\xff\xff\xff\xff"),
        Unfit.TOO_INTRICATE,
    ),
    "a table longer than its box": (
        lambda: after(b"stco", 4, b"\0\0\0\x09"),
        Unfit.DAMAGED,
    ),
    "fewer samples than the chunks hold": (lambda: after(b"stsz", 8, b"\0\0\0\1"), Unfit.DAMAGED),
    "a first chunk that isn't the first": (lambda: after(b"stsc", 8, b"\0\0\0\2"), Unfit.DAMAGED),
    "samples in the index": (
        lambda: after(b"stco", 8, struct.pack(">I", len(f.FTYP))),
        Unfit.DAMAGED,
    ),
    "samples behind the end": (lambda: after(b"stco", 8, b"\xff\xff\xff\xf0"), Unfit.DAMAGED),
    "no unit of time": (lambda: after(b"mvhd", 12, bytes(4)), Unfit.DAMAGED),
    "no length": (lambda: after(b"mvhd", 16, bytes(4)), Unfit.DAMAGED),
    "no track header": (lambda: with_(b"tkhd", b"tkhx"), Unfit.NOT_A_VIDEO),
    "a stream": (lambda: WHOLE + f.box(b"moof"), Unfit.IN_FRAGMENTS),
    "an index for a stream": (
        lambda: f.Film(tracks=(f.pictures(),), in_film=f.box(b"mvex")).made(),
        Unfit.IN_FRAGMENTS,
    ),
    "encrypted": (
        lambda: a_film_of(replace(f.pictures(), format=b"encv")),
        Unfit.PROTECTED,
    ),
    "pictures in another file": (
        lambda: a_film_of(replace(f.pictures(), reference=bytes(4))),
        Unfit.LIES_ELSEWHERE,
    ),
    "sound of an unknown kind": (
        lambda: f.Film(tracks=(f.pictures(), replace(f.sound(), format=b"ima4", size=1))).made(),
        Unfit.UNKNOWN_SOUND,
    ),
    "edits without number": (
        lambda: after(
            b"elst", 4, b"\xff\xff\xff\xff", a_film_of(replace(f.pictures(), edits=((1, 1),)))
        ),
        Unfit.TOO_INTRICATE,
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_it_is_refused_with_its_reason(name: str) -> None:
    make, why = REFUSED[name]

    assert examine(Bytes(content=make())) is why


def test_the_last_box_of_a_file_may_have_no_length() -> None:
    film = f.Film(tracks=(f.pictures(),), index_first=True)
    content = film.made()
    at = content.index(b"mdat") - 4
    open_ended = content[:at] + bytes(4) + content[at + 4 :]

    found = examine(Bytes(content=open_ended))

    assert isinstance(found, Film)


def test_a_gigantic_length_of_plain_sound_costs_nothing() -> None:
    """Four thousand million moments are one multiplication."""
    plain = replace(f.sound(), format=b"sowt", size=1)
    content = f.Film(tracks=(f.pictures(), plain)).made()
    behind = content.index(b"stsz", content.index(b"smhd"))
    content = content[: behind + 12] + b"\xff\xff\xff\xff" + content[behind + 16 :]

    assert examine(Bytes(content=content)) is Unfit.DAMAGED


@given(st.data())
def test_no_damage_makes_it_raise_or_change_its_length(data: st.DataObject) -> None:
    content = bytearray(WHOLE)
    for _ in range(data.draw(st.integers(min_value=1, max_value=6))):
        at = data.draw(st.integers(min_value=0, max_value=len(content) - 1))
        new = data.draw(st.binary(min_size=1, max_size=8))
        content[at : at + len(new)] = new
    source = Bytes(content=bytes(content[: data.draw(st.integers(8, len(content)))]))

    found = examine(source)

    if isinstance(found, Film):
        assert sum(map(len, cleaned(source, found))) == source.size


@given(st.binary(max_size=300))
def test_no_bytes_make_it_raise(content: bytes) -> None:
    examine(Bytes(content=f.FTYP + content))
    examine(Bytes(content=content))


@given(st.lists(st.tuples(st.integers(0, 60), st.integers(0, 60)), max_size=8))
def test_ranges_are_united_without_losing_a_byte(ranges: list[tuple[int, int]]) -> None:
    found = samples.united(ranges)

    assert {at for begin, end in found for at in range(begin, end)} == {
        at for begin, end in ranges for at in range(begin, end)
    }
    assert all(before[1] < after[0] for before, after in pairwise(found))


def test_a_large_film_is_never_read_whole() -> None:
    """Two hundred megabytes that exist only as numbers."""
    large = 200 * 1024 * 1024
    whole = f.Film(tracks=(f.pictures(),), index_first=True).made()
    begin = whole.index(b"mdat") - 4
    content = whole[:begin] + struct.pack(">I4s", large - begin, b"mdat") + whole[begin + 8 :]

    class Sparse:
        size = large
        longest = 0

        def read(self, at: int, length: int) -> bytes:
            self.longest = max(self.longest, length)
            return content[at : at + length].ljust(min(length, large - at), b"x")

    source = Sparse()
    found = examine(source)

    assert isinstance(found, Film)
    first = next(cleaned(source, found))
    assert len(first) == cleaning.PIECE
    assert first.endswith(bytes(cleaning.PIECE - len(whole)))
    assert source.longest == cleaning.PIECE
