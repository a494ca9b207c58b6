"""The sandbox's memory in the demo's own database, one short transaction a message."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from storage.unit_of_work import Units


if TYPE_CHECKING:
    from collections.abc import Sequence


@dataclass(frozen=True, slots=True)
class StoredJournal:
    """Implements :class:`adapters.sandbox.chat.Journal`. Payloads are sealed by the storage."""

    units: Units

    async def append(self, ref: str, conversation: str, payload: str) -> None:
        async with self.units.write() as unit:
            await unit.sandbox.append(ref, conversation, payload)
            await unit.commit()

    async def replace(self, ref: str, payload: str) -> None:
        async with self.units.write() as unit:
            await unit.sandbox.replace(ref, payload)
            await unit.commit()

    async def all(self) -> Sequence[tuple[str, str, str]]:
        async with self.units.read() as unit:
            lines = await unit.sandbox.all()
        return [(line.id, line.conversation, line.payload) for line in lines]
