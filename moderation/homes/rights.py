"""Who chooses where cards are shown, today."""

from __future__ import annotations

from typing import TYPE_CHECKING

from moderation.people.model import AccountRole


if TYPE_CHECKING:
    from moderation.kernel import PersonId
    from moderation.people.rights import Rights

LOOK_AFTER = (AccountRole.ADMINISTRATOR, AccountRole.MASTER_ADMINISTRATOR)


def choosers(rights: Rights) -> tuple[PersonId, ...]:
    """The account's administrators, the head, who stands in where the head is away, trust leads.

    ``rights`` are those on the one account, or, for a school as a whole, on none.
    """
    administrators = (
        who
        for account in sorted(rights.accounts)
        for role in LOOK_AFTER
        for who in rights.granted(account, role)
    )
    heads = (rights.head(), rights.head_for(frozenset()), *rights.trust_leads())
    return tuple(dict.fromkeys(who for who in (*administrators, *heads) if who is not None))
