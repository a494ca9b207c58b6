"""The whole life of a post on one screen: what is allowed when, who guards it, what follows.

``ALLOWED`` says in which states a command may be asked, ``GUARDS`` what else must hold.
:func:`decide` is pure and total: the same post, command, facts and envelope give the same events.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import TYPE_CHECKING, assert_never

from moderation.kernel import Reason, Refused
from moderation.posts import commands as ask, events as happened, guards as guard
from moderation.posts.guards import Case, Guard
from moderation.posts.model import (
    LIVE,
    Allowance,
    Approval,
    Dispute,
    Post,
    Posted,
    Posting,
    Publication,
    Question,
    Revision,
    State,
    Veto,
    standing_blocks,
)
from moderation.posts.refusals import Refusal


if TYPE_CHECKING:
    from collections.abc import Iterator

    from moderation.kernel import Asked, PersonId
    from moderation.posts.guards import Facts
    from moderation.posts.model import Needs


WORDING = 1
"""Version of the statements that approvers confirm; stored with each approval."""

Asking = (
    ask.Propose
    | ask.Revise
    | ask.Dispute
    | ask.Allow
    | ask.Approve
    | ask.RequestChanges
    | ask.Reject
    | ask.LiftVeto
    | ask.AskHead
    | ask.Withdraw
    | ask.Stop
    | ask.MarkPosted
    | ask.SayNotPosted
)
"""What people ask. The rest is the timer's."""

IN_FRONT = frozenset({State.IN_REVIEW})
NOT_OUT = LIVE - {State.RELEASED}

ALLOWED: Mapping[type[ask.Command], frozenset[State]] = {
    ask.Propose: frozenset(),
    ask.Revise: NOT_OUT,
    ask.Judge: frozenset({State.DRAFT}),
    ask.Dispute: frozenset({State.DRAFT}),
    ask.Allow: frozenset({State.DRAFT}),
    ask.Approve: IN_FRONT,
    ask.RequestChanges: IN_FRONT,
    ask.Reject: frozenset({State.IN_REVIEW, State.APPROVED}),
    ask.LiftVeto: NOT_OUT,
    ask.AskHead: LIVE,
    ask.Withdraw: NOT_OUT,
    ask.Stop: LIVE | {State.PUBLISHED},
    ask.MarkPosted: frozenset({State.RELEASED, State.PUBLISHED}),
    ask.SayNotPosted: frozenset({State.RELEASED}),
    ask.Release: frozenset({State.APPROVED}),
    ask.Recheck: frozenset({State.RELEASED}),
    ask.Remind: IN_FRONT,
    ask.AskHeadInTime: IN_FRONT,
    ask.Expire: NOT_OUT - {State.APPROVED},
    ask.RemindPosters: frozenset({State.RELEASED}),
    ask.AskWhetherPosted: frozenset({State.RELEASED}),
}

GUARDS: Mapping[type[ask.Command], tuple[Guard, ...]] = {
    ask.Propose: (guard.sound_content, guard.may_propose, guard.somebody_can_say_yes),
    ask.Revise: (
        guard.seen_version,
        guard.an_author_or_approver,
        guard.may_propose_there,
        guard.changed,
        guard.sound_content,
        guard.same_school,
        guard.somebody_can_say_yes,
    ),
    ask.Judge: (),
    ask.Dispute: (
        guard.seen_version,
        guard.an_author,
        guard.an_allowable_block,
        guard.not_disputed_before,
        guard.a_reason,
    ),
    ask.Allow: (
        guard.seen_version,
        guard.the_head,
        guard.not_expired,
        guard.an_allowable_block,
        guard.a_reason,
    ),
    ask.Approve: (
        guard.seen_version,
        guard.not_an_author,
        guard.an_approver,
        guard.not_expired,
        guard.not_said_before,
        guard.every_flag_confirmed,
    ),
    ask.RequestChanges: (
        guard.seen_version,
        guard.not_an_author,
        guard.an_approver,
        guard.not_expired,
        guard.a_reason,
    ),
    ask.Reject: (
        guard.seen_version,
        guard.not_an_author,
        guard.an_approver,
        guard.not_expired,
        guard.a_reason,
    ),
    ask.LiftVeto: (guard.seen_version, guard.not_expired, guard.a_standing_veto),
    ask.AskHead: (guard.seen_version, guard.an_author_or_approver, guard.a_question),
    ask.Withdraw: (guard.an_author,),
    ask.Stop: (guard.may_stop, guard.a_reason),
    ask.MarkPosted: (
        guard.seen_version,
        guard.a_poster,
        guard.a_web_address,
        guard.not_posted_before,
    ),
    ask.SayNotPosted: (
        guard.seen_version,
        guard.a_poster,
        guard.a_reason,
        guard.not_posted_before,
    ),
}
"""A guard missing here is a hole in the rule: the bounded model removes each and must notice."""

