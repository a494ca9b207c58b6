"""What goes out of a video, and what doesn't."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, strategies as st

from adapters.videos.boxes import Unfit
from adapters.videos.cleaning import Film, cleaned, examine, looks_like
from tests.adapters.videos import films as f
from tests.adapters.videos.films import Bytes


def wiped(content: bytes, piece: int = 1 << 20) -> bytes:
    source = Bytes(content=content)
    found = examine(source)
    assert isinstance(found, Film), found
    return b"".join(cleaned(source, found, piece))


def film_of(content: bytes) -> Film:
    found = examine(Bytes(content=content))
    assert isinstance(found, Film), found
    return found


def test_what_a_telephone_tells_is_gone_and_its_pictures_and_sound_stay() -> None:
    made = f.from_a_telephone()
    content = made.made()

    clean = wiped(content)

    assert len(clean) == len(content)
    assert f.SECRET not in clean
    assert f.SECRET[:4] not in clean
    for number in (0, 1):
        for at, sample in made.samples[number]:
            assert clean[at : at + len(sample)] == sample
    for at, sample in made.samples[2]:
        assert clean[at : at + len(sample)] == bytes(len(sample))
    for date in range(3_900_000_001, 3_900_000_007):
        assert date.to_bytes(4, "big") not in clean


def test_what_is_read_for_the_card() -> None:
    found = film_of(f.from_a_telephone().made())

    assert (found.kind, found.width, found.height, found.seconds) == ("mp4", 640, 360, 4)
    assert (found.codec, found.sound, found.has_position) == ("avc1", "mp4a", True)


def test_a_film_that_was_held_upright_is_higher_than_wide() -> None:
    turned = replace(f.pictures(), matrix=f.TURNED)

    found = film_of(f.Film(tracks=(turned,), ftyp=f.QUICKTIME).made())

    assert (found.kind, found.width, found.height, found.sound) == ("mov", 360, 640, "")


def test_a_film_that_tells_no_place() -> None:
    assert not film_of(f.Film(tracks=(f.pictures(), f.sound())).made()).has_position


@pytest.mark.parametrize(
    "tells",
    [f.user_data(), f.keyed(), f.box(b"uuid", b"<exif:GPSLatitude>51")],
    ids=["user data", "keys", "XMP"],
)
def test_a_place_is_noticed(tells: bytes) -> None:
    found = film_of(f.Film(tracks=(f.pictures(),), in_film=tells).made())

    assert found.has_position


def test_a_second_film_that_no_player_shows_is_gone() -> None:
    thumbnails = replace(f.pictures((f.SECRET,)), enabled=False)
    other = f.pictures((f.SECRET * 2,))
    made = f.Film(tracks=(thumbnails, f.pictures(), other, f.sound(), f.sound((f.SECRET,))))

    clean = wiped(made.made())

    assert f.SECRET not in clean
    assert all(clean[at : at + len(sample)] == sample for at, sample in made.samples[1])
    assert all(clean[at : at + len(sample)] == sample for at, sample in made.samples[3])


def test_words_below_a_film_are_no_part_of_it() -> None:
    below = f.Track(handler=b"text", format=b"tx3g", chunks=((f.SECRET,),))

    assert f.SECRET not in wiped(f.Film(tracks=(f.pictures(), below)).made())


def test_plain_sound_is_counted_in_moments() -> None:
    chunks = ((b"abcdefgh",), (b"ijkl",))
    for size in (1, 4):
        plain = f.Track(handler=b"soun", format=b"sowt", chunks=chunks, size=size)
        plain = replace(plain, chunks=chunks)
        made = f.Film(tracks=(f.pictures(), replace(plain, entry=f.entry_of(plain))))
        content = made.made()
        runs = content.index(b"stsc", content.index(b"smhd")) + 8 + 4
        # One sample is one moment of four bytes: two in the first chunk, one in the second.
        content = content[: runs + 4] + b"\0\0\0\2" + content[runs + 8 :]

        clean = wiped(content)

        assert all(clean[at : at + len(sample)] == sample for at, sample in made.samples[1])


@pytest.mark.parametrize("edits", [((2400, 0),), ((600, -1), (1500, 60)), ((0, 0),)])
def test_a_list_of_edits_that_hides_nothing(edits: tuple[tuple[int, int], ...]) -> None:
    assert film_of(f.Film(tracks=(replace(f.pictures(), edits=edits),)).made()).seconds == 4


@pytest.mark.parametrize("edits", [((600, 0),), ((600, 1700),), ((300, 0), (300, 2100))])
def test_what_was_cut_off_for_players_alone_is_refused(edits: tuple[tuple[int, int], ...]) -> None:
    made = f.Film(tracks=(replace(f.pictures(), edits=edits),))

    assert examine(Bytes(content=made.made())) is Unfit.HIDES_PARTS


def test_the_first_bytes_tell() -> None:
    assert looks_like(f.FTYP)
    assert looks_like(f.QUICKTIME)
    assert not looks_like(b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic")
    assert not looks_like(b"\xff\xd8\xff\xe0")


def sample(least: int = 0, most: int = 12) -> st.SearchStrategy[bytes]:
    return st.binary(min_size=least, max_size=most).filter(lambda it: b"SE" not in it)


def chunks(most: int = 12) -> st.SearchStrategy[tuple[tuple[bytes, ...], ...]]:
    one = st.lists(sample(most=most), min_size=1, max_size=3).map(tuple)
    return st.lists(one, min_size=1, max_size=4).map(tuple)


PICTURES = st.builds(
    f.Track,
    handler=st.just(b"vide"),
    format=st.sampled_from([b"avc1", b"hvc1"]),
    chunks=chunks(),
    matrix=st.sampled_from([f.UPRIGHT, f.TURNED]),
    more=st.sampled_from([b"", f.user_data(), f.keyed(), bytes(4)]),
    small_sizes=st.sampled_from([0, 4, 8, 16]),
    long=st.booleans(),
)
SOUND = st.builds(f.Track, handler=st.just(b"soun"), format=st.just(b"mp4a"), chunks=chunks())
OTHERS = st.builds(
    f.Track,
    handler=st.sampled_from([b"meta", b"tmcd", b"text", b"sbtl", b"camm"]),
    format=st.sampled_from([b"gpmd", b"mett", b"mebx", b"camm", b"tmcd", b"tx3g"]),
    chunks=st.lists(st.just((f.SECRET,)), min_size=1, max_size=3).map(tuple),
)
STRANGE = st.lists(
    st.sampled_from(
        [
            f.box(b"free", f.SECRET),
            f.box(b"uuid", f.SECRET * 4),
            f.box(b"skip"),
            f.box(b"meta", f.SECRET),
            f.box(b"cami", f.WHERE),
        ]
    ),
    max_size=3,
).map(b"".join)
FILMS = st.builds(
    f.Film,
    tracks=st.tuples(PICTURES, SOUND, OTHERS).flatmap(
        lambda tracks: st.permutations(tracks).map(tuple)
    ),
    ftyp=st.sampled_from([f.FTYP, f.QUICKTIME]),
    index_first=st.booleans(),
    wide=st.booleans(),
    gap=st.sampled_from([b"", f.SECRET]),
    before=STRANGE,
    after=STRANGE,
    in_film=STRANGE,
)


@given(FILMS, st.integers(min_value=1, max_value=3000))
def test_of_every_film_pictures_and_sound_alone_go_out(made: f.Film, piece: int) -> None:
    content = made.made()

    clean = wiped(content, piece)

    assert len(clean) == len(content)
    assert f.SECRET not in clean
    for number, track in enumerate(made.tracks):
        if track.handler in {b"vide", b"soun"}:
            for at, held in made.samples[number]:
                assert clean[at : at + len(held)] == held
    assert wiped(clean) == clean
    assert not film_of(clean).has_position
