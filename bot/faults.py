"""What can go wrong while it starts, and is no fault of ours."""

from __future__ import annotations

from moderation.kernel import SchoolgateError


class CannotListen(SchoolgateError):
    """The address can't be listened on. Its text is one plain sentence."""
