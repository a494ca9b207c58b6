"""A backup as one file: an uncompressed tar archive that tells whether it is whole.

    schoolgate.db        the database as a SQLite file, whichever database it came from
    pictures/ab/cdef…    the sealed pictures, as they lie in the data folder
    manifest.json        what there must be: counts, sizes, digests
    manifest.sealed      the manifest's digest, sealed: only whoever holds a key could have made it

No key is ever in it.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import re
import tarfile
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import IO, TYPE_CHECKING, Final

from moderation.kernel import CorruptStore, SchoolgateError
from storage.crypto import Keys, place


if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

FORMAT: Final = 1
DATABASE: Final = "schoolgate.db"
PICTURES: Final = "pictures"
MANIFEST: Final = "manifest.json"
SEAL: Final = "manifest.sealed"
SEALED_FOR: Final = place("backup", "manifest", str(FORMAT))
_NAMES: Final = re.compile(r"schoolgate\.db|pictures/[0-9a-f]{2}/[0-9a-f]{62}|manifest\.\w+")
_CHUNK: Final = 1 << 20
_LARGEST_MANIFEST: Final = 1 << 28


class BadArchive(SchoolgateError):
    """The file isn't a whole backup. The message says what is wrong, and quotes nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """What a backup holds. ``rows``: table → rows; ``files``: name → [bytes, SHA-256].

    ``keys`` are ids of the keys that something in it was sealed with; an id says nothing of a key.
    """

    version: str
    made_at: datetime
    dialect: str
    revision: str
    stamp: str
    rows: Mapping[str, int]
    events: int
    last_hash: str
    keys: tuple[str, ...]
    files: Mapping[str, tuple[int, str]]

    @property
    def pictures(self) -> int:
        """How many pictures are in it."""
        return sum(name.startswith(PICTURES) for name in self.files)

    def to_json(self) -> bytes:
        """Canonical JSON."""
        body = asdict(self) | {"format": FORMAT, "made_at": self.made_at.isoformat()}
        return json.dumps(body, sort_keys=True, indent=1).encode("ascii")

    @classmethod
    def from_json(cls, text: bytes) -> Manifest:
        """Raises :class:`BadArchive`."""
        found = None
        try:
            body = json.loads(text)
            if body.pop("format") == FORMAT:
                body["made_at"] = datetime.fromisoformat(body["made_at"])
                body["keys"] = tuple(body["keys"])
                body["files"] = {
                    str(name): (int(size), str(digest))
                    for name, (size, digest) in body["files"].items()
                }
                found = cls(**body)
        except (ValueError, KeyError, TypeError, AttributeError):
            found = None
        if found is None:
            raise BadArchive("its list of contents can't be read; a newer version may have made it")
        return found


def files_in(folder: Path) -> dict[str, Path]:
    """Archive name → file, of a folder that is laid out as an archive is."""
    pictures = sorted((folder / PICTURES).glob("??/*"))
    named = {path.relative_to(folder).as_posix(): path for path in (folder / DATABASE, *pictures)}
    return {name: path for name, path in named.items() if _NAMES.fullmatch(name)}


def measured(path: Path) -> tuple[int, str]:
    """Bytes and SHA-256 of a file."""
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256")
    return path.stat().st_size, digest.hexdigest()


def write(target: Path, folder: Path, manifest: Manifest, keys: Keys) -> None:
    """Write what ``manifest.files`` names of ``folder``; on the disk when this returns.

    ``target`` is made, mode 0600, and must not be there yet.
    """
    handle = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with (
        os.fdopen(handle, "wb") as file,
        tarfile.open(fileobj=file, mode="w", format=tarfile.PAX_FORMAT) as tar,
    ):
        for name in manifest.files:
            path = folder / name
            with path.open("rb") as source:
                tar.addfile(_entry(name, path.stat().st_size, manifest.made_at), source)
        listed = manifest.to_json()
        seal = keys.seal(hashlib.sha256(listed).digest(), SEALED_FOR)
        for name, content in ((MANIFEST, listed), (SEAL, seal)):
            tar.addfile(_entry(name, len(content), manifest.made_at), io.BytesIO(content))
        tar.close()
        file.flush()
        os.fsync(file.fileno())


def _entry(name: str, size: int, at: datetime) -> tarfile.TarInfo:
    entry = tarfile.TarInfo(name)
    entry.size, entry.mode, entry.mtime = size, 0o600, int(at.timestamp())
    return entry


def unpack(archive: Path, folder: Path, keys: Keys) -> Manifest:
    """Lay the archive out in ``folder``, an empty one, and check that it is whole and ours.

    Raises :class:`BadArchive`, and :class:`OSError` where the disk fails.
    """
    found: dict[str, tuple[int, str]] | None = None
    with suppress(tarfile.TarError, EOFError), tarfile.open(archive, "r:") as tar:
        found = dict(_laid_out(tar, folder))
    if found is None:
        raise BadArchive("it isn't a backup of Schoolgate, or was cut short")
    if MANIFEST not in found or SEAL not in found:
        raise BadArchive("it was cut short: its list of contents is missing")
    listed = (folder / MANIFEST).read_bytes()
    _check_seal(listed, (folder / SEAL).read_bytes(), keys)
    manifest = Manifest.from_json(listed)
    held = {name: size for name, size in found.items() if name not in (MANIFEST, SEAL)}
    if held != manifest.files:
        raise BadArchive("it was damaged: what is in it isn't what its list says")
    return manifest


def _laid_out(tar: tarfile.TarFile, folder: Path) -> Iterator[tuple[str, tuple[int, str]]]:
    for entry in tar:
        if not entry.isreg() or not _NAMES.fullmatch(entry.name):
            raise BadArchive("it holds something that no backup of Schoolgate holds")
        source = tar.extractfile(entry)
        if source is None or (entry.name in (MANIFEST, SEAL) and entry.size > _LARGEST_MANIFEST):
            raise BadArchive("it holds something that no backup of Schoolgate holds")
        yield entry.name, _copied(source, folder / entry.name)


def _copied(source: IO[bytes], target: Path) -> tuple[int, str]:
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    digest, size = hashlib.sha256(), 0
    try:
        handle = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        raise BadArchive("it holds something twice") from None
    with os.fdopen(handle, "wb") as file:
        while chunk := source.read(_CHUNK):
            digest.update(chunk)
            size += len(chunk)
            file.write(chunk)
        file.flush()
        os.fsync(file.fileno())
    return size, digest.hexdigest()


def _check_seal(listed: bytes, seal: bytes, keys: Keys) -> None:
    problem = ""
    try:
        if keys.open(seal, SEALED_FOR) != hashlib.sha256(listed).digest():
            problem = "it was altered: its seal is that of another list"
    except CorruptStore:
        problem = (
            "none of the keys in SCHOOLGATE_KEYS opens it. Put the key that it was made with "
            "behind the others"
        )
    if problem:
        raise BadArchive(problem)
