"""Questions to the register. What a person may see of it is decided here."""

from __future__ import annotations

from moderation.people.queries import belongs_to, rights_for


__all__ = ["belongs_to", "rights_for"]
