"""Which school each line of the record belongs to.

A kind of subject that isn't known here belongs to no school: in one school's export its lines are
kept back, so that a new kind can't let one school see another.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa

from storage import tables as t
from storage.kept_name_tables import kept_name


if TYPE_CHECKING:
    from collections.abc import Mapping

    from moderation.kernel import SchoolId
    from storage.session import Session


OF_THE_TRUST = frozenset({"import", "keys", "outbox", "record"})
"""An import may be about all schools; the rest is about the installation."""


class Whose:
    """Reads once what belongs where, then answers for each line."""

    def __init__(self, trust: SchoolId, posts: Mapping[str, str], names: Mapping[str, str]) -> None:
        self._trust = trust
        self._posts = posts
        self._names = names

    @classmethod
    async def read(cls, session: Session, trust: SchoolId) -> Whose:
        """With every post's school, and every kept name's; a few bytes for each there is."""
        posts, names = [
            {row.id: row.school for row in await session.execute(sa.select(of.c.id, of.c.school))}
            for of in (t.post, kept_name)
        ]
        return cls(trust, posts, names)

    def school(self, kind: str, subject: str) -> str | None:
        """A school's id or the trust's; ``None`` where nobody knows."""
        match kind:
            case "post":
                return self._posts.get(subject)
            case "name":
                return self._names.get(subject)
            case "watch" | "hold" | "deliveries" | "photos" | "policy":
                return subject
            case _ if kind in OF_THE_TRUST:
                return self._trust
            case _:
                return None
