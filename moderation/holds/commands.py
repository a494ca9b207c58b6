"""What people may ask of a hold. No timer ends one: somebody looks, and starts posts again."""

from __future__ import annotations

from dataclasses import dataclass

from moderation.kernel import SchoolId


@dataclass(frozen=True, slots=True, kw_only=True)
class Pause:
    """Let all posts of this school wait; of every school, where it is the trust."""

    school: SchoolId
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Start:
    """Let posts go out again. ``seen`` is the pause that the person saw; ``None`` when typed."""

    school: SchoolId
    seen: int | None = None


Command = Pause | Start
