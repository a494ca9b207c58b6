"""What keeping a name looks at, read in the same transaction."""

from __future__ import annotations

from typing import TYPE_CHECKING

from moderation.acceptances.facts import must_accept
from moderation.checks.kept import Checked
from moderation.checks.names.people import same_name
from moderation.keeping import commands as ask
from moderation.keeping.rights import keepers
from moderation.keeping.workflow import Facts
from moderation.people.queries import rights_for


if TYPE_CHECKING:
    from datetime import date

    from moderation.keeping.model import KeptName
    from moderation.keeping.ports import KeepingUnit
    from moderation.kernel import Asked, SchoolId
    from moderation.people.ports import Schools
    from moderation.people.rights import Rights


async def gather(
    unit: KeepingUnit, schools: Schools, kept: KeptName | None, command: ask.Command, asked: Asked
) -> Facts:
    """For the place of the command, or of what stands already."""
    asks = isinstance(command, ask.AskName)
    place = command.school if isinstance(command, ask.AskName) else kept and kept.school
    if not place or place not in {*schools.ids(), schools.trust}:
        return Facts()
    name = command.name if isinstance(command, ask.AskName) else kept.name if kept else ""
    rights = await rights_at(unit, schools, place, asked.at.astimezone(schools.zone).date())
    pack = await unit.packs.current(place)
    standing = await unit.kept_names.standing(place) if asks else ()
    return Facts(
        keepers=keepers(rights),
        must_accept=await must_accept(unit, asked.person, pack),
        checked_for=(await checked_at(unit, schools, place, rights)).has(name),
        known=any(same_name(one.name, name) for one in standing),
        posts=tuple(post.id for post in await unit.posts.live(frozenset({place}))),
        days=pack.settings.keep_name_days,
    )


async def rights_at(unit: KeepingUnit, schools: Schools, place: SchoolId, day: date) -> Rights:
    """Today's rights at a place and on all of its accounts that are open."""
    accounts = await unit.accounts.of_school(place)
    return await rights_for(
        unit,
        schools,
        school=place,
        accounts=frozenset(item.id for item in accounts if not item.closed(day)),
        settings=(await unit.packs.current(place)).settings,
        day=day,
    )


async def checked_at(
    unit: KeepingUnit, schools: Schools, place: SchoolId, rights: Rights
) -> Checked:
    """Whom posts of this place are checked for: of the trust's, everybody at full strength."""
    others = await unit.rolls.others(place)
    everywhere = frozenset({*schools.ids(), schools.trust})
    for_trust = place == schools.trust
    people = await unit.people.at(everywhere) if for_trust else rights.people
    return Checked(
        roster=others if for_trust else await unit.rolls.roster(place),
        others=others,
        unnamed=tuple(person.name for person in people if not person.may_be_named),
    )
