"""The two-person rule as the database keeps it, said again in plain Python for the fake.

Each refusal carries the name of the guard that refuses it in SQLite and PostgreSQL.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from moderation.kernel import PostId
from moderation.posts.model import Approval, Publication, Revision
from storage.faults import RuleBroken


if TYPE_CHECKING:
    from collections.abc import Set as AbstractSet

    from moderation.kernel import AccountId, PersonId
    from moderation.posts.model import Post


@dataclass(frozen=True, slots=True)
class Ledger:
    """The insert-only rows: revisions in order, approvals and publications as they came."""

    revisions: dict[PostId, tuple[Revision, ...]] = field(default_factory=dict)
    approvals: tuple[Approval, ...] = ()
    publications: tuple[Publication, ...] = ()

    def of(self, post: PostId) -> tuple[Revision, ...]:
        return self.revisions.get(post, ())

    def approvals_of(self, revision: str) -> tuple[Approval, ...]:
        return tuple(item for item in self.approvals if item.revision == revision)

    def publications_of(self, revision: str) -> tuple[Publication, ...]:
        return tuple(item for item in self.publications if item.revision == revision)

    def with_post(self, post: Post, people: AbstractSet[PersonId]) -> Ledger:
        """The ledger after this post is put, or :class:`~storage.faults.RuleBroken`."""
        ledger = self._with_revision(post, people)
        known = ledger.approvals_of(post.revision.id)
        if set(map(_key, known)) - set(map(_key, post.approvals)):
            raise RuleBroken("approval_is_insert_only")
        for approval in post.approvals:
            if approval not in known:
                ledger = ledger.with_approval(post, approval, people)
        stored = ledger.publications_of(post.revision.id)
        if set(stored) - set(post.publications):
            raise RuleBroken("publication_is_insert_only")
        for publication in post.publications:
            if publication not in stored:
                ledger = ledger.with_publication(post, publication)
        return ledger

    def _with_revision(self, post: Post, people: AbstractSet[PersonId]) -> Ledger:
        new, earlier = post.revision, self.of(post.id)
        if earlier and earlier[-1].id == new.id:
            if earlier[-1] != new:
                raise RuleBroken("revision_is_insert_only")
            return self
        if new.number != len(earlier) + 1:
            raise RuleBroken("revision_in_order")
        if not new.authors <= people:
            raise RuleBroken("hand_in_one_capacity")
        return replace(self, revisions=self.revisions | {post.id: (*earlier, new)})

    def with_approval(
        self, post: Post, approval: Approval, people: AbstractSet[PersonId]
    ) -> Ledger:
        if _wrote(self.of(post.id), approval.person) or approval.person not in people:
            raise RuleBroken("hand_in_one_capacity")
        if (
            not post.revision.authors
            or approval.revision != post.revision.id
            or approval.digest != post.revision.digest
        ):
            raise RuleBroken("approval_by_approver")
        if any(_key(item) == _key(approval) for item in self.approvals):
            raise RuleBroken("approval_is_insert_only")
        return replace(self, approvals=(*self.approvals, approval))

    def with_publication(self, post: Post, row: Publication) -> Ledger:
        revision = post.revision
        yes = {item.person: item for item in self.approvals_of(revision.id)}
        seconds = tuple(who for who in (row.second, row.third) if who is not None)
        good = (
            row.revision == revision.id
            and row.digest == revision.digest
            and row.needs == revision.needs
            and row.account in revision.content.accounts
            and row.author in revision.authors
            and all(who in yes for who in seconds)
            and len(set(seconds)) == len(seconds) >= row.needs.seconds
            and _head_is_right(row, yes, seconds)
            and not _published(self, revision.id, row.account)
        )
        if not good:
            raise RuleBroken("publication_by_two")
        return replace(self, publications=(*self.publications, row))


def _key(approval: Approval) -> tuple[str, str]:
    return approval.revision, approval.person


def _wrote(revisions: tuple[Revision, ...], person: PersonId) -> bool:
    """An author of any revision so far, or whoever brought the words of the newest one."""
    if any(person in revision.authors for revision in revisions):
        return True
    newest = revisions[-1]
    same_words = len(revisions) > 1 and revisions[-2].digest == newest.digest
    return newest.by == person and not same_words


def _head_is_right(
    row: Publication, yes: dict[PersonId, Approval], seconds: tuple[PersonId, ...]
) -> bool:
    if row.head is None:
        return not row.needs.head
    counted_twice = row.head in seconds and not row.needs.head_counts
    return row.head in yes and yes[row.head].as_head and not counted_twice


def _published(ledger: Ledger, revision: str, account: AccountId) -> bool:
    return any(item.account == account for item in ledger.publications_of(revision))
