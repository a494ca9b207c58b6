"""For each guard of each command one case that it alone refuses, with the code it gives.

Taken out of the table, the same case must pass: so each guard is there for something.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from moderation.accounts.model import MonthOrDay
from moderation.people.model import AccountRole
from moderation.posts import commands as ask, guards as guard, judging
from moderation.posts.model import Dispute, InHand, Needs, Post, Posted, Posting, State
from moderation.posts.refusals import Refusal
from tests import builders as some
from tests.builders import ANN, BOB, CY, ELM, FEED, HEAD, NOON, PAGE, POST
from tests.model.world import PICTURE


if TYPE_CHECKING:
    from collections.abc import Iterator

    from moderation.kernel import Asked
    from moderation.posts.guards import Facts, Guard


LATE = NOON + timedelta(days=8)
WEEK = NOON + timedelta(days=7)
IN_REVIEW = some.post()
DISPUTE = Dispute(finding=some.ALLOWABLE.key, person=ANN, reason="A river.", at=NOON)
BLOCKED = some.post(State.DRAFT, findings=(some.ALLOWABLE, some.BLOCK))
DISPUTED = replace(BLOCKED, disputes=(DISPUTE,))
VETOED = some.post(State.REJECTED, vetoes=(some.veto(BOB),), expires_at=WEEK)
SAID = Posting(account=PAGE, said=Posted.YES, person=BOB, at=NOON)
RELEASED = some.post(State.RELEASED)
PUBLISHED = some.post(State.PUBLISHED, postings=(SAID,))
UNACCEPTED = some.facts(must_accept=True)
NOBODY = some.facts(rights=some.rights(grants=()))
"""Nobody has a right on the page; the head is still the head."""
ANN_ALONE = some.facts(rights=some.rights(people=[some.person(ANN)], grants=[some.grant(ANN)]))


class Case(NamedTuple):
    """``guard`` alone refuses ``command`` with ``code``. Bob asks, unless it says otherwise."""

    guard: Guard
    code: Refusal
    command: ask.Command
    post: Post | None = IN_REVIEW
    by: Asked = some.asked(BOB)
    facts: Facts = some.facts()

    @property
    def name(self) -> str:
        return f"{type(self.command).__name__}-{self.guard.__name__}"


by_ann, by_cy, by_head = some.asked(ANN), some.asked(CY), some.asked(HEAD)
late = some.asked(BOB, LATE)
propose = ask.Propose(post=POST, content=some.content())
revise = partial(ask.Revise, post=POST, seen=1, content=some.content("Other words."))
dispute = partial(ask.Dispute, post=POST, seen=1, finding=some.ALLOWABLE.key, reason="A river.")
allow = partial(ask.Allow, post=POST, seen=1, finding=some.ALLOWABLE.key, reason="A river.")
decline = partial(ask.Decline, post=POST, seen=1, reason="Ask the family first.")
approve = partial(ask.Approve, post=POST, seen=1)
changes = partial(ask.RequestChanges, post=POST, seen=1, reason="Why not?")
reject = partial(ask.Reject, post=POST, seen=1, reason="Not like this.")
lift = partial(ask.LiftVeto, post=POST, seen=1, of=BOB, reason="It is mended.")
ask_head = partial(ask.AskHead, post=POST, seen=1, words="May we?")
stop = partial(ask.Stop, post=POST, reason="Wrong day.")
mark = partial(ask.MarkPosted, post=POST, seen=1, account=PAGE)
cannot = partial(
    ask.SayNotPosted, post=POST, seen=1, account=PAGE, unsure=False, reason="Locked out."
)


def _writing() -> Iterator[Case]:
    empty = some.content(" ")
    elsewhere = some.content("Other words.", accounts=(PAGE, FEED))
    bob_there = (*some.GRANTS, some.grant(BOB, FEED))
    ann_not_there = some.facts(
        accounts={PAGE: some.account(), FEED: some.account(FEED)},
        rights=some.rights(grants=bob_there, accounts=(PAGE, FEED)),
    )
    others = some.facts(rights=some.rights(grants=[some.grant(BOB), some.grant(CY)]))
    poster = some.facts(
        rights=some.rights(grants=[some.grant(ANN), some.grant(CY, role=AccountRole.POSTER)])
    )
    elm = some.facts(school=ELM, accounts={PAGE: some.account(school=ELM)})
    new = partial(Case, post=None, by=by_ann)
    yield new(guard.sound_content, Refusal.EMPTY_TEXT, ask.Propose(post=POST, content=empty))
    yield new(guard.may_propose, Refusal.NOT_A_PROPOSER, propose, facts=others)
    yield new(guard.has_accepted, Refusal.MUST_ACCEPT, propose, facts=UNACCEPTED)
    yield new(guard.somebody_can_say_yes, Refusal.NO_SECOND_PERSON, propose, facts=ANN_ALONE)
    mine = partial(Case, by=by_ann)
    yield mine(guard.seen_version, Refusal.STALE_VERSION, revise(seen=2))
    yield Case(guard.an_author_or_approver, Refusal.NOT_AN_AUTHOR, revise(), by=by_cy, facts=poster)
    yield mine(
        guard.may_propose_there,
        Refusal.NOT_A_PROPOSER,
        revise(content=elsewhere),
        facts=ann_not_there,
    )
    yield mine(guard.has_accepted, Refusal.MUST_ACCEPT, revise(), facts=UNACCEPTED)
    yield mine(guard.changed, Refusal.SAME_WORDS, revise(content=some.content()))
    yield mine(guard.sound_content, Refusal.EMPTY_TEXT, revise(content=empty))
    yield mine(guard.same_school, Refusal.SCHOOLS_MIXED, revise(), facts=elm)
    yield mine(guard.somebody_can_say_yes, Refusal.NO_SECOND_PERSON, revise(), facts=ANN_ALONE)


def _blocks() -> Iterator[Case]:
    mine = partial(Case, post=BLOCKED, by=by_ann)
    yield mine(guard.seen_version, Refusal.STALE_VERSION, dispute(seen=0))
    yield mine(guard.an_author, Refusal.NOT_AN_AUTHOR, dispute(), by=by_head)
    yield mine(guard.an_allowable_block, Refusal.NOT_ALLOWABLE, dispute(finding=some.BLOCK.key))
    yield mine(
        guard.not_disputed_before,
        Refusal.ALREADY_ASKED,
        dispute(),
        post=DISPUTED,
    )
    yield mine(guard.a_reason, Refusal.NO_REASON, dispute(reason=" "))
    heads = partial(Case, post=BLOCKED, by=by_head)
    yield heads(guard.seen_version, Refusal.STALE_VERSION, allow(seen=0))
    yield heads(guard.the_head, Refusal.NOT_THE_HEAD, allow(), by=some.asked(BOB))
    yield heads(guard.has_accepted, Refusal.MUST_ACCEPT, allow(), facts=UNACCEPTED)
    yield heads(
        guard.not_expired,
        Refusal.EXPIRED,
        allow(),
        post=replace(BLOCKED, expires_at=WEEK),
        by=some.asked(HEAD, LATE),
    )
    yield heads(guard.an_allowable_block, Refusal.NOT_ALLOWABLE, allow(finding=some.BLOCK.key))
    yield heads(guard.a_reason, Refusal.NO_REASON, allow(reason=" "))
    asked = partial(Case, post=DISPUTED, by=by_head)
    yield asked(guard.seen_version, Refusal.STALE_VERSION, decline(seen=0))
    yield asked(guard.the_head, Refusal.NOT_THE_HEAD, decline(), by=some.asked(BOB))
    yield asked(
        guard.not_expired,
        Refusal.EXPIRED,
        decline(),
        post=replace(DISPUTED, expires_at=WEEK),
        by=some.asked(HEAD, LATE),
    )
    yield heads(guard.asked_to_allow, Refusal.NO_SUCH_FINDING, decline())
    yield asked(guard.a_reason, Refusal.NO_REASON, decline(reason=" "))


def _answers() -> Iterator[Case]:
    for answer in (approve, changes, reject):
        yield Case(guard.seen_version, Refusal.STALE_VERSION, answer(seen=0))
        yield Case(guard.not_an_author, Refusal.OWN_POST, answer(), by=by_ann)
        yield Case(guard.an_approver, Refusal.NOT_AN_APPROVER, answer(), facts=NOBODY)
        yield Case(guard.not_expired, Refusal.EXPIRED, answer(), by=late)
    said_yes = some.post(approvals=(some.approval(BOB),))
    flagged = some.post(findings=(some.FLAG,))
    yield Case(guard.has_accepted, Refusal.MUST_ACCEPT, approve(), facts=UNACCEPTED)
    yield Case(guard.not_said_before, Refusal.ALREADY_SAID, approve(), post=said_yes)
    yield Case(guard.every_flag_confirmed, Refusal.UNCONFIRMED, approve(), post=flagged)
    yield Case(guard.a_reason, Refusal.NO_REASON, changes(reason=" "))
    yield Case(guard.a_reason, Refusal.NO_REASON, reject(reason=" "))
    vetoed = partial(Case, post=VETOED)
    yield vetoed(guard.seen_version, Refusal.STALE_VERSION, lift(seen=0))
    yield vetoed(guard.not_expired, Refusal.EXPIRED, lift(), by=late)
    yield vetoed(guard.a_standing_veto, Refusal.NOT_YOUR_VETO, lift(), by=by_cy)
    yield Case(guard.seen_version, Refusal.STALE_VERSION, ask_head(seen=0))
    yield Case(guard.an_author_or_approver, Refusal.NOT_AN_AUTHOR, ask_head(), facts=NOBODY)
    yield Case(guard.a_question, Refusal.NO_REASON, ask_head(words=" "))


def _ends() -> Iterator[Case]:
    yield Case(guard.an_author, Refusal.NOT_AN_AUTHOR, ask.Withdraw(post=POST))
    yield Case(guard.may_stop, Refusal.MAY_NOT_STOP, stop(), facts=NOBODY)
    yield Case(guard.a_reason, Refusal.NO_REASON, stop(reason=" "))
    for said in (mark, cannot):
        yield Case(guard.seen_version, Refusal.STALE_VERSION, said(seen=0), post=RELEASED)
        yield Case(guard.a_poster, Refusal.NOT_A_POSTER, said(), post=RELEASED, facts=NOBODY)
    yield Case(guard.a_web_address, Refusal.BAD_ADDRESS, mark(url="ftp://x.example"), post=RELEASED)
    yield Case(guard.not_posted_before, Refusal.ALREADY_SAID, mark(), post=PUBLISHED)
    yield Case(guard.a_reason, Refusal.NO_REASON, cannot(reason=" "), post=RELEASED)
    yield Case(
        guard.not_posted_before,
        Refusal.ALREADY_SAID,
        cannot(),
        post=replace(RELEASED, postings=(SAID,)),
    )


def _attending() -> Iterator[Case]:
    attend = ask.Attend(post=POST)
    yield Case(guard.not_an_author, Refusal.OWN_POST, attend, by=by_ann)
    yield Case(guard.an_approver, Refusal.NOT_AN_APPROVER, attend, facts=NOBODY)
    expired = replace(IN_REVIEW, expires_at=WEEK)
    yield Case(guard.not_expired, Refusal.EXPIRED, attend, post=expired, by=late)
    take = partial(Case, command=ask.TakePosting(post=POST), post=RELEASED)
    yield take(guard.posts_it, Refusal.NOT_A_POSTER, facts=NOBODY)
    yield take(guard.has_accepted, Refusal.MUST_ACCEPT, facts=UNACCEPTED)
    by_another = some.facts(in_hand=InHand(person=CY))
    yield take(guard.not_taken, Refusal.TAKEN, facts=by_another)


CASES = (*_writing(), *_blocks(), *_answers(), *_attending(), *_ends())


class AtRelease(NamedTuple):
    """``guard`` alone sends an approved post back with ``code``."""

    guard: Guard
    code: Refusal
    facts: Facts = some.facts()
    post: Post = some.post(State.APPROVED, approvals=(some.approval(BOB),))

    @property
    def name(self) -> str:
        return self.guard.__name__


CLOSED = some.account(closed_on=MonthOrDay(*date(2026, 11, 17).timetuple()[:3]))
AT_RELEASE = (
    AtRelease(
        judging.pictures_known,
        Refusal.UNKNOWN_PICTURE,
        some.facts(unknown_pictures=frozenset({PICTURE})),
    ),
    AtRelease(judging.no_block, Refusal.BLOCKED, some.facts(findings=(some.BLOCK,))),
    AtRelease(
        judging.every_flag_confirmed_by_all, Refusal.UNCONFIRMED, some.facts(findings=(some.FLAG,))
    ),
    AtRelease(judging.the_head_was_asked, Refusal.HEAD_NEEDED, some.facts(needs=Needs(head=True))),
    AtRelease(judging.rights_still_held, Refusal.RIGHT_LOST, NOBODY),
    AtRelease(
        judging.this_version,
        Refusal.STALE_VERSION,
        post=some.post(State.APPROVED, approvals=(some.approval(BOB, digest="of other words"),)),
    ),
    AtRelease(
        judging.no_veto,
        Refusal.VETO_STANDS,
        post=some.post(State.APPROVED, approvals=(some.approval(BOB),), vetoes=(some.veto(CY),)),
    ),
    AtRelease(judging.accounts_open, Refusal.CLOSED_ACCOUNT, some.facts(accounts={PAGE: CLOSED})),
)
