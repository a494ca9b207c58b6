"""What a counting card counts, today: read again each time that it is drawn."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, tzinfo
from typing import TYPE_CHECKING, Final

from moderation.kernel import PersonId, PostId
from moderation.posts.effects import Message
from moderation.posts.model import State
from moderation.posts.queries import decidable_by
from moderation.tallies.model import reader_of


if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from moderation.people.ports import Schools
    from moderation.posts.model import Post
    from moderation.tallies.model import Arrival, Tally
    from moderation.tallies.ports import TalliesUnit

CARD: Final = ""
"""In a message's place: the card itself."""
ASKS: Final = frozenset(
    {CARD, Message.PLEASE_DECIDE.value, Message.REMINDER.value, Message.HEAD_ASKED.value}
)
"""What asks its reader for a yes or a no."""
ON_ITS_WAY: Final = frozenset({State.APPROVED, State.RELEASED, State.PUBLISHED})


@dataclass(frozen=True, slots=True, kw_only=True)
class TallyView:
    """The posts of one lane on one day, as they stand now.

    ``waiting`` wait for a yes: the reader's, where there is a ``reader``. ``oldest`` is since when
    the first of them has waited, ``first_out`` when the first of them is to go out; about ``asked``
    of them somebody has asked the headteacher. The last two count what the reader was not told by
    itself: own posts ``approved``, and others still ``unposted``.
    """

    id: str
    version: int
    day: date
    zone: tzinfo
    reader: PersonId | None
    came: int
    waiting: int
    oldest: datetime | None
    first_out: datetime | None
    asked: int = 0
    approved: int = 0
    unposted: int = 0


async def tally_view(
    unit: TalliesUnit, schools: Schools, tally: Tally, *, version: int, now: datetime
) -> TallyView:
    """How it stands with everything that arrived in the tally's lane on its day."""
    arrived = await unit.tallies.arrived(tally.lane, tally.day)
    reader = reader_of(tally.lane)
    found = await unit.posts.some(frozenset(PostId(it.subject.id) for it in arrived))
    posts = {post.id: post for post in found}
    asked = _posts(posts, (it for it in arrived if it.message in ASKS))
    waiting = (
        tuple(post for post in asked if post.state is State.IN_REVIEW)
        if reader is None
        else await decidable_by(unit, schools, asked, reader, now)
    )
    return TallyView(
        id=tally.id,
        version=version,
        day=tally.day,
        zone=schools.zone,
        reader=reader,
        came=len(asked),
        waiting=len(waiting),
        oldest=min((post.entered_at for post in waiting), default=None),
        first_out=min(
            (post.content.not_before for post in waiting if post.content.not_before is not None),
            default=None,
        ),
        asked=sum(bool(post.questions) for post in waiting),
        approved=_counted(posts, arrived, Message.APPROVED, ON_ITS_WAY),
        unposted=_counted(posts, arrived, Message.UNPOSTED, frozenset({State.RELEASED})),
    )


def _posts(posts: Mapping[PostId, Post], arrived: Iterable[Arrival]) -> tuple[Post, ...]:
    ids = dict.fromkeys(PostId(it.subject.id) for it in arrived)
    return tuple(posts[one] for one in ids if one in posts)


def _counted(
    posts: Mapping[PostId, Post],
    arrived: Iterable[Arrival],
    message: Message,
    states: frozenset[State],
) -> int:
    meant = (it for it in arrived if it.counted and it.message == message.value)
    return sum(post.state in states for post in _posts(posts, meant))
