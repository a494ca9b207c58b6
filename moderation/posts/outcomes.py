"""What a person's command brings about, once no guard objects. Events only; nothing is refused."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, assert_never

from moderation.posts import commands as ask, events as happened
from moderation.posts.evolution import ATTENTION
from moderation.posts.model import (
    Allowance,
    Approval,
    Dispute,
    Posted,
    Posting,
    Question,
    Revision,
    State,
    Veto,
    standing_blocks,
)
from moderation.posts.signing import signatures


if TYPE_CHECKING:
    from collections.abc import Iterator

    from moderation.kernel import PersonId
    from moderation.posts.guards import Case


WORDING = 1
"""Version of the statements that approvers confirm; stored with each approval."""

Asking = (
    ask.Propose
    | ask.Revise
    | ask.Dispute
    | ask.Allow
    | ask.Decline
    | ask.Approve
    | ask.RequestChanges
    | ask.Reject
    | ask.LiftVeto
    | ask.AskHead
    | ask.Withdraw
    | ask.Stop
    | ask.MarkPosted
    | ask.SayNotPosted
    | ask.Attend
    | ask.TakePosting
)
"""What people ask. The rest is the timer's."""


def asked(case: Case, command: Asking) -> Iterator[happened.Event]:
    """What a person's command brings about, once no guard objects."""
    match command:
        case ask.Propose() | ask.Revise():
            yield from _written(case, command)
        case ask.Approve() | ask.RequestChanges() | ask.Reject() | ask.LiftVeto():
            yield from _answered(case, command)
        case ask.Dispute() | ask.Allow() | ask.Decline() | ask.AskHead():
            yield from _head_involved(case, command)
        case ask.Withdraw():
            yield happened.Withdrawn(by=case.person, at=case.asked.at)
        case ask.Stop(reason=reason):
            yield from stopped(case, reason, ())
        case ask.MarkPosted() | ask.SayNotPosted():
            yield from _posted(case, command)
        case ask.Attend():
            yield _attended(case)
        case ask.TakePosting():
            yield _taken(case)
        case _ as never:
            assert_never(never)


# -- writing --------------------------------------------------------------------------------------


def _written(case: Case, command: ask.Propose | ask.Revise) -> Iterator[happened.Event]:
    facts, at = case.facts, case.asked.at
    number = 1 if case.post is None else case.post.revision.number + 1
    # An account named twice is one account: it gets one publication.
    accounts = tuple(dict.fromkeys(command.content.accounts))
    content = replace(command.content, accounts=accounts)
    revision = Revision(
        id=facts.revision_id,
        number=number,
        content=content,
        digest=content.digest(),
        authors=case.authors,
        needs=facts.needs,
        pack=facts.pack,
        by=case.person,
        at=at,
    )
    match command:
        case ask.Propose(post=post):
            if facts.school is None:
                raise TypeError(command.content.accounts)
            yield happened.Proposed(
                post=post, school=facts.school, revision=revision, strangers=facts.strangers
            )
        case ask.Revise():
            became = case.person not in case.stored.authors
            former = case.person if became else None
            yield happened.Revised(revision=revision, former_approver=former)
        case _ as never:
            assert_never(never)
    yield from judged(case, revision.authors)


def judged(case: Case, authors: frozenset[PersonId]) -> Iterator[happened.Event]:
    """The new revision has been looked at: before the approvers, or kept as a draft."""
    facts = case.facts
    yield happened.Judged(findings=facts.findings, waiting_for=facts.waiting_for)
    if facts.waiting_for or standing_blocks(facts.findings, frozenset()):
        yield kept(case)
    else:
        yield to_review(case, authors)


def kept(case: Case) -> happened.KeptAsDraft:
    """With its authors, for as long as the pack keeps drafts."""
    at = case.asked.at
    until = at + timedelta(days=case.facts.settings.keep_draft_days)
    return happened.KeptAsDraft(at=at, until=until)


def to_review(case: Case, authors: frozenset[PersonId]) -> happened.SentToReview:
    """In front of the approvers, with the pack's clocks set."""
    at, pack, rights = case.asked.at, case.facts.settings, case.facts.rights
    return happened.SentToReview(
        at=at,
        remind_at=at + timedelta(hours=pack.remind_after_hours),
        ask_head_at=at + timedelta(hours=pack.ask_head_after_hours),
        expires_at=at + timedelta(days=pack.expire_after_days),
        nobody_here=len(rights.available_approvers(authors)) < case.facts.needs.seconds,
    )


def reissued(case: Case) -> Revision:
    """The same content under a new number, so that every yes is given afresh.

    Where what is found today asks for the headteacher's yes, the new number needs it as well.
    """
    old, facts = case.stored.revision, case.facts
    return Revision(
        id=facts.revision_id,
        number=old.number + 1,
        content=old.content,
        digest=old.digest,
        authors=old.authors,
        needs=replace(old.needs, head=old.needs.head or facts.needs.head),
        pack=old.pack,
        by=old.by,
        at=case.asked.at,
    )


# -- deciding -------------------------------------------------------------------------------------


