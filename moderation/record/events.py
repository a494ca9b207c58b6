"""What happens to the record itself, in the past tense."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from moderation.kernel import SchoolId


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyChanged:
    """From here on this key signs. ``public`` and ``before`` are public keys as notes write them.

    ``before`` is empty for the first key. ``vouched`` tells whether the key before it signed
    beside this one.
    """

    tag: ClassVar[str] = "record:key_changed"
    public: str
    before: str
    vouched: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Exported:
    """A copy was written for somebody to read: all of it, or one school's part, or some days.

    ``withheld`` counts what was named to be kept back, and never names it.
    """

    tag: ClassVar[str] = "record:exported"
    school: SchoolId | None
    since: date | None
    until: date | None
    withheld: int


Event = KeyChanged | Exported
"""Everything that happens to the record."""
