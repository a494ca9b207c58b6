"""What a question about posts is answered with: plain data, ready to be worded."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, tzinfo

from moderation.accounts.model import Account
from moderation.kernel import AccountId, BlobId, PersonId, PostId, SchoolId
from moderation.people.rights import Rights
from moderation.policies.model import Pack
from moderation.ports import Inspection
from moderation.posts.model import InHand, Pause, Post
from moderation.posts.ports import AuditLine
from moderation.posts.queries.past import NOTHING_KNOWN, Past


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """Who and where: what any sentence about a post may need.

    ``viewer`` is the reader, or ``None`` for a card that a whole channel sees. ``names`` holds
    everybody at the school as the school writes them; ``school`` is the school's name. ``lasting``:
    what is drawn is read on other days too, so that it names days by their dates.
    """

    viewer: PersonId | None
    names: Mapping[PersonId, str]
    accounts: Mapping[AccountId, Account]
    school: str
    rights: Rights
    now: datetime
    zone: tzinfo
    lasting: bool = False


@dataclass(frozen=True, slots=True)
class Conflict:
    """Another live post for one of the same accounts, near the same time (R12)."""

    post: PostId
    account: AccountId
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class PostView(Surroundings):
    """Everything a card of a post shows that the post itself doesn't hold.

    ``version`` is the stored post's, which rises with every change. ``pictures`` holds what was
    seen in those pictures that have been looked at. ``pictured`` labels the pupils in them for a
    card that others may see: "A.K., Year 4". ``choosy``: some of the staff would rather not be
    shown.
    """

    version: int
    pack: Pack
    pictures: Mapping[BlobId, Inspection]
    pictured: tuple[str, ...] = ()
    choosy: bool = False
    conflicts: tuple[Conflict, ...] = ()
    history: tuple[AuditLine, ...] = ()
    past: Past = NOTHING_KNOWN
    """Since when the newest words stand, for every reader; the history isn't everybody's."""
    pause: Pause | None = None
    """The pause in force over the post's school, for a post that is not over."""
    in_hand: InHand | None = None
    """Who has said that they are on it, and for how long."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RefusalView(Surroundings):
    """What the sentences of a refusal may need.

    ``hidden``: the reader may not know of the post. ``elsewhere``: the page that a new post was for
    is another school's, so the reader may not know who its people are.
    """

    post: Post | None = None
    pack: Pack | None = None
    hidden: bool = False
    elsewhere: bool = False


@dataclass(frozen=True, slots=True)
class PostPage:
    """A post with its view."""

    post: Post
    view: PostView


@dataclass(frozen=True, slots=True, kw_only=True)
class QueuePage:
    """The post that waits longest for the reader, and how many wait after it."""

    first: PostPage | None
    after: int
    rest: tuple[PostPage, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """An account that the reader may propose to. ``limit`` counts characters of text."""

    account: AccountId
    school: SchoolId
    platform: str
    name: str
    limit: int


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class PicturedPupil:
    """A pupil in a picture, in full. For one reader's eyes; ``repr`` shows nothing."""

    name: str
    year: str
    form: str

    def __repr__(self) -> str:
        return "PicturedPupil(…)"


@dataclass(frozen=True, slots=True, kw_only=True)
class WhoPage:
    """Who is in the pictures of one post, in full.

    ``staff`` are the names of the colleagues who are said to be in them; ``unshown`` of those who
    would rather not be shown anywhere.
    """

    page: PostPage
    pupils: tuple[PicturedPupil, ...]
    staff: tuple[str, ...] = ()
    unshown: tuple[str, ...] = ()