JUDGING: tuple[Guard, ...] = (
    guard.pictures_known,
    guard.no_block,
    guard.every_flag_confirmed_by_all,
    guard.rights_still_held,
    guard.this_version,
    guard.no_veto,
    guard.accounts_open,
)
"""What release looks at again, whatever was true when people clicked."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """The tables that :func:`decide` goes by. Only tests build other ones than the default."""

    allowed: Mapping[type[ask.Command], frozenset[State]] = field(default_factory=lambda: ALLOWED)
    guards: Mapping[type[ask.Command], tuple[Guard, ...]] = field(default_factory=lambda: GUARDS)
    judging: tuple[Guard, ...] = JUDGING


RULES = Rules()


def decide(
    post: Post | None, command: ask.Command, facts: Facts, asked: Asked, rules: Rules = RULES
) -> tuple[happened.Event, ...] | Refused:
    """What happens, or every reason why nothing does."""
    case = Case(post, command, facts, asked)
    if isinstance(command, ask.Timed):
        return _timed(case, command, rules)
    reasons = tuple(_standing(case, rules)) or tuple(
        reason for check in rules.guards[type(command)] for reason in check(case)
    )
    return Refused(reasons) if reasons else tuple(_asked(case, command))


def _standing(case: Case, rules: Rules) -> Iterator[Reason]:
    """Reasons that make every other one moot: a stranger, no such post, too late."""
    if case.asked.person is None:
        yield Reason(Refusal.UNKNOWN_PERSON)
    elif isinstance(case.command, ask.Propose):
        if case.post is not None:
            yield Reason(Refusal.ALREADY_PROPOSED)
    elif case.post is None:
        yield Reason(Refusal.UNKNOWN_POST)
    elif case.post.state not in rules.allowed[type(case.command)]:
        yield Reason(Refusal.CLOSED, {"state": case.post.state})


def _asked(case: Case, command: Asking) -> Iterator[happened.Event]:
    """What a person's command brings about, once no guard objects."""
    match command:
        case ask.Propose() | ask.Revise():
            yield from _written(case, command)
        case ask.Approve() | ask.RequestChanges() | ask.Reject() | ask.LiftVeto():
            yield from _answered(case, command)
        case ask.Dispute() | ask.Allow() | ask.AskHead():
            yield from _head_involved(case, command)
        case ask.Withdraw():
            yield happened.Withdrawn(by=case.person, at=case.asked.at)
        case ask.Stop(reason=reason):
            yield from _stopped(case, reason, ())
        case ask.MarkPosted() | ask.SayNotPosted():
            yield from _posted(case, command)
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
            yield happened.Proposed(post=post, school=facts.school, revision=revision)
        case ask.Revise():
            became = case.person not in case.stored.authors
            former = case.person if became else None
            yield happened.Revised(revision=revision, former_approver=former)
        case _ as never:
            assert_never(never)
    yield from _judged(case, revision.authors)


def _judged(case: Case, authors: frozenset[PersonId]) -> Iterator[happened.Event]:
    """The new revision has been looked at: before the approvers, or kept as a draft."""
    facts = case.facts
    yield happened.Judged(findings=facts.findings, waiting_for=facts.waiting_for)
    if facts.waiting_for or standing_blocks(facts.findings, frozenset()):
        yield _kept(case)
    else:
        yield _to_review(case, authors)


