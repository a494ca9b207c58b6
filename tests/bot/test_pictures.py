"""Pictures on their way in: kept sealed, looked at once, made clean, and nothing else stays."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import pytest

from bot.application import Application, Plugged
from moderation.checks.model import Pictured, Who
from moderation.kernel import Accepted, Asked, Platform, PostId
from moderation.ports import Inspection, Unusable
from moderation.posts import commands as ask
from moderation.posts.model import Attachment, Content, State
from tests.adapters.images.pictures import archive, chunk, png, png_with
from tests.applications import Applications
from tests.fakes.blobs import FakeBlobStore
from tests.fakes.chat import FakeChat
from tests.fakes.images import FakeImageInspector, digest
from tests.fakes.trust import FACEBOOK, REED, identity


if TYPE_CHECKING:
    from bot.pictures import Pictures
    from moderation.kernel import BlobId
    from moderation.posts.model import Post


PICTURE = png_with(chunk(b"tEXt", b"Comment\x00taken by the pond"))
"""Its file says something that its pixels don't, so the clean picture is another file."""
ORIGINAL, OTHER = digest(PICTURE), png_with(chunk(b"tEXt", b"Comment\x00the other one"))


class Died(BaseException):
    """The process ends here."""


class SlowInspector(FakeImageInspector):
    """Waits for ``go``."""

    def __init__(self) -> None:
        super().__init__()
        self.go = asyncio.Event()
        self.begun = asyncio.Event()

    async def inspect(self, content: bytes) -> tuple[Inspection, bytes] | Unusable:
        self.begun.set()
        await self.go.wait()
        return await super().inspect(content)


class KeepingBlobStore(FakeBlobStore):
    """The process ends just before anything is removed."""

    async def delete(self, blob: BlobId) -> None:
        raise Died(blob)


class BrokenDisk(FakeBlobStore):
    async def get(self, blob: BlobId) -> bytes | None:
        raise OSError(5, f"Input/output error: {blob}")


class DeafService:
    """The process ends just before anything is asked."""

    async def do(self, command: object, asked: Asked) -> None:
        raise Died(command, asked.key)


@dataclass
class Desk:
    """The arrivals' desk of one process after another, on one store of bytes."""

    application: Application
    applications: Applications
    blobs: FakeBlobStore = field(default_factory=FakeBlobStore)
    inspector: FakeImageInspector = field(default_factory=FakeImageInspector)

    def pictures(self, **changes: object) -> Pictures:
        real = self.application.pictures
        made = replace(real, blobs=self.blobs, inspector=self.inspector, looking={})
        return replace(made, **changes)  # type: ignore[arg-type]  # fields by name

    def kept(self, blobs: FakeBlobStore) -> FakeBlobStore:
        """Another store with the same bytes in it."""
        blobs.held = self.blobs.held
        return blobs

    async def propose(self, *blobs: BlobId, text: str = "Our pond is finished.") -> Post:
        """In front of the moderators, or a draft while its pictures are looked at."""
        content = Content(
            text=text,
            accounts=(FACEBOOK,),
            attachments=tuple(Attachment(blob=blob, alt="A pond with reeds.") for blob in blobs),
            pictured=Pictured(Who.NOBODY),
        )
        post = PostId(f"post-{len(text)}-{len(blobs)}")
        asked = Asked(by=identity(REED), key=post, at=self.applications.clock.now())
        command = ask.Propose(post=post, content=content)
        outcome = await self.application.service.do(command, asked)
        assert isinstance(outcome, Accepted), outcome
        return await self.current(post)

    async def current(self, post: PostId) -> Post:
        async with self.application.units.read() as unit:
            stored = await unit.posts.get(post)
        assert stored is not None
        return stored[0]

    async def stands(self, blob: BlobId) -> str:
        """``seen``, ``waiting``, or ``nothing`` for an unusable or unknown one."""
        async with self.application.units.read() as unit:
            if blob in await unit.inspections.get(frozenset({blob})):
                return "seen"
            return "waiting" if blob in await unit.inspections.waiting() else "nothing"


@pytest.fixture
async def desk(applications: Applications) -> Desk:
    async def connect(_application: Application) -> Plugged:
        return Plugged(chat=FakeChat())

    return Desk(await applications.start({Platform.SANDBOX: connect}), applications)


# -- arriving ------------------------------------------------------------------------------------


