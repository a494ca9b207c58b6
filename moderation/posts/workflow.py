"""The whole life of a post on one screen: what is allowed when, and who guards it.

``ALLOWED`` says in which states a command may be asked, ``GUARDS`` what else must hold; what
follows is in ``outcomes`` (people) and ``timing`` (the clock).
:func:`decide` is pure and total: the same post, command, facts and envelope give the same events.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from moderation.kernel import Identity, Reason, Refused
from moderation.posts import commands as ask, events as happened, guards as guard, judging, outcomes
from moderation.posts.guards import Case, Guard
from moderation.posts.model import LIVE, Post, State
from moderation.posts.refusals import Refusal
from moderation.posts.timing import timed


if TYPE_CHECKING:
    from collections.abc import Iterator

    from moderation.kernel import Asked
    from moderation.posts.guards import Facts


IN_FRONT = frozenset({State.IN_REVIEW})
NOT_OUT = LIVE - {State.RELEASED}

ALLOWED: Mapping[type[ask.Command], frozenset[State]] = {
    ask.Propose: frozenset(),
    ask.Revise: NOT_OUT,
    ask.Judge: NOT_OUT,
    ask.Dispute: frozenset({State.DRAFT}),
    ask.Allow: frozenset({State.DRAFT}),
    ask.Decline: frozenset({State.DRAFT}),
    ask.Approve: IN_FRONT,
    ask.RequestChanges: IN_FRONT,
    ask.Reject: frozenset({State.IN_REVIEW, State.APPROVED}),
    ask.LiftVeto: NOT_OUT,
    ask.AskHead: LIVE,
    ask.Withdraw: NOT_OUT,
    ask.Stop: LIVE | {State.PUBLISHED},
    ask.MarkPosted: frozenset({State.RELEASED, State.PUBLISHED}),
    ask.SayNotPosted: frozenset({State.RELEASED}),
    ask.Attend: IN_FRONT,
    ask.LookAway: IN_FRONT,
    ask.TakePosting: frozenset({State.RELEASED}),
    ask.Release: frozenset({State.APPROVED}),
    ask.Recheck: frozenset({State.IN_REVIEW, State.RELEASED}),
    ask.Remind: IN_FRONT,
    ask.AskHeadInTime: IN_FRONT,
    ask.Expire: NOT_OUT - {State.APPROVED},
    ask.RemindPosters: frozenset({State.RELEASED}),
    ask.AskWhetherPosted: frozenset({State.RELEASED}),
}

GUARDS: Mapping[type[ask.Command], tuple[Guard, ...]] = {
    ask.Propose: (
        guard.sound_content,
        guard.may_propose,
        guard.has_accepted,
        guard.somebody_can_say_yes,
    ),
    ask.Revise: (
        guard.seen_version,
        guard.an_author_or_approver,
        guard.has_accepted,
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
        guard.has_accepted,
        guard.not_expired,
        guard.an_allowable_block,
        guard.a_reason,
    ),
    ask.Decline: (
        guard.seen_version,
        guard.the_head,
        guard.not_expired,
        guard.asked_to_allow,
        guard.a_reason,
    ),
    ask.Approve: (
        guard.seen_version,
        guard.not_an_author,
        guard.an_approver,
        guard.has_accepted,
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
    ask.Attend: (guard.not_an_author, guard.an_approver, guard.not_expired),
    ask.TakePosting: (guard.posts_it, guard.has_accepted, guard.not_taken),
}
"""A guard missing here is a hole in the rule: the bounded model removes each and must notice."""

JUDGING: tuple[Guard, ...] = (
    judging.pictures_known,
    judging.no_block,
    judging.every_flag_confirmed_by_all,
    judging.the_head_was_asked,
    judging.rights_still_held,
    judging.this_version,
    judging.no_veto,
    judging.accounts_open,
    judging.not_held,
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
        if isinstance(asked.by, Identity):
            # No button carries these, and a forged one finds no post.
            return Refused((Reason(Refusal.UNKNOWN_POST),))
        if post is None or post.state not in rules.allowed[type(command)]:
            return ()
        return timed(case, command, rules.judging)
    reasons = tuple(_standing(case, rules)) or tuple(
        reason for check in rules.guards[type(command)] for reason in check(case)
    )
    return Refused(reasons) if reasons else tuple(outcomes.asked(case, command))


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
