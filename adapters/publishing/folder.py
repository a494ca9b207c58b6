"""A program posts it: each release becomes one folder that appears whole.

    FOLDER/ACCOUNT/20260301T080000Z-POST-REVISION/
        post.json        what was approved (:data:`SCHEMA`)
        1.jpg, 2.mp4 …   the clean pictures and videos in order

A folder whose name begins with a dot is being written and is nobody's business yet.
"""

from __future__ import annotations

import asyncio
import contextlib
import errno
import hashlib
import json
import os
import re
import shutil
import tempfile
import threading
import time
from datetime import UTC
from pathlib import Path
from typing import TYPE_CHECKING

from adapters.publishing.pictures import TRY_AGAIN, pictures_of
from moderation.ports import Ambiguous, HandedOut, Rejected, RetryAfter


if TYPE_CHECKING:
    from moderation.ports import BlobStore, Clock, Release


SCHEMA = 1
"""Version of ``post.json``: it rises when a field goes or changes meaning, not for a new one."""
POST = "post.json"

_HALF_WRITTEN = ".new-"
_SECONDS_TO_WRITE = 3600
_PASSING = frozenset(
    {
        errno.ENOSPC,
        errno.EDQUOT,
        errno.EMFILE,
        errno.ENFILE,
        errno.ENOMEM,
        errno.EBUSY,
        errno.EAGAIN,
        errno.EINTR,
        errno.ESTALE,
        errno.ETIMEDOUT,
    }
)
"""Faults that go away by themselves or when somebody makes room; any other needs a person."""
Answer = HandedOut | RetryAfter | Rejected | Ambiguous


class FolderPublisher:
    """Implements :class:`moderation.ports.Publisher` on a file system.

    The same release (post, revision, account) is recognised and gives the same reference, its path
    below ``folder``. Folders are 0700, files 0600. ``clock`` dates a release without a time.
    """

    def __init__(self, folder: Path, blobs: BlobStore, clock: Clock) -> None:
        self._folder = folder
        self._blobs = blobs
        self._clock = clock
        self._one_at_a_time = threading.Lock()

    async def hand_out(self, release: Release) -> Answer:
        """Write the release.

        ``Rejected``: a picture is lost, the disk refuses (its ``errno`` name), or the same revision
        lies there with another digest. ``RetryAfter``: the disk can't just now; nothing can be
        seen. ``Ambiguous``: it can be seen, but may not survive a loss of power.
        """
        pictures = await pictures_of(release, self._blobs)
        if not isinstance(pictures, tuple):
            return pictures
        return await asyncio.to_thread(self._hand_out, release, pictures)

    def _hand_out(self, release: Release, pictures: tuple[bytes, ...]) -> Answer:
        # Held by the thread, not the caller: a caller may be cancelled, the thread goes on.
        with self._one_at_a_time:
            return self._hand_out_once(release, pictures)

    def _hand_out_once(self, release: Release, pictures: tuple[bytes, ...]) -> Answer:
        account = self._folder / _safe(release.account, joined=True)
        try:
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            account.mkdir(mode=0o700, exist_ok=True)
            _remove_half_written(account)
            known = _known(account, release)
            if known is not None:
                return known
            place = account / f"{self._time_of(release)}{_ending(release)}"
            self._write(place, release, pictures)
        except OSError as fault:
            return _judged(fault)
        try:
            _sync(account)
            _sync(self._folder)
        except OSError as fault:
            return Ambiguous(_name_of(fault))
        return HandedOut(str(place.relative_to(self._folder)))

    def _time_of(self, release: Release) -> str:
        when = release.not_before or self._clock.now()
        return when.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")

    def _write(self, place: Path, release: Release, pictures: tuple[bytes, ...]) -> None:
        names = [f"{n}.{_ending_of(picture)}" for n, picture in enumerate(pictures, start=1)]
        writing = Path(tempfile.mkdtemp(prefix=_HALF_WRITTEN, dir=place.parent))
        try:
            for name, picture in zip(names, pictures, strict=True):
                _write_file(writing / name, picture)
            _write_file(writing / POST, _document(release, names))
            _sync(writing)
            writing.rename(place)
        except BaseException:
            shutil.rmtree(writing, ignore_errors=True)
            raise


def _document(release: Release, names: list[str]) -> bytes:
    document = {
        "schema": SCHEMA,
        "post": release.post,
        "revision": release.revision,
        "digest": release.digest,
        "account": {
            "id": release.account,
            "name": release.account_name,
            "platform": release.platform,
        },
        "text": release.text,
        "pictures": [
            {"file": name, "alt": alt, "digest": blob}
            for name, (blob, alt) in zip(names, release.pictures, strict=True)
        ],
        "not_before": release.not_before.isoformat() if release.not_before else None,
        "authors": list(release.authors),
        "approvers": list(release.approvers),
    }
    return json.dumps(document, ensure_ascii=False, indent=2).encode() + b"\n"


def _known(account: Path, release: Release) -> HandedOut | Rejected | None:
    """What became of the same release before: its folder's name has the same ending."""
    for place in sorted(account.iterdir()):
        if place.name.startswith(".") or not place.name.endswith(_ending(release)):
            continue
        try:
            document = json.loads((place / POST).read_bytes())
        except (FileNotFoundError, NotADirectoryError, ValueError):
            return Rejected("place_is_taken")
        match document:
            case {"digest": release.digest}:
                return HandedOut(str(place.relative_to(account.parent)))
            case _:
                return Rejected("other_content_under_the_same_revision")
    return None


def _ending(release: Release) -> str:
    return f"-{_safe(release.post)}-{_safe(release.revision)}"


def _safe(part: str, *, joined: bool = False) -> str:
    """A name that is one step of a path, can't be hidden, and stays different for different ids.

    Ids of ours pass unchanged. A hyphen is left only in a name that stands alone (``joined``): in
    the others it could be taken for the one between two parts.
    """
    allowed = r"[A-Za-z0-9_][A-Za-z0-9_.-]{0,99}" if joined else r"[A-Za-z0-9_][A-Za-z0-9_.]{0,99}"
    if re.fullmatch(allowed, part):
        return part
    digest = hashlib.sha256(part.encode("utf-8", "surrogatepass")).hexdigest()[:16]
    return "_" + re.sub(r"[^A-Za-z0-9]", "_", part)[:60] + "." + digest


def _ending_of(picture: bytes) -> str:
    """A file's ending by its first bytes; an inspected one is a picture or a video."""
    if picture.startswith(b"\xff\xd8\xff"):
        return "jpg"
    if picture.startswith(b"\x89PNG"):
        return "png"
    if picture[:4] == b"RIFF" and picture[8:12] == b"WEBP":
        return "webp"
    if picture[4:8] == b"ftyp":
        return "mov" if picture[8:12] == b"qt  " else "mp4"
    return "bin"


def _write_file(path: Path, content: bytes) -> None:
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def _remove_half_written(account: Path) -> None:
    """A crash may have left pictures of children in a folder that nobody will look into."""
    for left in account.glob(_HALF_WRITTEN + "*"):
        with contextlib.suppress(FileNotFoundError):
            if time.time() - left.stat().st_mtime > _SECONDS_TO_WRITE:
                shutil.rmtree(left)


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _judged(fault: OSError) -> RetryAfter | Rejected:
    return RetryAfter(TRY_AGAIN) if fault.errno in _PASSING else Rejected(_name_of(fault))


def _name_of(fault: OSError) -> str:
    """The error's code; its message would name a path."""
    return errno.errorcode.get(fault.errno or 0, "EUNKNOWN")
