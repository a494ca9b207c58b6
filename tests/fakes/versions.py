"""What every fake repository does with the version that its writer has seen."""

from __future__ import annotations

from moderation.kernel import Conflict


def expect(stored: tuple[object, int] | None, expected: int) -> None:
    """Raise ``Conflict`` where another version than ``expected`` is stored."""
    if (stored[1] if stored else 0) != expected:
        raise Conflict("another writer was first")
