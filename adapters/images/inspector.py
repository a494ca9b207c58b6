"""Pictures as the rest of Schoolgate sees them: the bot's own process never decodes one."""

from __future__ import annotations

import asyncio
import dataclasses
import hashlib
import json
import os
import shutil
import signal
import sys
from typing import TYPE_CHECKING

from adapters.images import child, containers, wire
from adapters.images.containers import Container, Kind
from adapters.images.wire import Limits, Noticed, Seen
from moderation.kernel import BlobId, SchoolgateError
from moderation.ports import Inspection, PictureFormat, Unusable


if TYPE_CHECKING:
    from collections.abc import Mapping

SMALLEST = 100
"""Pixels of the longer side: in a smaller picture there is no word to read, and nobody to know."""
LONGEST_PREVIEW = 4096
"""Pixels: what :meth:`SubprocessInspector.smaller` may be asked for at most."""


class CannotInspect(SchoolgateError):
    """The process that opens pictures could not be started: ours to mend, not the picture's fault.

    Also raised for a preview of something that is no usable picture; then the message is the value
    of :class:`moderation.ports.Unusable`.
    """


class SubprocessInspector:
    """Opens each picture in a process of its own (see :mod:`adapters.images.worker`).

    At most ``limits.at_once`` processes run; further callers wait their turn. A cancelled caller's
    process is killed. ``reader`` is a program with tesseract's arguments, found on the PATH.
    """

    def __init__(self, limits: Limits | None = None, *, reader: str = "tesseract") -> None:
        self.limits = limits or Limits()
        self.reader = shutil.which(reader) or ""
        """The program that reads words, empty where there is none."""
        self._turns = asyncio.Semaphore(self.limits.at_once)

    async def inspect(self, content: bytes) -> tuple[Inspection, bytes] | Unusable:
        """The inspection and the clean picture, or why there is none.

        The same bytes give the same clean bytes. A clean picture is a JPEG, or a PNG when it came
        lossless or is see-through; upright, in L, RGB or RGBA, with at most a colour profile beside
        its pixels. Raises :class:`CannotInspect` only when no process could be started.
        """
        seen = await self._ask(content, {})
        if isinstance(seen, Unusable):
            return seen
        noticed = await self._notice(seen)
        return await asyncio.to_thread(_inspection, content, seen, noticed), seen.clean

    async def smaller(self, content: bytes, longest: int) -> bytes:
        """A JPEG for a card, its longer side at most ``longest`` (1 to 4,096) pixels.

        Raises :class:`CannotInspect` when ``content`` is no usable picture.
        """
        if not 0 < longest <= LONGEST_PREVIEW:
            raise ValueError(f"a preview has 1 to {LONGEST_PREVIEW} pixels, not {longest}")
        seen = await self._ask(content, {"longest": longest})
        if isinstance(seen, Unusable):
            raise CannotInspect(seen.value)
        return seen.clean

    async def _notice(self, seen: Seen) -> Noticed:
        """What the clean picture shows. Nothing of it makes a picture unusable."""
        if max(seen.width, seen.height) < SMALLEST:
            return Noticed(faces=0, read=True)
        try:
            async with self._turns:
                ended = await child.run(
                    _command(self.limits, {"reader": self.reader}),
                    seen.clean,
                    environment=_environment(),
                    seconds=self.limits.look_seconds,
                    most=self.limits.reply,
                )
            if ended.code != 0 or not ended.output.startswith(wire.GREETING):
                return Noticed()
            answer = wire.unpack(ended.output[len(wire.GREETING) :])
        except (OSError, ValueError):
            return Noticed()
        return answer if isinstance(answer, Noticed) else Noticed()

    async def _ask(self, content: bytes, request: Mapping[str, int]) -> Seen | Unusable:
        if len(content) > self.limits.bytes:
            return Unusable.TOO_MANY_BYTES
        if containers.kind_of(content) is None:
            return Unusable.NOT_A_PICTURE
        async with self._turns:
            ended = await child.run(
                _command(self.limits, request),
                content,
                environment=_environment(),
                seconds=self.limits.seconds,
                most=self.limits.reply,
            )
        return await asyncio.to_thread(_believed, ended, self.limits)


def _command(limits: Limits, request: Mapping[str, int | str]) -> list[str]:
    asked = json.dumps({**request, "limits": dataclasses.asdict(limits)})
    return [sys.executable, "-I", "-m", "adapters.images.worker", asked]


def _environment() -> dict[str, str]:
    """No secret of ours: only where the interpreter's libraries lie. One arena saves memory."""
    kept = {
        name: os.environ[name]
        for name in ("LD_LIBRARY_PATH", "TESSDATA_PREFIX")
        if name in os.environ
    }
    return {"LANG": "C.UTF-8", "MALLOC_ARENA_MAX": "1"} | kept


def _believed(ended: child.Ended, limits: Limits) -> Seen | Unusable:
    """What the process said, as far as it can be checked without decoding a pixel."""
    if not ended.output.startswith(wire.GREETING):
        raise CannotInspect(
            "the process that opens pictures did not start "
            + ("in time" if ended.code is None else f"(exit code {ended.code})")
        )
    if ended.code in {None, -signal.SIGXCPU}:
        return Unusable.TOO_SLOW
    if ended.code != 0:
        return Unusable.DAMAGED
    try:
        answer = wire.unpack(ended.output[len(wire.GREETING) :])
    except ValueError:
        return Unusable.DAMAGED
    if isinstance(answer, Noticed) or (isinstance(answer, Seen) and not _is_clean(answer, limits)):
        return Unusable.DAMAGED
    return answer


def _is_clean(seen: Seen, limits: Limits) -> bool:
    container = containers.read(seen.clean)
    return (
        isinstance(container, Container)
        and container.kind is _KINDS.get(seen.format)
        and (container.width, container.height) == (seen.width, seen.height)
        and seen.width * seen.height <= limits.pixels
        and not container.has_metadata
        and len(seen.metadata) <= containers.MOST_TEXTS
    )


def _inspection(content: bytes, seen: Seen, noticed: Noticed) -> Inspection:
    return Inspection(
        blob=_blob_id(content),
        clean=_blob_id(seen.clean),
        format=seen.format,
        width=seen.width,
        height=seen.height,
        metadata=seen.metadata,
        has_position=seen.has_position,
        look=dataclasses.replace(
            seen.look, words=noticed.words, read=noticed.read, faces=noticed.faces
        ),
    )


def _blob_id(content: bytes) -> BlobId:
    return BlobId("sha256:" + hashlib.sha256(content).hexdigest())


_KINDS = {
    PictureFormat.JPEG: Kind.JPEG,
    PictureFormat.PNG: Kind.PNG,
    PictureFormat.WEBP: Kind.WEBP,
}
