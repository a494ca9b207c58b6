"""What this room needs stored, and the unit of work it reads from and writes to."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from moderation.imports.model import Batch
from moderation.kernel import Recorder, Repository


if TYPE_CHECKING:
    from datetime import datetime

    from moderation.accounts.ports import Accounts
    from moderation.imports.model import Kind, Word
    from moderation.kernel import Identity, PersonId, SchoolId
    from moderation.people.ports import People, Rolls
    from moderation.posts.ports import Posts


class Batches(Repository[Batch], Protocol):
    """Imports. Their records are sealed, and gone for good once a batch no longer waits."""

    async def alone(self) -> None:
        """Wait until no other import is being decided, and keep others waiting until the commit.

        Two files that are harmless each may together give somebody a right.
        """

    async def waiting(self, kind: Kind) -> tuple[Batch, ...]:
        """Those that wait for somebody's yes, without their records, oldest first."""

    async def newer(self, batch: Batch) -> tuple[Batch, ...]:
        """Those of the same kind received after this one, without their records, oldest first."""


class LinkedAccounts(Protocol):
    """Chat accounts that became somebody's because people said so."""

    async def confirmed(self) -> frozenset[Identity]: ...


class Words(Protocol):
    """What the words of each school's own system mean."""

    async def of(self, school: SchoolId) -> tuple[Word, ...]:
        """This school's, by kind, sort and word."""

    async def save(
        self, school: SchoolId, words: tuple[Word, ...], by: PersonId | None, at: datetime
    ) -> None:
        """Remember these, in the place of what the same words meant before."""


class ImportsUnit(Recorder, Protocol):
    """The part of a unit of work that this room uses."""

    @property
    def batches(self) -> Batches: ...

    @property
    def links(self) -> LinkedAccounts: ...

    @property
    def people(self) -> People: ...

    @property
    def accounts(self) -> Accounts: ...

    @property
    def rolls(self) -> Rolls: ...

    @property
    def posts(self) -> Posts: ...

    @property
    def words(self) -> Words: ...
