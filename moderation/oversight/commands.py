"""What the timer asks of the watch."""

from __future__ import annotations

from dataclasses import dataclass

from moderation.kernel import SchoolId


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """Look at every open account of one school, or of the trust, as it is this morning."""

    school: SchoolId


Command = Look
