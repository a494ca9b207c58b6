"""What Teams keeps for us with the form of a post: ids, never words. Pure."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from adapters.payloads import BadPayload
from adapters.teams.payload import BROKEN
from moderation.views import Intent


if TYPE_CHECKING:
    from moderation.kernel import PostId

VERB: Final = "post.write"
"""Of the form that is sent; nothing else knows it."""

_PLACE = re.compile(r"[^\s\"\\]{1,400}")
_WRITER = re.compile(r"[0-9a-fA-F-]{36}")
_CLASS = re.compile(r"(?:form:[0-9a-f]{16})?")


@dataclass(frozen=True, slots=True, kw_only=True)
class Memo:
    """``place`` is the conversation where it began, and ``writer`` who wrote the proposed message.

    ``asked`` is the value of the class whose children the form already asks for.
    """

    place: str = ""
    writer: str = ""
    asked: str = ""

    def dumps(self) -> str:
        """Compact JSON, far below what an action carries."""
        exact = {"c": self.place, "w": self.writer, "a": self.asked}
        return json.dumps({name: it for name, it in exact.items() if it}, separators=(",", ":"))

    def asked_about(self, form: str) -> Memo:
        """The same, with the children of ``form`` in it."""
        return replace(self, asked=form)


def intent_of(post: PostId, seen: int) -> Intent:
    """What the form is about."""
    return Intent(verb=VERB, id=post, rev=seen)


def memo(raw: str) -> Memo | BadPayload:
    """What :meth:`Memo.dumps` wrote; anybody may have sent it."""
    try:
        held: object = json.loads(raw)
    except (ValueError, RecursionError):
        return BadPayload(BROKEN)
    if not isinstance(held, dict):
        return BadPayload(BROKEN)
    place, writer, asked = (held.get(name, "") for name in ("c", "w", "a"))
    good = (
        isinstance(place, str)
        and isinstance(writer, str)
        and isinstance(asked, str)
        and (not place or _PLACE.fullmatch(place))
        and (not writer or _WRITER.fullmatch(writer))
        and _CLASS.fullmatch(asked)
    )
    return Memo(place=place, writer=writer, asked=asked) if good else BadPayload(BROKEN)
