"""That a school was told, as the audit keeps it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """``letters`` are the marks of all that was lost then."""

    tag: ClassVar[str] = "deliveries:told"
    letters: tuple[str, ...]
