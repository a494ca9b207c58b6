"""JSON Lines in and out: a draft a line, an answer a line, in the same order.

A line that can't be read answers ``{"id", "error"}`` and the rest goes on. Where even its id isn't
known, the error begins with the line's number.
"""

from __future__ import annotations

import asyncio
import json
from dataclasses import dataclass, replace
from itertools import zip_longest
from typing import TYPE_CHECKING

from bot.checking.files import network_of
from moderation.checks.model import Draft, Image, Kind, Pictured, Who
from moderation.kernel import AccountId, PersonId, PupilKey
from moderation.ports import Inspection, Unusable
from moderation.posts.model import is_blank


if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from moderation.checks.model import Finding, Outcome
    from moderation.ports import ImageInspector


LONGEST_TEXT = 200_000
"""Code points of one field: three times what the most generous network takes."""
NO_WORDS = "There are no words to check."
MOST_PICTURES = 50
LARGEST_PICTURE = 40_000_000
"""Bytes."""

NOT_SAID = Pictured()

UNUSABLE: Mapping[Unusable, str] = {
    Unusable.NOT_A_PICTURE: "isn't a picture that can be read",
    Unusable.TOO_MANY_BYTES: "is over 40 MB",
    Unusable.TOO_MANY_PIXELS: "has too many pixels",
    Unusable.DAMAGED: "is damaged",
    Unusable.TOO_SLOW: "took too long to look at",
    Unusable.ANIMATED: "is animated",
}


class BadLine(Exception):
    """A line that can't be judged. The text is one plain sentence that quotes nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A line as read: the draft's parts, with paths instead of pictures."""

    id: str | int | float | None
    text: str
    kind: Kind = Kind.POST
    account: AccountId | None = None
    alt: tuple[str, ...] = ()
    images: tuple[str, ...] = ()
    pictured: Pictured = NOT_SAID

    @property
    def platforms(self) -> Mapping[AccountId, str]:
        """What the account's id says of its network, for the context."""
        network = network_of(self.account) if self.account is not None else None
        return {self.account: network} if self.account is not None and network else {}


def parse(raw: bytes) -> tuple[object, Line | BadLine]:
    """One line, and its id as given (``None`` where even that can't be read)."""
    try:
        value = json.loads(raw.decode("utf-8-sig"), parse_constant=_no_constant)
    except UnicodeDecodeError:
        return None, BadLine("This line isn't UTF-8 text.")
    except (ValueError, RecursionError):
        return None, BadLine("This line isn't JSON.")
    if not isinstance(value, dict):
        return None, BadLine("This line isn't an object: write {…}.")
    identity = value.get("id")
    try:
        return identity, _line(value)
    except BadLine as bad:
        known = isinstance(identity, str | int | float)
        return identity if known else None, bad


def _no_constant(name: str) -> object:
    """NaN and Infinity are Python's, not JSON's (RFC 8259, 6)."""
    raise ValueError(name)


def _line(value: Mapping[str, object]) -> Line:
    identity = value.get("id")
    if isinstance(identity, bool) or not isinstance(identity, str | int | float):
        missing = "“id” is missing" if identity is None else "“id” must be a text or a number"
        raise BadLine(f"{missing}: write one of your own, which the answer repeats.")
    account = _text(value, "account") if value.get("account") is not None else ""
    text = _text(value, "text")
    alt, images = _texts(value, "alt"), _texts(value, "images")
    # Pictures can be judged without words; nothing at all can't.
    if is_blank(text) and not (alt or images):
        raise BadLine(NO_WORDS)
    return Line(
        id=identity,
        text=text,
        kind=_kind(value.get("kind")),
        account=AccountId(account) if account else None,
        alt=alt,
        images=images,
        pictured=replace(
            _pictured(value.get("pupils")),
            staff=frozenset(map(PersonId, _texts(value, "colleagues"))),
        ),
    )


