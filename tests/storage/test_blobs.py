"""Blobs on disk: sealed, whole, and private."""

from __future__ import annotations

import os
import stat
import time
from typing import TYPE_CHECKING

import pytest

from moderation.kernel import CorruptStore
from storage.blobs import FileBlobStore
from storage.crypto import Keys


if TYPE_CHECKING:
    from pathlib import Path


CONTENT = b"the picture of Amelia Kaye, as it were"


def store(folder: Path, keys: Keys) -> FileBlobStore:
    return FileBlobStore(folder, keys.seal, keys.open)


def files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file())


@pytest.fixture
def keys() -> Keys:
    return Keys.new()


async def test_nothing_on_disk_can_be_read_without_the_key(tmp_path: Path, keys: Keys) -> None:
    blob = await store(tmp_path, keys).put(CONTENT)

    (file,) = files(tmp_path)
    assert b"Amelia" not in file.read_bytes()
    assert await store(tmp_path, keys).get(blob) == CONTENT
    with pytest.raises(CorruptStore):
        await store(tmp_path, Keys.new()).get(blob)


async def test_files_and_folders_are_for_us_alone(tmp_path: Path, keys: Keys) -> None:
    await store(tmp_path / "a" / "blobs", keys).put(CONTENT)

    for path in (tmp_path / "a" / "blobs").rglob("*"):
        expected = 0o700 if path.is_dir() else 0o600
        assert stat.S_IMODE(path.stat().st_mode) == expected
    assert stat.S_IMODE((tmp_path / "a" / "blobs").stat().st_mode) == 0o700


async def test_an_altered_file_is_a_fault_and_putting_it_again_mends_it(
    tmp_path: Path, keys: Keys
) -> None:
    blobs = store(tmp_path, keys)
    blob = await blobs.put(CONTENT)
    (file,) = files(tmp_path)
    sealed = bytearray(file.read_bytes())
    sealed[-1] ^= 1
    file.write_bytes(sealed)

    with pytest.raises(CorruptStore):
        await blobs.get(blob)

    await blobs.put(CONTENT)
    assert await blobs.get(blob) == CONTENT


async def test_a_file_under_another_name_does_not_open(tmp_path: Path, keys: Keys) -> None:
    blobs = store(tmp_path, keys)
    one, other = await blobs.put(b"one"), await blobs.put(b"other")
    paths = {blob: tmp_path / blob[7:9] / blob[9:] for blob in (one, other)}
    paths[one].write_bytes(paths[other].read_bytes())

    with pytest.raises(CorruptStore):
        await blobs.get(one)


async def test_a_file_that_opens_to_something_else_is_a_fault(tmp_path: Path) -> None:
    blobs = FileBlobStore(tmp_path, lambda content, _: content, lambda sealed, _: sealed + b"!")
    blob = await blobs.put(CONTENT)

    with pytest.raises(CorruptStore, match="holds something else"):
        await blobs.get(blob)


async def test_a_write_that_fails_leaves_what_was_there(
    tmp_path: Path, keys: Keys, monkeypatch: pytest.MonkeyPatch
) -> None:
    blobs = store(tmp_path, keys)
    blob = await blobs.put(CONTENT)

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as broken:
        broken.setattr(os, "fsync", full)
        with pytest.raises(OSError, match="No space left"):
            await blobs.put(CONTENT)
        with pytest.raises(OSError, match="No space left"):
            await blobs.put(b"something new")

    assert await blobs.get(blob) == CONTENT
    assert len(files(tmp_path)) == 1


async def test_what_a_crash_left_is_removed_and_what_another_writes_is_not(
    tmp_path: Path, keys: Keys
) -> None:
    old, young = tmp_path / "new-old", tmp_path / "new-young"
    for path in (old, young):
        path.write_bytes(b"half")
    yesterday = time.time() - 86_400
    os.utime(old, (yesterday, yesterday))

    await store(tmp_path, keys).put(CONTENT)

    assert not old.exists()
    assert young.exists()


async def test_a_new_key_reads_and_writes_what_the_old_one_sealed(tmp_path: Path) -> None:
    old = Keys.new()
    blob = await store(tmp_path, old).put(CONTENT)
    both = Keys.from_text(f"{Keys.new().to_text()},{old.to_text()}")
    rotated = store(tmp_path, both)

    assert await rotated.get(blob) == CONTENT
    await rotated.put(CONTENT)
    newest = Keys.from_text(both.to_text().split(",")[0])
    assert await store(tmp_path, newest).get(blob) == CONTENT
