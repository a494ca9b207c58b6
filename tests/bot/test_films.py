"""Videos on their way in: kept sealed in parts, wiped, and nothing else stays."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import pytest

from adapters.taking_in import LARGEST_VIDEO
from bot import films as of
from bot.application import Application, Plugged
from bot.films import Films
from moderation.kernel import BlobId, CorruptStore, Platform
from moderation.ports import FILM_PART, Film, Inspection, PictureFormat, Unusable
from tests.adapters.videos import films as f
from tests.fakes.blobs import FakeBlobStore
from tests.fakes.chat import FakeChat


if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from bot.pictures import Pictures
    from tests.applications import Applications


async def coming(content: bytes, piece: int = 1000) -> AsyncIterator[bytes]:
    for at in range(0, len(content), piece):
        yield content[at : at + piece]


def long_film() -> bytes:
    """Three parts, with a telephone's words in the first and in the last."""
    long = f.pictures((b"A" * FILM_PART,), (b"B" * (FILM_PART + 5),))
    made = f.from_a_telephone()
    return replace(made, tracks=(long, *made.tracks[1:])).made()


LONG = long_film()


@dataclass
class Desk:
    application: Application
    blobs: FakeBlobStore = field(default_factory=FakeBlobStore)

    @property
    def pictures(self) -> Pictures:
        return replace(self.application.pictures, blobs=self.blobs, looking={})

    async def take(self, content: bytes) -> Inspection | Unusable:
        arrived = await self.pictures.arrive_video(coming(content, 1 << 20))
        assert not isinstance(arrived, Unusable)
        return await arrived[1]

    async def whole(self, film: Film) -> bytes:
        return b"".join([piece async for piece in Films(self.blobs).read(film, 0, film.size)])

    async def known(self, blob: BlobId) -> Inspection | None:
        async with self.application.units.read() as unit:
            return (await unit.inspections.get(frozenset({blob}))).get(blob)


@pytest.fixture
async def desk(applications: Applications) -> Desk:
    async def connect(_application: Application) -> Plugged:
        return Plugged(chat=FakeChat())

    return Desk(await applications.start({Platform.SANDBOX: connect}))


async def test_a_video_is_kept_in_parts_and_wiped(desk: Desk) -> None:
    seen = await desk.take(LONG)

    assert isinstance(seen, Inspection)
    assert seen.film is not None
    assert (seen.format, seen.width, seen.height) == (PictureFormat.MP4, 640, 360)
    assert (seen.film.seconds, seen.film.size, seen.has_position) == (4, len(LONG), True)
    assert len(seen.film.parts) == 3
    clean = await desk.whole(seen.film)
    assert f.SECRET not in clean
    assert b"A" * FILM_PART in clean
    assert seen.clean == "sha256:" + hashlib.sha256(clean).hexdigest()
    # Nothing of what came stays but the parts that were clean already.
    assert set(desk.blobs.held) == set(seen.film.parts)
    assert not any(f.SECRET in held for held in desk.blobs.held.values())


async def test_it_is_known_again_and_its_clean_form_as_its_own(desk: Desk) -> None:
    first = await desk.take(LONG)
    assert isinstance(first, Inspection)
    assert first.film is not None

    again = await desk.take(LONG)
    clean = await desk.take(await desk.whole(first.film))

    assert again == await desk.known(first.blob) == first
    assert isinstance(clean, Inspection)
    assert clean.film is not None
    assert (clean.blob, clean.clean, clean.has_position) == (first.clean, first.clean, False)
    assert set(desk.blobs.held) == set(first.film.parts)


async def test_one_that_cannot_be_used_leaves_nothing(desk: Desk) -> None:
    assert await desk.take(LONG[:-1]) is Unusable.VIDEO_DAMAGED
    assert await desk.take(f.FTYP + f.box(b"moof")) is Unusable.VIDEO_IN_FRAGMENTS
    assert desk.blobs.held == {}


