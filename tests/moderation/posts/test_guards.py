"""Each guard refuses something that nothing else refuses; and none can be left out of the table."""

from __future__ import annotations

from types import FunctionType
from typing import get_args

import pytest

from moderation.kernel import Refused
from moderation.people.model import Role
from moderation.posts import commands as ask, events as happened, guards, judging
from moderation.posts.guards import Case as Judged
from moderation.posts.model import is_blank
from moderation.posts.refusals import Refusal
from moderation.posts.workflow import ALLOWED, GUARDS, JUDGING, RULES, Rules, decide
from tests import builders as some
from tests.builders import ANN, BOB, HEAD, POST
from tests.model.faults import unjudged, without
from tests.moderation.posts.guard_cases import AT_RELEASE, CASES, AtRelease, Case
from tests.proves import proves


COMMANDS = frozenset(get_args(ask.Command))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_guard_refuses_what_passes_without_it(case: Case) -> None:
    said = decide(case.post, case.command, case.facts, case.by)
    assert isinstance(said, Refused)
    assert said.codes == {case.code}
    rules = without(type(case.command), case.guard)
    assert not isinstance(decide(case.post, case.command, case.facts, case.by, rules), Refused)


@proves("STEP-MOD-1")
@pytest.mark.parametrize("case", AT_RELEASE, ids=lambda case: case.name)
def test_release_asks_again(case: AtRelease) -> None:
    command = ask.Release(post=POST)
    back, *_ = _events(decide(case.post, command, case.facts, some.timer()))
    assert isinstance(back, happened.SentBack)
    assert back.reasons == (case.code,)
    said = decide(case.post, command, case.facts, some.timer(), unjudged(case.guard))
    assert some.tags(_events(said)) == ("post:released",)


def test_every_guard_of_every_command_has_its_case() -> None:
    in_table = [(command, guard) for command, row in GUARDS.items() for guard in row]
    assert len(set(in_table)) == len(in_table)
    tried = [(type(case.command), case.guard) for case in CASES]
    assert sorted(map(str, tried)) == sorted(map(str, in_table))
    # A pause sends nothing back: what it holds up stands in test_pausing.
    sends_back = [guard for guard in JUDGING if guard is not judging.not_held]
    assert [case.guard for case in AT_RELEASE] == sends_back


def test_the_tables_know_every_command() -> None:
    timed = frozenset(get_args(ask.Timed))
    assert ALLOWED.keys() == COMMANDS
    assert COMMANDS - GUARDS.keys() <= timed
    assert not any(GUARDS.get(command) for command in timed)
    assert Rules(allowed=ALLOWED, guards=GUARDS, judging=JUDGING) == RULES


def test_every_guard_stands_in_a_table() -> None:
    used = {guard for row in GUARDS.values() for guard in row} | set(JUDGING)
    defined = {
        thing
        for room in (guards, judging)
        for name, thing in vars(room).items()
        if isinstance(thing, FunctionType)
        and thing.__module__ == room.__name__
        and not name.startswith("_")
    }
    assert used == defined


@pytest.mark.parametrize("code", [Refusal.UNKNOWN_PERSON, Refusal.UNKNOWN_POST])
def test_a_stranger_and_an_unknown_post_make_other_reasons_moot(code: Refusal) -> None:
    stranger = code is Refusal.UNKNOWN_PERSON
    for case in CASES:
        if isinstance(case.command, ask.Propose) and not stranger:
            continue
        post = case.post if stranger else None
        by = some.asked(None) if stranger else case.by
        said = decide(post, case.command, case.facts, by)
        assert isinstance(said, Refused)
        assert said.codes == {code}


def test_a_post_is_proposed_once() -> None:
    said = decide(
        some.post(), ask.Propose(post=POST, content=some.content()), some.facts(), some.asked()
    )
    assert isinstance(said, Refused)
    assert said.codes == {Refusal.ALREADY_PROPOSED}


def test_all_reasons_are_told_at_once() -> None:
    post = some.post(findings=(some.FLAG,), expires_at=some.NOON)
    nobody = some.facts(rights=some.rights(grants=()))
    said = decide(post, ask.Approve(post=POST, seen=0), nobody, some.asked(BOB))
    assert isinstance(said, Refused)
    assert said.codes == {
        Refusal.STALE_VERSION,
        Refusal.NOT_AN_APPROVER,
        Refusal.EXPIRED,
        Refusal.UNCONFIRMED,
    }


def test_a_command_of_people_without_a_person_is_a_fault() -> None:
    case = Judged(some.post(), ask.Withdraw(post=POST), some.facts(), some.timer())
    with pytest.raises(TypeError, match="Withdraw"):
        _ = case.person
    with pytest.raises(TypeError, match="Withdraw"):
        _ = Judged(None, case.command, case.facts, case.asked).stored


def _events(said: tuple[happened.Event, ...] | Refused) -> tuple[happened.Event, ...]:
    assert not isinstance(said, Refused)
    return said


@pytest.mark.parametrize("text", ["", "  \n", "\u200b\u200b\ufeff", "\u2060\u00ad"])
def test_what_nobody_can_see_says_nothing(text: str) -> None:
    assert is_blank(text)


@pytest.mark.parametrize("text", ["a", "é", "·", "🎉", "\u200bx"])
def test_anything_to_read_says_something(text: str) -> None:
    assert not is_blank(text)


@pytest.mark.parametrize(
    "command",
    [
        ask.Revise(post=POST, seen=1, content=some.content("Other words.")),
        ask.AskHead(post=POST, seen=1, words="May we?"),
        ask.Withdraw(post=POST),
    ],
    ids=lambda command: type(command).__name__,
)
def test_an_author_who_has_left_changes_nothing(command: ask.Command) -> None:
    others = [some.person(BOB), some.person(HEAD, Role.HEADTEACHER)]
    gone = some.facts(rights=some.rights(people=others))
    refused = decide(some.post(), command, gone, some.asked(ANN))
    assert isinstance(refused, Refused)
    assert Refusal.NOT_AN_AUTHOR in refused.codes
