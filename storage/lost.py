"""Dead letters, for those who look after a school: who was not reached, and never with what."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any, Final

import sqlalchemy as sa

from moderation.deliveries.model import DELIVERIES, Lost, What
from moderation.holds.model import HOLD
from moderation.incidents.model import INCIDENT
from moderation.kernel import CorruptStore, PersonId, Platform, SchoolId
from moderation.oversight.model import WATCH
from moderation.ports import Conversation
from storage import delivery_tables as t, tables
from storage.outbox import letter_id


if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy.engine import Row

    from storage.session import Session


NEVER: Final = (INCIDENT, DELIVERIES)
DEAD: Final = "dead"


class SqlLost:
    """:class:`moderation.deliveries.ports.LostStore` in a database."""

    def __init__(self, session: Session) -> None:
        self._session = session

    async def by_school(self) -> Mapping[SchoolId | None, tuple[Lost, ...]]:
        """Oldest first; ``None`` holds what belongs to no single school."""
        found: dict[SchoolId | None, list[Lost]] = defaultdict(list)
        for table, subject in ((t.effect, t.effect), (t.notice, t.effect), (t.card, t.card)):
            for row in await self._session.execute(_dead(table, subject)):
                school = None if row.school is None else SchoolId(row.school)
                found[school].append(_lost(table, row))
        return {
            school: tuple(sorted(lost, key=lambda one: (one.since, one.id)))
            for school, lost in found.items()
        }


def _dead(table: sa.Table, subject: sa.Table) -> sa.Select[Any]:
    whole: sa.FromClause = table
    if table is t.notice:
        whole = table.join(t.effect, t.effect.c.id == t.notice.c.effect_id)
    school = sa.case(
        (subject.c.subject_kind.in_((WATCH, HOLD)), subject.c.subject_id),
        else_=tables.post.c.school,
    )
    return (
        sa.select(table, school.label("school"))
        .select_from(sa.outerjoin(whole, tables.post, tables.post.c.id == subject.c.subject_id))
        .where(table.c.state == DEAD, subject.c.subject_kind.not_in(NEVER))
    )


def _lost(table: sa.Table, row: Row[Any]) -> Lost:
    letter, since = letter_id(table, row), row.first_at or row.due_at
    if table is t.notice:
        return Lost(id=letter, what=What.MESSAGE, since=since, person=PersonId(row.person_id))
    if table is t.effect:
        return Lost(id=letter, what=What.STEP, since=since)
    if row.platform not in {platform.value for platform in Platform}:
        raise CorruptStore("a platform that this version doesn't know")
    where = Conversation(Platform(row.platform), row.conversation)
    return Lost(id=letter, what=What.CARD, since=since, where=where)