def test_the_platforms_know_how_large_a_video_may_be() -> None:
    assert of.LARGEST == LARGEST_VIDEO


async def test_one_that_is_too_large_leaves_nothing(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(of, "LARGEST", FILM_PART)

    assert await desk.pictures.arrive_video(coming(LONG, 1 << 20)) is Unusable.VIDEO_TOO_LARGE
    assert desk.blobs.held == {}


class _Broke(Exception):
    pass


async def test_one_that_breaks_off_leaves_nothing_but_what_is_needed(desk: Desk) -> None:
    async def broken() -> AsyncIterator[bytes]:
        yield LONG[: 2 * FILM_PART]
        raise _Broke

    with pytest.raises(_Broke):
        await desk.pictures.arrive_video(broken())
    assert desk.blobs.held == {}

    seen = await desk.take(LONG)
    with pytest.raises(_Broke):
        await desk.pictures.arrive_video(broken())
    # The middle of a film is the same before and after it was made clean.
    assert isinstance(seen, Inspection)
    assert seen.film is not None
    assert set(desk.blobs.held) == set(seen.film.parts)


async def test_what_waited_when_the_process_ended_is_looked_at_later(desk: Desk) -> None:
    kept = await Films(desk.blobs).keep(coming(LONG, 1 << 20))
    assert not isinstance(kept, Unusable)
    async with desk.application.units.write() as unit:
        await unit.inspections.arrive(*kept)
        assert await unit.inspections.came(kept[0]) == kept[1]
        await unit.commit()

    pictures = desk.pictures
    assert await pictures.resume() == 1
    await pictures.finish(30)

    seen = await desk.known(kept[0])
    assert seen is not None
    assert seen.film is not None
    assert set(desk.blobs.held) == set(seen.film.parts)


async def test_what_came_and_was_left_behind_goes_at_the_next_start(desk: Desk) -> None:
    seen = await desk.take(LONG)
    assert isinstance(seen, Inspection)
    assert seen.film is not None
    await Films(desk.blobs).keep(coming(LONG, 1 << 20))
    assert any(f.SECRET in held for held in desk.blobs.held.values())

    await desk.pictures.resume()

    assert set(desk.blobs.held) == set(seen.film.parts)


async def test_a_part_that_is_lost_makes_it_unusable(desk: Desk) -> None:
    kept = await Films(desk.blobs).keep(coming(LONG, 1 << 20))
    assert not isinstance(kept, Unusable)
    await desk.blobs.delete(kept[1].parts[-1])

    assert await Films(desk.blobs).look(*kept) is Unusable.VIDEO_DAMAGED
    with pytest.raises(CorruptStore):
        await desk.whole(kept[1])


@pytest.mark.parametrize(
    ("start", "end"),
    [(0, 10), (FILM_PART - 3, FILM_PART + 4), (FILM_PART, 2 * FILM_PART), (5, len(LONG))],
)
async def test_any_piece_can_be_read(desk: Desk, start: int, end: int) -> None:
    kept = await Films(desk.blobs).keep(coming(LONG, 1 << 20))
    assert not isinstance(kept, Unusable)

    found = [piece async for piece in Films(desk.blobs).read(kept[1], start, end)]

    assert b"".join(found) == LONG[start:end]
    assert max(map(len, found)) <= FILM_PART


async def test_parts_are_swept_with_their_video_and_not_before(desk: Desk) -> None:
    seen = await desk.take(LONG)
    assert isinstance(seen, Inspection)
    assert seen.film is not None
    parts = frozenset(seen.film.parts)
    async with desk.application.units.write() as unit:
        kept = unit.kept_pictures
        assert await kept.unneeded(parts, frozenset({seen.blob})) == frozenset()
        assert await kept.unneeded(parts, frozenset()) == parts
        await kept.forget(parts)
        await unit.commit()

    assert await desk.known(seen.blob) is None
    assert await desk.known(seen.clean) is None
