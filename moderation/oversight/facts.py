"""What the watch looks at, read in the same transaction."""

from __future__ import annotations

from typing import TYPE_CHECKING

from moderation.accounts.queries import conditions
from moderation.oversight.workflow import Facts


if TYPE_CHECKING:
    from moderation.kernel import Asked
    from moderation.oversight.commands import Look
    from moderation.oversight.ports import WatchUnit
    from moderation.people.ports import Schools


async def gather(unit: WatchUnit, schools: Schools, command: Look, asked: Asked) -> Facts:
    """Every account of the school, and its policy, on the day that ``asked.at`` is there."""
    today = asked.at.astimezone(schools.zone).date()
    found = await conditions(unit, schools, school=command.school, day=today)
    pack = await unit.packs.current(command.school)
    return Facts(today=today, conditions=found, review=pack.review_date)
