"""What this room needs stored, and the unit of work it reads from."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Protocol

from moderation.kernel import AccountId, PersonId, PostId, Recorder, Repository
from moderation.posts.model import Post


if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from datetime import date

    from moderation.acceptances.ports import Acceptances
    from moderation.accounts.ports import Accounts
    from moderation.checks.model import NotAPupil
    from moderation.kernel import BlobId, SchoolId, SubjectRef
    from moderation.people.ports import People, Rolls
    from moderation.policies.model import Pack
    from moderation.ports import Inspection, Unusable
    from moderation.posts.model import Pause, Revision


@dataclass(frozen=True, slots=True)
class Near:
    """Another post that goes out at about the same time; ``accounts`` are all of its own."""

    post: PostId
    accounts: frozenset[AccountId]
    going_out_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Former:
    """A picture of a post that was stopped or taken down: what it looked like, and where it was."""

    likeness: str
    post: PostId
    revision: str


class Posts(Repository[Post], Protocol):
    """Posts, with the four tables in which the two-person rule is structural.

    ``put`` writes a new revision with its authors' hands, each new approval with its approver's
    hand, and each publication; the database refuses what the rule forbids.
    """

    async def near(
        self,
        accounts: frozenset[AccountId],
        start: datetime,
        end: datetime,
        leaving_out: PostId,
        limit: int,
    ) -> tuple[Near, ...]:
        """Posts in front of people, or further, that go out between these instants (R12).

        For any of these accounts; at most ``limit``, in the order in which they go out. A draft may
        never go out, and is nobody's business yet.
        """

    async def live(self, schools: frozenset[SchoolId]) -> tuple[Post, ...]:
        """Posts not in a final state, oldest first."""

    async def some(self, posts: frozenset[PostId]) -> tuple[Post, ...]:
        """Those of them that exist, oldest first."""

    async def recent(self, school: SchoolId, limit: int) -> tuple[Post, ...]:
        """The newest posts of a school in any state, newest first."""

    async def by_author(self, person: PersonId, limit: int) -> tuple[Post, ...]: ...

    async def waiting_for(self, blob: BlobId) -> tuple[PostId, ...]:
        """Drafts that wait for this picture to be looked at."""

    async def released(self) -> tuple[PostId, ...]:
        """Posts handed out and not yet posted everywhere."""

    async def revisions(self, post: PostId) -> tuple[Revision, ...]:
        """Every revision, oldest first."""


class Inspections(Protocol):
    """Pictures that came in: waiting to be looked at, looked at, or unusable."""

    async def arrive(self, blob: BlobId) -> None:
        """Note that these bytes are here and wait. Harmless for one that is known already."""

    async def add(self, inspection: Inspection) -> None:
        """Keep what was seen. Harmless when the same picture was looked at before."""

    async def spoil(self, blob: BlobId, why: Unusable) -> None:
        """Note that the picture can't be used."""

    async def get(self, blobs: frozenset[BlobId]) -> Mapping[BlobId, Inspection]:
        """What was seen in those of them that have been looked at."""

    async def known(self, blobs: frozenset[BlobId]) -> frozenset[BlobId]:
        """Those that arrived and are not unusable."""

    async def waiting(self) -> tuple[BlobId, ...]:
        """Everything that arrived and nobody has looked at, oldest first."""

    async def take_down(self, pictures: Collection[Former]) -> None:
        """Know them again. Harmless for those that are known already."""

    async def taken_down(self) -> tuple[Former, ...]:
        """All of them, of every school."""


class Packs(Protocol):
    async def current(self, school: SchoolId) -> Pack:
        """The pack that the school uses today, as loaded."""

    async def pinned(self, digest: str) -> Pack:
        """The pack with this digest. Raises :class:`~moderation.kernel.CorruptStore`."""


class Pauses(Protocol):
    async def over(self, places: tuple[SchoolId, ...]) -> Pause | None:
        """The pause in force over any of these places, the oldest of several.

        In a unit that writes it stays as it is until the unit ends: whoever pauses or starts posts
        waits for that, and is then seen.
        """


class KeptNames(Protocol):
    async def agreed(self, school: SchoolId, day: date) -> tuple[tuple[str, NotAPupil], ...]:
        """Names that two people of this place keep as no pupil's, on this day, and whose."""


class AuditLine(Protocol):
    """One event as the audit keeps it."""

    @property
    def at(self) -> datetime: ...

    @property
    def tag(self) -> str:
        """The event's own, e.g. ``post:approved_by``."""

    @property
    def person(self) -> PersonId | None:
        """Who asked for it, as resolved then; ``None`` is the timer or the operator."""

    @property
    def payload(self) -> Mapping[str, Any] | None:
        """The event's fields by name, ``None`` once they have been erased."""


class AuditTrail(Protocol):
    async def history(self, subject: SubjectRef) -> tuple[AuditLine, ...]:
        """Everything that happened to one subject, oldest first."""


class PostsUnit(Recorder, Protocol):
    """The part of a unit of work that this room uses."""

    @property
    def posts(self) -> Posts: ...

    @property
    def people(self) -> People: ...

    @property
    def rolls(self) -> Rolls: ...

    @property
    def accounts(self) -> Accounts: ...

    @property
    def inspections(self) -> Inspections: ...

    @property
    def packs(self) -> Packs: ...

    @property
    def acceptances(self) -> Acceptances: ...

    @property
    def audit(self) -> AuditTrail: ...

    @property
    def holds(self) -> Pauses: ...

    @property
    def kept_names(self) -> KeptNames: ...