async def test_only_the_clean_picture_is_kept(desk: Desk) -> None:
    blob, looking = await desk.pictures().arrive(PICTURE)
    seen = await looking
    assert isinstance(seen, Inspection)
    assert (blob, seen.blob) == (ORIGINAL, ORIGINAL)
    assert desk.blobs.held.keys() == {seen.clean}
    assert b"pond" not in desk.blobs.held[seen.clean]
    assert await desk.stands(ORIGINAL) == "seen"
    assert seen.metadata  # what the file said goes through the name check


async def test_a_picture_that_is_clean_already_is_kept_as_it_is(desk: Desk) -> None:
    blob, looking = await desk.pictures().arrive(png())
    seen = await looking
    assert isinstance(seen, Inspection)
    assert seen.clean == blob
    assert desk.blobs.held.keys() == {blob}


@pytest.mark.parametrize("why", Unusable)
async def test_what_cannot_be_used_is_said_and_its_bytes_are_gone(
    desk: Desk, why: Unusable
) -> None:
    desk.inspector.answers[archive()] = why
    blob, looking = await desk.pictures().arrive(archive())
    assert await looking is why
    assert desk.blobs.held == {}
    assert await desk.stands(blob) == "nothing"
    async with desk.application.units.read() as unit:
        assert await unit.inspections.known(frozenset({blob})) == frozenset()


async def test_the_same_picture_again_leaves_no_original_behind(desk: Desk) -> None:
    pictures = desk.pictures()
    for _ in range(2):
        _, looking = await pictures.arrive(PICTURE)
        seen = await looking
        assert isinstance(seen, Inspection)
        assert desk.blobs.held.keys() == {seen.clean}
    assert len(desk.inspector.asked) == 1


async def test_the_same_picture_twice_at_once_is_looked_at_once(desk: Desk) -> None:
    desk.inspector = SlowInspector()
    pictures = desk.pictures()
    arrivals = [await pictures.arrive(PICTURE) for _ in range(3)]
    desk.inspector.go.set()
    seen = {(await looking) for _, looking in arrivals}
    assert len(seen) == 1
    assert await desk.stands(ORIGINAL) == "seen"
    assert len(desk.inspector.asked) == 1


async def test_a_clean_picture_that_is_sent_in_again_stays(desk: Desk) -> None:
    """Somebody saves the picture from a card, and uses it for another post."""
    pictures = desk.pictures()
    _, looking = await pictures.arrive(PICTURE)
    first = await looking
    assert isinstance(first, Inspection)
    clean = desk.blobs.held[first.clean]
    # Saving a JPEG anew makes other bytes each time; this stands for that.
    desk.inspector.answers[clean] = Unusable.DAMAGED
    _, looking = await pictures.arrive(clean)
    again = await looking
    assert isinstance(again, Inspection)
    assert again.clean == first.clean
    assert desk.blobs.held == {first.clean: clean}


async def test_what_was_unusable_may_be_sent_again(desk: Desk) -> None:
    pictures = desk.pictures()
    desk.inspector.answers[PICTURE] = Unusable.TOO_SLOW
    _, looking = await pictures.arrive(PICTURE)
    assert await looking is Unusable.TOO_SLOW
    desk.inspector.answers.clear()
    _, looking = await pictures.arrive(PICTURE)
    assert isinstance(await looking, Inspection)


# -- drafts that wait ----------------------------------------------------------------------------


async def test_a_draft_waits_for_its_picture_and_goes_on_when_it_is_seen(desk: Desk) -> None:
    desk.inspector = SlowInspector()
    blob, looking = await desk.pictures().arrive(PICTURE)
    post = await desk.propose(blob)
    assert (post.state, post.waiting_for) == (State.DRAFT, frozenset({blob}))
    desk.inspector.go.set()
    await looking
    assert (await desk.current(post.id)).state is State.IN_REVIEW


async def test_a_draft_waits_for_all_its_pictures(desk: Desk) -> None:
    desk.inspector = slow = SlowInspector()
    one, looking = await desk.pictures().arrive(PICTURE)
    desk.inspector = other = SlowInspector()
    two, looking_too = await desk.pictures().arrive(OTHER)
    post = await desk.propose(one, two)
    slow.go.set()
    await looking
    assert (await desk.current(post.id)).waiting_for == {two}
    other.go.set()
    await looking_too
    assert (await desk.current(post.id)).state is State.IN_REVIEW


async def test_what_a_picture_s_file_says_is_judged(desk: Desk) -> None:
    """A pupil's name inside the file: the moderators are asked to look."""
    desk.inspector = SlowInspector()
    named = png_with(chunk(b"tEXt", b"Author\x00Amelia Khan"))
    blob, looking = await desk.pictures().arrive(named)
    post = await desk.propose(blob)
    desk.inspector.go.set()
    await looking
    found = await desk.current(post.id)
    assert "STEP-NAME-1" in {finding.clause for finding in found.findings}


