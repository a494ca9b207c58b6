"""What follows: the card is drawn again where it stands, and nothing is kept for ever."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, assert_never

from moderation.jottings import events as happened
from moderation.jottings.commands import Lapse
from moderation.jottings.model import JOTTING
from moderation.kernel import Later, Show, SubjectRef


if TYPE_CHECKING:
    from moderation.jottings.model import Jotting
    from moderation.kernel import Effect

KEPT_FOR = timedelta(days=30)
"""From the first message on."""


def effects(jotting: Jotting, event: happened.Event) -> tuple[Effect, ...]:
    """Nobody but its author is shown or told anything."""
    show = Show(SubjectRef(JOTTING, jotting.id))
    match event:
        case happened.Begun(at=at):
            lapse = Lapse(jotting=jotting.id)
            return show, Later(lapse, at + KEPT_FOR, f"jotting:lapse:{jotting.id}")
        case happened.Changed() | happened.Made() | happened.Forgotten():
            return (show,)
        case _ as never:
            assert_never(never)