def _answered(
    case: Case, command: ask.Approve | ask.RequestChanges | ask.Reject | ask.LiftVeto
) -> Iterator[happened.Event]:
    at, person, post = case.asked.at, case.person, case.stored
    until = at + timedelta(days=case.facts.settings.keep_draft_days)
    match command:
        case ask.Approve(confirmed=confirmed, whose=whose):
            flagged = {flag.key: flag for flag in post.flags}
            approval = Approval(
                revision=post.revision.id,
                digest=post.revision.digest,
                person=person,
                as_head=case.facts.rights.acts_as_head(person, case.authors),
                confirmed=frozenset(confirmed & flagged.keys()),
                wording=WORDING,
                at=at,
                whose=frozenset(
                    (key, who) for key, who in whose if key in flagged and flagged[key].asks_whose
                ),
            )
            yield happened.Approved(approval=approval)
            vetoes = {veto.person for veto in post.vetoes}
            if person in vetoes:
                yield happened.VetoLifted(of=person, by=person, reason="", at=at)
            if signatures(post.revision.needs, (*post.approvals, approval)) and vetoes <= {person}:
                yield _cleared(case)
        case ask.RequestChanges(reason=reason):
            request = Veto(person=person, reason=reason, at=at)
            yield happened.ChangesRequested(request=request, until=until)
        case ask.Reject(reason=reason):
            veto = Veto(person=person, reason=reason, at=at)
            said_yes = any(approval.person == person for approval in post.approvals)
            renewed = reissued(case) if said_yes else None
            yield happened.Rejected(veto=veto, until=until, revision=renewed)
        case ask.LiftVeto(of=of, reason=reason):
            yield happened.VetoLifted(of=of, by=person, reason=reason, at=at)
            if all(veto.person == of for veto in post.vetoes):
                yield from _free_again(case)
        case _ as never:
            assert_never(never)


def _free_again(case: Case) -> Iterator[happened.Event]:
    """The last veto is gone: a rejected version is in front of people again.

    Where something came to stand in its way meanwhile, it is with its authors first.
    """
    post = case.stored
    if post.state is State.REJECTED and standing_blocks(post.findings, post.allowed):
        yield kept(case)
        return
    if post.state is State.REJECTED:
        yield to_review(case, post.authors)
    if post.state in {State.REJECTED, State.IN_REVIEW} and signatures(
        post.revision.needs, post.approvals
    ):
        yield _cleared(case)


def _cleared(case: Case) -> happened.Cleared:
    at = case.asked.at
    return happened.Cleared(at=at, due=max(at, case.stored.content.not_before or at))


def _head_involved(
    case: Case, command: ask.Dispute | ask.Allow | ask.Decline | ask.AskHead
) -> Iterator[happened.Event]:
    at, person, post = case.asked.at, case.person, case.stored
    match command:
        case ask.Dispute(finding=finding, reason=reason):
            dispute = Dispute(finding=finding, person=person, reason=reason, at=at)
            yield happened.Disputed(dispute=dispute)
        case ask.Allow(finding=finding, reason=reason):
            allowance = Allowance(finding=finding, person=person, reason=reason, at=at)
            yield happened.Allowed(allowance=allowance)
            left = standing_blocks(post.findings, post.allowed | {finding})
            if not left and not post.waiting_for:
                yield to_review(case, post.authors)
        case ask.Decline(reason=reason):
            yield happened.Declined(answer=Veto(person=person, reason=reason, at=at))
        case ask.AskHead(words=words):
            question = Question(person=person, words=words, at=at)
            yield happened.HeadAsked(question=question, at=at)
        case _ as never:
            assert_never(never)


def _attended(case: Case) -> happened.Attended | happened.LookedAway:
    """It is no lock: whoever says it last is on it."""
    at, held = case.asked.at, case.facts.in_hand
    if held is not None and held.person == case.person:
        return happened.LookedAway(by=case.person, at=at)
    return happened.Attended(by=case.person, at=at, until=at + ATTENTION)


def _taken(case: Case) -> happened.PostingTaken | happened.PostingGivenBack:
    held = case.facts.in_hand
    if held is not None and held.person == case.person:
        return happened.PostingGivenBack(by=case.person, at=case.asked.at)
    return happened.PostingTaken(by=case.person, at=case.asked.at)


# -- stopping, posting ----------------------------------------------------------------------------


def stopped(case: Case, words: str, reasons: tuple[str, ...]) -> Iterator[happened.Event]:
    """Before it goes out: for good. Handed out: back, posters told. Public: removal is asked."""
    post, at, person = case.stored, case.asked.at, case.asked.person
    public = tuple(item.account for item in post.postings if item.said is not Posted.CANNOT)
    if public:
        question = Question(person=person, words=words, at=at)
        yield happened.RemovalAsked(question=question, accounts=public)
    if post.state is State.PUBLISHED:
        return
    if post.state is State.RELEASED and not public:
        revision = reissued(case)
        yield happened.Recalled(revision=revision, by=person, reasons=reasons, words=words, at=at)
        yield from _judged_again(case)
    else:
        yield happened.Stopped(by=person, reason=words, at=at)


def _judged_again(case: Case) -> Iterator[happened.Event]:
    yield happened.Judged(findings=case.facts.findings, waiting_for=case.facts.waiting_for)
    yield kept(case)


def _posted(case: Case, command: ask.MarkPosted | ask.SayNotPosted) -> Iterator[happened.Event]:
    post, at, person = case.stored, case.asked.at, case.person
    match command:
        case ask.MarkPosted(account=account, url=url):
            posting = Posting(account=account, said=Posted.YES, person=person, at=at, url=url)
            yield happened.PostedOn(posting=posting)
            if post.state is State.RELEASED and set(post.outstanding) <= {account}:
                yield happened.Published(at=at)
        case ask.SayNotPosted(account=account, unsure=unsure, reason=reason):
            said = Posted.UNSURE if unsure else Posted.CANNOT
            posting = Posting(account=account, said=said, person=person, at=at, words=reason)
            yield happened.NotPosted(posting=posting)
        case _ as never:
            assert_never(never)
