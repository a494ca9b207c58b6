"""Who may ask that a name be kept, and who may agree: whoever may say yes to a post there."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING


if TYPE_CHECKING:
    from moderation.kernel import PersonId
    from moderation.people.rights import Rights


def keepers(rights: Rights) -> frozenset[PersonId]:
    """Moderators of any of the place's open accounts, and its head."""
    able = {one.id for one in rights.people if rights.acts_as_head(one.id)}
    for account in rights.accounts:
        alone = replace(rights, accounts=frozenset({account}))
        able.update(one.id for one in rights.people if alone.is_approver(one.id))
    return frozenset(able)
