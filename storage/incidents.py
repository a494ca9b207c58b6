"""Reports of a concern, sealed; who may never receive one is refused by the database itself."""

from __future__ import annotations

import hmac
import secrets
from typing import TYPE_CHECKING

import sqlalchemy as sa

from moderation.incidents.model import Incident, IncidentId
from storage import incident_tables as t, mapping
from storage.faults import RuleBroken


if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from moderation.kernel import PersonId
    from storage.session import Session


SECRET_BYTES = 32


class SqlIncidents:
    """:class:`moderation.incidents.ports.Incidents` in a database."""

    def __init__(self, session: Session) -> None:
        self._session = session

    async def get(self, subject_id: str) -> tuple[Incident, int] | None:
        """The report, locked for this unit of work, and its version."""
        select = sa.select(t.incident).where(t.incident.c.id == subject_id)
        row = (await self._session.execute(self._session.locked(select))).one_or_none()
        if row is None:
            return None
        body = self._session.unseal(t.incident, row.id, row.body)
        return mapping.from_json(body, Incident), row.version

    async def put(self, subject_id: str, state: Incident, expected: int) -> None:
        """Store it. Its receivers only ever grow, and none of them is barred.

        Raises :class:`~storage.faults.RuleBroken` for a receiver who is.
        """
        if subject_id != state.id:
            raise RuleBroken("a report is stored under its own id")
        secret = await self._secret(state.id) if expected else secrets.token_bytes(SECRET_BYTES)
        seal = self._session.seal
        row = {
            "school": state.school,
            "state": state.state.value,
            "at": state.at,
            "secret": seal(t.incident, state.id, secret, "secret"),
            "body": seal(t.incident, state.id, mapping.to_json(state).encode()),
        }
        await self._session.put_version(t.incident, {"id": state.id}, expected, row)
        if not expected:
            await self._bar(state, secret)
        await self._ask(state, secret)

    async def since(self, moment: datetime) -> tuple[IncidentId, ...]:
        """The ids of those sent since then, oldest first."""
        select = sa.select(t.incident.c.id).where(t.incident.c.at >= moment)
        rows = await self._session.execute(select.order_by(t.incident.c.at, t.incident.c.id))
        return tuple(IncidentId(found) for found in rows.scalars())

    async def _secret(self, incident: str) -> bytes:
        select = sa.select(t.incident.c.secret).where(t.incident.c.id == incident)
        sealed: bytes = (await self._session.execute(select)).scalar_one_or_none() or b""
        return self._session.unseal(t.incident, incident, sealed, "secret")

    async def _bar(self, state: Incident, secret: bytes) -> None:
        rows = [
            {"incident_id": state.id, "person_digest": digest}
            for digest in sorted(_digests(secret, state.barred))
        ]
        await self._session.execute(t.incident_barred.insert(), rows)

    async def _ask(self, state: Incident, secret: bytes) -> None:
        """The receivers who aren't among the rows yet."""
        select = sa.select(t.incident_asked.c.person_digest).where(
            t.incident_asked.c.incident_id == state.id
        )
        known = set((await self._session.execute(select)).scalars())
        for one in state.receivers:
            digest = _digest(secret, one.person)
            if digest not in known:
                row = {
                    "incident_id": state.id,
                    "person_digest": digest,
                    "rung": one.rung.value,
                    "step": one.step,
                    "at": one.at,
                }
                await self._session.execute(t.incident_asked.insert(), row)


def _digests(secret: bytes, people: Iterable[PersonId]) -> set[str]:
    return {_digest(secret, person) for person in people}


def _digest(secret: bytes, person: PersonId) -> str:
    return hmac.new(secret, person.encode(), "sha256").hexdigest()
