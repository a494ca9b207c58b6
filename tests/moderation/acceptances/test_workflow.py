"""Only the edition that is asked for is accepted, by a person, once."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from moderation.acceptances import present
from moderation.acceptances.commands import AcceptedElsewhere, AcceptPolicy
from moderation.acceptances.events import PolicyAccepted
from moderation.acceptances.refusals import Refusal
from moderation.acceptances.workflow import Facts, decide, evolve
from moderation.kernel import Asked, Identity, Operator, PersonId, Platform, Refused, SchoolId
from moderation.policies.settings import NotAllowed, PackSettings, adjusted
from tests.proves import proves


NOON = datetime(2026, 11, 18, 12, tzinfo=UTC)
ASKED = Asked(by=Identity(Platform.SLACK, "U1"), key="key", at=NOON, person=PersonId("reed"))
COMMAND = AcceptPolicy(school=SchoolId("oak"), version="2026-09")
WAITS = Facts(known=True, policy="step", version="2026-09")


def test_what_was_accepted_is_kept_with_who_when_and_where() -> None:
    outcome = decide(COMMAND, WAITS, ASKED)
    assert not isinstance(outcome, Refused)
    [event] = outcome
    assert isinstance(event, PolicyAccepted)
    kept = evolve(event)
    assert (kept.person, kept.policy, kept.version) == ("reed", "step", "2026-09")
    assert (kept.at, kept.where) == (NOON, "slack")


@pytest.mark.parametrize(
    ("facts", "asked", "code"),
    [
        (WAITS, replace(ASKED, person=None), Refusal.UNKNOWN_PERSON),
        (WAITS, replace(ASKED, by=Operator()), Refusal.UNKNOWN_PERSON),
        (replace(WAITS, known=False), ASKED, Refusal.UNKNOWN_PERSON),
        (Facts(known=True), ASKED, Refusal.NOT_YOURS),
        (replace(WAITS, version="2027-01"), ASKED, Refusal.ANOTHER_VERSION),
        (replace(WAITS, accepted=True), ASKED, Refusal.ALREADY),
    ],
)
def test_nothing_else_is_accepted(facts: Facts, asked: Asked, code: Refusal) -> None:
    outcome = decide(COMMAND, facts, asked)
    assert isinstance(outcome, Refused)
    assert outcome.codes == {code}
    assert all(present.refusal(outcome.reasons))


ELSEWHERE = AcceptedElsewhere(
    school=SchoolId("oak"),
    person=PersonId("reed"),
    version="2026-09",
    accepted=NOON - timedelta(days=9),
    where="paper",
)
BY_HAND = replace(ASKED, by=Operator(), person=None)


@proves("AUR-ACK-2")
def test_what_was_accepted_elsewhere_is_kept_as_of_that_day_and_place() -> None:
    outcome = decide(ELSEWHERE, WAITS, BY_HAND)
    assert not isinstance(outcome, Refused)
    [event] = outcome
    kept = evolve(event)
    assert (kept.person, kept.policy, kept.version) == ("reed", "step", "2026-09")
    assert (kept.at, kept.where) == (NOON - timedelta(days=9), "paper")
    assert event.tag == "policy:accepted_elsewhere"


@pytest.mark.parametrize(
    ("command", "facts", "asked", "code"),
    [
        (ELSEWHERE, WAITS, ASKED, Refusal.UNKNOWN_PERSON),
        (ELSEWHERE, replace(WAITS, known=False), BY_HAND, Refusal.UNKNOWN_PERSON),
        (ELSEWHERE, Facts(known=True), BY_HAND, Refusal.NOT_YOURS),
        (
            replace(ELSEWHERE, accepted=NOON + timedelta(seconds=1)),
            WAITS,
            BY_HAND,
            Refusal.NOT_YET,
        ),
        (ELSEWHERE, replace(WAITS, accepted=True), BY_HAND, Refusal.ALREADY),
    ],
)
def test_nobody_but_the_operator_brings_one_and_none_twice_or_of_tomorrow(
    command: AcceptedElsewhere, facts: Facts, asked: Asked, code: Refusal
) -> None:
    outcome = decide(command, facts, asked)
    assert isinstance(outcome, Refused)
    assert outcome.codes == {code}
    assert all(present.refusal(outcome.reasons))


def test_a_school_may_ask_for_it_and_none_may_stop_asking() -> None:
    own = adjusted(PackSettings(), {"accept_policy": "2026-09"})
    assert isinstance(own, PackSettings)
    assert own.accept_policy == "2026-09"
    newer = adjusted(own, {"accept_policy": "2027-01"})
    assert isinstance(newer, PackSettings)
    assert isinstance(adjusted(own, {"accept_policy": ""}), tuple)


@pytest.mark.parametrize("bad", ["two words", "", 7, "x" * 41, "é", 'a"b', "-1"])
def test_an_edition_can_stand_in_a_button_and_in_a_file(bad: object) -> None:
    outcome = adjusted(PackSettings(), {"accept_policy": bad})
    if bad == "":
        assert isinstance(outcome, PackSettings)
    else:
        assert isinstance(outcome, tuple)
        assert all(isinstance(one, NotAllowed) for one in outcome)


@pytest.mark.parametrize(
    "bad", ["http://school.example/policy", "javascript:x", 'https://x"y', "x"]
)
def test_the_policy_stands_at_a_safe_address(bad: str) -> None:
    assert isinstance(adjusted(PackSettings(), {"policy_address": bad}), tuple)
    good = adjusted(PackSettings(), {"policy_address": "https://school.example/policy.pdf"})
    assert isinstance(good, PackSettings)
