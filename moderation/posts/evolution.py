"""How an event changes a post. Total, and never refuses: refusing is the workflow's part."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, assert_never

from moderation.kernel import CorruptStore
from moderation.posts import events as happened
from moderation.posts.model import InHand, Post, State
from moderation.posts.refusals import Refusal


if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from moderation.posts.model import Posting, Revision
    from moderation.posts.ports import AuditLine


def evolve(post: Post | None, event: happened.Event) -> Post:
    """The post after ``event``. Only :class:`~moderation.posts.events.Proposed` makes one.

    Raises :class:`~moderation.kernel.CorruptStore` for any other event without a post.
    """
    if isinstance(event, happened.Proposed):
        return Post(
            id=event.post,
            school=event.school,
            state=State.DRAFT,
            revision=event.revision,
            opened_at=event.revision.at,
            entered_at=event.revision.at,
            strangers=event.strangers,
        )
    if post is None:
        raise CorruptStore(event.tag)
    match event:
        case (
            happened.Revised()
            | happened.Judged()
            | happened.SentToReview()
            | happened.KeptAsDraft()
            | happened.Disputed()
            | happened.Allowed()
            | happened.Declined()
        ):
            return _written(post, event)
        case (
            happened.Approved()
            | happened.Cleared()
            | happened.ChangesRequested()
            | happened.Rejected()
            | happened.VetoLifted()
            | happened.HeadAsked()
        ):
            return _decided(post, event)
        case _:
            return _ended(post, event)


Written = (
    happened.Revised
    | happened.Judged
    | happened.SentToReview
    | happened.KeptAsDraft
    | happened.Disputed
    | happened.Allowed
    | happened.Declined
)
Decided = (
    happened.Approved
    | happened.Cleared
    | happened.ChangesRequested
    | happened.Rejected
    | happened.VetoLifted
    | happened.HeadAsked
)
Ended = (
    happened.Withdrawn
    | happened.Stopped
    | happened.SentBack
    | happened.HeldUp
    | happened.TakenUp
    | happened.Released
    | happened.Recalled
    | happened.PostedOn
    | happened.Published
    | happened.NotPosted
    | happened.RemovalAsked
    | happened.Reminded
    | happened.PostersReminded
    | happened.Expired
    | happened.Attended
    | happened.LookedAway
    | happened.PostingTaken
    | happened.PostingGivenBack
)


def _written(post: Post, event: Written) -> Post:
    match event:
        case happened.Revised(revision=revision):
            return _renewed(post, revision)
        case happened.Judged(findings=findings, waiting_for=waiting_for):
            return replace(post, findings=findings, waiting_for=waiting_for)
        case happened.SentToReview(at=at, expires_at=expires_at):
            return _moved(post, State.IN_REVIEW, at, expires_at)
        case happened.KeptAsDraft(at=at, until=until):
            return _moved(post, State.DRAFT, at, until)
        case happened.Disputed(dispute=dispute):
            return replace(post, disputes=(*post.disputes, dispute))
        case happened.Allowed(allowance=allowance):
            # After a no it is a change of mind: what else was asked is open again.
            allowances = (*post.allowances, allowance)
            return replace(post, allowances=allowances, change_request=None)
        case happened.Declined(answer=answer):
            return replace(post, change_request=answer)
        case _ as never:
            assert_never(never)


def _decided(post: Post, event: Decided) -> Post:
    match event:
        case happened.Approved(approval=approval):
            return replace(post, approvals=(*post.approvals, approval))
        case happened.Cleared(at=at):
            return _moved(replace(post, held_back=()), State.APPROVED, at, None)
        case happened.ChangesRequested(request=request, until=until):
            asked = replace(post, change_request=request)
            return _moved(asked, State.CHANGES_REQUESTED, request.at, until)
        case happened.Rejected():
            return _rejected(post, event)
        case happened.VetoLifted(of=of):
            return replace(post, vetoes=tuple(item for item in post.vetoes if item.person != of))
        case happened.HeadAsked(question=question):
            if question is None:
                return post
            return replace(post, questions=(*post.questions, question))
        case _ as never:
            assert_never(never)


def _ended(post: Post, event: Ended) -> Post:
    match event:
        case happened.Withdrawn(at=at) | happened.Stopped(at=at):
            return _moved(post, State.WITHDRAWN, at, None)
        case happened.SentBack(revision=revision, reasons=reasons):
            return replace(_renewed(post, revision), held_back=reasons)
        case happened.Recalled(revision=revision, reasons=reasons):
            return replace(_renewed(post, revision), held_back=reasons, postings=())
        case happened.Released(publications=publications, at=at):
            out = replace(post, publications=publications, held_back=())
            return _moved(out, State.RELEASED, at, None)
        case happened.HeldUp() | happened.TakenUp():
            return _paused(post, event)
        case happened.PostedOn(posting=posting) | happened.NotPosted(posting=posting):
            return replace(post, postings=_with_posting(post, posting))
        case happened.Published(at=at):
            return _moved(post, State.PUBLISHED, at, None)
        case happened.RemovalAsked(question=question):
            return replace(post, removal_asked=question)
        case happened.Expired(at=at):
            return _moved(post, State.EXPIRED, at, None)
        case (
            happened.Reminded()
            | happened.PostersReminded()
            | happened.Attended()
            | happened.LookedAway()
            | happened.PostingTaken()
            | happened.PostingGivenBack()
        ):
            return post
        case _ as never:
            assert_never(never)


def _paused(post: Post, event: happened.HeldUp | happened.TakenUp) -> Post:
    """In review it goes on: why it came back there stays what it was, the pause is none of it."""
    if post.state is State.IN_REVIEW:
        return post
    return replace(post, held_back=(Refusal.HELD,) if isinstance(event, happened.HeldUp) else ())


def _rejected(post: Post, event: happened.Rejected) -> Post:
    others = tuple(item for item in post.vetoes if item.person != event.veto.person)
    if event.revision is not None:
        post = replace(post, revision=event.revision, approvals=())
    vetoed = replace(post, vetoes=(*others, event.veto))
    return _moved(vetoed, State.REJECTED, event.veto.at, event.until)


def _renewed(post: Post, revision: Revision) -> Post:
    """A new revision: every yes, allowance and dispute of the old one is void (R3)."""
    return replace(
        post,
        revision=revision,
        findings=(),
        waiting_for=frozenset(),
        approvals=(),
        disputes=(),
        allowances=(),
        publications=(),
        change_request=None,
        held_back=(),
    )


def _moved(post: Post, state: State, at: datetime, expires_at: datetime | None) -> Post:
    return replace(post, state=state, entered_at=at, expires_at=expires_at)


def _with_posting(post: Post, posting: Posting) -> tuple[Posting, ...]:
    others = tuple(item for item in post.postings if item.account != posting.account)
    return (*others, posting)


# -- beside the post ------------------------------------------------------------------------------

ATTENTION = timedelta(minutes=10)
"""How long somebody is on it. Long enough to read and to ask, short enough to be forgotten."""
_OVER = frozenset(
    event.tag
    for event in (
        happened.Revised,
        happened.SentToReview,
        happened.KeptAsDraft,
        happened.Cleared,
        happened.ChangesRequested,
        happened.Rejected,
        happened.Withdrawn,
        happened.Stopped,
        happened.SentBack,
        happened.Released,
        happened.Recalled,
        happened.Published,
        happened.Expired,
    )
)
_THEIR_OWN = frozenset(
    event.tag for event in (happened.Approved, happened.LookedAway, happened.PostingGivenBack)
)
"""What ends it for the one who does it, and for nobody else."""


def in_hand(history: Iterable[AuditLine], now: datetime) -> InHand | None:
    """Who is on it at this moment, as the record tells it, oldest first: the last who said so."""
    found: InHand | None = None
    for line in history:
        if line.tag == happened.Attended.tag and line.person is not None:
            found = InHand(person=line.person, until=line.at + ATTENTION)
        elif line.tag == happened.PostingTaken.tag and line.person is not None:
            found = InHand(person=line.person)
        elif line.tag in _OVER or (
            found is not None and line.tag in _THEIR_OWN and line.person == found.person
        ):
            found = None
    over = found is not None and found.until is not None and found.until <= now
    return None if over else found
