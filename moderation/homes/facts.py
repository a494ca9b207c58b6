"""What choosing a home looks at, read in the same transaction."""

from __future__ import annotations

from typing import TYPE_CHECKING

from moderation.kernel import AccountId, SchoolId
from moderation.people.queries import rights_for


if TYPE_CHECKING:
    from datetime import date

    from moderation.homes.ports import HomeUnit
    from moderation.people.ports import Schools
    from moderation.people.rights import Rights


async def rights_at(unit: HomeUnit, schools: Schools, place: str, day: date) -> Rights | None:
    """Today's rights over an account or a school; ``None`` where there is no such place."""
    account = await unit.accounts.get(AccountId(place))
    if account is not None:
        school, accounts = account.school, frozenset({account.id})
    elif place in (schools.trust, *schools.ids()):
        school, accounts = SchoolId(place), frozenset()
    else:
        return None
    return await rights_for(
        unit,
        schools,
        school=school,
        accounts=accounts,
        settings=(await unit.packs.current(school)).settings,
        day=day,
    )
