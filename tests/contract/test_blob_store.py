"""What every blob store promises."""

from __future__ import annotations

import asyncio
import hashlib
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings, strategies as st

from moderation.kernel import BlobId, CorruptStore
from storage.blobs import FileBlobStore
from storage.crypto import Keys
from tests.fakes.blobs import FakeBlobStore


if TYPE_CHECKING:
    from pathlib import Path

    from moderation.ports import BlobStore


@pytest.fixture(params=["files", "fake"])
def blobs(request: pytest.FixtureRequest, tmp_path: Path) -> BlobStore:
    if request.param == "fake":
        return FakeBlobStore()
    keys = Keys.new()
    return FileBlobStore(tmp_path / "blobs", keys.seal, keys.open)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=20)
@given(content=st.binary(max_size=2_000))
async def test_what_is_put_can_be_got(blobs: BlobStore, content: bytes) -> None:
    blob = await blobs.put(content)

    assert blob == "sha256:" + hashlib.sha256(content).hexdigest()
    assert await blobs.get(blob) == content


async def test_putting_twice_is_harmless(blobs: BlobStore) -> None:
    assert await blobs.put(b"the same") == await blobs.put(b"the same")
    assert await blobs.get(await blobs.put(b"the same")) == b"the same"


async def test_putting_at_the_same_time_is_harmless(blobs: BlobStore) -> None:
    ids = await asyncio.gather(*(blobs.put(b"the same") for _ in range(8)), blobs.put(b"other"))

    assert len(set(ids)) == 2
    assert await blobs.get(ids[0]) == b"the same"
    assert await blobs.get(ids[-1]) == b"other"


async def test_what_was_never_put_is_none(blobs: BlobStore) -> None:
    assert await blobs.get(BlobId("sha256:" + "0" * 64)) is None


async def test_what_is_deleted_is_gone_and_nothing_else(blobs: BlobStore) -> None:
    kept, gone = await blobs.put(b"kept"), await blobs.put(b"gone")

    await blobs.delete(gone)
    await blobs.delete(gone)

    assert await blobs.get(gone) is None
    assert await blobs.get(kept) == b"kept"


async def test_what_was_deleted_can_be_put_again(blobs: BlobStore) -> None:
    await blobs.delete(await blobs.put(b"again"))

    assert await blobs.get(await blobs.put(b"again")) == b"again"


@pytest.mark.parametrize(
    "blob", ["", "sha256:", "sha256:../../etc/passwd", "sha256:" + "A" * 64, "md5:" + "0" * 64]
)
async def test_an_id_that_no_store_gave_is_a_fault(blobs: BlobStore, blob: str) -> None:
    with pytest.raises(CorruptStore, match="malformed"):
        await blobs.get(BlobId(blob))
    with pytest.raises(CorruptStore, match="malformed"):
        await blobs.delete(BlobId(blob))