def _kept(case: Case) -> happened.KeptAsDraft:
    at = case.asked.at
    until = at + timedelta(days=case.facts.settings.keep_draft_days)
    return happened.KeptAsDraft(at=at, until=until)


def _to_review(case: Case, authors: frozenset[PersonId]) -> happened.SentToReview:
    at, pack, rights = case.asked.at, case.facts.settings, case.facts.rights
    return happened.SentToReview(
        at=at,
        remind_at=at + timedelta(hours=pack.remind_after_hours),
        ask_head_at=at + timedelta(hours=pack.ask_head_after_hours),
        expires_at=at + timedelta(days=pack.expire_after_days),
        nobody_here=len(rights.available_approvers(authors)) < case.facts.needs.seconds,
    )


def _reissued(case: Case) -> Revision:
    """The same content under a new number, so that every yes is given afresh."""
    old, facts = case.stored.revision, case.facts
    return Revision(
        id=facts.revision_id,
        number=old.number + 1,
        content=old.content,
        digest=old.digest,
        authors=old.authors,
        needs=old.needs,
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
        case ask.Approve(confirmed=confirmed):
            approval = Approval(
                revision=post.revision.id,
                digest=post.revision.digest,
                person=person,
                as_head=case.facts.rights.acts_as_head(person, post.authors),
                confirmed=confirmed & frozenset(flag.key for flag in post.flags),
                wording=WORDING,
                at=at,
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
            renewed = _reissued(case) if said_yes else None
            yield happened.Rejected(veto=veto, until=until, revision=renewed)
        case ask.LiftVeto(of=of, reason=reason):
            yield happened.VetoLifted(of=of, by=person, reason=reason, at=at)
            if all(veto.person == of for veto in post.vetoes):
                yield from _free_again(case)
        case _ as never:
            assert_never(never)


def _free_again(case: Case) -> Iterator[happened.Event]:
    """The last veto is gone: a rejected version is in front of people again."""
    post = case.stored
    if post.state is State.REJECTED:
        yield _to_review(case, post.authors)
    if post.state in {State.REJECTED, State.IN_REVIEW} and signatures(
        post.revision.needs, post.approvals
    ):
        yield _cleared(case)


def _cleared(case: Case) -> happened.Cleared:
    at = case.asked.at
    return happened.Cleared(at=at, due=max(at, case.stored.content.not_before or at))


def signatures(
    needs: Needs, approvals: tuple[Approval, ...]
) -> tuple[PersonId, PersonId | None, PersonId | None] | None:
    """(second, third, head) out of these approvals, or ``None`` while a yes is missing.

    ``third`` is set where two seconds are needed, ``head`` where the head is. Where the head
    doesn't count as a second person, the head's yes comes on top.
    """
    head: PersonId | None = None
    if needs.head:
        head = next((item.person for item in approvals if item.as_head), None)
        if head is None:
            return None
    pool = [item.person for item in approvals if needs.head_counts or item.person != head]
    pool = list(dict.fromkeys(pool))
    if len(pool) < needs.seconds:
        return None
    return pool[0], pool[1] if needs.seconds > 1 else None, head


def _head_involved(
    case: Case, command: ask.Dispute | ask.Allow | ask.AskHead
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
                yield _to_review(case, post.authors)
        case ask.AskHead(words=words):
            question = Question(person=person, words=words, at=at)
            yield happened.HeadAsked(question=question, at=at)
        case _ as never:
            assert_never(never)


# -- stopping, posting ----------------------------------------------------------------------------


def _stopped(case: Case, words: str, reasons: tuple[str, ...]) -> Iterator[happened.Event]:
    """Before it goes out: for good. Handed out: back, posters told. Public: removal is asked."""
    post, at, person = case.stored, case.asked.at, case.asked.person
    public = tuple(item.account for item in post.postings if item.said is not Posted.CANNOT)
    if public:
        question = Question(person=person, words=words, at=at)
        yield happened.RemovalAsked(question=question, accounts=public)
    if post.state is State.PUBLISHED:
        return
    if post.state is State.RELEASED and not public:
        revision = _reissued(case)
        yield happened.Recalled(revision=revision, by=person, reasons=reasons, words=words, at=at)
        yield from _judged_again(case)
    else:
        yield happened.Stopped(by=person, reason=words, at=at)


def _judged_again(case: Case) -> Iterator[happened.Event]:
    yield happened.Judged(findings=case.facts.findings, waiting_for=case.facts.waiting_for)
    yield _kept(case)


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


# -- the timer ------------------------------------------------------------------------------------


def _timed(case: Case, command: ask.Timed, rules: Rules) -> tuple[happened.Event, ...]:
    """The timer is never refused: what is no longer due brings nothing about."""
    if case.post is None or case.post.state not in rules.allowed[type(command)]:
        return ()
    match command:
        case ask.Judge():
            return tuple(_looked_at(case))
        case ask.Release():
            return tuple(_released(case, rules))
        case ask.Recheck():
            return tuple(_rechecked(case))
        case (
            ask.Remind()
            | ask.AskHeadInTime()
            | ask.Expire()
            | ask.RemindPosters()
            | ask.AskWhetherPosted()
        ):
            return tuple(_struck(case, command))
        case _ as never:
            assert_never(never)


def _looked_at(case: Case) -> Iterator[happened.Event]:
    post, facts = case.stored, case.facts
    if (post.findings, post.waiting_for) == (facts.findings, facts.waiting_for):
        return
    yield happened.Judged(findings=facts.findings, waiting_for=facts.waiting_for)
    if not facts.waiting_for and not standing_blocks(facts.findings, post.allowed):
        yield _to_review(case, post.authors)


def _released(case: Case, rules: Rules) -> Iterator[happened.Event]:
    post, facts, at = case.stored, case.facts, case.asked.at
    if at < (post.content.not_before or at):
        return
    reasons = [reason.code for check in rules.judging for reason in check(case)]
    signed = signatures(post.revision.needs, post.approvals)
    if signed is None:
        reasons.append(Refusal.TOO_FEW_YES)
    if reasons or signed is None:
        codes = tuple(dict.fromkeys(map(str, reasons)))
        yield happened.SentBack(revision=_reissued(case), reasons=codes, at=at)
        yield from _judged(case, post.authors)
        return
    yield happened.Released(
        publications=tuple(_publications(case, *signed)),
        at=at,
        remind_at=at + timedelta(hours=facts.settings.unposted_after_hours),
    )


def _publications(
    case: Case, second: PersonId, third: PersonId | None, head: PersonId | None
) -> Iterator[Publication]:
    post = case.stored
    author = post.revision.by if post.revision.by in post.authors else min(post.authors)
    for account in post.content.accounts:
        yield Publication(
            revision=post.revision.id,
            account=account,
            digest=post.revision.digest,
            needs=post.revision.needs,
            author=author,
            second=second,
            third=third,
            head=head,
            at=case.asked.at,
        )


def _rechecked(case: Case) -> Iterator[happened.Event]:
    """Consent or roll changed after it was handed out: back it comes, posters told."""
    if any(True for _ in guard.no_block(case)):
        yield from _stopped(case, "", (Refusal.BLOCKED,))


def _struck(
    case: Case,
    command: ask.Remind | ask.AskHeadInTime | ask.Expire | ask.RemindPosters | ask.AskWhetherPosted,
) -> Iterator[happened.Event]:
    post, at = case.stored, case.asked.at
    if command.seen != post.revision.number:
        return
    match command:
        case ask.Remind():
            yield happened.Reminded(at=at)
        case ask.AskHeadInTime():
            yield happened.HeadAsked(question=None, at=at)
        case ask.Expire():
            if post.expires_at is not None and at >= post.expires_at:
                yield happened.Expired(at=at)
        case ask.RemindPosters():
            again = at + timedelta(hours=case.facts.settings.unposted_after_hours)
            yield happened.PostersReminded(accounts=post.outstanding, at=at, again_at=again)
        case ask.AskWhetherPosted(account=account):
            if account in post.outstanding:
                posting = Posting(account=account, said=Posted.UNSURE, person=None, at=at)
                yield happened.NotPosted(posting=posting)
        case _ as never:
            assert_never(never)


__all__ = ["ALLOWED", "GUARDS", "JUDGING", "RULES", "Rules", "decide", "signatures"]
