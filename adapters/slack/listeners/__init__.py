"""What Slack is listened for, a module for each feature. The first that fits hears."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from adapters.slack.listeners import (
    actions,
    commands,
    compose,
    forms,
    home,
    leftovers,
    mentions,
    messages,
    photos,
    places,
    watching,
)


if TYPE_CHECKING:
    from collections.abc import Callable

    from slack_bolt.async_app import AsyncApp

    from adapters.slack.parts import Parts

FEATURES: Final[tuple[Callable[[AsyncApp, Parts], None], ...]] = (
    commands.register,
    compose.register,
    actions.register,
    forms.register,
    mentions.register,
    messages.register,
    home.register,
    places.register,
    photos.register,
    watching.register,
    # Hears what nobody else did, so it stands last.
    leftovers.register,
)


def register(app: AsyncApp, parts: Parts) -> None:
    """Hear what is named here."""
    for feature in FEATURES:
        feature(app, parts)
