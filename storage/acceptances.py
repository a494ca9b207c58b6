"""Acceptances of a policy in a database."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from moderation.acceptances.model import Acceptance
from moderation.kernel import Conflict, PersonId
from storage.acceptance_tables import acceptance as table
from storage.session import Duplicate


if TYPE_CHECKING:
    from sqlalchemy.engine import Row

    from storage.session import Session


class SqlAcceptances:
    """Implements :class:`moderation.acceptances.ports.Acceptances`."""

    def __init__(self, session: Session) -> None:
        self._session = session

    async def get(self, person: PersonId, policy: str, version: str) -> Acceptance | None:
        """This person's acceptance of this edition, or ``None``."""
        select = sa.select(table).where(
            table.c.person_id == person, table.c.policy == policy, table.c.edition == version
        )
        row = (await self._session.execute(select)).one_or_none()
        return None if row is None else _acceptance(row)

    async def add(self, acceptance: Acceptance) -> None:
        """Raises :class:`~moderation.kernel.Conflict` where it is there already."""
        row = {
            "person_id": acceptance.person,
            "policy": acceptance.policy,
            "edition": acceptance.version,
            "at": acceptance.at,
            "platform": acceptance.where,
        }
        try:
            await self._session.execute(table.insert(), row)
        except Duplicate:
            raise Conflict("this edition has been accepted") from None

    async def all(self) -> tuple[Acceptance, ...]:
        """Every one, by person, policy and time."""
        rows = await self._session.execute(sa.select(table))
        found = map(_acceptance, rows)
        return tuple(sorted(found, key=lambda one: (one.person, one.policy, one.at)))


def _acceptance(row: Row[Any]) -> Acceptance:
    return Acceptance(
        person=PersonId(row.person_id),
        policy=row.policy,
        version=row.edition,
        at=row.at,
        where=row.platform,
    )
