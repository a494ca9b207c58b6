"""What nobody else heard: said kindly where somebody waits for an answer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from adapters.teams.listeners.commands import help_card


if TYPE_CHECKING:
    from adapters.teams.hearing import Call, Hear
    from adapters.teams.inbound import Activity


def register(hear: Hear) -> None:
    """Hear what is named here."""
    hear.message(_any, _unknown)


def _any(_activity: Activity) -> bool:
    return True


async def _unknown(call: Call) -> None:
    await call.show(help_card(), openly=True)
