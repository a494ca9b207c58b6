"""What Teams is listened for, a module for each feature. The first message that fits is heard."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from adapters.teams.listeners import (
    actions,
    commands,
    compose,
    leftovers,
    messages,
    photos,
    places,
)


if TYPE_CHECKING:
    from collections.abc import Callable

    from adapters.teams.hearing import Hear

FEATURES: Final[tuple[Callable[[Hear], None], ...]] = (
    actions.register,
    commands.register,
    compose.register,
    photos.register,
    places.register,
    messages.register,
    # Hears what nobody else did, so it stands last.
    leftovers.register,
)


def register(hear: Hear) -> None:
    """Hear what is named here."""
    for feature in FEATURES:
        feature(hear)
