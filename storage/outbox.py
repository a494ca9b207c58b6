"""What the relay could not do, for whoever runs the installation: ids, states and counts.

Dead letters (given up, or refused for good), releases of which nobody knows, and what has failed
and will be tried again. No person, conversation or word is ever among it.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final

import sqlalchemy as sa

from moderation.posts.model import State as PostState
from storage import delivery_tables as t, tables


if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy.engine import Row

    from storage.session import Session


ID_DIGITS: Final = 12
DISCARDED: Final = "discarded"


class State(StrEnum):
    """``asked``: it may or may not have gone out, and people are asked on the post's own card."""

    TRYING = "trying"
    DEAD = "dead"
    ASKED = "asked"


class Decided(StrEnum):
    """``people_are_asked``: what may have gone out isn't sent again by anybody's word here."""

    DONE = "done"
    UNKNOWN = "unknown"
    STILL_TRYING = "still_trying"
    PEOPLE_ARE_ASKED = "people_are_asked"


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """One row of the outbox. ``id`` is ``notice:12`` or, for a card, a digest of where it is.

    ``about`` is the subject's kind; ``since`` is when it was first tried, or fell due.
    """

    id: str
    kind: str
    about: str
    state: State
    attempts: int
    since: datetime
    error: str


class Outbox:
    """Looking into the four queues together, and deciding about single rows."""

    def __init__(self, session: Session) -> None:
        self._session = session

    async def letters(self) -> tuple[Letter, ...]:
        """Everything that failed or is unclear, oldest first."""
        found = [letter for letter, _ in await self._found()]
        return tuple(sorted(found, key=lambda letter: (letter.since, letter.id)))

    async def retry(self, letter: str, now: datetime) -> Decided:
        """Try it at once, and as often as a new one."""
        again = {"due_at": now, "first_at": None, "failures": 0}
        return await self._change(
            letter,
            (State.DEAD, State.TRYING),
            {
                t.effect: {**again, "state": "ready"},
                t.notice: {**again, "state": "ready"},
                t.card: {**again, "state": "open"},
            },
        )

    async def discard(self, letter: str) -> Decided:
        """Leave it at that. A card is drawn again at the next change of its subject."""
        done = {"state": "done", "last_error": DISCARDED}
        up_to_date = {"state": "open", "shown": t.card.c.wanted, "last_error": DISCARDED}
        return await self._change(
            letter,
            (State.DEAD,),
            {
                t.effect: done,
                t.notice: done,
                t.card: {**up_to_date, "failures": 0, "first_at": None},
            },
        )

    async def _change(
        self, letter: str, when: tuple[State, ...], values: dict[sa.Table, dict[str, Any]]
    ) -> Decided:
        found = {one.id: (one, *place) for one, place in await self._found()}
        if letter not in found:
            return Decided.UNKNOWN
        one, table, key = found[letter]
        if table not in values:
            return Decided.PEOPLE_ARE_ASKED
        if one.state not in when:
            return Decided.STILL_TRYING
        here = [table.c[name] == value for name, value in key.items()]
        # Not under the hands of a relay that is at it just now.
        update = table.update().where(*here, table.c.lease_until.is_(None)).values(values[table])
        changed = (await self._session.execute(update)).rowcount == 1
        return Decided.DONE if changed else Decided.STILL_TRYING

    async def _found(self) -> list[tuple[Letter, tuple[sa.Table, dict[str, Any]]]]:
        effect, card, notice = t.effect, t.card, t.notice
        failed = [
            (effect, sa.select(effect, effect.c.subject_kind.label("about"))),
            (
                notice,
                sa.select(notice, effect.c.subject_kind.label("about")).join(
                    effect, effect.c.id == notice.c.effect_id
                ),
            ),
            (card, sa.select(card, card.c.subject_kind.label("about"))),
        ]
        found: list[tuple[Letter, tuple[sa.Table, dict[str, Any]]]] = []
        for table, select in failed:
            trying = table.c.state == ("open" if table is card else "ready")
            if table is card:
                trying = sa.and_(trying, card.c.shown < card.c.wanted)
            which = sa.or_(
                table.c.state == "dead", sa.and_(trying, table.c.last_error.is_not(None))
            )
            found += self._letters(table, await self._session.execute(select.where(which)))
        return found + list(self._letters(t.release, await self._session.execute(_releases())))

    def _letters(
        self, table: sa.Table, rows: sa.CursorResult[Any]
    ) -> Iterator[tuple[Letter, tuple[sa.Table, dict[str, Any]]]]:
        for row in rows:
            key = _key(table, row)
            letter = Letter(
                id=letter_id(table, row),
                kind=table.name,
                about=row.about,
                state=_state(row),
                attempts=row.attempts,
                since=row.first_at or row.due_at,
                error=row.last_error or "",
            )
            yield letter, (table, key)


def _releases() -> sa.Select[Any]:
    """Unclear ones; and refused ones, while their post still waits to be posted."""
    release, post = t.release, tables.post
    return (
        sa.select(release, sa.literal("post").label("about"))
        .join(post, post.c.id == release.c.post_id)
        .where(
            sa.or_(
                release.c.state == "ambiguous",
                sa.and_(release.c.state == "rejected", post.c.state == PostState.RELEASED.value),
            )
        )
    )


def letter_id(table: sa.Table, row: Row[Any]) -> str:
    """The queue and a row's own number; else a digest, as where a card is may name somebody."""
    key = _key(table, row)
    if set(key) == {"id"}:
        return f"{table.name}:{key['id']}"
    parts = "\x00".join(str(value) for value in key.values())
    return f"{table.name}:{hashlib.sha256(parts.encode()).hexdigest()[:ID_DIGITS]}"


def _key(table: sa.Table, row: Row[Any]) -> dict[str, Any]:
    return {column.name: getattr(row, column.name) for column in table.primary_key}


def _state(row: Row[Any]) -> State:
    match row.state:
        case "dead" | "rejected":
            return State.DEAD
        case "ambiguous":
            return State.ASKED
        case _:
            return State.TRYING
