"""What a button carries, the same on every platform.

A button's payload is ``{"v": 1, "verb", "id", "rev", "arg"?}`` and nothing else, ever: no words, no
state, no person. Whoever presses it is known from the platform, and everything else is read again.
Old cards live for years, so a version that was once sent stays readable. What each verb means is
told by :mod:`adapters.intents`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from moderation.views import Intent


VERSION: Final = 1
LONGEST_ID: Final = 128
LONGEST_ARG: Final = 128
LARGEST_REV: Final = 1_000_000
LONGEST_PAYLOAD: Final = 1_000
"""Characters of the JSON: half of what the strictest platform lets a button carry."""

_VERB = re.compile(r"[a-z]+\.[a-z_]{1,30}")

BROKEN: Final = "This button can't be read. Nothing changed. Please reload and try the newest card."
_NEWER: Final = (
    "This button belongs to a newer Schoolgate. Nothing changed. Please reload and try again."
)
UNKNOWN: Final = (
    "This button isn't known here. Nothing changed. Please reload and try the newest card."
)


@dataclass(frozen=True, slots=True)
class BadPayload:
    """What arrived can't be understood; ``sentence`` tells the person so."""

    sentence: str


def encode(intent: Intent) -> dict[str, str | int]:
    """The payload of a button. Raises ``ValueError`` for an intent that could not be read back."""
    payload: dict[str, str | int] = {
        "v": VERSION,
        "verb": intent.verb,
        "id": intent.id,
        "rev": intent.rev,
    }
    if intent.arg:
        payload["arg"] = intent.arg
    if decode(payload) != intent:
        message = f"no button can carry this intent: {intent.verb!r}"
        raise ValueError(message)
    return payload


def decode(payload: object) -> Intent | BadPayload:
    """Read a payload that anybody may have sent. Unknown keys are refused too."""
    if not isinstance(payload, Mapping) or not all(isinstance(key, str) for key in payload):
        return BadPayload(BROKEN)
    version = payload.get("v")
    if not _is_whole(version):
        return BadPayload(BROKEN)
    if version != VERSION:
        return BadPayload(_NEWER)
    if not {"v", "verb", "id", "rev"} <= payload.keys() <= {"v", "verb", "id", "rev", "arg"}:
        return BadPayload(BROKEN)
    verb, subject, rev, arg = (payload.get(key, "") for key in ("verb", "id", "rev", "arg"))
    if not (isinstance(verb, str) and isinstance(subject, str) and isinstance(arg, str)):
        return BadPayload(BROKEN)
    if not (isinstance(rev, int) and _is_whole(rev) and 0 <= rev <= LARGEST_REV):
        return BadPayload(BROKEN)
    if not (_VERB.fullmatch(verb) and _fits(subject, LONGEST_ID)):
        return BadPayload(BROKEN)
    if not ("arg" not in payload or _fits(arg, LONGEST_ARG)):
        return BadPayload(BROKEN)
    return Intent(verb=verb, id=subject, rev=rev, arg=arg)


def dumps(intent: Intent) -> str:
    """The payload as compact JSON, for platforms whose buttons carry one string."""
    return json.dumps(encode(intent), separators=(",", ":"), ensure_ascii=False)


def loads(text: str) -> Intent | BadPayload:
    """Read what :func:`dumps` wrote, or whatever else arrived."""
    if len(text) > LONGEST_PAYLOAD:
        return BadPayload(BROKEN)
    try:
        payload: object = json.loads(text)
    except (ValueError, RecursionError):
        return BadPayload(BROKEN)
    return decode(payload)


def _is_whole(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _fits(value: str, longest: int) -> bool:
    """An id may hold words of the register ("café"), but nothing that can't be seen."""
    return 0 < len(value) <= longest and value.isprintable() and " " not in value
