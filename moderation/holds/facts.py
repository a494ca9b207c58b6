"""What pausing and starting look at, read in the same transaction."""

from __future__ import annotations

from typing import TYPE_CHECKING, assert_never

from moderation.holds import commands as ask
from moderation.holds.workflow import Facts
from moderation.people.queries import rights_for
from moderation.posts.model import State
from moderation.posts.refusals import Refusal as PostRefusal


if TYPE_CHECKING:
    from datetime import date

    from moderation.holds.ports import HoldUnit
    from moderation.kernel import Asked, SchoolId
    from moderation.people.ports import Schools
    from moderation.people.rights import Rights
    from moderation.posts.model import Post


ON_THEIR_WAY = frozenset({State.IN_REVIEW, State.APPROVED, State.RELEASED})
"""In review too: their cards say when they go out."""


async def gather(unit: HoldUnit, schools: Schools, command: ask.Command, asked: Asked) -> Facts:
    """Rights at the place, and the posts that the command sets going."""
    place, trust = command.school, schools.trust
    if place not in (trust, *schools.ids()):
        return Facts(rights=None)
    covered = covers(schools, place)
    over = None if place == trust else await unit.holds.over((trust,))
    return Facts(
        rights=await rights_at(unit, schools, place, asked.at.astimezone(schools.zone).date()),
        posts=tuple(post.id for post in await unit.posts.live(covered) if _concerns(command, post)),
        trust_paused=over is not None,
    )


def covers(schools: Schools, place: SchoolId) -> frozenset[SchoolId]:
    """The schools whose posts wait for a hold of this place."""
    everywhere = schools.ids() if place == schools.trust else ()
    return frozenset({place, *everywhere})


async def rights_at(unit: HoldUnit, schools: Schools, place: SchoolId, day: date) -> Rights:
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


def _concerns(command: ask.Command, post: Post) -> bool:
    """Pausing meets what is on its way; starting also what a pause has called back."""
    match command:
        case ask.Pause():
            return post.state in ON_THEIR_WAY
        case ask.Start():
            called_back = post.state is State.DRAFT and PostRefusal.HELD in post.held_back
            return post.state in ON_THEIR_WAY or called_back
        case _ as never:
            assert_never(never)
