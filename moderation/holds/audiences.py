"""Who is meant by an audience of a hold, today. Nobody is in two of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from moderation.holds.rights import pausers
from moderation.kernel import Audience
from moderation.people.model import AccountRole


if TYPE_CHECKING:
    from collections.abc import Iterable

    from moderation.kernel import PersonId
    from moderation.people.rights import Rights


def audience(which: Audience, rights: Iterable[Rights]) -> tuple[PersonId, ...]:
    """Moderators; posters who moderate nothing; or else who may pause. Nobody for the others.

    ``rights`` are those of every place that the hold covers, each with all of its accounts.
    """
    everywhere = tuple(rights)
    moderators = _granted(everywhere, AccountRole.MODERATOR)
    posters = tuple(
        person
        for here in everywhere
        for account in sorted(here.accounts)
        for person in here.posters(account)
    )
    match which:
        case Audience.APPROVERS:
            found = moderators
        case Audience.POSTERS:
            found = tuple(who for who in posters if who not in moderators)
        case Audience.HEAD:
            able = (person for here in everywhere for person in pausers(here))
            found = tuple(who for who in able if who not in {*moderators, *posters})
        case _:
            found = ()
    return tuple(dict.fromkeys(found))


def _granted(everywhere: Iterable[Rights], role: AccountRole) -> tuple[PersonId, ...]:
    return tuple(
        person
        for here in everywhere
        for account in sorted(here.accounts)
        for person in here.granted(account, role)
    )
