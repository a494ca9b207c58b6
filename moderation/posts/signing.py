"""Whether the yeses that are there are enough, and whose they are."""

from __future__ import annotations

from typing import TYPE_CHECKING


if TYPE_CHECKING:
    from moderation.kernel import PersonId
    from moderation.posts.model import Approval, Needs


def signatures(
    needs: Needs, approvals: tuple[Approval, ...]
) -> tuple[PersonId, PersonId | None, PersonId | None] | None:
    """(second, third, head) out of these approvals, or ``None`` while a yes is missing.

    ``third`` is set where two seconds are needed, ``head`` where the head is. Where the head
    doesn't count as a second person, the head's yes comes on top.
    """
    head: PersonId | None = None
    if needs.head:
        head = next((item.person for item in approvals if item.as_head), None)
        if head is None:
            return None
    pool = [item.person for item in approvals if needs.head_counts or item.person != head]
    pool = list(dict.fromkeys(pool))
    if len(pool) < needs.seconds:
        return None
    return pool[0], pool[1] if needs.seconds > 1 else None, head
