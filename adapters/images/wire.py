"""What travels between the bot and the process that opens a picture.

The bot writes the file to the process's standard input and closes it. The process answers with
:data:`GREETING` before it reads the first byte, so that a process which could not start is told
from one that a picture broke, then with a JSON header and the picture, each behind its length.
"""

from __future__ import annotations

import dataclasses
import json
import re
import struct
from dataclasses import dataclass, field

from moderation.ports import Look, PictureFormat, Unusable


GREETING = b"schoolgate pictures 1\n"
_LENGTH = struct.Struct(">Q")
_MOST_HEADER = 1 << 20
MOST_WORDS = 10_000
"""Characters read in one picture; what is longer is cut."""
_LIKENESS = re.compile(r"(?:[0-9a-f]{32})?")


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How much one picture may cost.

    ``memory`` is what a process may map beyond the interpreter and the codecs themselves.
    ``webp_pixels`` is lower than ``pixels`` because WebP's decoder keeps the canvas four times.
    ``seconds`` leaves room to end the process within five seconds of its start. ``look_seconds`` is
    for what is seen in the clean picture, on a machine with other things to do; the processor time
    is limited as before.
    """

    bytes: int = 40 * 1024 * 1024
    pixels: int = 40_000_000
    webp_pixels: int = 20_000_000
    memory: int = 448 * 1024 * 1024
    seconds: float = 4.5
    look_seconds: float = 12.0
    at_once: int = 2

    @property
    def reply(self) -> int:
        """Bytes that an answer may have. A clean picture is one that could be inspected again."""
        return self.bytes + 2 * _MOST_HEADER


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """A rebuilt picture and what its file said."""

    format: PictureFormat
    width: int
    height: int
    metadata: tuple[tuple[str, str], ...] = ()
    has_position: bool = False
    look: Look = field(default_factory=Look)
    clean: bytes


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Noticed:
    """What a picture shows. ``read`` is false where nobody could read it, or not all of it."""

    faces: int | None = None
    words: str = ""
    read: bool = False


def pack(answer: Seen | Unusable | Noticed) -> bytes:
    """The answer behind the greeting."""
    header: dict[str, object]
    if isinstance(answer, Unusable):
        header, clean = {"unusable": answer.value}, b""
    elif isinstance(answer, Noticed):
        header, clean = {"noticed": dataclasses.asdict(answer)}, b""
    else:
        clean = answer.clean
        header = {
            "format": answer.format.value,
            "width": answer.width,
            "height": answer.height,
            "metadata": answer.metadata,
            "has_position": answer.has_position,
            "look": {"likeness": answer.look.likeness, "mirrored": answer.look.mirrored},
        }
    encoded = json.dumps(header).encode()
    return _LENGTH.pack(len(encoded)) + encoded + _LENGTH.pack(len(clean)) + clean


def unpack(reply: bytes) -> Seen | Unusable | Noticed:
    """Read an answer back. Raises :class:`ValueError` for what :func:`pack` never makes."""
    header, rest = _piece(reply, most=_MOST_HEADER)
    clean, rest = _piece(rest, most=len(rest))
    if rest:
        raise ValueError("bytes after the answer")
    match json.loads(header):
        case {"unusable": str(reason)}:
            return Unusable(reason)
        case {"noticed": dict(found)}:
            return _noticed(found)
        case {
            "format": str(format_),
            "width": int(width),
            "height": int(height),
            "metadata": list(metadata),
            "has_position": bool(has_position),
            "look": dict(look),
        } if clean:
            return Seen(
                format=PictureFormat(format_),
                width=width,
                height=height,
                metadata=tuple(map(_text, metadata)),
                has_position=has_position,
                look=_look(look),
                clean=clean,
            )
        case _:
            raise ValueError("no such answer")


def _piece(raw: bytes, *, most: int) -> tuple[bytes, bytes]:
    if len(raw) < _LENGTH.size:
        raise ValueError("a length is missing")
    (length,) = _LENGTH.unpack_from(raw)
    end = _LENGTH.size + length
    if length > most or end > len(raw):
        raise ValueError("a length is wrong")
    return raw[_LENGTH.size : end], raw[end:]


def _noticed(header: dict[str, object]) -> Noticed:
    match header:
        case {"faces": int() | None as faces, "words": str(words), "read": bool(read)} if (
            len(words) <= MOST_WORDS and not isinstance(faces, bool) and (faces or 0) >= 0
        ):
            return Noticed(faces=faces, words=words, read=read)
        case _:
            raise ValueError("nothing of the kind")


def _look(header: dict[str, object]) -> Look:
    match header:
        case {"likeness": str(likeness), "mirrored": str(mirrored)} if all(
            _LIKENESS.fullmatch(one) for one in (likeness, mirrored)
        ):
            return Look(likeness=likeness, mirrored=mirrored)
        case _:
            raise ValueError("no such look")


def _text(pair: object) -> tuple[str, str]:
    match pair:
        case [str(where), str(text)]:
            return where, text
        case _:
            raise ValueError("a text is not a pair")