def _text(value: Mapping[str, object], key: str) -> str:
    text = value.get(key)
    if not isinstance(text, str):
        raise BadLine(f"“{key}” must be a text.")
    if len(text) > LONGEST_TEXT:
        raise BadLine(f"“{key}” is over {LONGEST_TEXT:,} characters long.")
    return text


def _texts(value: Mapping[str, object], key: str) -> tuple[str, ...]:
    texts = value.get(key)
    if texts is None:
        return ()
    if not isinstance(texts, list) or not all(isinstance(text, str) for text in texts):
        raise BadLine(f"“{key}” must be a list of texts.")
    if len(texts) > MOST_PICTURES:
        raise BadLine(f"“{key}” has more than {MOST_PICTURES} entries.")
    if any(len(text) > LONGEST_TEXT for text in texts):
        raise BadLine(f"“{key}” has a text of over {LONGEST_TEXT:,} characters.")
    return tuple(texts)


def _kind(kind: object) -> Kind:
    if kind is None:
        return Kind.POST
    try:
        return Kind(str(kind))
    except ValueError:
        raise BadLine("“kind” must be post or comment.") from None


def _pictured(pupils: object) -> Pictured:
    if pupils is None:
        return NOT_SAID
    if pupils == "none":
        return Pictured(Who.NOBODY)
    if not isinstance(pupils, list) or not all(isinstance(pupil, str) for pupil in pupils):
        raise BadLine("“pupils” must be a list of pupil ids, or “none”.")
    return Pictured(Who.THESE, frozenset(map(PupilKey, pupils))) if pupils else NOT_SAID


async def draft_of(line: Line, inspector: ImageInspector, folder: Path) -> Draft:
    """The draft, its pictures looked at. Raises :class:`BadLine`.

    A relative path starts at ``folder``, where the lines are, or else where we were started.
    """
    inspected = await asyncio.gather(
        *(_inspect(at, folder, path, inspector) for at, path in enumerate(line.images))
    )
    pairs = zip_longest(line.alt, inspected)
    return Draft(
        text=line.text,
        images=tuple(
            Image(
                alt=alt or "",
                file_name=seen[0] if seen else "",
                inspection=seen[1] if seen else None,
            )
            for alt, seen in pairs
        ),
        pictured=line.pictured,
        accounts=(line.account,) if line.account is not None else (),
        kind=line.kind,
    )


async def _inspect(
    at: int, folder: Path, written: str, inspector: ImageInspector
) -> tuple[str, Inspection]:
    try:
        path, content = await asyncio.to_thread(_read, folder, written)
    except (OSError, ValueError):
        raise BadLine(f"images[{at}] can't be opened: is the path right?") from None
    seen = await inspector.inspect(content)
    if isinstance(seen, Unusable):
        raise BadLine(f"images[{at}] {UNUSABLE[seen]}.")
    return path.name, seen[0]


def _read(folder: Path, written: str) -> tuple[Path, bytes]:
    path = folder / written
    if not path.exists():
        path = type(folder)(written)
    with path.open("rb") as file:
        return path, file.read(LARGEST_PICTURE + 1)


def answer(
    identity: object, result: tuple[Outcome, Sequence[Finding]] | BadLine, number: int | None = None
) -> str:
    """One line of JSON, without its line break. ``number`` is the line's in the file."""
    if isinstance(result, BadLine):
        where = f"Line {number}: " if identity is None and number is not None else ""
        return json.dumps({"id": identity, "error": f"{where}{result}"})
    judged, findings = result
    return json.dumps(
        {
            "id": identity,
            "outcome": judged.value,
            "findings": [
                {
                    "check": finding.check.value,
                    "category": finding.category,
                    "clause": finding.clause,
                    "severity": finding.severity.value,
                    "field": finding.field,
                    "start": finding.start,
                    "end": finding.end,
                    "reason": finding.reason,
                }
                for finding in findings
            ],
        }
    )
