"""A store of posts to be read: some of the school, some of the trust, some under a pause."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from moderation.holds.model import Hold
from moderation.kernel import PersonId, PostId, PupilKey
from moderation.posts.model import Pause, State
from tests.moderation.posts import examples as some
from tests.moderation.posts.examples import (
    NOW,
    PACK,
    TRUST,
)
from tests.moderation.world import TRUST_PAGE, world


if TYPE_CHECKING:
    from moderation.posts.model import Post
    from tests.moderation.world import World


OLDER = replace(PACK, digest="sha256:" + "1" * 64)
MILLIE, WREN = PupilKey("p1"), PupilKey("m1")
GONE = PersonId("gone")
LATE = datetime(2026, 7, 1, 23, 30, tzinfo=UTC)
"""In London it is the next day."""


def store(*posts: Post) -> World:
    made = world(*posts)
    made.units.older = (OLDER,)
    return made


def named(name: str, state: State = State.IN_REVIEW, **fields: object) -> Post:
    return replace(some.post(state, **fields), id=PostId(name))


def of_the_trust(state: State = State.IN_REVIEW, **fields: object) -> Post:
    words = replace(some.content(accounts=(TRUST_PAGE,)), **fields)  # type: ignore[arg-type]
    return replace(some.post(state, revision=some.revision(1, content=words)), school=TRUST)


def pause(of: World, where: object) -> Pause:
    made = Pause(place=where, by=GONE, since=NOW)  # type: ignore[arg-type]
    hold = Hold(school=made.place, number=1, by=made.by, reason="Wait.", at=made.since)
    of.units.state.holds[made.place] = (hold, 1)
    return made
