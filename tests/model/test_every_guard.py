"""Each guard is taken out of the tables in turn, and the model notices, or it is said why not.

That a unit test notices every single one is shown in ``tests/moderation/posts/test_guards.py``.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from moderation.posts import commands as ask, guards as guard, judging
from moderation.posts.workflow import GUARDS, JUDGING
from tests.builders import ANN, BOB, HEAD
from tests.model.faults import unjudged, without
from tests.model.search import Machine, search
from tests.model.world import Access, Bounds, Checks, Text
from tests.proves import proves


if TYPE_CHECKING:
    from moderation.posts.guards import Guard


CLICKS = Bounds(name="clicks", access=(Access.ALL, Access.BOB_REVOKED, Access.BOB_LEFT), clock=True)
LEAVE = Bounds(
    name="leave for a block",
    texts=(Text.BLOCKED, Text.PICTURED),
    checks=(Checks.USUAL, Checks.CONSENT_GONE),
    clock=True,
)
REVOKED = Bounds(name="no right", access=(Access.BOB_REVOKED,), proposers=(BOB,))
TWO = Bounds(name="a school of two", people=(ANN, HEAD), editors=(ANN, HEAD), vetoers=(HEAD,))
FOR_TWO_MORE = Bounds(name="nobody left", people=(ANN, HEAD), vetoers=(HEAD,), seconds=2)
PICTURE = Bounds(
    name="a picture",
    texts=(Text.PICTURED,),
    checks=(Checks.USUAL, Checks.CONSENT_GONE, Checks.LOOKING, Checks.NEW_FLAG),
)

GRAVE = Bounds(name="for the head", texts=(Text.PLAIN,), checks=(Checks.USUAL, Checks.FOR_HEAD))
PAUSED = Bounds(name="all posts paused", texts=(Text.PLAIN,), holds=(False, True))


def all_but(command: type[ask.Command], *left_out: Guard) -> tuple[Guard, ...]:
    return tuple(check for check in GUARDS[command] if check not in left_out)


NOTICED: dict[type[ask.Command], dict[Guard, Bounds]] = {
    ask.Propose: {guard.may_propose: REVOKED, guard.somebody_can_say_yes: FOR_TWO_MORE},
    ask.Revise: {
        guard.seen_version: CLICKS,
        guard.an_author_or_approver: CLICKS,
        guard.changed: CLICKS,
        guard.somebody_can_say_yes: TWO,
    },
    ask.Dispute: {
        guard.seen_version: LEAVE,
        guard.an_author: LEAVE,
        guard.not_disputed_before: LEAVE,
    },
    ask.Decline: dict.fromkeys(GUARDS[ask.Decline][:-1], LEAVE),
    ask.Allow: dict.fromkeys(all_but(ask.Allow, guard.has_accepted, guard.a_reason), LEAVE),
    ask.Approve: dict.fromkeys(all_but(ask.Approve, guard.has_accepted), CLICKS),
    ask.RequestChanges: dict.fromkeys(GUARDS[ask.RequestChanges][:-1], CLICKS),
    ask.Reject: dict.fromkeys(GUARDS[ask.Reject][:-1], CLICKS),
    ask.LiftVeto: dict.fromkeys(GUARDS[ask.LiftVeto], CLICKS),
    ask.Withdraw: {guard.an_author: CLICKS},
    ask.Stop: {guard.may_stop: CLICKS},
}
AT_RELEASE: dict[Guard, Bounds] = {
    judging.pictures_known: PICTURE,
    judging.no_block: PICTURE,
    judging.every_flag_confirmed_by_all: PICTURE,
    judging.the_head_was_asked: GRAVE,
    judging.rights_still_held: CLICKS,
    judging.not_held: PAUSED,
}

WORDS = "the model's people always give a reason, a sound text and a good address"
ONE_PAGE = "the model has one page of one school"
QUESTION = "a question to the head changes nothing of a post"
AFTERWARDS = "what became of a post is said once the rule has done its work"
NO_LOCK = "whoever looks at a post changes nothing of it"
ACCEPTED = "who may say yes is the rule's; whether they have accepted the policy is the school's"
SECOND_LINE = "nothing can get that far: the clicks see to it; kept as a second line"
ONLY_A_UNIT_TEST: dict[type[ask.Command], dict[Guard, str]] = {
    ask.Propose: {guard.sound_content: WORDS, guard.has_accepted: ACCEPTED},
    ask.Approve: {guard.has_accepted: ACCEPTED},
    ask.Revise: {
        guard.may_propose_there: ONE_PAGE,
        guard.has_accepted: ACCEPTED,
        guard.same_school: ONE_PAGE,
        guard.sound_content: WORDS,
    },
    ask.Dispute: {
        guard.an_allowable_block: "an author who asks in vain changes nothing",
        guard.a_reason: WORDS,
    },
    ask.Allow: {guard.a_reason: WORDS, guard.has_accepted: ACCEPTED},
    ask.Decline: {guard.a_reason: WORDS},
    ask.RequestChanges: {guard.a_reason: WORDS},
    ask.Reject: {guard.a_reason: WORDS},
    ask.AskHead: dict.fromkeys(GUARDS[ask.AskHead], QUESTION),
    ask.Stop: {guard.a_reason: WORDS},
    ask.MarkPosted: dict.fromkeys(GUARDS[ask.MarkPosted], AFTERWARDS),
    ask.SayNotPosted: dict.fromkeys(GUARDS[ask.SayNotPosted], AFTERWARDS),
    ask.Attend: dict.fromkeys(GUARDS[ask.Attend], NO_LOCK),
    ask.TakePosting: dict.fromkeys(GUARDS[ask.TakePosting], AFTERWARDS),
}
ONLY_AT_RELEASE: dict[Guard, str] = {
    judging.this_version: SECOND_LINE,
    judging.no_veto: SECOND_LINE,
    judging.accounts_open: ONE_PAGE,
}
PAIRS = [(command, check) for command, row in NOTICED.items() for check in row]


@proves("STEP-MOD-1")
@pytest.mark.parametrize(
    ("command", "check"), PAIRS, ids=[f"{row.__name__}-{check.__name__}" for row, check in PAIRS]
)
def test_the_model_notices_a_missing_guard(command: type[ask.Command], check: Guard) -> None:
    """By itself: release doesn't judge again, which would make some of them harmless."""
    rules = replace(without(command, check), judging=())
    found = search(NOTICED[command][check], Machine(rules=rules, at_release=False))
    assert found.broken, "nothing was noticed"


@pytest.mark.parametrize("check", AT_RELEASE, ids=lambda check: check.__name__)
def test_the_model_notices_what_release_no_longer_asks(check: Guard) -> None:
    found = search(AT_RELEASE[check], Machine(rules=unjudged(check)))
    assert found.broken, "nothing was noticed"


def test_every_guard_is_noticed_or_it_is_said_why_not() -> None:
    for command, row in GUARDS.items():
        by_model, by_test = NOTICED.get(command, {}), ONLY_A_UNIT_TEST.get(command, {})
        assert not by_model.keys() & by_test.keys()
        assert by_model.keys() | by_test.keys() == set(row)
    assert not AT_RELEASE.keys() & ONLY_AT_RELEASE.keys()
    assert AT_RELEASE.keys() | ONLY_AT_RELEASE.keys() == set(JUDGING)
