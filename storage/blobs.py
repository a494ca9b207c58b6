"""Pictures on disk: each under its own digest, sealed, written whole or not at all.

    FOLDER/ab/cdef…      one sealed blob; the name is the digest of what is inside
    FOLDER/new-…         being written; left behind only by a crash, removed on the next start
    FOLDER/lock          held by whoever deletes, seals anew or takes a backup

The seal is bound to the digest, so a file moved to another name doesn't open.
"""

from __future__ import annotations

import asyncio
import contextlib
import fcntl
import hashlib
import os
import re
import tempfile
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING

from moderation.kernel import BlobId, CorruptStore


if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import datetime


_BLOB_ID = re.compile(r"sha256:([0-9a-f]{2})([0-9a-f]{62})")
_HALF_WRITTEN = "new-"
_LOCK = "lock"
_HEADER_BYTES = 5
_SECONDS_TO_WRITE = 3600
"""After which a file still being written belongs to a process that is no more."""


class FileBlobStore:
    """Implements :class:`moderation.ports.BlobStore`.

    ``seal`` and ``open_`` take bytes and what they are bound to; ``open_`` raises
    :class:`CorruptStore`. Disk faults are :class:`OSError`. Folders are 0700, files 0600.
    """

    def __init__(
        self,
        folder: Path,
        seal: Callable[[bytes, bytes], bytes],
        open_: Callable[[bytes, bytes], bytes],
    ) -> None:
        self._folder = folder
        self._seal = seal
        self._open = open_
        self._prepared = False
        self._preparing = threading.Lock()

    async def put(self, content: bytes) -> BlobId:
        """Store ``content``; when this returns, it survives a loss of power.

        The same content is written anew: that mends a damaged file, and seals it with today's key.
        """
        return await asyncio.to_thread(self._put, content)

    async def get(self, blob: BlobId) -> bytes | None:
        """The content, or ``None`` when there is none.

        Raises :class:`CorruptStore` when what is there is not what was stored, and for an id that
        no store ever gave.
        """
        return await asyncio.to_thread(self._get, blob)

    async def delete(self, blob: BlobId, *, untouched_since: datetime | None = None) -> None:
        """Remove the content; nothing happens when there is none, or when it was put since then."""
        await asyncio.to_thread(self._delete, blob, untouched_since)

    async def untouched_since(self, moment: datetime) -> frozenset[BlobId]:
        """Everything that was last put before that."""
        return await asyncio.to_thread(self._untouched_since, moment)

    # -- for whoever changes keys or takes a backup ----------------------------------------------

    def paths(self) -> dict[BlobId, Path]:
        """Every blob's file, ordered by id. Any of them may be gone in a moment."""
        found = {
            BlobId(f"sha256:{path.parent.name}{path.name}"): path
            for path in self._folder.glob("??/*")
        }
        return {blob: found[blob] for blob in sorted(found) if _BLOB_ID.fullmatch(blob)}

    def header(self, blob: BlobId) -> bytes:
        """The first bytes of the sealed blob, which tell its key; ``b""`` when it is gone."""
        with contextlib.suppress(FileNotFoundError), self._path(blob).open("rb") as file:
            return file.read(_HEADER_BYTES)
        return b""

    async def reseal(self, blob: BlobId) -> bool:
        """Seal it with today's key. ``False``: it is gone.

        Nobody deletes meanwhile, so that nothing deleted comes back. Raises as :meth:`get` does.
        """
        return await asyncio.to_thread(self._reseal, blob)

    @contextlib.contextmanager
    def nothing_deleted(self, *, alone: bool = False) -> Iterator[None]:
        """Until the block is left, deleting waits; ``alone``: others that hold this wait too.

        Blocks the thread.
        """
        if not self._folder.exists():
            yield
            return
        lock = os.open(self._folder / _LOCK, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX if alone else fcntl.LOCK_SH)
            yield
        finally:
            os.close(lock)

    # -- inner -----------------------------------------------------------------------------------

    def _reseal(self, blob: BlobId) -> bool:
        with self.nothing_deleted(alone=True):
            content = self._get(blob)
            if content is None:
                return False
            self._put(content)
            return True

    def _put(self, content: bytes) -> BlobId:
        self._prepare()
        blob = BlobId("sha256:" + hashlib.sha256(content).hexdigest())
        path = self._path(blob)
        sealed = self._seal(content, blob.encode("ascii"))
        if not path.parent.exists():
            path.parent.mkdir(mode=0o700, exist_ok=True)
            _sync(self._folder)
        handle, written = tempfile.mkstemp(prefix=_HALF_WRITTEN, dir=self._folder)
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(sealed)
                file.flush()
                os.fsync(file.fileno())
            Path(written).replace(path)
        except BaseException:
            Path(written).unlink(missing_ok=True)
            raise
        _sync(path.parent)
        return blob

    def _get(self, blob: BlobId) -> bytes | None:
        try:
            sealed = self._path(blob).read_bytes()
        except FileNotFoundError:
            return None
        content = self._open(sealed, blob.encode("ascii"))
        if blob != "sha256:" + hashlib.sha256(content).hexdigest():
            raise CorruptStore(f"{blob} holds something else")
        return content

    def _delete(self, blob: BlobId, untouched_since: datetime | None) -> None:
        path = self._path(blob)
        with self.nothing_deleted(alone=True), contextlib.suppress(FileNotFoundError):
            if untouched_since is not None and not _is_older(path, untouched_since):
                return
            path.unlink()
            _sync(path.parent)

    def _untouched_since(self, moment: datetime) -> frozenset[BlobId]:
        found: set[BlobId] = set()
        for blob, path in self.paths().items():
            with contextlib.suppress(FileNotFoundError):
                if _is_older(path, moment):
                    found.add(blob)
        return frozenset(found)

    def _path(self, blob: BlobId) -> Path:
        parts = _BLOB_ID.fullmatch(blob)
        if parts is None:
            raise CorruptStore("an id of a blob is malformed")
        return self._folder / parts[1] / parts[2]

    def _prepare(self) -> None:
        """Make the folder, and once per process remove what a crash left half-written."""
        with self._preparing:
            if self._prepared:
                return
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            for left in self._folder.glob(_HALF_WRITTEN + "*"):
                with contextlib.suppress(FileNotFoundError):
                    if time.time() - left.stat().st_mtime > _SECONDS_TO_WRITE:
                        left.unlink()
            self._prepared = True


def _is_older(path: Path, moment: datetime) -> bool:
    return path.stat().st_mtime < moment.timestamp()


def _sync(folder: Path) -> None:
    """Make a folder's entries survive a loss of power."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
