"""Who is meant by an audience of the watch, today."""

from __future__ import annotations

from typing import TYPE_CHECKING

from moderation.kernel import Audience


if TYPE_CHECKING:
    from moderation.kernel import PersonId
    from moderation.people.rights import Rights


def audience(which: Audience, rights: Rights) -> tuple[PersonId, ...]:
    """Administrators or the head (else the trust lead) of the accounts that ``rights`` speak of.

    Nobody for audiences that a watch doesn't tell.
    """
    match which:
        case Audience.ADMINISTRATORS:
            return rights.administrators()
        case Audience.HEAD:
            head = rights.head()
            return (head,) if head is not None else rights.trust_leads()
        case _:
            return ()
