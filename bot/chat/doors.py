"""The staff's door, as every platform goes through it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.door.staff import StaffDoor


if TYPE_CHECKING:
    from bot.application import Application


def door_of(application: Application) -> StaffDoor:
    """For people whose platform has said who they are."""
    return StaffDoor(
        service=application.service,
        units=application.units,
        pictures=application.pictures,
        blobs=application.blobs,
        clock=application.clock,
        changed=application.wake,
        ids=application.ids,
    )
