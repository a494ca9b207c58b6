"""What a batch is after an event."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, assert_never

from moderation.imports import events as happened
from moderation.imports.model import Confirmation, State
from moderation.kernel import CorruptStore


if TYPE_CHECKING:
    from moderation.imports.model import Batch


def evolve(batch: Batch | None, event: happened.Event) -> Batch:
    """The batch after ``event``. A batch always stands before its first event."""
    if batch is None:
        raise CorruptStore("an import's event without its import")
    match event:
        case happened.Held():
            return replace(batch, state=State.WAITING, counts=event.counts, changes=event.changes)
        case happened.Confirmed():
            said = Confirmation(
                person=event.person, places=event.places, in_chat=event.in_chat, at=event.at
            )
            return replace(batch, confirmations=(*batch.confirmations, said))
        case happened.Moved():
            return replace(
                batch,
                number=event.number,
                changes=event.changes,
                counts=event.counts,
                confirmations=(),
            )
        case happened.Imported():
            return replace(
                batch,
                state=State.APPLIED,
                counts=event.counts,
                changes=event.changes,
                decided_at=event.at,
            )
        case happened.Declined():
            return replace(batch, state=State.DECLINED, by=event.by, decided_at=event.at)
        case happened.Replaced():
            return replace(batch, state=State.REPLACED, decided_at=event.at)
        case happened.Lapsed():
            return replace(batch, state=State.LAPSED, decided_at=event.at)
        case _ as never:
            assert_never(never)
