"""The policies that the reader has to accept, or has accepted."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import TYPE_CHECKING

from moderation.kernel import SchoolId
from moderation.people.queries import belongs_to, rights_for
from moderation.policies.model import Pack


if TYPE_CHECKING:
    from moderation.acceptances.ports import AcceptanceUnit
    from moderation.kernel import Asked
    from moderation.people.ports import Schools


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyPage:
    """One policy. ``accepted_at`` is ``None`` while it waits; ``head`` is whom to ask."""

    school: SchoolId
    name: str
    pack: Pack
    accepted_at: datetime | None
    head: str
    now: datetime
    zone: tzinfo


@dataclass(frozen=True, slots=True, kw_only=True)
class MyPolicies:
    """Those of the reader's schools that ask to be accepted; one for each policy and version."""

    waiting: bool = False
    """Only those that the reader hasn't accepted."""

    async def read(
        self, unit: AcceptanceUnit, asked: Asked, schools: Schools
    ) -> tuple[PolicyPage, ...]:
        """A school's own before the trust's."""
        person = await unit.people.get(asked.person) if asked.person is not None else None
        if person is None:
            return ()
        day = asked.at.astimezone(schools.zone).date()
        mine = belongs_to(person, schools, day)
        found: dict[tuple[str, str], PolicyPage] = {}
        for school in (it for it in (*schools.ids(), schools.trust) if it in mine):
            pack = await unit.packs.current(school)
            version = pack.settings.accept_policy
            if not version or (pack.id, version) in found:
                continue
            accepted = await unit.acceptances.get(person.id, pack.id, version)
            if self.waiting and accepted is not None:
                continue
            rights = await rights_for(
                unit,
                schools,
                school=school,
                accounts=frozenset(),
                settings=pack.settings,
                day=day,
            )
            names = {one.id: one.name for one in rights.people}
            head, known = rights.head(), schools.get(school)
            found[pack.id, version] = PolicyPage(
                school=school,
                name=str(school) if known is None else known.name,
                pack=pack,
                accepted_at=None if accepted is None else accepted.at,
                head=names.get(head, "") if head is not None else "",
                now=asked.at,
                zone=schools.zone,
            )
        return tuple(found.values())