# -- the process ends in between -----------------------------------------------------------------


async def test_what_was_cut_short_is_looked_at_by_the_next_process(desk: Desk) -> None:
    desk.inspector = SlowInspector()
    pictures = desk.pictures()
    blob, looking = await pictures.arrive(PICTURE)
    await desk.inspector.begun.wait()
    post = await desk.propose(blob)
    await pictures.finish(0)
    assert looking.cancelled()
    assert await desk.stands(blob) == "waiting"

    desk.inspector = FakeImageInspector()
    restarted = desk.pictures()
    assert await restarted.resume() == 1
    await restarted.finish(10)
    assert await desk.stands(blob) == "seen"
    assert (await desk.current(post.id)).state is State.IN_REVIEW
    assert len(desk.blobs.held) == 1


async def test_finishing_waits_for_what_is_nearly_done(desk: Desk) -> None:
    pictures = desk.pictures()
    _, looking = await pictures.arrive(PICTURE)
    await pictures.finish(10)
    assert isinstance(looking.result(), Inspection)


async def test_a_death_before_the_original_is_removed_is_made_good(desk: Desk) -> None:
    """It may say where it was taken, or who is in it."""
    blobs = desk.kept(KeepingBlobStore())
    _, looking = await desk.pictures(blobs=blobs).arrive(PICTURE)
    with pytest.raises(Died):
        await looking
    assert ORIGINAL in desk.blobs.held
    await desk.pictures().resume()
    assert ORIGINAL not in desk.blobs.held
    assert len(desk.blobs.held) == 1


async def test_a_death_before_what_is_unusable_is_removed_is_made_good(desk: Desk) -> None:
    desk.inspector.answers[archive()] = Unusable.NOT_A_PICTURE
    blobs = desk.kept(KeepingBlobStore())
    _, looking = await desk.pictures(blobs=blobs).arrive(archive())
    with pytest.raises(Died):
        await looking
    assert desk.blobs.held
    await desk.pictures().resume()
    assert desk.blobs.held == {}


async def test_a_death_before_the_draft_is_judged_is_made_good(desk: Desk) -> None:
    desk.inspector = SlowInspector()
    blob, looking = await desk.pictures(service=DeafService()).arrive(PICTURE)
    post = await desk.propose(blob)
    desk.inspector.go.set()
    with pytest.raises(Died):
        await looking
    assert (await desk.current(post.id)).state is State.DRAFT

    assert await desk.pictures().resume() == 0
    assert (await desk.current(post.id)).state is State.IN_REVIEW


async def test_a_draft_that_came_in_the_very_moment_is_caught_up_with(desk: Desk) -> None:
    """Two databases' worth of timing: it was written while its picture's task looked for drafts."""
    desk.inspector = SlowInspector()
    pictures = desk.pictures(service=DeafService())
    blob, looking = await pictures.arrive(PICTURE)
    post = await desk.propose(blob)
    desk.inspector.go.set()
    with pytest.raises(Died):
        await looking
    running = desk.pictures()
    await running.catch_up()
    assert (await desk.current(post.id)).state is State.IN_REVIEW
    before = await desk.current(post.id)
    await running.catch_up()
    assert await desk.current(post.id) == before


async def test_a_disk_that_fails_loses_nothing(desk: Desk) -> None:
    blobs = desk.kept(BrokenDisk())
    blob, looking = await desk.pictures(blobs=blobs).arrive(PICTURE)
    with pytest.raises(OSError, match="Input/output"):
        await looking
    assert await desk.stands(blob) == "waiting"
    assert ORIGINAL in desk.blobs.held
    restarted = desk.pictures()
    assert await restarted.resume() == 1
    await restarted.finish(10)
    assert await desk.stands(blob) == "seen"


async def test_bytes_that_are_lost_are_told_as_damaged(desk: Desk) -> None:
    desk.inspector = SlowInspector()
    pictures = desk.pictures()
    blob, looking = await pictures.arrive(PICTURE)
    await desk.inspector.begun.wait()
    await pictures.finish(0)
    desk.blobs.held.clear()
    restarted = desk.pictures()
    await restarted.resume()
    assert looking.cancelled()
    assert await restarted.looking[blob] is Unusable.DAMAGED
    assert await desk.stands(blob) == "nothing"
