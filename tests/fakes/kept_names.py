"""Kept names in memory, with what the databases' own guards say."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from moderation.keeping.model import STANDING, KeptName, State as KeptState
from storage.faults import RuleBroken
from tests.fakes.state import State
from tests.fakes.versions import expect


if TYPE_CHECKING:
    from datetime import date

    from moderation.checks.model import NotAPupil
    from moderation.kernel import SchoolId


def _agreed_by_two(old: KeptName, new: KeptName) -> bool:
    """What the databases' own guard says."""
    if (old.school, old.asked_by) != (new.school, new.asked_by):
        return False
    onward = old.state is KeptState.KEPT and new.state in {KeptState.DROPPED, KeptState.ENDED}
    if not (new.state is old.state or old.state is KeptState.WAITING or onward):
        return False
    if old.agreed_by is None and new.agreed_by is not None:
        return new.state is KeptState.KEPT is not old.state and new.agreed_by != new.asked_by
    return new.agreed_by == old.agreed_by and (
        new.state is not KeptState.KEPT or new.agreed_by is not None
    )


@dataclass(frozen=True, slots=True)
class FakeKeptNames:
    state: State

    async def get(self, subject_id: str) -> tuple[KeptName, int] | None:
        return self.state.kept_names.get(subject_id)

    async def put(self, subject_id: str, state: KeptName, expected: int) -> None:
        if subject_id != state.id:
            raise RuleBroken("a name is stored under its own id")
        before = self.state.kept_names.get(subject_id)
        expect(before, expected)
        if before is None and (state.state is not KeptState.WAITING or state.agreed_by):
            raise RuleBroken("name_asked_for")
        if before is not None and not _agreed_by_two(before[0], state):
            raise RuleBroken("name_kept_by_two")
        self.state.kept_names[subject_id] = (state, expected + 1)

    async def standing(self, school: SchoolId) -> tuple[KeptName, ...]:
        found = (one for one, _ in self.state.kept_names.values() if one.school == school)
        mine = (one for one in found if one.state in STANDING)
        return tuple(sorted(mine, key=lambda one: (one.asked_at, one.id)))

    async def agreed(self, school: SchoolId, day: date) -> tuple[tuple[str, NotAPupil], ...]:
        return tuple(
            (one.name, one.kind)
            for one in sorted(await self.standing(school), key=lambda one: one.id)
            if one.state is KeptState.KEPT and one.until and one.until.date() >= day
        )
