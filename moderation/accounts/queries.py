"""Questions to the register. What a person may see of it is decided here."""

from __future__ import annotations

from moderation.people.queries import rights_for


__all__ = ["rights_for"]
