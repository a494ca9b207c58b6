"""Who pauses all posts of a place, and who starts them again, today."""

from __future__ import annotations

from typing import TYPE_CHECKING


if TYPE_CHECKING:
    from moderation.kernel import PersonId
    from moderation.people.rights import Rights


def starters(rights: Rights) -> tuple[PersonId, ...]:
    """The head (for the trust its lead), who stands in where the head is away, the trust lead."""
    able = (rights.head(), rights.head_for(frozenset()), *rights.trust_leads())
    return tuple(dict.fromkeys(who for who in able if who is not None))


def pausers(rights: Rights) -> tuple[PersonId, ...]:
    """Those who start posts again, and the safeguarding leads: less exposure never waits."""
    return tuple(dict.fromkeys((*starters(rights), *rights.safeguarding())))
