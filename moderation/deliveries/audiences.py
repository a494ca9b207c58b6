"""Who reads what could not be delivered."""

from __future__ import annotations

from typing import TYPE_CHECKING


if TYPE_CHECKING:
    from collections.abc import Iterable

    from moderation.deliveries.model import Lost
    from moderation.kernel import PersonId
    from moderation.people.rights import Rights


def readers(rights: Rights, lost: Iterable[Lost]) -> tuple[PersonId, ...]:
    """The head of the school; where the head wasn't reached, who stands in and the trust lead too.

    What failed once may fail again: then somebody else must hear of it.
    """
    unreached = frozenset(one.person for one in lost if one.person is not None)
    head = rights.head()
    if head is not None and head not in unreached:
        return (head,)
    others = (rights.head_for(unreached), *rights.trust_leads())
    return tuple(dict.fromkeys(who for who in (head, *others) if who is not None))
